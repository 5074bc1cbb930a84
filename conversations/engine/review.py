"""The last state of a form: what was answered, any one of it to be changed, and saving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from conversations.engine.context import Said, Talk
from conversations.engine.conversation import Always, Condition, State
from conversations.engine.messages import MAX_CHARACTERS, MAX_LINES, Message, QuickReply
from conversations.engine.moves import Answered, Move, Retry, Revise, Stay
from conversations.engine.questions import (
    MORE,
    SEE_MORE,
    Choice,
    names_one,
    offered,
    page_of,
    picked,
    turned_page,
    wants_more,
)
from conversations.engine.session import Json
from conversations.engine.texts import Shown, Text, t
from conversations.understanding import answers as parse

COMMANDS = (
    Choice("save", t("Simpan"), ("ya", "benar", "betul", "sudah benar", "ok", "oke", "simpan")),
    Choice("change", t("Ubah satu jawaban"), ("ubah", "salah", "ada yang salah")),
)
CHANGE_WORDS = ("ubah", "ganti", "perbaiki", "betulkan", "koreksi", "change", "edit")


HEADING = 60
"""Characters that are left for what stands above the lines."""


def paged(talk: Talk, lines: Sequence[Text]) -> list[list[Text]]:
    """The lines, cut so that each page and a heading of one line keep to rule 1; at least one page."""
    pages: list[list[Text]] = [[]]
    room = MAX_CHARACTERS - HEADING
    for line in lines:
        length = len(talk.tr(line)) + 1
        if pages[-1] and (len(pages[-1]) == MAX_LINES - 1 or length > room):
            pages.append([])
            room = MAX_CHARACTERS - HEADING
        pages[-1].append(line)
        room -= length
    return pages


@dataclass(frozen=True, slots=True)
class Review:
    """Shows "Label: nilai" lines, paged, and saves only on the person's word (rule 14)."""

    name: str
    states: tuple[State, ...]
    when: Condition = field(default_factory=Always)
    label: Text | None = None
    optional: bool = False
    required_because: Shown | None = t("Balas 1 untuk menyimpan, atau BATAL untuk berhenti tanpa menyimpan.")
    leads_to: tuple[str, ...] = ()
    wants_contact: bool = False
    unsettles: tuple[str, ...] = ()
    own_words: bool = False

    def rows(self, talk: Talk) -> list[tuple[State, Text]]:
        """Each answered question and its line."""
        answers = talk.frame.answers
        return [
            (s, t("{label}: {value}", label=s.label, value=self.value_of(talk, s)))
            for s in self.states
            if s.label and s.name in answers and s.when.holds(answers, talk.context)
        ]

    def value_of(self, talk: Talk, state: State) -> Text | str:
        value = talk.frame.answers[state.name]
        return t("tidak diisi") if value is None else state.shown(talk, value)

    def pages(self, talk: Talk) -> list[list[Text]]:
        """The lines, cut so that each page and its heading keep to rule 1."""
        return paged(talk, [line for _, line in self.rows(talk)])

    def ask(self, talk: Talk) -> Message:
        if talk.scratch("changing"):
            choices = self.fields(talk)
            return Message((t("Jawaban mana yang diubah?"),), page_of(choices, int(talk.scratch("page", 0))))
        pages = self.pages(talk)
        page = min(int(talk.scratch("page", 0)), len(pages) - 1)
        heading = t("Periksa jawaban ini, lalu simpan.") if page == 0 else t("Jawaban lainnya:")
        replies = page_of(COMMANDS, 0)
        if len(pages) > 1:
            replies = (*replies, QuickReply(SEE_MORE, f"+{(page + 1) % len(pages)}", MORE))
        return Message((heading, *pages[page]), replies)

    def fields(self, talk: Talk) -> tuple[Choice, ...]:
        return tuple(Choice(s.name, s.label or s.name) for s, _ in self.rows(talk))

    def field_named(self, talk: Talk, text: str) -> str | None:
        return parse.choose(text, offered(talk, self.fields(talk)))

    def change_wanted(self, text: str) -> str | None:
        """What follows "ubah": "" when nothing does, None when it was not said."""
        first, _, rest = text.strip().partition(" ")
        return rest.strip() if first.lower().strip(".,!") in CHANGE_WORDS else None

    def claims(self, talk: Talk, said: Said) -> bool:
        if self.change_wanted(said.text) is not None or wants_more(talk, said.text):
            return True
        return names_one(talk, said, self.fields(talk) if talk.scratch("changing") else COMMANDS)

    def takes(self, talk: Talk, said: Said) -> bool:
        return False

    def hear(self, talk: Talk, said: Said) -> Move:
        if talk.scratch("changing"):
            return self.hear_field(talk, said)
        if said.choice is not None and said.choice.startswith("+") and said.choice[1:].isdigit():
            return Stay({"page": int(said.choice[1:])})
        if said.choice is None and wants_more(talk, said.text):
            return Stay({"page": (int(talk.scratch("page", 0)) + 1) % len(self.pages(talk))})
        if said.choice is None and (what := self.change_wanted(said.text)) is not None:
            found = self.field_named(talk, what) if what else None
            return Revise(found) if found else Stay({"changing": True})
        match picked(talk, said, COMMANDS):
            case "save":
                return Answered("save")
            case "change":
                return Stay({"changing": True})
        return Retry(t("Balas 1 untuk menyimpan, atau 2 untuk mengubah."))

    def hear_field(self, talk: Talk, said: Said) -> Move:
        choices = self.fields(talk)
        if turned := turned_page(talk, said, len(choices)):
            return Stay({**turned.scratch, "changing": True})
        if said.choice is not None and any(c.value == said.choice for c in choices):
            return Revise(said.choice)
        found = self.field_named(talk, self.change_wanted(said.text) or said.text)
        return Revise(found) if found else Retry(t("Balas angka atau nama jawabannya. Contoh: nama"))

    def shown(self, talk: Talk, value: Json) -> Shown:
        return str(value)

    def done(self, talk: Talk) -> Move | None:
        return None  # nothing is saved but on the person's own word (rule 14)


def reviewed(states: tuple[State, ...]) -> tuple[State, ...]:
    """The states of a form with a review of them at the end."""
    return (*states, Review("review", states))
