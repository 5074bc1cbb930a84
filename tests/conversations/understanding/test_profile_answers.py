"""Answers to the questions of the profile as people give them, in many voices; and that nothing breaks the parsers.

``profile_answers.jsonl``: one utterance a line; "want" is what it means, null where it is no answer. "given" is what is
known already: the district of an address, the date of birth and the sex of a NIK.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversations.domain.region import load_region
from conversations.understanding import profile_words, reaching, schooling, working
from conversations.understanding.addresses import address
from conversations.understanding.births import BirthYear, birth_date
from conversations.understanding.nik import DIGITS, Nik, doubts, last_digits, nik

TODAY = date(2026, 11, 24)
REGION = load_region("12.22")
ROWS = [json.loads(line) for line in (Path(__file__).parent / "profile_answers.jsonl").read_text("utf-8").splitlines()]
TOPICS: tuple[profile_words.Topic, ...] = (
    "devices", "languages", "ways", "times", "hours", "distances", "insurances", "situations",
)  # fmt: skip


def named(topic: profile_words.Topic) -> Callable[[str, Any], object]:
    return lambda text, _: profile_words.named(text, topic)


PARSERS: dict[str, Callable[[str, Any], object]] = {
    "birth_date": lambda text, _: birth_date(text, TODAY),
    "nik": lambda text, known: nik(text, *(known or ())),
    "address": lambda text, district: address(text, REGION, district),
    "level": lambda text, _: profile_words.level(text),
    **{topic: named(topic) for topic in TOPICS},
    "phones": lambda text, _: reaching.phones(text),
    "reach": lambda text, _: reaching.reach(text),
    "schooling": lambda text, _: schooling.schooling(text),
    "lowest_wage": lambda text, _: working.lowest_wage(text, REGION.wage_minimum),
    "things": lambda text, _: working.things(text),
    "certificates": lambda text, _: working.things(text, certificates=True),
    "experiences": lambda text, _: working.experiences(text),
}


def plainly(value: object) -> object:
    """A value as the table writes it: what is not known left out, an answer without a value by its name."""
    if isinstance(value, BirthYear):
        return f"{value.iso}~" if value.from_age else value.iso
    if isinstance(value, tuple):
        return [plainly(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        said = {name: part for name, part in json.loads(json.dumps(asdict(value))).items() if part not in (None, [])}
        return type(value).__name__ if type(value).__name__ in ("Problem", "AnyWage") else said or _empty(value)
    return value


def _empty(value: object) -> object:
    return type(value).__name__ if not hasattr(value, "codes") else {}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['parser']}: {row['text']}")
def test_an_answer_is_understood_as_it_was_meant(row: dict[str, Any]) -> None:
    assert plainly(PARSERS[row["parser"]](row["text"], row.get("given"))) == row["want"]


def test_there_are_many_utterances_of_every_question() -> None:
    spread = Counter(row["parser"] for row in ROWS)
    assert len(ROWS) >= 250
    assert set(spread) == set(PARSERS)


def hostile() -> Iterator[str]:
    yield from ("", " ", "\x00", "\u202e123", "🙂" * 50, "0" * 400, "-" * 400, "%s%n{x}", "'; DROP TABLE", "=1+1")
    for piece in ("a", "1 ", "1", "kursi roda ", "tidak ", "0812 3456 7890 ", "teluk panji ", "satu ", ",", "é"):
        yield piece * (10_000_000 // len(piece))


@pytest.mark.parametrize("parser", PARSERS)
def test_no_text_takes_long(parser: str) -> None:
    PARSERS[parser]("halo", None)  # what is read once is read now
    for text in hostile():
        started = time.perf_counter()
        PARSERS[parser](text, None)
        assert time.perf_counter() - started < 0.5, (parser, text[:20])


WORDS = (
    "tidak gak bisa kursi roda sama dan 0812 081234567890 kelas 5 sma atau juta 2 rb teluk panji dari lupa ? , . mei"
)
TYPED = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="0123456789 .,-/+()'\n", max_size=80),
    st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join),
)


@given(TYPED)
@example("\ud800")
@settings(max_examples=150, deadline=None)
def test_nothing_typed_breaks_a_parser(text: str) -> None:
    for parse in PARSERS.values():
        parse(text, None)


@given(st.text(alphabet="0123456789", min_size=8, max_size=20))
def test_a_nik_is_kept_whatever_is_doubted(digits: str) -> None:
    assert nik(digits, "1990-08-12", "P") == Nik(digits, doubts(digits, "1990-08-12", "P"))
    assert len(last_digits(digits)) <= DIGITS // 4
