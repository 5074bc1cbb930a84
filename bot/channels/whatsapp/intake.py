"""From a webhook's body to committed turns, reports and replies on their way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, Literal, cast

from bot.channels.base import Receipt, SendError, Sending, Turn, TurnFailed, Turns
from bot.channels.hand_over import HandOver
from bot.channels.lanes import Lanes
from bot.channels.whatsapp.api import Api, ApiError
from bot.channels.whatsapp.parse import NAME, Heard, Report, parse
from bot.channels.whatsapp.sender import Sender
from bot.logs import get_logger

log = get_logger(__name__)

_UNKNOWN: Final = 131000
_STATUSES: Final = ("sent", "delivered", "read", "failed")


class Intake:
    """Takes bodies to turns and the turns' replies to people."""

    def __init__(self, turns: Turns, sender: Sender, api: Api) -> None:
        self._turns = turns
        self._sender = sender
        self._api = api
        self._lanes = Lanes()
        self._replies = HandOver(NAME, turns, sender.send, self._lanes)

    async def take(self, body: Any) -> None:
        """Commit everything the body holds, then send the replies, which nobody waits for. Raises ``TurnFailed``.

        What was committed of a body that failed is not taken twice when it comes again.
        """
        parsed = parse(body, self._api.phone_id)
        for move in parsed.moved:
            await self._turns.moved(move.who, move.to)
        if receipts := [receipt for report in parsed.reports if (receipt := self._receipt(report)) is not None]:
            await self._turns.reported(receipts)
        # Begun in their order, and so taken in it; side by side, for they are different people's.
        taken = await asyncio.gather(*map(self._take, parsed.heard), return_exceptions=True)
        failed = [result for result in taken if isinstance(result, BaseException)]
        if failed:
            raise failed[0] if isinstance(failed[0], TurnFailed) else TurnFailed(type(failed[0]).__name__)

    async def drain(self, seconds: float) -> None:
        """Finish what is being sent."""
        await self._lanes.drain(seconds)

    async def _take(self, heard: Heard) -> None:
        turn = await self._turns.handle(heard.inbound)
        address = heard.inbound.address
        self._replies.put(address, self._sendings(heard, turn))
        if heard.message_id is not None and not turn.repeated:
            # Beside the answers: it is no answer itself, and holds up none.
            self._lanes.put(f"read:{address}", partial(self._mark_read, heard.message_id))

    def _sendings(self, heard: Heard, turn: Turn) -> Sequence[Sending]:
        said = heard.inbound
        replies = self._replies.unsaid(turn.replies) if turn.repeated else turn.replies
        return [
            Sending(reply.outbox_id, said.address, reply.message, "reply", turn.locale, said.sent_at)
            for reply in replies
        ]

    async def _mark_read(self, message_id: str) -> None:
        try:
            await self._api.mark_read(message_id)
        except ApiError as error:
            log.debug("a message was not marked as read", error=type(error).__name__)

    def _receipt(self, report: Report) -> Receipt | None:
        """The report with the outbox row it belongs to; None where there is none, or it says nothing new to us."""
        mark = report.tracker or self._sender.sent_as(report.message_id)
        outbox_id, _, attempt = (mark or "").partition(".")
        if not (outbox_id.isdecimal() and attempt.isdecimal()) or report.status not in _STATUSES:
            return None
        status = cast(Literal["sent", "delivered", "read", "failed"], report.status)
        error = self._error(report) if status == "failed" else None
        return Receipt(int(outbox_id), int(attempt), status, error, report.category, report.billable)

    def _error(self, report: Report) -> SendError:
        return self._sender.explain(report.code if report.code is not None else _UNKNOWN, report.address)
