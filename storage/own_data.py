"""What is kept about one person besides their profile, for that person alone."""

from __future__ import annotations

import sqlalchemy as sa

from conversations.domain.kept import Asked, Given, Joined, Kept, Read, Told
from storage import audit, links, seekers
from storage.models import matches, tickets, vacancies
from storage.models import seekers as kept_seekers
from storage.work import Work

MOST = 500
"""Of what has no end: matches and readings. Older ones are in the officers' answer to a letter."""


def kept_about(work: Work, seeker_id: int, contact_id: int) -> Kept:
    """Everything besides the profile; ``contact_id``: the contact that asks. Raises NoResultFound for nobody."""
    registered_at = work.connection.execute(
        sa.select(kept_seekers.c.created_at).where(kept_seekers.c.id == seeker_id)
    ).scalar_one()
    return Kept(
        registered_at,
        tuple(
            Given(c.purpose, c.version, c.wording, c.channel, c.giver, c.given_at, c.withdrawn_at)
            for c in seekers.consents_of(work, seeker_id)
        ),
        _contacts(work, seeker_id, contact_id),
        _told(work, seeker_id),
        _asked(work, seeker_id),
        tuple(Read(one.at, one.institution, one.officer) for one in audit.readers_of(work, seeker_id, MOST)),
    )


def _contacts(work: Work, seeker_id: int, contact_id: int) -> tuple[Joined, ...]:
    found = [Joined(s.channel, s.contact_id == contact_id, s.joined_at) for s in links.speakers(work, seeker_id)]
    return tuple(sorted(found, key=lambda one: not one.here))


def _told(work: Work, seeker_id: int) -> tuple[Told, ...]:
    rows = work.connection.execute(
        sa.select(vacancies.c.title, vacancies.c.employer, matches.c.created_at, matches.c.told_at)
        .join_from(matches, vacancies, vacancies.c.id == matches.c.vacancy_id)
        .where(matches.c.seeker_id == seeker_id)
        .order_by(matches.c.created_at.desc(), matches.c.vacancy_id.desc())
        .limit(MOST)
    )
    return tuple(Told(*row) for row in rows)


def _asked(work: Work, seeker_id: int) -> tuple[Asked, ...]:
    rows = work.connection.execute(
        sa.select(tickets.c.topic, tickets.c.text, tickets.c.opened_at, tickets.c.status == "open")
        .where(tickets.c.seeker_id == seeker_id)
        .order_by(tickets.c.id)
    )
    return tuple(Asked(*row) for row in rows)
