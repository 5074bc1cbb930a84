"""Many people at once, each filling a form again and again, and checking every answer.

Everything here runs in one event loop and without tasks: on two cores the driver's own cost is part of every
figure, so it is kept as small as it can be, and measured (see floor.py).
"""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import httptools

from tests.bench.figures import Measured
from tests.bench.talks import Talk

FIRST_UPDATE = 100_000_001
FIRST_CHAT = 5_000_000_001
"""Numbers of a fixed width, so that a request is one template of constant length."""

PATIENCE = 10.0
"""Seconds without any answer after which a run is given up."""


class WrongAnswerError(Exception):
    """An answer was missing, late, refused or not the expected one: the figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where the platform posts updates: a webhook on this machine, and the header's secret."""

    port: int
    path: str = "/telegram"
    secret: str = "rahasia-contoh"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    def request(self, said: str) -> bytes:
        """A whole HTTP request with four numbers left open: update, message, sender and chat."""
        sender = {"id": 0, "is_bot": False, "first_name": "Contoh", "language_code": "id"}
        chat = {"id": 0, "first_name": "Contoh", "type": "private"}
        message = {"message_id": 0, "from": sender, "chat": chat, "date": int(time.time()), "text": said}
        body = json.dumps({"update_id": 0, "message": message}, ensure_ascii=False).replace("%", "%%")
        for key in ("update_id", "message_id", "id"):
            body = body.replace(f'"{key}": 0', f'"{key}": %d')
        length = len((body % (FIRST_UPDATE, FIRST_UPDATE, FIRST_CHAT, FIRST_CHAT)).encode())
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {length}\r\nConnection: keep-alive\r\nAccept-Encoding: gzip, deflate\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {self.secret}\r\n\r\n"
        )
        return (head + body).encode()


class Crowd:
    """People who all follow one ``talk`` with the service behind ``hook``.

    Answers may come in the webhook's response or through the Bot API; both end in ``Person.hear``. Only a server
    that says the same to everybody is let off naming the chat (``chats_are_named=False``).
    ``earlier``: how many updates this service has had before.
    """

    def __init__(self, talk: Talk, hook: Hook, *, chats_are_named: bool = True, earlier: int = 0) -> None:
        self.talk = talk
        self.hook = hook
        self.chats_are_named = chats_are_named
        self.requests = [hook.request(exchange.said) for exchange in talk]
        self.people: list[Person] = []
        self.talking: dict[int, Person] = {}
        self.next_update = FIRST_UPDATE + earlier
        self.next_chat = FIRST_CHAT + earlier
        self.latencies: list[float] = []
        self.by_response = 0
        self.going = False
        self.last_answer = 0.0
        self.wrong = ""

    async def connect(self, people: int) -> None:
        """Open a connection for each person; raises OSError when nobody listens."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self.fail(f"the driver itself failed: {context}"))
        while len(self.people) < people:
            _, person = await loop.create_connection(lambda: Person(self), "127.0.0.1", self.hook.port)
            self.people.append(person)

    def close(self) -> None:
        for person in self.people:
            person.hang_up()

    async def run(self, people: int, seconds: float, warm_up: float, cpu: Callable[[], float]) -> Measured:
        """Let ``people`` talk for ``warm_up`` seconds uncounted, then for ``seconds``; then let their turns end.

        ``cpu`` reads the seconds of processor time that the service has used so far.
        Raises WrongAnswerError as soon as an answer is wrong, or when none comes for ``PATIENCE`` seconds.
        """
        await self.connect(people)
        self.going, self.last_answer = True, time.perf_counter()
        for person in self.people[:people]:
            person.begin()
        await self._watch(warm_up)
        self.latencies, self.by_response = [], 0
        gc.collect()
        gc.disable()
        began, driver, service = time.perf_counter(), time.process_time(), cpu()
        try:
            await self._watch(seconds)
        finally:
            gc.enable()
        took, driver, service = time.perf_counter() - began, time.process_time() - driver, cpu() - service
        measured = Measured(took, sorted(self.latencies), self.by_response, driver, service)
        self.going = False
        while any(person.busy for person in self.people):
            await self._watch(0.01)
        if not measured.latencies:
            raise WrongAnswerError(f"no turn ended within {seconds} seconds")
        return measured

    async def once(self) -> None:
        """Let one person say the talk's first words and hear the answer; raises as ``run`` does."""
        await self.connect(1)
        self.going, self.last_answer = False, time.perf_counter()
        self.people[0].begin()
        while self.people[0].busy:
            await self._watch(0.001)

    async def _watch(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            await asyncio.sleep(min(left, 0.25))
            if self.wrong:
                raise WrongAnswerError(self.wrong)
            if time.perf_counter() - self.last_answer > PATIENCE:
                said = [self.talk[person.at].said for person in self.people if person.busy]
                raise WrongAnswerError(f"no answer for {PATIENCE:.0f} seconds; still waiting after {said!r}")

    def hear(self, chat: int, text: str) -> None:
        """The Bot API was asked to send ``text`` to ``chat``."""
        person = self.talking.get(chat)
        if person is None:
            self.fail(f"a chat that is over was told {text!r}")
        else:
            person.hear(text)

    def fail(self, why: str) -> None:
        """Keep the first reason; ``run`` raises it."""
        self.wrong = self.wrong or why


class Person(asyncio.Protocol):
    """Somebody with a chat open, and the keep-alive connection on which the platform posts their updates.

    Like the platform, a person's next update is posted only when the one before has had its 200; like a
    person, it is written only when the answer has come. Every form is a new chat.
    """

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.chat = 0
        self.at = 0
        self.asked = 0.0
        self.answered = self.confirmed = True
        self.body = b""
        self.leaving = False
        self.parser = httptools.HttpResponseParser(self)

    @property
    def busy(self) -> bool:
        """Whether an answer or a 200 is still to come."""
        return not (self.answered and self.confirmed)

    def begin(self) -> None:
        """Open a new chat and say the talk's first words."""
        crowd = self.crowd
        crowd.talking.pop(self.chat, None)
        self.chat = crowd.next_chat
        crowd.next_chat += 1
        crowd.talking[self.chat] = self
        self.at = 0
        self._say()

    def _say(self) -> None:
        crowd = self.crowd
        update = crowd.next_update
        crowd.next_update += 1
        self.answered = self.confirmed = False
        self.body = b""
        request = crowd.requests[self.at] % (update, update, self.chat, self.chat)
        self.asked = time.perf_counter()
        self.transport.write(request)

    def hear(self, text: str) -> None:
        """An answer has reached this chat: check it, note how long it took, go on when the 200 is there too."""
        now = time.perf_counter()
        crowd = self.crowd
        exchange = crowd.talk[self.at]
        if self.answered:
            crowd.fail(f"after the answer to {exchange.said!r} came another message: {text!r}")
        elif exchange.expected not in text:
            crowd.fail(f"after {exchange.said!r} came {text!r}, without {exchange.expected!r}")
        else:
            self.answered = True
            crowd.latencies.append(now - self.asked)
            crowd.last_answer = now
            if self.confirmed:
                self._go_on()

    def _go_on(self) -> None:
        if not self.crowd.going:
            return
        self.at += 1
        if self.at == len(self.crowd.talk):
            self.begin()
        else:
            self._say()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not derive from asyncio's classes, so this cannot be an assertion.
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.leaving:
            self.crowd.fail(f"the service closed a connection it was to keep alive ({exc!r})")

    def hang_up(self) -> None:
        self.leaving = True
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        status = self.parser.get_status_code()
        if status != 200 or self.confirmed:
            self.crowd.fail(
                f"the webhook answered {status} after {self.crowd.talk[self.at].said!r}: {self.body[:200]!r}"
            )
            return
        self.confirmed = True
        if self.body[:1] == b"{":
            self._carry_out(json.loads(self.body))
        elif self.answered:
            self._go_on()

    def _carry_out(self, call: dict[str, Any]) -> None:
        """The response carried a method of the Bot API, as a webhook's response may."""
        if call.get("method") != "sendMessage":
            self.crowd.fail(f"the webhook's response carried {call!r}")
        elif self.crowd.chats_are_named and call["chat_id"] not in (self.chat, str(self.chat)):
            self.crowd.fail(f"chat {self.chat} was given an answer meant for {call['chat_id']}")
        else:
            self.crowd.by_response += 1
            self.hear(call["text"])
