"""The outbox: messages committed but not yet delivered, and what became of them.

States: waiting -> claimed -> sent, or failed (an error officers can see), or dropped (nobody to
receive it). Order: a contact's replies go out one after the other; alerts too, and never while a
reply of the same contact waits. An alert put off until the morning does not hold up replies.

Who holds a claimed message: with no attempt counted the turn that wrote it (or was asked for it
again), otherwise delivery. A message that is sent but keeps its ``claimed_at`` was written into the
response to its own update, of which nobody reports whether it arrived: should that update come
again, it did not. See docs/decisions/0006-delivery.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from storage.bulk import Asked, ForMany, InsertMany, together
from storage.models import contacts, inbound, outbox
from storage.work import Work

Kind: TypeAlias = Literal["reply", "alert"]

STALLED = timedelta(seconds=60)
"""A claim older than this was left by a process that died, and is taken up again."""

RENEWED = STALLED / 4
"""A claim older than this, whose process lives and still works on it, is made young again."""

KEEP = timedelta(days=7)
"""How long inbound ids and messages are kept, whatever became of them."""

# Literals, not parameters: with a parameter PostgreSQL's generic plan would miss the partial indexes.
WAITING = outbox.c.state == sa.literal_column("'waiting'")
CLAIMED = outbox.c.state == sa.literal_column("'claimed'")


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to write to the outbox."""

    contact_id: int
    channel: str
    """The contact's own."""
    body: dict[str, Any]
    """``OutgoingMessage.to_json()``."""
    kind: Kind = "reply"
    external_id: str | None = None
    """The inbound message this answers."""
    dedupe_key: str | None = None
    """Written once only, whatever is tried: e.g. "digest:<contact>:<date>"."""
    not_before: datetime | None = None
    claimed: bool = False
    """The writer delivers it itself, at once (no attempt is counted); if it does not confirm, ``rescue`` gives
    it to delivery."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed message, with what must be known at the moment of sending."""

    id: int
    contact_id: int
    channel: str
    address: str
    kind: Kind
    body: dict[str, Any]
    attempts: int
    """This one included."""
    created_at: datetime
    alerts: bool
    """Whether the contact wants alerts now (it may have said STOP since)."""
    blocked: bool
    locale: str
    """The contact's, now."""
    heard_at: datetime | None
    """When the person wrote last, where the channel has a window for that."""
    sendings: int
    """How often it was given to be sent, this time included; unlike attempts it only grows."""
    unreadable: str | None = None
    """Why it cannot be sent, whatever is tried: no key opens it. Address and body are then empty."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A message of the outbox as it was written."""

    id: int
    body: dict[str, Any]
    confirmed: bool
    """Whether it is known to have been handed over."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a talk: either what the person said or what the service answered."""

    at: datetime
    said: str | None = None
    body: dict[str, Any] | None = None
    outbox_id: int | None = None
    external_id: str | None = None
    confirmed: bool = False
    """Whether an answer is known to have been handed over."""


def add(
    work: Work, messages: Sequence[NewMessage], now: datetime, ahead: Sequence[Asked] = (), *, last: bool = False
) -> list[int | None]:
    """Write ``messages``; returns their ids in the same order, None where the dedupe key was there already.

    What is asked ``ahead`` goes along before, in the same round trip, and so does the commit where this is the
    ``last`` of a transaction.
    """
    rows = [_row(message, now) for message in messages]
    if any(message.dedupe_key is not None for message in messages):
        # An INSERT that leaves rows out cannot say which ones, so each is asked by itself.
        added = together(work, *ahead, *(_add_once.of(work, [row]) for row in rows), last=last)[len(ahead) :]
        return [one[0][0] if one else None for one in added]
    *_, ids = together(work, *ahead, _add.of(work, rows), last=last)
    # They are given in the order of the rows: the lowest belongs to the first.
    return sorted(outbox_id for (outbox_id,) in ids)


_COLUMNS = (
    "contact_id",
    "channel",
    "kind",
    "external_id",
    "dedupe_key",
    "body",
    "state",
    "not_before",
    "attempts",
    "claimed_at",
    "created_at",
)
_add = InsertMany(outbox, _COLUMNS, lambda insert: insert.returning(outbox.c.id))
_add_once = InsertMany(
    outbox,
    _COLUMNS,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(outbox.c.id),
)


def _row(message: NewMessage, now: datetime) -> tuple[Any, ...]:
    claimed = message.claimed
    return (
        message.contact_id,
        message.channel,
        message.kind,
        message.external_id,
        message.dedupe_key,
        message.body,
        "claimed" if claimed else "waiting",
        message.not_before or now,
        0,
        now if claimed else None,
        now,
    )


def confirm(work: Work, ids: Sequence[int], now: datetime) -> None:
    """Note that these were handed over. A message that has ended otherwise meanwhile stays as it is."""
    together(work, confirmation(work, ids, now))


def confirmation(work: Work, ids: Sequence[int], now: datetime) -> Asked:
    """``confirm``, to be run with others."""
    return _confirm.of(work, ids, now)


def answering(work: Work, ids: Sequence[int], now: datetime) -> Asked:
    """``confirm`` for what was written into the response to its own update, to be run with others."""
    return _answered.of(work, ids, now)


def _ending(ids: Sequence[Any], **values: Any) -> Any:
    open_ones = outbox.c.state.in_([sa.literal_column(f"'{state}'") for state in ("waiting", "claimed")])
    ended = outbox.update().where(outbox.c.id.in_(ids), open_ones)
    return ended.values(state="sent", sent_at=sa.bindparam("at"), error=None, **values)


_confirm = ForMany(outbox.c.id, lambda ids: _ending(ids, claimed_at=None), others=["at"])
# A claim on which nothing was reported: the time stays.
_answered = ForMany(outbox.c.id, lambda ids: _ending(ids, claimed_at=sa.bindparam("at")), others=["at"])


def claim(work: Work, limit: int, channels: Iterable[str], now: datetime) -> list[Delivery]:
    """Take up to ``limit`` messages that are due, replies first, for the caller alone to send.

    At most one message a contact: the next one can be claimed when this one has ended. Stalled
    claims are rescued first; see ``renew``. Several processes may claim at once.
    """
    rescue(work, now - STALLED)
    ids: list[int] = []
    for kind in ("reply", "alert"):
        for channel in channels:
            if len(ids) < limit:
                picked = {"of_kind": kind, "on_channel": channel, "now": now, "most": limit - len(ids)}
                picked |= {"tomorrow": now + timedelta(days=1)} if kind == "alert" else {}
                ids += work.connection.scalars(_CLAIM[kind], picked)
    if not ids:
        return []
    return sorted(read_claimed(work, ids), key=lambda delivery: (delivery.kind == "alert", delivery.id))


def read_claimed(work: Work, ids: Sequence[int]) -> list[Delivery]:
    """The claimed messages; where one cannot be read, it alone is without its body."""
    try:
        return [Delivery(*row) for row in work.connection.execute(_deliveries, {"ids": ids})]
    except sa.exc.DBAPIError:
        raise
    except Exception as error:  # a key, a cipher or a decoder, each with errors of its own
        if len(ids) > 1:
            return [delivery for outbox_id in ids for delivery in read_claimed(work, [outbox_id])]
        (bare,) = work.connection.execute(_bare, {"ids": ids})
        return [replace(Delivery(*bare), unreadable=type(error).__name__)]


def _claim_statement(kind: Kind) -> Any:
    earlier = outbox.alias("earlier")
    time = outbox.c.not_before.type
    before = [earlier.c.contact_id == outbox.c.contact_id, earlier.c.state.in_(("waiting", "claimed"))]
    if kind == "reply":
        before += [earlier.c.id < outbox.c.id, earlier.c.kind == "reply"]
    else:
        # A reply that waits for the person to write again holds up nothing that can reach them.
        soon = sa.or_(earlier.c.state == "claimed", earlier.c.not_before < sa.bindparam("tomorrow", type_=time))
        before.append(sa.case((earlier.c.kind == "reply", soon), else_=earlier.c.id < outbox.c.id))
    picked = (
        sa.select(outbox.c.id)
        .where(
            WAITING,
            outbox.c.channel == sa.bindparam("on_channel"),
            outbox.c.kind == sa.bindparam("of_kind"),
            outbox.c.not_before <= sa.bindparam("now", type_=time),
            ~sa.exists().where(*before),
        )
        .order_by(outbox.c.not_before, outbox.c.id)
        .limit(sa.bindparam("most", type_=sa.Integer))
        .with_for_update(skip_locked=True)
        # A CTE is evaluated once; a subquery that locks may run again, and lock other rows.
        .cte("picked")
    )
    return (
        outbox.update()
        .where(outbox.c.id.in_(sa.select(picked.c.id)))
        .values(
            state="claimed",
            claimed_at=sa.bindparam("now"),
            attempts=outbox.c.attempts + 1,
            sendings=outbox.c.sendings + 1,
        )
        .returning(outbox.c.id)
    )


_CLAIM = {"reply": _claim_statement("reply"), "alert": _claim_statement("alert")}


def _selected(address: Any, body: Any) -> sa.Select[Any]:
    columns = (outbox.c.id, outbox.c.contact_id, outbox.c.channel, address, outbox.c.kind, body)
    known = (
        outbox.c.attempts,
        outbox.c.created_at,
        contacts.c.alerts,
        contacts.c.blocked_at.is_not(None),
        contacts.c.locale,
        contacts.c.heard_at,
        outbox.c.sendings,
    )
    chosen = outbox.c.id.in_(sa.bindparam("ids", expanding=True))
    return sa.select(*columns, *known).join_from(outbox, contacts).where(chosen)


_deliveries = _selected(contacts.c.address, outbox.c.body)
_bare = _selected(sa.literal_column("''"), sa.literal_column("NULL"))


def renew(work: Work, ids: Sequence[int], now: datetime) -> None:
    """Say that the caller still works on these claims of its own, so that nobody rescues them."""
    if ids:
        still = outbox.c.id.in_(ids), CLAIMED, outbox.c.claimed_at < now - RENEWED
        work.connection.execute(outbox.update().where(*still).values(claimed_at=now))


def rescue(work: Work, before: datetime) -> int:
    """Let messages claimed before ``before`` and never ended be claimed again; returns how many."""
    rescued = outbox.update().where(CLAIMED, outbox.c.claimed_at < before).values(state="waiting", claimed_at=None)
    return work.connection.execute(rescued).rowcount


def release(work: Work, ids: Iterable[int], not_before: datetime, error: str | None = None) -> None:
    """Give claimed messages back untried (a pause the platform asked for): they count no attempt.

    ``error``: what they wait for, for officers.
    """
    work.connection.execute(
        outbox.update()
        .where(outbox.c.id.in_(list(ids)), CLAIMED)
        .values(
            state="waiting",
            claimed_at=None,
            not_before=not_before,
            error=error,
            attempts=sa.case((outbox.c.attempts > 0, outbox.c.attempts - 1), else_=0),
        )
    )


def fail(work: Work, outbox_id: int, error: str, retry_at: datetime | None) -> None:
    """Note that sending failed: it is tried again at ``retry_at``, or has ended (None) with ``error`` for officers."""
    state = {"state": "failed"} if retry_at is None else {"state": "waiting", "not_before": retry_at}
    work.connection.execute(
        outbox.update().where(outbox.c.id == outbox_id, CLAIMED).values(claimed_at=None, error=error, **state)
    )


def drop(work: Work, ids: Iterable[int]) -> None:
    """End messages that nobody wants any more (an alert after STOP)."""
    work.connection.execute(
        outbox.update()
        .where(outbox.c.id.in_(list(ids)), outbox.c.state.in_(("waiting", "claimed")))
        .values(state="dropped", claimed_at=None)
    )


def drop_waiting(work: Work, contact_id: int, kind: Kind | None = None) -> None:
    """End what waits for a contact: of one ``kind``, or all of it."""
    dropped = outbox.update().where(WAITING, outbox.c.contact_id == contact_id).values(state="dropped")
    work.connection.execute(dropped if kind is None else dropped.where(outbox.c.kind == kind))


def for_inbound(work: Work, channel: str, external_id: str) -> list[Stored]:
    """The replies to an inbound message, in order; empty if there were none (or it never came)."""
    rows = work.connection.execute(_for_inbound, {"channel": channel, "external_id": external_id})
    return [Stored(row.id, row.body, row.state not in ("waiting", "claimed")) for row in rows]


_for_inbound = (
    # By way of the inbound row, whose key this is: replies then need no index of their own for it.
    sa.select(outbox.c.id, outbox.c.body, outbox.c.state)
    .join_from(inbound, outbox, inbound.c.contact_id == outbox.c.contact_id)
    .where(
        inbound.c.channel == sa.bindparam("channel"),
        inbound.c.external_id == sa.bindparam("external_id"),
        outbox.c.external_id == inbound.c.external_id,
    )
    .order_by(outbox.c.id)
)


def waiting_for(work: Work, contact_id: int, now: datetime) -> list[Stored]:
    """What is due for a contact of a channel that fetches (web, terminal), in order. Confirm what was shown."""
    due = (
        sa.select(outbox.c.id, outbox.c.body)
        .where(WAITING, outbox.c.contact_id == contact_id, outbox.c.not_before <= now)
        .order_by(outbox.c.id)
    )
    return [Stored(row.id, row.body, False) for row in work.connection.execute(due)]


def transcript(work: Work, contact_id: int, limit: int) -> list[Line]:
    """The last ``limit`` lines of a talk, the oldest first: what was said (where kept) and what was answered."""
    said = work.connection.execute(
        sa.select(inbound.c.received_at, inbound.c.said, inbound.c.external_id)
        .where(inbound.c.contact_id == contact_id, inbound.c.said.is_not(None))
        .order_by(inbound.c.received_at.desc())
        .limit(limit)
    )
    answered = work.connection.execute(
        sa.select(outbox.c.created_at, outbox.c.body, outbox.c.id, outbox.c.external_id, outbox.c.state)
        .where(outbox.c.contact_id == contact_id, outbox.c.state.in_(("waiting", "claimed", "sent")))
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    lines = [Line(row.received_at, said=row.said, external_id=row.external_id) for row in said]
    # An answer stands right after what it answers, though turns of one batch were answered together.
    asked_at = {line.external_id: line.at for line in lines}
    for row in answered:
        at = row.created_at if row.external_id is None else asked_at.get(row.external_id, row.created_at)
        lines.append(Line(at, None, row.body, row.id, row.external_id, row.state == "sent"))
    lines.sort(key=lambda line: (line.at, line.outbox_id or 0))
    return lines[-limit:]


def purge(work: Work, now: datetime) -> int:
    """Delete inbound messages (their ids, and what was said) and messages older than KEEP; returns how many rows went.

    Whatever became of them: what nobody came for in that time is not kept for them either.
    """
    before = now - KEEP
    old_inbound = inbound.delete().where(inbound.c.received_at < before)
    old_outbox = outbox.delete().where(outbox.c.created_at < before)
    return sum(work.connection.execute(statement).rowcount for statement in (old_inbound, old_outbox))
