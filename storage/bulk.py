"""Statements of the turn: many rows or many keys in one, at little more than the database's own cost.

They are Core statements, but compiled once per number of rows and then run as text. SQLAlchemy's own
ways (``execute(insert(…), rows)``, an expanding IN) spend several times longer on building the
statement than SQLite does on running it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from storage.dialects import upsert
from storage.work import Work

_MOST = 64
"""Rows or keys a statement. What is longer is cut, so that few texts are kept and no limit of a database is met."""

_PARAMETERS_PSYCOPG_REMEMBERS = 50
"""psycopg parses the text of a longer statement anew each time, which costs more than one more round trip."""

_Convert: TypeAlias = Callable[[Any], Any] | None


class _Compiled:
    """The text of a statement for one engine, and how its parameters and results are converted."""

    def __init__(self, statement: Any, dialect: Dialect, given: Sequence[str]) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        # By name or by position, as the driver takes them.
        self._order: tuple[str, ...] | None = tuple(compiled.positiontup) if compiled.positional else None
        self._given = given
        self._encoders = [_encoder(compiled.binds[name].type, dialect) for name in given]
        self._fixed = {name: value for name, value in compiled.params.items() if name not in given}
        # The usual case: the driver takes just what is given, in its order.
        self._straight = self._order == tuple(given)
        columns = statement.exported_columns if statement.is_select else getattr(statement, "_returning", ())
        self.decoders = [_decoder(column.type, dialect) for column in columns]

    def parameters(self, values: Iterator[Any]) -> Any:
        if self._straight:
            pairs = zip(self._encoders, values, strict=True)
            return [value if encode is None else encode(value) for encode, value in pairs]
        named = {
            name: value if encode is None else encode(value)
            for name, encode, value in zip(self._given, self._encoders, values, strict=True)
        }
        named |= self._fixed
        return named if self._order is None else tuple([named[name] for name in self._order])

    def run(self, work: Work, values: Iterator[Any]) -> list[list[Any]]:
        # The driver's own cursor: SQLAlchemy's result of a statement costs several times the statement.
        dialect = work.connection.dialect
        cursor = work.driver.cursor()
        try:
            cursor.execute(self.text, self.parameters(values))
            rows = cursor.fetchall() if self.decoders else ()
        except dialect.loaded_dbapi.Error as error:
            raise _as_sqlalchemy(work, self.text, error) from error
        finally:
            cursor.close()
        decoders = self.decoders
        return [
            [value if decode is None else decode(value) for decode, value in zip(decoders, row, strict=True)]
            for row in rows
        ]


def _as_sqlalchemy(work: Work, text: str, error: Exception) -> BaseException:
    """The driver's error as every other statement raises it; a connection that is gone is given up."""
    dialect = work.connection.dialect
    gone = dialect.is_disconnect(error, work.driver, None)  # type: ignore[arg-type]  # the driver's, as it asks for
    if gone:
        work.connection.invalidate()
    return sa.exc.DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=dialect,
    )


def _encoder(type_: Any, dialect: Dialect) -> _Convert:
    convert: _Convert = type_.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _decoder(type_: Any, dialect: Dialect) -> _Convert:
    convert: _Convert = type_.dialect_impl(dialect).result_processor(dialect, None)
    return convert


class _Many:
    """Common to both: the compiled statements, by dialect object (every engine has its own) and size."""

    def __init__(self) -> None:
        self._compiled: WeakKeyDictionary[Dialect, dict[int, _Compiled]] = WeakKeyDictionary()

    def _of_size(self, work: Work, size: int) -> _Compiled:
        dialect = work.connection.dialect
        by_size = self._compiled.setdefault(dialect, {})
        if size not in by_size:
            by_size[size] = self._compile(work, size)
        return by_size[size]

    def _compile(self, work: Work, size: int) -> _Compiled:
        raise NotImplementedError


class InsertMany(_Many):
    """``INSERT INTO table (columns) VALUES …``, ended by ``finish`` (ON CONFLICT, RETURNING)."""

    def __init__(self, table: sa.Table, columns: Sequence[str], finish: Callable[[Any], Any]) -> None:
        super().__init__()
        self._table = table
        self._columns = [table.c[name] for name in columns]
        self._finish = finish

    def run(self, work: Work, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """Insert ``rows``, each with the values of ``columns`` in order; returns those of RETURNING, in no order."""
        returned: list[list[Any]] = []
        most = _PARAMETERS_PSYCOPG_REMEMBERS // len(self._columns) if work.postgresql else _MOST
        for start in range(0, len(rows), most):
            part = rows[start : start + most]
            returned += self._of_size(work, len(part)).run(work, chain.from_iterable(part))
        return returned

    def _compile(self, work: Work, size: int) -> _Compiled:
        names = [[f"{column.name}__{row}" for column in self._columns] for row in range(size)]
        values = [
            {
                column.name: sa.bindparam(name, type_=column.type)
                for column, name in zip(self._columns, row, strict=True)
            }
            for row in names
        ]
        statement = self._finish(upsert(work, self._table).values(values))
        return _Compiled(statement, work.connection.dialect, list(chain.from_iterable(names)))


class ForMany(_Many):
    """A statement about many keys. ``build`` makes it from their parameters: ``lambda keys: … .in_(keys)``.

    ``others`` names further parameters of the statement, given to ``run`` in that order.
    """

    def __init__(self, key: sa.Column[Any], build: Callable[[list[Any]], Any], others: Sequence[str] = ()) -> None:
        super().__init__()
        self._key = key
        self._build = build
        self._others = others

    def run(self, work: Work, keys: Sequence[Any], *others: Any) -> list[list[Any]]:
        """Run it; returns the rows it selects, each as the list of its values."""
        rows: list[list[Any]] = []
        most = _PARAMETERS_PSYCOPG_REMEMBERS - len(self._others) if work.postgresql else _MOST
        for start in range(0, len(keys), most):
            part = keys[start : start + most]
            rows += self._of_size(work, len(part)).run(work, chain(part, others))
        return rows

    def _compile(self, work: Work, size: int) -> _Compiled:
        names = [f"key__{number}" for number in range(size)]
        statement = self._build([sa.bindparam(name, type_=self._key.type) for name in names])
        return _Compiled(statement, work.connection.dialect, [*names, *self._others])
