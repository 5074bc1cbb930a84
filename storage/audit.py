"""What officers did, and whose identity they read: kept for good, and without anything personal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from conversations.domain.office import Institution, Officer
from storage.models import audit, officers
from storage.work import Work

READS: Final = ("read", "find", "ticket")
"""Acts that show an identity to an officer."""

_CODE: Final = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One act."""

    id: int
    at: datetime
    officer_id: int | None
    """None: a command on the server."""
    officer: str | None
    """The officer's name."""
    institution: Institution | None
    act: str
    seeker_id: int | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """One time that somebody's identity was read."""

    at: datetime
    institution: Institution | None
    """None: whoever runs the service, on the server."""
    officer: str | None
    """The officer's name."""
    act: str
    """One of READS."""


def note(
    work: Work, by: Officer | None, act: str, now: datetime, *, seeker_id: int | None = None, **detail: int | str
) -> None:
    """Keep that ``by`` (None: a command on the server) did ``act``, about the seeker if it was about one.

    ``detail``: ids, counts and codes by name. Raises ValueError for anything else, for words may be personal.
    """
    told = [act, *(value for value in detail.values() if isinstance(value, str))]
    if any(_CODE.fullmatch(value) is None for value in told):
        raise ValueError("what is kept of an act are numbers and codes")
    values = {"at": now, "officer_id": by.id if by else None, "institution": by.institution if by else None}
    work.connection.execute(audit.insert().values(**values, act=act, seeker_id=seeker_id, detail=detail))


def readers_of(work: Work, seeker_id: int, limit: int = 100) -> list[Reader]:
    """Who read the seeker's identity, the latest first."""
    rows = work.connection.execute(
        sa.select(audit.c.at, audit.c.institution, officers.c.name, audit.c.act)
        .select_from(audit.outerjoin(officers, officers.c.id == audit.c.officer_id))
        .where(audit.c.seeker_id == seeker_id, audit.c.act.in_(READS))
        .order_by(audit.c.id.desc())
        .limit(limit)
    )
    return [Reader(*row) for row in rows]


def entries(work: Work, seeker_id: int | None = None, limit: int = 200) -> list[Entry]:
    """The latest acts, the oldest of them first; of one seeker, or of all."""
    asked = (
        sa.select(
            audit.c.id,
            audit.c.at,
            audit.c.officer_id,
            officers.c.name,
            audit.c.institution,
            audit.c.act,
            audit.c.seeker_id,
            audit.c.detail,
        )
        .select_from(audit.outerjoin(officers, officers.c.id == audit.c.officer_id))
        .order_by(audit.c.id.desc())
        .limit(limit)
    )
    if seeker_id is not None:
        asked = asked.where(audit.c.seeker_id == seeker_id)
    return [Entry(*row) for row in work.connection.execute(asked)][::-1]
