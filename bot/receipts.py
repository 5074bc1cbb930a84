"""What platforms report of accepted messages is kept with them, and followed where they failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.channels.base import WINDOW, Receipt, SendError, Then, TurnFailed
from bot.failures import follow
from storage import contacts, outbox, receipts
from storage.outbox import Delivery
from storage.work import Work

WAIT: Final = 60.0
"""Seconds before another try of what was accepted and then not delivered."""


def keep(work: Work, reported: Sequence[Receipt], now: datetime, zone: ZoneInfo) -> None:
    """Note each report; a message that failed is tried again, or ends, as if sending it had failed at once.

    Raises TurnFailed for a failure that is told before it is noted here that the message was accepted: what is noted
    then would be lost, so the platform is to tell it again.
    """
    month = f"{now.astimezone(zone):%Y-%m}"
    for one in reported:
        if one.status == "failed":
            message = receipts.doubt(work, one.outbox_id, one.attempt, now)
            if message is None and receipts.under_way(work, one.outbox_id, one.attempt):
                raise TurnFailed("a message is reported to have failed that is still being sent")
            if message is not None and one.error is not None:
                _failed(work, message, one.error, now)
            continue
        receipts.receive(work, one.outbox_id, one.status)
        receipts.arrived(work, one.outbox_id, one.attempt, one.status, now)
        if one.status != "sent" and one.category is not None:
            receipts.count(work, one.outbox_id, one.category, one.billable, month)


def _failed(work: Work, message: Delivery, error: SendError, now: datetime) -> None:
    if error.then is Then.WHEN_HEARD:
        # The platform's window had closed before ours. Once this is noted, the channel tries what is left to try.
        contacts.not_heard_since(work, message.contact_id, now - WINDOW)
        outbox.fail(work, message.id, f"{error.code}: {error.description}", now)
    else:
        follow(work, message, error, now, WAIT)
