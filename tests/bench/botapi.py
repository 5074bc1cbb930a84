"""A lean Bot API for the benchmark: strict where that is cheap, for every microsecond here slows all contenders.

The strict one, for tests, is tests/fakes/bot_api.py.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any, cast
from urllib.parse import parse_qsl

import httptools

from tests.bench.people import FIRST_CHAT, Crowd

TOKEN = "123456:contoh"
TEXT_LIMIT = 4096

ME = {"id": 123456, "is_bot": True, "first_name": "Contoh", "username": "contoh_bot"}
QUIET: dict[str, Any] = {
    "getMe": ME,
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
}
"""Results of the methods that a bot calls when it starts; any other method but sendMessage gives true."""


class BotApi:
    """The server. Set ``crowd`` before a service is started; what is sent to a chat is heard there."""

    def __init__(self) -> None:
        self.crowd: Crowd | None = None
        self.message = 0
        self.address = ""
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on a free port; ``address`` is then the base address without ``/bot``."""
        server = await asyncio.get_running_loop().create_server(lambda: Connection(self), "127.0.0.1", 0)
        self._server = server
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    def send(self, fields: dict[str, Any]) -> tuple[str, int, str]:
        """sendMessage: ``("", chat, text)`` when accepted, else the description of the refusal first."""
        try:
            chat, text = int(fields["chat_id"]), fields["text"]
            markup = fields.get("reply_markup")
            if isinstance(markup, str):
                json.loads(markup)
        except (KeyError, TypeError, ValueError) as error:
            return f"Bad Request: {error}", 0, ""
        if self.crowd is None or not FIRST_CHAT <= chat < self.crowd.next_chat:
            return "Bad Request: chat not found", 0, ""
        if not isinstance(text, str) or not text.strip():
            return "Bad Request: message text is empty", 0, ""
        if len(text) > TEXT_LIMIT:
            return "Bad Request: message is too long", 0, ""
        return "", chat, text


class Connection(asyncio.Protocol):
    """One connection of the service to the Bot API."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.parser = httptools.HttpRequestParser(self)
        self.transport: asyncio.Transport | None = None
        self.url = b""
        self.body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        url, body = self.url.decode(), self.body
        self.url = self.body = b""
        prefix, _, method = url.rpartition("/")
        if prefix != f"/bot{TOKEN}":
            self._refuse(401, "Unauthorized")
        elif method != "sendMessage":
            self._answer(200, {"ok": True, "result": QUIET.get(method, True)})
        else:
            self._send(body)

    def _send(self, body: bytes) -> None:
        try:
            fields = json.loads(body) if body[:1] == b"{" else dict(parse_qsl(body.decode(), strict_parsing=True))
        except ValueError as error:
            self._refuse(400, f"Bad Request: {error}")
            return
        api = self.api
        refusal, chat, text = api.send(fields)
        if refusal:
            self._refuse(400, refusal)
            return
        api.message += 1
        result = {
            "message_id": api.message,
            "from": ME,
            "chat": {"id": chat, "type": "private", "first_name": "Contoh"},
            "date": int(time.time()),
            "text": text,
        }
        self._answer(200, {"ok": True, "result": result})
        assert api.crowd is not None
        api.crowd.hear(chat, text)

    def _refuse(self, code: int, description: str) -> None:
        """Refusals end the run: in the benchmark no message is expected to be refused."""
        self._answer(code, {"ok": False, "error_code": code, "description": description})
        if self.api.crowd is not None:
            self.api.crowd.fail(f"the Bot API refused a call: {code} {description}")

    def _answer(self, code: int, content: dict[str, Any]) -> None:
        body = json.dumps(content, ensure_ascii=False).encode()
        head = b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (code, len(body))
        assert self.transport is not None
        self.transport.write(head + body)
