"""What has not reached people, and why: for officers, who may then telephone or write a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

import sqlalchemy as sa

from storage import telling
from storage.models import contact_seekers, contacts, outbox
from storage.telling import Manners
from storage.work import Work

Kind: TypeAlias = Literal["failed", "unreachable", "until_heard"]


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One message, or one contact, that waits for somebody to look at it."""

    kind: Kind
    """A message that failed; a contact to which nothing can be sent; one that is told once it writes again."""
    contact_id: int
    channel: str
    seekers: tuple[int, ...]
    """For whom the contact speaks; none has registered where it is empty."""
    since: datetime
    why: str
    """In the words of whoever refused; for "until_heard" how many vacancies wait."""


def collect(work: Work, manners: Manners, limit: int = 500) -> list[Undelivered]:
    """The newest ``limit`` of each kind, the oldest first. ``manners`` tell whose window is closed."""
    failed = (
        sa.select(outbox.c.contact_id, outbox.c.channel, outbox.c.created_at, outbox.c.error)
        .where(outbox.c.state == sa.literal_column("'failed'"))
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    unreachable = (
        sa.select(contacts.c.id, contacts.c.channel, contacts.c.blocked_at, contacts.c.blocked_why)
        .where(contacts.c.blocked_at.is_not(None), sa.exists().where(contact_seekers.c.contact_id == contacts.c.id))
        .order_by(contacts.c.blocked_at.desc())
        .limit(limit)
    )
    found: list[tuple[Kind, int, str, datetime, str]] = []
    for kind, asked in (("failed", failed), ("unreachable", unreachable)):
        rows = work.connection.execute(asked).all()
        found += [(kind, id_, channel, since, why or "") for id_, channel, since, why in reversed(rows)]  # type: ignore[misc]  # the names are of Kind
    for waiting in telling.until_heard(work, manners, limit):
        found.append(("until_heard", waiting.contact_id, waiting.channel, waiting.since, str(waiting.vacancies)))
    speaking = _speaking(work, {contact_id for _, contact_id, *_ in found})
    return [
        Undelivered(kind, contact_id, channel, speaking.get(contact_id, ()), since, why)
        for kind, contact_id, channel, since, why in found
    ]


def _speaking(work: Work, contact_ids: set[int]) -> dict[int, tuple[int, ...]]:
    linked = contact_seekers.c.contact_id, contact_seekers.c.seeker_id
    links = sa.select(*linked).where(linked[0].in_(contact_ids)).order_by(linked[1])
    rows = work.connection.execute(links)
    speaking: dict[int, tuple[int, ...]] = {}
    for contact_id, seeker_id in rows:
        speaking[contact_id] = (*speaking.get(contact_id, ()), seeker_id)
    return speaking
