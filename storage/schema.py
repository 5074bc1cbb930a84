"""The schema: brought up to date by migrations, and proven to be what the models say."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage.problems import OperationalProblem
from storage.work import Database, Work

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0003"
"""The newest migration. Written here so that a start need not load Alembic to know it is up to date."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x5E7A4A  # any number that no other program on the same PostgreSQL database uses


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What ``upgrade`` did."""

    before: str | None
    """The revision there was; None: an empty database."""
    after: str
    backup: Path | None
    """The copy made before anything was changed; None: there was nothing to lose, or PostgreSQL."""

    @property
    def changed(self) -> bool:
        return self.before != self.after


def revision(database: Database) -> str | None:
    """The migration the database is at; None: none was ever run."""
    with database.read() as work:
        return _revision(work)


def is_current(database: Database) -> bool:
    """Whether the database has the newest schema."""
    return revision(database) == HEAD


def require_current(database: Database) -> None:
    """Raise OperationalProblem unless the schema is the newest: "old_schema", or "newer_schema" than this program."""
    found = revision(database)
    if found is not None and found > HEAD:
        raise _newer(found)
    if found != HEAD:
        raise OperationalProblem("old_schema", f"at {found or 'none'}, {HEAD} is needed")


def upgrade(database: Database, backup_dir: Path | None = None) -> Upgrade:
    """Bring the schema up to date, in one transaction; several processes may try at once.

    An SQLite database that holds anything is copied into ``backup_dir`` (default: beside it) first.
    Raises OperationalProblem when the database cannot be written, or is newer than this program.
    """
    if is_current(database):
        return Upgrade(HEAD, HEAD, None)
    with database.work(rebuilding=True) as work:
        if work.postgresql:
            work.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        # Again, now that nobody else is at it: whoever held the lock may have done it all.
        before = _revision(work)
        backup = None
        if before is not None and before > HEAD:
            raise _newer(before)
        if before is not None and before != HEAD and database.file is not None:
            backup = _back_up(database.file, backup_dir or database.file.parent, before)
        if before != HEAD:
            _migrate(work)
        return Upgrade(before, HEAD, backup)


def at_head(work: Work) -> bool:
    """Whether the database has the newest schema, as this transaction sees it."""
    return _revision(work) == HEAD


def migrate_to(work: Work, target: str) -> None:
    """Bring the schema to the migration ``target`` and no further, in a transaction that is ``rebuilding``."""
    if _revision(work) != target:
        _migrate(work, target)


def _newer(found: str) -> OperationalProblem:
    return OperationalProblem("newer_schema", f"at {found}, this program knows {HEAD}")


def _revision(work: Work) -> str | None:
    if not sa.inspect(work.connection).has_table("alembic_version"):
        return None
    found: str | None = work.connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def _back_up(file: Path, folder: Path, before: str) -> Path:
    """Copy the database while it is in use: readers see the last commit, whoever holds the writer's place."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = 1
    while (copy := folder / f"{file.stem}-before-{HEAD}-from-{before}-{number}.db").exists():
        number += 1
    # Made by its owner for its owner: it holds what the database holds.
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def _migrate(work: Work, target: str = "head") -> None:
    from alembic import command

    command.upgrade(alembic_config(work), target)
    check_references(work)


def check_references(work: Work) -> None:
    """Raise OperationalProblem if a row points to one that is not there; while ``rebuilding`` SQLite does not look."""
    if not work.postgresql:
        broken = work.connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise OperationalProblem("damaged", f"{len(broken)} rows point to rows that are not there")


def alembic_config(work: Work) -> Config:
    """Alembic's configuration, without a file: its migrations run inside ``work``."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = work.connection
    return config
