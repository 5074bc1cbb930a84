from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.web import WebChannel
from tests.channels.web.browser import Browser
from tests.channels.web.service import Service, application, channel


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def web(service: Service) -> WebChannel:
    return channel(service, poll_seconds=0.02)


@pytest.fixture
async def browser(web: WebChannel) -> AsyncIterator[Browser]:
    async with Browser(application(web)) as browser:
        yield browser
