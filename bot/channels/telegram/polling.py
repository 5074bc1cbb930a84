"""The service asks Telegram for updates, and confirms each only after its turn was committed."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import count
from typing import Any, Final

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.base import Busy, TurnFailed
from bot.channels.lanes import Lanes
from bot.channels.telegram.api import Api, TooManyRequestsError
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.parse import UPDATES, Group, parse
from bot.channels.telegram.sender import TOKEN_REST, Sender
from bot.logs import get_logger

log = get_logger(__name__)

_AT_ONCE: Final = 100
"""Updates a request, and so the most that can be under way at a time."""
_PATIENCE: Final = 0.25
"""Seconds to wait for the turns under way before asking for the updates that came meanwhile."""
_GIVE_UP_AFTER: Final = 10
"""Attempts at a turn that fails while other turns succeed: then it is the update, not the database."""


class Ledger:
    """Which updates are under way and which are finished, and what may be confirmed to Telegram.

    Asking for updates from ``offset`` on confirms, for ever, everything before it.
    """

    def __init__(self) -> None:
        self.offset: int | None = None
        """The first update not finished yet, or the one after the last; None before the first update."""
        self._open: set[int] = set()
        self._done: set[int] = set()
        self._all_done = asyncio.Event()
        self._all_done.set()

    def take(self, update_id: int) -> bool:
        """Begin with an update; False when it is known already (Telegram repeats what is unconfirmed)."""
        if update_id in self._open or update_id in self._done:
            return False
        self._open.add(update_id)
        self._all_done.clear()
        return True

    def done(self, update_id: int) -> None:
        """The update's turn is committed, or there was nothing to do."""
        self._open.discard(update_id)
        self._done.add(update_id)
        if self._open:
            self.offset = min(self._open)
            self._done = {done for done in self._done if done > self.offset}
        else:
            self.offset = max(self._done) + 1
            self._done.clear()
            self._all_done.set()

    async def settled(self, seconds: float) -> None:
        """Wait until nothing is under way, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._all_done.wait()
        except TimeoutError:
            return  # one slow turn must not keep everybody else's messages waiting


class Poller:
    """Long polling: chats side by side, each in order.

    Args:
        api, intake, sender: as built by the channel.
        long_poll: seconds that Telegram may keep a request open.
        first_wait, longest_wait: seconds between attempts after a failure, doubled each time.
    """

    def __init__(
        self, api: Api, intake: Intake, sender: Sender, *, long_poll: int = 30, first_wait: float = 0.5,
        longest_wait: float = 30.0,
    ) -> None:  # fmt: skip
        self._api = api
        self._intake = intake
        self._sender = sender
        self._long_poll = long_poll
        self._first_wait = first_wait
        self._longest_wait = longest_wait
        self._ledger = Ledger()
        self._lanes = Lanes()
        self._committed = 0
        self._complained: type[Exception] | None = None

    async def run(self) -> None:
        """Receive until cancelled."""
        failures = 0
        while True:
            try:
                updates = await self._fetch()
            except TelegramError as error:
                wait = min(self._first_wait * 2 ** min(failures, 16), self._longest_wait)
                failures += 1
                await asyncio.sleep(self._complain(error, wait))
                continue
            except Exception:
                # Whatever it is, people's messages wait at Telegram and must be fetched again soon.
                log.exception("fetching updates failed in an unforeseen way")
                await asyncio.sleep(self._longest_wait)
                continue
            if self._complained is not None:
                log.info("Telegram is answering again")
            failures, self._complained = 0, None
            self._sender.accept_token()
            for update in updates:
                self._dispatch(update)
            await self._ledger.settled(_PATIENCE)

    async def finish(self, seconds: float) -> None:
        """Finish the turns under way and confirm what is committed."""
        await self._lanes.drain(seconds)
        if self._ledger.offset is None:
            return
        try:
            # Confirms, though it may also return an update: that one stays unconfirmed.
            await self._call(timeout=0, limit=1, read_timeout=3.0)
        except TelegramError:
            log.info("the last updates could not be confirmed; Telegram sends them again")

    async def _fetch(self) -> list[dict[str, Any]]:
        # While turns are under way this returns at once, with what is unconfirmed and what has come since.
        return await self._call(timeout=self._long_poll, limit=_AT_ONCE, read_timeout=self._long_poll + 10.0)

    async def _call(self, timeout: int, limit: int, read_timeout: float) -> list[dict[str, Any]]:  # noqa: ASYNC109  # Telegram's own
        parameters: dict[str, Any] = {"timeout": timeout, "limit": limit, "allowed_updates": UPDATES}
        if self._ledger.offset is not None:
            parameters["offset"] = self._ledger.offset
        updates = await self._api.call("getUpdates", parameters, read_timeout)
        return [update for update in updates if isinstance(update.get("update_id"), int)]

    def _dispatch(self, update: dict[str, Any]) -> None:
        update_id = update["update_id"]
        if self._ledger.take(update_id):
            inbound = parse(update)
            lane = inbound.address if inbound is not None and not isinstance(inbound, Group) else f"update:{update_id}"
            self._lanes.put(lane, partial(self._turn, update))

    async def _turn(self, update: dict[str, Any]) -> None:
        update_id, before, failures = update["update_id"], self._committed, 0
        for attempt in count(1):
            try:
                taken = await self._intake.take(update)
            except TurnFailed as failed:
                failures += not isinstance(failed, Busy)
                if failures >= _GIVE_UP_AFTER and self._committed > before:
                    log.error("an update was given up: its turn fails while others succeed", update=update_id)
                    break
                log.warning("a turn was not committed; trying again", update=update_id, attempt=attempt)
                await asyncio.sleep(min(self._first_wait * 2 ** (attempt - 1), 5.0))
            else:
                self._committed += 1
                if taken is not None:
                    self._intake.hand_over(taken)
                break
        self._ledger.done(update_id)

    def _complain(self, error: TelegramError, wait: float) -> float:
        """Say what is wrong, once; returns the seconds to wait before the next attempt."""
        match error:
            case TooManyRequestsError():
                return error.retry_after
            case InvalidToken():
                self._sender.refuse_token()
                return TOKEN_REST
            case Conflict() if "webhook" in error.message.lower():
                said = "A webhook is set for this bot, so its updates cannot be fetched: another service uses its token"
            case Conflict():
                said = "Another process fetches the updates of this bot: end it, or give each its own bot"
            case _:
                said = f"Telegram cannot be reached ({error.message}); trying again"
        if self._complained is not type(error):
            log.warning(said)
        self._complained = type(error)
        return wait
