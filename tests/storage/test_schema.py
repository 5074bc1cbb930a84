"""The schema: made by migrations that say what the models say, after a copy of what there was."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from storage import contacts, schema
from storage.contacts import Identity
from storage.drift import drift
from storage.keys import KeyRing
from storage.models import metadata
from storage.problems import OperationalProblem
from storage.schema import HEAD, Upgrade, is_current, require_current, revision, upgrade
from storage.work import Database, Work

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def bare(bare_database_url: str, key_ring: KeyRing) -> Iterator[Database]:
    database = Database(bare_database_url, key_ring)
    yield database
    database.close()


def test_migrations_make_exactly_what_the_models_say(database: Database) -> None:
    assert drift(database) == []


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE seekers ADD COLUMN nik TEXT",
        "DROP INDEX ix_outbox_waiting",
        "CREATE INDEX ix_more ON seekers (district) WHERE paused_at IS NULL",
        "DROP TABLE meta",
    ],
)
def test_every_difference_is_seen(bare: Database, change: str) -> None:
    upgrade(bare)
    with bare.work() as work:
        work.connection.execute(sa.text(change))
    assert len(drift(bare)) >= 1


def test_head_is_the_newest_migration(database: Database) -> None:
    with database.read() as work:
        scripts = ScriptDirectory.from_config(schema.alembic_config(work))
    assert scripts.get_heads() == [HEAD]


def test_an_empty_database_is_brought_up_to_date_once(bare: Database) -> None:
    assert revision(bare) is None
    with pytest.raises(OperationalProblem) as refused:
        require_current(bare)
    assert refused.value.kind == "old_schema"
    assert upgrade(bare) == Upgrade(None, HEAD, None)
    assert is_current(bare)
    require_current(bare)
    assert upgrade(bare) == Upgrade(HEAD, HEAD, None)


def test_several_processes_may_upgrade_at_once(bare: Database, key_ring: KeyRing) -> None:
    done: list[Upgrade | BaseException] = []

    def run() -> None:
        own = Database(bare.url.render_as_string(hide_password=False), key_ring)
        try:
            done.append(upgrade(own))
        except BaseException as failure:
            done.append(failure)
        finally:
            own.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.changed for one in done if isinstance(one, Upgrade)) == [False, False, False, True]


def test_a_database_of_a_newer_program_is_left_alone(bare: Database) -> None:
    upgrade(bare)
    with bare.work() as work:
        work.connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for look in (upgrade, require_current):
        with pytest.raises(OperationalProblem) as refused:
            look(bare)
        assert refused.value.kind == "newer_schema", "migrating would not help"
    assert revision(bare) == "9999"


def _older(folder: Path, key_ring: KeyRing) -> Database:
    """An SQLite database with a contact, at a revision before HEAD."""
    database = Database(f"sqlite:///{folder / 'setara.db'}", key_ring)
    upgrade(database)
    with database.work() as work:
        contacts.recognise(work, [Identity("telegram", "1")], NOW)
        work.connection.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    return database


def test_what_there_was_is_copied_before_it_is_changed(
    tmp_path: Path, key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = _older(tmp_path, key_ring)
    monkeypatch.setattr(schema, "_migrate", lambda work: work.connection.execute(sa.text("DELETE FROM contacts")))
    done = upgrade(database, tmp_path / "backups")
    database.close()
    assert done.before == "0000"
    assert done.backup is not None
    assert done.backup.parent == tmp_path / "backups"
    assert stat.S_IMODE(done.backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(done.backup)) as copy, closing(sqlite3.connect(tmp_path / "setara.db")) as changed:
        assert copy.execute("SELECT count(*) FROM contacts").fetchone() == (1,)
        assert changed.execute("SELECT count(*) FROM contacts").fetchone() == (0,)


def test_an_upgrade_that_fails_changes_nothing(
    tmp_path: Path, key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(work: Work) -> None:
        work.connection.execute(sa.text("DROP TABLE meta"))
        raise RuntimeError("half way")

    database = _older(tmp_path, key_ring)
    monkeypatch.setattr(schema, "_migrate", fail)
    for number in (1, 2):
        with pytest.raises(RuntimeError):
            upgrade(database, tmp_path)
        assert len(list(tmp_path.glob("setara-before-*.db"))) == number
    assert revision(database) == "0000"
    with database.read() as work:
        assert set(metadata.tables) <= set(sa.inspect(work.connection).get_table_names())
    database.close()
