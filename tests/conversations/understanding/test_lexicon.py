"""The lexicon's files agree with the domain and with each other."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest

from conversations.domain import accommodations, conditions, education, fields, kinds, ragam
from conversations.domain.gazetteer import Gazetteer
from conversations.understanding import Intent
from conversations.understanding.lexicons import WISHES, Slot, lexicon
from conversations.understanding.reading import plain_reader
from conversations.understanding.spelling import Speller
from conversations.understanding.wishes import codes_of

CODES: dict[Slot, tuple[str, ...]] = {
    "fields": fields.FIELDS.codes,
    "ragam": ragam.CODES,
    "needs": accommodations.CODES,
    "education": education.CODES,
    "kinds": kinds.CODES,
    "conditions": conditions.CODES,
}


def file(name: str) -> dict[str, Any]:
    return tomllib.loads(
        (resources.files("conversations.understanding") / "lexicon" / f"{name}.toml").read_text("utf-8")
    )


@pytest.mark.parametrize("slot", WISHES)
def test_codes_are_those_of_the_domain(slot: Slot) -> None:
    assert set(file(slot)) <= set(CODES[slot])


def test_every_code_can_be_said() -> None:
    unsaid = {"umum", "lainnya", "jarak jauh", "bpjs"}  # no field, no ragam, and the need "kerja dari rumah"
    for slot in WISHES:
        assert set(CODES[slot]) - set(file(slot)) <= unsaid


@pytest.mark.parametrize("slot", [slot for slot in WISHES if slot != "conditions"])  # "malam" alone is a greeting
def test_the_domains_own_word_is_read_as_its_code(slot: Slot) -> None:
    for code in CODES[slot]:
        # "pendidikan" alone is mostly somebody's own schooling, not the field.
        if code not in {"umum", "lainnya", "jarak jauh", "pendidikan"}:
            assert code in codes_of(plain_reader().read(code)), code


def test_slang_leads_to_one_word_and_shadows_no_wish() -> None:
    slang = file("slang")
    spellings = [spelling for line in slang.values() for spelling in line]
    assert len(spellings) == len(set(spellings))
    assert not set(spellings) & set(slang)
    single = {
        p for slot in WISHES for ps in file(slot).values() for p in (*ps.get("words", ()), *ps.get("settings", ()))
    }
    assert not single & set(spellings)


def test_rules_lead_to_the_intents_and_only_to_them() -> None:
    assert {rule["intent"] for rule in file("rules")["rules"]} <= {intent.value for intent in Intent}


def test_no_concept_is_left_unused() -> None:
    named = {
        name
        for rule in file("rules")["rules"]
        for entry in (*rule.get("when", ()), *rule.get("near", ()), *rule.get("unless", ()))
        for name in entry.split("|")
    }
    assert set(file("concepts")) - named - {"other_person", "at_least", "free", "newest", "highest"} == set()


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("lowongaaan", "lowongan"), ("lwongan", "lowongan"), ("lowongn", "lowongan"), ("tipu2", "tipu"),
        ("kerjanya", "kerja"), ("pekerjaan", "kerja"), ("dikirimkan", "kirim"), ("ngelamar", "lamar"),
        ("penjahit", "jahit"), ("slon", "salon"), ("pltihan", "pelatihan"), ("jahitt", "jahit"),
    ],
)  # fmt: skip
def test_a_word_is_brought_into_the_lexicons_spelling(typed: str, word: str) -> None:
    assert speller().spell(typed).words == (word,)


@pytest.mark.parametrize("word", ["cabai", "rasa", "pulang", "gelas", "pandai", "rumus", "kota", "mana", "sate"])
def test_an_unrelated_word_stays_as_it_is(word: str) -> None:
    assert speller().spell(word).words == (word,)


def speller() -> Speller:
    words = lexicon()
    return Speller(words.slang, words.meaningful, words.common, Gazetteer(()).names())
