"""Tickets: talks handed to an officer, what was said in them, and how they ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

import sqlalchemy as sa

from conversations.domain.office import Institution, TicketLine, topics_of
from storage.models import contact_seekers, officers, ticket_messages, tickets
from storage.work import Work

Author: TypeAlias = Literal["person", "officer", "note"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """What somebody asked a person for."""

    id: int
    contact_id: int
    seeker_id: int | None
    """Whom it is about; None: whoever writes from the contact."""
    topic: str
    """As in ``OpenTicket``; or "lost_contact": somebody else has the seeker's number now, who is to be found."""
    text: str
    """The person's own words; may be empty."""
    opened_at: datetime
    answerable: bool
    """Whether an answer at the contact reaches whom the ticket is about: False where the contact does not speak for
    them any more, and somebody else would read it."""
    taken_by: int | None = None
    """The officer who answers it."""
    closed_at: datetime | None = None
    outcome: str | None = None
    """How it ended: one of ``OUTCOMES``."""


def open_ticket(work: Work, contact_id: int, seeker_id: int | None, topic: str, text: str, now: datetime) -> int:
    """Open a ticket; returns its id."""
    opened = tickets.insert().values(
        contact_id=contact_id, seeker_id=seeker_id, topic=topic, text=text, status="open", opened_at=now
    )
    ticket_id: int = work.connection.execute(opened.returning(tickets.c.id)).scalar_one()
    return ticket_id


def close(work: Work, ticket_id: int, outcome: str, now: datetime) -> bool:
    """Note that nothing is left to do, and how it ended; False: there is no such open ticket."""
    ended = tickets.update().where(tickets.c.id == ticket_id, tickets.c.status == "open")
    ended = ended.values(status="closed", outcome=outcome, closed_at=now)
    return work.connection.execute(ended.returning(tickets.c.id)).first() is not None


def take(work: Work, ticket_id: int, officer_id: int, *, over: bool = False) -> int | None:
    """Let the officer be the one who answers; returns who is: another officer, unless taken ``over`` from them.

    None: there is no such ticket. Of several who take it at once, one does.
    """
    free = sa.or_(tickets.c.taken_by.is_(None), sa.true() if over else sa.false())
    taken = tickets.update().where(tickets.c.id == ticket_id, free).values(taken_by=officer_id)
    work.connection.execute(taken)
    return work.connection.scalar(sa.select(tickets.c.taken_by).where(tickets.c.id == ticket_id))


def say(work: Work, ticket_id: int, author: Author, text: str, now: datetime, *, officer_id: int | None = None) -> None:
    """Keep what was said about the ticket. What the person says opens it again."""
    said = {"ticket_id": ticket_id, "author": author, "officer_id": officer_id, "text": text, "at": now}
    work.connection.execute(ticket_messages.insert().values(said))
    if author == "person":
        again = {"status": "open", "closed_at": None, "outcome": None}
        work.connection.execute(tickets.update().where(tickets.c.id == ticket_id).values(again))


def lines(work: Work, ticket_id: int) -> list[TicketLine]:
    """What was said since the ticket was opened, the oldest first."""
    rows = work.connection.execute(
        sa.select(
            ticket_messages.c.author,
            officers.c.name,
            officers.c.institution,
            ticket_messages.c.text,
            ticket_messages.c.at,
        )
        .select_from(ticket_messages.outerjoin(officers, officers.c.id == ticket_messages.c.officer_id))
        .where(ticket_messages.c.ticket_id == ticket_id)
        .order_by(ticket_messages.c.id)
    )
    return [TicketLine(*row) for row in rows]


_SPEAKING = sa.exists().where(
    contact_seekers.c.contact_id == tickets.c.contact_id, contact_seekers.c.seeker_id == tickets.c.seeker_id
)
_COLUMNS = (
    tickets.c.id,
    tickets.c.contact_id,
    tickets.c.seeker_id,
    tickets.c.topic,
    tickets.c.text,
    tickets.c.opened_at,
    sa.or_(tickets.c.seeker_id.is_(None), _SPEAKING),
    tickets.c.taken_by,
    tickets.c.closed_at,
    tickets.c.outcome,
)


def of_contact(work: Work, ticket_id: int, contact_id: int) -> bool:
    """Whether the contact may read and go on with the ticket: it was asked there, or is about whom it speaks for."""
    speaks = sa.exists().where(
        contact_seekers.c.contact_id == contact_id, contact_seekers.c.seeker_id == tickets.c.seeker_id
    )
    nobodys = sa.and_(tickets.c.seeker_id.is_(None), tickets.c.contact_id == contact_id)
    asked = sa.select(tickets.c.id).where(tickets.c.id == ticket_id, sa.or_(nobodys, speaks))
    return work.connection.execute(asked).first() is not None


def get(work: Work, ticket_id: int, institution: Institution = "work") -> Ticket | None:
    """The ticket, open or closed, if there is one that the institution answers."""
    asked = sa.select(*_COLUMNS).where(tickets.c.id == ticket_id, _answered_by(institution))
    row = work.connection.execute(asked).one_or_none()
    return None if row is None else Ticket(*row)


def list_open(work: Work, limit: int = 100, *, offset: int = 0, institution: Institution = "work") -> list[Ticket]:
    """The open tickets that the institution answers, the oldest first."""
    asked = sa.select(*_COLUMNS).where(tickets.c.status == "open", _answered_by(institution))
    rows = work.connection.execute(asked.order_by(tickets.c.id).offset(offset).limit(limit))
    return [Ticket(*row) for row in rows]


def count_open(work: Work, institution: Institution = "work") -> int:
    """How many open tickets the institution answers."""
    counted = sa.select(sa.func.count()).select_from(tickets)
    found = work.connection.execute(counted.where(tickets.c.status == "open", _answered_by(institution)))
    return found.scalar_one()


def _answered_by(institution: Institution) -> sa.ColumnElement[bool]:
    topics = topics_of(institution)
    return sa.true() if topics is None else tickets.c.topic.in_(sorted(topics))
