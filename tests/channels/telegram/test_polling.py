"""The service asks for updates: each is confirmed only after its turn, and nobody waits for anybody else."""

from __future__ import annotations

import asyncio
from functools import partial

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.channels.base import Busy
from bot.channels.telegram.polling import Ledger
from conversations.engine.messages import OutgoingMessage
from tests.channels.memory import MemoryTurns
from tests.channels.telegram.conftest import SECRET, Serve, make_channel
from tests.fakes.bot_api import BotApi
from tests.support.waiting import eventually


async def test_a_talk_by_polling(api: BotApi, polls: Serve, turns: MemoryTurns) -> None:
    await polls()
    budi = api.person(1001)
    budi.says("halo")
    assert (await budi.hears()).text == "halo"
    budi.taps("Ya")
    assert (await budi.hears()).text == "1:ya"
    await eventually(lambda: len(api.acknowledged) == 1)
    await eventually(lambda: turns.confirmed == [1, 2])
    await eventually(lambda: not api.updates.pending)


async def test_an_update_is_confirmed_only_after_its_turn_and_all_before_it(
    api: BotApi, polls: Serve, turns: MemoryTurns
) -> None:
    turns.slow["lambat"] = asyncio.Event()
    await polls()
    budi, siti = api.person(1001), api.person(1002)
    first = budi.says("lambat")
    second = siti.says("cepat")
    assert (await siti.hears()).text == "cepat"
    assert await budi.hears_nothing(0.3)
    assert [*api.updates.pending] == [first, second]
    turns.slow["lambat"].set()
    assert (await budi.hears()).text == "lambat"
    await eventually(lambda: not api.updates.pending)


async def test_a_slow_turn_keeps_nobody_else_waiting(api: BotApi, polls: Serve, turns: MemoryTurns) -> None:
    turns.slow["lambat"] = asyncio.Event()
    await polls()
    budi, siti = api.person(1001), api.person(1002)
    budi.says("lambat")
    await asyncio.sleep(0.1)
    siti.says("baru datang")  # after the first batch was fetched
    assert (await siti.hears(3.0)).text == "baru datang"
    assert turns.heard_from(budi.id) == []
    turns.slow["lambat"].set()
    assert (await budi.hears()).text == "lambat"
    assert turns.heard_from(siti.id) == ["baru datang"]


async def test_one_chat_stays_in_order_through_failures(api: BotApi, polls: Serve, turns: MemoryTurns) -> None:
    turns.failing["0"] = 2
    await polls()
    people = [api.person(1000 + n) for n in range(5)]
    for n in range(6):
        for person in people:
            person.says(str(n))
    for person in people:
        assert [(await person.hears()).text for _ in range(6)] == [str(n) for n in range(6)]
        assert turns.heard_from(person.id) == [str(n) for n in range(6)]


async def test_what_was_not_committed_comes_again_after_a_restart(api: BotApi, turns: MemoryTurns) -> None:
    budi, siti = api.person(1001), api.person(1002)
    turns.failing["gagal"] = 1_000
    channel = make_channel(api, turns, first_wait=0.5)
    await channel.start()
    budi.says("gagal")
    siti.says("berhasil")
    await siti.hears()
    for task in channel._poller._lanes._tasks:
        task.cancel()  # as if the process were killed: nothing is finished, nothing confirmed
    await channel.stop()
    assert len(api.updates.pending) == 2
    turns.failing.clear()
    again = make_channel(api, turns)
    await again.start()
    assert (await budi.hears()).text == "gagal"
    assert await siti.hears_nothing()
    await eventually(lambda: not api.updates.pending)
    await again.stop()
    assert turns.repeats == 1


async def test_stopping_finishes_and_confirms_what_was_taken(api: BotApi, turns: MemoryTurns) -> None:
    turns.slow["lambat"] = asyncio.Event()
    budi = api.person(1001)
    channel = make_channel(api, turns)
    await channel.start()
    budi.says("lambat")
    await asyncio.sleep(0.1)
    asyncio.get_running_loop().call_later(0.1, turns.slow["lambat"].set)
    await channel.stop()
    assert (await budi.hears()).text == "lambat"
    assert not api.updates.pending
    assert turns.confirmed == [1]


async def test_one_update_that_always_fails_is_given_up_when_others_succeed(
    api: BotApi, polls: Serve, turns: MemoryTurns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling._GIVE_UP_AFTER", 3)
    turns.failing["racun"] = 1_000
    with capture_logs() as log:
        await polls()
        budi, siti = api.person(1001), api.person(1002)
        poison = budi.says("racun")
        budi.says("sesudahnya")
        await eventually(lambda: turns.failing["racun"] <= 995)
        assert turns.heard_from(budi.id) == []  # nothing succeeds: it may be the database
        siti.says("halo")
        assert (await siti.hears()).text == "halo"
        assert (await budi.hears()).text == "sesudahnya"
        await eventually(lambda: not api.updates.pending)
    assert [e["update"] for e in log if e["log_level"] == "error"] == [poison]


async def test_an_update_that_finds_no_room_is_never_given_up(
    api: BotApi, polls: Serve, turns: MemoryTurns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.polling._GIVE_UP_AFTER", 3)
    turns.failing["penuh"], turns.failure = 8, Busy
    await polls()
    budi, siti = api.person(1001), api.person(1002)
    budi.says("penuh")
    await eventually(lambda: turns.failing["penuh"] <= 7)
    siti.says("halo")
    assert (await siti.hears()).text == "halo"
    assert (await budi.hears()).text == "penuh"


def polled_since(api: BotApi, calls: int) -> bool:
    return api.calls["getUpdates"] > calls


async def test_a_second_poller_is_explained_once_and_outlived(api: BotApi, polls: Serve) -> None:
    budi = api.person(1001)
    with capture_logs() as log:
        await polls(long_poll=1)
        await eventually(lambda: api.calls.get("getUpdates"))
        async with aiohttp.ClientSession() as other:
            for _ in range(3):
                before = api.calls["getUpdates"]
                async with other.get(f"{api.url}/bot{api.token}/getUpdates") as answer:
                    assert answer.status == 200
                await eventually(partial(polled_since, api, before + 1))
        budi.says("halo")
        assert (await budi.hears()).text == "halo"
    said = [event["event"] for event in log if event["log_level"] == "warning"]
    assert said
    assert all(
        line == "Another process fetches the updates of this bot: end it, or give each its own bot" for line in said
    )
    assert [refusal for refusal in api.refused if "terminated by other" in refusal[1]]


async def test_the_complaint_is_said_once_while_it_lasts(api: BotApi, polls: Serve) -> None:
    api.fails("getUpdates", 409, "Conflict: terminated by other getUpdates request", times=6)
    budi = api.person(1001)
    with capture_logs() as log:
        await polls()
        budi.says("halo")
        assert (await budi.hears()).text == "halo"
    assert sum("Another process" in event["event"] for event in log) == 1
    assert sum("answering again" in event["event"] for event in log) == 1


async def test_a_webhook_set_by_somebody_else_is_explained(api: BotApi, polls: Serve) -> None:
    api.fails("getUpdates", 409, "Conflict: can't use getUpdates method while webhook is active", times=2)
    with capture_logs() as log:
        await polls()
        await eventually(lambda: api.calls.get("getUpdates", 0) >= 3)
    assert sum("webhook is set" in event["event"] for event in log) == 1


async def test_polling_survives_faults_of_every_kind(api: BotApi, polls: Serve) -> None:
    api.fails("deleteWebhook", 502)
    api.fails("getMe", 500)
    api.fails("getUpdates", 502, times=2)
    api.drops("getUpdates", accepted=False)
    api.fails("getUpdates", 429, "Too Many Requests: retry after 0.05", retry_after=0.05)
    api.fails("getUpdates", 400, "Bad Request: contoh")
    budi = api.person(1001)
    await polls()
    budi.says("halo")
    assert (await budi.hears()).text == "halo"
    await eventually(lambda: ("name", "en") in api.profile)


async def test_starting_needs_no_telegram(turns: MemoryTurns) -> None:
    api = BotApi()
    await api.start()
    port, channel = api.port, make_channel(api, turns)
    await api.stop()
    async with asyncio.timeout(1):
        await channel.start()
    await asyncio.sleep(0.05)
    budi = api.person(1001)
    budi.says("halo")
    await api.start(port)
    assert (await budi.hears()).text == "halo"
    await channel.stop()
    await api.stop()


async def test_switching_between_the_two_ways_drops_nothing(
    api: BotApi, polls: Serve, hooks: Serve, turns: MemoryTurns
) -> None:
    budi = api.person(1001)
    hook = await hooks(webhook_secret=SECRET)
    budi.says("satu")
    assert (await budi.hears()).text == "satu"
    turns.failing["dua"] = 1_000
    budi.says("dua")
    budi.says("tiga")
    await eventually(lambda: turns.failing["dua"] < 1_000)
    await hook.stop()
    turns.failing.clear()
    await polls()
    assert [(await budi.hears()).text for _ in range(2)] == ["dua", "tiga"]
    await eventually(lambda: not api.updates.pending)
    await hooks()
    budi.says("empat")
    assert (await budi.hears()).text == "empat"
    assert turns.heard_from(budi.id) == ["satu", "dua", "tiga", "empat"]
    assert api.updates.dropped == 0


async def test_an_album_gets_one_answer(api: BotApi, polls: Serve, turns: MemoryTurns) -> None:
    turns.says = lambda inbound: [OutgoingMessage("Tulis saja, ya.")]
    await polls()
    budi = api.person(1001)
    budi.sends_album(5)
    assert (await budi.hears()).text == "Tulis saja, ya."
    assert await budi.hears_nothing()
    await eventually(lambda: not api.updates.pending)


async def test_the_wrong_token_is_one_alarm(turns: MemoryTurns) -> None:
    async with BotApi() as api:
        channel = make_channel(api, turns)
        api._prefix = b"/bot987654321:lain/"
        with capture_logs() as log:
            await channel.start()
            await eventually(lambda: any(event["log_level"] == "critical" for event in log))
            await asyncio.sleep(0.1)
            await channel.stop()
        assert sum(event["log_level"] == "critical" for event in log) == 1
        assert api.token not in str(log)


def test_the_ledger_confirms_up_to_the_first_unfinished_update() -> None:
    ledger = Ledger()
    assert all(ledger.take(n) for n in (7, 8, 9))
    ledger.done(8)
    assert ledger.offset == 7
    assert not ledger.take(8)
    ledger.done(7)
    assert ledger.offset == 9
    assert not ledger.take(9)
    ledger.done(9)
    assert ledger.offset == 10
    assert ledger.take(3)  # after a quiet week Telegram starts from any number
    ledger.done(3)
    assert ledger.offset == 4
