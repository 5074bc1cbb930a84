"""An alert at the moment of sending, maybe hours after it was written: is it still wanted, and at this hour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.setting_values import QuietHours
from storage.models import consents, contacts, matches, outbox
from storage.work import Database
from tests.support.service import Office
from tests.turns.test_delivery import changing, deliver, rows, running
from tests.turns.test_telling import SEWING, Phone, announcer, opens, told


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def waiting(office: Office, tmp_path: Path) -> Office:
    """One alert waits; all else was handed over."""
    office.registers("1")
    with changing(office) as connection:
        connection.execute(outbox.update().values(state="sent"))
    opens(office, replace(SEWING, closes_on=office.clock().date()))
    assert told(announcer(office, tmp_path)) == 1
    return office


def sent(office: Office, **given: Any) -> list[str]:
    phone = Phone()
    running(office, lambda writer: deliver(writer, phone, **given))
    return [text for _, text in phone.heard if "lowongan baru" in text]


def told_pairs(office: Office) -> int:
    with office.database.read() as work:
        return work.connection.scalar(sa.select(sa.func.count()).where(matches.c.told_at.is_not(None))) or 0


def test_an_alert_that_was_late_waits_for_the_end_of_the_quiet_hours(waiting: Office) -> None:
    with changing(waiting) as connection:  # the vacancy must still be open on the next morning
        connection.execute(sa.text("UPDATE vacancies SET closes_on = NULL"))
    night = QuietHours.parse("20.00-07.00")
    waiting.clock.passes(hours=11, minutes=1)  # one minute past eight in the evening
    assert sent(waiting, quiet_hours=night) == []
    ((state, attempts, not_before),) = rows(
        waiting, outbox.c.state, outbox.c.attempts, outbox.c.not_before, kind="alert"
    )
    assert (state, attempts) == ("waiting", 0)
    assert not_before - waiting.clock() == timedelta(hours=10, minutes=59)
    waiting.clock.passes(hours=10, minutes=58)
    assert sent(waiting, quiet_hours=night) == []
    waiting.clock.passes(minutes=1)
    assert len(sent(waiting, quiet_hours=night)) == 1


def test_a_form_begun_meanwhile_is_not_interrupted(waiting: Office) -> None:
    waiting.turntaker.take([], [reply.outbox_id for reply in waiting.says("1", "ubah nama").replies])
    assert sent(waiting) == []
    waiting.clock.passes(minutes=29)
    assert sent(waiting) == []
    waiting.clock.passes(minutes=1)
    assert len(sent(waiting)) == 1


def _pauses(office: Office) -> None:
    office.turntaker.take([], [reply.outbox_id for reply in office.says("1", "berhenti sementara").replies])


def _says_stop(office: Office) -> None:
    office.turntaker.take([], [reply.outbox_id for reply in office.says("1", "STOP").replies])


def _takes_consent_back(office: Office) -> None:
    with changing(office) as connection:
        connection.execute(consents.update().values(withdrawn_at=office.clock()))


def _blocks(office: Office) -> None:
    with changing(office) as connection:
        connection.execute(contacts.update().values(blocked_at=office.clock()))


def _sees_it_close(office: Office) -> None:
    office.clock.passes(days=1)


@pytest.mark.parametrize("change", [_pauses, _says_stop, _takes_consent_back, _blocks, _sees_it_close])
def test_what_is_no_longer_wanted_is_dropped_and_stays_told(waiting: Office, change: Callable[[Office], None]) -> None:
    change(waiting)
    assert sent(waiting) == []
    assert rows(waiting, outbox.c.state, kind="alert") == [("dropped",)]
    assert told_pairs(waiting) == 1
