"""Turns kept in memory: what a channel may rely on, without a database."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import count

from bot.channels.base import InboundMessage, Receipt, Reply, Turn, TurnFailed
from conversations.engine.messages import Button, OutgoingMessage
from storage.contacts import Identity

Says = Callable[[InboundMessage], list[OutgoingMessage]]


def echo(inbound: InboundMessage) -> list[OutgoingMessage]:
    """One answer that names what was understood."""
    understood = inbound.text or inbound.choice or inbound.media or inbound.contact or inbound.notice
    return [OutgoingMessage(f"{understood}", (Button("Ya", "1:ya"), Button("Tidak", "1:tidak")))]


class MemoryTurns:
    """Conforms to ``bot.channels.base.Turns``.

    ``says`` makes the answers; ``failing`` counts, by text, how often a message is still to fail;
    ``slow`` holds, by text, events that a message waits for before it commits.
    """

    def __init__(self, says: Says = echo) -> None:
        self.says = says
        self.handled: list[InboundMessage] = []
        """Committed, in order; a repeated update is not there twice."""
        self.failing: dict[str, int] = {}
        self.failure: type[TurnFailed] = TurnFailed
        self.slow: dict[str, asyncio.Event] = {}
        self.confirmed: list[int] = []
        self.in_responses: set[int] = set()
        self.released: list[int] = []
        self.off: list[tuple[str, str]] = []
        self.receipts: list[Receipt] = []
        self.moves: list[tuple[Identity, Identity]] = []
        self.repeats = 0
        self._stored: dict[tuple[str, str], list[Reply]] = {}
        self._ids = count(1)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def handle(self, inbound: InboundMessage) -> Turn:
        async with self._locks[inbound.address]:
            return await self._handle(inbound)

    async def _handle(self, inbound: InboundMessage) -> Turn:
        key, said = (inbound.channel, inbound.external_id), inbound.text or ""
        if (stored := self._stored.get(key)) is not None:
            self.repeats += 1
            known = set(self.confirmed) - (set() if inbound.grouped else self.in_responses)
            again = tuple(r for r in stored if r.outbox_id not in known)
            return Turn(1, again, repeated=True)
        if (event := self.slow.get(said)) is not None:
            await event.wait()
        await asyncio.sleep(0)
        if self.failing.get(said, 0) > 0:
            self.failing[said] -= 1
            raise self.failure
        self._stored[key] = replies = [Reply(next(self._ids), message) for message in self.says(inbound)]
        self.handled.append(inbound)
        heard = [m.sent_at for m in self.handled if m.address == inbound.address and m.sent_at is not None]
        return Turn(1, tuple(replies), heard_at=max(heard, default=None))

    def confirm(self, outbox_ids: Sequence[int]) -> None:
        self.confirmed += outbox_ids

    def answered(self, outbox_ids: Sequence[int]) -> None:
        self.confirmed += outbox_ids
        self.in_responses |= set(outbox_ids)

    def hold(self, outbox_ids: Sequence[int]) -> None:
        assert not set(outbox_ids) & set(self.confirmed) - self.in_responses

    def release(self, outbox_ids: Sequence[int]) -> None:
        self.released += outbox_ids

    async def switched_off(self, address_of: tuple[str, str], reason: str) -> None:
        assert reason
        self.off.append(address_of)

    async def reported(self, receipts: Sequence[Receipt]) -> list[Receipt]:
        if self.failing.get("report", 0) > 0:
            self.failing["report"] -= 1
            raise self.failure
        news = [receipt for receipt in receipts if receipt.status == "failed" and receipt not in self.receipts]
        self.receipts += receipts
        return news

    async def moved(self, who: Identity, to: Identity) -> None:
        self.moves.append((who, to))

    def heard_from(self, address: str | int) -> list[str | None]:
        """Texts of one person, in the order of their turns."""
        return [inbound.text for inbound in self.handled if inbound.address == str(address)]
