"""Two records of one person become one: nothing that was said is lost, and no yes counts that a later no took back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from conversations.domain import education
from conversations.domain.seeker import Seeker
from conversations.engine.session import Session
from storage import documents, seekers, talks
from storage.dialects import upsert
from storage.models import (
    claim_codes,
    consents,
    contact_seekers,
    likenesses,
    link_codes,
    matches,
    paper_forms,
    seeker_fields,
    sessions,
    tickets,
)
from storage.models import documents as kept_documents
from storage.models import seekers as kept_seekers
from storage.work import Work

MOVED: Final = (contact_seekers, consents, matches, tickets, paper_forms, likenesses, kept_documents)
"""Tables whose rows go over to the record that is kept."""

LEFT: Final = (seeker_fields, link_codes, claim_codes)
"""Tables whose rows go with the other record: written anew from the profile, or codes that end."""

_OWN: Final = frozenset(["id", "paused", "objects", "status", "merged", "pin"])
"""Fields that are not taken over where the kept record has none."""


def merge(work: Work, keep_id: int, other_id: int, now: datetime) -> bool:
    """Join the record ``other_id`` to ``keep_id``; False: one of them does not exist.

    Contacts, consents, matches, tickets, forms and files go over; what the kept record lacks is taken from the other,
    and what the other said is kept whole under the kept person's key (``Seeker.merged``). Of two consents for one
    purpose the later word counts. Who paused, or objected to being matched by a rule, in one of them has done so.
    Who was protected in one of them is.
    """
    if keep_id == other_id:
        return False
    both = [keep_id, other_id]
    talks.lock(work, work.connection.scalars(sa.select(contact_seekers.c.contact_id).where(_of(contact_seekers, both))))
    lock = (
        sa.select(kept_seekers.c.id, kept_seekers.c.protected_at)
        .where(kept_seekers.c.id.in_(both))
        .order_by(kept_seekers.c.id)
    )
    protected = any(row.protected_at for row in work.connection.execute(lock.with_for_update()).all())
    found = seekers.load(work, both)
    if len(found) < 2:
        return False
    keep, other = found[keep_id], found[other_id]
    _move_talks(work, keep_id, other_id)
    _move_contacts(work, keep_id, other_id)
    _settle_consents(work, keep_id, other_id)
    _move_matches(work, keep_id, other_id)
    _move_likenesses(work, keep_id, other_id)
    documents.move(work, other_id, keep_id)
    for table in (tickets, paper_forms, consents):
        work.connection.execute(table.update().where(table.c.seeker_id == other_id).values(seeker_id=keep_id))
    _join_profiles(work, keep, other, now)
    if protected:
        seekers.protect(work, keep_id, now)
    work.connection.execute(kept_seekers.delete().where(kept_seekers.c.id == other_id))
    return True


def _of(table: sa.Table, ids: Collection[int]) -> sa.ColumnElement[bool]:
    return table.c.seeker_id.in_(ids)


def _move_talks(work: Work, keep_id: int, other_id: int) -> None:
    """What is being said about the other record at its contacts is about the kept one from now on."""
    theirs = sa.select(contact_seekers.c.contact_id).where(contact_seekers.c.seeker_id == other_id)
    rows = work.connection.execute(
        sa.select(sessions.c.contact_id, sessions.c.body).where(
            sessions.c.contact_id.in_(theirs), sessions.c.body.is_not(None)
        )
    ).all()
    for contact_id, body in rows:
        moved = Session.from_json(body).renamed(other_id, keep_id)
        # With a new version, so that a turn that is running now cannot write the old one back.
        kept = sessions.update().where(sessions.c.contact_id == contact_id)
        work.connection.execute(kept.values(body=moved.to_json(), version=sessions.c.version + 1))


def _move_contacts(work: Work, keep_id: int, other_id: int) -> None:
    """A contact that speaks for both keeps its place with the kept record."""
    theirs = sa.select(contact_seekers.c.contact_id).where(contact_seekers.c.seeker_id == keep_id)
    moving = contact_seekers.c.seeker_id == other_id, contact_seekers.c.contact_id.not_in(theirs)
    work.connection.execute(contact_seekers.update().where(*moving).values(seeker_id=keep_id))


def _settle_consents(work: Work, keep_id: int, other_id: int) -> None:
    """Of each purpose the record whose last word is the later one decides: a yes of the other's ends."""
    said = {id_: _last_words(work, id_) for id_ in (keep_id, other_id)}
    for purpose in said[keep_id].keys() & said[other_id].keys():
        earlier, later = sorted((keep_id, other_id), key=lambda id_: said[id_][purpose])
        ended = consents.c.seeker_id == earlier, consents.c.purpose == purpose, consents.c.withdrawn_at.is_(None)
        work.connection.execute(consents.update().where(*ended).values(withdrawn_at=said[later][purpose]))


def _last_words(work: Work, seeker_id: int) -> dict[str, datetime]:
    """When each purpose was last said yes or no to."""
    last: dict[str, datetime] = {}
    for consent in seekers.consents_of(work, seeker_id):
        at = consent.withdrawn_at or consent.given_at
        last[consent.purpose] = max(last.get(consent.purpose, at), at)
    return last


def _move_matches(work: Work, keep_id: int, other_id: int) -> None:
    """Whoever was told of a vacancy under either record was told."""
    told = sa.select(matches).where(matches.c.seeker_id == other_id, matches.c.told_at.is_not(None))
    for row in work.connection.execute(told).all():
        same = matches.c.seeker_id == keep_id, matches.c.vacancy_id == row.vacancy_id, matches.c.told_at.is_(None)
        values = {"told_at": row.told_at, "told_how": row.told_how, "outbox_id": row.outbox_id}
        work.connection.execute(matches.update().where(*same).values(values))
    known = sa.select(matches.c.vacancy_id).where(matches.c.seeker_id == keep_id)
    # As a list: a statement that reads the table which it changes is read differently by the two databases.
    known_ids = work.connection.scalars(known).all()
    moving = matches.c.seeker_id == other_id, matches.c.vacancy_id.not_in(known_ids)
    work.connection.execute(matches.update().where(*moving).values(seeker_id=keep_id))


def _move_likenesses(work: Work, keep_id: int, other_id: int) -> None:
    """Whom the other record was like, the kept one is like; what an officer has settled stays settled."""
    rows = work.connection.execute(
        sa.select(likenesses).where(sa.or_(likenesses.c.seeker_id == other_id, likenesses.c.other_id == other_id))
    ).mappings()
    for row in rows.all():
        third = row["other_id"] if row["seeker_id"] == other_id else row["seeker_id"]
        if third != keep_id:
            first, second = sorted((third, keep_id))
            moved = upsert(work, likenesses).values({**row, "seeker_id": first, "other_id": second})
            work.connection.execute(moved.on_conflict_do_nothing())


def _join_profiles(work: Work, keep: Seeker, other: Seeker, now: datetime) -> None:
    held = {one.name: getattr(other, one.name) for one in fields(other) if one.name not in _OWN}
    said = {name: list(value) if isinstance(value, tuple) else value for name, value in held.items()}
    said = {name: value for name, value in said.items() if value not in (None, [], "")}
    changes: dict[str, Any] = {name: value for name, value in said.items() if getattr(keep, name) in (None, (), "")}
    if "birth_date" in changes and keep.birth_year not in (None, other.birth_year):
        del changes["birth_date"]
    if "village" in changes and keep.district not in (None, other.district):
        del changes["village"]
    history = {"id": other.id, "at": now.isoformat(), "status": other.status, "values": said}
    changes["merged"] = [*keep.merged, *other.merged, history]
    changes["documents"] = [*keep.documents, *other.documents]
    if "active" in (keep.status, other.status):
        changes["status"] = "active"
    elif "draft" in (keep.status, other.status):
        changes["status"] = "draft"
    seekers.change(work, keep.id, changes, education_rank=education.rank(changes.get("education")), now=now)
    if other.paused and not keep.paused:
        seekers.pause(work, keep.id, now)
    if other.objects and not keep.objects:
        seekers.object_to_matching(work, keep.id, now)
