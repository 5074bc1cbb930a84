"""When somebody was born, as they write it: a year, two digits of it, a date, an age, or that they forgot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TypeAlias

from conversations.domain.wording import words_of
from conversations.engine.texts import Text, t
from conversations.understanding.amounts import digits_of, is_number_word, number_of

YOUNGEST, OLDEST = 14, 100
"""Years of age that are believed."""
ADULT = 18
_WORKING = 75
"""Two digits that could be a year or an age are read as what makes somebody at most this old."""


@dataclass(frozen=True, slots=True)
class BirthYear:
    """The year of birth. ``born_on`` where a whole date was given, ``month`` where only the day is missing;
    ``from_age``: reckoned from an age, so a year may be missing."""

    year: int
    born_on: date | None = None
    from_age: bool = False
    month: int | None = None

    @property
    def iso(self) -> str:
        """As much of the date as was said, in ISO 8601: "1990-08-17", "1990-08", "1990"."""
        if self.born_on is not None:
            return self.born_on.isoformat()
        return f"{self.year}-{self.month:02}" if self.month else str(self.year)


@dataclass(frozen=True, slots=True)
class Unknown:
    """ "lupa": an answer like any other."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Understood, and cannot be: the text says why and what was expected."""

    text: Text


Birth: TypeAlias = BirthYear | Unknown | Problem

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january", "februari feb pebruari peb february", "maret mar mrt march", "april apr", "mei may",
            "juni jun june", "juli jul july", "agustus agu ags agt agst aug august agus", "september sep sept",
            "oktober okt oct october", "november nov nop nopember", "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_FORGOTTEN = frozenset(["lupa", "lupo", "forgot", "entah", "gatau", "gataw", "gtau", "gatahu"])
_NOT_LINE = "tidak gak ga nggak ngga enggak tak tdk gk kurang ndak indak ora belum not dont"
_NOT = frozenset(_NOT_LINE.split())
_KNOW_LINE = "tahu tau ingat inget ingt taw yakin hafal hapal know remember pasti"
_KNOW = frozenset(_KNOW_LINE.split())
_AGED = frozenset(
    ["umur", "umurku", "umurnya", "usia", "usiaku", "usianya", "umr", "berumur", "berusia", "age", "aged"]
)
_YEARS_OLD = frozenset({"tahun", "thn", "th", "years", "old"})
_MONTH_WORDS = frozenset({"bulan", "bln"})
_CALENDAR = frozenset({"bulan", "bln", "tanggal", "tgl"})
"""The number after one of these is no age: "bulan 3 tahun 2000"."""
_BORN = frozenset(["lahir", "kelahiran", "lahirnya", "born", "lahiran"])
_GLUED_AGE = re.compile(r"^(\d{1,3})(tahun|thn|th)$")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})(?!\d)")
_EIGHT = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{4})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_DAY_AND_MONTH = re.compile(r"\d{1,2}\s*[-/. ]\s*\d{1,2}")
_SERIAL = 5  # digits of a spreadsheet's date
_DECADE = re.compile(r"(?<!\d)(\d{2}|\d{4})-?an$")


def birth_date(text: str, today: date) -> Birth | None:
    """The date of birth in ``text``, or what is said of it; None: nothing of the kind.

    Like ``birth_year``, but asks for what is missing: a bare number of five digits is how a spreadsheet keeps a date,
    and is never guessed at; a day and a month without their year are none either.
    """
    found = birth_year(text, today)
    if found is not None:
        return found
    words = words_of(text[:120])
    serial = len(words) == 1 and len(words[0]) == _SERIAL and words[0].isdecimal()
    if serial or not _MONTHS.keys().isdisjoint(words) or _DAY_AND_MONTH.fullmatch(text[:120].strip()):
        return Problem(t("Tulis tanggal, bulan, dan tahunnya. Contoh: 17 Agustus 1999"))
    return None


def birth_year(text: str, today: date) -> Birth | None:
    """The year of birth in ``text``; None: nothing of the kind.

    "1999", "99", "17 ags 1990", "05051988", "umur 25", "kelahiran 2001", "lupa", also dictated ("lima mei delapan
    delapan"). The day comes before the month, as people write here. Two digits are read as a year or an age, whichever
    makes a working age; where both do, a Problem asks for four digits. A date that does not exist, and an age below 14
    or above 100, are Problems.
    """
    words = [part for word in words_of(text[:120]) for part in _unglued(word)]
    if not words:
        return None
    if _is_forgotten(words):
        return Unknown()
    return (
        _dated(text[:120], words, today)
        or _aged(words, today)
        or _decade_of(words, today)
        or _year_of(words, today)
        or _only_year(words, today)
    )


def _unglued(word: str) -> tuple[str, ...]:
    glued = _GLUED_AGE.match(word)
    return glued.groups() if glued else (word,)


def _is_forgotten(words: Sequence[str]) -> bool:
    if any(word.isdigit() for word in words):
        return False
    return not _FORGOTTEN.isdisjoint(words) or (not _NOT.isdisjoint(words) and not _KNOW.isdisjoint(words))


def _dated(text: str, words: Sequence[str], today: date) -> Birth | None:
    """A day, a month and a year, in digits or with the month in words."""
    for at, word in enumerate(words):
        if word in _MONTHS:
            return _month_named(words, at, today)
    if numbered := _month_numbered(words, today):
        return numbered
    if iso := _ISO.search(text):
        return _on(int(iso[3]), int(iso[2]), int(iso[1]), today)
    if (turned := _YEAR_FIRST.search(text)) and not 1 <= int(turned[0][2:4]) <= 12:
        return _on(int(turned[3]), int(turned[2]), int(turned[1]), today)
    if found := _DAY_FIRST.search(text) or _EIGHT.search(text):
        return _on(int(found[1]), int(found[2]), _full_year(int(found[3]), len(found[3]), today), today)
    return None


def _month_named(words: Sequence[str], at: int, today: date) -> Birth | None:
    """ "17 ags 1990", "1990 agustus 17", "lima mei delapan delapan", "agustus 90"; without a year None."""
    return _in_parts([*_numbers(words[:at]), *_numbers(words[at + 1 :], after=True)], _MONTHS[words[at]], today)


def _month_numbered(words: Sequence[str], today: date) -> Birth | None:
    """ "tgl 2 bulan 3 tahun 90", "2000 bulan 3 tanggal 2", "lahir 1988 bulan 5": the month stands after its word."""
    for at, word in enumerate(words[:-1]):
        if word not in _MONTH_WORDS:
            continue
        month, end = _number_at(words, at + 1)
        if month is not None and 1 <= month <= 12:
            return _in_parts([*_numbers(words[:at]), *_numbers(words[end:], after=True)], month, today)
    return None


@dataclass(frozen=True, slots=True)
class _Number:
    value: int
    digits: int
    is_year: bool
    """Whether the word before it says so."""
    after: bool
    """Whether it stands after the month."""


def _numbers(words: Sequence[str], after: bool = False) -> Iterator[_Number]:
    at = 0
    while at < len(words):
        number, end = _number_at(words, at)
        if number is not None:
            digits = len(words[at]) if words[at].isdecimal() else len(str(number))
            yield _Number(number, digits, at > 0 and words[at - 1] in _YEARS_OLD, after)
        at = max(end, at + 1)


def _in_parts(numbers: Sequence[_Number], month: int, today: date) -> Birth | None:
    """The date whose day and year are ``numbers``: the year has four digits, is named as one, or stands last."""
    if not 1 <= len(numbers) <= 2 or any(number.digits > 4 or number.digits == 3 for number in numbers):
        return None
    likely = [n for n in numbers if n.digits == 4 or n.is_year] or [n for n in numbers if n.after and n.digits == 2]
    if not likely:
        return None
    year = _full_year(likely[-1].value, 4 if likely[-1].digits == 4 else 2, today)
    days = [number for number in numbers if number is not likely[-1]]
    if days:
        return _on(days[0].value, month, year, today)
    checked = _in(year, today)
    return replace(checked, month=month) if isinstance(checked, BirthYear) else checked


def _on(day: int, month: int, year: int, today: date) -> Birth:
    try:
        born = date(year, month, day)
    except ValueError:
        return Problem(t("Tanggal itu tidak ada. Tulis tahun lahirnya saja. Contoh: 1999"))
    checked = _in(year, today)
    return BirthYear(year, born) if isinstance(checked, BirthYear) else checked


def _aged(words: Sequence[str], today: date) -> Birth | None:
    """ "umur 25", "25 tahun", "dua puluh lima tahun"."""
    said = not _AGED.isdisjoint(words)
    born = not _BORN.isdisjoint(words)
    for at, word in enumerate(words):
        number, end = _number_at(words, at)
        if number is None or len(word) > 3 or (at and words[at - 1] in _CALENDAR):
            continue
        if said or (end < len(words) and words[end] in _YEARS_OLD and not born):
            checked = _in(today.year - number, today) if number <= 150 else None
            return BirthYear(checked.year, from_age=True) if isinstance(checked, BirthYear) else checked
    return None


def _number_at(words: Sequence[str], at: int) -> tuple[int | None, int]:
    if words[at].isdecimal():
        return (int(words[at]) if len(words[at]) <= 4 else None), at + 1
    end = at
    while end < len(words) and is_number_word(words[end]):
        end += 1
    return _year_said(words[at:end]) or number_of(words[at:end]), end


def _year_said(words: Sequence[str]) -> int | None:
    """A year said in two halves ("sembilan belas sembilan puluh dua"), or its digits one by one ("delapan delapan")."""
    digits = [digits_of(word) for word in words]
    if len(words) in (2, 4) and None not in digits:
        return int("".join(map(str, digits)))
    for cut in range(1, len(words)):
        century, rest = number_of(words[:cut]), number_of(words[cut:])
        whole = rest is not None and (10 <= rest <= 99 or (rest < 10 and digits[cut] == 0))
        if century in (19, 20) and rest is not None and whole:
            return century * 100 + rest
    return None


def _year_of(words: Sequence[str], today: date) -> Birth | None:
    """ "1999", "tahun 88", "kelahiran 2001", "seribu sembilan ratus sembilan puluh"."""
    numbers: list[tuple[int, int]] = []  # (value, digits)
    at = 0
    while at < len(words):
        number, end = _number_at(words, at)
        if number is not None:
            numbers.append((number, len(words[at]) if words[at].isdecimal() else len(str(number))))
        elif words[at].isdecimal():
            return None  # a NIK, a telephone number
        at = max(end, at + 1)
    if len(numbers) != 1:
        return None
    value, digits = numbers[0]
    if digits == 4:
        return _in(value, today)
    if digits != 2:
        return None
    if not _BORN.isdisjoint(words) or not _YEARS_OLD.isdisjoint(words):
        return _in(_full_year(value, 2, today), today)
    return _two_digits(value, today)


def _only_year(words: Sequence[str], today: date) -> Birth | None:
    """ "2000 bulan 3 tanggal 2": the one number that is a year, or "tgl 2 bulan 3 tahun 90": the one after "tahun"."""
    if any(word.isdecimal() and len(word) > 4 for word in words):
        return None  # a NIK, a telephone number
    years = [int(word) for word in words if word.isdecimal() and len(word) == 4]
    if likely := [year for year in years if today.year - OLDEST <= year <= today.year]:
        return _in(likely[0], today) if len(likely) == 1 else None
    short = [n for y, n in pairwise(words) if y in _YEARS_OLD and n.isdecimal() and len(n) == 2]
    return _in(_full_year(int(short[0]), 2, today), today) if len(short) == 1 and not years else None


def _decade_of(words: Sequence[str], today: date) -> Birth | None:
    """ "1990an": its first year, where nobody born in it can be a child."""
    found = next(filter(None, map(_DECADE.search, words)), None)
    if found is None:
        return None
    year = _full_year(int(found[1]), len(found[1]), today)
    if today.year - (year + 9) <= ADULT:
        return Problem(t("Tulis tahun lahirnya dengan empat angka. Contoh: 1999"))
    checked = _in(year, today)
    return BirthYear(year, from_age=True) if isinstance(checked, BirthYear) else checked


def _two_digits(value: int, today: date) -> Birth:
    """A year or an age, whichever makes somebody of working age."""
    as_year = _full_year(value, 2, today)
    year_fits = YOUNGEST <= today.year - as_year <= _WORKING
    age_fits = YOUNGEST <= value <= _WORKING
    if year_fits and age_fits:
        return Problem(t("Tulis tahun lahirnya dengan empat angka. Contoh: 1999"))
    if age_fits:
        return BirthYear(today.year - value, from_age=True)
    return _in(as_year, today)


def _full_year(value: int, digits: int, today: date) -> int:
    """Two digits as the latest such year in which somebody old enough can have been born: 99 -> 1999, 05 -> 2005."""
    if digits == 4:
        return value
    latest = today.year - YOUNGEST
    return latest - (latest - value) % 100


def _in(year: int, today: date) -> Birth:
    age = today.year - year
    if age < 0:
        return Problem(t("Tahun itu belum lewat. Tulis tahun lahirnya. Contoh: 1999"))
    if age < YOUNGEST:
        return Problem(t("Umurnya harus paling sedikit {age} tahun. Tulis tahun lahirnya. Contoh: 1999", age=YOUNGEST))
    if age > OLDEST:
        return Problem(t("Umurnya lebih dari {age} tahun. Tulis tahun lahirnya. Contoh: 1999", age=OLDEST))
    return BirthYear(year)
