"""Amounts as people write them: "3jt", "2,5 juta", "500 ribu", "1.800.000", "tiga juta"."""

from __future__ import annotations

import re
from collections.abc import Sequence

UNITS = {"ribu": 1_000, "rb": 1_000, "k": 1_000, "juta": 1_000_000, "jt": 1_000_000}

_SMALL = {
    "nol": 0, "kosong": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sepuluh": 10, "sebelas": 11,
}  # fmt: skip
_ONES = {"seratus": 100, "seribu": 1_000, "sejuta": 1_000_000}
_TIMES = {"puluh": 10, "ratus": 100}
_GROUPED = re.compile(r"^\d{1,3}(\.\d{3})+$")
_GLUED = re.compile(r"^(\d+(?:[.,]\d+)?)(jt|juta|jutaan|rb|ribu|k)$")
_LONGEST = 15
_DECIMAL = re.compile(r"^\d+[.,]\d{1,2}$")


def digits_of(word: str) -> int | None:
    """ "0".."9" as a word ("nol", "delapan"); None: not one digit."""
    value = _SMALL.get(word)
    return value if value is not None and value < 10 else None


def is_number_word(word: str) -> bool:
    return word in _SMALL or word in _ONES or word in _TIMES or word in ("belas", "ribu", "juta")


def number_of(words: Sequence[str]) -> int | None:
    """A whole number in words: "dua puluh lima" -> 25, "seribu sembilan ratus" -> 1900.

    None: not one, also where digits are told one by one ("dua lima").
    """
    total, part = 0, 0
    seen = False
    for word in words:
        if word in _SMALL:
            if part % 10:
                return None
            part += _SMALL[word]
        elif word in _ONES:
            part += _ONES[word]
        elif word in _TIMES:
            unit = part % 10
            part = part - unit + max(unit, 1) * _TIMES[word]
        elif word == "belas":
            part += 10
        elif word in ("ribu", "juta"):
            total, part = total + max(part, 1) * UNITS[word], 0
        else:
            return None
        seen = True
    return total + part if seen else None


def split_unit(word: str) -> tuple[str, str] | None:
    """ "3jt" -> ("3", "jt"); None: no number with its unit glued on."""
    glued = _GLUED.match(word)
    return (glued[1], glued[2]) if glued else None


def amount_at(words: Sequence[str], start: int) -> tuple[int, int] | None:
    """The amount of rupiah that begins at ``words[start]``: (the index after it, rupiah). None: none there.

    A bare number counts only when it is written in full ("1.800.000", "2500000").
    """
    word = words[start]
    if len(word) > _LONGEST:
        return None
    unit = UNITS.get(words[start + 1]) if start + 1 < len(words) else None
    if _GROUPED.match(word):
        return start + 1, int(word.replace(".", ""))
    if word.isdigit():
        if unit:
            return start + 2, int(word) * unit
        return (start + 1, int(word)) if 100_000 <= int(word) <= 100_000_000 else None
    if _DECIMAL.match(word) and unit:
        return start + 2, round(float(word.replace(",", ".")) * unit)
    end = start
    while end < len(words) and is_number_word(words[end]):
        end += 1
    value = number_of(words[start:end])
    return (end, value) if value is not None and value >= 100_000 else None
