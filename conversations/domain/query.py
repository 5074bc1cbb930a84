"""What somebody is looking for, as understood from their own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Query:
    """Wishes recognised in a message. Empty means "not said", and never narrows anything.

    Codes are those of the domain (``conversations.domain``): fields of work, districts
    ("12.22.01"), ragam, accommodations, education levels, kinds of work.
    """

    fields: tuple[str, ...] = ()
    not_fields: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """District codes of the region, or names of places outside it, lower case."""
    not_places: tuple[str, ...] = ()
    ragam: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Accommodation codes the person needs or asks for."""
    education: str | None = None
    """The person's own level (code): vacancies asking more are further down or marked."""
    wage_min: int | None = None
    """Rupiah a month."""
    kinds: tuple[str, ...] = ()
    not_kinds: tuple[str, ...] = ()
    employer: str | None = None
    words: tuple[str, ...] = ()
    """What was not recognised as any of the above, lower case, without filler words."""
    said: tuple[str, ...] = ()
    """The words the fields were read from ("las" of "bengkel dan teknik"): rank within the field, narrow nothing."""
    for_other: bool = False
    """Asked on somebody else's behalf ("anak saya")."""
    for_me: bool = False
    """"yang cocok untuk saya": rank by the profile."""
    topic: str | None = None
    """Finer meaning inside an intent, e.g. "erase" within privacy, "phone" within profile."""

    def to_json(self) -> dict[str, Any]:
        """Only what was said, so that sessions stay small."""
        return {k: v for k, v in asdict(self).items() if v not in ((), [], None, False)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Query:
        known = {f.name for f in fields(cls)}
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k in known}
        return cls(**values)
