"""How statements reach the database without SQLAlchemy: a driver takes those that travel together.

SQLAlchemy keeps the connection, the transaction and the errors. Its result of a statement, and
psycopg's cursor, each cost several times what the database needs for a statement of the turn.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

Rows: TypeAlias = list[tuple[Any, ...]]


class Statement(NamedTuple):
    """A statement and its parameters, in the driver's own form (see ``storage.bulk``)."""

    text: str
    parameters: Sequence[Any]


class Driver(Protocol):
    """One connection to the database, as the driver has it; lives as long as the connection."""

    def run(self, together: Sequence[Statement], *, last: bool = False) -> list[Rows]:
        """Run the statements one after the other, within the transaction; returns the rows of each.

        Each sees what those before it did and, at READ COMMITTED, what others have committed until it
        began. Raises the driver's own error, of the first that failed; none after it has run.
        ``last``: the commit goes along, if none failed.
        """


class SqliteDriver:
    """SQLite lives in this process: a statement costs no travelling, only a cursor, which is kept."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()

    def run(self, together: Sequence[Statement], *, last: bool = False) -> list[Rows]:
        execute = self._cursor.execute
        rows = [execute(text, parameters).fetchall() for text, parameters in together]
        if last:
            self._connection.commit()
        return rows
