"""What a platform reports of messages that it had accepted: how far each has come, and what it counts as.

Being accepted is not being delivered. Reports come late, in any order and more than once; what has arrived
has arrived, and each message is counted once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from storage.dialects import upsert
from storage.models import message_counts, outbox
from storage.outbox import Delivery, read_claimed
from storage.work import Work

_BEFORE: Final = {"sent": (), "delivered": ("sent",), "read": ("sent", "delivered")}
"""After which receipts each is news."""


def receive(work: Work, outbox_id: int, receipt: str) -> None:
    """Note how far a message has come: "sent", "delivered" or "read"."""
    news = sa.or_(outbox.c.receipt.is_(None), outbox.c.receipt.in_(_BEFORE[receipt]))
    work.connection.execute(outbox.update().where(outbox.c.id == outbox_id, news).values(receipt=receipt))


def arrived(work: Work, outbox_id: int, sending: int, receipt: str, now: datetime) -> None:
    """A report says that the platform has the message, whoever was to note so: it is not sent again.

    So nothing is said twice of what a process was sending when it died, or was never answered about. "sent" tells it
    of the sending that is under way; it may be the older half of a report that it failed. Arrival tells it of all.
    """
    under_way = sa.and_(outbox.c.state == "claimed", outbox.c.sendings == sending)
    open_one = under_way if receipt == "sent" else outbox.c.state.in_(("claimed", "waiting"))
    ended = outbox.update().where(outbox.c.id == outbox_id, open_one)
    work.connection.execute(ended.values(state="sent", sent_at=now, claimed_at=None, error=None))


@dataclass(frozen=True, slots=True)
class Doubted:
    """A message that was accepted and will not be delivered: as if claimed and just tried, for the caller to go on."""

    message: Delivery
    accepted_at: datetime
    """When it was noted that the platform had accepted it."""


def doubt(work: Work, outbox_id: int, sending: int, now: datetime) -> Doubted | None:
    """The platform will not deliver what it had accepted.

    None when there is nothing to doubt: it has arrived, was sent again since, has ended, or is not kept any more.
    """
    accepted = (
        outbox.c.id == outbox_id,
        outbox.c.state == "sent",
        outbox.c.sendings == sending,
        sa.or_(outbox.c.receipt.is_(None), outbox.c.receipt == "sent"),
    )
    accepted_at = work.connection.scalar(sa.select(outbox.c.sent_at).where(*accepted).with_for_update())
    if accepted_at is None:
        return None
    doubted = outbox.update().where(outbox.c.id == outbox_id)
    work.connection.execute(doubted.values(state="claimed", claimed_at=now, sent_at=None, receipt=None))
    return Doubted(read_claimed(work, [outbox_id])[0], accepted_at)


def under_way(work: Work, outbox_id: int, sending: int) -> bool:
    """Whether this sending is under way: a report of it came before it was noted that the platform had accepted it."""
    open_one = outbox.c.id == outbox_id, outbox.c.state == "claimed", outbox.c.sendings == sending
    return work.connection.scalar(sa.select(outbox.c.id).where(*open_one)) is not None


def count(work: Work, outbox_id: int, category: str, billable: bool, month: str) -> None:
    """Count a message that has arrived, once, as one of ``category`` in ``month`` ("2026-11")."""
    uncounted = outbox.c.id == outbox_id, outbox.c.category.is_(None)
    counted = outbox.update().where(*uncounted).values(category=category).returning(outbox.c.channel)
    channel = work.connection.scalar(counted)
    if channel is None:
        return
    one = {"month": month, "channel": channel, "category": category, "billable": billable, "count": 1}
    insert = upsert(work, message_counts).values(one)
    keys = list(message_counts.primary_key)
    more = insert.on_conflict_do_update(index_elements=keys, set_={"count": message_counts.c.count + 1})
    work.connection.execute(more)
