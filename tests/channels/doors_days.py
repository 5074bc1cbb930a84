"""Somebody on WhatsApp for whom days pass as a test wants: by the service's clock and by the platform's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from conversations.domain.vacancy import Vacancy
from storage.models import outbox
from storage.work import Work
from tests.channels.doors import SOON, House, until
from tests.channels.doors_platforms import WhatsApp
from tests.fakes.graph_api import GraphApi
from tests.fakes.whatsapp_people import Heard
from tests.support.service import START

PHONE: Final = "6281200000001"


class Days:
    """One person, the platform and the service between them."""

    def __init__(self, house: House, api: GraphApi) -> None:
        self.house, self.api = house, api
        self.person = api.person(PHONE, "Tini")
        self.behind = 0.0
        """Seconds by which the service's clock lies behind the platform's."""
        self._heard = 0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.api.now() - self.behind, UTC)

    async def passes(self, **time: float) -> None:
        """So much time passes at once (days, hours, minutes), after what was said now is known to have been."""
        async with asyncio.timeout(SOON):
            while await self.house.reads(_under_way):  # noqa: ASYNC110  # nobody tells when it is committed
                await asyncio.sleep(0.01)
        self.api.moves(**time)

    async def says(self, words: str) -> list[Heard]:
        """Everything that is heard then."""
        self.person.says(words)
        return await self.heard()

    async def taps(self, title: str) -> list[Heard]:
        self.person.taps(title)
        return await self.heard()

    async def comes(self, *offers: Vacancy) -> list[Heard]:
        """Vacancies come in; what the person hears of them."""
        await self.house.comes(*offers)
        return await self.heard()

    async def heard(self) -> list[Heard]:
        """All that was written to the person and not heard yet, once the platform has it and has told so."""
        await until(lambda: not self.api.updates.pending)
        written = await self.house.reads(_written)
        await until(lambda: len(self.api.accepted) >= written)
        await until(lambda: not self.api.updates.pending)
        heard = self.person.messages[self._heard :]
        self._heard += len(heard)
        return heard


def _written(work: Work) -> int:
    return work.connection.scalar(sa.select(sa.func.count()).select_from(outbox)) or 0


def _under_way(work: Work) -> int:
    claimed = sa.select(sa.func.count()).select_from(outbox).where(outbox.c.state == "claimed")
    return work.connection.scalar(claimed) or 0


@asynccontextmanager
async def days(folder: Path, key: str, entrance: WhatsApp | None = None) -> AsyncIterator[Days]:
    """From nine in the morning in Jakarta on; the night is quiet, as it is by default."""
    entrance = entrance or WhatsApp()
    async with entrance.opened():
        entrance.api.clock = START.timestamp
        house = House(entrance, folder, key, more={"SETARA_QUIET_HOURS": "20.00-07.00"})
        them = Days(house, entrance.api)
        house.clock = them.now
        async with house:
            yield them
