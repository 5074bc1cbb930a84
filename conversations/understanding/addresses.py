"""Where somebody lives, down to the village (desa or kelurahan), found by the names people write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from conversations.domain.gazetteer import MARGIN, SIMILAR, place_words
from conversations.domain.region import Region, Village
from conversations.domain.seeker import OUTSIDE
from conversations.domain.wording import fold
from conversations.understanding.births import Unknown
from conversations.understanding.manner import is_unsure

MOST_OFFERED = 6
"""Villages that are offered when a name may be several: there are six of Teluk Panji."""

_LONGEST = 120  # characters that are read
_LONGEST_NAME = 4  # words
_SHORTEST_TYPO = 5  # letters

_VILLAGE_MARKERS = frozenset({"desa", "kelurahan", "kel", "ds", "kampung", "nagori", "perkebunan"})
_DISTRICT_MARKERS = frozenset({"kecamatan", "kec"})
_KINDS = frozenset({"perkebunan", "kampung"})
"""What a village's name may begin with, and is often said without."""
_ELSEWHERE = re.compile(
    r"\b(?:kota|kab|kabupaten|kotamadya|provinsi|prov)\.?\s+(?P<named>[^\W\d_][^\d,.;]{1,40})"
    r"|\b(?:di )?luar (?:kota|daerah|kabupaten|labusel|labuhan ?batu selatan|sini|negeri)\b"
    r"[ ,.:]*(?:di |ke )?(?P<said>[^\d,.;]{0,40})",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"\s+(?:kak|bang|ya|pak|bu|aja|saja|sih|min|dong|lah)\b.*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """What was said of where somebody lives."""

    district: str | None
    """Its code, OUTSIDE, or None: the villages that are meant lie in several."""
    villages: tuple[str, ...] = ()
    """Codes of the villages that may be meant, likeliest first; several are to be offered, none leave it open."""
    place: str | None = None
    """The place outside the region, as it was written."""

    @property
    def village(self) -> str | None:
        """The village, where exactly one is meant."""
        return self.villages[0] if len(self.villages) == 1 else None


def address(text: str, region: Region, district: str | None = None) -> Address | Unknown | None:
    """The village or district that ``text`` names; None: no place that is known.

    ``district``: where the person is known to live: a name that is both a district's and a village's is then the
    village's there, and of several villages of one name the one there is meant. "Tanjung Medan" is not Medan; "teluk
    panji" may be six villages; "di luar labusel, di Solo" keeps Solo.
    """
    said = text[:_LONGEST]
    words = place_words(said)
    if not words:
        return None
    names = _names_of(region)
    if found := _named(words, names, region, district):
        return found
    match = region.find_place(said)
    if match is not None and match.kind == "outside":
        return Address(OUTSIDE, place=_written(said, match.name))
    if elsewhere := _elsewhere(said, region):
        return elsewhere
    if match is not None and match.kind == "district":
        return Address(match.district)
    if likely := names.alike(words):
        namesake = {one.name: one.code for one in region.districts}
        meant = namesake.get(likely[0].name)  # misspelt, it is the district; only "desa" makes the village of it
        return Address(meant) if meant is not None and meant != district else _settled(likely, district)
    return Unknown() if is_unsure(said) else None


@dataclass(frozen=True)
class _Names:
    """The villages of a region by the ways their names are written."""

    exact: Mapping[str, tuple[Village, ...]]
    """The whole name, its words joined."""
    short: Mapping[str, tuple[Village, ...]]
    """Without what the name begins with, or without its number: "perlabian", "telukpanji"."""

    def at(self, words: Sequence[str], start: int) -> tuple[int, tuple[Village, ...]] | None:
        """The longest name that begins there: where it ends, and the villages it may be."""
        for end in range(min(len(words), start + _LONGEST_NAME), start, -1):
            key = "".join(words[start:end])
            exact, short = self.exact.get(key, ()), self.short.get(key, ())
            if exact or short:
                return end, tuple(dict.fromkeys((*exact, *short)))
        return None

    def alike(self, words: Sequence[str]) -> tuple[Village, ...]:
        """The villages whose names are like some of the words, the best and those hardly worse."""
        ratios: dict[Village, float] = {}
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + _LONGEST_NAME) + 1):
                key = "".join(words[start:end])
                if len(key) < _SHORTEST_TYPO:
                    continue
                for name, villages in (*self.exact.items(), *self.short.items()):
                    ratio = fuzz.ratio(key, name, score_cutoff=SIMILAR)
                    for village in villages if ratio else ():
                        ratios[village] = max(ratio, ratios.get(village, 0))
        best = max(ratios.values(), default=0)
        ranked = sorted(ratios, key=lambda village: -ratios[village])
        return tuple(village for village in ranked if ratios[village] > best - MARGIN)


@lru_cache(maxsize=8)
def _names_of(region: Region) -> _Names:
    exact: dict[str, tuple[Village, ...]] = {}
    short: dict[str, tuple[Village, ...]] = {}
    for village in region.villages:
        words = place_words(village.name)
        key = "".join(words)
        exact[key] = (*exact.get(key, ()), village)
        for shorter in _shortened(words):
            short[shorter] = (*short.get(shorter, ()), village)
    return _Names(exact, short)


def _shortened(words: list[str]) -> Iterator[str]:
    """The ways a name is said for short: without "Perkebunan" or "Kampung", and without its number."""
    bare = words[1:] if words[0] in _KINDS and len(words) > 1 else words
    counted = bare
    while len(counted) > 1 and counted[-1].isdecimal():
        counted = counted[:-1]
    forms = {"".join(bare), "".join(counted), "".join(words[: len(words) - len(bare)] + counted)}
    yield from sorted(form for form in forms - {"".join(words)} if len(form) >= _SHORTEST_TYPO)


def _named(words: list[str], names: _Names, region: Region, district: str | None) -> Address | None:
    """Villages and districts that are named exactly."""
    villages: tuple[Village, ...] = ()
    districts: list[str] = []
    at = 0
    while at < len(words):
        before = words[at - 1] if at else ""
        found, place = names.at(words, at), region.gazetteer.at(words, at)
        is_district = place is not None and place[1].kind == "district"
        if place is not None and place[1].kind == "outside" and (found is None or place[0] > found[0]):
            found = None
        if found and is_district and before not in _VILLAGE_MARKERS and place is not None and place[0] >= found[0]:
            if district is not None and before not in _DISTRICT_MARKERS and place[1].district == district:
                villages = villages or found[1]
            else:
                found = None
        if found and len(found[1]) == 1 and fold(found[1][0].name) in region.everyday_names and before not in _MARKED:
            found = None if len(words) > 1 else found
        if found:
            villages = villages or found[1]
            at = found[0]
        elif is_district and place is not None:
            districts += place[1].districts
            at = place[0]
        else:
            at += 1
    if villages:
        return _settled(villages, districts[0] if len(districts) == 1 else district)
    return Address(districts[0]) if len(set(districts)) == 1 else None


_MARKED = _VILLAGE_MARKERS | {"di", "dari", "dusun", "tinggal", "ke"}


def _settled(villages: Sequence[Village], district: str | None) -> Address:
    """The villages that may be meant, those of the person's district alone where some are there."""
    there = [village for village in villages if village.district == district] or list(villages)
    districts = {village.district for village in there}
    codes = tuple(village.code for village in there[:MOST_OFFERED])
    return Address(districts.pop() if len(districts) == 1 else None, codes)


def _elsewhere(said: str, region: Region) -> Address | None:
    """A place outside the region that no list names, kept as it was written."""
    found = _ELSEWHERE.search(said)
    if found is None:
        return None
    place = _TRAILING.sub("", (found["named"] or found["said"] or "").strip())
    known = region.find_place(place) if place else None
    if known is not None and known.kind != "outside":
        return None
    return Address(OUTSIDE, place=place or None)


def _written(said: str, name: str) -> str:
    """The place as the person wrote it, where its name stands alone; else as the service writes it."""
    return said.strip(" .,!") if fold(said) == name or len(fold(said).split()) <= len(name.split()) else name.title()
