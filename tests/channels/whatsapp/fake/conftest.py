"""A fake Cloud API in a hurry, a webhook that it calls, and somebody who has said hello."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.graph_api import GraphApi
from tests.fakes.graph_api_client import BUDI, Service
from tests.fakes.whatsapp_people import WhatsAppPerson


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with GraphApi() as api:
        api.updates.retry_delay = 0.001
        yield api


@pytest.fixture
async def service(api: GraphApi) -> AsyncIterator[Service]:
    service = Service()
    await service.server.start()
    await api.set_webhook(service.url)
    yield service
    await service.server.stop()


@pytest.fixture
def budi(api: GraphApi) -> WhatsAppPerson:
    budi = api.person(BUDI, "Budi Contoh")
    budi.says("halo")
    return budi
