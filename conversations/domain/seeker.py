"""A seeker as the conversations see one: a value, not a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

NEW = 0
"""The id of somebody who is being registered, and not kept yet."""

OUTSIDE = "outside"
"""The district of somebody who lives outside the region."""


@dataclass(frozen=True, slots=True)
class Seeker:
    """A person looking for work. What is None or empty was skipped, and never disqualifies."""

    id: int
    name: str
    for_whom: str = "self"
    """"self", or "other" when a companion speaks for the person."""
    birth_year: int | None = None
    district: str | None = None
    """District code, OUTSIDE, or None."""
    needs: tuple[str, ...] = ()
    """Accommodation codes, and needs in the person's own words."""
    education: str | None = None
    fields: tuple[str, ...] = ()
    """Fields of work (codes, or own words)."""
    ragam: tuple[str, ...] = ()
    sex: str | None = None
    phone: str | None = None
    nik: str | None = None
    """The identity number as the person gave it, digits only; see ``understanding`` for what it warns of."""
    verified_on: str | None = None
    """The day on which an officer found the record right, ISO 8601."""
    identity_on: str | None = None
    """The day on which an officer saw the person and who they are; see ``domain.office.CONFIRMED``."""
    status: str = "active"
    """"active"; "draft": not everybody whose yes it takes has said it; "invited": nobody has, and hardly anything is
    kept. Only who is active is matched, told or shown to anybody but officers."""
    paper: Mapping[str, Any] | None = None
    """What a paper form said, for whom one was typed in: see ``storage.paper``."""
    paused: bool = False

    def with_values(self, values: Mapping[str, Any]) -> Seeker:
        """The seeker with these fields changed, as JSON gives them: lists for tuples, None for an empty one."""
        tuples = {name: tuple(values[name] or ()) for name in TUPLES if name in values}
        changed: dict[str, Any] = {**values, **tuples}
        return replace(self, **changed)


TUPLES = frozenset(field.name for field in fields(Seeker) if field.default == ())
"""The fields that hold several values."""
