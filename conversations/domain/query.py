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
    conditions: tuple[str, ...] = ()
    """Codes of ``domain.conditions``: night work, weekends … of which only the offer's own words can tell."""
    month: int | None = None
    """1 to 12: when a training should begin, or work."""
    allowance: bool = False
    """Asks for money towards food, transport and the like."""
    free: bool = False
    """Asks for a training that costs nothing."""
    order: str | None = None
    """"newest" or "wage" (the highest first): how those that meet the wishes are put in order."""
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
