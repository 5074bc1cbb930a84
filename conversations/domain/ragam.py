"""Ragam of disability, as stored and as shown. They raise rank and are counted; they never select or hide."""

from __future__ import annotations

from collections.abc import Collection

from conversations.domain.vocabulary import Term, Vocabulary
from conversations.domain.wording import fold
from conversations.engine.texts import Shown, t

RAGAM = Vocabulary(
    (
        Term("fisik", t("Gerak atau fisik"), t("gerak atau fisik"), ("daksa", "tuna daksa", "tunadaksa", "gerak")),
        Term("intelektual", t("Intelektual"), t("intelektual"), ("grahita", "tuna grahita", "tunagrahita")),
        Term("psikososial", t("Psikososial"), t("psikososial"), ("psikis", "kejiwaan")),
        Term(
            "perkembangan",
            t("Autis atau ADHD (sulit fokus)"),
            t("autis atau ADHD"),
            ("autis", "autisme", "adhd", "autisme dan adhd"),
        ),
        Term(
            "netra",
            t("Netra (tidak melihat atau low vision)"),
            t("netra"),
            ("tuna netra", "tunanetra", "low vision", "penglihatan"),
        ),
        Term(
            "rungu",
            t("Tuli atau sulit mendengar"),
            t("Tuli atau sulit mendengar"),
            ("tuli", "tuna rungu", "tunarungu", "pendengaran"),
        ),
        Term("wicara", t("Wicara"), t("wicara"), ("tuna wicara", "tunawicara", "bisu", "bicara")),
        Term("penyakit kronis", t("Penyakit kronis"), t("penyakit kronis"), ("kronis", "sakit kronis")),
        Term("lainnya", t("Lainnya"), t("lainnya"), ("lain", "lain-lain")),
    )
)

CODES = RAGAM.codes
OTHER = "lainnya"
UNKNOWN = t("Belum tahu")
"""The label of not knowing one's ragam: an answer, stored as no ragam at all."""

_GROUPS: dict[str, tuple[str, ...]] = {
    "sensorik": ("netra", "rungu", "wicara"),
    "sensoris": ("netra", "rungu", "wicara"),
    "mental": ("psikososial", "perkembangan"),
    "rungu wicara": ("rungu", "wicara"),
    "tuna rungu wicara": ("rungu", "wicara"),
    "bisu tuli": ("rungu", "wicara"),
    "tuli bisu": ("rungu", "wicara"),
    "semua": (),
    "semua ragam": (),
    "semua disabilitas": (),
    "semua ragam disabilitas": (),
    "apa saja": (),
    "bebas": (),
    "umum": (),
    "": (),
}


def label(code: str) -> Shown:
    return RAGAM.label(code)


def inline(code: str) -> Shown:
    return RAGAM.inline(code)


def parse(text: str) -> str | None:
    """The stored code of one ragam as a file writes it; None: unknown, or a word for several (see ``expand``)."""
    words = fold(text)
    return RAGAM.parse(words) or RAGAM.parse(words.removeprefix("disabilitas "))


def expand(text: str) -> tuple[str, ...] | None:
    """The codes of one entry, words for several included: "sensorik" -> netra, rungu, wicara.

    "semua" and nothing at all mean any ragam: ``()``. None: unknown.
    """
    words = fold(text).removeprefix("disabilitas ")
    if words in _GROUPS:
        return _GROUPS[words]
    code = parse(words)
    return None if code is None else (code,)


def is_multiple(codes: Collection[str]) -> bool:
    """Ganda: two or more ragam (UU 8/2016). Derived, never stored."""
    return len(set(codes) - {OTHER}) >= 2
