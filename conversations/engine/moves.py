"""What a state decides after it has heard something: values which the step carries out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from conversations.engine.events import Effect, Request
from conversations.engine.messages import Message
from conversations.engine.session import Json, Results
from conversations.engine.texts import Shown


@dataclass(frozen=True, slots=True)
class Answered:
    """Keep ``value`` as this state's answer; next is the first question that is due and unanswered."""

    value: Json
    say: tuple[Shown, ...] = ()
    effects: tuple[Effect, ...] = ()
    also: Mapping[str, Json] = field(default_factory=dict)
    """Answers to other questions of the form that the same words gave."""


@dataclass(frozen=True, slots=True)
class Amend:
    """Take these answers to questions of the form, whichever is open; then go on with it."""

    values: Mapping[str, Json]
    say: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Stay:
    """Ask the same question again with a changed scratch: another page, one more choice."""

    scratch: Mapping[str, Json] = field(default_factory=dict)
    say: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Retry:
    """Not understood: say what was expected, with one example. Two in a row offer a person."""

    text: Shown
    firm: bool = False
    """Stay with the question though the words hint at a wish: a consent is not passed over by accident."""


@dataclass(frozen=True, slots=True)
class Goto:
    """Enter a state of this conversation, which asks."""

    state: str
    say: tuple[Shown, ...] = ()
    effects: tuple[Effect, ...] = ()
    scratch: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Show:
    """Enter a state of this conversation with this message: its own question needed a look-up first."""

    state: str
    message: Message
    scratch: Mapping[str, Json] = field(default_factory=dict)
    results: Results | None = None
    """Set: remembered beside the stack as what was found last."""


@dataclass(frozen=True, slots=True)
class Revise:
    """Ask one answered question again; its old answer stands until there is a new one."""

    state: str


@dataclass(frozen=True, slots=True)
class Do:
    """Ask something of the service; the conversation's ``found`` goes on with what comes back."""

    request: Request


@dataclass(frozen=True, slots=True)
class Open:
    """Begin another conversation on top of this one."""

    conversation: str
    answers: Mapping[str, Json] = field(default_factory=dict)
    say: tuple[Shown, ...] = ()
    effects: tuple[Effect, ...] = ()
    about: int | None = None
    """The id of the seeker whom it is about, or NEW; None: whom the talk is about."""


@dataclass(frozen=True, slots=True)
class TurnTo:
    """Talk about this seeker from now on: go on with their form where one is open, else at the menu."""

    about: int
    """An id, or NEW."""


@dataclass(frozen=True, slots=True)
class Done:
    """End this conversation; what was open below is asked again, unless ``then`` opens another."""

    say: tuple[Shown, ...] = ()
    effects: tuple[Effect, ...] = ()
    then: Open | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """Answer, and leave what is open as it is."""

    say: tuple[Shown, ...]
    effects: tuple[Effect, ...] = ()
    hold: bool = False
    """Ask nothing more now: a form that is open waits silently."""


Move: TypeAlias = Answered | Amend | Stay | Retry | Goto | Show | Revise | Do | Open | TurnTo | Done | Say
