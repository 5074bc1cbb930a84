"""A turn's replies go to their person: in order, each once, and what could not go back to delivery."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, TypeAlias

from bot.channels.base import Reply, SendError, Sending, Then, Turns
from bot.channels.lanes import Lanes
from bot.logs import get_logger

log = get_logger(__name__)

_REMEMBERED: Final = 4096
"""How many replies are remembered, oldest forgotten first."""

Send: TypeAlias = Callable[[Sending], Awaitable[SendError | None]]


class HandOver:
    """Sends replies by calls of their own.

    A reply sent so has arrived or is under way, whatever its update does; which ones is remembered for a
    while, so that none is said twice, however soon the platform brings the update again.

    Args:
        channel: whose replies these are.
        turns: who is told what became of them.
        send: sends one.
        lanes: one a person; what else goes to people in order may share them.
    """

    def __init__(self, channel: str, turns: Turns, send: Send, lanes: Lanes) -> None:
        self._channel = channel
        self._turns = turns
        self._send = send
        self._lanes = lanes
        self._handed: OrderedDict[int, None] = OrderedDict()

    def put(self, address: str, sendings: Sequence[Sending]) -> None:
        """Send these, after all that is under way to ``address``; never waits."""
        if not sendings:
            return
        for sending in sendings:
            self._handed[sending.outbox_id] = None
            if len(self._handed) > _REMEMBERED:
                self._handed.popitem(last=False)
        self._turns.hold([sending.outbox_id for sending in sendings])
        self._lanes.put(address, partial(self._go, address, sendings))

    def unsaid(self, replies: Sequence[Reply]) -> tuple[Reply, ...]:
        """Those that were not put already."""
        return tuple(reply for reply in replies if reply.outbox_id not in self._handed)

    async def _go(self, address: str, sendings: Sequence[Sending]) -> None:
        waiting = [sending.outbox_id for sending in sendings]
        try:
            for sending in sendings:
                error = await self._send(sending)
                if error is None:
                    self._turns.confirm([waiting.pop(0)])
                    continue
                log.info("an answer is left to delivery", code=error.code, why=error.description)
                if error.then is Then.SWITCH_OFF:
                    await self._turns.switched_off((self._channel, address), error.description)
                return
        finally:
            if waiting:  # also when this process is being stopped
                for outbox_id in waiting:
                    self._handed.pop(outbox_id, None)
                self._turns.release(waiting)
