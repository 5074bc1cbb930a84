"""Talks: what was said by and to a contact, its newest part or all of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from conversations.engine.session import Session
from storage import matches, reminders
from storage.models import contact_seekers, contacts, inbound, outbox, sessions, tickets
from storage.outbox import Line
from storage.work import Work

QUIET = timedelta(days=90)
"""How long answers are kept of somebody who has not registered, and may come back to go on."""


def answered_after(work: Work, contact_id: int, after: int, limit: int) -> list[Line]:
    """The last ``limit`` messages to a contact whose outbox id is greater than ``after``, the oldest first.

    A page that waits asks once a second: only what is new is read, and decrypted.
    """
    found = work.connection.execute(
        sa.select(outbox.c.created_at, outbox.c.body, outbox.c.id, outbox.c.external_id, outbox.c.state)
        .where(
            outbox.c.contact_id == contact_id,
            outbox.c.id > after,
            outbox.c.state.in_(("waiting", "claimed", "sent")),
        )
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    lines = [Line(row.created_at, None, row.body, row.id, row.external_id, row.state == "sent") for row in found]
    return lines[::-1]


def empty_quiet(work: Work, now: datetime) -> int:
    """Remove the answers of talks that were quiet for QUIET, of contacts that speak for nobody; returns how many.

    Whoever has registered finds a half-filled form where it was; it is about what is kept of them anyway.
    """
    speaking = sa.select(contact_seekers.c.contact_id)
    quiet = (
        sessions.c.updated_at < now - QUIET,
        sessions.c.body.is_not(None),
        sessions.c.contact_id.not_in(speaking),
    )
    reminders.note_expired(work, quiet, now)
    emptied = sessions.update().where(*quiet).values(version=sessions.c.version + 1, **EMPTY)
    return work.connection.execute(emptied).rowcount


EMPTY = {"body": None, "in_form": False, "unfinished": None, "reminded": 0}
"""A session of which nothing is left."""


def lock(work: Work, contact_ids: Iterable[int]) -> None:
    """Wait until no other turn of these contacts is running, and let none begin, in the order in which turns do.

    To be called before anything is changed that such a turn may want to change too: it would wait for that.
    """
    locked = sa.select(contacts.c.id).where(contacts.c.id.in_(list(contact_ids))).order_by(contacts.c.address_hash)
    work.connection.execute(locked.with_for_update(key_share=True))


def erase(
    work: Work,
    contact_ids: Iterable[int],
    *,
    about: int | None = None,
    acting_contact_id: int | None = None,
    since: datetime | None = None,
) -> None:
    """Remove the session's answers, what was said, every message in the outbox, and tickets that name nobody.

    The bare ids of recent messages stay, so that none is taken twice. So do the tickets of a contact
    that still speaks for somebody, who may be the one they are about.

    ``about``: the seeker (an id, or NEW) because of whom: a contact that speaks for others keeps what its session
    holds of them, and what it was still to be told of them is told anew.

    ``acting_contact_id``: the contact whose turn this is; its session's version stays, for the turn
    will save it: write the turn's own replies after this. Other sessions get a new version, so that a
    turn of theirs that is running now cannot write the old answers back.

    ``since``: somebody else writes from there since then, and their tickets stay.
    """
    ids = sorted(contact_ids)
    lock(work, ids)
    step = sa.case((sessions.c.contact_id == (acting_contact_id or 0), 0), else_=1)
    speaking = sa.select(contact_seekers.c.contact_id)
    left = _of_others(work, ids, about) if about is not None else {}
    for contact_id, session in left.items():
        matches.untell_waiting(work, contact_id)
        kept = sessions.update().where(sessions.c.contact_id == contact_id)
        work.connection.execute(kept.values(version=sessions.c.version + step, body=session.to_json()))
    emptied = sessions.c.contact_id.in_([id_ for id_ in ids if id_ not in left])
    work.connection.execute(sessions.update().where(emptied).values(version=sessions.c.version + step, **EMPTY))
    work.connection.execute(
        inbound.update().where(inbound.c.contact_id.in_(ids), inbound.c.said.is_not(None)).values(said=None)
    )
    work.connection.execute(outbox.delete().where(outbox.c.contact_id.in_(ids)))
    nobodys = tickets.delete().where(
        tickets.c.contact_id.in_(ids), tickets.c.seeker_id.is_(None), tickets.c.contact_id.not_in(speaking)
    )
    work.connection.execute(nobodys if since is None else nobodys.where(tickets.c.opened_at < since))


def _of_others(work: Work, contact_ids: Iterable[int], about: int) -> dict[int, Session]:
    """The sessions of those contacts that speak for others than ``about``, with only what is about these."""
    rows = work.connection.execute(
        sa.select(contact_seekers.c.contact_id, sessions.c.body)
        .outerjoin(sessions, sessions.c.contact_id == contact_seekers.c.contact_id)
        .where(contact_seekers.c.contact_id.in_(list(contact_ids)), contact_seekers.c.seeker_id != about)
    )
    return {row.contact_id: Session.from_json(row.body).without(about) for row in rows}
