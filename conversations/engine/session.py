"""Where a contact is in its conversations: an immutable value that survives a JSON round trip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from conversations.domain.query import Query
from conversations.domain.seeker import NEW

Json: TypeAlias = Any
"""A value that JSON can hold: str, int, bool, None, list or dict of such."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One open conversation: the state it is in, and what was answered so far."""

    conversation: str
    version: int
    state: str
    visit: int
    """The number of the present asking; buttons carry it, so that old ones are known as old."""
    answers: Mapping[str, Json] = field(default_factory=dict)
    scratch: Mapping[str, Json] = field(default_factory=dict)
    """What belongs to the present state alone (page shown, choices so far); emptied when it is left."""
    misses: int = 0
    """Replies in a row that were not understood here."""
    revising: bool = False
    """One field is being changed from the review; afterwards the review is shown again."""
    about: int | None = None
    """The id of the seeker whom it is about, or NEW; None: written before a frame said so."""

    def answered(self, name: str, value: Json) -> Frame:
        return replace(self, answers={**self.answers, name: value}, scratch={}, misses=0, revising=False)

    def to_json(self) -> dict[str, Json]:
        data: dict[str, Json] = {"c": self.conversation, "v": self.version, "s": self.state, "n": self.visit}
        for key, value in (("a", self.answers), ("x", self.scratch), ("m", self.misses), ("r", self.revising)):
            if value:
                data[key] = dict(value) if isinstance(value, Mapping) else value
        if self.about is not None:
            data["w"] = self.about
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Frame:
        return cls(
            conversation=data["c"],
            version=data["v"],
            state=data["s"],
            visit=data["n"],
            answers=data.get("a", {}),
            scratch=data.get("x", {}),
            misses=data.get("m", 0),
            revising=data.get("r", False),
            about=data.get("w"),
        )


@dataclass(frozen=True, slots=True)
class Results:
    """What was found last; kept beside the stack so that "yang kedua" works after an interruption."""

    kind: str
    """"vacancy" or "training"."""
    query: Query
    ids: tuple[int, ...]
    """The page that was shown, in order."""
    offset: int = 0
    total: int = 0

    def to_json(self) -> dict[str, Json]:
        return {
            "kind": self.kind,
            "query": self.query.to_json(),
            "ids": list(self.ids),
            "offset": self.offset,
            "total": self.total,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Results:
        return cls(
            data["kind"],
            Query.from_json(data["query"]),
            tuple(data["ids"]),
            data.get("offset", 0),
            data.get("total", 0),
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A message that waits until the person has said whether they are the one from before."""

    message: Mapping[str, Json]
    """``MessageReceived.to_json()``."""
    at: str
    """When it came, ISO 8601."""
    visit: int
    """The number of the question's asking, as in Frame."""
    misses: int = 0

    def to_json(self) -> dict[str, Json]:
        return {"message": dict(self.message), "at": self.at, "n": self.visit, "m": self.misses}

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Held:
        return cls(data["message"], data["at"], data["n"], data["m"])


@dataclass(frozen=True, slots=True)
class Session:
    """A contact's open conversations, the present one last."""

    stack: tuple[Frame, ...] = ()
    visits: int = 0
    last_tap: str | None = None
    """The value of the button tapped last: the same tap twice (tremor) is silent."""
    tapped_at: int = 0
    """When that was, in seconds since 1970."""
    results: Results | None = None
    held: Held | None = None
    """Set while it is not known who writes; see ``handed_on``."""
    opened: tuple[int, int] | None = None
    """(Seeker id, seconds since 1970): whose PIN was said here last, and when; see ``locked``."""
    about: int = NEW
    """The id of the seeker whom the talk was about last, or NEW; of several, whom it is about while nothing is open."""

    @property
    def top(self) -> Frame | None:
        return self.stack[-1] if self.stack else None

    def with_top(self, frame: Frame) -> Session:
        return replace(self, stack=(*self.stack[:-1], frame))

    def pushed(self, frame: Frame) -> Session:
        return replace(self, stack=(*self.stack, frame))

    def popped(self) -> Session:
        return replace(self, stack=self.stack[:-1])

    def without(self, seeker_id: int) -> Session:
        """The session with nothing in it that is about this seeker; what was found last may be."""
        left = tuple(frame for frame in self.stack if frame.about not in (None, seeker_id))
        return replace(self, stack=left, results=None, about=NEW if self.about == seeker_id else self.about)

    def turned_to(self, seeker_id: int) -> Session:
        """The session with the open conversation, or where there is none what comes, about this seeker."""
        stack = tuple(replace(f, about=seeker_id) if f is self.top else f for f in self.stack)
        return replace(self, stack=stack, about=seeker_id)

    def renamed(self, seeker_id: int, to: int) -> Session:
        """The session once what was about one seeker is about another: their records became one."""
        stack = tuple(replace(f, about=to) if f.about == seeker_id else f for f in self.stack)
        return replace(self, stack=stack, about=to if self.about == seeker_id else self.about)

    def settled(self, seeker_id: int) -> Session:
        """The session once whoever was NEW is kept under this id."""
        stack = tuple(replace(f, about=seeker_id) if f.about == NEW else f for f in self.stack)
        return replace(self, stack=stack, about=seeker_id if self.about == NEW else self.about)

    def to_json(self) -> dict[str, Json]:
        data: dict[str, Json] = {"stack": [f.to_json() for f in self.stack], "visits": self.visits}
        if self.last_tap is not None:
            data["tap"], data["tapped"] = self.last_tap, self.tapped_at
        if self.results is not None:
            data["results"] = self.results.to_json()
        if self.held is not None:
            data["held"] = self.held.to_json()
        if self.opened is not None:
            data["opened"] = list(self.opened)
        if self.about != NEW:
            data["about"] = self.about
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Json] | None) -> Session:
        if not data:
            return cls()
        results, held = data.get("results"), data.get("held")
        return cls(
            stack=tuple(Frame.from_json(f) for f in data["stack"]),
            visits=data["visits"],
            last_tap=data.get("tap"),
            tapped_at=data.get("tapped", 0),
            results=Results.from_json(results) if results else None,
            held=Held.from_json(held) if held else None,
            opened=(data["opened"][0], data["opened"][1]) if "opened" in data else None,
            about=data.get("about", NEW),
        )
