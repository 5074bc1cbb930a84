"""The same talks in other wordings: misspelt, in capitals, with a "kak" behind, numbers as words.

Whatever the wording, the same person must be registered in the end. A reply that is not understood is said
again as it was written, as a person would do; how often that is needed is counted, and is to be seldom.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from conversations.domain.region import load_region
from conversations.domain.seeker import Seeker
from conversations.engine.events import GiveConsent
from conversations.understanding.introduction import introduction
from tests.conversations.test_transcripts import FOLDER
from tests.support.chat import NOW, Chat
from tests.support.figures import Figure
from tests.support.offers import TRAININGS, VACANCIES

SEEDS = range(25)
OWN = frozenset({"name", "phone", "nik", "address", "hometown", "major", "skills", "certificates", "experience"})
"""Questions whose answers are kept as they are typed: another wording would be another answer. So is a name told
unasked."""
REGION = load_region("12.22")

NUMBERS = dict(
    zip("123456789", ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"], strict=True)
)
BEHIND = (" kak", " bang", " ya kak", " dong", "..", " !", " bu")
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


LONGEST = 40
"""Replies of a talk that is reworded."""


def lines_of(file: Path) -> list[str]:
    return [line[2:] for line in file.read_text().splitlines() if line.startswith("> ")]


def registers(file: Path) -> bool:
    """A talk in words alone, in one chat and on one day, that ends registered."""
    script = file.read_text()
    plain = not any(line.startswith(("@ ", "+ ", "> [")) for line in script.splitlines())
    # In a longer one a single slip, such as a language that was not understood, changes all that follows.
    ends = ("Semua data sudah dihapus", "Data orang dewasa lain tidak langsung dihapus")
    short = len(lines_of(file)) <= LONGEST
    return plain and short and "Pendaftaran selesai" in script and not any(end in script for end in ends)


TALKS = [file for file in sorted(FOLDER.glob("*.txt")) if registers(file)]


def reworded(words: str, chance: random.Random) -> str:
    """``words`` as somebody else, or somebody in a hurry, might write them."""
    if words in NUMBERS:
        return chance.choice([words, NUMBERS[words], f"nomor {words}", f"no {words}", f"{words}."])
    ways = [_misspelt, _shouted, _coloured, _spaced]
    for way in chance.sample(ways, k=chance.choice((1, 1, 2))):
        words = way(words, chance)
    return words


def _misspelt(words: str, chance: random.Random) -> str:
    """One letter of one long word left out, doubled, exchanged with its neighbour, or hit beside its key."""
    parts = words.split(" ")
    long = [at for at, part in enumerate(parts) if len(part) >= 6 and part.isalpha()]
    if not long:
        return words
    at = chance.choice(long)
    word, place = parts[at], chance.randrange(1, len(parts[at]) - 1)
    kind = chance.choice(("out", "twice", "exchanged", "beside"))
    if kind == "out":
        word = word[:place] + word[place + 1 :]
    elif kind == "twice":
        word = word[:place] + word[place] + word[place:]
    elif kind == "exchanged":
        word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    else:
        row = next((row for row in KEYS if word[place].lower() in row), None)
        if row is not None:
            found = row.index(word[place].lower())
            word = word[:place] + row[found - 1 if found else 1] + word[place + 1 :]
    parts[at] = word
    return " ".join(parts)


def _shouted(words: str, chance: random.Random) -> str:
    return chance.choice((str.upper, str.lower, str.capitalize))(words)


def _coloured(words: str, chance: random.Random) -> str:
    return words + chance.choice(BEHIND)


def _spaced(words: str, chance: random.Random) -> str:
    return f" {words.replace(' ', '  ')}  "


@dataclass
class Became:
    """What came of a talk."""

    seeker: Seeker | None
    consents: list[tuple[str, str]]
    heard: list[bool]
    """Which of the replies were understood."""
    said: int
    again: int
    """How often something had to be said again."""


def talked(lines: list[str], chance: random.Random | None = None, understood: Sequence[bool] = ()) -> Became:
    """``understood``: which of the lines, as they stand, are; the others are not said again either."""
    chat = Chat(VACANCIES, TRAININGS)
    said = again = 0
    heard = []
    for at, line in enumerate(lines):
        top = chat.session.top
        own = (top is not None and top.state in OWN) or "name" in introduction(line, REGION, NOW.date())
        words = line if chance is None or own else reworded(line, chance)
        chat.says(words)
        said += 1
        heard.append(chat.session.top is None or chat.session.top.misses == 0)
        if chance is not None and understood[at] and not heard[-1]:
            chat.says(line)
            again += 1
    given = [(one.purpose, one.giver) for one in chat.effects if isinstance(one, GiveConsent)]
    return Became(chat.seeker, given, heard, said, again)


@pytest.mark.parametrize("file", TALKS, ids=lambda file: file.stem)
def test_another_wording_registers_the_same_person(file: Path, figure: Figure) -> None:
    lines = lines_of(file)
    meant = talked(lines)
    assert meant.seeker is not None
    said = again = 0
    for seed in SEEDS:
        became = talked(lines, random.Random(f"{file.stem} {seed}"), meant.heard)
        assert became.seeker == meant.seeker, f"seed {seed}"
        assert became.consents == meant.consents, f"seed {seed}"
        said, again = said + became.said, again + became.again
    figure(f"{file.stem}: {len(SEEDS)} wordings, {said} replies, {again} had to be said again ({again / said:.1%})")
    assert again / said <= 0.05


def test_at_least_four_talks_are_reworded() -> None:
    assert len(TALKS) >= 4
