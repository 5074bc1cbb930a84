"""The story that the service exists for: people register, a vacancy comes, and each is told of it once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from conversations.domain.region import load_region
from storage import stats, tickets
from storage.models import consents, outbox
from storage.work import Work
from tests.e2e.installation import Installation, Serving, Terminal, free_port
from tests.e2e.people import (
    LATER,
    PATIENCE,
    Visitor,
    approve_templates,
    chosen,
    first_pass,
    telegram_settings,
    told,
    until,
    vacancy_row,
    whatsapp_hook,
    whatsapp_settings,
    write_csv,
)
from tests.fakes.bot_api import BotApi
from tests.fakes.graph_api import GraphApi
from tests.fakes.people import Person
from tests.fakes.whatsapp_people import WhatsAppPerson
from tests.support.registered import everybody

FINISHED = "Pendaftaran selesai"


@dataclass
class Cast:
    """One service, and one registered person at each of its doors."""

    installation: Installation
    serving: Serving
    by_poll: Person
    by_whatsapp: WhatsAppPerson
    by_web: Visitor
    by_terminal: Terminal
    folder: Path

    async def comes(self, id: str, title: str, **given: str) -> dict[str, Any]:
        """Import one vacancy more; returns the report."""
        file = write_csv(self.folder / f"{id}.csv", [vacancy_row(id, title, **given)])
        report: dict[str, Any] = await self.installation.json("import", "vacancies", str(file))
        return report

    @contextmanager
    def kept(self) -> Iterator[Work]:
        """What is in the database now."""
        database = self.installation.database()
        with database.read() as work:
            yield work
        database.close()

    def alerts(self, title: str) -> list[str]:
        """On which channels a message about this vacancy was written, unasked."""
        asked = sa.select(outbox.c.channel, outbox.c.body).where(outbox.c.kind == "alert")
        with self.kept() as work:
            return [row.channel for row in work.connection.execute(asked) if title in row.body["text"]]


async def registers_on_telegram(person: Person, name: str) -> None:
    person.starts()
    assert "Setara Kerja" in (await person.hears(PATIENCE)).text
    for word in first_pass(name):
        heard = await told(person, word)
    assert f"{FINISHED}, {name}." in heard
    for word in LATER:
        await told(person, word)


async def registers_on_whatsapp(person: WhatsAppPerson, name: str) -> None:
    """By taps where there is something to tap."""
    person.says("halo")
    assert "Setara Kerja" in (await person.hears(PATIENCE)).text
    for tap in ("Mendaftar", "Saya sendiri", "Ya, setuju"):
        person.taps(tap)
        await person.hears(PATIENCE)
    for word in (name, "1998"):
        await told(person, word)
    for tap in (
        "Kotapinang",
        "Akses kursi roda",
        "Selesai memilih",
        "SMP (menengah pertama)",
        "Menjahit",
        "Selesai memilih",
        "Simpan",
    ):
        person.taps(tap)
        heard = await person.hears(PATIENCE)
    assert f"{FINISHED}, {name}." in heard.text
    for word in LATER:
        await told(person, word)


async def registers_on_the_page(visitor: Visitor, name: str) -> None:
    """By the page's own buttons where there are some."""
    assert await visitor.open(), "somebody who has said nothing yet is greeted"
    await visitor.presses("register")
    await visitor.presses("self")
    await visitor.presses("yes")
    for word in (name, "1991", "kota pinang", "kursi roda"):
        await visitor.says(word)
    await visitor.presses("smp")
    await visitor.says("menjahit")
    assert f"{FINISHED}, {name}." in await visitor.presses("save")
    for word in LATER:
        await visitor.says(word)


async def registers_in_the_terminal(terminal: Terminal, name: str) -> None:
    for word in first_pass(name)[:-1]:
        await terminal.says(word)
    assert f"{FINISHED}, {name}." in await terminal.sends({"choice": chosen("save", terminal.choices)})
    for word in LATER:
        await terminal.says(word)


@asynccontextmanager
async def cast(installation: Installation, api: BotApi, graph_api: GraphApi) -> AsyncIterator[Cast]:
    approve_templates(graph_api)
    async with AsyncExitStack() as stack:
        settings = telegram_settings(api) | whatsapp_settings(graph_api, free_port())
        serving = await stack.enter_async_context(installation.serving(**settings))
        await graph_api.set_webhook(whatsapp_hook(serving.port))
        visitor = await stack.enter_async_context(Visitor(serving.url))
        terminal = await stack.enter_async_context(installation.chat("cici"))
        person, on_whatsapp = api.person(1001, "Budi"), graph_api.person("6281200000001", "Eko")
        async with asyncio.TaskGroup() as together:
            together.create_task(registers_on_telegram(person, "Budi Contoh"))
            together.create_task(registers_on_whatsapp(on_whatsapp, "Eko Contoh"))
            together.create_task(registers_on_the_page(visitor, "Wati Contoh"))
            together.create_task(registers_in_the_terminal(terminal, "Cici Contoh"))
        yield Cast(installation, serving, person, on_whatsapp, visitor, terminal, installation.folder.parent)


async def test_each_is_told_once_and_can_stop_see_pause_and_erase(on_both: list[Installation]) -> None:
    async with asyncio.TaskGroup() as together:
        for installation in on_both:
            together.create_task(the_story(installation))


async def the_story(installation: Installation) -> None:
    async with BotApi() as api, GraphApi() as graph_api, cast(installation, api, graph_api) as all_of:
        await everyone_is_told_of_a_vacancy_once(all_of)
        await who_said_stop_is_told_when_they_want_to_again(all_of)
        await a_person_is_asked_for(all_of)
        await what_is_kept_is_seen_and_erased(all_of)
        await until(lambda: not graph_api.updates.pending)
    assert (api.refused, graph_api.refused, graph_api.failed) == ([], [], [])


async def everyone_is_told_of_a_vacancy_once(all_of: Cast) -> None:
    person, visitor, terminal = all_of.by_poll, all_of.by_web, all_of.by_terminal
    await visitor.open()
    async with visitor.news() as news:
        report = await all_of.comes("S1", "Penjahit Seragam")
        assert (report["added"], report["refused"]) == (1, 0)
        for one in (person, all_of.by_whatsapp):
            assert "Penjahit Seragam, Kotapinang" in (await one.hears(PATIENCE)).text
        assert "Penjahit Seragam, Kotapinang" in await news.next()
    assert (await visitor.open()).count("Penjahit Seragam, Kotapinang") == 1
    await terminal.says("terima kasih")
    alert, *answer = [message["text"] for message in terminal.heard]
    assert "Penjahit Seragam, Kotapinang" in alert, "what waits comes before the answer"
    assert answer
    # The same file once more. Messages are heard in order, so one too many would be heard below.
    report, counted = await asyncio.gather(all_of.comes("S1", "Penjahit Seragam"), all_of.installation.json("stats"))
    assert (report["added"], report["updated"], report["unchanged"]) == (0, 0, 1)
    expected = {"contacts": 4, "seekers": 4, "vacancies_open": 1, "alerts_told": 4, "outbox_failed": 0}
    assert expected.items() <= counted.items()
    assert sorted(all_of.alerts("Penjahit Seragam")) == ["telegram", "terminal", "web", "whatsapp"]
    # The alert's button stands for ever.
    for one in (person, all_of.by_whatsapp):
        one.taps("Penjahit Seragam")
        assert "Usaha Contoh" in (await one.hears(PATIENCE)).text


async def who_said_stop_is_told_when_they_want_to_again(all_of: Cast) -> None:
    person, visitor, terminal = all_of.by_poll, all_of.by_web, all_of.by_terminal
    await told(person, "STOP")
    await terminal.says("Stop.")
    all_of.by_whatsapp.stops_marketing()  # said to the platform, it is said to us
    await visitor.says("data saya")
    await visitor.says("LAINNYA")
    await visitor.presses("pause")
    await all_of.comes("S2", "Penjahit Gorden")
    # The terminal has everybody told who is to be told before it answers.
    assert "Penjahit Gorden" not in await terminal.says("terima kasih")
    assert all_of.alerts("Penjahit Gorden") == []
    await told(person, "kabari kalau ada loker baru")
    await told(all_of.by_whatsapp, "KABARI")
    await terminal.says("kabari klo ada loker baru")
    # It is still open, so now they are told of it; of the first one nobody is told again.
    pushed = [(await one.hears(PATIENCE)).text for one in (person, all_of.by_whatsapp)]
    for text in (await terminal.says("terima kasih"), *pushed):
        assert text.count("Penjahit Gorden") == 1
        assert "Penjahit Seragam" not in text
    told_of = sorted(all_of.alerts("Penjahit Gorden"))
    assert told_of == ["telegram", "terminal", "whatsapp"], "who paused was not even looked at"
    await visitor.says("data saya")
    await visitor.says("LAINNYA")
    await visitor.presses("resume")


async def a_person_is_asked_for(all_of: Cast) -> None:
    office = load_region("12.22").office_for("work")
    assert office is not None
    said = await told(all_of.by_poll, "mau ngomong sama orang aja")
    await all_of.by_web.open()
    for answer in (said, await all_of.by_web.says("PETUGAS")):
        for fact in (office.name, office.address, office.hours, office.contact):
            assert fact in answer
    with all_of.kept() as work:
        wanted = [(ticket.topic, ticket.text) for ticket in tickets.list_open(work)]
    assert wanted == [("human", "mau ngomong sama orang aja"), ("human", "")]


async def what_is_kept_is_seen_and_erased(all_of: Cast) -> None:
    person = all_of.by_poll
    seen = await told(person, "data apa yang disimpan tentang saya")
    while not all(kept in seen for kept in ("Budi Contoh", "1998", "Kotapinang", "kursi roda", "SMA", "menjahit")):
        seen += await told(person, "LAINNYA")
    await told(person, "hapus data saya")
    await told(person, "ya")
    with all_of.kept() as work:
        paused = {seeker.name: seeker.paused for seeker in everybody(work)}
        agreed = work.connection.scalar(sa.select(sa.func.count()).select_from(consents))
        said = [body["text"] for body in work.connection.scalars(sa.select(outbox.c.body))]
        counted = stats.collect(work, datetime.now(ZoneInfo("Asia/Jakarta")))
    assert paused == {"Wati Contoh": False, "Cici Contoh": False, "Eko Contoh": False}
    assert agreed == 3
    assert not any("Budi" in text for text in said), "what was said about a person goes with them"
    assert (counted.contacts, counted.seekers, counted.vacancies_open, counted.alerts_told) == (4, 3, 2, 3 + 2)


async def test_half_by_polling_and_after_a_restart_the_rest_by_webhook(fresh: Installation, api: BotApi) -> None:
    """A half-filled form goes on at the same question, and what was said while nobody served is answered."""
    person = api.person(1003, "Eka")
    words = first_pass("Eka Contoh")
    async with fresh.serving(**telegram_settings(api)):
        for word in words[:5]:
            asked = await told(person, word)
    person.says("halo")
    async with fresh.serving(**telegram_settings(api, free_port())):
        assert asked.splitlines()[0] in (await person.hears(PATIENCE)).text
        for word in words[5:]:
            heard = await told(person, word)
        assert f"{FINISHED}, Eka Contoh." in heard
        for word in LATER:
            await told(person, word)
        file = write_csv(fresh.folder / "file.csv", [vacancy_row("S1", "Penjahit Seragam")])
        await fresh.json("import", "vacancies", str(file))
        assert "Penjahit Seragam" in (await person.hears(PATIENCE)).text
    assert {call.via for call in api.sent(person.id)} == {"call", "webhook"}, "answered in the webhook's own response"
    assert api.updates.webhook is not None
    assert api.updates.webhook.secret
    assert (api.updates.dropped, api.updates.pending, api.refused) == (0, {}, [])
