"""A channel behind a real server, for its tests."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

from bot.channels.base import Channel
from conversations.engine.texts import Shown, Text, Translate


def tr(locale: str) -> Translate:
    """Every text as it stands in the code, with the locale's name before it where that is not Indonesian."""

    def render(text: Shown) -> str:
        if not isinstance(text, Text):
            return text
        words = text.msgid.format(**dict(text.values))
        return words if locale == "id" else f"[{locale}] {words}"

    return render


class Server(uvicorn.Server):
    """Uvicorn that says when it is ready and ends when told to, instead of looking ten times a second."""

    def __init__(self, app: Starlette, port: int) -> None:
        super().__init__(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
        self.ready, self.end = asyncio.Event(), asyncio.Event()

    async def main_loop(self) -> None:
        self.ready.set()
        await self.end.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in [*self.server_state.connections]:
            connection.shutdown()


@asynccontextmanager
async def serving(channel: Channel, port: int) -> AsyncIterator[None]:
    """The channel's routes behind a real server, and the channel started."""
    server = Server(Starlette(routes=[*channel.routes()]), port)
    task = asyncio.create_task(server.serve())
    await server.ready.wait()
    await channel.start()
    try:
        yield
    finally:
        await channel.stop()
        server.end.set()
        await task


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
