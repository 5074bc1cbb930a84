"""Servers that keep nothing and always say the same: what the driver and plain HTTP allow on this machine.

``python -m tests.bench.floor raw|response|api --port N --api ADDRESS --token TOKEN``
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import aiohttp
import httptools
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ANSWER = "Baik, kami catat. Siapa nama lengkap Anda? Contoh: Budi Contoh"


class Constant(asyncio.Protocol):
    """Answers any request with the same bytes: the driver's own ceiling."""

    body = json.dumps({"method": "sendMessage", "chat_id": 0, "text": ANSWER}).encode()
    response = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        self.transport.write(self.response)


async def serve_raw(port: int) -> None:
    """Serve ``Constant`` until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Constant, "127.0.0.1", port)
    await server.serve_forever()


def application(answers: str, api: str, token: str) -> Starlette:
    """Starlette with the webhook alone; it reads the update and answers in the ``response`` or through the ``api``."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as session:
            app.state.session = session
            yield

    async def in_response(request: Request) -> Response:
        update = await request.json()
        return JSONResponse({"method": "sendMessage", "chat_id": update["message"]["chat"]["id"], "text": ANSWER})

    async def through_api(request: Request) -> Response:
        update = await request.json()
        call = {"chat_id": update["message"]["chat"]["id"], "text": ANSWER}
        async with request.app.state.session.post(f"{api}/bot{token}/sendMessage", json=call) as sent:
            await sent.read()
        return Response()

    endpoint = in_response if answers == "response" else through_api
    return Starlette(routes=[Route("/telegram", endpoint, methods=["POST"])], lifespan=lifespan)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("answers", choices=["raw", "response", "api"])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api", required=True)
    parser.add_argument("--token", required=True)
    args = parser.parse_args()
    if args.answers == "raw":
        uvloop.run(serve_raw(args.port))
        return
    app = application(args.answers, args.api, args.token)
    uvicorn.run(app, port=args.port, loop="uvloop", http="httptools", access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
