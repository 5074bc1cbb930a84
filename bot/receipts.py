"""What platforms report of accepted messages is kept with them, and followed where they failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.channels.base import WINDOW, Receipt, SendError, Then, TurnFailed
from bot.failures import follow
from storage import contacts, outbox, receipts
from storage.receipts import Doubted
from storage.work import Work

WAIT: Final = 60.0
"""Seconds before another try of what was accepted and then not delivered."""


def keep(work: Work, reported: Sequence[Receipt], now: datetime, zone: ZoneInfo) -> list[Receipt]:
    """Note each report; a message that failed is tried again, or ends, as if sending it had failed at once.

    Returns the failures that were news. Raises TurnFailed for a failure that is told before it is noted here that
    the message was accepted: what is noted then would be lost, so the platform is to tell it again.
    """
    month = f"{now.astimezone(zone):%Y-%m}"
    news = []
    for one in reported:
        if one.announced:
            _count(work, one, month)
        elif one.status == "failed":
            doubted = receipts.doubt(work, one.outbox_id, one.sending, now)
            if doubted is None and receipts.under_way(work, one.outbox_id, one.sending):
                raise TurnFailed("a message is reported to have failed that is still being sent")
            if doubted is not None and one.error is not None:
                _failed(work, doubted, one.error, now)
                news.append(one)
        else:
            receipts.receive(work, one.outbox_id, one.status)
            receipts.arrived(work, one.outbox_id, one.sending, one.status, now)
            _count(work, one, month)
    return news


def _count(work: Work, one: Receipt, month: str) -> None:
    if one.status in ("delivered", "read") and one.category is not None:
        receipts.count(work, one.outbox_id, one.category, one.billable, month)


def _failed(work: Work, doubted: Doubted, error: SendError, now: datetime) -> None:
    message = doubted.message
    if error.then is Then.WHEN_HEARD:
        # The platform's window had closed before ours, unless the person has written since. Once this is noted, the
        # channel tries what is left to try.
        contacts.not_heard_since(work, message.contact_id, now - WINDOW, unless_after=doubted.accepted_at)
        outbox.fail(work, message.id, f"{error.code}: {error.description}", now)
    else:
        follow(work, message, error, now, WAIT)
