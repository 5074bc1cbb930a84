"""What the tests of storage share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.work import Database, Work


@pytest.fixture
def work(database: Database) -> Iterator[Work]:
    """One transaction; it is committed when the test has ended well."""
    with database.work() as work:
        yield work
