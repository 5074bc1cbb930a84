"""Sessions: where each contact's talk stands, guarded by a version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.dialects import upsert
from storage.models import sessions
from storage.work import Work


class StaleSession(Exception):  # noqa: N818 - the turn is right, only late
    """Somebody else saved one of these sessions meanwhile. Roll back and take the turns again."""


@dataclass(frozen=True, slots=True)
class SessionToSave:
    """A contact's new session, made from the one that had ``version`` (0: there was none)."""

    contact_id: int
    body: dict[str, Any]
    version: int


def save(work: Work, changed: Iterable[SessionToSave], now: datetime) -> None:
    """Save sessions, one per contact; each gets ``version + 1``.

    Raises StaleSession, and then nothing of the transaction may be committed.
    """
    rows: list[dict[str, Any]] = [
        {"contact_id": session.contact_id, "body": session.body, "version": session.version + 1, "updated_at": now}
        for session in changed
    ]
    if not rows:
        return
    insert = upsert(work, sessions)
    statement = insert.on_conflict_do_update(
        index_elements=[sessions.c.contact_id],
        set_={
            "body": insert.excluded.body,
            "version": insert.excluded.version,
            "updated_at": insert.excluded.updated_at,
        },
        where=sessions.c.version == insert.excluded.version - 1,
    ).returning(sessions.c.contact_id)
    saved = work.connection.execute(statement, rows).all()
    if len(saved) != len(rows):
        stale = {row["contact_id"] for row in rows} - {row.contact_id for row in saved}
        raise StaleSession(f"sessions of contacts {sorted(stale)} changed meanwhile")


def load(work: Work, contact_ids: Iterable[int]) -> dict[int, tuple[dict[str, Any] | None, datetime]]:
    """The session's JSON and when it was saved, for those contacts that have one. Locks nothing."""
    rows = work.connection.execute(_load, {"ids": list(contact_ids)})
    return {row.contact_id: (row.body, row.updated_at) for row in rows}


_load = sa.select(sessions.c.contact_id, sessions.c.body, sessions.c.updated_at).where(
    sessions.c.contact_id.in_(sa.bindparam("ids", expanding=True))
)
