"""The code that joins two contacts, as people type, copy and dictate it."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.domain.wording import words_of
from conversations.understanding.amounts import digits_of

CODE_DIGITS = 8

_NAMES_LINE = "sambung sambungkan sambungin sambungan tersambung hubungkan link connect join"
_NAMES = frozenset(_NAMES_LINE.split())
_BESIDE_LINE = "kode kodenya code kodenya saya ini itu adalah ya kak dengan pakai chat my"
_BESIDE = frozenset(_BESIDE_LINE.split())
_LONGEST = 120  # characters; eight dictated digits take 70


@dataclass(frozen=True, slots=True)
class Code:
    """What was said for a code."""

    digits: str
    """Eight of them; where a word names it as a code, maybe others."""
    named: bool
    """Whether it was said with the word for it: "SAMBUNG 4829 1573"."""


def code_in(text: str) -> Code | None:
    """The code that is the whole of ``text``: "4829 1573", "4829-1573", "sambung empat delapan …". None: none is."""
    digits, named = "", False
    for word in words_of(text[:_LONGEST]):
        if word in _NAMES:
            named = True
        elif word.isascii() and word.replace(".", "").isdecimal():
            digits += word.replace(".", "")
        elif (digit := digits_of(word)) is not None:
            digits += str(digit)
        elif word not in _BESIDE:
            return None
    if len(digits) == CODE_DIGITS or (named and len(digits) >= CODE_DIGITS // 2):
        return Code(digits, named)
    return None


OFFICE_DIGITS = 12
"""Of a code that makes an officer: good for days, so nobody is to find it by trying."""


def office_code_in(text: str) -> str | None:
    """The digits after PETUGAS KODE, in either order and however they are grouped. None: it is no such code."""
    digits, named = "", set()
    for word in words_of(text[:_LONGEST]):
        if word in ("petugas", "kode"):
            named.add(word)
        elif word.isascii() and word.replace(".", "").isdecimal():
            digits += word.replace(".", "")
        elif (digit := digits_of(word)) is not None:
            digits += str(digit)
        else:
            return None
    return digits if len(named) == 2 and len(digits) >= OFFICE_DIGITS // 2 else None


def grouped(code: str) -> str:
    """In groups of four, as a screen reader says it best and people copy it: "1234 5678 9012"."""
    return " ".join(code[n : n + 4] for n in range(0, len(code), 4))
