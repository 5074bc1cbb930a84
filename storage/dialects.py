"""The one statement that both databases have, and SQLAlchemy spells twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.work import Work


def upsert(work: Work, table: Table) -> Any:
    """An INSERT into ``table`` that has ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    return postgresql.insert(table) if work.postgresql else sqlite.insert(table)
