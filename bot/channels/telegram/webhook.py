"""Telegram calls: one update a request, and 200 means that its turn is committed."""

from __future__ import annotations

import hmac
import json
from typing import Any, Final

from starlette.types import Message, Receive, Scope, Send

from bot.channels.base import TurnFailed
from bot.channels.telegram.intake import Intake
from bot.logs import get_logger

log = get_logger(__name__)

MAX_BODY: Final = 1 << 20
"""Bytes. Telegram's updates are far smaller."""

_SECRET: Final = b"x-telegram-bot-api-secret-token"
_AGAIN: Final = (b"retry-after", b"1")
"""Without it Telegram comes back at once the first time, and into the same trouble."""


class Webhook:
    """The ASGI application behind the webhook's address.

    Args:
        intake: where updates go.
        secret: what Telegram sends along to prove itself.
        answer_here: whether a turn's single reply is returned as the response itself.
    """

    def __init__(self, intake: Intake, secret: str, *, answer_here: bool = True) -> None:
        self._intake = intake
        self._secret = secret.encode()
        self._answer_here = answer_here

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not hmac.compare_digest(_header(scope, _SECRET), self._secret):
            return await _respond(send, 403)
        if (body := await _read(receive)) is None:
            return await _respond(send, 413)
        try:
            update = json.loads(body)
        except ValueError:
            update = None
        if not isinstance(update, dict):
            return await _respond(send, 400)
        await self._update(update, send)

    async def _update(self, update: dict[str, Any], send: Send) -> None:
        try:
            taken = await self._intake.take(update)
        except TurnFailed:
            log.warning("a turn was not committed; Telegram sends its update again", update=update.get("update_id"))
            return await _respond(send, 500, headers=(_AGAIN,))
        if taken is None:
            return await _respond(send, 200)
        answer = self._intake.answer(taken) if self._answer_here else None
        if answer is None:
            await _respond(send, 200)
            self._intake.hand_over(taken)
            return
        await _respond(send, 200, json.dumps(answer, separators=(",", ":")).encode())
        self._intake.answered(taken)


def _header(scope: Scope, name: bytes) -> bytes:
    return next((bytes(value) for key, value in scope["headers"] if key == name), b"")


async def _read(receive: Receive) -> bytes | None:
    """The request's body; None when it is too long or was given up."""
    body = b""
    while len(body) <= MAX_BODY:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body if len(body) <= MAX_BODY else None
    return None


async def _respond(send: Send, status: int, body: bytes = b"", headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    fixed = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": body})
