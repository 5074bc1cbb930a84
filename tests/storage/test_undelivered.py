"""What officers are shown of messages that have not arrived, and of people who cannot be reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from conversations.engine.handed_on import SILENCE
from storage import contacts, matches, outbox, seekers, telling, undelivered, vacancies
from storage.bulk import together
from storage.contacts import Identity
from storage.models import matches as ledger
from storage.outbox import NewMessage
from storage.seekers import Consent
from storage.telling import Manners, UntilHeard
from storage.undelivered import Undelivered
from storage.work import Work
from tests.storage.offers import VACANCY, Offered

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
MANNERS = Manners(
    today=TODAY,
    since=NOW - timedelta(hours=9),
    per_day=3,
    form_since=NOW,
    silent=("web", "terminal"),
    windowed=("whatsapp",),
    window_since=NOW - timedelta(hours=24),
)


def contact(work: Work, channel: str, address: str, heard: timedelta | None = None) -> int:
    [known] = contacts.recognise(work, [Identity(channel, address)], NOW)
    if heard is not None:
        together(work, contacts.hearing(work, known.contact_id, NOW - heard, SILENCE))
    return known.contact_id


def registers(work: Work, *contact_ids: int) -> int:
    """One seeker, reached at each of these; a vacancy that suits them is in the ledger afterwards."""
    seeker_id = seekers.add(work, {"name": "Contoh", "fields": list(VACANCY.fields)}, education_rank=None, now=NOW)
    consent = Consent("matching", 1, "Setuju?", "whatsapp", "self", NOW)
    seekers.give_consent(work, seeker_id, consent)
    for contact_id in contact_ids:
        seekers.link(work, contact_id, seeker_id, "self")
    return seeker_id


@pytest.fixture
def opens(work: Work) -> int:
    vacancies.upsert(work, [Offered(VACANCY)], NOW)
    [vacancy_id] = vacancies.unannounced(work, TODAY)
    return vacancy_id


def told(work: Work, manners: Manners = MANNERS) -> list[str]:
    return [one.channel for one in telling.untold(work, manners)]


@pytest.mark.parametrize(
    ("heard", "templated", "reached"),
    [
        (timedelta(hours=23), (), True),
        (timedelta(hours=25), (), False),
        (None, (), False),
        (timedelta(hours=25), ("id",), True),
        (timedelta(hours=25), ("en",), False),
    ],
)
def test_a_closed_window_keeps_the_news_until_the_person_writes(
    work: Work, opens: int, heard: timedelta | None, templated: tuple[str, ...], reached: bool
) -> None:
    budi = contact(work, "whatsapp", "6281200000001", heard)
    seeker_id = registers(work, budi)
    matches.match_vacancy(work, opens, NOW, TODAY)
    manners = replace(MANNERS, templated=templated)
    assert told(work, manners) == (["whatsapp"] if reached else [])
    waiting = [] if reached else [UntilHeard(budi, "whatsapp", NOW, 1)]
    assert telling.until_heard(work, manners) == waiting
    shown = [Undelivered("until_heard", budi, "whatsapp", (seeker_id,), NOW, "1")]
    assert undelivered.collect(work, manners, NOW) == ([] if reached else shown)
    together(work, contacts.hearing(work, budi, NOW, SILENCE))
    assert told(work) == ["whatsapp"]


def test_another_contact_that_rings_stands_in(work: Work, opens: int) -> None:
    telegram = contact(work, "telegram", "1")
    whatsapp = contact(work, "whatsapp", "6281200000001", timedelta(hours=30))
    registers(work, telegram, whatsapp)
    matches.match_vacancy(work, opens, NOW, TODAY)
    assert told(work) == ["telegram"]
    assert telling.until_heard(work, MANNERS) == []


def test_a_page_that_nobody_looks_at_does_not_stand_in(work: Work, opens: int) -> None:
    web = contact(work, "web", "cookie")
    whatsapp = contact(work, "whatsapp", "6281200000001", timedelta(hours=30))
    registers(work, web, whatsapp)
    matches.match_vacancy(work, opens, NOW, TODAY)
    assert told(work) == []
    assert [one.contact_id for one in telling.until_heard(work, MANNERS)] == [whatsapp]


def test_who_wants_none_or_cannot_be_reached_waits_for_nothing(work: Work, opens: int) -> None:
    stopped = contact(work, "whatsapp", "6281200000001", timedelta(hours=30))
    gone = contact(work, "whatsapp", "6281200000002", timedelta(hours=30))
    registers(work, stopped)
    seeker_id = registers(work, gone)
    contacts.set_alerts(work, stopped, False)
    contacts.set_blocked(work, gone, NOW, "131026: the number is not on WhatsApp")
    matches.match_vacancy(work, opens, NOW, TODAY)
    shown = Undelivered("unreachable", gone, "whatsapp", (seeker_id,), NOW, "131026: the number is not on WhatsApp")
    assert undelivered.collect(work, MANNERS, NOW) == [shown]
    assert telling.until_heard(work, MANNERS) == []


def test_a_message_that_failed_is_shown_with_its_reason(work: Work) -> None:
    ani = contact(work, "telegram", "1")
    outbox.add(work, [NewMessage(ani, "telegram", {"text": "halo"})], NOW)
    [claimed] = outbox.claim(work, 1, ["telegram"], NOW)
    outbox.fail(work, claimed.id, "400: the text is empty", None)
    assert undelivered.collect(work, MANNERS, NOW) == [
        Undelivered("failed", ani, "telegram", (), NOW, "400: the text is empty")
    ]


def test_a_message_that_waits_long_is_shown_too(work: Work) -> None:
    ani = contact(work, "whatsapp", "6281200000001")
    outbox.add(work, [NewMessage(ani, "whatsapp", {"text": "halo"})], NOW)
    [claimed] = outbox.claim(work, 1, ["whatsapp"], NOW)
    outbox.release(work, [claimed.id], NOW + timedelta(hours=1), "account: the token has expired")
    assert undelivered.collect(work, MANNERS, NOW + timedelta(minutes=59)) == []
    [shown] = undelivered.collect(work, MANNERS, NOW + timedelta(minutes=61))
    assert (shown.kind, shown.why) == ("waiting", "account: the token has expired")


def test_what_is_kept_no_longer_was_not_told(work: Work, opens: int) -> None:
    budi = contact(work, "whatsapp", "6281200000001", timedelta(hours=1))
    seeker_id = registers(work, budi)
    matches.match_vacancy(work, opens, NOW, TODAY)
    for state in ("waiting", "sent"):
        [outbox_id] = outbox.add(work, [NewMessage(budi, "whatsapp", {"text": "kabar"}, kind="alert")], NOW)
        assert outbox_id is not None
        matches.mark_told(work, [(opens, seeker_id)], outbox_id, NOW)
        if state == "sent":
            outbox.confirm(work, [outbox_id], NOW)
        matches.untell_expired(work, NOW + timedelta(seconds=1))
        [(told_at,)] = work.connection.execute(sa.select(ledger.c.told_at)).all()
        assert (told_at is None) == (state == "waiting")


def test_what_will_not_be_sent_is_told_anew(work: Work, opens: int) -> None:
    budi = contact(work, "whatsapp", "6281200000001", timedelta(hours=1))
    seeker_id = registers(work, budi)
    matches.match_vacancy(work, opens, NOW, TODAY)
    [outbox_id] = outbox.add(work, [NewMessage(budi, "whatsapp", {"text": "kabar"}, kind="alert")], NOW)
    assert outbox_id is not None
    matches.mark_told(work, [(opens, seeker_id)], outbox_id, NOW)
    assert told(work) == []
    matches.untell(work, outbox_id)
    outbox.drop(work, [outbox_id])
    assert told(work) == ["whatsapp"]
