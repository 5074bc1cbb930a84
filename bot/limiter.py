"""How fast one bot may speak: pushes are paced, answers to a person never wait behind them.

A platform counts per bot (Telegram: about 30 messages a second) and per chat (about 1 a second).
Whoever is in the middle of a conversation is answered at once; what that takes from the bot's rate
is given back by the pushes, which wait.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

_REMEMBERED_CHATS = 10_000
"""Chats kept for their own spacing; those whose second has passed are forgotten beyond this number."""


class Pace:
    """The pace of one bot.

    Args:
        per_second: messages a second for the whole bot; pushes get what replies leave of it.
        per_chat: pushes a second to one chat.
        patience: longest wait in seconds for one chat's turn; what would take longer is told instead.
        clock: seconds, monotonic.
        sleep: waits for that many seconds of ``clock``.
    """

    def __init__(
        self,
        per_second: float = 30.0,
        per_chat: float = 1.0,
        *,
        patience: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gap = 1.0 / per_second
        self._chat_gap = 1.0 / per_chat
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._gate = asyncio.Lock()
        self._next = 0.0
        self._chat_free: dict[str, float] = {}
        self._paused = 0.0
        """Until when no push goes out."""
        self._replies_paused = 0.0
        self._refused: dict[str, float] = {}
        """Chats whose own message was refused, until when nothing goes to them."""

    def reply(self, chat: str) -> float:
        """Take the place of an answer to ``chat``: 0.0 when it may go now, else how long a pause still lasts.

        Never waits: an answer is held back only when the platform has asked for silence.
        """
        now = self._clock()
        if (left := max(self._replies_paused, self._refused.get(chat, 0.0)) - now) > 0:
            return left
        self._count(chat, now)
        return 0.0

    async def push(self, chat: str) -> float:
        """Wait for the place of an unasked message to ``chat``; 0.0 when it may go now.

        A pause is not waited for, nor a chat beyond ``patience``: the remaining seconds are returned, so that
        nobody holds a claimed message meanwhile.
        """
        while True:
            if (left := self._chat_free.get(chat, 0.0) - self._clock()) > self._patience:
                return left
            if left := await self._until(lambda: self._chat_free.get(chat, 0.0)):
                return left
            async with self._gate:
                if left := await self._until(lambda: self._next):
                    return left
                now = self._clock()
                # Another push to the same chat may have gone while this one stood at the gate.
                if self._chat_free.get(chat, 0.0) <= now:
                    self._count(chat, now)
                    return 0.0

    def pause(self, seconds: float, chat: str | None = None) -> None:
        """The platform asked for silence (429).

        Pushes stop for the whole bot. Answers stop for ``chat`` alone, since one crowded chat must not
        silence the bot for everyone; they stop for all when no chat is named, or when a second chat is
        refused during the same pause: then it is the bot's own limit that was met.
        """
        now = self._clock()
        until = now + seconds
        others = any(other != chat and still > now for other, still in self._refused.items())
        if chat is None or others:
            self._replies_paused = max(self._replies_paused, until)
        if chat is not None:
            self._refused[chat] = max(self._refused.get(chat, 0.0), until)
        self._paused = max(self._paused, until)

    def rest(self, seconds: float, chat: str) -> None:
        """The platform asked for silence towards one chat, and only there."""
        until = self._clock() + seconds
        self._refused[chat] = max(self._refused.get(chat, 0.0), until)
        self._chat_free[chat] = max(self._chat_free.get(chat, 0.0), until)

    @property
    def paused(self) -> float:
        """Seconds for which pushes are still paused; 0.0 when they are not."""
        return max(0.0, self._paused - self._clock())

    async def _until(self, moment: Callable[[], float]) -> float:
        """Sleep until ``moment()``, which may move while sleeping; the rest of a pause when one is on."""
        while not (left := self.paused):
            wait = moment() - self._clock()
            if wait <= 0:
                return 0.0
            await self._sleep(wait)
        return left

    def _count(self, chat: str, now: float) -> None:
        self._next = max(self._next, now) + self._gap
        self._chat_free[chat] = now + self._chat_gap
        if len(self._chat_free) > _REMEMBERED_CHATS:
            self._chat_free = {key: free for key, free in self._chat_free.items() if free > now}
        if self._refused:
            self._refused = {key: until for key, until in self._refused.items() if until > now}
