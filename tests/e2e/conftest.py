"""Installations of the service: each test has one of its own, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.e2e.installation import Installation
from tests.fakes.bot_api import BotApi
from tests.fakes.graph_api import GraphApi


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    """One that was never started: everything by default, on SQLite."""
    return Installation(tmp_path / "data")


@pytest.fixture
def installation(tmp_path: Path, database_url: str, key: str) -> Installation:
    """One with a database that has its schema and nothing else."""
    return Installation(tmp_path / "data", database_url, key)


@pytest.fixture
def on_both(tmp_path: Path, request: pytest.FixtureRequest, key: str) -> Iterator[list[Installation]]:
    """One on SQLite and one on PostgreSQL, for what mostly waits: both can be tried at the same time."""
    databases = request.getfixturevalue("_postgresql_databases")
    url = databases.migrated.render_as_string(hide_password=False)
    folders = [tmp_path / "sqlite", tmp_path / "postgresql"]
    for folder in folders:
        folder.mkdir()
    yield [Installation(folders[0] / "data", None, key), Installation(folders[1] / "data", url, key)]
    databases.empty()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
async def graph_api() -> AsyncIterator[GraphApi]:
    async with GraphApi() as api:
        yield api
