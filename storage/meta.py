"""Single facts about this installation, by name: e.g. a platform's last offset. Nothing personal."""

from __future__ import annotations

import sqlalchemy as sa

from storage.dialects import upsert
from storage.models import meta
from storage.work import Work


def get(work: Work, key: str) -> str | None:
    """The value kept under ``key``, or None."""
    value: str | None = work.connection.scalar(sa.select(meta.c.value).where(meta.c.key == key))
    return value


def put(work: Work, key: str, value: str) -> None:
    """Keep ``value`` under ``key``, instead of what was there."""
    insert = upsert(work, meta).values(key=key, value=value)
    work.connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_={"value": insert.excluded.value}))


def names(work: Work, prefix: str) -> list[str]:
    """The names that begin with ``prefix`` and something is kept under."""
    found = sa.select(meta.c.key).where(meta.c.key.startswith(prefix, autoescape=True))
    return list(work.connection.scalars(found))


def forget(work: Work, key: str) -> None:
    """Keep nothing under ``key`` any more."""
    work.connection.execute(meta.delete().where(meta.c.key == key))
