"""How somebody can be reached: telephone numbers and whose they are, ways, times, and "jangan telepon"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rapidfuzz.distance import OSA

from conversations.domain.wording import words_of
from conversations.understanding.births import Unknown
from conversations.understanding.manner import is_nothing, is_unsure
from conversations.understanding.profile_words import Named, named

Whose: TypeAlias = Literal["own", "shared", "companion"]

NO_CALLS = "jangan telepon"
"""The code of not wanting, or not being able, to be called; it binds officers and employers."""

MOST = 4
"""Telephone numbers of one answer."""

_LONGEST = 300  # characters that are read

_NUMBER = re.compile(r"\+?\(?\d(?:[\s().-]{0,3}\d){7,15}(?!\d)")
_OF_BOTH = re.compile(
    r"\b(?:bersama|berdua|bareng|sama[- ]sama|gantian|bergantian|pinjam|minjam|numpang|nebeng|satu rumah|sekeluarga|"
    r"dipakai (?:bersama|berdua|gantian|sekeluarga)|(?:hp|nomor) keluarga)\b"
)
_RELATION = (
    r"kakak|abang|adik|adek|ibu|mamak|mama|emak|bapak|ayah|papa|suami|istri|bini|anak|tetangga|saudara|sodara|paman|"
    r"tante|bibi|opung|nenek|kakek|teman|kawan|keponakan|sepupu|ipar|mertua|pendamping|wali|guru|kepala desa|kades|"
    r"lurah|tulang|namboru|uda|bou|inang|amang"
)
_OF_ANOTHER = re.compile(
    rf"\b(?:nomor|nomer|no|hp|wa|nmr|telepon|telpon|punya|milik|kepunyaan|nya|ini|atas nama)\s+"
    rf"(?:hp|wa|telepon|telpon|si|punya)?\s*(?:{_RELATION})\w*\b|\b(?:{_RELATION})(?:\s+(?:saya|aku|awak|ku|kami))?\s*[:=-]?\s*$"
)
_OWN = re.compile(r"\b(?:saya sendiri|sendiri|punya (?:saya|aku|awak|sendiri)|(?:nomor|hp|wa) (?:saya|aku|awak|ku))\b")
_NO_PHONE = re.compile(
    r"\b(?:tidak|gak|ga|gk|nggak|belum|blm|tak|tdk)\s+(?:ada|punya|pegang|pakai|megang)\s*(?:hp|nomor|telepon|telpon|handphone|wa)?\b"
)
_CANNOT_CALL = re.compile(
    r"\b(?:tidak|gak|ga|gk|nggak|jangan|jgn|tak|tdk|ora|ojo|ndak)\s+(?:bisa|mau|usah|boleh|di|suka|kuat|iso|terima)?\s*"
    r"(?:di|ne|nge|me)?(?:telepon|telpon|telfon|tlp|tlpn|telp|bel|call|nelpon|angkat)\w*"
    r"|\b(?:telepon|telpon|telfon|tlp)\s+(?:tidak|gak|ga|jangan|jgn)\b|\bno calls?\b"
    r"|\b(?:saya|aku|awak|karena) (?:tuli|tunarungu|tuna rungu|bisu)\b"
    r"|\b(?:tidak|gak|ga|nggak) (?:bisa )?(?:men)?dengar\b"
)


@dataclass(frozen=True, slots=True)
class Phone:
    """One number and whose it is."""

    number: str
    """E.164."""
    whose: Whose = "own"


@dataclass(frozen=True, slots=True)
class NoPhone:
    """ "gak punya hp": an answer like any other."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How and when somebody wants to be reached."""

    ways: tuple[str, ...]
    """Codes, NO_CALLS among them where calls are not wanted."""
    times: tuple[str, ...]

    @property
    def no_calls(self) -> bool:
        return NO_CALLS in self.ways


def phones(text: str) -> tuple[Phone, ...] | NoPhone | Unknown | None:
    """The telephone numbers in ``text``, each with whose it is; None: no number.

    "0812… sama 0813… punya kakak saya", "nomor tetangga 0812…", "hp bersama", "gak punya hp". What is not said to be
    somebody else's is the person's own.
    """
    said = text[:_LONGEST]
    found = tuple(dict.fromkeys(_numbered(said)))[:MOST]
    if found:
        return found
    if _NO_PHONE.search(" ".join(words_of(said))) or is_nothing(said):
        return NoPhone()
    return Unknown() if is_unsure(said) else None


def _numbered(said: str) -> Iterator[Phone]:
    from conversations.understanding.answers import phone

    spans = [match.span() for match in _NUMBER.finditer(said)]
    if not spans:
        if number := phone(said):  # dictated
            yield Phone(number, _whose(said, ""))
        return
    for at, (start, end) in enumerate(spans):
        before = said[spans[at - 1][1] if at else 0 : start]
        after = said[end : spans[at + 1][0] if at + 1 < len(spans) else len(said)]
        if number := phone(said[start:end]):
            last = at + 1 == len(spans)
            yield Phone(number, _whose(_last_part(before) if at else before, after if last else _first_part(after)))


_JOINED = re.compile(r"[,;\n]|\b(?:dan|sama|atau|satu lagi|kalau)\b")


def _last_part(text: str) -> str:
    """What belongs to the number that follows."""
    return _JOINED.split(text)[-1]


def _first_part(text: str) -> str:
    """What belongs to the number before: up to where another begins to be spoken of."""
    return _JOINED.split(text)[0]


def _whose(before: str, after: str) -> Whose:
    spoken = (" ".join(words_of(before)), " ".join(words_of(after)))
    if any(map(_OF_BOTH.search, spoken)):
        return "shared"
    if any(map(_OWN.search, spoken)) and not any(map(_OF_ANOTHER.search, spoken)):
        return "own"
    return "companion" if any(map(_OF_ANOTHER.search, spoken)) else "own"


def refuses_calls(text: str) -> bool:
    """Whether somebody says that they are not to be called, or cannot take calls; "jangan" may be misspelt."""
    return _CANNOT_CALL.search(" ".join("jangan" if _is_dont(word) else word for word in words_of(text))) is not None


def _is_dont(word: str) -> bool:
    return len(word) >= 5 and OSA.distance(word, "jangan") <= 1


def reach(text: str) -> Reach | Unknown | None:
    """How and when to reach somebody, both in one answer: "wa aja habis magrib", "jangan telepon, datang ke rumah".

    None: neither. Calls that are not wanted, or that somebody who does not hear cannot take, are NO_CALLS.
    """
    said = text[:_LONGEST]
    ways, times = named(said, "ways"), named(said, "times")
    no_calls = refuses_calls(said)
    if isinstance(ways, Named) and "telepon" in ways.refused:
        no_calls = True
    codes = ways.codes if isinstance(ways, Named) else ()
    if no_calls:
        codes = (*(code for code in codes if code != "telepon"), NO_CALLS)
    when = times.codes if isinstance(times, Named) else ()
    if codes or when:
        return Reach(codes, when)
    return Unknown() if isinstance(ways, Unknown) or isinstance(times, Unknown) else None
