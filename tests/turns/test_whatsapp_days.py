"""Days on WhatsApp: within a day of the person's last message anything is answered, later only by template."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.whatsapp.templates import Templates
from storage import stats
from storage.models import consents, contact_seekers, contacts, matches, outbox
from storage.work import Work
from tests.channels.doors import at_once, until
from tests.channels.doors_days import Days, days
from tests.channels.doors_platforms import WhatsApp
from tests.e2e.people import LATER, TEMPLATES, first_pass
from tests.fakes.whatsapp_people import Heard
from tests.support.figures import Figure
from tests.support.offers import vacancy

SEWING = vacancy(1, "Penjahit Seragam", fields=("menjahit",), education=None)
CURTAINS = vacancy(2, "Penjahit Gorden", fields=("menjahit",), education=None)


@pytest.fixture
def folder(tmp_path: Path, _sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    at_once(monkeypatch)
    shutil.copy(_sqlite_template, tmp_path / "setara.db")
    return tmp_path


@pytest.fixture
async def tini(folder: Path, key: str) -> AsyncIterator[Days]:
    async with days(folder, key) as tini:
        yield tini


@pytest.fixture
async def without_templates(folder: Path, key: str) -> AsyncIterator[Days]:
    async with days(folder, key, WhatsApp(has_templates=False)) as tini:
        yield tini


async def registers(tini: Days) -> None:
    for word in (*first_pass("Tini Contoh"), *LATER):
        await tini.says(word)


async def asked(tini: Days, *columns: Any, kind: str | None = None) -> Sequence[tuple[Any, ...]]:
    """These columns of the messages of this kind, or of other tables."""
    what = sa.select(*columns)
    if kind is not None:
        what = what.where(outbox.c.kind == kind).order_by(outbox.c.id)
    return await tini.house.reads(lambda work: [tuple(row) for row in work.connection.execute(what)])


async def counted(tini: Days) -> dict[str, int]:
    """What this month's messages counted as."""

    def count(work: Work) -> stats.Stats:
        return stats.collect(work, tini.now())

    return (await tini.house.reads(count)).messages["2026-11"]


async def test_registered_within_a_day_and_told_three_days_later(tini: Days) -> None:
    words = first_pass("Tini Contoh")
    for word in words[:5]:
        question = await tini.says(word)
    await tini.passes(hours=23, minutes=30)
    # The same question waits; and what is said now begins another day of free answers.
    assert question[-1].text.splitlines()[0] in (await tini.says("halo"))[-1].text
    for word in words[5:]:
        heard = await tini.says(word)
    assert "Pendaftaran selesai, Tini Contoh." in heard[0].text
    for word in LATER:
        await tini.says(word)
    assert await asked(tini, consents.c.purpose, consents.c.channel, consents.c.withdrawn_at) == [
        ("matching", "whatsapp", None)
    ]
    free = len(tini.person.messages)
    assert {message.type for message in tini.api.sent()} == {"text", "interactive"}

    await tini.passes(days=3)
    [alert] = await tini.comes(SEWING)
    template = Templates.load(TEMPLATES).find("alert", "id")
    assert template is not None
    assert (alert.kind, alert.raw["template"]["name"]) == ("template", template.name)
    assert "Penjahit Seragam, Kotapinang, Rp2.600.000 sampai Rp2.900.000 per bulan: balas LOKER 1" in alert.text
    assert alert.text.endswith("Untuk berhenti, balas STOP.")
    assert "Tini" not in alert.text
    assert await asked(tini, outbox.c.state, outbox.c.receipt, outbox.c.category, kind="alert") == [
        ("sent", "delivered", "utility")
    ]
    tini.person.reads()
    await tini.heard()
    assert await asked(tini, outbox.c.receipt, kind="alert") == [("read",)]
    assert await counted(tini) == {"whatsapp service, free": free, "whatsapp utility, billable": 1}

    [shown] = await tini.says("loker 1")
    assert shown.kind != "template"
    assert "Usaha Contoh" in shown.text
    await tini.passes(minutes=1)
    [again] = await tini.comes(CURTAINS)
    assert (again.kind, [title for title, *_ in again.buttons]) == ("button", ["Penjahit Gorden"])
    assert (tini.api.refused, tini.api.failed) == ([], [])


async def test_without_a_template_it_waits_for_the_next_message(without_templates: Days) -> None:
    tini = without_templates
    await registers(tini)
    await tini.passes(days=3)
    assert await tini.comes(SEWING) == []
    assert await asked(tini, matches.c.told_at) == [(None,)]
    assert await asked(tini, outbox.c.id, kind="alert") == [], "nothing was even tried"
    heard = await tini.says("halo")
    heard += await tini.comes()
    assert [message.kind == "template" for message in heard] == [False] * len(heard)
    assert "Penjahit Seragam, Kotapinang" in heard[-1].text
    assert await asked(tini, outbox.c.receipt, outbox.c.category, kind="alert") == [("delivered", "service")]
    assert await tini.comes(SEWING) == [], "once"


@pytest.mark.parametrize("refuses_late", [True, False], ids=["by a report", "at once"])
async def test_the_platforms_clock_counts(tini: Days, refuses_late: bool) -> None:
    """By ours the window is open for a minute yet, by theirs it has closed: the template goes in its place."""
    await registers(tini)
    tini.api.refuses_late = refuses_late
    tini.behind = 120.0
    await tini.passes(hours=24, minutes=1)
    await tini.house.comes(SEWING)
    await until(lambda: tini.person.messages[-1].kind == "template")
    [alert] = await tini.heard()
    assert "Penjahit Seragam" in alert.text
    told = [message.error.code for message in tini.api.failed if message.error] + [code for code, _ in tini.api.refused]
    assert told == [131047]
    tini.api.refused.clear()
    assert await asked(tini, outbox.c.state, outbox.c.receipt, outbox.c.category, kind="alert") == [
        ("sent", "delivered", "utility")
    ]
    assert (await counted(tini))["whatsapp utility, billable"] == 1


async def test_a_failure_that_is_told_before_it_is_known_that_it_was_accepted(tini: Days) -> None:
    """The report is quicker than the answer to the call it is about: it comes again, and is not lost."""
    await registers(tini)
    tini.person.on_whatsapp = False
    await tini.passes(days=3)
    tini.api.delays(0.2)
    await tini.comes(SEWING)
    assert 500 in tini.api.updates.answers
    assert await asked(tini, outbox.c.state, kind="alert") == [("failed",)]


async def test_who_has_left_whatsapp_is_not_written_to_any_more(tini: Days) -> None:
    await registers(tini)
    tini.person.on_whatsapp = False
    await tini.passes(days=3)
    assert await tini.comes(SEWING) == []
    assert await asked(tini, outbox.c.state, kind="alert") == [("failed",)]
    [(why,)] = await asked(tini, contacts.c.blocked_why)
    assert why.startswith("131026")
    tini.person.on_whatsapp = True
    assert await tini.says("halo"), "who writes can be reached"
    assert await asked(tini, contacts.c.blocked_why) == [(None,)]


async def test_stopped_at_the_platform_is_stopped_here(tini: Days) -> None:
    await registers(tini)
    tini.person.stops_marketing()
    assert await tini.heard() == [], "nobody is answered who has said nothing to us"
    await tini.passes(days=3)
    assert await tini.comes(SEWING) == []
    assert await asked(tini, outbox.c.id, kind="alert") == []


async def test_a_night_passes_before_somebody_is_told(tini: Days) -> None:
    await registers(tini)
    await tini.passes(hours=13)  # ten in the evening
    assert await tini.comes(SEWING) == []
    await tini.passes(hours=9, minutes=1)
    [alert] = await tini.comes()
    assert alert.kind == "button", "still within a day"


async def test_erased_after_days_nothing_is_kept(tini: Days) -> None:
    await registers(tini)
    await tini.passes(days=3)
    await tini.comes(SEWING)
    await tini.says("hapus data saya")
    await tini.says("ya")
    assert await asked(tini, contact_seekers.c.seeker_id) == []
    assert await asked(tini, outbox.c.id, kind="alert") == []
    # The report of a message that is not kept any more does no harm.
    tini.person.reads()
    assert await tini.heard() == []


# What a registration costs


def size(heard: Sequence[Heard]) -> int:
    return sum(len(message.text) for message in heard)


SHORTEST = ("daftar", "saya sendiri", "ya", "Tini", "1998", "kotapinang", "LEWATI", "LEWATI", "LEWATI", "simpan")
"""Whoever knows the words already, and leaves out what may be left out."""

AVERAGE = (
    "halo", "[Mendaftar]", "[Saya sendiri]", "[Ya, setuju]", "Tini Contoh", "1998", "[Kotapinang]",
    "[Akses kursi roda]", "[Selesai memilih]", "[SMA (menengah atas)]", "[Lihat lainnya]", "menjahit", "[Simpan]",
    "[Ragam disabilitas]", "[Gerak atau fisik]", "[Selesai memilih]", "telepon", "nomor ini",
)  # fmt: skip
"""A greeting, taps, a look at more options, and two portions of the profile, each with what it is for."""


@pytest.mark.parametrize(
    ("words", "messages", "characters"),
    [pytest.param(SHORTEST, 10, 2_003, id="shortest"), pytest.param(AVERAGE, 18, 4_167, id="average")],
)
async def test_messages_of_a_registration(
    tini: Days, words: Sequence[str], messages: int, characters: int, figure: Figure
) -> None:
    """Each costs the person data; one more is one too many, unless it is worth it."""
    heard = []
    for word in words:
        heard += await (tini.taps(word[1:-1]) if word.startswith("[") else tini.says(word))
    assert any("Pendaftaran selesai" in message.text for message in heard)
    to = f"{len(heard)} messages to the person with {size(heard)} characters"
    figure(f"registration on WhatsApp: {to}, {len(words)} from the person")
    assert len(heard) <= messages
    assert size(heard) <= characters
