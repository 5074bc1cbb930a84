"""The national identity number (NIK) as people give it: doubts are data, and nothing is refused.

16 digits, PPRRSS DDMMYY XXXX, women with 40 added to the day. Where it was issued first never changes, and there is no
check digit (see also ``stdnum.id.nik``), so a number that looks wrong may well be right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from conversations.domain.wording import words_of
from conversations.understanding.amounts import digits_of
from conversations.understanding.births import Unknown

DIGITS = 16
_WOMAN = 40
_FEWEST, _MOST = 8, 20
"""Digits that are taken for an attempt at a NIK: fewer are a year or an age, more are no number of a person's."""
_LONGEST = 200  # characters that are read

_RUN = re.compile(r"\d(?:[\s.,/_-]*\d)*")
_NOT_YET = re.compile(r"\b(?:belum|blm|tidak|gak|ga|gk|nggak|tak|tdk)\s+(?:ada|punya|pnya|pny|bikin|buat|urus|jadi)\b")
_LOST = re.compile(r"\b(?:hilang|ilang|ketinggalan|tinggal|lupa|tidak hafal|gak hafal|ga hapal|gak hapal)\b")
_ITS_NAMES = frozenset({"nik", "ktp", "ektp", "kk", "nomor", "nomer", "no", "kartu"})


class Doubt(StrEnum):
    """What may be wrong with a NIK."""

    LENGTH = "length"
    """It has not 16 digits."""
    DATE = "date"
    """The date of birth in it does not exist."""
    PLACE = "place"
    """It begins with no province and regency that is known."""
    BIRTH = "birth"
    """The date of birth in it is not the one that was given."""
    SEX = "sex"
    """The day in it belongs to the other sex than was given."""


@dataclass(frozen=True, slots=True)
class Nik:
    """The digits as they were given, and what may be wrong with them."""

    digits: str
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class NoNik:
    """ "belum punya": an answer like any other."""


def nik(text: str, born: str | None = None, sex: str | None = None) -> Nik | NoNik | Unknown | None:
    """The NIK in ``text``, with spaces, dots or dictated; None: nothing of the kind.

    ``born``: the date of birth as far as it is known ("1990-08-17", "1990"); ``sex``: "L" or "P".
    """
    said = text[:_LONGEST]
    if digits := _digits(said):
        return Nik(digits, doubts(digits, born, sex))
    words = words_of(said)
    spoken = " ".join(words)
    if _LOST.search(spoken):
        return Unknown()
    if _NOT_YET.search(spoken) or (words[-1:] in (["belum"], ["blm"]) and len(words) <= 2):
        return NoNik()
    return None


def _digits(said: str) -> str | None:
    """The longest run of digits, or the digits that were dictated one by one."""
    runs = [re.sub(r"\D", "", run) for run in _RUN.findall(said)]
    spoken = "".join(str(digit) for word in words_of(said) if (digit := digits_of(word)) is not None)
    fitting = [run for run in (*runs, spoken) if _FEWEST <= len(run) <= _MOST and run.isascii()]
    return min(fitting, key=lambda run: abs(len(run) - DIGITS), default=None)


def doubts(digits: str, born: str | None = None, sex: str | None = None) -> tuple[Doubt, ...]:
    """What may be wrong with a NIK; see ``nik`` for what is compared."""
    if len(digits) != DIGITS:
        return (Doubt.LENGTH,)
    found = []
    day, month, year = _date_in(digits)
    if not _exists(digits):
        found.append(Doubt.DATE)
    elif born and not _same(born, day, month, year):
        found.append(Doubt.BIRTH)
    if not _issued_somewhere(digits):
        found.append(Doubt.PLACE)
    if sex in ("L", "P") and (int(digits[6:8]) > _WOMAN) != (sex == "P"):
        found.append(Doubt.SEX)
    return tuple(found)


def last_digits(digits: str) -> str:
    """What is read back of a NIK: its last four digits, fewer of a damaged one. Screen readers spell asterisks out."""
    return digits[-min(4, len(digits) // 4) :]


def _date_in(digits: str) -> tuple[int, int, int]:
    """Day, month and the year's last two digits."""
    day = int(digits[6:8])
    return day - _WOMAN if day > _WOMAN else day, int(digits[8:10]), int(digits[10:12])


def _same(born: str, day: int, month: int, year: int) -> bool:
    """Whether as much of the date as is known agrees."""
    known = [int(part) for part in born.split("-") if part.isdecimal()]
    return (
        all(a == b for a, b in zip(known, (known[0] // 100 * 100 + year, month, day), strict=False)) if known else True
    )


def _exists(digits: str) -> bool:
    from stdnum.exceptions import ValidationError
    from stdnum.id import nik as rules

    day = int(digits[6:8])
    if day % _WOMAN == 0 or day > _WOMAN + 31:
        return False
    try:
        rules.get_birth_date(digits)
    except ValidationError:
        return False
    return True


def _issued_somewhere(digits: str) -> bool:
    """Whether the first two digits are a province's."""
    from stdnum import numdb

    return bool(numdb.get("id/loc").info(digits[:4])[0][1])
