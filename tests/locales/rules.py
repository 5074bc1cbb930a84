"""The rules of accessible chat that can be checked on words alone: each function names what is broken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from conversations.engine.messages import OutgoingMessage

MOST_LETTERS, MOST_LINES = 300, 5
"""Of one message, its options aside (rule 1). Numbers of their own: the code's may not move them."""

MOST_WORDS = 15
"""Of one sentence (rule 2)."""

MOST_OPTIONS = 5
"""That are answers; "more" and "done" are ways to them (rule 6)."""

LONGEST_DATA = 64
"""Bytes of what a button carries (Telegram)."""

BANNED = {
    "id": r"cacat|penderita|menderita|normal|mental|tuna[- ]?(?:netra|rungu|wicara|daksa|grahita|laras)|idiot|bisu",
    "en": r"handicapp\w*|crippl\w*|invalid|suffer\w*|normal|mental\w*|retard\w*|dumb|mute|special needs",
}

_MARKS = frozenset(".,:?!'\"()-/")
"""Punctuation that a screen reader speaks or pauses at as meant. No bullets, dashes, arrows or bars."""

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n")
_NUMERIC_DATE = re.compile(r"\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b")
_SHORT_MONEY = re.compile(r"\d\s?(?:rb|ribu|jt|juta|k|million)\b|\bRp\s?\d{4,}", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_OPTION_LINE = re.compile(r"^\D.*: (?:balas|reply) (\d+|[A-Z]+(?: \d+)?)$")


def sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def words_broken(text: str, language: str) -> Iterator[str]:
    """What no text of ours may hold, whatever else it says. ``language`` is "id" or "en"."""
    if banned := re.search(rf"\b(?:{BANNED[language]})\b", text, re.IGNORECASE):
        yield f"says {banned[0]!r}"
    if marks := {c for c in text if not (c.isalnum() or c in " \n" or c in _MARKS)}:
        yield f"has {', '.join(f'{c} ({unicodedata.name(c, hex(ord(c)))})' for c in sorted(marks))}"
    if " - " in text or " / " in text or text.lstrip().startswith("-"):
        yield "has a sign as separator or bullet"
    if placeholder := _PLACEHOLDER.search(text):
        yield f"leaves {placeholder[0]}"
    if numeric := _NUMERIC_DATE.search(text):
        yield f"has a date in numbers: {numeric[0]}"
    if short := _SHORT_MONEY.search(text):
        yield f"has money that is not in full: {short[0]}"
    if "  " in text or text != text.strip():
        yield "has spaces for looks"


def sentences_broken(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        if (count := len(sentence.split())) > MOST_WORDS:
            yield f"{count} words in one sentence: {sentence}"


def body_and_options(message: OutgoingMessage) -> tuple[list[str], list[str]]:
    """The lines of a message, and those of its options."""
    lines = message.text.split("\n")
    at = len(lines) - len(message.quick_replies)
    return lines[:at], lines[at:]


def message_broken(message: OutgoingMessage) -> Iterator[str]:
    """Rules 1, 2, 6 and 7 for one message as it is sent."""
    body, options = body_and_options(message)
    if len(body) > MOST_LINES:
        yield f"{len(body)} lines"
    if len("\n".join(body)) > MOST_LETTERS:
        yield f"{len(chr(10).join(body))} characters"
    if not any(line.strip() for line in body):
        yield "nothing but options"
    if any(not line.strip() for line in body):
        yield "an empty line"
    if (questions := "\n".join(body).count("?")) > 1:
        yield f"{questions} questions"
    yield from _options_broken(options)
    for button in message.quick_replies:
        if not 1 <= len(button.value.encode()) <= LONGEST_DATA:
            yield f"a button carries {len(button.value.encode())} bytes"
        if not button.label.strip():
            yield "a button without words"


def _options_broken(lines: Sequence[str]) -> Iterator[str]:
    answers = []
    for line in lines:
        if (option := _OPTION_LINE.match(line)) is None:
            yield f"an option that does not end with its answer, or begins with it: {line}"
        else:
            answers.append(option[1])
    if len(numbered := [a for a in answers if a.isdigit()]) > MOST_OPTIONS:
        yield f"{len(numbered)} options at a time"
    if len(set(answers)) < len(answers):
        yield f"one answer for two options: {answers}"


def told_to_type(text: str) -> Iterator[str]:
    """Words in capitals: in a chat they are what is to be typed (or an abbreviation)."""
    yield from re.findall(r"\b[A-Z]{3,}\b", text)


def abbreviations(texts: Iterable[str]) -> set[str]:
    """Words that are an abbreviation by their looks, words to type in capitals among them: SMA, D1, LEWATI."""
    return {found for text in texts for found in re.findall(r"\b(?:[A-Z]{2,}|[DS]\d)\b", text)}


def spelled_out(texts: Sequence[str]) -> set[str]:
    """The abbreviations that some text explains: "SMA (menengah atas)", "kartu penduduk (KTP)"."""
    return {a for a in abbreviations(texts) if any(re.search(rf"\b{a}\b[^()]*\(|\({a}\)", text) for text in texts)}


def examples(lines: Iterable[str]) -> Iterator[str]:
    """What a message gives as an example, or asks to reply word by word: "Contoh: Ani", "balas: ya atau tidak"."""
    for line in lines:
        for given in re.findall(r"(?:Contoh|Example): ([^.?]+)$", line):
            yield given
        for given in re.findall(r"(?:[Bb]alas|[Rr]eply): ([^.?]+)$", line):
            yield from re.split(r" atau | or ", given)
