"""What follows when a message could not be sent, or a turn did not go as it should."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.base import WINDOW, InboundMessage, Notice, Receipt, SendError, Then, Turn
from bot.failures import follow
from bot.receipts import keep
from storage import contacts, matches, outbox, seekers, telling, vacancies
from storage.contacts import Identity
from storage.models import contacts as kept
from storage.models import outbox as table
from storage.outbox import NewMessage
from storage.telling import Manners
from storage.work import Database, Work
from tests.storage.offers import VACANCY, Offered
from tests.support.service import Office, read

WA = "6281200000001"
QUESTION = "Nomor ini pernah memakai layanan ini."


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def says(office: Office, text: str, alias: str = "ID.1", **given: Any) -> str:
    return read(office.says(WA, text, channel="whatsapp", sent_at=office.clock(), alias=alias, **given))


def noticed(office: Office, notice: Notice, alias: str) -> None:
    number = office.numbers()
    message = InboundMessage("whatsapp", WA, f"notice {number}", number, notice=notice, alias=alias)
    (turn,) = office.turntaker.take([message])
    assert isinstance(turn, Turn)


def breaks(monkeypatch: pytest.MonkeyPatch, office: Office, **given: Any) -> None:
    """One turn fails in a way nobody foresaw."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("bot.turns.step", broken)
        assert "gangguan" in says(office, "halo", **given)


@pytest.fixture
def registered(office: Office) -> Office:
    office.registers(WA, "Tini Contoh", channel="whatsapp", sent_at=office.clock(), alias="ID.1")
    return office


# Who writes


def test_whoever_stops_first_is_asked_who_they_are_all_the_same(registered: Office) -> None:
    noticed(registered, Notice.STOPPED, "ID.2")
    assert QUESTION in says(registered, "data saya", "ID.2")
    assert "Tini" not in says(registered, "data saya", "ID.2")


@pytest.mark.parametrize("alias", ["ID.1", "ID.2"])
def test_whoever_comes_after_a_turn_that_failed_is_asked(
    registered: Office, monkeypatch: pytest.MonkeyPatch, alias: str
) -> None:
    registered.clock.passes(days=61 if alias == "ID.1" else 1)
    breaks(monkeypatch, registered, alias=alias)
    assert QUESTION in says(registered, "data saya", alias)
    assert "data" in says(registered, "ya, itu saya", alias).lower()
    assert QUESTION not in says(registered, "halo", alias), "and only once"


# What follows


def manners(office: Office) -> Manners:
    now = office.clock()
    return Manners(
        today=now.date(),
        since=now - timedelta(hours=1),
        per_day=9,
        form_since=now,
        windowed=("whatsapp",),
        window_since=now - WINDOW,
        templated=("id",),
    )


def matched(work: Work, office: Office, *channels: str) -> tuple[int, list[int]]:
    """Somebody with these contacts, the last preferred, whom a vacancy suits; the vacancy and the contacts."""
    now = office.clock()
    known = [contacts.recognise(work, [Identity(channel, channel)], now)[0] for channel in channels]
    seeker_id = seekers.add(work, {"name": "Contoh", "fields": list(VACANCY.fields)}, education_rank=None, now=now)
    seekers.give_consent(work, seeker_id, seekers.Consent("matching", 1, "?", "whatsapp", "self", now))
    for one in known:
        seekers.link(work, one.contact_id, seeker_id, "self")
    vacancies.upsert(work, [Offered(VACANCY)], now)
    [vacancy_id] = vacancies.unannounced(work, now.date())
    assert matches.match_vacancy(work, vacancy_id, now, now.date()) == 1
    return vacancy_id, [one.contact_id for one in known]


def alerts(work: Work, office: Office) -> outbox.Delivery:
    """The alert that is due, claimed to be sent."""
    now = office.clock()
    [due] = telling.untold(work, manners(office))
    [outbox_id] = outbox.add(work, [NewMessage(due.contact_id, due.channel, {"text": "kabar"}, kind="alert")], now)
    assert outbox_id is not None
    matches.mark_told(work, due.pairs, outbox_id, now)
    [claimed] = outbox.claim(work, 1, [due.channel], now)
    return claimed


def fails(work: Work, office: Office, message: outbox.Delivery, then: Then, after: float = 0.0) -> None:
    follow(work, message, SendError("contoh", "sebab contoh", then, after), office.clock(), 60.0)


def state(work: Work, outbox_id: int) -> tuple[str, str | None]:
    row = work.connection.execute(sa.select(table.c.state, table.c.error).where(table.c.id == outbox_id)).one()
    return row.state, row.error


def test_who_is_gone_from_one_channel_is_told_at_another(office: Office) -> None:
    with office.database.work() as work:
        matched(work, office, "telegram", "whatsapp")
        message = alerts(work, office)
        assert message.channel == "whatsapp"
        fails(work, office, message, Then.SWITCH_OFF)
        assert state(work, message.id) == ("failed", "contoh: sebab contoh")
        assert alerts(work, office).channel == "telegram"


def test_a_platforms_stop_is_ours(office: Office) -> None:
    with office.database.work() as work:
        _, [contact_id] = matched(work, office, "whatsapp")
        fails(work, office, alerts(work, office), Then.STOP)
        assert work.connection.scalar(sa.select(kept.c.alerts).where(kept.c.id == contact_id)) is False
        assert telling.untold(work, manners(office)) == []


def test_an_alert_that_must_wait_for_the_person_is_told_anew(office: Office) -> None:
    with office.database.work() as work:
        matched(work, office, "whatsapp")
        message = alerts(work, office)
        fails(work, office, message, Then.WHEN_HEARD)
        assert state(work, message.id)[0] == "dropped"
        assert alerts(work, office).id != message.id


def test_what_waits_for_its_platform_says_for_what(office: Office) -> None:
    with office.database.work() as work:
        matched(work, office, "whatsapp")
        message = alerts(work, office)
        fails(work, office, message, Then.WAIT, 600)
        assert state(work, message.id) == ("waiting", "contoh: sebab contoh")
        assert outbox.claim(work, 1, ["whatsapp"], office.clock() + timedelta(seconds=599)) == []
        [again] = outbox.claim(work, 1, ["whatsapp"], office.clock() + timedelta(seconds=601))
        assert (again.attempts, again.sendings) == (1, 2)


def test_an_answer_that_waits_for_the_person_is_given_with_the_next(office: Office) -> None:
    says(office, "halo")
    with office.database.work() as work:
        [[outbox_id]] = work.connection.execute(sa.select(table.c.id)).all()
        outbox.release(work, [outbox_id], office.clock())
        [message] = outbox.claim(work, 1, ["whatsapp"], office.clock())
        fails(work, office, message, Then.WHEN_HEARD)
    office.clock.passes(days=2)
    turn = office.says(WA, "daftar", channel="whatsapp", sent_at=office.clock())
    assert (turn.replies[0].outbox_id, turn.replies[0].sending) == (outbox_id, 2)


@pytest.mark.parametrize("wrote_since", [True, False])
def test_a_late_word_of_a_closed_window_does_not_close_one_that_opened_since(office: Office, wrote_since: bool) -> None:
    says(office, "halo")
    with office.database.work() as work:
        [[outbox_id]] = work.connection.execute(sa.select(table.c.id)).all()
        outbox.confirm(work, [outbox_id], office.clock())
    office.clock.passes(minutes=30)
    if wrote_since:
        says(office, "daftar")
    closed = SendError("131047", "contoh", Then.WHEN_HEARD)
    with office.database.work() as work:
        news = keep(work, [Receipt(outbox_id, 0, "failed", closed)], office.clock(), office.turntaker.zone)
        assert len(news) == 1
        heard_at = work.connection.scalar(sa.select(kept.c.heard_at))
    assert heard_at is not None
    assert (office.clock() - heard_at < WINDOW) == wrote_since
