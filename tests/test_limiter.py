"""The pace: 30 a second for the bot, 1 a second for a chat, and never a person who waits behind a broadcast."""

from __future__ import annotations

import asyncio
import heapq
from itertools import count, pairwise

import pytest

from bot.limiter import Pace


class Clock:
    """Time that passes only when everybody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (self.now + seconds, next(self._numbers), future))
        await future

    async def run(self, until: float) -> None:
        """Let time pass until then."""
        while True:
            for _ in range(10):
                await asyncio.sleep(0)
            if not self._sleeping or self._sleeping[0][0] > until:
                break
            self.now, _, future = heapq.heappop(self._sleeping)
            if not future.done():
                future.set_result(None)
        self.now = until


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(30, 1, clock=clock, sleep=clock.sleep)


async def push(pace: Pace, clock: Clock, chat: str, sent: list[tuple[float, str]]) -> None:
    assert await pace.push(chat) == 0.0
    sent.append((clock.now, chat))


async def test_a_broadcast_keeps_thirty_a_second(pace: Pace, clock: Clock) -> None:
    sent: list[tuple[float, str]] = []
    tasks = [asyncio.create_task(push(pace, clock, f"chat {n}", sent)) for n in range(300)]
    await clock.run(until=105.0)
    assert 149 <= len(sent) <= 151
    await clock.run(until=111.0)
    await asyncio.gather(*tasks)
    times = [at for at, _ in sent]
    assert max(sum(start <= at < start + 1 for at in times) for start in times) <= 31
    assert [chat for _, chat in sent] == [f"chat {n}" for n in range(300)]


async def test_one_chat_gets_one_a_second_and_holds_nobody_up(pace: Pace, clock: Clock) -> None:
    sent: list[tuple[float, str]] = []
    tasks = [asyncio.create_task(push(pace, clock, chat, sent)) for chat in ["a"] * 4 + ["b", "c"]]
    await clock.run(until=110.0)
    await asyncio.gather(*tasks)
    of_a = [at for at, chat in sent if chat == "a"]
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(of_a))
    assert of_a[-1] <= 103.2
    assert {chat: at < 100.2 for at, chat in sent if chat != "a"} == {"b": True, "c": True}


async def test_answers_never_wait_for_a_broadcast_but_count(pace: Pace, clock: Clock) -> None:
    sent: list[tuple[float, str]] = []
    tasks = [asyncio.create_task(push(pace, clock, f"chat {n}", sent)) for n in range(60)]
    for moment in range(1, 11):
        await clock.run(until=100.0 + moment / 10)
        for n in range(2):
            assert pace.reply(f"person {moment} {n}") == 0.0
    assert 9 <= len(sent) <= 13  # 31 places less the 18 answers that came before the last of them
    await clock.run(until=110.0)
    await asyncio.gather(*tasks)


async def test_a_push_keeps_its_distance_from_an_answer(pace: Pace, clock: Clock) -> None:
    sent: list[tuple[float, str]] = []
    assert pace.reply("a") == 0.0
    assert pace.reply("a") == 0.0  # a talk goes as fast as the person
    task = asyncio.create_task(push(pace, clock, "a", sent))
    await clock.run(until=102.0)
    await task
    assert sent[0][0] >= 101.0


async def test_a_refusal_stops_pushes_for_all_and_answers_for_that_chat(pace: Pace, clock: Clock) -> None:
    pace.pause(5, "a")
    assert await pace.push("b") == pytest.approx(5)
    assert pace.reply("a") == pytest.approx(5)
    assert pace.reply("b") == 0.0
    clock.now = 105.1
    assert pace.reply("a") == 0.0
    assert pace.paused == 0.0
    task = asyncio.create_task(pace.push("c"))
    await clock.run(until=106.0)
    assert await task == 0.0


@pytest.mark.parametrize("refused", [(None,), ("a", "b")])
async def test_the_bots_own_limit_stops_everything(pace: Pace, clock: Clock, refused: tuple[str | None, ...]) -> None:
    for chat in refused:
        pace.pause(5, chat)
    assert pace.reply("c") == pytest.approx(5)
    clock.now = 105.1
    assert pace.reply("c") == 0.0


async def test_a_pause_sends_waiting_pushes_home_and_a_shorter_one_does_not_end_it(pace: Pace, clock: Clock) -> None:
    assert await pace.push("a") == 0.0
    waiting = [asyncio.create_task(pace.push("a")), asyncio.create_task(pace.push("a"))]
    await clock.run(until=100.5)
    pace.pause(30)
    pace.pause(2)
    await clock.run(until=103.0)
    assert [await task for task in waiting] == [pytest.approx(29.5, abs=0.1)] * 2


async def test_a_cancelled_push_leaves_the_gate_open(pace: Pace, clock: Clock) -> None:
    assert await pace.push("a") == 0.0
    tasks = [asyncio.create_task(pace.push(chat)) for chat in "bcd"]
    await asyncio.sleep(0)
    tasks[0].cancel()
    await clock.run(until=101.0)
    assert [await task for task in tasks[1:]] == [0.0, 0.0]


async def test_chats_are_forgotten(pace: Pace, clock: Clock) -> None:
    for n in range(25_000):
        clock.now += 0.001
        pace.reply(str(n))
    assert len(pace._chat_free) <= 10_001
