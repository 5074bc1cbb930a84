"""WhatsApp as a channel: wires receiving and sending together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from starlette.routing import BaseRoute, Route

from bot.channels.base import SendError, Sending, Turns
from bot.channels.whatsapp.api import Api
from bot.channels.whatsapp.intake import Intake
from bot.channels.whatsapp.parse import NAME
from bot.channels.whatsapp.sender import Sender
from bot.channels.whatsapp.templates import Templates
from bot.channels.whatsapp.webhook import Webhook
from bot.limiter import Pace
from conversations.engine.texts import Translate

PATH: Final = "/whatsapp"
"""Where the service answers WhatsApp; the address to enter in the Meta app ends so."""

_PATIENCE: Final = 5.0
"""Seconds for what was taken to be finished when stopping; what is left by then is delivered later."""

_PER_SECOND: Final = 80.0
_PER_PERSON: Final = 1 / 6.0
"""Messages a second that a number may send, and that one person may get."""


class WhatsAppChannel:
    """Conversations on WhatsApp, received by webhook.

    Args:
        token: access token of a system user.
        phone_id: id of the number that writes.
        app_secret: signs what WhatsApp delivers.
        verify_token: the word agreed on for entering the webhook's address.
        api_base: the Graph API's address without version.
        turns: where messages go.
        tr: gives the pure translation of a locale ("id", "en").
        templates: what may be sent outside a person's 24 hours.
        clock: now, aware.
        pace: the number's pace; shared by everything that sends for it.
    """

    name = NAME

    def __init__(
        self,
        token: str,
        phone_id: str,
        app_secret: str,
        verify_token: str,
        api_base: str,
        turns: Turns,
        *,
        tr: Callable[[str], Translate],
        templates: Templates | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pace: Pace | None = None,
    ) -> None:
        self._api = Api(token, phone_id, api_base)
        self._sender = Sender(self._api, pace or Pace(_PER_SECOND, _PER_PERSON), templates or Templates(), tr, clock)
        self._intake = Intake(turns, self._sender, self._api, app_secret.encode())
        self._webhook = Webhook(self._intake, app_secret, verify_token)

    def routes(self) -> Sequence[BaseRoute]:
        return (
            Route(PATH, self._webhook.receive, methods=["POST"], name="whatsapp-webhook"),
            Route(PATH, self._webhook.verify, methods=["GET"], name="whatsapp-verify"),
        )

    async def start(self) -> None:
        """Nothing to begin: WhatsApp calls."""

    async def stop(self) -> None:
        """Finish what was taken. What comes meanwhile is refused, and WhatsApp brings it again."""
        await self._intake.drain(_PATIENCE)
        await self._api.close()

    async def send(self, sending: Sending) -> SendError | None:
        """Deliver one message; None when WhatsApp accepted it.

        Waits for the number's pace, except with a reply: an answer that somebody waits for goes at once.
        """
        return await self._sender.send(sending)
