"""Two processes on one database: what one of them is doing, the other does not do as well."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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
