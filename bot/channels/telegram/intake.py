"""From an update to its answer: the same for webhook and polling."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bot.channels.base import InboundMessage, Reply, SendError, Sending, Turn, TurnFailed, Turns
from bot.channels.hand_over import HandOver
from bot.channels.lanes import Lanes
from bot.channels.telegram.parse import NAME, Group, parse, tap_of
from bot.channels.telegram.sender import Sender
from bot.logs import get_logger

log = get_logger(__name__)

_REMEMBERED: Final = 4096
"""How many answers to albums are remembered, oldest forgotten first."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An update whose turn is committed."""

    update_id: int
    address: str
    replies: tuple[Reply, ...]
    tap: str | None
    grouped: bool = False


class Intake:
    """Takes updates to turns and their replies to people.

    A redelivered update is a proof that its first answer in a webhook's response did not arrive; the turn
    gives that again.
    """

    def __init__(self, turns: Turns, sender: Sender, farewell: str) -> None:
        self._turns = turns
        self._sender = sender
        self._farewell = farewell
        self._lanes = Lanes()
        self._replies = HandOver(NAME, turns, self._send, self._lanes)
        self._albums: OrderedDict[int, tuple[Reply, ...]] = OrderedDict()

    async def take(self, update: dict[str, Any]) -> Taken | None:
        """Commit the update's turn; None when it needs none. Raises ``TurnFailed``."""
        tap = tap_of(update)
        inbound = parse(update)
        if isinstance(inbound, Group):
            self._leave(inbound.chat_id)
            return None
        if inbound is None:
            if tap:
                self._lanes.put(f"tap:{tap}", partial(self._sender.acknowledge, tap))
            return None
        turn = await self._handle(inbound)
        replies = turn.replies
        if turn.repeated:
            replies = self._still_to_say(inbound, replies)
        return Taken(inbound.order, inbound.address, replies, tap, inbound.grouped)

    def hand_over(self, taken: Taken) -> None:
        """Send the replies, in order, and acknowledge a tap; never waits."""
        if taken.tap:
            self._lanes.put(f"tap:{taken.tap}", partial(self._sender.acknowledge, taken.tap))
        self._replies.put(
            taken.address, [Sending(r.outbox_id, taken.address, r.message, sending=r.sending) for r in taken.replies]
        )

    def answer(self, taken: Taken) -> dict[str, Any] | None:
        """The one method that the webhook's own response can carry, or None.

        Only a single reply, and only when nothing else is under way to the same chat: it would overtake.
        """
        if not taken.replies and taken.tap:
            return {"method": "answerCallbackQuery", "callback_query_id": taken.tap}
        if len(taken.replies) != 1 or self._lanes.busy(taken.address):
            return None
        return self._sender.as_answer(taken.address, taken.replies[0].message)

    def answered(self, taken: Taken) -> None:
        """The response that carried ``answer`` has been written."""
        if taken.replies:
            if taken.grouped:
                self._albums[taken.update_id] = taken.replies
                if len(self._albums) > _REMEMBERED:
                    self._albums.popitem(last=False)
            self._turns.answered([reply.outbox_id for reply in taken.replies])
            if taken.tap:
                self._lanes.put(f"tap:{taken.tap}", partial(self._sender.acknowledge, taken.tap))

    async def drain(self, seconds: float) -> None:
        """Finish what is being sent."""
        await self._lanes.drain(seconds)

    async def _handle(self, inbound: InboundMessage) -> Turn:
        try:
            return await self._turns.handle(inbound)
        except TurnFailed:
            raise
        except Exception as error:
            # Not what was agreed, but to the platform it is the same: nothing is known to be committed.
            log.exception("a turn failed in an unforeseen way")
            raise TurnFailed from error

    async def _send(self, sending: Sending) -> SendError | None:
        return await self._sender.reply(sending.address, sending.message)

    def _still_to_say(self, inbound: InboundMessage, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
        if inbound.grouped:
            # The next picture of an album looks just like a redelivery of the one that was answered.
            # Better late than twice: if that answer was lost in a crash, delivery finds it.
            return self._albums.get(inbound.order, ())
        return self._replies.unsaid(replies)

    def _leave(self, chat_id: int) -> None:
        # Groups talk on while the bot is leaving; one farewell is enough.
        if not self._lanes.busy(lane := f"group:{chat_id}"):
            self._lanes.put(lane, partial(self._sender.leave, chat_id, self._farewell))
