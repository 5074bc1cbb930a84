"""PostgreSQL's driver of the turn: statements prepared once a connection, and sent in one round trip.

It uses psycopg's wrapper of libpq. psycopg's own pipeline costs as much as sending one statement after the
other, because what is slow is its cursor: for a turn by itself, 0.5 ms of 0.9.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import abc, adapt
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.waiting import Ready, Wait

from storage.drivers import Rows, Statement

_DONE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


class PostgresqlDriver:
    """A psycopg connection. It begins the transaction, as psycopg does; SQLAlchemy finds it ended, or ends it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._prepared: dict[str, _Prepared] = {}

    def run(self, together: Sequence[Statement], *, last: bool = False) -> list[Rows]:
        if not together:
            return []
        prepared = [self._prepare(statement.text) for statement in together]
        # Before anything is sent: a value that cannot be must leave the connection as it was.
        values = [one.dump(statement.parameters) for one, statement in zip(prepared, together, strict=True)]
        begin = self._pgconn.transaction_status == TransactionStatus.IDLE
        try:
            self._send(prepared, values, begin, last)
            results = self._connection.wait(self._answers())
        except BaseException:
            # What is still on its way would be taken for the answer to something else.
            if self._pgconn.pipeline_status != PipelineStatus.OFF:
                self._connection.close()
            raise
        for result in results:
            self._raise_if_failed(result)
        of_these = results[begin : len(results) - last]
        return [one.load(result) for one, result in zip(prepared, of_these, strict=True)]

    def _prepare(self, text: str) -> _Prepared:
        if text not in self._prepared:
            name = b"setara_%d" % len(self._prepared)
            self._raise_if_failed(self._pgconn.prepare(name, text.encode()))
            self._prepared[text] = _Prepared(name, adapt.Transformer(self._connection))
        return self._prepared[text]

    def _send(self, prepared: Sequence[_Prepared], values: Sequence[_Values], begin: bool, commit: bool) -> None:
        pgconn = self._pgconn
        pgconn.enter_pipeline_mode()
        if begin:
            pgconn.send_query_params(self._begin(), None)
        for one, (parameters, formats) in zip(prepared, values, strict=True):
            pgconn.send_query_prepared(one.name, parameters, formats, Format.BINARY)
        if commit:  # not reached by the server if anything before it fails
            pgconn.send_query_params(b"COMMIT", None)
        pgconn.pipeline_sync()

    def _begin(self) -> bytes:
        """What psycopg would begin the transaction with: SQLAlchemy sets it for ``Database.read``."""
        level, read_only = self._connection.isolation_level, self._connection.read_only
        return b" ".join(
            [
                b"BEGIN",
                *([] if level is None else [b"ISOLATION LEVEL", level.name.replace("_", " ").encode()]),
                *([] if read_only is None else [b"READ ONLY" if read_only else b"READ WRITE"]),
            ]
        )

    def _answers(self) -> abc.PQGen[list[PGresult]]:
        """Send what is not yet sent, and receive the results; what it yields is what psycopg is to wait for."""
        pgconn = self._pgconn
        results: list[PGresult] = []
        while pgconn.flush():
            # The server may be unable to take more before it has got rid of its answers.
            if (yield Wait.RW) & Ready.R:
                pgconn.consume_input()
        while True:
            while pgconn.is_busy():
                if (yield Wait.R):
                    pgconn.consume_input()
            result = pgconn.get_result()
            if result is None:  # after the last result of each statement
                if pgconn.status == ConnStatus.BAD:
                    raise psycopg.OperationalError("the connection is lost")
            elif result.status == ExecStatus.PIPELINE_SYNC:
                pgconn.exit_pipeline_mode()
                return results
            else:
                results.append(result)

    def _raise_if_failed(self, result: PGresult) -> None:
        if result.status not in _DONE:
            raise error_from_result(result, self._connection.info.encoding)


_Values = tuple[Sequence[Any], Sequence[Format] | None]


class _Prepared:
    """A statement that one connection has prepared, with what turns its values into PostgreSQL's and back."""

    def __init__(self, name: bytes, transformer: abc.Transformer) -> None:
        self.name = name
        self._transformer = transformer
        self._formats: list[adapt.PyFormat] = []
        self._loaders_known = False

    def dump(self, parameters: Sequence[Any]) -> _Values:
        if not self._formats:
            # As text whatever has one: in binary, an integer would have to have just the column's size.
            binary, text = adapt.PyFormat.BINARY, adapt.PyFormat.TEXT
            self._formats = [binary if isinstance(value, bytes) else text for value in parameters]
        return self._transformer.dump_sequence(parameters, self._formats), self._transformer.formats

    def load(self, result: PGresult) -> Rows:
        transformer = self._transformer
        # The columns of a prepared statement never change, so how they are read is looked up once.
        transformer.set_pgresult(result, set_loaders=not self._loaders_known)
        self._loaders_known = True
        rows = transformer.load_rows(0, result.ntuples, tuple)
        transformer.set_pgresult(None, set_loaders=False)
        return rows
