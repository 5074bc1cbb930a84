"""The database and the unit of work: the only place that commits."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event

from storage.drivers import Driver, Rows, SqliteDriver, Statement
from storage.keys import KeyRing
from storage.problems import recognise
from storage.types import use_key_ring

LOCK_SECONDS = 10
"""How long to wait for another process's transaction before giving up with "locked"."""

_READ_ONLY = "setara_read_only"
_DRIVER, _WORK = "setara_driver", "setara_work"


@dataclass(frozen=True, slots=True)
class Work:
    """One open transaction. The functions of ``storage`` take it as their first argument."""

    connection: sa.Connection
    key_ring: KeyRing
    postgresql: bool
    """Whether the engine is PostgreSQL; otherwise it is SQLite."""
    driver: Driver
    """For statements that run in every turn: see ``storage.bulk``."""
    compiled: dict[Any, Any]
    """What ``storage.bulk`` keeps for this database: it is compiled for its engine and its keys."""
    waiting: list[Statement] = field(default_factory=list)
    """Statements whose rows nobody waits for: they travel with what is run next, at the latest before the commit."""

    def run(self, together: Sequence[Statement], *, last: bool = False) -> list[Rows]:
        """Run what waits and then these statements, in one round trip; returns the rows of each of these.

        ``last``: commit in the same round trip, after which this Work must not be used any more.
        Raises what SQLAlchemy raises for a statement of its own.
        """
        waiting, self.waiting[:] = self.waiting[:], []
        try:
            return self.driver.run([*waiting, *together], last=last)[len(waiting) :]
        except self.connection.dialect.loaded_dbapi.Error as error:
            raise self._as_sqlalchemy(error) from error

    def _as_sqlalchemy(self, error: Exception) -> BaseException:
        dialect, connection = self.connection.dialect, self.connection.connection.dbapi_connection
        gone = dialect.is_disconnect(error, connection, None)  # type: ignore[arg-type]  # the driver's, as it asks for
        if gone:
            self.connection.invalidate()
        return sa.exc.DBAPIError.instance(
            None,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=dialect,
        )


class Database:
    """Where everything is kept: an SQLite file or a PostgreSQL database, with the keys to it."""

    def __init__(self, url: str, key_ring: KeyRing) -> None:
        """``url``: "sqlite:///path/to/file.db" or "postgresql://…". Raises ValueError for any other.

        Nothing is opened or created yet.
        """
        self.url = _parse(url)
        self.key_ring = key_ring
        self.postgresql = self.url.get_backend_name() == "postgresql"
        # hide_parameters: what an error message carries ends in a log.
        self._compiled: dict[Any, Any] = {}
        self._kept_open: list[sa.Connection] = []
        self._new_driver: Callable[[Any], Driver] = SqliteDriver
        if self.postgresql:
            from storage.postgresql import PostgresqlDriver

            self._new_driver = PostgresqlDriver
            self.engine = sa.create_engine(self.url, hide_parameters=True, connect_args=_postgresql_options(self.url))
            read_only: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        else:
            self.engine = sa.create_engine(
                self.url, hide_parameters=True, connect_args={"timeout": LOCK_SECONDS, "cached_statements": 512}
            )
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
            read_only = {_READ_ONLY: True}
        self._reader = self.engine.execution_options(**read_only)
        event.listen(self.engine, "before_cursor_execute", _run_waiting)
        use_key_ring(self.engine, key_ring)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return None if self.postgresql else Path(self.url.database or "")

    def _work(self, connection: sa.Connection) -> Work:
        kept = connection.info  # lives as long as the driver's connection
        if _DRIVER not in kept:
            kept[_DRIVER] = self._new_driver(connection.connection.dbapi_connection)
        kept[_WORK] = Work(connection, self.key_ring, self.postgresql, kept[_DRIVER], self._compiled)
        return cast(Work, kept[_WORK])

    @contextmanager
    def work(self, *, rebuilding: bool = False) -> Iterator[Work]:
        """One transaction: committed when the block ends, rolled back when it raises.

        ``rebuilding``: for migrations. SQLite changes a table by copying and dropping it, and with
        foreign keys on the drop would take every row that points to it along.
        Raises OperationalProblem when the database itself fails (locked, full, unreachable …).
        """
        with _problems_named(), self._connected() as connection:
            pragma = self._pragma(connection, "foreign_keys", "OFF", "ON") if rebuilding else nullcontext()
            with pragma, connection.begin():
                work = self._work(connection)
                try:
                    yield work
                    work.run(())
                finally:
                    work.waiting.clear()

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """A connection to write with. One is kept open: the way out of SQLAlchemy's pool and back costs a turn 7 %."""
        try:
            connection = self._kept_open.pop()
        except IndexError:
            connection = self.engine.connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if self._kept_open:
            connection.close()
        else:
            self._kept_open.append(connection)

    @contextmanager
    def read(self) -> Iterator[Work]:
        """One snapshot to read from: it sees no later commit, waits for nobody and cannot write."""
        with (
            _problems_named(),
            self._reader.connect() as connection,
            self._pragma(connection, "query_only", "ON", "OFF"),
        ):
            # At once: the statements of storage.bulk would not make SQLAlchemy begin.
            connection.begin()
            try:
                yield self._work(connection)
            finally:
                connection.rollback()

    @contextmanager
    def _pragma(self, connection: sa.Connection, name: str, during: str, after: str) -> Iterator[None]:
        """Set a pragma of SQLite around a transaction; the connection goes back to the pool as it was."""
        if self.postgresql:
            yield
            return
        # The driver's own connection: SQLAlchemy's would begin the transaction first.
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute(f"PRAGMA {name} = {during}")
        try:
            yield
        finally:
            raw.execute(f"PRAGMA {name} = {after}")

    def sweep(self) -> None:
        """Let go of what deleted rows have left in SQLite's log, as far as nobody is reading; it waits for nobody.

        PostgreSQL clears by itself, in its own time.
        """
        if self.file is not None:
            with closing(sqlite3.connect(self.file, timeout=0)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection. The database may be used again afterwards."""
        while self._kept_open:
            self._kept_open.pop().close()
        self.engine.dispose()


def _parse(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise ValueError("the database address is not a URL such as sqlite:///data/setara.db") from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "postgresql+psycopg":
        return parsed
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise ValueError(f"the database must be sqlite or postgresql, not {parsed.drivername}")
    if parsed.database in (None, "", ":memory:") or parsed.query:
        # Every connection would have a database of its own, and a restart would lose them all.
        raise ValueError("the SQLite address must name a file, such as sqlite:///data/setara.db")
    return parsed


def _postgresql_options(url: sa.URL) -> dict[str, Any]:
    options: dict[str, Any] = {"connect_timeout": LOCK_SECONDS, "application_name": "setara"}
    options["options"] = f"-c TimeZone=UTC -c lock_timeout={LOCK_SECONDS}s"
    # What psycopg prepares by itself it forgets at a rollback by DEALLOCATE ALL, which would take ours along.
    options["prepare_threshold"] = None
    return {name: value for name, value in options.items() if name not in url.query}


def _prepare_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    # The driver's own transaction handling would begin late and deferred: see _begin_sqlite.
    connection.isolation_level = None
    _use_wal(connection)
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _use_wal(connection: sqlite3.Connection) -> None:
    # The one thing for which SQLite does not wait its turn: two processes that make a new file at once.
    give_up = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: sa.Connection) -> None:
    # A deferred transaction that reads and then writes loses updates or fails with BUSY at once;
    # taking the writer's place first waits its turn (busy_timeout) and is always right.
    reading = connection.get_execution_options().get(_READ_ONLY, False)
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute("BEGIN" if reading else "BEGIN IMMEDIATE")


def _run_waiting(connection: sa.Connection, *_: Any) -> None:
    # SQLAlchemy's own statements must not overtake those that wait.
    work: Work | None = connection.info.get(_WORK)
    if work is not None and work.waiting:
        work.run(())


@contextmanager
def _problems_named() -> Iterator[None]:
    try:
        yield
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        problem = recognise(error)
        if problem is None:
            raise
        raise problem from error
