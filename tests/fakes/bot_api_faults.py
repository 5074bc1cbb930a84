"""What the fake Bot API records, and what it can be told to do wrong."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.bot_api_rules import Refused


@dataclass(slots=True)
class Accepted:
    """A call that was accepted and acted on."""

    method: str
    parameters: dict[str, Any]
    via: Literal["call", "webhook"]
    at: float
    """Seconds, monotonic."""
    answered: bool = True
    """False when the connection was cut before the bot could know."""

    @property
    def text(self) -> str:
        return str(self.parameters.get("text", ""))


@dataclass(slots=True)
class Fault:
    """What goes wrong the next ``times`` times that ``method`` is called (for ``chat``)."""

    method: str
    does: Literal["refuse", "cut before", "cut after", "wait"]
    times: int = 1
    chat: int | None = None
    error: Refused | None = None
    seconds: float = 0.0


@dataclass(slots=True)
class Limits:
    """Messages a second for the bot and for one chat, beyond which 429 is answered; None: unlimited."""

    bot: int | None = None
    chat: int | None = None
    _bot: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)

    def check(self, chat: int, now: float) -> None:
        for limit, sent in ((self.bot, self._bot), (self.chat, self._chats.setdefault(chat, deque()))):
            if limit is None:
                continue
            while sent and sent[0] <= now - 1.0:
                sent.popleft()
            if len(sent) >= limit:
                raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
            sent.append(now)
