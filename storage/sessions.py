"""Sessions: where each contact's talk stands, guarded by a version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.bulk import Asked, InsertMany, Rows, together
from storage.models import sessions
from storage.work import Work


class StaleSession(Exception):
    """Somebody else saved one of these sessions meanwhile. Roll back and take the turns again."""


@dataclass(frozen=True, slots=True)
class SessionToSave:
    """A contact's new session, made from the one that had ``version`` (0: there was none)."""

    contact_id: int
    body: dict[str, Any]
    version: int
    in_form: bool = False
    """Whether a form is being filled: alerts wait for its end."""


def save(work: Work, changed: Iterable[SessionToSave], now: datetime) -> None:
    """Save sessions, one per contact; each gets ``version + 1``.

    Raises StaleSession, and then nothing of the transaction may be committed.
    """
    together(work, saving(work, changed, now))


def saving(work: Work, changed: Iterable[SessionToSave], now: datetime) -> Asked:
    """``save``, to be run with others."""
    rows = [(session.contact_id, session.body, session.version + 1, session.in_form, now) for session in changed]

    def check(saved: Rows) -> None:
        if len(saved) != len(rows):
            stale = {row[0] for row in rows} - {contact_id for (contact_id,) in saved}
            raise StaleSession(f"sessions of contacts {sorted(stale)} changed meanwhile")

    return _save.of(work, rows, check)


def _if_version(insert: Any) -> Any:
    new = insert.excluded
    changes = {name: new[name] for name in ("body", "version", "in_form", "updated_at")}
    unchanged = sessions.c.version == new.version - sa.literal_column("1")
    update = insert.on_conflict_do_update(index_elements=["contact_id"], set_=changes, where=unchanged)
    return update.returning(sessions.c.contact_id)


_save = InsertMany(sessions, ("contact_id", "body", "version", "in_form", "updated_at"), _if_version)
