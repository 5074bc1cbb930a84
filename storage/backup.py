"""Backups: everything that is kept, taken while the service runs, and put into an empty database of either engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa

from storage import backup_file, meta, schema
from storage.backup_file import BadBackup, Contents, Header, Row, TableRows, Writer
from storage.keys import UnknownKey
from storage.models import metadata
from storage.settling import Known, Settled, settle, what_is_known
from storage.tombstones import Tombstone
from storage.types import Encrypted, UtcDateTime
from storage.work import Database, Work

_AT_A_TIME = 1000
"""Rows that are in memory at once."""

NOT_EMPTY = frozenset(metadata.tables) - {"meta"}
"""A database holds something when one of these tables does; what ``meta`` holds, every start writes."""


class NotEmpty(Exception):
    """The database holds something already, and nobody said that it may be replaced."""


# Taking one


def take(database: Database, stream: BinaryIO, now: datetime) -> Mapping[str, int]:
    """Write everything that is committed to ``stream``; returns the number of rows by table.

    One snapshot: turns go on meanwhile, and none is in it by half. Raises OperationalProblem or OSError.
    """
    with database.read() as work:
        keys = tuple(sorted(name.removeprefix("key:") for name in meta.names(work, "key:")))
        writer = Writer(stream, Header(schema.HEAD, now, keys))
        for table in metadata.sorted_tables:
            columns = {column.name: kind_of(column) for column in table.c}
            writer.table(table.name, columns, _kept(work, table))
        return writer.end(highest_ids(work))


def _kept(work: Work, table: sa.Table) -> Iterator[Row]:
    # As bytes, so that no key is needed and nothing is opened.
    columns = [
        sa.type_coerce(column, sa.LargeBinary).label(column.name) if isinstance(column.type, Encrypted) else column
        for column in table.c
    ]
    found = sa.select(*columns).order_by(*table.primary_key)
    result = work.connection.execute(found, execution_options={"yield_per": _AT_A_TIME})
    for row in result:
        yield tuple(row)


def kind_of(column: sa.Column[Any]) -> str:
    """What the column holds, as KINDS of a backup's file call it."""
    type_ = column.type
    kinds: tuple[tuple[type[Any], str], ...] = (
        (Encrypted, "bytes"),
        (sa.LargeBinary, "bytes"),
        (UtcDateTime, "time"),
        (sa.JSON, "json"),
        (sa.Boolean, "bool"),
        (sa.Date, "date"),
        (sa.Integer, "int"),
        (sa.Float, "real"),
        (sa.String, "text"),
    )
    for known, kind in kinds:
        if isinstance(type_, known):
            return kind
    raise TypeError(f"a backup cannot hold {column}: {type_!r}")


def highest_ids(work: Work) -> dict[str, int]:
    """The highest id ever given in each table that numbers its rows; also where it was taken back or erased."""
    found: dict[str, int] = {}
    if not work.postgresql:
        rows = work.connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
        return {name: seq for name, seq in rows if name in metadata.tables}
    for table in _numbered(work):
        called, last = work.connection.exec_driver_sql(f"SELECT is_called, last_value FROM {table}_id_seq").one()
        found[table] = int(last) if called else 0
    return found


def _numbered(work: Work) -> list[str]:
    """The tables whose ids the database gives."""
    sequences = set(sa.inspect(work.connection).get_sequence_names())
    return [name for name in metadata.tables if f"{name}_id_seq" in sequences]


# Putting one back


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    contents: Contents
    upgraded: bool
    """The backup was of an older schema."""
    settled: Settled


def put_back(
    database: Database,
    file: Path,
    now: datetime,
    erased: Sequence[Tombstone],
    *,
    replace: bool = False,
    moving: bool = False,
) -> Restored:
    """Fill the database from a backup, in one transaction: all of it or nothing.

    ``erased``: who was erased, also after the backup was made; they are erased again, before anybody can see them.
    ``replace``: what the database holds goes. Whom it knows to be erased or told counts all the same.
    ``moving``: the service was stopped before the backup was made, so what waits in it was not sent.
    Raises NotEmpty, BadBackup, UnknownKey, OperationalProblem or OSError.
    """
    contents = backup_file.verify(file)
    header = contents.header
    if header.schema > schema.HEAD:
        raise BadBackup("a newer program made it")
    mine = {prefix[1:].hex() for prefix in database.key_ring.prefixes}
    if missing := sorted(set(header.keys) - mine):
        raise UnknownKey(*missing)
    with database.work(rebuilding=True) as work:
        known = None
        if _holds_anything(work):
            if not replace:
                raise NotEmpty
            known = what_is_known(work) if schema.at_head(work) else None
        given = highest_ids(work) if known is not None else {}
        _empty(work)
        schema.migrate_to(work, header.schema)
        for table in backup_file.tables(file):
            fill(work, table)
        schema.check_references(work)
        schema.migrate_to(work, schema.HEAD)
        count_on(work, contents.ids, given)
        settled = settle(work, known or Known(), header.made_at, erased, now, sure=known is not None, moving=moving)
    database.sweep()
    return Restored(contents, header.schema != schema.HEAD, settled)


def _holds_anything(work: Work) -> bool:
    there = set(sa.inspect(work.connection).get_table_names())
    tables = (sa.table(name) for name in sorted(NOT_EMPTY & there))
    return any(work.connection.scalar(sa.select(sa.exists(sa.select(1).select_from(one)))) for one in tables)


def _empty(work: Work) -> None:
    """Without a table of this program's, so that a schema of any age can be made."""
    there = sa.MetaData()
    ours = (*metadata.tables, "alembic_version")
    there.reflect(work.connection, only=lambda name, _: name in ours)
    there.drop_all(work.connection)


def fill(work: Work, table: TableRows) -> None:
    """Put the rows into a table as they are, as fast as the engine takes them."""
    names = ", ".join(f'"{name}"' for name in table.columns)
    raw: Any = work.connection.connection.dbapi_connection
    if work.postgresql:
        with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in _converted(table, _FOR_POSTGRESQL):
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(table.columns))
    rows = _converted(table, _FOR_SQLITE)
    while some := list(islice(rows, _AT_A_TIME)):
        raw.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', some)


def _converted(table: TableRows, how: Mapping[str, Callable[[Any], Any]]) -> Iterator[list[Any]]:
    convert = [how.get(kind) for kind in table.columns.values()]
    for row in table.rows:
        yield [value if to is None or value is None else to(value) for to, value in zip(convert, row, strict=True)]


def _sqlite_time(value: datetime) -> str:
    """As SQLAlchemy writes a time there."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


_FOR_POSTGRESQL: Mapping[str, Callable[[Any], Any]] = {"json": json.dumps}
_FOR_SQLITE: Mapping[str, Callable[[Any], Any]] = {
    "json": json.dumps,
    "time": _sqlite_time,
    "date": date.isoformat,
    "bool": int,
}

_LEAP = {"outbox": 1_000_000, "vacancies": 1_000, "trainings": 1_000, "tickets": 1_000}
_LEAP_ELSE = 10_000
"""How many ids are left out, for those that were given after the backup was made: people and pages still hold them.
Less where people have to type them."""


def count_on(work: Work, *given: Mapping[str, int]) -> None:
    """Give no id again that was ever given, as far as anybody can know."""
    for name in _numbered(work) if work.postgresql else metadata.tables:
        leap = _LEAP.get(name, _LEAP_ELSE)
        highest = max(ids.get(name, 0) for ids in given)
        if not highest:
            continue
        highest += leap
        if work.postgresql:
            work.connection.exec_driver_sql(f"SELECT setval('{name}_id_seq', {highest})")
        else:
            work.connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
            work.connection.exec_driver_sql("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, highest))
