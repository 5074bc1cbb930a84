"""How soon the service answers after its start, and what it holds in memory then, with the example data."""

from __future__ import annotations

import asyncio
import time
from statistics import median

import pytest

from tests.e2e.installation import Installation, Serving, free_port
from tests.e2e.people import Visitor, telegram_settings, told
from tests.fakes.bot_api import BotApi
from tests.fakes.people import Person
from tests.support.figures import Figure

MOST_SECONDS = 2.0
MOST_MEMORY = 150.0
"""MB (10^6 bytes)."""


async def first_page(serving: Serving) -> float:
    """Seconds from the launch to the page."""
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
        except ConnectionRefusedError:
            assert serving.process.poll() is None, serving.written()
            await asyncio.sleep(0.01)
            continue
        writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        page = await reader.read()
        writer.close()
        assert page.startswith(b"HTTP/1.1 200 ")
        assert b"Setara Kerja" in page
        return time.perf_counter() - serving.started


async def first_answer(serving: Serving, person: Person) -> float:
    """Seconds from the launch to the answer to somebody who had written before."""
    assert (await person.hears(10)).text
    return time.perf_counter() - serving.started


@pytest.mark.alone
async def test_start_and_memory(fresh: Installation, api: BotApi, figure: Figure) -> None:
    person = api.person(3001, "Gita")
    settings = telegram_settings(api, free_port())
    pages, answers, memory = [], [], []
    for _ in range(3):
        person.says("halo")
        serving = fresh.launch("--examples", **settings)
        try:
            page, answer = await asyncio.gather(first_page(serving), first_answer(serving, person))
            pages.append(page)
            answers.append(answer)
            await talk(serving, person)
            memory.append(serving.memory())
            await serving.stop()
        finally:
            await serving.end()
    figure(
        "median of three starts (and the first, on an empty folder): "
        f"to the first page {median(pages):.2f} s ({pages[0]:.2f} s), "
        f"to the first answer by webhook {median(answers):.2f} s ({answers[0]:.2f} s), "
        f"memory after a few answers {median(memory):.0f} MB ({memory[0]:.0f} MB)"
    )
    assert median(pages) < MOST_SECONDS
    assert median(answers) < MOST_SECONDS
    assert max(memory) < MOST_MEMORY


async def talk(serving: Serving, person: Person) -> None:
    """A few answers, so that everything they need is loaded."""
    for word in ("loker admin kotapinang", "1", "pelatihan komputer", "bantuan", "daftar", "saya sendiri"):
        assert await told(person, word)
    async with Visitor(serving.url) as visitor:
        assert "(contoh)" in await visitor.says("loker")
