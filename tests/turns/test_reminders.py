"""Whoever has left a registration is reminded after a day and after a week, and it is counted where people are lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.channels.base import Notice
from bot.opening import Opened
from bot.reminders import Reminders
from bot.settings import load_settings
from conversations.domain.region import load_region
from conversations.engine.messages import OutgoingMessage
from storage import reminders, talks
from storage.models import contacts, outbox, sessions
from storage.work import Database
from tests.support.service import Office, read

BEGUN = ("daftar", "saya sendiri", "ya", "Ani Contoh")


class Days:
    """An office whose reminders are looked for."""

    def __init__(self, database: Database) -> None:
        self.office = Office(database)
        self.database = database
        opened = Opened(load_settings({}), database, load_region("12.22"), self.office.clock)
        self.reminders = Reminders(opened)

    def begins(self, address: str = "1", words: tuple[str, ...] = BEGUN, channel: str = "telegram") -> None:
        for word in words:
            self.office.says(address, word, channel=channel, sent_at=self.office.clock())

    def remind_after(self, **given: float) -> int:
        self.office.clock.passes(**given)
        with self.database.work() as work:
            return self.reminders.remind(work)

    def sent(self) -> list[str]:
        unasked = sa.select(outbox.c.body).where(outbox.c.external_id.is_(None)).order_by(outbox.c.id)
        with self.database.read() as work:
            return [OutgoingMessage.from_json(body).text for body in work.connection.scalars(unasked)]


@pytest.fixture
def days(database: Database) -> Days:
    return Days(database)


def test_once_after_a_day_once_after_a_week_and_never_again(days: Days) -> None:
    days.begins()
    reminded = [days.remind_after(hours=1) for _ in range(60 * 24)]
    assert [hour + 1 for hour, count in enumerate(reminded) if count] == [24, 7 * 24]
    first, last = days.sent()
    assert "belum selesai" in first
    assert "Tidak perlu buru-buru" in first
    assert "pengingat terakhir" in last
    for text in (first, last):  # it may stand on a lock screen
        assert "Ani" not in text
        assert "disabilitas" not in text


def test_before_the_yes_nobody_is_reminded(days: Days) -> None:
    days.begins(words=("daftar", "saya sendiri"))
    assert days.remind_after(days=8) == 0


@pytest.mark.parametrize("words", [("STOP",), ("BATAL", "ya"), ("hapus data saya", "ya")])
def test_who_wants_nothing_is_not_reminded(days: Days, words: tuple[str, ...]) -> None:
    days.begins(words=(*BEGUN, *words))
    assert days.remind_after(days=2) == 0
    assert days.remind_after(days=8) == 0


def test_who_has_blocked_the_service_or_has_finished_is_not_reminded(days: Days) -> None:
    days.office.registers("1")
    days.begins("2")
    days.office.turntaker.take([days.office.message("2", notice=Notice.BLOCKED)])
    assert days.remind_after(days=8) == 0


def test_who_comes_and_goes_is_not_reminded_anew(days: Days) -> None:
    days.begins()
    assert days.remind_after(days=1) == 1
    days.office.says("1", "1998")
    assert [days.remind_after(days=1) for _ in range(10)] == [0, 0, 0, 0, 0, 0, 1, 0, 0, 0]


def test_at_night_nobody_is(days: Days) -> None:
    days.begins()
    assert days.remind_after(hours=24 + 14) == 0  # it began at nine, and is eleven at night
    assert days.remind_after(hours=9) == 1


def test_after_a_long_standstill_the_two_do_not_come_together(days: Days) -> None:
    days.begins()
    assert days.remind_after(days=20) == 1
    assert days.remind_after(hours=1) == 0
    assert days.remind_after(days=5) == 1


def test_the_answer_goes_on_where_it_was(days: Days) -> None:
    days.begins()
    days.remind_after(days=1)
    said = read(days.office.says("1", None, choice="resume:1"))
    assert "Kita lanjutkan: Pendaftaran" in said
    assert "lahir" in said
    assert "lahir" in read(days.office.says("1", "DAFTAR"))


def test_on_whatsapp_it_comes_while_the_window_is_open(days: Days) -> None:
    days.begins("62812", channel="whatsapp")
    assert days.remind_after(hours=21) == 0
    assert days.remind_after(hours=1) == 1
    assert days.remind_after(days=8) == 0, "no template was approved, so nothing could be delivered"


def test_where_people_are_lost_is_counted(days: Days) -> None:
    days.office.registers("1")
    days.begins("2")
    days.begins("3")
    days.begins("4", words=("daftar", "saya sendiri", "ya"))
    for word in ("BATAL", "ya"):
        days.office.says("3", word)
    days.office.clock.passes(days=2)
    with days.database.read() as work:
        found = reminders.drop_off(work, days.office.clock())
    assert (found.saved, found.cancelled, found.expired) == (1, {"birth_year": 1}, {})
    assert found.left == {"birth_year": 1, "name": 1}
    days.office.clock.passes(days=90)
    with days.database.work() as work:
        assert talks.empty_quiet(work, days.office.clock()) >= 2
        found = reminders.drop_off(work, days.office.clock())
    assert (found.left, found.expired) == ({}, {"birth_year": 1, "name": 1})


def test_of_two_that_remind_at_once_one_does(days: Days) -> None:
    days.begins()
    days.office.clock.passes(days=1)
    with days.database.work() as work:
        due = reminders.left(work, days.office.clock(), days.reminders.reach)
        assert len(reminders.mark_reminded(work, due, days.office.clock())) == 1
        assert reminders.mark_reminded(work, due, days.office.clock()) == set()


def test_a_reminder_does_not_count_as_the_person_coming_back(days: Days) -> None:
    days.begins()
    before = days.office.clock()
    days.remind_after(days=1)
    with days.database.read() as work:
        assert work.connection.scalar(sa.select(sessions.c.updated_at)) == before
        assert work.connection.scalar(sa.select(contacts.c.heard_at)) == before
