"""Takes a message apart: words in one spelling, and the phrases and places among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from conversations.domain.gazetteer import Gazetteer, PlaceMatch, place_words
from conversations.domain.region import Region
from conversations.domain.wording import plain
from conversations.understanding.amounts import split_unit
from conversations.understanding.lexicons import Entry, Lexicon, lexicon
from conversations.understanding.spelling import Speller

LONGEST_MESSAGE = 80
"""Words that are read; what somebody wants stands in the first of them."""

_PIECE = re.compile(r"[^\W_]+(?:[.,]\d+)*|[.,!?;:\n]+")
_RUPIAH = re.compile(r"\brp\.?\s*(?=\d)")
_LINK = re.compile(r"(?:https?://|www\.)\S+")  # an address says nothing in words
_CLOCK = re.compile(r"\bpukul(?=\s*\d)")  # otherwise "pukul" is a blow
_DICTATED = frozenset({"titik", "koma"})
"""Punctuation that a dictation wrote out."""
_PARTICLES_LINE = (
    "nya kak bang dong sih deh lah kok ya yah iya pun ah kan nah lho loh oh eh aduh wah min gan mas mbak om tante sis "
    "hehe haha wkwk wkwkwk hmm juga pak bu do alah pula punlah mbah teh kang uda uni ito eda tulang"
)
_PARTICLES = frozenset(_PARTICLES_LINE.split())
"""Words that colour a sentence and stand anywhere in it; phrases are found across them."""


_DENIERS = frozenset({"tidak", "jangan", "tanpa", "bukan", "jarang", "anti", "takut", "khawatir"})
_BEFORE_DENIED_LINE = "mau perlu harus suka pernah ada di banyak sering usah terlalu main jangan sampai yang"
_BEFORE_DENIED = frozenset(_BEFORE_DENIED_LINE.split())


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a message."""

    word: str
    """In the lexicon's spelling."""
    place: str
    """In the spelling of place names."""
    raw: str
    """As it was typed, in small letters."""
    known: bool
    guessed: bool
    """Whether letters had to be guessed."""
    clause: int
    """Which part of the message it stands in, between full stops, commas and the like."""


@dataclass(frozen=True, slots=True)
class Tag:
    """``tokens[start:end]`` is a phrase of the lexicon (``entry``) or a place."""

    start: int
    end: int
    entry: Entry | None = None
    place: PlaceMatch | None = None

    @property
    def is_wish(self) -> bool:
        return self.place is not None or (self.entry is not None and bool(self.entry.wishes))


@dataclass(frozen=True, slots=True)
class Reading:
    """A message taken apart."""

    tokens: tuple[Token, ...]
    tags: tuple[Tag, ...]
    unread: tuple[int, ...]
    """Indexes of words that mean something unknown here."""
    asks: bool
    """Whether there is a question mark."""
    mentions: tuple[tuple[int, int, int], ...]
    """Where (start, end) phrases stand and what they are about, see ``Lexicon.bits``; also those that overlap a tag."""

    @property
    def concepts(self) -> int:
        """The bits of all mentions."""
        concepts = 0
        for _, _, bits in self.mentions:
            concepts |= bits
        return concepts

    def says_together(self, groups: Sequence[int], within: int) -> bool:
        """Whether each of ``groups`` (bits, any of them) is mentioned, at most so many words after the first one."""
        for first, until, _ in self.mentions:
            close = [bits for start, _, bits in self.mentions if first <= start <= until + within]
            if all(any(bits & group for bits in close) for group in groups):
                return True
        return False

    @property
    def words(self) -> list[str]:
        return [token.word for token in self.tokens]


class Reader:
    """Reads messages about one region. Building one takes tens of milliseconds; see ``reader_for``."""

    def __init__(self, words: Lexicon, gazetteer: Gazetteer) -> None:
        self.lexicon = words
        self._gazetteer = gazetteer
        names = {word for name in gazetteer.spellings() for word in name} | set(gazetteer.names())
        self._places = frozenset(names)
        self._speller = Speller(words.slang, words.meaningful, words.common, names)
        self._longest: dict[str, int] = {}
        for phrase in words.phrases:
            self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))

    def read(self, text: str) -> Reading:
        tokens = self._tokens(text)
        tags = self._tags(tokens)
        covered = {at for tag in tags for at in range(tag.start, tag.end)}
        unread = tuple(at for at, token in enumerate(tokens) if at not in covered and self._says_something(token))
        return Reading(tuple(tokens), tuple(tags), unread, "?" in text, tuple(self._mentions(tokens, tags)))

    def _says_something(self, token: Token) -> bool:
        word = token.word
        unread = not token.known or word in self.lexicon.content
        return unread and len(word) > 2 and not any(c.isdigit() for c in word)

    def _tokens(self, text: str) -> list[Token]:
        tokens: list[Token] = []
        clause = 0
        lower = plain(text)
        if "://" in lower or "www." in lower:
            lower = _LINK.sub(" ", lower)
        lower = _CLOCK.sub("jam", _RUPIAH.sub("", lower.replace("%", " persen ")))
        for piece in _PIECE.findall(lower):
            if not piece[0].isalnum() or piece in _DICTATED:
                clause += 1
                continue
            if piece in _PARTICLES:
                continue
            for raw in split_unit(piece) or (piece,):
                if raw == "mana" and tokens and tokens[-1].word in ("di", "ke"):
                    raw = f"{tokens.pop().word}mana"  # noqa: PLW2901  # "di mana" is "dimana"
                tokens += self._spelt(raw, clause, tokens[-1].word if tokens else "")
            if len(tokens) >= LONGEST_MESSAGE:
                break
        return tokens

    def _spelt(self, raw: str, clause: int, before: str) -> list[Token]:
        spelt = self._speller.spell(raw)
        read: list[Token] = []
        for word in spelt.words:
            if word == before:  # "tipu-tipu", or said twice
                continue
            name = place_words(word if word in self._places or spelt.corrected else raw)
            read.append(Token(word, name[0] if name else raw, raw, spelt.known, spelt.corrected, clause))
            before = word
        return read

    def _tags(self, tokens: Sequence[Token]) -> list[Tag]:
        tags: list[Tag] = []
        words = tuple(token.word for token in tokens)
        names = [token.place for token in tokens]
        at = 0
        while at < len(tokens):
            tag = self._phrase_at(words, tokens, at)
            place = self._gazetteer.at(names, at)
            if place and (tag is None or place[0] >= tag.end):
                tag = Tag(at, place[0], place=place[1])
            if tag is None:
                at += 1
                continue
            tags.append(tag)
            if wish := self._wish_across(words, tokens, tag):
                tags.append(wish)
            at = tags[-1].end
        return tags

    def _wish_across(self, words: tuple[str, ...], tokens: Sequence[Token], tag: Tag) -> Tag | None:
        """A wish that begins within a phrase that is none: "kerja malam" of "cari kerja malam"."""
        if tag.is_wish or tag.entry is None or tag.entry.concepts & self.lexicon.solid:
            return None
        begun = (self._phrase_at(words, tokens, at) for at in range(tag.start + 1, tag.end))
        return next((other for other in begun if other and other.end > tag.end and other.is_wish), None)

    def _mentions(self, tokens: Sequence[Token], tags: Sequence[Tag]) -> list[tuple[int, int, int]]:
        """Of "sudah tidak tahan lagi" both "sudah tidak" and "tidak tahan lagi" are heard."""
        words = tuple(token.word for token in tokens)
        heard = -1 if self._is_certain(tokens) else self.lexicon.guessable
        mentions: list[tuple[int, int, int]] = []
        for tag in tags:
            if tag.entry is None:
                continue
            mentions.append((tag.start, tag.end, self._undenied(words, tag.start, tag.entry.concepts & heard)))
            if tag.is_wish or tag.entry.concepts & self.lexicon.solid:
                continue
            for at in range(tag.start + 1, tag.end):
                overlapping = self._phrase_at(words, tokens, at)
                if overlapping and overlapping.end > tag.end and overlapping.entry:
                    bits = overlapping.entry.concepts & heard & ~self.lexicon.wished
                    mentions.append((at, overlapping.end, self._undenied(words, at, bits)))
        return mentions

    def _is_certain(self, tokens: Sequence[Token]) -> bool:
        """Whether a word stands as the lexicon has it; beside one other word it must mean something."""
        certain = (token.word for token in tokens if token.known and not token.guessed)
        return any(len(tokens) > 2 or word in self.lexicon.meaningful for word in certain)

    def _undenied(self, words: Sequence[str], at: int, concepts: int) -> int:
        """What a phrase at ``at`` is about, when a "tidak" before it has been heard."""
        if not concepts & self.lexicon.deniable:
            return concepts
        before = at
        while before > 0 and words[before - 1] in _BEFORE_DENIED:
            before -= 1
        denied = before > 0 and words[before - 1] in _DENIERS
        return concepts & ~self.lexicon.deniable if denied else concepts

    def _phrase_at(self, words: tuple[str, ...], tokens: Sequence[Token], at: int) -> Tag | None:
        """The longest phrase that begins here and does not run over a comma or full stop."""
        for length in range(min(self._longest.get(words[at], 0), len(words) - at), 0, -1):
            entry = self.lexicon.phrases.get(words[at : at + length])
            if entry and tokens[at].clause == tokens[at + length - 1].clause:
                return Tag(at, at + length, entry)
        return None


@lru_cache(maxsize=8)
def reader_for(region: Region) -> Reader:
    """The reader of ``region``, built once."""
    return Reader(lexicon(), region.gazetteer)


@lru_cache(maxsize=1)
def plain_reader() -> Reader:
    """A reader that knows no places, for answers that name none."""
    return Reader(lexicon(), Gazetteer(()))
