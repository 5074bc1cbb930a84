"""Brings words as people type them into the spelling of the lexicon.

In this order: slang, a known word, doubled letters, clitics and affixes, a place glued to "di", dropped vowels,
one or two wrong letters. Each step only ever leads to a word that is already known; anything else stays as it was.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST_ROOT = 3
_SHORTEST_TYPO = 5
_LONGEST_WORD = 24

_CLITICS = ("nya", "kah", "lah", "pun", "tah", "ny")
_OWNERS = {"ku": ("saya",), "mu": ("kamu",)}
_SUFFIXES = ("kan", "an", "in", "i", "la", "lo")
_PREFIXES = (
    ("memper", ""), ("diper", ""), ("menge", ""), ("meny", "s"), ("meng", "k"), ("meng", ""), ("mem", "p"), ("mem", ""),
    ("men", "t"), ("men", ""), ("me", ""), ("peny", "s"), ("peng", "k"), ("peng", ""), ("pem", "p"), ("pem", ""),
    ("pen", "t"), ("pen", ""), ("per", ""), ("pe", ""), ("ber", ""), ("be", ""), ("ter", ""), ("te", ""), ("di", ""),
    ("ke", ""), ("se", ""), ("nge", ""), ("ng", "k"), ("ng", ""), ("ny", "s"), ("ny", "c"), ("n", "t"), ("n", ""),
    ("m", "p"), ("tak", ""), ("ku", ""),
)  # fmt: skip
"""Prefixes, Medan and Jakarta colour included, and the letter of the root each may have swallowed."""

_VOWELS = str.maketrans("", "", "aeiou")
_TRIPLE = re.compile(r"(.)\1{2,}")
_DOUBLE = re.compile(r"(.)\1+")
_TWICE = re.compile(r"^([^\W\d_]{3,})2(nya|an)?$")


@dataclass(frozen=True, slots=True)
class Spelt:
    """One typed word in the lexicon's spelling: usually one word, sometimes two ("gatau"), or as it was."""

    words: tuple[str, ...]
    known: bool
    corrected: bool = False
    """Whether letters had to be guessed."""


def roots(word: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What ``word`` may be an inflected form of, likeliest first, with the words its endings stand for."""
    bare: list[tuple[str, tuple[str, ...]]] = [(word, ())]
    for ending in _CLITICS:
        if word.endswith(ending):
            bare.append((word.removesuffix(ending), ()))
    for ending, owner in _OWNERS.items():
        if word.endswith(ending):
            bare.append((word.removesuffix(ending), owner))
    stems = list(bare)
    for base, after in bare:
        shorter = [(base.removesuffix(suffix), after) for suffix in _SUFFIXES if base.endswith(suffix)]
        stems += [stem for stem in shorter if len(stem[0]) > _SHORTEST_ROOT]
    yield from (stem for stem in stems[1:] if len(stem[0]) >= _SHORTEST_ROOT - len(stem[1]))
    for base, after in stems:
        for prefix, swallowed in _PREFIXES:
            root = swallowed + base[len(prefix) :]
            if base.startswith(prefix) and len(root) > (_SHORTEST_ROOT if len(prefix) < 3 else _SHORTEST_ROOT - 1):
                yield root, after


class Speller:
    """Knows the words of a lexicon and of one region's places."""

    def __init__(
        self,
        slang: Mapping[str, tuple[str, ...]],
        meaningful: Iterable[str],
        common: Iterable[str],
        places: Iterable[str],
    ) -> None:
        self._slang = slang
        self._meaningful = frozenset(meaningful)
        self._places = frozenset(places)
        self._known = self._meaningful | self._places | frozenset(common) | {w for ws in slang.values() for w in ws}
        self._by_length: dict[int, list[str]] = defaultdict(list)
        self._skeletons: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            self._by_length[len(word)].append(word)
            if word.isalpha():
                self._skeletons[word.translate(_VOWELS)].append(word)
        self.spell = lru_cache(maxsize=20_000)(self._spell)

    def _spell(self, word: str) -> Spelt:
        """How the lexicon writes ``word`` (lower case, no punctuation)."""
        exact = self._lookup(word)
        if exact or len(word) > _LONGEST_WORD or not word[0].isalpha():
            return Spelt(exact or (word,), exact is not None)
        for simpler in (_TRIPLE.sub(r"\1\1", word), _DOUBLE.sub(r"\1", word), _TWICE.sub(r"\1", word)):
            if found := self._lookup(simpler) or self._inflected(simpler):
                return Spelt(found, True)
        if found := self._glued(word):
            return Spelt(found, True)
        word = _DOUBLE.sub(r"\1", _TRIPLE.sub(r"\1\1", word)) if _TRIPLE.search(word) else word
        guess = self._vowels_dropped(word) or self._mistyped(word)
        return Spelt((guess,), True, corrected=True) if guess else Spelt((word,), False)

    def _lookup(self, word: str) -> tuple[str, ...] | None:
        if word in self._slang:
            return self._slang[word]
        return (word,) if word in self._known else None

    def _inflected(self, word: str) -> tuple[str, ...] | None:
        for root, after in roots(word):
            if found := self._lookup(root):
                return (*found, *after)
        return None

    def _glued(self, word: str) -> tuple[str, ...] | None:
        """ "dikotapinang" -> di, kotapinang; "yglain" -> yang, lain."""
        for little, rest in ((word[:2], word[2:]), (word[:3], word[3:])):
            if little in ("di", "ke", "yg", "utk", "tdk", "gak", "gk", "ga") and len(rest) > _SHORTEST_ROOT:
                found = self._lookup(rest) or (self._inflected(rest) if little not in ("di", "ke") else None)
                if found:
                    return (*self._slang.get(little, (little,)), *found)
        return None

    def _vowels_dropped(self, word: str) -> str | None:
        """The one known word of which ``word`` is an abbreviation: "lwngan" -> "lowongan"."""
        vowels = len(word) - len(word.translate(_VOWELS))
        if len(word) < _SHORTEST_ROOT or vowels * 3 > len(word):
            return None
        fuller = [w for w in self._skeletons.get(word.translate(_VOWELS), ()) if _is_within(word, w)]
        likely = (
            [w for w in fuller if w in self._meaningful or w in self._places] if len(fuller) > 1 and vowels else fuller
        )
        return likely[0] if len(likely) == 1 else None

    def _mistyped(self, word: str) -> str | None:
        """The one known word a few letters away, judged the stricter the shorter the word."""
        if len(word) < _SHORTEST_TYPO:
            return self._letter_missing(word)
        allowed = 1 if len(word) < 8 else 2
        near = [w for n in range(len(word) - allowed, len(word) + allowed + 1) for w in self._by_length.get(n, ())]
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=allowed, limit=6)
        close = [(distance, w) for w, distance, _ in found if w[0] == word[0] or w[1:3] == word[1:3]]
        if not close:
            return None
        best = min(distance for distance, _ in close)
        nearest = [w for distance, w in close if distance == best and len(w) >= _SHORTEST_TYPO - 1]
        nearest = [w for w in nearest if _is_within(word, w)] or nearest  # a letter left out is the commonest slip
        nearest = [w for w in nearest if w in self._meaningful or w in self._places] or nearest
        return nearest[0] if len(nearest) == 1 else None

    def _letter_missing(self, word: str) -> str | None:
        """ "slon" -> "salon": four letters are too few to guess more than one that was left out."""
        if len(word) < _SHORTEST_TYPO - 1:
            return None
        near = [w for w in self._by_length.get(len(word) + 1, ()) if w[0] == word[0] and w[-1] == word[-1]]
        fuller = [w for w in near if w in self._meaningful and _is_within(word, w)]
        return fuller[0] if len(fuller) == 1 else None


def _is_within(short: str, long: str) -> bool:
    """Whether the letters of ``short`` stand in ``long`` in the same order, beginning with the same one."""
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in short)
