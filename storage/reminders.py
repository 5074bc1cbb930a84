"""Registrations that were left: whom to remind of theirs, and at which questions people are lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import sqlalchemy as sa

from storage.dialects import upsert
from storage.models import contacts, form_ends, sessions
from storage.work import Work

Outcome: TypeAlias = Literal["saved", "cancelled", "expired"]

AFTER = (timedelta(days=1), timedelta(days=7))
"""How long a registration has been left when its person is reminded: once each, and never again."""

APART = timedelta(days=5)
"""At least between the two, also where the service stood still when the first was due."""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who has left a registration that they had consented to."""

    contact_id: int
    channel: str
    locale: str
    reminded: int
    """How often they were reminded of it."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which channels take a message only within a window of time after the person wrote."""

    windowed: Sequence[str]
    window: timedelta
    templated: Sequence[str]
    """Locales in which a template gets through outside of it."""

    def first(self) -> timedelta:
        """On such a channel the first reminder comes a little before the window closes."""
        return self.window - timedelta(hours=2)


def left(work: Work, now: datetime, reach: Reach, limit: int = 100) -> list[Left]:
    """Who is to be reminded now, the longest waiting first. Who said STOP or cannot be reached is not."""
    quiet_for = [sessions.c.updated_at <= now - after for after in AFTER]
    windowed = contacts.c.channel.in_(list(reach.windowed))
    written = contacts.c.heard_at
    closing = sa.and_(windowed, sessions.c.updated_at <= now - reach.first(), written > now - reach.window)
    open_way = sa.or_(sa.not_(windowed), written > now - reach.window, contacts.c.locale.in_(list(reach.templated)))
    due = sa.or_(
        sa.and_(sessions.c.reminded == 0, sa.or_(closing, sa.and_(quiet_for[0], open_way))),
        sa.and_(sessions.c.reminded == 1, quiet_for[1], sessions.c.reminded_at <= now - APART, open_way),
    )
    rows = work.connection.execute(
        sa.select(contacts.c.id, contacts.c.channel, contacts.c.locale, sessions.c.reminded)
        .join_from(sessions, contacts)
        .where(sessions.c.unfinished.is_not(None), contacts.c.alerts, contacts.c.blocked_at.is_(None), due)
        .where(contacts.c.frozen_at.is_(None))
        .order_by(sessions.c.updated_at, contacts.c.id)
        .limit(limit)
    )
    return [Left(*row) for row in rows]


def mark_reminded(work: Work, reminded: Sequence[Left], now: datetime) -> set[int]:
    """Note that these are being reminded; returns the ids of the contacts that were not reminded meanwhile."""
    won: set[int] = set()
    for one in reminded:
        # Whoever has come back or finished since is not reminded; of several who remind at once, one does.
        still = (
            sessions.c.contact_id == one.contact_id,
            sessions.c.reminded == one.reminded,
            sessions.c.unfinished.is_not(None),
        )
        marked = sessions.update().where(*still).values(reminded=one.reminded + 1, reminded_at=now)
        won |= set(work.connection.scalars(marked.returning(sessions.c.contact_id)))
    return won


def note_ends(work: Work, month: str, ends: Mapping[tuple[str, Outcome], int]) -> None:
    """Count registrations that ended: (question, outcome) -> how many. ``month``: "2026-11", where the region is."""
    for (state, outcome), count in sorted(ends.items()):
        row = {"month": month, "state": state, "outcome": outcome, "count": count}
        insert = upsert(work, form_ends).values(row)
        more = {"count": form_ends.c.count + insert.excluded["count"]}
        work.connection.execute(insert.on_conflict_do_update(index_elements=list(form_ends.primary_key), set_=more))


def note_expired(work: Work, which: Sequence[sa.ColumnElement[bool]], now: datetime) -> None:
    """Count the registrations among these sessions, which are about to be forgotten, as expired."""
    counted = (
        sa.select(sessions.c.unfinished, sa.func.count())
        .where(sessions.c.unfinished.is_not(None), *which)
        .group_by(sessions.c.unfinished)
    )
    ends: dict[tuple[str, Outcome], int] = {(state, "expired"): n for state, n in work.connection.execute(counted)}
    note_ends(work, f"{now:%Y-%m}", ends)


@dataclass(frozen=True, slots=True)
class DropOff:
    """What became of registrations that were consented to, by the question at which they stand or ended."""

    saved: int
    cancelled: Mapping[str, int]
    expired: Mapping[str, int]
    left: Mapping[str, int]
    """Not ended, and quiet for longer than the first of AFTER."""


def drop_off(work: Work, now: datetime) -> DropOff:
    """Since counting began."""
    counted = sa.select(form_ends.c.outcome, form_ends.c.state, sa.func.sum(form_ends.c.count))
    ends: dict[str, dict[str, int]] = {"saved": {}, "cancelled": {}, "expired": {}}
    for outcome, state, count in work.connection.execute(counted.group_by(form_ends.c.outcome, form_ends.c.state)):
        ends[outcome][state] = int(count)
    standing = (
        sa.select(sessions.c.unfinished, sa.func.count().label("people"))
        .where(sessions.c.unfinished.is_not(None), sessions.c.updated_at <= now - AFTER[0])
        .group_by(sessions.c.unfinished)
    )
    still = {row.unfinished: row.people for row in work.connection.execute(standing)}
    return DropOff(sum(ends["saved"].values()), ends["cancelled"], ends["expired"], still)
