"""Asked to end, the service ends soon, finishes what it has taken, and goes on afterwards as if nothing had been."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storage.models import outbox
from tests.e2e.crash import Crashes
from tests.e2e.installation import Installation, free_port
from tests.e2e.people import PATIENCE, Visitor, telegram_settings, told, until
from tests.e2e.test_crash import seed
from tests.fakes.bot_api import BotApi

SOON = 3.0
"""Seconds."""


async def test_waiting_pages_and_slow_answers(
    fresh: Installation, api: BotApi, capsys: pytest.CaptureFixture[str]
) -> None:
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
    with capsys.disabled():
        print(f"\nended {took:.2f} s after SIGTERM, with two pages waiting and an answer under way for 1 s")
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
@pytest.mark.parametrize("polling", [True, False], ids=["polling", "webhook"])
async def test_restarts_while_people_register(
    installation: Installation, api: BotApi, polling: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = telegram_settings(api, None if polling else free_port()) | {"SETARA_TELEGRAM_ANSWER": "api"}
    restarts = Crashes(installation, api, settings, seed(), between=(10, 60), how="ask")
    try:
        await restarts.run(48)
    finally:
        with capsys.disabled():
            print(f"\n{restarts.report()}; each ended within {restarts.longest_stop:.2f} s")
    assert restarts.kills >= 2
    assert restarts.duplicates == 0
    assert restarts.longest_stop < SOON
