"""Asked to end, the service ends soon, finishes what it has taken, and goes on afterwards as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from storage.models import outbox
from tests.e2e.crash import Crashes
from tests.e2e.installation import Installation, free_port
from tests.e2e.people import PATIENCE, Visitor, telegram_settings, told, until
from tests.e2e.platforms import Platform, Telegram, WhatsApp
from tests.e2e.test_crash import seed
from tests.fakes.bot_api import BotApi
from tests.fakes.graph_api import GraphApi
from tests.support.figures import Figure

SOON = 3.0
"""Seconds."""


async def test_waiting_pages_and_slow_answers(fresh: Installation, api: BotApi, figure: Figure) -> None:
    person = api.person(2001, "Fajar")
    async with fresh.serving(**telegram_settings(api)) as serving, Visitor(serving.url) as visitor:
        await visitor.says("halo")
        await told(person, "halo")
        async with visitor.news() as news, visitor.news() as another:
            # The platform has the answer, and takes a second to say so.
            api.delays("sendMessage", 1.0)
            person.says("loker menjahit")
            await until(lambda: len(api.sent(person.id)) == 2)
            took = await serving.stop()
            await news.ended()
            await another.ended()
    figure(f"ended {took:.2f} s after SIGTERM, with two pages waiting and an answer under way for 1 s")
    assert took < SOON
    database = fresh.database()
    with database.read() as work:
        states = set(work.connection.scalars(sa.select(outbox.c.state).where(outbox.c.channel == "telegram")))
    database.close()
    assert states == {"sent"}, "what was on its way was waited for"
    assert (await person.hears(PATIENCE)).text
    async with fresh.serving(**telegram_settings(api)):
        await told(person, "BANTUAN")
        assert len(api.sent(person.id)) == 3, "nothing is said once more"
    assert serving.written().count("Traceback") == 0


@pytest.mark.slow
@pytest.mark.parametrize("where", ["telegram by polling", "telegram by webhook", "whatsapp"])
async def test_restarts_while_people_register(
    installation: Installation, api: BotApi, graph_api: GraphApi, where: str, figure: Figure
) -> None:
    platforms: dict[str, Callable[[], Platform]] = {
        "telegram by polling": lambda: Telegram(api, SETARA_TELEGRAM_ANSWER="api"),
        "telegram by webhook": lambda: Telegram(api, free_port(), SETARA_TELEGRAM_ANSWER="api"),
        "whatsapp": lambda: WhatsApp(graph_api, free_port()),
    }
    # On WhatsApp two of three updates are reports of what became of an answer.
    between = (30, 180) if where == "whatsapp" else (10, 60)
    restarts = Crashes(installation, platforms[where](), seed(), between, how="ask")
    try:
        await restarts.run(48)
    finally:
        figure(f"{restarts.report()}; each ended within {restarts.longest_stop:.2f} s")
    assert restarts.kills >= 2
    assert restarts.duplicates == 0
    assert restarts.longest_stop < SOON
