"""A report tells of a sending also where nobody could note that it was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal, TypeAlias

import pytest
import sqlalchemy as sa

from bot.channels.base import Receipt, SendError, Then, TurnFailed
from bot.receipts import keep
from storage import outbox
from storage.models import outbox as table
from storage.work import Database
from tests.support.service import Office

Status: TypeAlias = Literal["sent", "delivered", "read", "failed"]

BUDI = "6281200000001"
FAULT = SendError("131000", "contoh", Then.RETRY)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def answer(office: Office) -> int:
    """Somebody is being answered: nothing is known yet of how that went."""
    turn = office.says(BUDI, "halo", channel="whatsapp", sent_at=office.clock())
    return turn.replies[0].outbox_id


def reported(office: Office, outbox_id: int, status: Status, attempt: int = 0) -> None:
    error = FAULT if status == "failed" else None
    with office.database.work() as work:
        keep(work, [Receipt(outbox_id, attempt, status, error)], office.clock(), office.turntaker.zone)


def claimed_later(office: Office, **later: float) -> Sequence[int]:
    """What delivery takes up to send once more."""
    office.clock.passes(**later)
    with office.database.work() as work:
        return [one.id for one in outbox.claim(work, 8, ["whatsapp"], office.clock())]


def state(office: Office) -> str:
    with office.database.read() as work:
        return str(work.connection.scalars(sa.select(table.c.state)).one())


@pytest.mark.parametrize("status", ["sent", "delivered", "read"])
def test_what_a_dead_process_was_sending_is_not_sent_again_once_it_is_reported(office: Office, status: Status) -> None:
    outbox_id = answer(office)
    reported(office, outbox_id, status)
    assert claimed_later(office, minutes=10) == []
    assert state(office) == "sent"


def test_without_a_report_it_is(office: Office) -> None:
    outbox_id = answer(office)
    assert claimed_later(office, minutes=10) == [outbox_id]


@pytest.mark.parametrize("status", ["sent", "delivered"])
def test_what_was_given_back_unanswered_waits_unless_it_has_arrived(office: Office, status: Status) -> None:
    outbox_id = answer(office)
    with office.database.work() as work:
        outbox.release(work, [outbox_id], office.clock() + timedelta(seconds=2))
    reported(office, outbox_id, status)
    assert claimed_later(office, seconds=3) == ([] if status == "delivered" else [outbox_id])


def test_of_several_attempts_the_arrival_of_any_ends_all(office: Office) -> None:
    outbox_id = answer(office)
    assert claimed_later(office, minutes=10) == [outbox_id]
    reported(office, outbox_id, "delivered", attempt=0)
    assert state(office) == "sent"


def test_what_was_only_sent_in_another_attempt_ends_nothing(office: Office) -> None:
    outbox_id = answer(office)
    assert claimed_later(office, minutes=10) == [outbox_id]
    reported(office, outbox_id, "sent", attempt=0)
    assert state(office) == "claimed", "the second attempt is still being made"
    reported(office, outbox_id, "sent", attempt=1)
    assert state(office) == "sent"


def test_a_failure_that_is_told_while_it_is_sent_is_told_again(office: Office) -> None:
    outbox_id = answer(office)
    with pytest.raises(TurnFailed):
        reported(office, outbox_id, "failed")
    with office.database.work() as work:
        outbox.confirm(work, [outbox_id], office.clock())
    reported(office, outbox_id, "failed")
    assert claimed_later(office, minutes=2) == [outbox_id]


def test_a_late_half_of_a_failure_does_not_keep_it_from_being_tried_again(office: Office) -> None:
    outbox_id = answer(office)
    with office.database.work() as work:
        outbox.confirm(work, [outbox_id], office.clock())
    reported(office, outbox_id, "failed")
    reported(office, outbox_id, "sent")
    assert claimed_later(office, minutes=2) == [outbox_id]
