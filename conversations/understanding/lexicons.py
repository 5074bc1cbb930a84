"""Reads the lexicon: which words mean what, as data files that anybody can add a word to.

``slang.toml`` spellings of single words · ``concepts.toml`` what a message is about · ``rules.toml`` how concepts
make an intent · ``fields.toml``, ``ragam.toml``, ``needs.toml``, ``education.toml``, ``kinds.toml``,
``conditions.toml`` wishes ·
``common.txt`` everyday words that mean nothing here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from conversations.understanding.spelling import roots

Slot = Literal["fields", "ragam", "needs", "education", "kinds", "conditions"]

WISHES: Mapping[Slot, str] = {
    "fields": "field",
    "ragam": "ragam",
    "needs": "need",
    "education": "education",
    "kinds": "kind",
    "conditions": "condition",
}
"""The files of wishes, and the concept that rules know each of them by."""

SETTING = "setting"
FEATURES = (
    "home",
    "place",
    "region",
    "outside",
    "wage_wish",
    "amount",
    "question",
    "bare",
    "alone",
    "unclear",
    SETTING,
)
"""What rules may ask for besides the concepts of the files."""

SOLID = ("thanks", "greet", "remember", "card", "office", "jp", "suicide", "errand", "honest")
"""Concepts whose phrases say nothing else: in "terima kasih" nobody is hired, "jam kerja kantor" is not work."""

BODILY = ("ragam", "needs")
KEPT = ("work", "vacancy", "training", "study", "disability")
"""Of its single words a phrase for a ragam or a need keeps only these: a "kaki palsu" is no fraud."""

DENIABLE = ("harass", "discriminate", "discrimination", "underpaid", "talk", "callme")
"""Concepts that a "tidak" right before takes back: a boss who is "gak kasar" is no complaint."""

GUESSABLE = ("vacancy", "work", "training", "study", "register", *WISHES.values(), SETTING, "home")
"""Concepts that a message of nothing but misspelt words may be about. Anything else needs a word that is certain:
otherwise "Dimas" is an office ("dinas")."""

NEAR = 5
"""Words that may stand between things that belong together, where a rule does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing a phrase asks for: a slot of the query and the code to put there."""

    slot: Slot
    code: str
    setting: bool = False
    """A place where the work is done, which alone names the field and beside a word for the work does not."""


@dataclass(slots=True)
class Entry:
    """What one phrase means."""

    concepts: int = 0
    """A bit for every concept, see ``Lexicon.bits``."""
    wishes: list[Wish] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rule:
    """Holds when each of ``when`` shares a bit with the message, and ``unless`` shares none.

    Those of ``near`` must moreover be said within so many words of each other (see ``Reading.says_together``).
    """

    intent: str
    topic: str | None
    sure: bool
    when: tuple[int, ...]
    unless: int
    near: tuple[int, ...] = ()
    within: int = 0

    def holds(self, concepts: int) -> bool:
        if concepts & self.unless:
            return False
        # A loop and not all(…): two hundred rules are asked for every sentence.
        for any_of in self.when:  # noqa: SIM110  # as said above
            if not concepts & any_of:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All of it, ready to be matched. Phrases are tuples of words in the spelling of ``slang``."""

    slang: Mapping[str, tuple[str, ...]]
    phrases: Mapping[tuple[str, ...], Entry]
    meaningful: frozenset[str]
    """Words that are part of some phrase."""
    common: frozenset[str]
    content: frozenset[str]
    """Words of wishes alone: outside of their phrase still worth searching for ("galon" of "antar galon")."""
    bits: Mapping[str, int]
    rules: tuple[Rule, ...]
    wished: int
    """The bits that only a wish gives."""
    solid: int
    """The bits of ``SOLID``."""
    deniable: int
    """The bits of ``DENIABLE``."""
    guessable: int
    """The bits of ``GUESSABLE``."""


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon that comes with the service; read once.

    Raises:
        ValueError: a rule names a concept that no file defines.
    """
    return _Reader().read()


class _Reader:
    """Turns the files into a Lexicon."""

    def __init__(self) -> None:
        self.slang = {
            spelling: tuple(word.split()) for word, spellings in _toml("slang").items() for spelling in spellings
        }
        self.bits: dict[str, int] = {}
        self.phrases: dict[tuple[str, ...], Entry] = {}
        self.common = frozenset(_text("common.txt").split())
        self.single: set[str] = set()

    def read(self) -> Lexicon:
        concepts: dict[str, list[str]] = _toml("concepts")
        wishes = [(slot, *line) for slot in WISHES for line in _wish_lines(slot)]
        written = [*(p for ps in concepts.values() for p in ps), *(phrase for _, _, phrase, _ in wishes)]
        self.single = {word for phrase in written if " " not in phrase for word in self.spelt(phrase)}
        for name in (*concepts, *WISHES.values(), *FEATURES):
            self.bits.setdefault(name, 1 << len(self.bits))
        for name, phrases in concepts.items():
            for phrase in phrases:
                self.entry(phrase).concepts |= self.bits[name]
        for slot, code, phrase, setting in wishes:
            self.add_wish(phrase, Wish(slot, code, setting))
        for slot, code, phrase, setting in wishes:
            # Sign-language order puts the object first: "toko jaga".
            turned = " ".join(reversed(phrase.split()))
            if slot == "fields" and len(self.words(turned)) == 2 and self.words(turned) not in self.phrases:
                self.add_wish(turned, Wish(slot, code, setting))
        self.inherit()
        return Lexicon(
            self.slang,
            self.phrases,
            frozenset(word for phrase in self.phrases for word in phrase),
            self.common,
            self.content(),
            self.bits,
            tuple(map(self.rule, _toml("rules")["rules"])),
            self.mask(*WISHES.values(), SETTING, "home"),
            self.mask(*SOLID),
            self.mask(*DENIABLE),
            self.mask(*GUESSABLE),
        )

    def content(self) -> frozenset[str]:
        wished = {word for phrase, entry in self.phrases.items() if entry.wishes for word in phrase}
        spoken = {word for phrase, entry in self.phrases.items() if not entry.wishes for word in phrase}
        return frozenset(wished - spoken - self.common)

    def mask(self, *names: str) -> int:
        return sum(self.bits[name] for name in names)

    def spelt(self, phrase: str) -> list[str]:
        return [w for word in phrase.lower().split() for w in self.slang.get(word, (word,))]

    def words(self, phrase: str) -> tuple[str, ...]:
        """The phrase in one spelling: slang resolved, an inflected word brought to the root that is listed alone."""
        plain: list[str] = []
        for word in self.spelt(phrase):
            if word not in self.single and word not in self.common:
                word = next((root for root, _ in roots(word) if root in self.single), word)  # noqa: PLW2901  # its root
            if not plain or plain[-1] != word:
                plain.append(word)
        return tuple(plain)

    def entry(self, phrase: str) -> Entry:
        return self.phrases.setdefault(self.words(phrase), Entry())

    def add_wish(self, phrase: str, wish: Wish) -> None:
        entry = self.entry(phrase)
        if wish not in entry.wishes:
            entry.wishes.append(wish)
        entry.concepts |= self.bits[SETTING if wish.setting else WISHES[wish.slot]]
        if wish.code == "kerja dari rumah":
            entry.concepts |= self.bits["home"]

    def inherit(self) -> None:
        """A phrase keeps the concepts of its words ("kerja dari rumah" is still about work), but not their wishes.

        Unless it may be two things: "pabrik saya" is an employer's, or in sign-language order "pabrik, saya …".
        """
        alone = {phrase[0]: entry for phrase, entry in self.phrases.items() if len(phrase) == 1}
        wished = self.mask(*WISHES.values(), SETTING, "home")
        solid = self.mask(*SOLID)
        for phrase, entry in self.phrases.items():
            if len(phrase) == 1 or entry.concepts & solid:
                continue
            two_things = bool(entry.concepts & self.bits["business"])
            bodily = any(wish.slot in BODILY for wish in entry.wishes)
            inherited = -1 if two_things else self.mask(*KEPT) if bodily else ~wished
            for single in (alone[word] for word in phrase if word in alone):
                entry.concepts |= single.concepts & inherited
                entry.wishes += single.wishes if two_things else []

    def rule(self, raw: Mapping[str, Any]) -> Rule:
        try:
            when = tuple(self.mask(*names.split("|")) for names in raw.get("when", ()))
            unless = self.mask(*raw.get("unless", ()))
            near = tuple(self.mask(*names.split("|")) for names in raw.get("near", ()))
        except KeyError as unknown:
            raise ValueError(f"rules.toml: {raw['intent']}: konsep {unknown} tidak dikenal") from unknown
        sure, within = raw.get("sure", False), raw.get("within", NEAR)
        return Rule(raw["intent"], raw.get("topic"), sure, (*when, *near), unless, near, within)


def _wish_lines(slot: Slot) -> Iterator[tuple[str, str, bool]]:
    for code, lists in _toml(slot).items():
        yield from ((code, phrase, False) for phrase in lists.get("words", ()))
        yield from ((code, phrase, True) for phrase in lists.get("settings", ()))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(_text(f"{name}.toml"))


def _text(name: str) -> str:
    lines = (resources.files("conversations.understanding") / "lexicon" / name).read_text("utf-8")
    return "\n".join(_uncommented(lines.splitlines())) if name.endswith(".txt") else lines


def _uncommented(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if not line.startswith("#"))
