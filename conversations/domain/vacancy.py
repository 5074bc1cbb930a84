"""A vacancy and a training as the conversations see them: values, not rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Work that an employer offers. Source of the fields: Perpres 57/2023, schema.org JobPosting."""

    id: int
    """The service's own number (``job:<id>`` on buttons)."""
    external_id: str
    """The id of the file it came from; stable across imports."""
    title: str
    employer: str
    district: str | None
    """District code within the region; None: elsewhere."""
    place: str
    """The place as the employer wrote it, e.g. "Kotapinang" or "Medan, Kota Medan"."""
    fields: tuple[str, ...]
    description: str
    education: str | None
    """Least education asked (code); None: not said."""
    ragam: tuple[str, ...]
    """The ragam the employer says it is ready for; empty: any. Raises rank, never excludes."""
    accommodations: tuple[str, ...]
    wage_min: int | None
    wage_max: int | None
    wage_per: str
    """"month", "day" or "piece"."""
    kinds: tuple[str, ...]
    openings: int
    closes_on: date | None
    apply_to: str
    verified: bool = False
    example: bool = False
    age_min: int | None = None
    age_max: int | None = None
    age_reason: str = ""
    skills: tuple[str, ...] = ()
    experience: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Training:
    """A training somebody offers, with its schedule."""

    id: int
    external_id: str
    title: str
    provider: str
    district: str | None
    place: str
    fields: tuple[str, ...]
    description: str
    starts_on: date | None
    ends_on: date | None
    hours: str
    places: int | None
    ragam: tuple[str, ...]
    accommodations: tuple[str, ...]
    cost: int | None
    """Rupiah; 0: free; None: not said."""
    allowance: str
    register_by: date | None
    example: bool = False
