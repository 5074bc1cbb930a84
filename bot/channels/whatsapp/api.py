"""The Cloud API of one phone number, by pywa over httpx: the only place that knows either.

pywa gives the methods and their errors; it keeps no limits, and no address but its own, so it is given a
client whose base address is ours once more. Its errors do not leave this module: they cannot be raised
through a context manager (they are frozen), and hold what was sent.

Reference: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import httpx
from pywa_async.api import GraphAPIAsync
from pywa_async.errors import WhatsAppError

from bot.channels.whatsapp.errors import NO_SUCH_PHONE

VERSION: Final = 23.0
"""Of the Graph API; the oldest that still has all this service uses is 17.0."""

CONNECT_TIMEOUT: Final = 10.0
READ_TIMEOUT: Final = 15.0
"""Seconds. A message is accepted within one; what takes longer has an unknown outcome."""

CONNECTIONS: Final = 32


class ApiError(Exception):
    """A call that had no success. The text holds no token, no address and no words of a person."""


class NotSentError(ApiError):
    """No connection: the request certainly did not reach the platform."""


class UnansweredError(ApiError):
    """The request left and no readable answer came: the platform may have acted on it or not."""


@dataclass(eq=False)
class RefusedError(ApiError):
    """The platform said no.

    Codes: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
    """

    code: int
    """Meta's own, or the HTTP status where there was none."""
    status: int
    transient: bool
    """Whether Meta says that trying again may help."""

    def __str__(self) -> str:
        return f"HTTP {self.status}, code {self.code}"


class Api:
    """Sends from one phone number.

    Args:
        token: a system user's access token.
        phone_id: the number's id.
        base: address without version, e.g. ``https://graph.facebook.com``.
    """

    def __init__(self, token: str, phone_id: str, base: str) -> None:
        self.phone_id = phone_id
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            # Proxies come from the environment, which only the settings read.
            trust_env=False,
        )
        self._graph = GraphAPIAsync(token, self._client, VERSION)
        self._client.base_url = httpx.URL(f"{base.rstrip('/')}/v{VERSION}")
        # It warns of every time-out; what became of a message is told here.
        logging.getLogger("pywa").setLevel(logging.ERROR)

    async def close(self) -> None:
        await self._client.aclose()

    async def send(self, address: str, kind: str, content: dict[str, Any], tracker: str) -> str:
        """Send to a phone number or a user id; returns the platform's id of the message.

        Args:
            address: the number in digits, or a business-scoped user id ("ID.1234…").
            kind: "text", "interactive", "template", "audio" or "document".
            content: what the API takes under that name.
            tracker: comes back with every status of the message; at most 512 characters.

        Raises:
            ApiError: one of its three kinds.
        """
        by_number = address.isdigit()
        try:
            answer = await self._graph.send_message(
                sender=self.phone_id,
                to=address if by_number else None,
                recipient=None if by_number else address,
                recipient_type="individual",
                typ=kind,
                msg=content,
                biz_opaque_callback_data=tracker,
            )
            return str(answer["messages"][0]["id"])
        except (WhatsAppError, httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            _tell(error)

    async def mark_read(self, message_id: str) -> None:
        """Show the person that their message was seen. Raises ``ApiError``."""
        try:
            await self._graph.mark_message_as_read(self.phone_id, message_id)
        except (WhatsAppError, httpx.HTTPError, ValueError) as error:
            _tell(error)

    async def upload(self, content: bytes, mime_type: str, name: str) -> str:
        """Keep a file at the platform for 30 days; returns the id by which it is sent. Raises ``ApiError``."""
        try:
            answer = await self._graph.upload_media(self.phone_id, content, mime_type, name)
            return str(answer["id"])
        except (WhatsAppError, httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            _tell(error)


def _tell(error: Exception) -> NoReturn:
    """Raise what it means here, without the original, which holds what was sent."""
    match error:
        case WhatsAppError():
            code = error.subcode if (error.code, error.subcode) == NO_SUCH_PHONE and error.subcode else error.code
            raise RefusedError(code, error.status_code or 0, bool(error.is_transient)) from None
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout() | httpx.UnsupportedProtocol():
            raise NotSentError(f"no connection to WhatsApp ({type(error).__name__})") from None
    raise UnansweredError(f"no answer from WhatsApp ({type(error).__name__})") from None
