"""Two at the same moment: what one of them is doing, the other does not do as well, and neither goes without."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.writer import Writer
from storage.work import Database
from tests.support.service import Office
from tests.turns.test_telling import SEWING, alerts, announcer, opens


def test_two_who_tell_at_the_same_moment(database: Database, tmp_path: Path) -> None:
    """A terminal tells who is to be told before it answers, and so does the service every second."""
    office = Office(database)
    office.registers("1")
    opens(office, SEWING)
    telling = announcer(office, tmp_path)

    def tell() -> int:
        with database.work() as work:
            return telling.tell(work)

    with database.work() as work:
        telling.match(work)
    with ThreadPoolExecutor() as threads:
        with database.work() as work:
            first = telling.tell(work)
            second = threads.submit(tell)
            time.sleep(0.2)  # it has read, or waits to
            assert not second.done(), "it waits for the first"
        assert (first, second.result(10)) == (1, 0)
    assert len(alerts(database)) == 1


async def test_an_update_that_comes_again_while_it_still_waits_is_answered_both_times(database: Database) -> None:
    """The platform gives up a connection (a webhook is set anew, a proxy restarts) and comes back at once."""
    office = Office(database)
    writer = Writer(office.turntaker)
    message = office.message("1", "halo")
    both = [asyncio.ensure_future(writer.handle(message)) for _ in range(2)]
    await asyncio.sleep(0)
    writer.start()
    first, again = await asyncio.gather(*both)
    await writer.stop()
    assert not first.repeated
    assert again.repeated
    assert first.replies
    given = [(reply.outbox_id, reply.message) for reply in first.replies]
    assert [(reply.outbox_id, reply.message) for reply in again.replies] == given, "nobody may have heard the first"
