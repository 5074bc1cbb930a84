"""Installations of the service: each test has one of its own, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.installation import Installation
from tests.fakes.bot_api import BotApi


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    """One that was never started: everything by default, on SQLite."""
    return Installation(tmp_path / "data")


@pytest.fixture
def installation(tmp_path: Path, database_url: str, key: str) -> Installation:
    """One with a database that has its schema and nothing else."""
    return Installation(tmp_path / "data", database_url, key)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api
