"""Which of the offered options an answer means: by number, by its words, misspelt, or several at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from rapidfuzz import fuzz

from conversations.domain.wording import fold
from conversations.understanding.amounts import number_of
from conversations.understanding.lexicons import lexicon
from conversations.understanding.manner import names_nothing
from conversations.understanding.reading import plain_reader
from conversations.understanding.wishes import codes_of

SIMILAR = 80
"""Least ratio (0-100) at which a misspelt answer is taken …"""
MARGIN = 15
"""… and how far the best other option must be below it."""

_SHORTEST_TYPO = 4  # letters; shorter words are taken only as they are
_MOST_PARTS = 40  # things named in one answer; nobody needs more, and each costs a comparison with every label
_LONGEST = 200  # characters of an answer that is compared with labels

_ORDINALS = {
    "pertama": 1, "kesatu": 1, "kedua": 2, "ketiga": 3, "keempat": 4, "kelima": 5, "keenam": 6, "ketujuh": 7,
    "kedelapan": 8, "kesembilan": 9, "kesepuluh": 10, "first": 1, "second": 2, "third": 3,
}  # fmt: skip
_COUNTING = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_LEADING_LINE = (
    "nomor nomer no nmr nmor num number angka pilih pilihan opsi yang yg ke balas jawab jawabannya itu saja aja"
)
_LEADING = frozenset(_LEADING_LINE.split())
_TRAILING_LINE = "saja aja kak bang ya dong lah deh pak bu min itu"
_TRAILING = frozenset(_TRAILING_LINE.split())
_OPENING_LINE = (
    "saya aku awak mau ingin pengen pilih yang yg untuk buat butuh perlu ada pakai pake memakai punya tinggal di "
    "kalau kalo itu jawabannya lulusan tamat tamatan lulus suka bisa kerja bidang"
)
_OPENING = frozenset(_OPENING_LINE.split())
_REFUSALS = frozenset({"tidak", "bukan", "jangan", "gak", "ga", "nggak", "enggak", "tak", "tdk", "belum", "no", "not"})
_NEGATIVE = re.compile(r"\s*[-−–]\s?\d")
_PARTS = re.compile(r"[(),/;]| atau | or ")
_HARD = re.compile(r"[,;/&+\n]+|\.(?=\s)")
_SOFT = re.compile(r"\s+(?:dan|sama|serta|atau|dgn|dengan|and|or|dn|plus|juga|terus|trus)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that is offered, as it is shown to this person."""

    value: str
    label: str
    number: int | None = None
    aliases: tuple[str, ...] = ()
    """Other words for it, lower case."""


Item = TypeVar("Item")


class Same(Generic[Item]):
    """A sequence as the key of a cache: equal only to itself, so that nothing in it need be compared."""

    __slots__ = ("items",)

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items

    def __hash__(self) -> int:
        return id(self.items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.items is other.items


@dataclass(frozen=True, slots=True)
class _Index:
    """The options by what names each of them exactly."""

    by_number: Mapping[int, str]
    by_name: Mapping[str, str]


@lru_cache(maxsize=256)
def _index(same: Same[Option]) -> _Index:
    """Of options that are asked again and again; the key holds them, so their id stays theirs."""
    by_number: dict[int, str] = {}
    by_name: dict[str, str] = {}
    for option in same.items:
        if option.number is not None:
            by_number.setdefault(option.number, option.value)
        for name in (option.label, *option.aliases):
            by_name.setdefault(fold(name), option.value)
    by_name.pop("", None)
    return _Index(by_number, by_name)


@dataclass(frozen=True, slots=True)
class ManyAnswer:
    """What an answer to "several of these" named."""

    values: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    """Parts that are none of the options, as they were written."""
    refused: tuple[str, ...] = ()
    """Options that were named only to say no to them ("tidak pakai kursi roda")."""
    outside: tuple[str, ...] = ()
    """Numbers that no option has, as they were written; never kept as somebody's own words."""


def choose(text: str, options: Sequence[Option]) -> str | None:
    """The value of the one option that ``text`` means; None: none, or not clearly one.

    Takes a number ("2", "nomor dua", "yang kedua"), the label or a part of it, an alias, any of these inside a
    sentence ("saya mau cari lowongan"), misspelt, or in other words of the lexicon ("tamatan stm"). A question
    ("apa itu pembaca layar?"), a shrug, a refusal and a number that is not offered ("-1") mean none.
    """
    if value := choose_exactly(text, options) or _exactly_spelt(text, options):
        return value
    if names_nothing(text) or _is_number(text):
        return None
    return _meant(text, options) or _named_within(text, options) or _alike(text, options)


def choose_exactly(text: str, options: Sequence[Option]) -> str | None:
    """The value of the option whose number, label or alias ``text`` is, and nothing else.

    For consent, where "tidak boleh" must never read as "boleh".
    """
    words = fold(text[:_LONGEST])
    if not words or _NEGATIVE.match(text):
        return None
    index = _index(Same(options))
    number = _number(words.split())
    if number is not None and number in index.by_number:
        return index.by_number[number]
    short = " ".join(_without(words.split(), trailing=_TRAILING))
    return index.by_name.get(words) or index.by_name.get(short)


def choose_many(text: str, options: Sequence[Option]) -> ManyAnswer:
    """All options that ``text`` names ("1 dan 3", "kursi roda sama lift"), and the parts that are none of them.

    A question, a shrug or a refusal as a whole gives nothing at all; see ``manner`` for which of these it is.
    """
    values: dict[str, None] = {}
    unknown: dict[str, None] = {}
    refused: dict[str, None] = {}
    outside: dict[str, None] = {}
    if names_nothing(text) and _exactly_spelt(text, options) is None:
        return ManyAnswer(())
    for chunk in filter(None, (part.strip() for part in _HARD.split(text))):
        for piece, found in _pieces(chunk, options):
            if found:
                values.update(dict.fromkeys(found))
            elif _is_number(piece):
                known, strange = _by_number(piece, options)
                values.update(dict.fromkeys(known))
                outside.update(dict.fromkeys(strange))
            elif denied := _denied(piece, options):
                refused.update(dict.fromkeys(denied))
            elif fold(piece) and not names_nothing(piece):
                unknown[piece] = None
    return ManyAnswer(tuple(values), tuple(unknown), tuple(v for v in refused if v not in values), tuple(outside))


def _pieces(chunk: str, options: Sequence[Option]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A chunk's parts with the options each names. A label may itself hold "dan", so the longest is tried first."""
    parts = [part.strip() for part in _SOFT.split(chunk)][:_MOST_PARTS]
    longest = max((len(_SOFT.split(option.label)) for option in options), default=1)
    at = 0
    while at < len(parts):
        for end in range(min(len(parts), at + longest), at, -1):
            whole = chunk if end - at == len(parts) else " dan ".join(parts[at:end])
            found = _one(whole, options) if end - at > 1 else _several(whole, options)
            if found or end == at + 1:
                yield whole, found
                at = end
                break


def _one(piece: str, options: Sequence[Option]) -> tuple[str, ...]:
    """For parts joined by "dan": only a label that has the "dan" itself."""
    value = choose_exactly(piece, options) or _alike(piece, options, parts=False)
    return (value,) if value else ()


def _several(piece: str, options: Sequence[Option]) -> tuple[str, ...]:
    words = fold(piece).split()
    if _NEGATIVE.match(piece):
        return ()
    if len([word for word in words if word not in _LEADING]) > 1 and _is_number(piece):  # "1 3 5"
        return ()
    if value := choose_exactly(piece, options) or _exactly_spelt(piece, options):
        return (value,)
    if values := _meanings(piece, options):
        return values
    value = _named_within(piece, options) or _alike(piece, options)
    return (value,) if value else ()


def _denied(piece: str, options: Sequence[Option]) -> tuple[str, ...]:
    """The options that a piece names beside a "tidak", "bukan", …"""
    words = fold(piece).split()
    left = [word for word in words if word not in _REFUSALS | _OPENING]
    return _several(" ".join(left), options) if left and _refuses(words) else ()


def _is_number(piece: str) -> bool:
    """Whether it is numbers and nothing else: "99", "1 3 5", "nomor satu nomor dua"."""
    left = [word for word in fold(piece[:_LONGEST]).split() if word not in _LEADING | _TRAILING]
    return bool(left) and all(word.isdecimal() or _number([word]) is not None for word in left)


def _by_number(piece: str, options: Sequence[Option]) -> tuple[list[str], list[str]]:
    """The options of "1 3 99", and the numbers that no option has."""
    if _NEGATIVE.match(piece):
        return [], [piece]
    by_number = _index(Same(options)).by_number
    known: list[str] = []
    strange: list[str] = []
    for word in fold(piece[:_LONGEST]).split():
        if (number := _number([word])) in by_number and number is not None:
            known.append(by_number[number])
        elif number is not None or word.isdecimal():
            strange.append(word)
    return known, strange


def _exactly_spelt(text: str, options: Sequence[Option]) -> str | None:
    """The option whose name is ``text`` but for slang: "gak ada" for "tidak ada"."""
    slang = lexicon().slang
    words = _without(fold(text[:_LONGEST]).split(), trailing=_TRAILING)
    spelt = " ".join(part for word in words for part in slang.get(word, (word,)))
    return _index(Same(options)).by_name.get(spelt) if spelt else None


def _number(words: Sequence[str]) -> int | None:
    """The number that is all of an answer: "2", "no 2", "nomor dua", "yang kedua", "2."."""
    left = _without(words, leading=_LEADING, trailing=_TRAILING)
    if len(left) != 1 or len(left[0]) > 12:
        return None
    word = left[0]
    if word.isdecimal():
        return int(word) if len(word) <= 3 else None
    return _ORDINALS.get(word) or _COUNTING.get(word) or number_of([word])


def _without(
    words: Sequence[str], leading: frozenset[str] = frozenset(), trailing: frozenset[str] = frozenset()
) -> list[str]:
    left = list(words)
    while len(left) > 1 and left[0] in leading:
        left.pop(0)
    while len(left) > 1 and left[-1] in trailing:
        left.pop()
    return left


def _names(option: Option, *, parts: bool = True) -> Iterator[str]:
    """What an option may be called: its label, the meaningful parts of it, its aliases."""
    yield fold(option.label)
    if parts:
        yield from (fold(part) for part in _PARTS.split(option.label))
    yield from (fold(alias) for alias in option.aliases)


def _refuses(words: Iterable[str]) -> bool:
    return not _REFUSALS.isdisjoint(words)


def _named_within(text: str, options: Sequence[Option]) -> str | None:
    """The one option whose name stands as whole words inside ``text``; the longer of two names counts."""
    words = fold(text[:_LONGEST])
    padded, refused = f" {words} ", _refuses(words.split())
    best: dict[str, int] = {}
    for option in options:
        for name in _names(option):
            if len(name) < _SHORTEST_TYPO - 1 or f" {name} " not in padded:
                continue
            if refused and not _refuses(name.split()):
                continue
            best[option.value] = max(len(name), best.get(option.value, 0))
    longest = [value for value, length in best.items() if length == max(best.values())]
    inside = [v for v in best if v not in longest and not _is_inside(v, longest, options, padded)]
    return longest[0] if len(longest) == 1 and not inside else None


def _is_inside(value: str, longest: Sequence[str], options: Sequence[Option], padded: str) -> bool:
    """Whether all that named ``value`` stands within the name of a longest one ("landai" in "jalur landai")."""
    names = {o.value: [n for n in _names(o) if f" {n} " in padded] for o in options}
    return all(any(name in long for v in longest for long in names[v]) for name in names[value] if name)


def _alike(text: str, options: Sequence[Option], *, parts: bool = True) -> str | None:
    """The one option whose name is like ``text``, by plain ratio and margin."""
    words = fold(text[:_LONGEST])
    said = {words, " ".join(_without(words.split(), leading=_OPENING, trailing=_TRAILING))}
    said = {s for s in said if len(s) >= _SHORTEST_TYPO}
    scores: dict[str, float] = {}
    for option in options:
        names = [name for name in _names(option, parts=parts) if len(name) >= _SHORTEST_TYPO - 1]
        ratios = (fuzz.ratio(s, name) for s in said for name in names if _refuses(s.split()) <= _refuses(name.split()))
        scores[option.value] = max(scores.get(option.value, 0.0), max(ratios, default=0.0))
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < SIMILAR:
        return None
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= MARGIN else None


def _meant(text: str, options: Sequence[Option]) -> str | None:
    """The one option whose code the lexicon reads in ``text``: "tamatan stm" -> "smk"."""
    found = _meanings(text, options)
    return found[0] if len(found) == 1 else None


def _meanings(text: str, options: Sequence[Option]) -> tuple[str, ...]:
    offered = {option.value for option in options}
    return tuple(code for code in codes_of(plain_reader().read(text[:_LONGEST])) if code in offered)
