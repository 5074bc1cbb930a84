"""Telegram as a channel: wires receiving, sending and the bot's profile together."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.routing import BaseRoute, Route
from telegram.error import InvalidToken, TelegramError

from bot.channels.base import SendError, Sending, Turns
from bot.channels.telegram.api import Api, TooManyRequestsError
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.parse import NAME, UPDATES
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.profile import FAREWELL, SHARE_PHONE, introduce
from bot.channels.telegram.sender import TOKEN_REST, Sender
from bot.channels.telegram.webhook import Webhook
from bot.limiter import Pace
from bot.logs import get_logger
from conversations.engine.texts import Translate

log = get_logger(__name__)

_PATIENCE: Final = 5.0
"""Seconds for what was taken to be finished when stopping; what is left by then is delivered later."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class TelegramChannel:
    """Conversations on Telegram, received by webhook when there is an address for it, else by polling.

    Args:
        token: the bot's token.
        api_base: the Bot API's address without ``/bot``.
        turns: where messages go.
        tr: gives the pure translation of a locale ("id", "en").
        webhook_url: the address Telegram shall call; the service answers at its path.
        webhook_secret: proves to the service that it is Telegram who calls; needed with the address.
        region_name: shown in the bot's name and description, e.g. "Labuhanbatu Selatan".
        answer_in_webhook: return a turn's single reply as the webhook's own response.
        pace: the bot's pace; shared by everything that sends for this bot.
        max_connections: how many updates Telegram may bring at once.
        long_poll, first_wait, longest_wait: seconds, see ``Poller``.

    Raises:
        ValueError: the token is empty, or the webhook's address or secret cannot be used.
    """

    name = NAME

    def __init__(
        self,
        token: str,
        api_base: str,
        turns: Turns,
        *,
        tr: Callable[[str], Translate],
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
        region_name: str = "",
        answer_in_webhook: bool = True,
        pace: Pace | None = None,
        max_connections: int = 40,
        long_poll: int = 30,
        first_wait: float = 0.5,
        longest_wait: float = 30.0,
    ) -> None:
        if not token:
            raise ValueError("the Telegram token is empty")
        self.webhook_path = _path(webhook_url, webhook_secret)
        """Where the service answers Telegram; None when polling."""
        self.webhook_url, self._secret = webhook_url, webhook_secret
        self._max_connections = max_connections
        self._tr, self._region = tr, region_name
        self._first_wait, self._longest_wait = first_wait, longest_wait
        say = tr("id")
        self._api = Api(token, api_base)
        self._sender = Sender(self._api, pace or Pace(), say(SHARE_PHONE))
        self._intake = Intake(turns, self._sender, say(FAREWELL))
        self._poller = Poller(
            self._api,
            self._intake,
            self._sender,
            long_poll=long_poll,
            first_wait=first_wait,
            longest_wait=longest_wait,
        )
        self._webhook = Webhook(self._intake, webhook_secret or "", answer_here=answer_in_webhook)
        self._tasks: list[asyncio.Task[None]] = []

    def routes(self) -> Sequence[BaseRoute]:
        """The webhook's route; none when polling."""
        if self.webhook_path is None:
            return ()
        return (Route(self.webhook_path, self._webhook, methods=["POST"], name="telegram-webhook"),)

    async def start(self) -> None:
        """Begin receiving. Returns at once; what needs Telegram is done beside it, until it succeeds."""
        await self._api.open()
        self._tasks = [asyncio.create_task(self._receive()), asyncio.create_task(self._present())]
        for task in self._tasks:
            task.add_done_callback(_report)

    async def stop(self) -> None:
        """Stop receiving; finish what was taken. Updates that come meanwhile wait at Telegram."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.webhook_path is None:
            await self._poller.finish(_PATIENCE)
        await self._intake.drain(_PATIENCE)
        await self._api.close()

    async def send(self, sending: Sending) -> SendError | None:
        """Deliver one message; None when Telegram accepted it.

        Waits for the bot's pace, except with a reply: an answer that somebody waits for goes at once.
        """
        send = self._sender.reply if sending.kind == "reply" else self._sender.push
        return await send(sending.address, sending.message)

    async def _receive(self) -> None:
        # Neither way drops what waits at Telegram: switching between them loses nothing.
        if self.webhook_path is None:
            await self._persist("removing the webhook", self._api.bot.delete_webhook)
            await self._poller.run()
        else:
            await self._persist("setting the webhook", self._set_webhook)
            log.info("Telegram delivers to the webhook")

    async def _set_webhook(self) -> Any:
        return await self._api.bot.set_webhook(
            self.webhook_url or "",
            secret_token=self._secret,
            max_connections=self._max_connections,
            allowed_updates=UPDATES,
            drop_pending_updates=False,
        )

    async def _present(self) -> None:
        async def get_me() -> None:
            log.info("Telegram knows this bot", username=(await self._api.bot.get_me()).username)

        await self._persist("getMe", get_me)
        await introduce(self._api.bot, self._tr, self._region)

    async def _persist(self, what: str, call: Callable[[], Awaitable[Any]]) -> None:
        """Call until it succeeds; the first failure is said, the others are not."""
        for attempt in count():
            try:
                await call()
                return
            except InvalidToken:
                self._sender.refuse_token()
                wait = TOKEN_REST
            except TelegramError as error:
                if attempt == 0:
                    log.warning("Telegram cannot be asked yet; trying again", what=what, why=error.message)
                wait = min(self._first_wait * 2 ** min(attempt, 16), self._longest_wait)
                if isinstance(error, TooManyRequestsError):
                    wait = error.retry_after
            await asyncio.sleep(wait)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("work beside the conversations ended", exc_info=error)


def _path(url: str | None, secret: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("the Telegram webhook's address must begin with https:// or http://")
    if not secret or not _SECRET.fullmatch(secret):
        raise ValueError("the Telegram webhook needs a secret: 1 to 256 letters, digits, _ and -")
    return parts.path or "/"
