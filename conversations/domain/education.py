"""Levels of education, in order. Paket A/B/C and SDLB/SMPLB/SMALB count as SD/SMP/SMA."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from conversations.domain.vocabulary import Term, Vocabulary
from conversations.domain.wording import fold
from conversations.engine.texts import Shown, t

NONE = "tidak sekolah"
"""No certificate: an answer like any other."""

EDUCATION = Vocabulary(
    (
        Term(
            NONE,
            t("Belum punya ijazah"),
            t("tanpa ijazah"),
            (
                "tidak/belum sekolah",
                "belum sekolah",
                "tidak pernah sekolah",
                "tidak ada",
                "tanpa ijazah",
                "belum ada",
                "tidak punya ijazah",
                "tidak punya",
                "tidak",
                "belum",
                "semua",
            ),
        ),
        Term("sd", t("SD (sekolah dasar)"), t("SD"), ("sdlb", "paket a", "mi", "sekolah dasar", "sd sederajat")),
        Term("smp", t("SMP (menengah pertama)"), t("SMP"), ("smplb", "paket b", "mts", "sltp", "smp sederajat")),
        Term(
            "sma",
            t("SMA (menengah atas)"),
            t("SMA"),
            ("smalb", "paket c", "ma", "slta", "smu", "aliyah", "sma/smk", "sma sederajat"),
        ),
        Term("smk", t("SMK (menengah kejuruan)"), t("SMK"), ("stm", "smea", "smk sederajat")),
        Term("d1", t("D1 (diploma satu)"), t("D1"), ("diploma 1", "d-1", "d i")),
        Term("d2", t("D2 (diploma dua)"), t("D2"), ("diploma 2", "d-2", "d ii")),
        Term("d3", t("D3 (diploma tiga)"), t("D3"), ("diploma 3", "d-3", "d iii", "diploma", "akademi", "d1-d3")),
        Term(
            "s1",
            t("D4 atau S1 (sarjana)"),
            t("D4 atau S1"),
            ("d4", "d4/s1", "sarjana", "strata 1", "s-1", "d-4", "diploma 4"),
        ),
        Term("s2", t("S2 (magister)"), t("S2"), ("magister", "s-2", "strata 2")),
        Term("s3", t("S3 (doktor)"), t("S3"), ("doktor", "s-3", "strata 3")),
    )
)

CODES = EDUCATION.codes

_RANKS = {NONE: 0, "sd": 1, "smp": 2, "sma": 3, "smk": 3, "d1": 4, "d2": 5, "d3": 6, "s1": 7, "s2": 8, "s3": 9}


def label(code: str) -> Shown:
    return EDUCATION.label(code)


def inline(code: str) -> Shown:
    return EDUCATION.inline(code)


def parse(text: str) -> str | None:
    """The level that ``text`` means: "SMALB" -> "sma", "SMA atau sederajat" -> "sma". None: unknown.

    Of somebody who is still at school it is what they have completed: "kelas 2 SMA" -> "smp".
    """
    said = fold(text).split()
    words = " ".join(w for w in said if w not in _FILLERS)
    return (EDUCATION.parse(words) or completed(said)) if words else None


_FILLERS = frozenset({"atau", "sederajat", "setara", "setingkat", "minimal", "min", "lulusan", "tamat", "tamatan"})

# Still at school

_BELOW = {"sd": NONE, "smp": "sd", "sma": "smp", "smk": "smp", "d1": "sma", "d2": "sma", "d3": "sma", "s1": "sma",
          "s2": "s1", "s3": "s2"}  # fmt: skip
_STUDIES = frozenset({"kuliah", "mahasiswa", "mahasiswi", "semester", "smt", "universitas", "kampus"})
_ATTENDS = frozenset({"masih", "sedang", "lagi", "baru"})
_UNFINISHED = frozenset({"belum", "blm", "tidak", "gak", "ga", "nggak", "putus", "berhenti", "sampai", "cuma", "do"})
_FINISHED = frozenset({"tamat", "tamatan", "lulus", "lulusan", "selesai", "ijazah", "habis"})
_YEARS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11,
          "xii": 12, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6}  # fmt: skip
_SHARED = 3
"""Up to this year a class may be of any school, when none is named."""


def completed(words: Sequence[str]) -> str | None:
    """What somebody who is, or left, in the middle of a school has completed; None: ``words`` say no such thing.

    ``words``: lower case. "kelas 2 sma", "masih sekolah sma", "kuliah semester 3", "belum tamat smk", "kelas 8".
    """
    at_school = next((code for word in words if (code := EDUCATION.parse(word)) in _BELOW), None)
    if at_school is None and not _STUDIES.isdisjoint(words):
        at_school = "s1"
    year = _school_year(words)
    finished = not _FINISHED.isdisjoint(words) and _UNFINISHED.isdisjoint(words) and not _attends(words)
    if year is not None and finished:
        return at_school or {6: "sd", 9: "smp", 12: "sma"}.get(year)
    if year is not None and (at_school or year > _SHARED):
        left_after_sd = not at_school and year == 6 and not _attends(words)
        return "sd" if left_after_sd else _BELOW[at_school or _school_of(year)]
    if at_school is None or finished:
        return None
    unfinished = any(one in _UNFINISHED and other in _FINISHED for one, other in pairwise(words))
    studies = not {"semester", "smt", "mahasiswa", "mahasiswi"}.isdisjoint(words)
    return _BELOW[at_school] if unfinished or studies or _attends(words) else None


def _school_year(words: Sequence[str]) -> int | None:
    """The number after "kelas"."""
    for word, number in pairwise(words):
        if word in ("kelas", "kls"):
            year = int(number) if number.isdecimal() and len(number) <= 2 else _YEARS.get(number)
            if year is not None and 1 <= year <= 12:
                return year
    return None


def _school_of(year: int) -> str:
    return "sd" if year <= 6 else "smp" if year <= 9 else "sma"


def _attends(words: Sequence[str]) -> bool:
    """ "masih sma", "lagi kuliah", "sedang sekolah": right before the school, so that "masih ada" is none."""
    return any(
        one in _ATTENDS and (other in ("sekolah", "kelas", "kuliah") or EDUCATION.parse(other) in _BELOW)
        for one, other in pairwise(words)
    )


def rank(code: str | None) -> int | None:
    """The place of ``code`` in the order, 0 (none) to 9 (S3); SMA and SMK are equal. None: not known."""
    return None if code is None else _RANKS.get(code)


def at_least(level: str | None, required: str | None) -> bool:
    """Whether ``level`` is enough for ``required``. What is unknown on either side never disqualifies."""
    return short_by(level, required) == 0


def short_by(level: str | None, required: str | None) -> int:
    """How many levels ``level`` is below ``required``; 0: enough, or one of them unknown."""
    own, asked = rank(level), rank(required)
    return 0 if own is None or asked is None else max(0, asked - own)
