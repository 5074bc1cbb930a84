"""A fake Bot API, turns in memory, and the channel served over HTTP between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel
from bot.limiter import Pace
from tests.channels.memory import MemoryTurns
from tests.channels.serving import free_port, serving, tr
from tests.fakes.bot_api import BotApi
from tests.support.waiting import eventually

SECRET = "contoh_rahasia-1"

Serve = Callable[..., Awaitable[TelegramChannel]]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
def turns() -> MemoryTurns:
    return MemoryTurns()


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
