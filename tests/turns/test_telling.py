"""Being told of work: who is told, once, few a day, at a good hour, and what becomes of a message on its way."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from bot.announce import Announcer
from bot.channels.base import SendError, Sending, Then
from bot.channels.terminal import Terminal
from bot.delivery import Delivery
from bot.failures import TRIES
from bot.opening import Opened
from bot.settings import load_settings
from bot.writer import Writer
from conversations.domain.vacancy import Vacancy
from conversations.engine.messages import OutgoingMessage
from storage import vacancies
from storage.keys import KeyRing
from storage.matches import retire
from storage.models import contacts, matches, outbox
from storage.work import Database, Work
from tests.storage.offers import Offered
from tests.support.offers import vacancy
from tests.support.service import Office

SEWING = vacancy(1, "Penjahit Seragam", fields=("menjahit",), education=None)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def announcer(office: Office, tmp_path: Path, **settings: str) -> Announcer:
    given = {f"SETARA_{name.upper()}": value for name, value in settings.items()}
    loaded = load_settings({"SETARA_DATA_DIR": str(tmp_path), **given})
    return Announcer(Opened(loaded, office.database, office.turntaker.region, office.clock))


def opens(office: Office, *offers: Vacancy, opens_on: date | None = None) -> None:
    with office.database.work() as work:
        vacancies.upsert(work, [Offered(offer, opens_on=opens_on) for offer in offers], office.clock())


def told(announcer: Announcer) -> int:
    """Match and tell, as the service does every second; returns how many messages were written."""
    database = announcer.opened.database
    more = 1
    while more:
        with database.work() as work:
            more = announcer.match(work)
    with database.work() as work:
        return announcer.tell(work)


def alerts(database: Database, channel: str | None = None) -> list[str]:
    wanted = sa.select(outbox.c.body).where(outbox.c.kind == "alert").order_by(outbox.c.id)
    with database.read() as work:
        rows = work.connection.scalars(wanted if channel is None else wanted.where(outbox.c.channel == channel))
        return [OutgoingMessage.from_json(body).text for body in rows]


def test_who_it_suits_is_told_once_and_the_lock_screen_tells_nothing(office: Office, tmp_path: Path) -> None:
    office.registers("1", "Ani Contoh")
    office.registers("2", "Budi Contoh", place="luar daerah")
    office.says("3", "halo")
    opens(office, SEWING)
    telling = announcer(office, tmp_path)
    assert told(telling) == 1, "only who registered and lives within reach"
    assert told(telling) == 0, "once"
    opens(office, SEWING)
    assert told(telling) == 0, "the same file again announces nothing"
    opens(office, replace(SEWING, description="Berubah."))
    assert told(telling) == 0, "nor does a changed one, to who was told"
    (text,) = alerts(office.database)
    assert "Penjahit Seragam, Kotapinang, Rp2.600.000 sampai Rp2.900.000 per bulan: balas LOKER" in text
    for secret in ("Ani", "kursi roda", "disabilitas", "cocok"):
        assert secret not in text
    typed = text.rsplit(": balas ", 1)[1]
    assert "Penjahit Seragam di Usaha Contoh" in office.says("1", typed.lower()).replies[0].message.text


def test_many_at_once_are_one_message_that_says_how_to_see_the_rest(office: Office, tmp_path: Path) -> None:
    office.registers("1")
    opens(office, *(vacancy(n, f"Penjahit {n}", fields=("menjahit",)) for n in range(1, 10)))
    telling = announcer(office, tmp_path)
    assert [told(telling) for _ in range(3)] == [1, 0, 0]
    (text,) = alerts(office.database)
    assert [n for n in range(1, 10) if f"Penjahit {n}, " in text] == [7, 8, 9], "the newest"
    assert text.endswith("\nDan 6 lowongan lain. Untuk melihatnya, tulis: lowongan yang cocok")
    assert "Penjahit 9" in office.says("1", "lowongan yang cocok").replies[0].message.text
    office.clock.passes(days=1)
    assert told(telling) == 0, "all of them count as told"


def test_what_comes_within_the_gap_is_gathered_and_few_a_day(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.announce.GAP", timedelta(hours=1))
    office.registers("1")
    office.registers("w", "Tini Contoh", channel="web")
    telling = announcer(office, tmp_path, alerts_per_day="2")
    heard = []
    for n in range(1, 7):  # one every 21 minutes
        opens(office, vacancy(n, f"Penjahit {n}", fields=("menjahit",)))
        told(telling)
        office.clock.passes(minutes=21)
        heard.append(alerts(office.database, channel="telegram"))
    assert [len(texts) for texts in heard] == [1, 1, 1, 2, 2, 2]
    assert [n for n in range(1, 7) if f"Penjahit {n}, " in heard[3][1]] == [2, 3, 4]
    assert len(alerts(office.database, channel="web")) == 2, (
        "a page rings nowhere: each at once, as far as the day allows"
    )
    office.clock.passes(days=1)
    assert told(telling) == 2


def test_each_pair_is_told_by_one_of_several_processes(office: Office, tmp_path: Path, key_ring: KeyRing) -> None:
    """Both have read whom to tell before either has written it."""
    for n in range(1, 11):
        office.registers(str(n))
    opens(office, SEWING)
    other = Office(Database(office.database.url.render_as_string(hide_password=False), key_ring))
    tellers = [announcer(one, tmp_path) for one in (office, other)]
    with office.database.work() as work:
        tellers[0].match(work)
    ready = Barrier(2)

    def tell(teller: Announcer) -> int:
        with teller.opened.database.read() as work:
            waiting = teller.untold(work)
        ready.wait(10)
        with teller.opened.database.work() as work:
            return teller.tell(work, waiting)

    with ThreadPoolExecutor() as threads:
        counts = list(threads.map(tell, tellers))
    other.database.close()
    assert sum(counts) == 10
    with office.database.read() as work:
        contact_ids = work.connection.scalars(sa.select(outbox.c.contact_id).where(outbox.c.kind == "alert")).all()
        assert len(set(contact_ids)) == len(contact_ids) == 10
        unlinked = sa.select(sa.func.count()).select_from(matches).where(matches.c.outbox_id.is_(None))
        assert work.connection.scalar(unlinked) == 0


def test_a_terminal_tells_nobody_else(office: Office, tmp_path: Path) -> None:
    office.registers("1")
    office.registers("saya", channel="terminal")
    opens(office, SEWING)
    terminal = Terminal(office.turntaker, "saya", announcer(office, tmp_path))
    assert len(terminal.waiting()) > 1
    assert len(alerts(office.database, channel="terminal")) == 1
    assert alerts(office.database, channel="telegram") == []


def test_a_vacancy_that_changes_while_it_is_matched_is_matched_once_more(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.registers("1")
    opens(office, replace(SEWING, fields=("memasak",)))
    telling = announcer(office, tmp_path)
    read = vacancies.get

    def changed_meanwhile(work: Work, vacancy_id: int, today: date) -> Vacancy | None:
        found = read(work, vacancy_id, today)
        # Within this transaction, for on SQLite there is no other: matching goes on with what it has read.
        vacancies.upsert(work, [Offered(SEWING)], office.clock())
        monkeypatch.undo()
        return found

    monkeypatch.setattr(vacancies, "get", changed_meanwhile)
    assert told(telling) == 1


def test_looking_for_whom_to_tell_is_left_to_news_or_to_now_and_then(office: Office, tmp_path: Path) -> None:
    telling = announcer(office, tmp_path)
    assert telling.worth_looking(news=False), "at first"
    with office.database.read() as work:
        assert telling.untold(work) == []
    assert not telling.worth_looking(news=False)
    assert telling.worth_looking(news=True)
    office.registers("1")
    opens(office, SEWING)
    assert told(telling) == 1
    assert telling.worth_looking(news=False), "there may be more than one look has found"


def test_whom_a_closed_vacancy_suited_is_forgotten_until_it_opens_again(office: Office, tmp_path: Path) -> None:
    office.registers("1")
    office.registers("2")
    today = office.clock().date()
    opens(office, replace(SEWING, closes_on=today))
    office.says("1", "STOP")
    telling = announcer(office, tmp_path)
    assert told(telling) == 1
    with office.database.work() as work:
        assert retire(work, today) == 0
        assert retire(work, today + timedelta(days=1)) == 1, "who was told stays in the ledger"
    office.says("1", "kabari kalau ada loker baru")
    opens(office, replace(SEWING, closes_on=today + timedelta(days=9)))
    assert told(telling) == 1


def test_at_a_good_hour(office: Office, tmp_path: Path) -> None:
    office.registers("1")
    office.registers("w", "Tini Contoh", channel="web")
    opens(office, SEWING)
    office.clock.passes(hours=14)  # eleven at night
    telling = announcer(office, tmp_path)
    assert told(telling) == 1, "a page rings nowhere"
    office.clock.passes(hours=8, minutes=1)
    assert told(telling) == 1


def test_not_in_the_middle_of_a_form_unless_it_has_been_quiet(office: Office, tmp_path: Path) -> None:
    office.registers("1")
    office.says("1", "ubah nama")
    opens(office, SEWING)
    telling = announcer(office, tmp_path)
    assert told(telling) == 0
    office.clock.passes(minutes=31)
    assert told(telling) == 1


@pytest.mark.parametrize("word", ["STOP", "berhenti sementara", "stop jgn kirim lg"])
def test_who_said_stop_is_not_told_and_can_be_told_again(office: Office, tmp_path: Path, word: str) -> None:
    office.registers("1")
    office.says("1", word)
    opens(office, SEWING)
    telling = announcer(office, tmp_path)
    assert told(telling) == 0
    office.says("1", "kabari kalau ada loker baru")
    opens(office, vacancy(2, "Penjahit Tas", fields=("menjahit",)))
    assert told(telling) == 1
    assert "Penjahit Tas" in alerts(office.database)[0]


def test_not_before_its_day_and_not_when_it_has_closed(office: Office, tmp_path: Path) -> None:
    office.registers("1")
    day = office.clock().date()
    opens(office, SEWING, opens_on=day + timedelta(days=2))
    opens(office, replace(SEWING, external_id="L9", closes_on=day - timedelta(days=1)))
    opens(office, replace(SEWING, external_id="L8", example=True))
    telling = announcer(office, tmp_path)
    assert told(telling) == 0
    office.clock.passes(days=2)
    assert told(telling) == 1
    with office.database.read() as work:
        assert work.connection.scalar(sa.select(sa.func.count()).select_from(matches)) == 1


# Delivering


class Phone:
    """A channel whose answers the test decides."""

    name = "telegram"

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.errors: list[SendError | None] = []

    def routes(self) -> tuple[()]:
        return ()

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def send(self, sending: Sending) -> SendError | None:
        error = self.errors.pop(0) if self.errors else None
        if error is None:
            self.heard.append((sending.address, sending.message.text))
        return error


async def deliver(office: Office, phone: Phone, times: int = 1, wait: timedelta = timedelta()) -> None:
    writer = Writer(office.turntaker)
    writer.start()
    delivery = Delivery(writer, [phone], office.clock)
    for _ in range(times):
        await delivery.once()
        await delivery.finish()
        office.clock.passes(seconds=wait.total_seconds())
    await writer.stop()


def state(office: Office) -> list[Any]:
    with office.database.read() as work:
        rows = work.connection.execute(sa.select(outbox.c.state, outbox.c.error).where(outbox.c.kind == "alert"))
        return [tuple(row) for row in rows]


@pytest.fixture
def waiting(office: Office, tmp_path: Path) -> Office:
    """One alert waits."""
    office.registers("1")
    with office.database.work() as work:  # its registration was handed over long ago
        work.connection.execute(outbox.update().values(state="sent"))
    opens(office, SEWING)
    assert told(announcer(office, tmp_path)) == 1
    return office


def test_an_alert_is_delivered(waiting: Office) -> None:
    phone = Phone()
    asyncio.run(deliver(waiting, phone, times=3))
    assert [address for address, _ in phone.heard] == ["1"]
    assert state(waiting) == [("sent", None)]


def test_what_fails_for_a_while_is_tried_again(waiting: Office) -> None:
    phone = Phone()
    phone.errors = [SendError("5xx", "bad gateway", Then.RETRY), SendError("network", "gone", Then.RETRY)]
    asyncio.run(deliver(waiting, phone, times=4, wait=timedelta(seconds=10)))
    assert len(phone.heard) == 1
    assert state(waiting) == [("sent", None)]


def test_the_platforms_own_wait_is_kept(waiting: Office) -> None:
    phone = Phone()
    phone.errors = [SendError("429", "slow down", Then.WAIT, 60)]
    asyncio.run(deliver(waiting, phone, times=3, wait=timedelta(seconds=10)))
    assert phone.heard == []
    waiting.clock.passes(seconds=60)
    asyncio.run(deliver(waiting, phone))
    assert len(phone.heard) == 1


def test_a_bad_message_ends_with_its_error(waiting: Office) -> None:
    phone = Phone()
    phone.errors = [SendError("400", "message text is empty", Then.END)]
    asyncio.run(deliver(waiting, phone, times=3, wait=timedelta(hours=1)))
    assert phone.heard == []
    assert state(waiting) == [("failed", "400: message text is empty")]


def test_who_has_blocked_is_switched_off(waiting: Office) -> None:
    phone = Phone()
    phone.errors = [SendError("403", "blocked", Then.SWITCH_OFF)]
    asyncio.run(deliver(waiting, phone, times=2))
    with waiting.database.read() as work:
        assert work.connection.scalar(sa.select(contacts.c.blocked_at)) is not None
    assert phone.heard == []


def test_it_is_not_tried_for_ever(waiting: Office) -> None:
    phone = Phone()
    phone.errors = [SendError("5xx", "bad gateway", Then.RETRY)] * (TRIES + 5)
    asyncio.run(deliver(waiting, phone, times=TRIES + 3, wait=timedelta(hours=3)))
    assert state(waiting) == [("failed", "5xx: bad gateway")]


def test_stop_counts_for_what_is_already_waiting(waiting: Office) -> None:
    phone = Phone()
    confirmed = [reply.outbox_id for reply in waiting.says("1", "STOP").replies]
    waiting.turntaker.take([], confirmed)
    asyncio.run(deliver(waiting, phone, times=2))
    assert [text for _, text in phone.heard if "lowongan baru" in text] == []
    assert state(waiting) == [("dropped", None)]
