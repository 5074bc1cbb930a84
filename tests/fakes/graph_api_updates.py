"""How the fake Cloud API brings updates to a service: signed calls to its webhook, repeated until they are answered."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from tests.fakes.http import Connection


class WebhookRefused(Exception):
    """The webhook has not answered the verification as it must."""


@dataclass(slots=True)
class Update:
    """Something to be told: one message, status or change of mind."""

    id: str
    lane: str
    """Updates of one lane come one after another."""
    field: Literal["messages", "user_preferences"]
    value: dict[str, Any]
    """As it stands in a call, with lists of one element each."""


def signature(secret: str, body: bytes) -> str:
    """The value of ``X-Hub-Signature-256``."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass(slots=True)
class Updates:
    """The queue of one number, and what became of it.

    ``retry_delay`` is the wait in seconds before a failed call is repeated the second time; the first repetition comes
    at once, later ones after twice the wait before, up to 64 times as long, for as long as it takes.
    """

    account: str
    """The id of the WhatsApp Business Account."""
    secret: str
    """Signs the calls."""
    retry_delay: float = 0.05
    answer_timeout: float = 10.0
    connections: int = 40
    batch: int = 1
    """Updates told in one call, at most; of several people where they wait at the same time."""
    layout: Literal["values", "changes", "entries"] = "values"
    """Where several updates of a call stand: in one value's lists, in changes, or in entries of their own."""
    repeats: bool = False
    """Every call comes once more, some time after it was answered."""
    lose_answer: Callable[[], bool] = lambda: False
    """Asked after each answer: True loses it on its way, so that the call comes again."""
    pending: dict[str, Update] = field(default_factory=dict)
    """What is not confirmed, by id: a message's own id, or one that was made up."""
    delivered: int = 0
    """Updates that were answered with 200."""
    repeated: int = 0
    """Calls that came once more although they had been answered."""
    attempts: dict[str, int] = field(default_factory=dict)
    """Calls an update took, by its id."""
    answers: list[int] = field(default_factory=list)
    """The HTTP status of every answer, 0 for none."""
    url: str = ""
    _held: list[Update] | None = None
    _pusher: _Pusher | None = None

    def add(self, update: Update) -> None:
        self.pending[update.id] = update
        if self._held is not None:
            self._held.append(update)
        elif self._pusher is not None:
            self._pusher.queue(update)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Whatever is added meanwhile comes in one call, when it is over."""
        held = self._held = []
        try:
            yield
        finally:
            self._held = None
            if self._pusher is not None and held:
                self._pusher.send(held)

    async def set_webhook(self, url: str, verify_token: str) -> None:
        """Verify the webhook and call it from now on.

        Raises:
            WebhookRefused: it does not echo the challenge, and nothing but the challenge; what was set before stays.
        """
        await _verify(url, verify_token, self.answer_timeout)
        await self.stop()
        self.url = url
        self.resume()

    def resume(self) -> None:
        """Call the webhook, if there is one, with what is pending and to come."""
        if self.url and self._pusher is None:
            self._pusher = _Pusher(self, self.url)
            for update in self.pending.values():
                self._pusher.queue(update)

    async def stop(self) -> None:
        """Stop calling; what is pending stays."""
        if self._pusher is not None:
            pusher, self._pusher = self._pusher, None
            await pusher.stop()

    def body_of(self, updates: Sequence[Update]) -> bytes:
        """The body of a call. Like the platform's, it does not read the same after a parser has seen it."""
        values = [(update.field, update.value) for update in updates]
        if self.layout == "values":
            values = _merged(values)
        changes = [{"value": value, "field": name} for name, value in values]
        parts = [[change] for change in changes] if self.layout == "entries" else [changes]
        entries = [{"id": self.account, "changes": part} for part in parts]
        body = {"object": "whatsapp_business_account", "entry": entries}
        return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


async def _verify(url: str, verify_token: str, seconds: float) -> None:
    parts = urlsplit(url)
    challenge = str(secrets.randbelow(2**31))
    query = urlencode({"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token})
    connection = Connection(parts.hostname or "", parts.port or 80)
    try:
        answer = await connection.get(f"{parts.path or '/'}?{query}", seconds)
    except OSError as error:
        raise WebhookRefused(f"{url} does not answer: {error}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise WebhookRefused(f"{url} answered the verification with {answer.status}, not 200")
    if answer.body != challenge.encode():
        raise WebhookRefused(f"{url} answered {answer.body[:80]!r}, not the challenge {challenge}")


def _merged(values: Sequence[tuple[Any, dict[str, Any]]]) -> list[tuple[Any, dict[str, Any]]]:
    """Values that say the same kind of thing become one with longer lists; nobody stands twice among the contacts."""
    merged: dict[tuple[str, str], tuple[Any, dict[str, Any]]] = {}
    for name, value in values:
        kind = next(key for key in ("messages", "statuses", "user_preferences") if key in value)
        if (name, kind) not in merged:
            merged[name, kind] = name, {key: [*part] if isinstance(part, list) else part for key, part in value.items()}
            continue
        known = merged[name, kind][1]
        known[kind] += value[kind]
        known.setdefault("contacts", [])
        known["contacts"] += [contact for contact in value.get("contacts", []) if contact not in known["contacts"]]
    return [*merged.values()]


@dataclass(slots=True)
class _Call:
    """What is told at once."""

    updates: list[Update]
    lanes: list[str] = field(default_factory=list)
    """Which wait until it is confirmed; their next updates are those of the call."""
    attempts: int = 0
    is_repeat: bool = False


class _Pusher:
    """Calls the webhook: lanes side by side over so many connections, each lane in order."""

    def __init__(self, updates: Updates, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._updates = updates
        self._lanes: dict[str, deque[Update]] = {}
        """Lanes with something to tell; the first of a lane is on its way unless the lane is free."""
        self._free: dict[str, None] = {}
        self._work: asyncio.Queue[_Call | None] = asyncio.Queue()
        self._tasks = [asyncio.create_task(self._serve()) for _ in range(updates.connections)]

    def queue(self, update: Update) -> None:
        if (waiting := self._lanes.get(update.lane)) is not None:
            waiting.append(update)
        else:
            self._lanes[update.lane] = deque([update])
            self._set_free(update.lane)

    def send(self, updates: list[Update]) -> None:
        """Tell these in one call of their own, whatever else waits."""
        self._work.put_nowait(_Call(updates))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _set_free(self, lane: str) -> None:
        self._free[lane] = None
        self._work.put_nowait(None)

    def _pack(self) -> _Call:
        """The next call: as much as goes into one, from as many free lanes as it takes."""
        call = _Call([])
        while self._free and len(call.updates) < self._updates.batch:
            lane = next(iter(self._free))
            del self._free[lane]
            call.lanes.append(lane)
            call.updates += [*self._lanes[lane]][: self._updates.batch - len(call.updates)]
        return call

    async def _serve(self) -> None:
        connection = Connection(self._host, self._port)
        try:
            while True:
                call = await self._work.get() or self._pack()
                if not call.updates:  # another call took them along
                    continue
                if await self._tell(connection, call) or call.is_repeat:
                    self._confirm(call)
                else:
                    wait = self._updates.retry_delay * 2 ** min(call.attempts - 2, 6)
                    self._later(0 if call.attempts == 1 else wait, call)
        finally:
            connection.close()

    def _later(self, seconds: float, call: _Call) -> None:
        asyncio.get_running_loop().call_later(seconds, self._work.put_nowait, call)

    def _confirm(self, call: _Call) -> None:
        if call.is_repeat:
            return
        if self._updates.repeats:
            self._later(self._updates.retry_delay, _Call(call.updates, is_repeat=True))
        for update in call.updates:
            if self._updates.pending.pop(update.id, None) is not None:
                self._updates.delivered += 1
        for lane in call.lanes:
            for _ in range(sum(update.lane == lane for update in call.updates)):
                self._lanes[lane].popleft()
            if self._lanes[lane]:
                self._set_free(lane)
            else:
                del self._lanes[lane]

    async def _tell(self, connection: Connection, call: _Call) -> bool:
        call.attempts += 1
        self._updates.repeated += call.is_repeat
        for update in call.updates:
            self._updates.attempts[update.id] = self._updates.attempts.get(update.id, 0) + 1
        body = self._updates.body_of(call.updates)
        signed = f"X-Hub-Signature-256: {signature(self._updates.secret, body)}\r\n".encode()
        try:
            answer = await connection.post(self._path, body, signed, self._updates.answer_timeout)
        except OSError:
            self._updates.answers.append(0)
            return False
        self._updates.answers.append(answer.status)
        return answer.status == 200 and not self._updates.lose_answer()
