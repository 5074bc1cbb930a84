"""A fake Graph API, turns in memory, and the channel served over HTTP between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp.channel import PATH, WhatsAppChannel
from bot.channels.whatsapp.templates import Template, Templates
from bot.limiter import Pace
from tests.channels.memory import MemoryTurns
from tests.channels.serving import free_port, serving, tr
from tests.fakes.graph_api import GraphApi

Hooks = Callable[..., Awaitable[WhatsAppChannel]]

EXAMPLES = Path(__file__).parents[3] / "docs" / "whatsapp-templates.toml"


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with GraphApi() as api:
        yield api


@pytest.fixture
def turns() -> MemoryTurns:
    return MemoryTurns()


@pytest.fixture
def templates(api: GraphApi) -> Templates:
    """Those of the documentation, approved."""
    templates = Templates.load(EXAMPLES)
    for template in templates.known.values():
        approve(api, template)
    return templates


def approve(api: GraphApi, template: Template) -> None:
    api.approve(template.name, template.language, template.body)


def make_channel(api: GraphApi, turns: MemoryTurns, **options: Any) -> WhatsAppChannel:
    """A channel whose clock is the platform's, at a pace that no test notices."""
    settings: dict[str, Any] = {
        "tr": tr,
        "clock": lambda: datetime.fromtimestamp(api.now(), UTC),
        "pace": Pace(per_second=10_000, per_chat=10_000),
    }
    keys = (api.token, api.phone_id, api.app_secret, api.verify_token)
    return WhatsAppChannel(*keys, api.url, turns, **{**settings, **options})


@pytest.fixture
async def hooks(api: GraphApi, turns: MemoryTurns) -> AsyncIterator[Hooks]:
    """``await hooks(**options)`` serves a channel behind a webhook that the fake platform calls."""
    async with AsyncExitStack() as stack:

        async def start(**options: Any) -> WhatsAppChannel:
            port = options.pop("port", None) or free_port()
            channel = make_channel(api, options.pop("turns", turns), **options)
            await stack.enter_async_context(serving(channel, port))
            await api.set_webhook(f"http://127.0.0.1:{port}{PATH}")
            return channel

        yield start
