"""SIGKILL at random moments: every acknowledged answer is kept, nobody is registered twice, everybody is answered."""

from __future__ import annotations

import os
import random

import pytest

from tests.e2e.crash import AT_ONCE, IN_A_HURRY, Crashes
from tests.e2e.installation import Installation, free_port
from tests.e2e.platforms import Telegram, WhatsApp
from tests.fakes.bot_api import BotApi
from tests.fakes.graph_api import GraphApi
from tests.support.figures import Figure


def seed() -> int:
    """SETARA_TEST_SEED repeats a run; otherwise each is another."""
    return int(os.environ.get("SETARA_TEST_SEED") or random.SystemRandom().randrange(1_000_000))


async def registers(crashes: Crashes, people: int, figure: Figure) -> None:
    try:
        await crashes.run(people)
    finally:
        figure(crashes.report())
    # What a kill may say twice is what was on its way then: the answers to those who wrote at that moment.
    assert crashes.duplicates <= crashes.kills * AT_ONCE * IN_A_HURRY


async def test_a_few_by_webhook(fresh: Installation, api: BotApi, figure: Figure) -> None:
    crashes = Crashes(fresh, Telegram(api, free_port()), seed(), between=(40, 90))
    await registers(crashes, 16, figure)
    assert crashes.kills >= 1


@pytest.mark.slow
async def test_two_hundred_by_webhook(installation: Installation, api: BotApi, figure: Figure) -> None:
    crashes = Crashes(installation, Telegram(api, free_port()), seed())
    await registers(crashes, 200, figure)
    assert crashes.kills >= 10
    assert crashes.redeliveries >= 20


async def test_a_few_on_whatsapp(fresh: Installation, graph_api: GraphApi, figure: Figure) -> None:
    crashes = Crashes(fresh, WhatsApp(graph_api, free_port()), seed(), between=(120, 270))
    await registers(crashes, 16, figure)
    assert crashes.kills >= 1


@pytest.mark.slow
async def test_two_hundred_on_whatsapp(installation: Installation, graph_api: GraphApi, figure: Figure) -> None:
    # Of three updates two are reports of what became of the answer.
    crashes = Crashes(installation, WhatsApp(graph_api, free_port()), seed(), between=(60, 450))
    await registers(crashes, 200, figure)
    assert crashes.kills >= 10
    assert crashes.redeliveries >= 20


@pytest.mark.slow
async def test_by_webhook_answering_by_calls(installation: Installation, api: BotApi, figure: Figure) -> None:
    platform = Telegram(api, free_port(), SETARA_TELEGRAM_ANSWER="api")
    crashes = Crashes(installation, platform, seed(), between=(10, 60))
    await registers(crashes, 48, figure)
    assert crashes.kills >= 4


@pytest.mark.slow
async def test_by_polling(installation: Installation, api: BotApi, figure: Figure) -> None:
    crashes = Crashes(installation, Telegram(api), seed(), between=(10, 60))
    await registers(crashes, 48, figure)
    assert crashes.kills >= 4


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_cut_off_from_the_database(installation: Installation, api: BotApi, figure: Figure) -> None:
    """Every connection to PostgreSQL is cut at random moments, also between a COMMIT and its answer."""
    crashes = Crashes(installation, Telegram(api, free_port()), seed(), between=(20, 120), how="cut")
    await registers(crashes, 96, figure)
    assert crashes.kills >= 4
    (log,) = installation.folder.parent.glob("*.log")
    assert "batch_failed" in log.read_text(), "it was noticed"
