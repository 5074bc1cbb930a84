"""Finds places by the names people write: joined, abbreviated, misspelt, or the name of a village."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from conversations.domain.wording import words_of

PlaceKind = Literal["district", "village", "region", "outside"]

SIMILAR = 80
"""Least ratio (0-100) at which a misspelt name is read …"""
MARGIN = 15
"""… and how far the next other place must be below it."""

_LONGEST = 4  # words of a place's name
_SHORTEST = 5  # letters of a name that may be misspelt


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place as the data names it."""

    kind: PlaceKind
    name: str
    districts: tuple[str, ...]
    spellings: tuple[str, ...]
    everyday: bool = False
    """Whether its name is also an everyday word."""


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What a text names. ``districts`` holds one code; several for the region, or where the name fits several;
    none for a place outside the region."""

    kind: PlaceKind
    name: str
    districts: tuple[str, ...]
    exact: bool = True
    """False: read from a misspelt name."""

    @property
    def district(self) -> str | None:
        """The district's code where exactly one is meant."""
        return self.districts[0] if len(self.districts) == 1 else None


_SPELLINGS = {
    **dict.fromkeys(("sei", "sungei", "sungi"), "sungai"),
    **dict.fromkeys(("kp", "kpg", "kamp", "kmp", "kampong", "kmpung"), "kampung"),
    **dict.fromkeys(("perk", "pkbn", "prkbnn", "kebun"), "perkebunan"),
    **dict.fromkeys(("tj", "tg", "tjg", "tjung"), "tanjung"),
    **dict.fromkeys(("tlk", "telok", "tl"), "teluk"),
    **dict.fromkeys(("aik", "ae", "air", "ek"), "aek"),
    **dict.fromkeys(("lab", "labuan", "labuhn", "labhan", "lb"), "labuhan"),
    **dict.fromkeys(("sel", "slatan", "slt"), "selatan"),
    **dict.fromkeys(("btu", "bt"), "batu"),
    **dict.fromkeys(("kab", "kbpten"), "kabupaten"),
    **dict.fromkeys(("hutan",), "huta"),
    **{roman: str(n) for n, roman in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii"), start=1)},
    **{word: str(n) for n, word in enumerate(("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh"), start=1)},
}
"""Words of Indonesian place names and how they are abbreviated."""

_PREFIXES = frozenset({"perkebunan", "kampung", "desa", "kelurahan"})
"""Words a village's name is often said without."""

_MARKERS_LINE = (
    "di ke dari desa kampung kelurahan kecamatan kec kel daerah orang dusun dekat sekitar wilayah lokasi tinggal"
)
MARKERS = frozenset(_MARKERS_LINE.split())
"""Words that say that a place follows."""


def place_words(text: str) -> list[str]:
    """The words of ``text`` in the spelling in which names are compared: "Tlk Panji II" -> teluk, panji, 2."""
    return [_SPELLINGS.get(word, word) for word in words_of(text)]


class Gazetteer:
    """The names of one region's places, ready to be looked up."""

    def __init__(self, places: Iterable[NamedPlace]) -> None:
        self._matches: dict[str, PlaceMatch] = {}
        self._everyday: set[str] = set()
        self._lastly: dict[str, PlaceMatch] = {}
        self._spellings: set[tuple[str, ...]] = set()
        for place in places:
            for spelling in place.spellings:
                self._add(place, place_words(spelling))
        for key, match in self._lastly.items():
            self._matches.setdefault(key, match)
        self._keys = [key for key in self._matches if len(key) >= _SHORTEST and key not in self._everyday]

    def _add(self, place: NamedPlace, words: list[str]) -> None:
        match = PlaceMatch(place.kind, place.name, place.districts)
        key = "".join(words)
        self._spellings.add(tuple(words))
        self._matches[key] = _wider(self._matches.get(key), match)
        if place.everyday:
            self._everyday.add(key)
        shorter = "".join(words[1:])
        if place.kind == "village" and words[0] in _PREFIXES and len(shorter) >= _SHORTEST:
            self._lastly[shorter] = _wider(self._lastly.get(shorter), match)

    def names(self) -> Iterator[str]:
        """Every name, its words joined together."""
        return iter(self._matches)

    def spellings(self) -> Iterator[tuple[str, ...]]:
        """Every name as its words."""
        return iter(self._spellings)

    def at(self, words: Sequence[str], start: int) -> tuple[int, PlaceMatch] | None:
        """The longest name that begins at ``words[start]`` (as ``place_words`` gives them): its end and the place."""
        for end in range(min(len(words), start + _LONGEST), start, -1):
            key = "".join(words[start:end])
            match = self._matches.get(key)
            if match is None:
                continue
            if key in self._everyday and not (start and words[start - 1] in MARKERS):
                continue
            return end, match
        return None

    def find(self, text: str) -> PlaceMatch | None:
        """The place that ``text`` names, exactly or misspelt; see ``Region.find_place``."""
        words = place_words(text)
        whole = self._matches.get("".join(words))
        if whole:
            return whole
        named: list[PlaceMatch] = []
        at = 0
        while at < len(words):
            found = self.at(words, at)
            if found:
                named.append(found[1])
            at = found[0] if found else at + 1
        return _together(named) if named else self._misspelt(words)

    def _misspelt(self, words: list[str]) -> PlaceMatch | None:
        best: tuple[float, PlaceMatch] | None = None
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + _LONGEST) + 1):
                candidate = "".join(words[start:end])
                near = self.near(candidate)
                if near and (best is None or near[0] > best[0]):
                    best = near
        return best[1] if best else None

    def near(self, word: str) -> tuple[float, PlaceMatch] | None:
        """The one place whose name is like ``word``: (ratio, place); None where none is, or two are."""
        if len(word) < _SHORTEST:
            return None
        likely = process.extract(word, self._keys, scorer=fuzz.ratio, score_cutoff=SIMILAR - MARGIN, limit=8)
        if not likely or likely[0][1] < SIMILAR:
            return None
        key, ratio, _ = likely[0]
        match = self._matches[key]
        for other, score, _ in likely[1:]:
            rival = self._matches[other]
            if score > ratio - MARGIN and (rival.districts, rival.kind == "outside") != (
                match.districts,
                match.kind == "outside",
            ):
                return None
        return ratio, PlaceMatch(match.kind, match.name, match.districts, exact=False)


def _wider(known: PlaceMatch | None, match: PlaceMatch) -> PlaceMatch:
    """A name that stands for two places: the district before the village; two villages' districts together."""
    if known is None:
        return match
    if known.kind == "village" == match.kind:
        districts = tuple(dict.fromkeys((*known.districts, *match.districts)))
        return PlaceMatch("village", known.name, districts)
    return known


def _together(named: Sequence[PlaceMatch]) -> PlaceMatch:
    """Several places named in one answer as one match."""
    inside = [match for match in named if match.kind != "outside"]
    narrower = [match for match in inside if match.kind != "region"]
    match (narrower, inside):
        case ([only], _):
            return only
        case ([first, *_], _):
            districts = tuple(dict.fromkeys(code for match in narrower for code in match.districts))
            villages = [match for match in narrower if match.kind == "village"]
            if len(districts) == 1:
                return villages[0] if villages else first
            return PlaceMatch(first.kind, first.name, districts)
        case (_, [region, *_]):
            return region
    return named[0]
