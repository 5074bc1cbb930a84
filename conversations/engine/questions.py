"""The kinds of question a form is made of. Every one takes a button, a number, a word and a misspelt word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from conversations.domain.wording import words_of
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import Always, Condition
from conversations.engine.events import SaveSeeker
from conversations.engine.messages import Message, QuickReply
from conversations.engine.moves import Answered, Move, Retry, Stay
from conversations.engine.session import Json
from conversations.engine.texts import Listing, Shown, Text, Translate, t
from conversations.understanding import answers as parse
from conversations.understanding import manner
from conversations.understanding.choices import Same

PAGE = 5
"""Options shown at a time (rule 6)."""

MORE = t("LAINNYA")
SEE_MORE = t("Lihat lainnya")
DONE = t("SELESAI")
ENOUGH = t("Selesai memilih")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that is offered."""

    value: str
    label: Shown
    aliases: tuple[str, ...] = ()
    """Other words for it, as people type them, lower case."""
    inline: Shown | None = None
    """How it reads inside a sentence, where that differs from its label."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that was understood and cannot be taken; the text says why and what was expected."""

    text: Text


@dataclass(frozen=True, slots=True)
class Left:
    """An answer that leaves the question open: "belum punya", "gak tau"."""


Choices: TypeAlias = "tuple[Choice, ...] | Callable[[Context], tuple[Choice, ...]]"
Wording: TypeAlias = "Text | tuple[Text, ...] | Callable[[Talk], Text | tuple[Text, ...]]"


def offered(talk: Talk, choices: Sequence[Choice]) -> Sequence[parse.Option]:
    """The choices as they were shown, numbers included, for the parsers."""
    return _offered(Same(choices), talk.context.tr)


@lru_cache(maxsize=256)
def _offered(choices: Same[Choice], tr: Translate) -> tuple[parse.Option, ...]:
    return tuple(parse.Option(c.value, tr(c.label), n, c.aliases) for n, c in enumerate(choices.items, start=1))


def picked(talk: Talk, said: Said, choices: Sequence[Choice]) -> str | None:
    """The choice that was tapped, or that the words mean."""
    if said.choice is not None:
        return said.choice
    return parse.choose(said.text, offered(talk, choices))


def plainly(talk: Talk, said: Said, choices: Sequence[Choice]) -> str | None:
    """The choice that was tapped or named in exact words, for what is not done by accident; "ya?" names none."""
    if said.choice is not None:
        return next((c.value for c in choices if c.value == said.choice), None)
    return None if "?" in said.text else parse.choose_exactly(said.text, offered(talk, choices))


def names_one(talk: Talk, said: Said, choices: Sequence[Choice]) -> bool:
    """Whether the words are exactly one of the choices, or ask for the next page of them."""
    if parse.choose_exactly(said.text, offered(talk, choices)) is not None:
        return True
    return len(choices) > PAGE and wants_more(talk, said.text)


def wants_more(talk: Talk, text: str) -> bool:
    """Whether the words ask for the next page, also misspelt: own words would take "lainya" for an answer."""
    return (
        parse.is_nearly(text, talk.tr(MORE)) or parse.choose_exactly(text, _more_options(talk.context.tr)) is not None
    )


@lru_cache
def _more_options(tr: Translate) -> tuple[parse.Option, ...]:
    return (parse.Option("more", tr(MORE), None, (tr(SEE_MORE), "lainnya", "lihat lagi")),)


def page_of(choices: Sequence[Choice], page: int) -> tuple[QuickReply, ...]:
    """Up to five choices and, when there are more, the way to them. Numbers run on across pages."""
    start = page * PAGE
    replies = [
        QuickReply(c.label, c.value, str(n)) for n, c in enumerate(choices[start : start + PAGE], start=start + 1)
    ]
    if len(choices) > PAGE:
        following = page + 1 if start + PAGE < len(choices) else 0
        replies.append(QuickReply(SEE_MORE, f"+{following}", MORE))
    return tuple(replies)


def turned_page(talk: Talk, said: Said, count: int) -> Stay | None:
    """LAINNYA, typed or tapped, when there is more than one page."""
    if count <= PAGE:
        return None
    if said.choice is not None:
        if not said.choice.startswith("+"):
            return None
        page = said.choice[1:]
        return Stay({"page": int(page) if page.isdigit() and int(page) * PAGE < count else 0})
    if not wants_more(talk, said.text):
        return None
    following = int(talk.scratch("page", 0)) + 1
    return Stay({"page": following if following * PAGE < count else 0})


_ASKING = frozenset({"cari", "ada", "mau", "minta", "info", "kapan", "daftar", "ikut"})
"""With one of these a wish is a wish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What all kinds have in common."""

    name: str
    text: Wording
    when: Condition = field(default_factory=Always)
    label: Text | None = None
    optional: bool = False
    required_because: Shown | None = None
    leads_to: tuple[str, ...] = ()
    wants_contact: bool = False
    unsettles: tuple[str, ...] = ()
    own_words: bool = False
    keep: bool = False
    """Saved as soon as it is answered; for what is asked after the form was saved."""
    also: Callable[[Talk, Json], Mapping[str, Json]] | None = None
    """What else of the seeker changes with an answer: the year with a date, the district with a village."""
    remark: Callable[[Talk, Json], tuple[Text, ...]] | None = None
    """What is said to an answer that was taken: a doubt about a number, a promise."""
    answered_by: tuple[str, ...] = ()
    """Wishes whose words are an answer here, unless they ask: "kursus menjahit" is a training that somebody had."""
    stopped: Callable[[Talk], Move] | None = None
    """What SELESAI does here; None: what it does in any form."""

    def wording(self, talk: Talk) -> tuple[Shown, ...]:
        text = self.text(talk) if callable(self.text) else self.text
        lines = text if isinstance(text, tuple) else (text,)
        return (*lines, t("Boleh dilewati: balas LEWATI.")) if self.optional else lines

    def evaded(self, talk: Talk, text: str, hint: Text) -> Move | None:
        """What follows when somebody asks back, does not want to say, or does not know; None: none of these.

        Who does not want to say need not, where the question may be left; a required one says why it is asked.
        """
        if manner.is_question(text):
            return Retry(self.required_because or hint, firm=True)
        if manner.is_pleasantry(text):
            return Retry(hint)
        if self.optional and (manner.is_refusal(text) or manner.is_unsure(text) or manner.is_nothing(text)):
            return Answered(None)
        unwilling = manner.is_refusal(text) or manner.is_unsure(text)
        return Retry(self.required_because or hint, firm=True) if unwilling else None

    def left(self, hint: Text) -> Move:
        """What follows when somebody has no answer: the question stays open, or says why it is asked."""
        return Answered(None) if self.optional else Retry(self.required_because or hint, firm=True)

    def claims(self, talk: Talk, said: Said) -> bool:
        return False

    def takes(self, talk: Talk, said: Said) -> bool:
        if said.meaning is None or said.meaning.intent not in self.answered_by or manner.is_question(said.text):
            return False
        return _ASKING.isdisjoint(words_of(said.text))

    def shown(self, talk: Talk, value: Json) -> Shown:
        return str(value)

    def done(self, talk: Talk) -> Move | None:
        return self.stopped(talk) if self.stopped else None

    def answered(self, talk: Talk, value: Json, say: tuple[Shown, ...] = ()) -> Answered:
        remarks = self.remark(talk, value) if self.remark and value is not None else ()
        # What was left open is not saved: an earlier answer stands.
        save = self.keep and value is not None
        return Answered(value, (*say, *remarks), (SaveSeeker(self.to_save(talk, value)),) if save else ())

    def to_save(self, talk: Talk, value: Json) -> dict[str, Json]:
        """The answer as fields of a Seeker."""
        return {self.name: value, **(self.also(talk, value) if self.also else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Question):
    """A question answered in the person's own words."""

    parse: Callable[[Talk, Said], Json | Problem | Left | None]
    hint: Text
    """What was expected, with one example."""
    display: Callable[[Talk, Json], Shown] | None = None
    at_hand: Callable[[Talk], tuple[Choice, str] | None] | None = None
    """An answer that is known already, as text, and what it is called: offered, so that nobody has to type it."""

    def ask(self, talk: Talk) -> Message:
        offer = self.at_hand(talk) if self.at_hand else None
        replies = page_of((offer[0],), 0) if offer else ()
        return Message(self.wording(talk), replies, wants_contact=self.wants_contact)

    def claims(self, talk: Talk, said: Said) -> bool:
        offer = self.at_hand(talk) if self.at_hand else None
        return offer is not None and names_one(talk, said, (offer[0],))

    def hear(self, talk: Talk, said: Said) -> Move:
        offer = self.at_hand(talk) if self.at_hand else None
        if offer and picked(talk, said, (offer[0],)):
            said = Said(text=offer[1])
        value = self.parse(talk, said)
        if isinstance(value, Problem):
            return Retry(value.text)
        if isinstance(value, Left):
            return self.left(self.hint)
        if value is None:
            return self.evaded(talk, said.text, self.hint) or Retry(self.hint)
        return self.answered(talk, value)

    def shown(self, talk: Talk, value: Json) -> Shown:
        return self.display(talk, value) if self.display else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Question):
    """One of several answers. ``other`` reads answers that are not offered (a village's name, "25 tahun")."""

    choices: Choices
    exact: bool = False
    """Exact words only: for consent, where "tidak boleh" must never read as "boleh"."""
    other: Callable[[Talk, Said], Json | Problem | Left | None] | None = None
    refuses: Callable[[Talk, Json], Move | None] | None = None
    """A choice that ends or turns the form instead of answering it (no to a consent)."""
    hint: Text = t("Balas angka atau kata pilihannya. Contoh: 1")
    display: Callable[[Talk, Json], Shown] | None = None

    def options(self, talk: Talk) -> tuple[Choice, ...]:
        return self.choices(talk.context) if callable(self.choices) else self.choices

    def ask(self, talk: Talk) -> Message:
        return Message(self.wording(talk), page_of(self.options(talk), int(talk.scratch("page", 0))))

    def claims(self, talk: Talk, said: Said) -> bool:
        return names_one(talk, said, self.options(talk))

    def hear(self, talk: Talk, said: Said) -> Move:
        choices = self.options(talk)
        if turned := turned_page(talk, said, len(choices)):
            return turned
        value: Json = plainly(talk, said, choices)
        if value is None and not self.exact:
            value = parse.choose(said.text, offered(talk, choices))
        if value is None and self.other:
            value = self.other(talk, said)
        if isinstance(value, Problem):
            return Retry(value.text)
        if isinstance(value, Left):
            return self.left(self.hint)
        if value is None:
            return self.evaded(talk, said.text, self.hint) or Retry(self.hint, firm=self.exact)
        if self.refuses and (turn := self.refuses(talk, value)):
            return turn
        return self.answered(talk, value)

    def shown(self, talk: Talk, value: Json) -> Shown:
        if self.display:
            return self.display(talk, value)
        return next((c.label for c in self.options(talk) if c.value == value), str(value))


LATER = "later"
"""The choice of a consent by which nothing is agreed to yet: whoever must answer cannot now."""


def _yes_or_no(text: str) -> str | None:
    """The choice of a consent that plain words mean; doubt is neither."""
    match manner.yes_no(text):
        case True:
            return "yes"
        case False:
            return "no"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Choose):
    """A yes in exact words. The answer is what goes on record: when it was given, and to which words.

    ``version``: of the wording; raise it whenever the Indonesian wording changes.
    """

    version: int
    later: Callable[[Talk], Choice | None] = lambda _: None
    """The choice LATER, where it is offered."""
    exact: bool = True
    other: Callable[[Talk, Said], Json | Problem | Left | None] | None = lambda _, said: _yes_or_no(said.text)

    def options(self, talk: Talk) -> tuple[Choice, ...]:
        later = self.later(talk)
        return (*Choose.options(self, talk), *((later,) if later else ()))

    def answered(self, talk: Talk, value: Json, say: tuple[Shown, ...] = ()) -> Answered:
        wording = "\n".join(talk.tr(line) for line in self.wording(talk))
        at = None if value == LATER else talk.context.now.isoformat()
        return Answered({"at": at, "version": self.version, "wording": wording}, say)

    def shown(self, talk: Talk, value: Json) -> Shown:
        return t("Setuju") if agreed(value) else t("Belum dijawab")


def agreed(answer: Json) -> bool:
    """Whether the answer to a Consent is a yes; None and LATER are not."""
    return isinstance(answer, dict) and answer.get("at") is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseMany(Question):
    """Several answers: typed together ("1 dan 3"), or tapped one after the other until SELESAI.

    The answer is a list of values; own words are kept as they are where ``own_words`` says so.
    """

    choices: Choices
    reads: Callable[[Talk, Said], Sequence[str] | Left | None] | None = None
    """Reads whole answers that name more than the options as they stand; its values are taken as they are."""
    settle: Callable[[str, Sequence[str]], Sequence[str]] | None = None
    """Puts right what the options alone made of somebody's words: (the words, the values)."""
    none: tuple[str, ...] = ()
    """Words that mean "nothing of this", lower case; they give an empty list."""
    hint: Text = t("Balas angka atau kata pilihannya. Contoh: 1 dan 3")
    longest: int = 60
    """Characters of one own word; a longer one is told to be shortened."""
    most: int = 20
    """Things in one answer."""

    def options(self, talk: Talk) -> tuple[Choice, ...]:
        return self.choices(talk.context) if callable(self.choices) else self.choices

    def ask(self, talk: Talk) -> Message:
        chosen: list[str] = talk.scratch("chosen", [])
        replies = page_of(self.options(talk), int(talk.scratch("page", 0)))
        replies = tuple(r for r in replies if r.value not in chosen)
        if not chosen:
            return Message(self.wording(talk), replies)
        so_far = t("Sudah dipilih: {choices}.", choices=self.listed(talk, chosen))
        finish = QuickReply(ENOUGH, "done", DONE)
        return Message((so_far, t("Ada lagi? Jika cukup, balas SELESAI.")), (*replies, finish))

    def claims(self, talk: Talk, said: Said) -> bool:
        return names_one(talk, said, self.options(talk)) or self.is_enough(talk, said.text)

    def is_enough(self, talk: Talk, text: str) -> bool:
        """Whether the words of the last button were typed; own words would take them for one more choice."""
        enough = parse.Option("done", talk.tr(ENOUGH))
        return bool(talk.scratch("chosen")) and parse.choose_exactly(text, (enough,)) is not None

    def hear(self, talk: Talk, said: Said) -> Move:
        choices = self.options(talk)
        if turned := turned_page(talk, said, len(choices)):
            return Stay({**turned.scratch, "chosen": talk.scratch("chosen", [])})
        if self.is_enough(talk, said.text):
            return self.taken(talk, talk.scratch("chosen"))
        if said.choice is not None:
            return self.tapped(talk, said.choice, choices)
        chosen: list[str] = talk.scratch("chosen", [])
        if said.text.strip(" .,!").lower() in self.none or (self.none and manner.is_nothing(said.text)):
            return self.taken(talk, chosen)  # nothing of this, or nothing more
        many = parse.choose_many(said.text, offered(talk, choices))
        if self.reads and not many.outside and (many.unknown or not many.values):
            read = self.reads(talk, said)
            if isinstance(read, Left):
                return self.taken(talk, chosen) if chosen else self.left(self.hint)
            if read:
                return self.gathered(talk, read) if chosen else self.taken(talk, list(read)[: self.most])
        if not many.values and (evaded := self.evaded(talk, said.text, self.hint)):
            return self.taken(talk, chosen) if chosen else evaded
        values = self.values_in(said.text, many)
        if not values or (many.unknown and not self.own_words):
            return Retry(self.hint)
        if any(len(v) > self.longest for v in many.unknown) or len(values) > self.most:
            return Retry(t("Itu terlalu panjang. Tulis dengan kata pendek. Contoh: kursi roda, meja rendah"))
        if many.outside:  # what was understood is kept, and said back; the rest can be said again
            strange = t("Nomor {number} tidak ada.", number=many.outside[0][:20])
            return self.gathered(talk, values, (strange,))
        if chosen:  # one after the other, until SELESAI
            return self.gathered(talk, values)
        said_so = (t("Dicatat: {choices}.", choices=self.listed(talk, values)),) if many.unknown else ()
        return self.taken(talk, values, said_so)

    def values_in(self, text: str, many: parse.ManyAnswer) -> list[str]:
        values = [*many.values, *many.unknown] if self.own_words else list(many.values)
        return list(self.settle(text, values)) if self.settle else values

    def tapped(self, talk: Talk, choice: str, choices: tuple[Choice, ...]) -> Move:
        chosen: list[str] = talk.scratch("chosen", [])
        if choice == "done":
            return self.taken(talk, chosen)
        if not any(c.value == choice for c in choices):
            return Retry(self.hint)
        return self.gathered(talk, [choice])

    def gathered(self, talk: Talk, values: Sequence[str], say: tuple[Shown, ...] = ()) -> Stay:
        """Keep ``values`` beside what was chosen before, and ask for more."""
        chosen: list[str] = talk.scratch("chosen", [])
        return Stay({"chosen": list(dict.fromkeys([*chosen, *values])), "page": talk.scratch("page", 0)}, say)

    def taken(self, talk: Talk, values: list[str], say: tuple[Shown, ...] = ()) -> Answered:
        return self.answered(talk, list(dict.fromkeys(values)), say)

    def done(self, talk: Talk) -> Move | None:
        chosen: list[str] = talk.scratch("chosen", [])
        # The type's own parent, for dataclasses with slots have no bare super().
        return self.taken(talk, chosen) if chosen else Question.done(self, talk)

    def listed(self, talk: Talk, values: Sequence[str]) -> Listing:
        labels = {c.value: c.inline or c.label for c in self.options(talk)}
        return Listing(tuple(labels.get(v, v) for v in values))

    def shown(self, talk: Talk, value: Json) -> Shown:
        return t("{choices}", choices=self.listed(talk, value)) if value else t("tidak ada")
