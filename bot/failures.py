"""What follows when a message could not be sent, whether its platform said so at once or later."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels.base import WINDOW, SendError, Then
from bot.logs import get_logger
from storage import contacts, matches, outbox
from storage.outbox import KEEP, Delivery
from storage.work import Work

TRIES = 12
"""Attempts, over about a day, before a message that cannot be delivered ends as failed."""

log = get_logger(__name__)


def follow(work: Work, message: Delivery, error: SendError, now: datetime, wait: float) -> None:
    """Do with a claimed ``message`` what its ``error`` asks for. ``wait``: seconds until another try of our own."""
    said = f"{error.code}: {error.description}"
    match error.then:
        case Then.SWITCH_OFF:
            outbox.fail(work, message.id, said, None)
            # Another contact of the same seeker may be told instead.
            matches.untell(work, message.id)
            contacts.set_blocked(work, message.contact_id, now, said)
        case Then.STOP:
            outbox.fail(work, message.id, said, None)
            contacts.set_alerts(work, message.contact_id, False)
            outbox.drop_waiting(work, message.contact_id, "alert")
        case Then.WHEN_HEARD:
            _until_heard(work, message, said, now)
        case Then.WAIT:
            outbox.release(work, [message.id], now + timedelta(seconds=error.retry_after), said)
        case Then.RETRY if message.attempts < TRIES:
            outbox.fail(work, message.id, said, now + timedelta(seconds=wait))
        case _:
            outbox.fail(work, message.id, said, None)
            log.warning("message_failed", outbox_id=message.id, code=error.code, attempts=message.attempts)


def _until_heard(work: Work, message: Delivery, said: str, now: datetime) -> None:
    """It waits for the person's next message: an answer as it is; of an alert, the vacancies are told anew then."""
    contacts.not_heard_since(work, message.contact_id, now - WINDOW)
    if message.kind == "alert":
        matches.untell(work, message.id)
        outbox.drop(work, [message.id])
    else:
        # A turn takes up what waits for whoever writes, whatever its time.
        outbox.fail(work, message.id, said, message.created_at + KEEP)
