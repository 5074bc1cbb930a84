"""What people see before they write: in two languages, and nothing that tells whom it is for."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.profile import FAREWELL, MENU, SHARE_PHONE, description, name, short_description
from locales.render import translator
from tests.channels.memory import MemoryTurns
from tests.channels.telegram.conftest import Serve, make_channel
from tests.fakes.bot_api import BotApi
from tests.support.waiting import eventually

TELLING = ("disabilitas", "difabel", "ragam", "cacat", "tuna", "kebutuhan", "disab", "sehat", "sakit")


async def test_the_profile_is_set_in_both_languages(api: BotApi, polls: Serve) -> None:
    await polls()
    await eventually(lambda: ("commands", "en") in api.profile)
    assert api.profile["name", ""] == "Setara Kerja Kabupaten Contoh"
    assert api.profile["name", "en"] == "[en] Setara Kerja Kabupaten Contoh"
    assert "Kabupaten Contoh" in api.profile["description", ""]
    assert "Kabupaten Contoh" in api.profile["short_description", ""]
    for language in ("", "en"):
        commands = [command["command"] for command in api.profile["commands", language]]
        assert commands == ["daftar", "lowongan", "pelatihan", "data", "bantuan", "petugas", "stop", "bahasa"]


async def test_the_second_start_changes_nothing(api: BotApi, turns: MemoryTurns) -> None:
    for _ in range(2):
        channel = make_channel(api, turns)
        before = api.calls.get("getMyCommands", 0)
        await channel.start()
        await eventually(lambda before=before: api.calls.get("getMyCommands", 0) == before + 2)  # type: ignore[misc]  # a lambda's default
        await eventually(lambda: ("commands", "en") in api.profile)
        await channel.stop()
    assert [api.calls[method] for method in ("setMyName", "setMyDescription", "setMyCommands")] == [2, 2, 2]


async def test_a_refused_name_is_logged_and_harmless(api: BotApi, polls: Serve) -> None:
    api.fails("setMyName", 429, "Too Many Requests: retry after 80000", retry_after=80_000)
    budi = api.person(1001)
    with capture_logs() as log:
        await polls()
        await eventually(lambda: any("name or menu" in event["event"] for event in log))
        budi.says("halo")
        assert (await budi.hears()).text == "halo"


@pytest.mark.parametrize("region", ["", "Labuhanbatu Selatan", "C" * 40, "Kabupaten " + "Contoh " * 20])
def test_the_texts_fit_and_tell_nothing(region: str) -> None:
    say = translator("id")
    limits = {name(region): 64, short_description(region): 120, description(region): 512}
    for text, limit in limits.items():
        assert len(say(text)) <= limit
    for text in [*limits, FAREWELL, SHARE_PHONE, *(does for _, does in MENU)]:
        assert not any(word in say(text).lower() for word in TELLING)
        assert all(len(sentence.split()) <= 15 + len(region.split()) for sentence in say(text).split(". "))
