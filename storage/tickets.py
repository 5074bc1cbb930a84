"""Tickets: talks handed to an officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.models import contact_seekers, tickets
from storage.work import Work


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


def open_ticket(work: Work, contact_id: int, seeker_id: int | None, topic: str, text: str, now: datetime) -> int:
    """Open a ticket; returns its id."""
    opened = tickets.insert().values(
        contact_id=contact_id, seeker_id=seeker_id, topic=topic, text=text, status="open", opened_at=now
    )
    ticket_id: int = work.connection.execute(opened.returning(tickets.c.id)).scalar_one()
    return ticket_id


def close(work: Work, ticket_id: int) -> None:
    """Note that an officer has answered."""
    work.connection.execute(tickets.update().where(tickets.c.id == ticket_id).values(status="closed"))


def list_open(work: Work, limit: int = 100) -> list[Ticket]:
    """The open tickets, the oldest first."""
    speaking = sa.exists().where(
        contact_seekers.c.contact_id == tickets.c.contact_id, contact_seekers.c.seeker_id == tickets.c.seeker_id
    )
    rows = work.connection.execute(
        sa.select(
            tickets.c.id,
            tickets.c.contact_id,
            tickets.c.seeker_id,
            tickets.c.topic,
            tickets.c.text,
            tickets.c.opened_at,
            sa.or_(tickets.c.seeker_id.is_(None), speaking),
        )
        .where(tickets.c.status == "open")
        .order_by(tickets.c.id)
        .limit(limit)
    )
    return [Ticket(*row) for row in rows]
