"""Answers that a turn hands over once more: its update came again, or they have waited for another attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.bulk import Asked, ForMany, Rows
from storage.models import inbound, outbox
from storage.outbox import CLAIMED, STALLED, WAITING, fail, read_claimed
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Held:
    """A reply claimed for the caller to hand over."""

    id: int
    contact_id: int
    body: dict[str, Any]
    sendings: int
    """This one included."""


def take_over(work: Work, channel: str, external_id: str, now: datetime) -> list[Held]:
    """The replies to an inbound message that came again, claimed for the caller to hand over (once more), in order.

    Left out: what is known to have been handed over, and what delivery is sending just now. What was
    written into the response to that message is in it: that it came again proves the response lost.
    """
    picked = {"on_channel": channel, "answering": external_id, "now": now, "stalled": now - STALLED}
    return _held(work, list(work.connection.scalars(_take_over, picked)))


def _held(work: Work, ids: list[int]) -> list[Held]:
    """Messages just claimed, in order. One that cannot be read ends with its error, and takes no other along."""
    held = sorted(read_claimed(work, ids), key=lambda one: one.id)
    for one in held:
        if one.unreadable is not None:
            fail(work, one.id, one.unreadable, None)
    return [Held(one.id, one.contact_id, one.body, one.sendings) for one in held if one.unreadable is None]


def _take_over_statement() -> Any:
    mine = outbox.c.attempts == 0
    stalled = outbox.c.claimed_at < sa.bindparam("stalled", type_=outbox.c.claimed_at.type)
    unseen = sa.or_(
        WAITING,
        sa.and_(CLAIMED, sa.or_(mine, stalled)),
        sa.and_(outbox.c.state == "sent", outbox.c.claimed_at.is_not(None)),
    )
    replies = sa.select(outbox.c.id).join_from(inbound, outbox, inbound.c.contact_id == outbox.c.contact_id)
    picked = replies.where(
        inbound.c.channel == sa.bindparam("on_channel"),
        inbound.c.external_id == sa.bindparam("answering"),
        outbox.c.external_id == inbound.c.external_id,
    ).correlate(None)
    return (
        outbox.update()
        # Not within the subquery: of a row that delivery has just claimed only what stands here is looked at again.
        .where(outbox.c.id.in_(picked), unseen)
        .values(
            state="claimed",
            claimed_at=sa.bindparam("now"),
            sent_at=None,
            attempts=0,
            sendings=outbox.c.sendings + 1,
        )
        .returning(outbox.c.id)
    )


_take_over = _take_over_statement()


def late(work: Work, channel: str, contact_ids: Sequence[int], now: datetime) -> Asked:
    """Claim the replies to these contacts that wait for another attempt: they go before any new one.

    To be run with others; ``late_ones`` reads the rows it returns.
    """
    return _late.of(work, contact_ids, now, channel)


def late_ones(work: Work, rows: Rows) -> list[Held]:
    """What ``late`` claimed, in order."""
    return _held(work, [outbox_id for (outbox_id,) in rows]) if rows else []


_late = ForMany(
    outbox.c.contact_id,
    lambda contact_ids: (
        outbox.update()
        # "+ 0": hardly a reply ever waits, so their own index, and not all that was said to the contact, is read.
        .where(
            WAITING,
            outbox.c.kind == sa.literal_column("'reply'"),
            (outbox.c.contact_id + sa.literal_column("0")).in_(contact_ids),
            outbox.c.channel == sa.bindparam("on_channel", type_=outbox.c.channel.type),
        )
        .values(state="claimed", claimed_at=sa.bindparam("at"), attempts=0, sendings=outbox.c.sendings + 1)
        .returning(outbox.c.id)
    ),
    others=["at", "on_channel"],
)
