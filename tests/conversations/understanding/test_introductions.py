"""Everything in one message, and corrections in plain words: what is taken from them, and what is not.

``introductions.jsonl`` and ``corrections.jsonl``: one utterance a line with what it says, {} or null where it says
nothing of the kind. "asked" is the question that was open.
"""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.domain.region import load_region
from conversations.understanding import understand
from conversations.understanding.corrections import correction
from conversations.understanding.introduction import introduction

TODAY = date(2026, 11, 24)
REGION = load_region("12.22")


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (Path(__file__).parent / name).read_text("utf-8").splitlines()]


INTRODUCTIONS, CORRECTIONS = rows("introductions.jsonl"), rows("corrections.jsonl")
QUERIES = rows("queries.jsonl")


@pytest.mark.parametrize("row", INTRODUCTIONS, ids=lambda row: row["text"])
def test_what_is_clearly_said_of_a_person_is_taken_and_no_more(row: dict[str, Any]) -> None:
    assert introduction(row["text"], REGION, TODAY, row.get("asked")) == row["want"]


@pytest.mark.parametrize("row", CORRECTIONS, ids=lambda row: row["text"])
def test_a_correction_says_what_and_what_instead(row: dict[str, Any]) -> None:
    found = correction(row["text"], REGION, TODAY)
    got = found and {"field": found.field, "value": found.value, **({"also": dict(found.also)} if found.also else {})}
    assert got == row["want"]


def test_hardly_anything_that_people_ask_is_taken_for_a_correction_or_a_person() -> None:
    """The questions people ask elsewhere: a correction among them must be one to the reader of intents too."""
    corrected = [row["q"] for row in QUERIES if correction(row["q"], REGION, TODAY)]
    strange = [text for text in corrected if understand(text, REGION, TODAY).intent not in ("profile", "register")]
    assert strange == []
    named = [row["q"] for row in QUERIES if "name" in introduction(row["q"], REGION, TODAY)]
    assert named == ["nama saya Contoh Siregar"]


WORDS = (
    "nama saya Budi Contoh umur 25 tahun torgamba tinggal di anak bukan salah yang benar ubah hp 081234567890 smp "
    "tamat pindah ke lahir 1999 tuli bisa jahit pakai kursi roda , . \n ?"
)
TYPED = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS.split(" ")), max_size=25).map(" ".join))


@given(TYPED)
@settings(max_examples=200, deadline=None)
def test_nothing_typed_breaks_them(text: str) -> None:
    facts = introduction(text, REGION, TODAY)
    assert facts.get("for_whom") in (None, "self", "other")
    assert facts.get("district") in (None, "outside", *REGION.district_codes)
    correction(text, REGION, TODAY)


@pytest.mark.parametrize(
    "piece", ["nama saya ", "ubah nomor hp jadi ", "1 ", "anak saya ", "salah ", "di ", " ", "\x00"]
)
def test_no_message_takes_long(piece: str) -> None:
    text = piece * (10_000_000 // len(piece))
    introduction("halo apa kabar", REGION, TODAY)
    started = time.perf_counter()
    introduction(text, REGION, TODAY)
    correction(text, REGION, TODAY)
    assert time.perf_counter() - started < 0.5
