"""Codes that an officer gives in person: whoever says one in a chat speaks for what was registered on paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.dialects import upsert
from storage.models import claim_codes, contact_seekers
from storage.models import seekers as kept_seekers
from storage.work import Work


def offer(work: Work, seeker_id: int, code: str, now: datetime, until: datetime) -> bool:
    """Let ``code`` join a contact to the seeker until then, instead of an older code of the seeker's.

    False: somebody else was given the same code; take another one. Only its keyed hash is kept.
    """
    old = sa.or_(claim_codes.c.seeker_id == seeker_id, claim_codes.c.expires_at <= now)
    work.connection.execute(claim_codes.delete().where(old))
    row = {"code_hash": _hashes(work, code)[0], "seeker_id": seeker_id, "expires_at": until}
    added = upsert(work, claim_codes).values(row).on_conflict_do_nothing().returning(claim_codes.c.seeker_id)
    return work.connection.execute(added).one_or_none() is not None


def _hashes(work: Work, code: str) -> tuple[bytes, ...]:
    return work.key_ring.hashes("claim_codes.code", code)


def _good(work: Work, code: str, now: datetime) -> list[Any]:
    return [claim_codes.c.code_hash.in_(_hashes(work, code)), claim_codes.c.expires_at > now]


def offered(work: Work, code: str, now: datetime) -> int | None:
    """The seeker whom the code joins to; None: there is no such code, or not any more."""
    found: int | None = work.connection.scalar(sa.select(claim_codes.c.seeker_id).where(*_good(work, code, now)))
    return found


def use(work: Work, code: str, contact_id: int, now: datetime) -> int | None:
    """Let ``contact_id`` speak for the code's seeker, as themselves, and be told there; returns the seeker's id.

    None: the code is not good any more. Of several who use it at once, one does.
    """
    # First the seeker: whoever erases them just now takes the code along, and would wait for it.
    meant = sa.select(claim_codes.c.seeker_id).where(*_good(work, code, now)).scalar_subquery()
    work.connection.execute(sa.select(kept_seekers.c.id).where(kept_seekers.c.id == meant).with_for_update(read=True))
    taken = claim_codes.delete().where(*_good(work, code, now)).returning(claim_codes.c.seeker_id)
    seeker_id: int | None = work.connection.scalar(taken)
    if seeker_id is None:
        return None
    new = {"contact_id": contact_id, "seeker_id": seeker_id, "role": "self", "preferred_at": now, "joined_at": now}
    work.connection.execute(contact_seekers.insert().values(new))
    return seeker_id
