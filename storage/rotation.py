"""Changing the key: which keys are still needed, and writing everything anew under the newest."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storage.keys import PREFIX_BYTES, UnknownKey
from storage.models import contacts, metadata, seekers
from storage.types import Encrypted
from storage.work import Database, Work

_BATCH = 500
"""Rows a transaction, so that turns go on in between."""


def require_keys(work: Work) -> None:
    """Raise UnknownKey if anything is kept under a key that was not given: better at the start than to a person."""
    given = set(work.key_ring.prefixes)
    for table in metadata.sorted_tables:
        for column in _encrypted(table):
            kept = work.connection.scalars(sa.select(_prefix(column)).where(column.is_not(None)).distinct())
            missing = sorted(bytes(prefix)[1:].hex() for prefix in kept if bytes(prefix) not in given)
            if missing:
                raise UnknownKey(f"{column} holds values under key {', '.join(missing)}, which was not given")


def rewrite(database: Database) -> int:
    """Encrypt everything under the newest key, in steps; returns how many rows. Afterwards older keys may go.

    Turns may go on meanwhile. What is interrupted is taken up by calling it again.
    """
    return sum(_rewrite_table(database, table) for table in metadata.sorted_tables if _encrypted(table))


def _rewrite_table(database: Database, table: sa.Table) -> int:
    newest = database.key_ring.prefixes[0]
    older = sa.or_(*(_prefix(column) != newest for column in _encrypted(table)))
    batch = sa.select(table).where(older).limit(_BATCH).with_for_update()
    rewritten = 0
    while True:
        with database.work() as work:
            rows = work.connection.execute(batch).mappings().all()
            for row in rows:
                same = [column == row[column.name] for column in table.primary_key]
                work.connection.execute(table.update().where(*same).values(_renewed(work, table, row)))
        rewritten += len(rows)
        if len(rows) < _BATCH:
            return rewritten


def _renewed(work: Work, table: sa.Table, row: Any) -> dict[str, Any]:
    """The values that depend on a key; their columns' types encrypt them under the newest."""
    values = {column.name: row[column.name] for column in _encrypted(table)}
    if table is contacts:
        values["address_hash"] = work.key_ring.hash("contacts.address", f"{row['channel']}:{row['address']}")
    if table is seekers and row["phone"] is not None:
        values["phone_hash"] = work.key_ring.hash("seekers.phone", row["phone"])
    return values


def _encrypted(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.c if isinstance(column.type, Encrypted)]


def _prefix(column: sa.Column[Any]) -> sa.ColumnElement[bytes]:
    raw = sa.type_coerce(column, sa.LargeBinary)
    return sa.func.substr(raw, 1, PREFIX_BYTES, type_=sa.LargeBinary)
