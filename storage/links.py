"""One seeker at several contacts: codes that join them, which of them is told, and parting again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from conversations.consent import telling
from storage import matches, outbox, seekers, talks, tickets
from storage.dialects import upsert
from storage.models import contact_seekers, contacts, link_codes
from storage.models import seekers as kept_seekers
from storage.models import tickets as kept_tickets
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Offer:
    """A code that is good: who shows it, and whom it joins to."""

    contact_id: int
    seeker_id: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """One contact of a seeker."""

    contact_id: int
    channel: str
    locale: str
    open: bool
    """Whether news may go there: it wants them, and has not blocked the service."""
    joined_at: datetime | None
    """When a code joined it; None: the seeker was registered there."""


TOLD_FIRST = (contact_seekers.c.preferred_at.desc().nulls_last(), contact_seekers.c.contact_id.desc())
"""Which contact of a seeker is told: the one chosen last, else the newest."""


def offer(work: Work, contact_id: int, seeker_id: int, code: str, now: datetime, until: datetime) -> bool:
    """Let ``code`` join another contact to the seeker until then, instead of the contact's older code.

    False: somebody else is shown the same code; take another one. Only its keyed hash is kept.
    """
    # Whoever is just using one holds its row: it is left to them.
    gone = sa.select(link_codes.c.code_hash).where(link_codes.c.expires_at <= now).with_for_update(skip_locked=True)
    old = sa.or_(link_codes.c.contact_id == contact_id, link_codes.c.code_hash.in_(gone.scalar_subquery()))
    work.connection.execute(link_codes.delete().where(old))
    row = {"code_hash": _hashes(work, code)[0], "contact_id": contact_id, "seeker_id": seeker_id, "expires_at": until}
    added = upsert(work, link_codes).values(row).on_conflict_do_nothing().returning(link_codes.c.contact_id)
    return work.connection.execute(added).one_or_none() is not None


def _hashes(work: Work, code: str) -> tuple[bytes, ...]:
    return work.key_ring.hashes("link_codes.code", code)


def _good(work: Work, code: str, now: datetime) -> list[Any]:
    return [link_codes.c.code_hash.in_(_hashes(work, code)), link_codes.c.expires_at > now]


def offered(work: Work, code: str, now: datetime) -> Offer | None:
    """What the code is good for; None: there is no such code, or not any more."""
    found = sa.select(link_codes.c.contact_id, link_codes.c.seeker_id).where(*_good(work, code, now))
    row = work.connection.execute(found).one_or_none()
    return None if row is None else Offer(*row)


def use(work: Work, code: str, contact_id: int, now: datetime) -> int | None:
    """Let ``contact_id`` speak for the code's seeker and be the one that is told; returns the seeker's id.

    None: the code is not good any more. Of several who use it at once, one does.
    """
    # First the seeker: whoever erases them just now takes the code along, and would wait for it.
    meant = sa.select(link_codes.c.seeker_id).where(*_good(work, code, now)).scalar_subquery()
    work.connection.execute(sa.select(kept_seekers.c.id).where(kept_seekers.c.id == meant).with_for_update(read=True))
    taken = link_codes.delete().where(*_good(work, code, now))
    row = work.connection.execute(taken.returning(link_codes.c.contact_id, link_codes.c.seeker_id)).one_or_none()
    if row is None:
        return None
    shown = contact_seekers.c.contact_id == row.contact_id, contact_seekers.c.seeker_id == row.seeker_id
    role = work.connection.scalar(sa.select(contact_seekers.c.role).where(*shown)) or "self"
    new = {"contact_id": contact_id, "seeker_id": row.seeker_id, "role": role, "preferred_at": now, "joined_at": now}
    work.connection.execute(contact_seekers.insert().values(new))
    return int(row.seeker_id)


def speakers(work: Work, seeker_id: int) -> list[Speaker]:
    """Every contact of the seeker, first the one to be told where it is open."""
    is_open = sa.and_(contacts.c.alerts, contacts.c.blocked_at.is_(None), contacts.c.frozen_at.is_(None))
    rows = work.connection.execute(
        sa.select(contacts.c.id, contacts.c.channel, contacts.c.locale, is_open, contact_seekers.c.joined_at)
        .join_from(contact_seekers, contacts)
        .where(contact_seekers.c.seeker_id == seeker_id)
        .order_by(*TOLD_FIRST)
    )
    return [Speaker(*row) for row in rows]


def prefer(work: Work, contact_id: int, seeker_id: int, now: datetime) -> None:
    """Tell the seeker at this contact from now on, if it is one of theirs."""
    theirs = contact_seekers.c.contact_id == contact_id, contact_seekers.c.seeker_id == seeker_id
    work.connection.execute(contact_seekers.update().where(*theirs).values(preferred_at=now))


def part(
    work: Work,
    contact_id: int,
    now: datetime,
    *,
    seeker_id: int | None = None,
    acting_contact_id: int | None = None,
    since: datetime | None = None,
) -> None:
    """Part the contact from the seeker and forget its talk about them; they stay registered. None: from everybody.

    What it was still to be told is told at another contact. ``since``: somebody else writes from there since then,
    so what was asked of officers since stays, and they learn that the seeker has lost this contact (a ticket at
    another of theirs; where there is none, one that cannot be answered).
    ``acting_contact_id``: the contact whose turn this is, as in ``talks.erase``.
    """
    talks.lock(work, [contact_id])
    of_contact = contact_seekers.c.contact_id == contact_id
    those = of_contact if seeker_id is None else sa.and_(of_contact, contact_seekers.c.seeker_id == seeker_id)
    rows = work.connection.execute(
        sa.select(contact_seekers.c.seeker_id, contacts.c.channel).join_from(contact_seekers, contacts).where(those)
    ).all()
    work.connection.execute(contact_seekers.delete().where(those))
    work.connection.execute(link_codes.delete().where(link_codes.c.contact_id == contact_id))
    matches.untell_waiting(work, contact_id)
    for parted_id, channel in rows:
        left = speakers(work, parted_id)
        if left:
            moved = kept_tickets.c.contact_id == contact_id, kept_tickets.c.seeker_id == parted_id
            work.connection.execute(kept_tickets.update().where(*moved).values(contact_id=left[0].contact_id))
        if all(other.channel != channel for other in left):
            seekers.withdraw_consent(work, parted_id, telling(channel), now)
        if since is not None:
            reached = left[0].contact_id if left else contact_id
            tickets.open_ticket(work, reached, parted_id, "lost_contact", "", now)
    talks.erase(work, [contact_id], about=seeker_id, acting_contact_id=acting_contact_id, since=since)


def move(work: Work, contact_id: int, to_id: int) -> bool:
    """Let the contact ``to_id`` speak for whom ``contact_id`` speaks for, instead of it; returns whether it does.

    It does not where it speaks for somebody itself. What was still to be told is told there; who said STOP at the
    one has said it at the other.
    """
    talks.lock(work, [contact_id, to_id])
    ids = sa.select(contact_seekers.c.seeker_id)
    if work.connection.execute(ids.where(contact_seekers.c.contact_id == to_id)).first() is not None:
        return False
    seeker_ids = list(work.connection.scalars(ids.where(contact_seekers.c.contact_id == contact_id)))
    if not seeker_ids:
        return False
    for table in (contact_seekers, kept_tickets):
        theirs = table.c.contact_id == contact_id, table.c.seeker_id.in_(seeker_ids)
        work.connection.execute(table.update().where(*theirs).values(contact_id=to_id))
    work.connection.execute(link_codes.delete().where(link_codes.c.contact_id == contact_id))
    matches.untell_waiting(work, contact_id)
    outbox.drop_waiting(work, contact_id)
    stopped = sa.select(contacts.c.id).where(contacts.c.id == contact_id, contacts.c.alerts.is_(False)).exists()
    work.connection.execute(contacts.update().where(contacts.c.id == to_id, stopped).values(alerts=False))
    return True
