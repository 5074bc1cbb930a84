"""Delivers what waits in the outbox: alerts, and answers whose own turn could not hand them over.

Claimed only as far as it can be on its way at once, committed, sent, and marked; so what a crash sends
twice is at most what was on its way. A failure is a value that says whether to try again, when, or that
the person is gone. Whether somebody still wants an alert, and at this hour, is asked when it is claimed to be sent.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.announce import QUIET_FORM
from bot.channels.base import FETCHING, Channel, SendError, Sending, Then
from bot.failures import follow
from bot.logs import get_logger
from bot.setting_values import NEVER_QUIET, QuietHours
from bot.turns import where
from bot.writer import Writer
from conversations.engine.messages import OutgoingMessage
from storage import outbox, telling
from storage.duty import Duty
from storage.outbox import Delivery as Claimed
from storage.work import Work

IN_FLIGHT = 8
"""Messages on their way at once, and so the most that a kill may send twice."""

FIRST_WAIT = 2.0
LONGEST_WAIT = 3 * 3600.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message that was sent; None in ``error``: accepted."""

    message: Claimed
    error: SendError | None


class Delivery:
    """Delivers for all channels that push."""

    def __init__(
        self,
        writer: Writer,
        channels: Sequence[Channel],
        clock: Callable[[], datetime],
        quiet_hours: QuietHours = NEVER_QUIET,
        duty: Duty | None = None,
        idle: float = 1.0,
        in_flight: int = IN_FLIGHT,
    ) -> None:
        """``duty``: of several processes only the one that holds it claims; None: this is the only one."""
        self.writer = writer
        self.channels = {channel.name: channel for channel in channels if channel.name not in FETCHING}
        self.clock = clock
        self.quiet_hours = quiet_hours
        self.duty = duty
        self.idle = idle
        self.in_flight = in_flight
        self._under_way: dict[asyncio.Task[None], int] = {}
        self._ended: list[Outcome] = []
        self._stopping = asyncio.Event()
        self._chance = random.Random()  # jitter only

    async def run(self) -> None:
        """Deliver until stopped; a database that fails is tried again."""
        try:
            while not self._stopping.is_set():
                try:
                    busy = await self.once()
                except Exception as error:
                    log.error("delivery_failed", error=type(error).__name__, at=where(error))
                    busy = False
                if not busy:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self.idle):
                            await self._stopping.wait()
            await self.finish()
        finally:
            for task in self._under_way:
                task.cancel()

    def stop(self) -> None:
        """Claim no more; ``run`` ends when what is on its way has been marked."""
        self._stopping.set()

    async def once(self) -> bool:
        """Mark what has been sent, send what else is due, and wait until one of these has ended (for ``idle`` at most).

        Returns whether there was anything to do.
        """
        if not self.channels:
            return False
        free = self.in_flight - len(self._under_way) if await self._on_duty() else 0
        found = await self._write(free)
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=self.idle, return_when=asyncio.FIRST_COMPLETED)
            return True
        return found or bool(self._ended)

    async def finish(self) -> None:
        """Wait for what is on its way, and mark it."""
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self._write(0)

    async def _on_duty(self) -> bool:
        return self.duty is None or await asyncio.to_thread(self.duty.take)

    async def _write(self, free: int) -> bool:
        """One transaction: mark what has ended, claim at most ``free``; returns whether any was claimed.

        A place is free only when what had it is marked: so no more than the places can be sent twice.
        """
        ended, held = list(self._ended), [*self.writer.held, *self._under_way.values()]
        if not (ended or held or free):
            return False
        claimed, sending = await self.writer.write(lambda work: self._turn_over(work, ended, held, free))
        del self._ended[: len(ended)]
        for message in sending:
            task = asyncio.create_task(self._send(message))
            self._under_way[task] = message.id
            task.add_done_callback(self._under_way.pop)
        return claimed

    def _turn_over(
        self, work: Work, ended: Sequence[Outcome], held: Sequence[int], free: int
    ) -> tuple[bool, list[Claimed]]:
        now = self.clock()
        outbox.renew(work, held, now)
        for outcome in ended:
            self._mark(work, outcome, now)
        claimed = outbox.claim(work, free, list(self.channels), now) if free else []
        return bool(claimed), self._wanted(work, claimed, now)

    def _wanted(self, work: Work, claimed: Sequence[Claimed], now: datetime) -> list[Claimed]:
        """What of it may be sent now; the rest is dropped, put off, or ends with its error."""
        local = now.astimezone(self.writer.turntaker.zone)
        alerts = [one.id for one in claimed if one.kind == "alert"]
        state = telling.at_sending(work, alerts, local.date(), now - QUIET_FORM) if alerts else {}
        loud = self.quiet_hours.over_at(local)
        sending = []
        for one in claimed:
            at = state.get(one.id)
            if one.unreadable is not None:
                error = SendError("unreadable", one.unreadable, Then.END)
                follow(work, one, error, now, 0.0)
            elif one.blocked or (at is not None and not at.wanted):
                outbox.drop(work, [one.id])
            elif at is not None and loud > now:
                outbox.release(work, [one.id], loud)
            elif at is not None and at.filling_since is not None:
                outbox.release(work, [one.id], at.filling_since + QUIET_FORM)
            else:
                sending.append(one)
        return sending

    async def _send(self, message: Claimed) -> None:
        try:
            error = await self.channels[message.channel].send(_sending(message))
        except Exception as fault:
            # A mistake of ours: of this message, which must not keep others from going out.
            log.error("send_failed", outbox_id=message.id, error=type(fault).__name__, at=where(fault))
            error = SendError("fault", type(fault).__name__, Then.RETRY)
        self._ended.append(Outcome(message, error))

    def _mark(self, work: Work, outcome: Outcome, now: datetime) -> None:
        if outcome.error is None:
            outbox.confirm(work, [outcome.message.id], now)
        else:
            follow(work, outcome.message, outcome.error, now, self.wait(outcome.message.attempts))

    def wait(self, attempts: int) -> float:
        """Seconds before the next attempt: doubling, with jitter so that many do not return at once."""
        longest: float = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
        return longest * self._chance.uniform(0.5, 1.0)


def _sending(message: Claimed) -> Sending:
    return Sending(
        message.id,
        message.address,
        OutgoingMessage.from_json(message.body),
        message.kind,
        message.locale,
        message.heard_at,
        message.sendings,
    )
