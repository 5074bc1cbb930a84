"""Statements of the turn: many rows or many keys in one, at little more than the database's own cost.

They are Core statements, but compiled once per number of rows and then run as text. SQLAlchemy's own
ways (``execute(insert(…), rows)``, an expanding IN) spend several times longer on building the
statement than SQLite does on running it.

``InsertMany`` and ``ForMany`` are such statements; with values they become an ``Asked``, and what is
asked ``together`` travels to the database in one round trip. What returns nothing waits for company.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, TypeAlias, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from storage.dialects import upsert
from storage.drivers import Statement
from storage.types import UtcDateTime
from storage.work import Work

_MOST = 64
"""Rows or keys a statement, so that no limit of a database is met."""

_ANY = 16
"""Up to here there is a statement for every number of rows or keys, above for 32 and 64."""

_Convert: TypeAlias = Callable[[Any], Any] | None
Rows: TypeAlias = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement with its values, not yet run."""

    parts: list[tuple[_Compiled, Statement]]
    """It is cut where there are many values; none where there are no values."""


def together(work: Work, *asked: Asked, last: bool = False) -> list[Rows]:
    """Run all of ``asked``, one after the other but in one round trip; returns the rows of each.

    Each sees what those before it did and, on PostgreSQL, what others have committed until it began: so a
    statement that locks rows may travel with the one that reads what the lock protects.
    ``last``: the commit travels along too. So nothing that is known only from the rows can still prevent it:
    what must not be so, a constraint has to refuse.
    """
    answers = iter(work.run([statement for one in asked for _, statement in one.parts], last=last))
    return [[row for compiled, _ in one.parts for row in compiled.decode(next(answers))] for one in asked]


def _run(work: Work, asked: Asked) -> Rows:
    """Run it; or, where it returns nothing, let it wait for the next statement to travel with."""
    if any(compiled.returns for compiled, _ in asked.parts):
        return together(work, asked)[0]
    work.waiting.extend(statement for _, statement in asked.parts)
    return []


class _Compiled:
    """The text of a statement for one engine, and how its parameters and results are converted."""

    def __init__(self, statement: Any, work: Work, given: Sequence[str]) -> None:
        dialect = work.connection.dialect
        compiled = statement.compile(dialect=_positional(dialect))
        self._text = str(compiled)
        self._order = tuple(compiled.positiontup)
        self._given = given
        self._encoders = [_encoder(compiled.binds[name].type, work) for name in given]
        self._fixed = {name: value for name, value in compiled.params.items() if name not in given}
        # The usual case: the driver takes just what is given, in its order.
        self._straight = self._order == tuple(given)
        columns = statement.exported_columns if statement.is_select else getattr(statement, "_returning", ())
        decoders = [_decoder(column.type, dialect) for column in columns]
        self.returns = bool(decoders)
        self._decoders = [(place, decode) for place, decode in enumerate(decoders) if decode is not None]

    def of(self, values: Iterator[Any]) -> Statement:
        encoded = [
            value if encode is None else encode(value) for encode, value in zip(self._encoders, values, strict=True)
        ]
        if self._straight:
            return Statement(self._text, encoded)
        named = dict(zip(self._given, encoded, strict=True)) | self._fixed
        return Statement(self._text, [named[name] for name in self._order])

    def decode(self, rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
        for row in rows:
            values = list(row)
            for place, decode in self._decoders:
                values[place] = decode(values[place])
            yield values


def _positional(dialect: Dialect) -> Dialect:
    """``dialect`` with parameters by position: libpq knows no others, and SQLite has them anyway."""
    if dialect.name != "postgresql":
        return dialect
    postgresql: Any = type(dialect)
    return cast(Dialect, postgresql(paramstyle="numeric_dollar"))


def _encoder(type_: Any, work: Work) -> _Convert:
    dialect = work.connection.dialect
    convert: _Convert = type_.dialect_impl(dialect).bind_processor(dialect)
    if not isinstance(type_, UtcDateTime) or convert is None:
        return convert
    # A turn writes its one moment into six columns, and a batch into many rows.
    known: _Convert = work.compiled.setdefault(UtcDateTime, lru_cache(_MOST)(_as_text(convert)))
    return known


def _as_text(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``convert``, and what is still a time afterwards as text: psycopg takes several times as long for it."""

    def encode(value: Any) -> Any:
        converted = convert(value)
        return converted.isoformat(" ") if isinstance(converted, datetime) else converted

    return encode


def _decoder(type_: Any, dialect: Dialect) -> _Convert:
    convert: _Convert = type_.dialect_impl(dialect).result_processor(dialect, None)
    return convert


_Some = TypeVar("_Some", bound=Sequence[Any])


def _cut(values: _Some) -> Iterator[_Some]:
    """``values`` in few pieces, but of few sizes: a text is compiled, and prepared, once for each size."""
    start = 0
    while start < len(values):
        left = len(values) - start
        size = left if left <= _ANY else min(_MOST, 1 << left.bit_length() - 1)
        yield values[start : start + size]  # type: ignore[misc]  # a slice of a sequence is one of its kind
        start += size


class _Many:
    """Common to both: what is compiled for a size is kept with the database it is compiled for."""

    def _of_size(self, work: Work, size: int) -> _Compiled:
        known: _Compiled | None = work.compiled.get((self, size))
        if known is None:
            known = work.compiled[self, size] = self._compile(work, size)
        return known

    def _compile(self, work: Work, size: int) -> _Compiled:
        raise NotImplementedError


class InsertMany(_Many):
    """``INSERT INTO table (columns) VALUES …``, ended by ``finish`` (ON CONFLICT, RETURNING)."""

    def __init__(self, table: sa.Table, columns: Sequence[str], finish: Callable[[Any], Any]) -> None:
        self._table = table
        self._columns = [table.c[name] for name in columns]
        self._finish = finish

    def of(self, work: Work, rows: Sequence[Sequence[Any]]) -> Asked:
        """To insert ``rows``, each with the values of ``columns`` in order."""
        parts = [(self._of_size(work, len(part)), part) for part in _cut(rows)]
        return Asked([(compiled, compiled.of(chain.from_iterable(part))) for compiled, part in parts])

    def run(self, work: Work, rows: Sequence[Sequence[Any]]) -> Rows:
        """Insert ``rows``; returns those of RETURNING, in no order.

        Without RETURNING nobody waits for it: it travels with the next statement, and fails there if it must.
        """
        return _run(work, self.of(work, rows))

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
        return _Compiled(statement, work, list(chain.from_iterable(names)))


class ForMany(_Many):
    """A statement about many keys. ``build`` makes it from their parameters: ``lambda keys: … .in_(keys)``.

    ``others`` names further parameters of the statement, given to ``of`` in that order.
    """

    def __init__(self, key: sa.Column[Any], build: Callable[[list[Any]], Any], others: Sequence[str] = ()) -> None:
        self._key = key
        self._build = build
        self._others = others

    def of(self, work: Work, keys: Sequence[Any], *others: Any) -> Asked:
        """To run it for ``keys``."""
        parts = [(self._of_size(work, len(part)), part) for part in _cut(keys)]
        return Asked([(compiled, compiled.of(chain(part, others))) for compiled, part in parts])

    def run(self, work: Work, keys: Sequence[Any], *others: Any) -> Rows:
        """Run it; returns the rows it selects, each as the list of its values.

        Where it returns nothing, nobody waits for it: it travels with the next statement, and fails there if it must.
        """
        return _run(work, self.of(work, keys, *others))

    def _compile(self, work: Work, size: int) -> _Compiled:
        names = [f"key__{number}" for number in range(size)]
        statement = self._build([sa.bindparam(name, type_=self._key.type) for name in names])
        return _Compiled(statement, work, [*names, *self._others])
