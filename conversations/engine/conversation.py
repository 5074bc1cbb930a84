"""What a conversation is: its states, where it starts, and what follows when all is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from conversations.engine.context import Context, Said, Talk
from conversations.engine.events import Answer
from conversations.engine.messages import Message
from conversations.engine.moves import Do, Move
from conversations.engine.session import Frame, Json, Session
from conversations.engine.texts import Shown, Text
from conversations.understanding import Meaning


class Condition(Protocol):
    """When a question is due. Data, so that a diagram can say it."""

    def holds(self, answers: Mapping[str, Json], context: Context) -> bool: ...

    def words(self) -> str:
        """For the diagram, in English."""
        ...


@dataclass(frozen=True, slots=True)
class Always:
    def holds(self, answers: Mapping[str, Json], context: Context) -> bool:
        return True

    def words(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Is:
    """An earlier answer is one of these values."""

    name: str
    values: tuple[Json, ...]

    def holds(self, answers: Mapping[str, Json], context: Context) -> bool:
        return answers.get(self.name) in self.values

    def words(self) -> str:
        return f"{self.name} is {' or '.join(str(v) for v in self.values)}"


@dataclass(frozen=True, slots=True)
class When:
    """A named rule over the answers."""

    name: str
    rule: Callable[[Mapping[str, Json], Context], bool]

    def holds(self, answers: Mapping[str, Json], context: Context) -> bool:
        return self.rule(answers, context)

    def words(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Both:
    """All of these at once."""

    conditions: tuple[Condition, ...]

    def holds(self, answers: Mapping[str, Json], context: Context) -> bool:
        return all(condition.holds(answers, context) for condition in self.conditions)

    def words(self) -> str:
        return " and ".join(filter(None, (condition.words() for condition in self.conditions)))


class State(Protocol):
    """One question or menu. Quick replies of ``ask`` carry bare values; the step adds the visit."""

    @property
    def name(self) -> str: ...

    @property
    def when(self) -> Condition: ...

    @property
    def label(self) -> Text | None:
        """What the answer is called in a review; None: it is not shown there."""
        ...

    @property
    def optional(self) -> bool:
        """Whether LEWATI leaves it unanswered."""
        ...

    @property
    def required_because(self) -> Shown | None:
        """Told when LEWATI meets a required question."""
        ...

    @property
    def wants_contact(self) -> bool:
        """Whether a phone number shared by the platform's own button answers it."""
        ...

    @property
    def unsettles(self) -> tuple[str, ...]:
        """Answers that no longer hold when this one changes, and are asked for again."""
        ...

    @property
    def leads_to(self) -> tuple[str, ...]:
        """Other states a reply may lead to; for the diagrams and the test that every state is reachable."""
        ...

    def ask(self, talk: Talk) -> Message | Do: ...

    def hear(self, talk: Talk, said: Said) -> Move: ...

    def claims(self, talk: Talk, said: Said) -> bool:
        """Whether this reply is exactly one of those offered here; then no intent is looked for in it."""
        ...

    def takes(self, talk: Talk, said: Said) -> bool:
        """Whether this is meant for what is open here, though its words alone would be another wish."""
        ...

    @property
    def own_words(self) -> bool:
        """Whether nearly any words are an answer."""
        ...

    def shown(self, talk: Talk, value: Json) -> Shown:
        """An answer as the review shows it."""
        ...

    def done(self, talk: Talk) -> Move | None:
        """What SELESAI means here; None: end the conversation as it stands."""
        ...


@dataclass(frozen=True, slots=True)
class Menu:
    """A state of a talk that is not a form: two functions, and where they may lead."""

    name: str
    asks: Callable[[Talk], Message | Do]
    hears: Callable[[Talk, Said], Move]
    leads_to: tuple[str, ...] = ()
    claimed: Callable[[Talk, Said], bool] | None = None
    taken: Callable[[Talk, Said], bool] | None = None
    when: Condition = field(default_factory=Always)
    label: Text | None = None
    optional: bool = False
    required_because: Shown | None = None
    wants_contact: bool = False
    unsettles: tuple[str, ...] = ()
    own_words: bool = False

    def ask(self, talk: Talk) -> Message | Do:
        return self.asks(talk)

    def hear(self, talk: Talk, said: Said) -> Move:
        return self.hears(talk, said)

    def claims(self, talk: Talk, said: Said) -> bool:
        return self.claimed is not None and self.claimed(talk, said)

    def takes(self, talk: Talk, said: Said) -> bool:
        return self.taken is not None and self.taken(talk, said)

    def shown(self, talk: Talk, value: Json) -> Shown:
        return str(value)

    def done(self, talk: Talk) -> Move | None:
        return None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A state machine. Without ``starts`` it is a form: next = the first question due and unanswered."""

    name: str
    version: int
    title: Text
    """What is open, when the person comes back to it: "Pendaftaran"."""
    states: tuple[State, ...]
    starts: Callable[[Talk], Move] | None = None
    found: Callable[[Talk, Answer], Move] | None = None
    """What follows from the answer to a request (``Do``)."""
    back: Callable[[Talk], Move | None] | None = None
    """What KEMBALI means in a talk that is not a form."""
    finish: Callable[[Talk], Move] | None = None
    """Called when every due question is answered."""
    successors: Mapping[str, str] = field(default_factory=dict)
    """Names of states of older versions, and what took their place."""
    resumes: bool = False
    """Opened again while open: go on with it (forms), instead of starting anew (searches)."""
    keeps: bool = False
    """Each answer of this form is saved at once, so that ending it loses none."""
    guarded: bool = False
    """Reads stored data back, or changes it: a person's PIN is asked for first."""
    passing: bool = False
    """Gives way to whatever is opened from it (menus)."""
    fits: Callable[[Context], bool] | None = None
    """Whether it may still go on; else it is closed. Another contact of the same person's may have changed that."""

    def state(self, name: str) -> State | None:
        return next((s for s in self.states if s.name == name), None)

    def due(self, frame: Frame, context: Context) -> State | None:
        """The first question that is due and unanswered: the one rule of branching, edits and resuming."""
        for state in self.states:
            if state.name not in frame.answers and state.when.holds(frame.answers, context):
                return state
        return None

    def before(self, frame: Frame, context: Context) -> State | None:
        """The answered question before the present one."""
        previous = None
        for state in self.states:
            if state.name == frame.state:
                return previous
            if state.name in frame.answers and state.when.holds(frame.answers, context):
                previous = state
        return previous

    def current(self, frame: Frame, context: Context) -> Frame:
        """The frame in this version of the conversation, its answers kept."""
        if self.state(frame.state) is not None:
            return frame
        heir = self.state(self.successors.get(frame.state, "")) or self.due(frame, context) or self.states[0]
        return Frame(self.name, self.version, heir.name, frame.visit, frame.answers, about=frame.about)


Opener = Callable[[Context, Meaning, str], Move]
"""What an understood wish opens: (context, meaning, the person's words)."""


@dataclass(frozen=True, slots=True)
class Registry:
    """All conversations, and which wish opens which."""

    conversations: Mapping[str, Conversation]
    intents: Mapping[str, Opener]
    home: str
    """The conversation that MENU opens."""
    standing: Mapping[str, Callable[[int], Move]]
    """Buttons that stand for ever, by prefix: "job" -> what "job:5" opens. Typed: the rendered word and the number."""
    standing_words: Mapping[str, tuple[str, ...]]
    """How a standing button is typed: "job" -> ("loker", "lowongan")."""
    help: Callable[[Talk | None, Context], tuple[Shown, ...]]
    """What BANTUAN says."""
    person: Callable[[Context], Move]
    """What PETUGAS does."""
    interrupts: Callable[[Meaning, str], bool]
    """Which wish is heard even where own words are asked for."""
    turned: Callable[[Context, Session, str, bool], Move | None]
    """What words open that turn to another of several people spoken for: (context, session, the words, whether nearly
    any words are an answer now)."""
    unmistakable: Callable[[Context, str, bool], Move | None]
    """What words open that are no answer anywhere, such as a code: (context, the words, whether a form is open)."""
    guard: str
    """The conversation that asks for a PIN, given what is to be opened "then" and "with" which answers."""
    frozen: Move
    """What is answered at a contact that is frozen, whatever is said."""
    corrected: Callable[[Talk | None, Context, str], Move | None]
    """What words do that put one thing right: (the form that is open, the context, the words)."""
    introduced: Callable[[Context, Meaning, str], Move | None]
    """What somebody's introduction opens, while no form is open."""
    besides: Callable[[Talk, str, Move], Move]
    """A form's move with what the same words said besides, as answers to its other questions."""
    heirs: Mapping[str, Callable[[Frame], Frame]] = field(default_factory=dict)
    """Conversations of older versions, by name, and what their frames are now."""
