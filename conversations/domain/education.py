"""Levels of education, in order. Paket A/B/C and SDLB/SMPLB/SMALB count as SD/SMP/SMA."""

from __future__ import annotations

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
            ("tidak/belum sekolah", "belum sekolah", "tidak ada", "tanpa ijazah", "tidak punya ijazah", "semua"),
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
    """The level a file or form means: "SMALB" -> "sma", "SMA atau sederajat" -> "sma". None: unknown."""
    words = " ".join(w for w in fold(text).split() if w not in _FILLERS)
    return EDUCATION.parse(words) if words else None


_FILLERS = frozenset({"atau", "sederajat", "setara", "setingkat", "minimal", "min", "lulusan", "tamat", "tamatan"})


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
