"""Whoever talks to the fake Cloud API in tests of the fake: a webhook, calls, and bodies of messages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

from tests.fakes.graph_api import APP_SECRET, VERIFY_TOKEN, GraphApi
from tests.fakes.graph_api_updates import signature
from tests.fakes.http import Request, Response, Server

BUDI, SITI = "6281200000001", "6281200000002"


class Service:
    """A webhook that keeps what it is told, by the number of statuses that it shall answer with."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.statuses: list[int] = []
        """What to answer next; 200 when there is nothing."""
        self.echo: Callable[[str], bytes] = str.encode
        self.server = Server(self._handle)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/whatsapp?contoh=1"

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Messages, statuses or preferences, in the order in which they came."""
        return [part for value in self.values() for part in value.get(kind, [])]

    def values(self) -> list[dict[str, Any]]:
        return [change["value"] for call in self.calls for entry in call["entry"] for change in entry["changes"]]

    def texts(self) -> list[str]:
        return [message["text"]["body"] for message in self.told("messages")]

    def how_far(self) -> list[str]:
        return [told["status"] for told in self.told("statuses")]

    def _handle(self, request: Request) -> Response:
        if request.method == "GET":
            query = parse_qs(urlsplit(request.target.decode()).query)
            if query["hub.mode"] != ["subscribe"] or query["hub.verify_token"] != [VERIFY_TOKEN]:
                return Response(403)
            return Response(200, self.echo(query["hub.challenge"][0]))
        if request.headers[b"x-hub-signature-256"].decode() != signature(APP_SECRET, request.body):
            return Response(401)
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.calls.append(json.loads(request.body))
        return Response(status)


async def post(api: GraphApi, body: Any, edge: str = "messages", **options: Any) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer."""
    url = f"{api.url}/v25.0/{options.get('phone_id', api.phone_id)}/{edge}"
    headers = {"Authorization": f"Bearer {options.get('token', api.token)}"}
    content = {"data": body} if isinstance(body, (bytes, aiohttp.FormData)) else {"json": body}
    async with aiohttp.ClientSession() as session, session.post(url, headers=headers, **content) as answer:
        return answer.status, await answer.json()


def message(content: Any = "Halo", kind: str = "text", **more: Any) -> dict[str, Any]:
    content = {"body": content} if isinstance(content, str) else content
    envelope = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": BUDI}
    return {**envelope, "type": kind, kind: content, **more}


def buttons(*titles: str, body: str = "Pilih", **more: Any) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": f"1:{n}", "title": title}} for n, title in enumerate(titles)]
    content = {"type": "button", "body": {"text": body}, "action": {"buttons": replies}, **more}
    return message(content, "interactive")


def rows(*titles: str, button: str = "Pilih jawaban", **more: Any) -> dict[str, Any]:
    listed = [{"id": f"1:{n}", "title": title, **more} for n, title in enumerate(titles)]
    return sections(button, {"rows": listed})


def sections(button: str, *sections: Any) -> dict[str, Any]:
    action = {"button": button, "sections": [*sections]}
    return message({"type": "list", "body": {"text": "Pilih"}, "action": action}, "interactive")


def template(*texts: str, name: str = "kabar_contoh", language: str = "id", **more: Any) -> dict[str, Any]:
    parameters = [{"type": "text", "text": text} for text in texts]
    components = [{"type": "body", "parameters": parameters}] if texts else []
    return message({"name": name, "language": {"code": language}, "components": components}, "template", **more)


def file(data: bytes, mime: str, named: str | None = None, product: str = "whatsapp") -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("messaging_product", product)
    form.add_field("type", named or mime)
    form.add_field("file", data, filename="contoh", content_type=mime)
    return form
