"""Delivers what waits in the outbox: alerts, and answers whose own turn could not hand them over.

Claimed in small portions, committed, sent, and marked; so what a crash sends twice is at most what was
on its way. A failure is a value that says whether to try again, when, or that the person is gone.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.base import FETCHING, Channel, SendError
from bot.logs import get_logger
from bot.writer import Writer
from conversations.engine.messages import OutgoingMessage
from storage import contacts, outbox
from storage.outbox import Delivery as Claimed
from storage.work import Work

PORTION = 30
"""Messages claimed at once: about a second's worth at Telegram's pace."""

IN_FLIGHT = 8
"""Messages on their way at once, and so the most that a kill may send twice."""

TRIES = 12
"""Attempts, over about a day, before a message that cannot be delivered ends as failed."""

FIRST_WAIT = 2.0
LONGEST_WAIT = 3 * 3600.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one claimed message; None in ``error``: accepted."""

    message: Claimed
    error: SendError | None
    wanted: bool = True
    """False: the person does not want it any more."""


class Delivery:
    """Delivers for all channels that push."""

    def __init__(
        self,
        writer: Writer,
        channels: Sequence[Channel],
        clock: Callable[[], datetime],
        idle: float = 1.0,
        in_flight: int = IN_FLIGHT,
    ) -> None:
        self.writer = writer
        self.channels = {channel.name: channel for channel in channels if channel.name not in FETCHING}
        self.clock = clock
        self.idle = idle
        self._places = asyncio.Semaphore(in_flight)
        self._stopping = asyncio.Event()
        self._chance = random.Random()  # jitter only

    async def run(self) -> None:
        """Deliver until stopped; a database that fails is tried again."""
        while not self._stopping.is_set():
            try:
                busy = await self.once()
            except Exception as error:
                log.error("delivery_failed", error=type(error).__name__)
                busy = False
            if not busy:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self.idle):
                        await self._stopping.wait()

    def stop(self) -> None:
        """Claim no more; ``run`` ends when what is on its way has been marked, and the rest given back."""
        self._stopping.set()

    async def once(self) -> bool:
        """Deliver one portion; returns whether there was any."""
        if not self.channels:
            return False
        names = list(self.channels)
        claimed = await self.writer.write(lambda work: outbox.claim(work, PORTION, names, self.clock()))
        if not claimed:
            return False
        await asyncio.gather(*(self._deliver(message) for message in claimed))
        return True

    async def _deliver(self, message: Claimed) -> None:
        """Send one and mark it before its place is free: so no more than the places can be sent twice."""
        async with self._places:
            if self._stopping.is_set():
                await self.writer.write(lambda work: outbox.release(work, [message.id], self.clock()))
                return
            outcome = await self._send(message)
            await self.writer.write(lambda work: self._mark(work, outcome))

    async def _send(self, message: Claimed) -> Outcome:
        alert = message.kind == "alert"
        if message.blocked or (alert and not message.alerts):
            return Outcome(message, None, wanted=False)
        body = OutgoingMessage.from_json(message.body)
        return Outcome(message, await self.channels[message.channel].send(message.address, body, reply=not alert))

    def _mark(self, work: Work, outcome: Outcome) -> None:
        now = self.clock()
        if not outcome.wanted:
            outbox.drop(work, [outcome.message.id])
        elif outcome.error is None:
            outbox.confirm(work, [outcome.message.id], now)
        else:
            self._failed(work, outcome.message, outcome.error, now)

    def _failed(self, work: Work, message: Claimed, error: SendError, now: datetime) -> None:
        said = f"{error.code}: {error.description}"
        if error.unreachable:
            outbox.fail(work, message.id, said, None)
            contacts.set_blocked(work, message.contact_id, now)
        elif not error.retryable or message.attempts >= TRIES:
            outbox.fail(work, message.id, said, None)
            log.warning("message_failed", outbox_id=message.id, code=error.code, attempts=message.attempts)
        elif error.retry_after is not None:
            # The platform's own wait is no fault of the message: it counts no attempt.
            outbox.release(work, [message.id], now + timedelta(seconds=error.retry_after))
        else:
            outbox.fail(work, message.id, said, now + timedelta(seconds=self.wait(message.attempts)))

    def wait(self, attempts: int) -> float:
        """Seconds before the next attempt: doubling, with jitter so that many do not return at once."""
        longest: float = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
        return longest * self._chance.uniform(0.5, 1.0)
