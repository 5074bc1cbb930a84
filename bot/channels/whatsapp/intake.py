"""From a webhook's body to committed turns, reports and replies on their way."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, Literal, cast

from bot.channels.base import Receipt, Sending, Turn, TurnFailed, Turns
from bot.channels.hand_over import HandOver
from bot.channels.lanes import Lanes
from bot.channels.whatsapp.api import Api, ApiError
from bot.channels.whatsapp.errors import explain
from bot.channels.whatsapp.parse import NAME, Heard, Report, parse
from bot.channels.whatsapp.sender import ANNOUNCED, Sender
from bot.logs import get_logger

log = get_logger(__name__)

_UNKNOWN: Final = 131000
_MARK: Final = re.compile(r"(?P<outbox_id>\d{1,18})\.(?P<sending>\d{1,9})(?P<about>\.w)?")
_STATUSES: Final = ("sent", "delivered", "read", "failed")


class Intake:
    """Takes bodies to turns and the turns' replies to people."""

    def __init__(self, turns: Turns, sender: Sender, api: Api, secret: bytes) -> None:
        """``secret``: keys the hashes of the platform's ids."""
        self._secret = secret
        self._turns = turns
        self._sender = sender
        self._api = api
        self._lanes = Lanes()
        self._replies = HandOver(NAME, turns, sender.send, self._lanes)

    async def take(self, body: Any) -> None:
        """Commit everything the body holds, then send the replies, which nobody waits for. Raises ``TurnFailed``.

        What was committed of a body that failed is not taken twice when it comes again.
        """
        parsed = parse(body, self._api.phone_id, self._secret)
        for move in parsed.moved:
            await self._turns.moved(move.who, move.to)
        # Begun in their order, and so taken in it; side by side, for they are different people's.
        work = [*map(self._take, parsed.heard), self._report(parsed.reports)]
        done = await asyncio.gather(*work, return_exceptions=True)
        failed = [result for result in done if isinstance(result, BaseException)]
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
        replies = self._replies.unsaid(turn.replies) if turn.repeated else turn.replies
        return [
            Sending(r.outbox_id, heard.inbound.address, r.message, "reply", turn.locale, turn.heard_at, r.sending)
            for r in replies
        ]

    async def _mark_read(self, message_id: str) -> None:
        try:
            await self._api.mark_read(message_id)
        except ApiError as error:
            log.debug("a message was not marked as read", error=type(error).__name__)

    async def _report(self, reports: Sequence[Report]) -> None:
        found = {receipt: report for report in reports if (receipt := self._receipt(report)) is not None}
        if found:
            for news in await self._turns.reported(list(found)):
                # Only now: what comes again, or is about nothing of ours, must not hold anybody up.
                if news.error is not None:
                    self._sender.heed(news.error, found[news].address)

    def _receipt(self, report: Report) -> Receipt | None:
        """The report with the outbox row it belongs to; None where there is none, or it says nothing new to us."""
        mark = _MARK.fullmatch(report.mark or self._sender.sent_as(report.message_id) or "")
        if mark is None or report.status not in _STATUSES:
            return None
        return Receipt(
            int(mark["outbox_id"]),
            int(mark["sending"]),
            cast(Literal["sent", "delivered", "read", "failed"], report.status),
            explain(_UNKNOWN if report.code is None else report.code) if report.status == "failed" else None,
            report.category,
            report.billable,
            announced=mark["about"] == ANNOUNCED,
        )
