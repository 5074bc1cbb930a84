"""The national identity number (NIK) as people give it: doubts are told, nothing is refused.

16 digits, PPRRSS DDMMYY XXXX, women with 40 added to the day; where it was issued first never changes, and there is no
check digit (DOMAIN.md). So a number that looks wrong may well be right.
"""

from __future__ import annotations

import re
from datetime import date

from stdnum.exceptions import ValidationError
from stdnum.id import nik as rules

from conversations.engine.texts import Text, t

DIGITS = 16
_WOMAN = 40
_FEWEST, _MOST = 8, 24
"""Digits that are taken for an attempt at a NIK: fewer are an age or a year, more are no number of a person's."""


def nik(text: str) -> str | None:
    """The digits of the NIK in ``text``, whatever stands between them; None: nothing of the kind."""
    found = re.sub(r"\D", "", text[:120])
    return found if _FEWEST <= len(found) <= _MOST else None


def nik_doubts(digits: str, born_on: date | None = None, sex: str | None = None) -> tuple[Text, ...]:
    """What may be wrong with it, in words; empty: nothing was noticed. ``sex``: "L" or "P"."""
    if len(digits) != DIGITS:
        return (
            t("NIK biasanya {most} angka, ini {count} angka. Kami tetap menyimpannya.", most=DIGITS, count=len(digits)),
        )
    try:
        rules.validate(digits)
    except ValidationError:
        return (t("Tanggal atau daerah di NIK itu tampak aneh. Kami tetap menyimpannya."),)
    day = int(digits[6:8])
    said = date_in(digits)
    if born_on is not None and said is not None and said != (born_on.day, born_on.month, born_on.year % 100):
        return (t("Tanggal lahir di NIK itu berbeda. Kami tetap menyimpannya."),)
    if sex is not None and (day > _WOMAN) != (sex == "P"):
        return (t("Jenis kelamin di NIK itu berbeda. Kami tetap menyimpannya."),)
    return ()


def date_in(digits: str) -> tuple[int, int, int] | None:
    """Day, month and the year's last two digits as a NIK of 16 digits says them."""
    if len(digits) != DIGITS:
        return None
    day = int(digits[6:8])
    return day - _WOMAN if day > _WOMAN else day, int(digits[8:10]), int(digits[10:12])
