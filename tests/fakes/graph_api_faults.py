"""What the fake Cloud API records, and what it can be told to do wrong."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from tests.fakes.graph_api_errors import GraphError
from tests.fakes.http import Response

if TYPE_CHECKING:
    from tests.fakes.whatsapp_people import WhatsAppPerson

What: TypeAlias = Literal["message", "read", "media"]
"""Kinds of calls: one that sends, one that marks as read, an upload."""

PAIR_SECONDS: Final = 6.0
PAIR_BURST: Final = 45
_SORRY: Final = b"<!DOCTYPE html><html><body>Sorry, something went wrong.</body></html>"


@dataclass(slots=True)
class Accepted:
    """A message that was accepted, which does not mean that anybody gets it."""

    id: str
    to: str
    """Phone number without a plus sign or business-scoped user id, as the call named it."""
    type: str
    text: str
    """What is read: a template with its parameters in it, a caption, nothing of a voice message."""
    parameters: dict[str, Any]
    """The whole body of the call."""
    person: WhatsAppPerson | None
    """None when nobody has this number."""
    pricing: dict[str, Any]
    at: float
    """Seconds, by the platform's clock."""
    error: GraphError | None = None
    """Why nobody gets it, although it was accepted."""
    answered: bool = True
    """False when the connection was cut before the service could know."""


@dataclass(slots=True)
class Fault:
    """What goes wrong the next ``times`` times that such a call comes (for ``to``)."""

    what: What
    does: Literal["refuse", "answer", "cut before", "cut after", "wait"]
    times: int = 1
    to: str | None = None
    error: GraphError | None = None
    answer: Response | None = None
    seconds: float = 0.0


@dataclass(slots=True)
class _Burst:
    started: float
    messages: int = 1

    @property
    def paid_at(self) -> float:
        """From when on messages are accepted again."""
        return self.started + PAIR_SECONDS * self.messages


@dataclass(slots=True)
class Limits:
    """How much may be sent, by the platform's clock; everything unless it is set.

    Documented are 80 messages a second of one number, beyond which 130429 is answered; and to one person a message
    every six seconds, beyond which it is 131056. Up to 45 may come within six seconds, but they are borrowed: after a
    burst of 20 nothing is accepted before 120 seconds have passed since it began.
    """

    number: int | None = None
    """Messages a second."""
    pair: bool = False
    """Whether the limit for one person is on."""
    spam: bool = False
    """Whether the number is suspected, and nothing is accepted (131048)."""
    _sent: deque[float] = field(default_factory=deque)
    _bursts: dict[str, _Burst] = field(default_factory=dict)

    def check(self, to: str, now: float) -> None:
        if self.spam:
            raise GraphError(131048)
        if self.number is not None:
            while self._sent and self._sent[0] <= now - 1.0:
                self._sent.popleft()
            if len(self._sent) >= self.number:
                raise GraphError(130429)
        if self.pair:
            self._check_pair(to, now)
        if self.number is not None:
            self._sent.append(now)

    def _check_pair(self, to: str, now: float) -> None:
        burst = self._bursts.get(to)
        if burst is None or now >= burst.paid_at:
            self._bursts[to] = _Burst(now)
        elif now < burst.started + PAIR_SECONDS and burst.messages < PAIR_BURST:
            burst.messages += 1
        else:
            raise GraphError(131056)


class Faults:
    """The faults that are to come; the first that fits a call happens to it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def fails(
        self, code: int | None = None, http: int | None = None, message: str = "", times: int = 1,
        to: str | None = None, what: What = "message",
    ) -> None:  # fmt: skip
        """Refuse the next calls; without a code the answer is a page for people, as of a broken proxy (503)."""
        if code is None:
            answer = Response(http or 503, _SORRY, content_type=b"text/html")
            self._faults.append(Fault(what, "answer", times, to, answer=answer))
        else:
            self._faults.append(Fault(what, "refuse", times, to, GraphError(code, message, http)))

    def drops(self, *, accepted: bool, times: int = 1, to: str | None = None, what: What = "message") -> None:
        """Cut the connection of the next calls, before or after acting on them."""
        self._faults.append(Fault(what, "cut after" if accepted else "cut before", times, to))

    def delays(self, seconds: float, *, times: int = 1, to: str | None = None, what: What = "message") -> None:
        """Act on the next calls at once but answer late."""
        self._faults.append(Fault(what, "wait", times, to, seconds=seconds))

    def _fault(self, what: What, to: set[str]) -> Fault | None:
        for fault in self._faults:
            if fault.what == what and fault.to in {None, *to}:
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None
