"""Sessions: where each contact's talk stands, guarded by a version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.bulk import Asked, InsertMany, together
from storage.models import sessions
from storage.work import Work


@dataclass(frozen=True, slots=True)
class SessionToSave:
    """A contact's new session, made from the one that had ``version`` (0: there was none)."""

    contact_id: int
    body: dict[str, Any]
    version: int
    in_form: bool = False
    """Whether a form is being filled: alerts wait for its end."""
    unfinished: str | None = None
    """The question at which a registration stands that was consented to: whoever leaves it there is reminded of it."""


def save(work: Work, changed: Iterable[SessionToSave], now: datetime) -> None:
    """Save sessions, one per contact; each gets ``version + 1``.

    Raises sqlalchemy's IntegrityError where somebody else has saved one of them meanwhile: roll back, and
    take the turns again.
    """
    together(work, saving(work, changed, now))


def saving(work: Work, changed: Iterable[SessionToSave], now: datetime) -> Asked:
    """``save``, to be run with others."""
    rows = [(one.contact_id, one.body, one.version + 1, one.in_form, one.unfinished, now) for one in changed]
    return _save.of(work, rows)


def _if_version(insert: Any) -> Any:
    new = insert.excluded
    changes = {name: new[name] for name in ("body", "in_form", "unfinished", "updated_at")}
    # Of one registration somebody is reminded so often and no more, however often they come and go.
    reminded = sa.case((new.unfinished.is_(None), sa.literal_column("0")), else_=sessions.c.reminded)
    # A stale one would get no version, which the table refuses: so no commit that travels along can succeed.
    unchanged = sessions.c.version == new.version - sa.literal_column("1")
    version = sa.case((unchanged, new.version))
    return insert.on_conflict_do_update(
        index_elements=["contact_id"], set_=changes | {"version": version, "reminded": reminded}
    )


_save = InsertMany(sessions, ("contact_id", "body", "version", "in_form", "unfinished", "updated_at"), _if_version)
