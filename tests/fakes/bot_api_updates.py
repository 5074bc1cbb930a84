"""How the fake Bot API brings updates to a bot: kept until confirmed, by long polling or webhook."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.bot_api_rules import Refused
from tests.fakes.http import Answer, Connection


@dataclass(slots=True)
class Update:
    """An update that waits for its confirmation."""

    update_id: int
    chat: int
    data: dict[str, Any]
    attempts: int = 0


@dataclass(slots=True)
class Webhook:
    url: str
    secret: str | None
    max_connections: int


@dataclass(slots=True)
class Updates:
    """The queue of one bot.

    ``retry_delay`` is the wait in seconds before a failed webhook call is repeated the second time; the
    first repetition comes at once, later ones after twice the wait before, as the platform does it.
    """

    on_method: Callable[[dict[str, Any]], None]
    """Takes what a webhook's response asks for."""
    retry_delay: float = 0.05
    answer_timeout: float = 10.0
    lose_answer: Callable[[], bool] = lambda: False
    """Asked after each webhook response: True loses it on its way, so that the update comes again."""
    pending: dict[int, Update] = field(default_factory=dict)
    delivered: int = 0
    """Updates confirmed by the bot."""
    dropped: int = 0
    """Updates that somebody had dropped while switching."""
    attempts: dict[int, int] = field(default_factory=dict)
    """Webhook calls an update took."""
    webhook: Webhook | None = None
    allowed: frozenset[str] | None = None
    _next_id: int = 700_000_001
    _poll: asyncio.Future[None] | None = None
    _pusher: _Pusher | None = None

    def add(self, kind: str, chat: int, data: dict[str, Any]) -> int | None:
        """Queue an update; None when the bot has not asked for its kind."""
        if self.allowed is not None and kind not in self.allowed:
            return None
        update = Update(self._next_id, chat, {"update_id": self._next_id, kind: data})
        self._next_id += 1
        self.pending[update.update_id] = update
        if self._pusher is not None:
            self._pusher.queue(update)
        elif self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        return update.update_id

    def confirm(self, update_id: int) -> None:
        if self.pending.pop(update_id, None) is not None:
            self.delivered += 1

    async def poll(self, offset: int | None, limit: int, seconds: int) -> list[dict[str, Any]]:
        """getUpdates: ends an earlier one that still waits (409), confirms what is before ``offset``."""
        if self.webhook is not None:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._end_poll(
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        if offset is not None:
            first = offset if offset >= 0 else min([*self.pending][offset:], default=0)
            for update_id in [known for known in self.pending if known < first]:
                self.confirm(update_id)
        if not self.pending and seconds > 0:
            self._poll = poll = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(seconds):
                    await poll
            except TimeoutError:
                return []
            finally:
                if self._poll is poll:
                    self._poll = None
        return [update.data for update in [*self.pending.values()][: min(limit, 100)]]

    async def set_webhook(self, webhook: Webhook | None) -> None:
        """Switch the way; what is pending stays pending."""
        await self.stop()
        self.webhook = webhook
        if webhook is not None:
            self._end_poll("Conflict: terminated by setWebhook request")
        self.resume()

    def resume(self) -> None:
        """Call the webhook, if there is one, with what is pending and to come."""
        if self.webhook is not None and self._pusher is None:
            self._pusher = _Pusher(self, self.webhook)
            for update in self.pending.values():
                self._pusher.queue(update)

    async def stop(self) -> None:
        if self._pusher is not None:
            pusher, self._pusher = self._pusher, None
            await pusher.stop()

    def _end_poll(self, why: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(Refused(409, why))


class _Pusher:
    """Calls the webhook: chats side by side over so many connections, each chat in order."""

    def __init__(self, updates: Updates, webhook: Webhook) -> None:
        parts = urlsplit(webhook.url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._headers = f"X-Telegram-Bot-Api-Secret-Token: {webhook.secret}\r\n".encode() if webhook.secret else b""
        self._updates = updates
        self._chats: dict[int, deque[Update]] = {}
        self._ready: asyncio.Queue[int] = asyncio.Queue()
        self._tasks = [asyncio.create_task(self._work()) for _ in range(webhook.max_connections)]

    def queue(self, update: Update) -> None:
        if (waiting := self._chats.get(update.chat)) is not None:
            waiting.append(update)
        else:
            self._chats[update.chat] = deque([update])
            self._ready.put_nowait(update.chat)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self) -> None:
        connection = Connection(self._host, self._port)
        try:
            while True:
                chat = await self._ready.get()
                waiting = self._chats[chat]
                if not await self._call(connection, waiting[0]):
                    wait = self._updates.retry_delay * 2 ** min(waiting[0].attempts - 2, 6)
                    asyncio.get_running_loop().call_later(
                        0 if waiting[0].attempts == 1 else wait, self._ready.put_nowait, chat
                    )
                    continue
                self._updates.confirm(waiting.popleft().update_id)
                if waiting:
                    self._ready.put_nowait(chat)
                else:
                    del self._chats[chat]
        finally:
            connection.close()

    async def _call(self, connection: Connection, update: Update) -> bool:
        update.attempts += 1
        self._updates.attempts[update.update_id] = update.attempts
        body = json.dumps(update.data).encode()
        try:
            answer = await connection.post(self._path, body, self._headers, self._updates.answer_timeout)
        except OSError:
            return False
        if not 200 <= answer.status <= 299 or self._updates.lose_answer():
            return False
        if answer.body:
            self._perform(answer)
        return True

    def _perform(self, answer: Answer) -> None:
        try:
            wanted = json.loads(answer.body)
        except ValueError:
            return
        if isinstance(wanted, dict) and "method" in wanted:
            self._updates.on_method(wanted)
