"""What people answer to the questions of the profile, as the codes of ``lexicon/profile.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal, TypeAlias

from rapidfuzz import fuzz, process

from conversations.domain.wording import words_of
from conversations.understanding.births import Unknown
from conversations.understanding.lexicons import lexicon
from conversations.understanding.manner import is_nothing, is_question, is_refusal, is_unsure

Topic: TypeAlias = Literal[
    "levels", "devices", "languages", "ways", "times", "hours", "distances", "insurances", "situations"
]

_LONGEST = 300  # characters that are read
_LONGEST_PHRASE = 5  # words
_SHORTEST_TYPO = 5  # letters
_SIMILAR = 84  # least ratio at which a misspelt phrase is read
_MARGIN = 8
_LONGEST_OWN = 60  # characters of a thing in somebody's own words

_PARTS = re.compile(
    r"[,;/&+\n]+|\.(?=\s|$)|\b(?:dan|sama|serta|dgn|dengan|juga|plus|and|tapi|atau|kadang pakai)\b", re.I
)
_TWICE = re.compile(r"([^\W\d_]{3,})2")  # "kadang2"
_ANYTHING = re.compile(r"\b(?:kapan|jam berapa|mana|apa|siapa) (?:saja|pun)\b|\b(?:semua|bebas)\b")
_COLOUR_LINE = (
    "kak bang pak bu bapak ibu ya yah lah dong kok sih deh kan nah aja saja min admin mas mbak saya aku awak kami dia "
    "nya pakai pake memakai make punya ada cuma hanya lewat melalui via mau maunya bisa boleh yang di ke kalau kalo "
    "jawab jawaban bahasa bhs sedang lagi masih sekarang ini itu untuk buat dari oleh dihubungi hubungi habis abis"
)
_COLOUR = frozenset(_COLOUR_LINE.split())
_DENIES = frozenset({"tidak", "jangan", "bukan", "tanpa", "belum"})


@dataclass(frozen=True, slots=True)
class Named:
    """What an answer named."""

    codes: tuple[str, ...]
    own: tuple[str, ...] = ()
    """Things that have no code, as they were written."""
    refused: tuple[str, ...] = ()
    """Codes that were named only to say no to them."""


def named(text: str, topic: Topic) -> Named | Unknown | None:
    """All that ``text`` names of ``topic``; None: nothing, so that the question may ask again or take own words.

    "kursi roda sama tongkat", "wa aja, jangan telepon", "batak karo dan jawa". A shrug is Unknown; "tidak ada" names
    nothing: ``Named(())``.
    """
    said = text[:_LONGEST]
    if is_nothing(said):
        return Named(())
    anything = _ANYTHING.search(" ".join(_spelt(said, topic))) is not None
    if (is_question(said) and not anything) or is_refusal(said):
        return None
    codes: dict[str, None] = {}
    own: dict[str, None] = {}
    refused: dict[str, None] = {}
    for part in filter(None, (piece.strip(" .!") for piece in _PARTS.split(said))):
        words = _spelt(part, topic)
        found = list(_phrases(words, topic))
        for code, denied in found:
            (refused if denied else codes).setdefault(code)
        if not found and any(word not in _COLOUR | _DENIES for word in words):
            own[part[:_LONGEST_OWN]] = None
    if not codes and not refused and (anything or is_unsure(said)):
        return Unknown()
    if not codes and not refused and not own:
        return None
    return Named(tuple(codes), tuple(own), tuple(code for code in refused if code not in codes))


def level(text: str) -> str | Unknown | None:
    """How hard something is, one of the four answers of the Washington Group: "tidak", "sedikit", "banyak" or
    "tidak bisa"; None: not said. Of two that are named the harder one counts: "bisa, tapi agak susah"."""
    said = text[:_LONGEST]
    if is_unsure(said):
        return Unknown()
    if is_question(said):
        return None
    words = _spelt(said, "levels")
    order = tuple(_lexicon()["levels"])
    found = [code for code, _ in _phrases(words, "levels", deny=False)]
    return max(found, key=order.index, default=None)


def one(text: str, topic: Topic) -> str | Unknown | None:
    """The last code of ``topic`` that ``text`` names and does not deny: for a question with one answer."""
    found = named(text, topic)
    if isinstance(found, Named):
        return found.codes[-1] if found.codes else None
    return found


@lru_cache(maxsize=1)
def _lexicon() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = (resources.files("conversations.understanding") / "lexicon" / "profile.toml").read_text("utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=16)
def _by_phrase(topic: Topic) -> Mapping[str, str]:
    return {" ".join(_once(phrase.split())): code for code, phrases in _lexicon()[topic].items() for phrase in phrases}


@lru_cache(maxsize=16)
def _words(topic: Topic) -> frozenset[str]:
    """Words that mean something here, and are therefore no slang for another: "sms" is a "pesan" elsewhere."""
    return frozenset(word for phrase in _by_phrase(topic) for word in phrase.split())


def codes_of(topic: Topic) -> tuple[str, ...]:
    """The codes that ``named`` may give for ``topic``."""
    return tuple(_lexicon()[topic])


def _spelt(text: str, topic: Topic) -> list[str]:
    """The words, slang resolved."""
    slang, here = lexicon().slang, _words(topic)
    words = (_TWICE.sub(r"\1", word) for word in words_of(text))
    return _once([part for word in words for part in ((word,) if word in here else slang.get(word, (word,)))])


def _once(words: Sequence[str]) -> list[str]:
    """Without what is said twice: "kadang-kadang"."""
    return [word for at, word in enumerate(words) if at == 0 or word != words[at - 1]]


def _phrases(words: Sequence[str], topic: Topic, deny: bool = True) -> Iterator[tuple[str, bool]]:
    """Each code that is named, and whether it is denied; the longest phrase wins."""
    phrases = _by_phrase(topic)
    at, denied = 0, False
    while at < len(words):
        for end in range(min(len(words), at + _LONGEST_PHRASE), at, -1):
            if (code := phrases.get(" ".join(words[at:end])) or _alike(words[at:end], topic)) is not None:
                yield code, deny and (denied or _denied_after(words[end:], topic))
                at, denied = end, False
                break
        else:
            denied = words[at] in _DENIES or (denied and words[at] in _COLOUR)
            at += 1


def _denied_after(following: Sequence[str], topic: Topic) -> bool:
    """ "telepon jangan", "malam tidak mau"; but in "wa saja jangan telepon" what follows is denied."""
    said = list(following)
    while said and said[0] in _COLOUR:
        said.pop(0)
    return bool(said) and said[0] in _DENIES and _words(topic).isdisjoint(set(said[1:]) - _COLOUR)


def _alike(words: Sequence[str], topic: Topic) -> str | None:
    """A misspelt phrase; never one of words that are known here."""
    said = " ".join(words)
    if len(said) < _SHORTEST_TYPO or all(word in lexicon().common or word in lexicon().meaningful for word in words):
        return None
    phrases = _by_phrase(topic)
    likely = process.extract(said, phrases.keys(), scorer=fuzz.ratio, score_cutoff=_SIMILAR - _MARGIN, limit=4)
    if not likely or likely[0][1] < _SIMILAR or abs(len(likely[0][0]) - len(said)) > 2:
        return None
    code = phrases[likely[0][0]]
    rivals = [name for name, ratio, _ in likely[1:] if phrases[name] != code and ratio > likely[0][1] - _MARGIN]
    return None if rivals else code
