"""WhatsApp calls: a signed body a request, and 200 means that all in it is committed.

Reference: https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from bot.channels.base import TurnFailed
from bot.channels.whatsapp.intake import Intake
from bot.logs import get_logger

log = get_logger(__name__)

MAX_BODY: Final = 3 << 20
"""Bytes; the most that WhatsApp sends."""

_SIGNATURE: Final = "x-hub-signature-256"
_PREFIX: Final = "sha256="


class Webhook:
    """What answers at the webhook's address.

    Args:
        intake: where bodies go.
        app_secret: the Meta app's secret, with which each body is signed.
        verify_token: what is asked for once, when the address is entered in the Meta app.
    """

    def __init__(self, intake: Intake, app_secret: str, verify_token: str) -> None:
        self._intake = intake
        self._secret = app_secret.encode()
        self._verify_token = verify_token.encode()

    async def verify(self, request: Request) -> Response:
        """The address is being entered: prove that it is ours by the word agreed on."""
        asked = request.query_params
        known = hmac.compare_digest(asked.get("hub.verify_token", "").encode(), self._verify_token)
        if asked.get("hub.mode") != "subscribe" or not known:
            log.warning("WhatsApp's webhook was not verified: the verify token is another one")
            return Response(status_code=403)
        log.info("WhatsApp's webhook is verified")
        return PlainTextResponse(asked.get("hub.challenge", ""))

    async def receive(self, request: Request) -> Response:
        """Take one body: 401 unsigned, 403 signed by somebody else, 500 when it is to come again."""
        signature = request.headers.get(_SIGNATURE)
        if signature is None:
            return Response(status_code=401)
        raw = await _read(request)
        if raw is None:
            return Response(status_code=413)
        if not self._is_ours(raw, signature):
            log.warning("a body with a wrong signature was refused: SETARA_WHATSAPP_APP_SECRET may be another app's")
            return Response(status_code=403)
        body = _json(raw)
        if body is None:
            return Response(status_code=400)
        try:
            await self._intake.take(body)
        except TurnFailed:
            log.warning("a turn was not committed; WhatsApp sends its body again")
            return Response(status_code=500, headers={"retry-after": "1"})
        return Response(status_code=200)

    def _is_ours(self, raw: bytes, signature: str) -> bool:
        expected = _PREFIX + hmac.digest(self._secret, raw, sha256).hex()
        return hmac.compare_digest(signature.lower().encode("utf-8", "replace"), expected.encode())


async def _read(request: Request) -> bytes | None:
    """The raw body; None when it is too long or was given up."""
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > MAX_BODY:
                return None
    except ClientDisconnect:
        return None
    return body


def _json(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
