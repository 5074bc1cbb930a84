"""The writing thread: what it has no room for is refused before anything is lost."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.base import Busy
from bot.writer import Writer
from storage.work import Database
from tests.support.service import Office


async def test_more_turns_than_can_wait_are_refused_and_can_be_taken_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.writer.MOST_WAITING", 2)
    office = Office(database)
    writer = Writer(office.turntaker)
    first, second, third = (office.message(address, "halo") for address in "123")
    waiting = [asyncio.ensure_future(writer.handle(message)) for message in (first, second)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await writer.handle(third)
    writer.start()
    for turn in [*await asyncio.gather(*waiting), await writer.handle(third)]:
        assert turn.replies
        assert not turn.repeated
    await writer.stop()
