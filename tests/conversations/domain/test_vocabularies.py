"""Codes, labels and the spellings of files."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.domain import accommodations, education, fields, kinds, ragam
from conversations.domain.vocabulary import Vocabulary
from conversations.engine.texts import Text

MODULES: list[tuple[ModuleType, Vocabulary]] = [
    (fields, fields.FIELDS),
    (ragam, ragam.RAGAM),
    (accommodations, accommodations.ACCOMMODATIONS),
    (education, education.EDUCATION),
    (kinds, kinds.KINDS),
]


@pytest.mark.parametrize(("module", "vocabulary"), MODULES, ids=lambda value: getattr(value, "__name__", ""))
def test_codes_labels_and_parsing_agree(module: Any, vocabulary: Vocabulary) -> None:
    assert len(vocabulary.codes) == len(vocabulary.terms)
    for code in vocabulary.codes:
        assert code == code.lower()
        assert isinstance(module.label(code), Text)
        assert isinstance(module.inline(code), Text)
        assert module.parse(code.upper()) == code
        assert module.parse(f"  {code.replace(' ', '   ')} ") == code
    assert module.label("kata sendiri") == module.inline("kata sendiri") == "kata sendiri"
    assert module.parse("kata sendiri") is None
    assert module.parse("") is None


@pytest.mark.parametrize(("module", "vocabulary"), MODULES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_spelling_belongs_to_one_term(module: ModuleType, vocabulary: Vocabulary) -> None:
    spellings = [spelling for term in vocabulary for spelling in (term.code, *term.spellings)]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(("module", "vocabulary"), MODULES, ids=lambda value: getattr(value, "__name__", ""))
def test_nothing_hurtful_is_shown(module: ModuleType, vocabulary: Vocabulary) -> None:
    shown = " ".join(text.msgid for term in vocabulary for text in (term.label, term.inline or term.label)).lower()
    assert not any(word in shown for word in ("cacat", "penderita", "normal", "mental", "tuna", "bisu", "buta"))


def test_codes_are_kept_in_order() -> None:
    assert fields.FIELDS.in_order(["keuangan", "las", "administrasi", "keuangan"]) == (
        "administrasi",
        "keuangan",
        "las",
    )


def test_general_trainings_are_no_field_to_choose() -> None:
    assert fields.GENERAL in fields.FIELDS
    assert fields.GENERAL not in fields.CODES


@given(st.sampled_from(fields.CODES))
def test_near_is_mutual(code: str) -> None:
    assert all(code in fields.near(other) and other in fields.FIELDS for other in fields.near(code))
    assert code not in fields.near(code)


@pytest.mark.parametrize(
    ("entry", "codes"),
    [
        ("sensorik", ("netra", "rungu", "wicara")),
        ("Mental", ("psikososial", "perkembangan")),
        ("semua", ()),
        ("", ()),
        ("Tuna Daksa", ("fisik",)),
        ("disabilitas netra", ("netra",)),
        ("disabilitas sensorik", ("netra", "rungu", "wicara")),
        ("rungu-wicara", ("rungu", "wicara")),
        ("kucing", None),
    ],
)
def test_a_word_for_several_ragam_is_expanded(entry: str, codes: tuple[str, ...] | None) -> None:
    assert ragam.expand(entry) == codes


def test_multiple_is_two_or_more() -> None:
    assert ragam.is_multiple(("netra", "rungu"))
    assert not ragam.is_multiple(("netra", "netra"))
    assert not ragam.is_multiple(("netra", "lainnya"))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("SMALB", "sma"), ("Paket A", "sd"), ("SMPLB", "smp"), ("SMA/SMK", "sma"), ("SMA atau sederajat", "sma"),
        ("minimal SMP", "smp"), ("D4/S1", "s1"), ("tidak/belum sekolah", "tidak sekolah"),
        ("tidak sekolah", "tidak sekolah"), ("D-3", "d3"), ("atau", None),
    ],
)  # fmt: skip
def test_levels_are_read(written: str, code: str | None) -> None:
    assert education.parse(written) == code


LEVELS = st.one_of(st.none(), st.sampled_from(education.CODES), st.just("kata sendiri"))


@given(LEVELS, LEVELS)
def test_levels_are_ordered_and_the_unknown_never_disqualifies(level: str | None, required: str | None) -> None:
    own, asked = education.rank(level), education.rank(required)
    enough = own is None or asked is None or own >= asked
    assert education.at_least(level, required) is enough
    assert (education.short_by(level, required) == 0) is enough


def test_every_level_has_a_rank() -> None:
    ranks = [education.rank(code) for code in education.CODES]
    assert None not in ranks
    assert ranks == sorted(r for r in ranks if r is not None)
    assert education.rank("sma") == education.rank("smk")


def test_a_need_is_met_by_the_same_or_an_equivalent() -> None:
    assert accommodations.is_met("kursi roda", ["jalur landai"])
    assert accommodations.is_met("mes", ["mes"])
    assert not accommodations.is_met("mes", ["kursi roda"])
    assert not accommodations.is_met("kipas angin", [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kelas 2 SMA", "smp"),
        ("masih sekolah SMA kelas 11", "smp"),
        ("kelas XI IPA", "smp"),
        ("kelas 8", "sd"),
        ("SD kelas 4", "tidak sekolah"),
        ("kelas 6", "sd"),
        ("tamat SD kelas 6", "sd"),
        ("sma kelas 3 baru lulus", "sma"),
        ("kuliah semester 3", "sma"),
        ("mahasiswa", "sma"),
        ("masih kuliah", "sma"),
        ("masih sma", "smp"),
        ("belum tamat smk", "smp"),
        ("putus sekolah kelas 2 smp", "sd"),
        ("s2 belum lulus", "s1"),
        ("belum", "tidak sekolah"),
        ("tidak ada", "tidak sekolah"),
        ("kelas 2", None),
        ("masih ada loker sma", None),
        ("kelas menjahit", None),
    ],
)
def test_who_is_still_at_school_has_completed_the_level_below(text: str, code: str | None) -> None:
    assert education.parse(text) == code
