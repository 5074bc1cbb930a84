"""A regency: its places, offices and minimum wage. All of it is data; no code names a regency."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from conversations.domain.gazetteer import Gazetteer, NamedPlace, PlaceMatch
from conversations.domain.wording import fold


@dataclass(frozen=True, slots=True)
class District:
    """A kecamatan."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Village:
    """A desa or kelurahan."""

    code: str
    name: str
    district: str
    """The code of its district."""


@dataclass(frozen=True, slots=True)
class Office:
    """An institution people can turn to. ``confirmed`` is False where the figures are only an example."""

    institution: str
    name: str
    address: str
    hours: str
    contact: str
    """How to reach it by text, or the number to call."""
    topics: tuple[str, ...]
    """What it is asked about: "work", "training", "ak1", "complaint", "social", "protection"."""
    confirmed: bool
    as_of: date


@dataclass(frozen=True, slots=True)
class WageMinimum:
    """The regency's minimum wage (UMK), rupiah a month."""

    amount: int
    year: int
    source: str
    as_of: date


@dataclass(frozen=True)
class Region:
    """One regency and everything the conversations know about it."""

    code: str
    """The government's code, "12.22"; districts are "12.22.01", villages "12.22.01.2002"."""
    name: str
    short_name: str
    aliases: tuple[str, ...]
    timezone: str
    districts: tuple[District, ...]
    villages: tuple[Village, ...]
    offices: tuple[Office, ...]
    wage_minimum: WageMinimum | None
    outside: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Known places elsewhere: (name, spellings)."""
    everyday_names: tuple[str, ...] = ()
    """Village names that are also everyday words."""

    def __hash__(self) -> int:
        return hash(self.code)

    @cached_property
    def district_codes(self) -> tuple[str, ...]:
        return tuple(district.code for district in self.districts)

    def district(self, code: str | None) -> District | None:
        return next((district for district in self.districts if district.code == code), None)

    def place_name(self, place: str) -> str:
        """How a place of a query reads: a district's name, or a place elsewhere with capitals."""
        district = self.district(place)
        return district.name if district else place.title()

    def office_for(self, topic: str) -> Office | None:
        """The first office that is asked about ``topic``."""
        return next((office for office in self.offices if topic in office.topics), None)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer(self._named_places())

    def find_place(self, text: str) -> PlaceMatch | None:
        """The place an answer names: a district, a village, the region, or somewhere else. None: not understood.

        Misspelt names are read where they are near one place only; "kotapinang atau torgamba" gives both districts.
        """
        return self.gazetteer.find(text)

    def _named_places(self) -> Iterable[NamedPlace]:
        for district in self.districts:
            yield NamedPlace("district", district.name, (district.code,), (district.name, *district.aliases))
        for village in self.villages:
            everyday = fold(village.name) in self.everyday_names
            yield NamedPlace("village", village.name, (village.district,), (village.name,), everyday)
        spellings = (self.name, self.short_name, *self.aliases)
        yield NamedPlace("region", self.name, self.district_codes, spellings)
        for name, written in self.outside:
            yield NamedPlace("outside", name, (), written)


@lru_cache(maxsize=8)
def load_region(code: str, folder: Traversable | None = None) -> Region:
    """The region ``code`` (e.g. "12.22") from its data files.

    ``folder`` holds one folder a region; None means the regions that come with the service.

    Raises:
        ValueError: no such region, or its files are broken; one line that says which and what.
    """
    regions = folder or resources.files("conversations.domain") / "regions"
    home = regions / code
    if "/" in code or "\\" in code or not (home / "region.toml").is_file():
        known = sorted(entry.name for entry in regions.iterdir() if (entry / "region.toml").is_file())
        raise ValueError(f"Wilayah {code!r} tidak dikenal. Yang tersedia: {', '.join(known) or 'tidak ada'}.")
    try:
        facts = tomllib.loads((home / "region.toml").read_text("utf-8"))
        return _region(code, facts, (home / "villages.csv").read_text("utf-8"))
    except KeyError as missing:
        raise ValueError(f"Wilayah {code!r} rusak: {missing} tidak ada.") from missing
    except (ValueError, TypeError, AttributeError, OSError) as broken:
        raise ValueError(f"Wilayah {code!r} rusak: {' '.join(str(broken).split())}") from broken


def _region(code: str, facts: Mapping[str, Any], places: str) -> Region:
    if facts["code"] != code:
        raise ValueError(f"region.toml menyebut kode {facts['code']!r}")
    try:
        ZoneInfo(facts["timezone"])
    except ZoneInfoNotFoundError:
        raise ValueError(f"zona waktu {facts['timezone']!r} tidak dikenal") from None
    districts, villages = _places(code, facts.get("districts", {}), places)
    wage = facts.get("wage_minimum")
    return Region(
        code=code,
        name=facts["name"],
        short_name=facts["short_name"],
        aliases=tuple(facts.get("aliases", ())),
        timezone=facts["timezone"],
        districts=districts,
        villages=villages,
        offices=tuple(Office(**{**office, "topics": tuple(office["topics"])}) for office in facts.get("offices", ())),
        wage_minimum=WageMinimum(**wage) if wage else None,
        outside=tuple((name, tuple(spellings)) for name, spellings in facts.get("outside", {}).items()),
        everyday_names=tuple(fold(name) for name in facts.get("everyday_names", ())),
    )


def _places(code: str, aliases: Mapping[str, list[str]], text: str) -> tuple[tuple[District, ...], tuple[Village, ...]]:
    """Districts (three-part codes) and villages (four-part codes) of villages.csv; the region's own row is skipped."""
    districts: list[District] = []
    villages: list[Village] = []
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        place, name = (row.get("code") or "").strip(), (row.get("name") or "").strip()
        parts = place.split(".")
        if not name or (place != code and not place.startswith(f"{code}.")):
            raise ValueError(f"villages.csv baris {number}: kode {place!r} atau namanya salah")
        if len(parts) == 3:
            districts.append(District(place, name, tuple(aliases.get(place, ()))))
        elif len(parts) == 4:
            villages.append(Village(place, name, ".".join(parts[:3])))
    known = {district.code for district in districts}
    if not known:
        raise ValueError("villages.csv tidak memuat kecamatan")
    strays = sorted(({v.district for v in villages} | set(aliases)) - known)
    if strays:
        raise ValueError(f"kecamatan {strays[0]!r} tidak ada di villages.csv")
    return tuple(districts), tuple(villages)
