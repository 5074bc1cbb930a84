"""Duties: what only one of the processes on a database does at a time (a platform counts the messages of a bot).

Whoever holds a duty keeps it until it leaves, ends or is cut off; then another gets it. On PostgreSQL it is an
advisory lock of a connection kept for it alone, on SQLite the lock on a file beside the database: both are given
back by the operating system when a process dies, however it dies.
"""

from __future__ import annotations

import os
import time
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from storage.work import Database

SURE = 1.0
"""Seconds for which a look holds."""

# Both ends notice within seconds that the other is gone without a word, and the holder first.
_OURS = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 2, "tcp_user_timeout": 4000}
_THE_SERVERS = {"tcp_keepalives_idle": 4, "tcp_keepalives_interval": 1, "tcp_keepalives_count": 3}


class _Lock(Protocol):
    def take(self) -> bool: ...

    def leave(self) -> None: ...


class Duty:
    """A duty, by name. Not for several threads at once."""

    def __init__(self, database: Database, name: str) -> None:
        self._lock: _Lock
        if database.file is None:
            self._lock = _AdvisoryLock(database.url, name)
        else:
            self._lock = _FileLock(database.file.with_name(f"{database.file.name}-{name}.lock"))
        self._held = False
        self._looked_at = -SURE

    def take(self) -> bool:
        """Whether this process has the duty; it gets it where nobody has. Ask before every bit of work.

        It may wait for the network, but never for who has it. A database that cannot be reached is nobody's duty.
        """
        now = time.monotonic()
        if now - self._looked_at >= SURE:
            self._held = self._lock.take()
            self._looked_at = now
        return self._held

    def leave(self) -> None:
        """Let another process have it."""
        self._held, self._looked_at = False, -SURE
        self._lock.leave()


class _FileLock:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor: int | None = None

    def take(self) -> bool:
        try:
            import fcntl
        except ImportError:  # where there is none, one process is all there can be told apart
            return True
        if self._descriptor is None:
            descriptor = os.open(self._file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(descriptor)
                return False
            self._descriptor = descriptor
        return True

    def leave(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class _AdvisoryLock:
    def __init__(self, url: sa.URL, name: str) -> None:
        self._key = int.from_bytes(sha256(f"setara {name}".encode()).digest()[:8], signed=True)
        self._name = f"setara-{name}"
        self._url = url
        self._connection: sa.Connection | None = None
        self._locked = False

    def take(self) -> bool:
        try:
            if self._connection is None:
                self._connection = self._connected()
            if self._locked:
                self._connection.execute(sa.select(1))
            else:
                lock = sa.select(sa.func.pg_try_advisory_lock(self._key))
                self._locked = bool(self._connection.scalar(lock))
        except sa.exc.DBAPIError:
            self.leave()
        return self._locked

    def _connected(self) -> sa.Connection:
        settings = " ".join(f"-c {name}={value}" for name, value in _THE_SERVERS.items())
        arguments = {"connect_timeout": 4, "application_name": self._name, "options": settings, **_OURS}
        given = {name: value for name, value in arguments.items() if name not in self._url.query}
        engine = sa.create_engine(
            self._url, poolclass=NullPool, hide_parameters=True, isolation_level="AUTOCOMMIT", connect_args=given
        )
        return engine.connect()

    def leave(self) -> None:
        self._locked = False
        if self._connection is not None:
            # Closed, not given back to a pool: the lock goes with it.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
