"""What has not reached people, and why: for officers, who may then telephone or write a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from storage import telling
from storage.models import contact_seekers, contacts, outbox, seekers
from storage.outbox import WAITING
from storage.seekers import LISTED
from storage.telling import Manners
from storage.work import Work

Kind: TypeAlias = Literal["failed", "waiting", "unreachable", "until_heard"]

LONG = timedelta(hours=1)
"""A message that waits longer for its platform is worth a look."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One message, or one contact, that waits for somebody to look at it."""

    kind: Kind
    """A message that failed, or waits for its platform; a contact to which nothing can be sent, or that is told of
    vacancies once it writes again."""
    contact_id: int
    channel: str
    seekers: tuple[int, ...]
    """For whom the contact speaks; none has registered where it is empty."""
    since: datetime
    why: str
    """In the words of whoever refused; for "until_heard" how many vacancies wait."""


def collect(work: Work, manners: Manners, now: datetime, limit: int = 500) -> list[Undelivered]:
    """The newest ``limit`` of each kind, the oldest first. ``manners`` tell whose window is closed."""
    message = sa.select(outbox.c.contact_id, outbox.c.channel, outbox.c.created_at, outbox.c.error)
    message = message.order_by(outbox.c.id.desc()).limit(limit)
    failed = message.where(outbox.c.state == sa.literal_column("'failed'"))
    waiting = message.where(WAITING, outbox.c.error.is_not(None), outbox.c.created_at < now - LONG)
    unreachable = (
        sa.select(contacts.c.id, contacts.c.channel, contacts.c.blocked_at, contacts.c.blocked_why)
        .where(contacts.c.blocked_at.is_not(None), sa.exists().where(contact_seekers.c.contact_id == contacts.c.id))
        .order_by(contacts.c.blocked_at.desc())
        .limit(limit)
    )
    found: list[tuple[Kind, int, str, datetime, str]] = []
    asked: dict[Kind, sa.Select[Any]] = {"failed": failed, "waiting": waiting, "unreachable": unreachable}
    for kind, statement in asked.items():
        rows = work.connection.execute(statement).all()
        found += [(kind, id_, channel, since, why or "") for id_, channel, since, why in reversed(rows)]
    for untold in telling.until_heard(work, manners, limit):
        found.append(("until_heard", untold.contact_id, untold.channel, untold.since, str(untold.vacancies)))
    speaking = _speaking(work, {contact_id for _, contact_id, *_ in found})
    return [
        Undelivered(kind, contact_id, channel, speaking.get(contact_id, ()), since, why)
        for kind, contact_id, channel, since, why in found
    ]


def _speaking(work: Work, contact_ids: set[int]) -> dict[int, tuple[int, ...]]:
    linked = contact_seekers.c.contact_id, contact_seekers.c.seeker_id
    links = sa.select(*linked).join_from(contact_seekers, seekers)
    links = links.where(linked[0].in_(contact_ids), LISTED).order_by(linked[1])
    rows = work.connection.execute(links)
    speaking: dict[int, tuple[int, ...]] = {}
    for contact_id, seeker_id in rows:
        speaking[contact_id] = (*speaking.get(contact_id, ()), seeker_id)
    return speaking
