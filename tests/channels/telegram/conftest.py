"""A fake Bot API, turns in memory, and the channel served over HTTP between them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channels.telegram import TelegramChannel
from bot.limiter import Pace
from conversations.engine.texts import Shown, Text, Translate
from tests.channels.memory import MemoryTurns
from tests.fakes.bot_api import BotApi

SECRET = "contoh_rahasia-1"

Serve = Callable[..., Awaitable[TelegramChannel]]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
def turns() -> MemoryTurns:
    return MemoryTurns()


def tr(locale: str) -> Translate:
    """Every text as it stands in the code, with the locale's name before it where that is not Indonesian."""

    def render(text: Shown) -> str:
        if not isinstance(text, Text):
            return text
        words = text.msgid.format(**dict(text.values))
        return words if locale == "id" else f"[{locale}] {words}"

    return render


def make_channel(api: BotApi, turns: MemoryTurns, **options: Any) -> TelegramChannel:
    """A channel in a hurry: short waits, a pace that no test notices."""
    settings: dict[str, Any] = {
        "tr": tr,
        "region_name": "Kabupaten Contoh",
        "pace": Pace(per_second=10_000, per_chat=10_000),
        "long_poll": 2,
        "first_wait": 0.02,
        "longest_wait": 0.1,
    }
    return TelegramChannel(api.token, api.url, turns, **{**settings, **options})


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
async def serving(channel: TelegramChannel, port: int) -> AsyncIterator[None]:
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


@pytest.fixture
async def polls(api: BotApi, turns: MemoryTurns) -> AsyncIterator[Serve]:
    """``await polls(**options)`` starts a channel that polls; it is stopped with the test."""
    async with AsyncExitStack() as stack:

        async def start(**options: Any) -> TelegramChannel:
            channel = make_channel(api, options.pop("turns", turns), **options)
            await channel.start()
            stack.push_async_callback(channel.stop)
            return channel

        yield start


@pytest.fixture
async def hooks(api: BotApi, turns: MemoryTurns) -> AsyncIterator[Serve]:
    """``await hooks(**options)`` serves a channel behind a webhook that the fake platform calls."""
    async with AsyncExitStack() as stack:

        async def start(**options: Any) -> TelegramChannel:
            port = options.pop("port", None) or free_port()
            options = {"webhook_url": f"http://127.0.0.1:{port}/telegram/contoh", "webhook_secret": SECRET, **options}
            channel = make_channel(api, options.pop("turns", turns), **options)
            await stack.enter_async_context(serving(channel, port))
            await eventually(lambda: api.updates.webhook is not None and api.updates.webhook.url == channel.webhook_url)
            return channel

        yield start


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def eventually(true: Callable[[], object], seconds: float = 3.0) -> None:
    """Wait until ``true()``; raises ``TimeoutError``."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # what is waited for may be anything
            await asyncio.sleep(0.005)
