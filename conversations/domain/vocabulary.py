"""A list of words the service stores as codes: shown by a label, read from the spellings people and files use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from conversations.domain.wording import fold
from conversations.engine.texts import Shown, Text


@dataclass(frozen=True, slots=True)
class Term:
    """One code, how it reads as an option ("Kursi roda") and inside a sentence ("kursi roda")."""

    code: str
    label: Text
    inline: Text | None = None
    """None: the label reads well inside a sentence too ("SMA")."""
    spellings: tuple[str, ...] = ()
    """Other ways a file may write it. What people type in a chat belongs to the lexicon instead."""


@dataclass(frozen=True)
class Vocabulary:
    """Terms in the order they are offered. Codes are the Indonesian words of the data files, lower case."""

    terms: tuple[Term, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Term]:
        return {term.code: term for term in self.terms}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.by_code)

    @cached_property
    def _by_spelling(self) -> Mapping[str, str]:
        return {fold(s): term.code for term in self.terms for s in (term.code, term.label.msgid, *term.spellings)}

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    def label(self, code: str) -> Shown:
        """How ``code`` reads as an option; an own word is shown as it is."""
        term = self.by_code.get(code)
        return term.label if term else code

    def inline(self, code: str) -> Shown:
        """How ``code`` reads inside a sentence; an own word is shown as it is."""
        term = self.by_code.get(code)
        return (term.inline or term.label) if term else code

    def parse(self, text: str) -> str | None:
        """The code that a file or form means by ``text``, whatever its case and spacing; None: unknown."""
        return self._by_spelling.get(fold(text))

    def in_order(self, codes: Iterable[str]) -> tuple[str, ...]:
        """``codes`` without repetition, known ones in the vocabulary's order, own words after them."""
        rank = {code: n for n, code in enumerate(self.codes)}
        return tuple(sorted(dict.fromkeys(codes), key=lambda code: rank.get(code, len(rank))))
