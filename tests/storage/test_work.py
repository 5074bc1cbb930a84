"""The unit of work: commits or leaves nothing, reads one moment, and says what is wrong with a database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import contacts, meta, outbox, seekers, stats, tickets, trainings, vacancies
from storage.contacts import Identity
from storage.keys import KeyRing
from storage.outbox import NewMessage
from storage.problems import TEXTS, OperationalProblem, recognise
from storage.schema import upgrade
from storage.work import Database
from tests.storage.offers import TRAINING, VACANCY, Offered

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    def broken() -> None:
        with database.work() as work:
            meta.put(work, "a", "1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    with database.work() as work:
        assert meta.get(work, "a") is None
        meta.put(work, "a", "2")
        meta.put(work, "a", "3")
    with database.read() as work:
        assert meta.get(work, "a") == "3"


def test_reading_sees_one_moment_and_waits_for_nobody(database: Database) -> None:
    with database.read() as reading:
        assert meta.get(reading, "a") is None
        with database.work() as work:
            meta.put(work, "a", "1")
        assert meta.get(reading, "a") is None
    with database.work() as work:
        meta.put(work, "a", "2")
        with database.read() as reading:
            assert meta.get(reading, "a") == "1"


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(OperationalProblem) as refused, database.read() as work:
        meta.put(work, "a", "1")
    assert refused.value.kind == "read_only"
    with database.work() as work:
        meta.put(work, "a", "1")


def test_sqlite_is_as_durable_and_strict_as_it_can_be(tmp_path: Path, key_ring: KeyRing) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}", key_ring)
    with database.work() as work:
        pragmas = {
            name: work.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    database.close()
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }


@pytest.mark.parametrize(
    "url", ["mysql://a/b", "sqlite://", "sqlite:///:memory:", "postgresql+psycopg2://a/b", "setara.db", ""]
)
def test_an_address_that_cannot_be_used_is_refused(url: str, key_ring: KeyRing) -> None:
    with pytest.raises(ValueError, match=r"address|database"):
        Database(url, key_ring)


@pytest.mark.parametrize("url", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"])
def test_every_spelling_of_postgresql_is_psycopg(url: str, key_ring: KeyRing) -> None:
    database = Database(url, key_ring)
    assert database.postgresql
    assert database.file is None
    assert database.engine.dialect.driver == "psycopg"


@contextmanager
def _sqlite(tmp_path: Path, key_ring: KeyRing, file: str = "setara.db") -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / file}", key_ring)
    try:
        yield database
    finally:
        database.close()


def _kind(database: Database) -> str:
    with pytest.raises(OperationalProblem) as problem, database.work() as work:
        meta.put(work, "a", "1" * 100_000)
    assert problem.value.text == TEXTS[problem.value.kind]
    assert problem.value.retryable == (problem.value.kind in ("locked", "unreachable"))
    return problem.value.kind


def test_a_database_in_use_for_too_long(tmp_path: Path, key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.work.LOCK_SECONDS", 0.05)
    with _sqlite(tmp_path, key_ring) as database, _sqlite(tmp_path, key_ring) as other:
        upgrade(database)
        with other.work():
            assert _kind(database) == "locked"
        with database.work() as work:
            meta.put(work, "a", "1")


def test_a_database_that_cannot_be_opened(tmp_path: Path, key_ring: KeyRing) -> None:
    with _sqlite(tmp_path / "missing", key_ring) as database:
        assert _kind(database) == "unreachable"
    unreachable = Database(f"postgresql://u@/d?host={tmp_path}", key_ring)
    assert _kind(unreachable) == "unreachable"


def test_a_file_that_is_no_database(tmp_path: Path, key_ring: KeyRing) -> None:
    (tmp_path / "setara.db").write_bytes(b"not a database at all " * 100)
    with _sqlite(tmp_path, key_ring) as database:
        assert _kind(database) == "damaged"


def test_a_database_without_tables(bare_database_url: str, key_ring: KeyRing) -> None:
    database = Database(bare_database_url, key_ring)
    assert _kind(database) == "old_schema"
    database.close()


def test_a_full_disk(tmp_path: Path, key_ring: KeyRing) -> None:
    with _sqlite(tmp_path, key_ring) as database:
        upgrade(database)
        with database.work() as work:
            pages = work.connection.exec_driver_sql("PRAGMA page_count").scalar()
            work.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        assert _kind(database) == "full"
        with database.read() as work:
            assert meta.get(work, "a") is None


def test_a_database_that_cannot_be_written(tmp_path: Path, key_ring: KeyRing) -> None:
    with _sqlite(tmp_path, key_ring) as database:
        upgrade(database)
        with database.work() as work:
            # What the file's permissions do for everybody but root.
            work.connection.exec_driver_sql("PRAGMA query_only = ON")
        assert _kind(database) == "read_only"


def test_postgresql_names_its_problems_by_code() -> None:
    class RefusedError(Exception):
        def __init__(self, sqlstate: str) -> None:
            super().__init__("no")
            self.sqlstate = sqlstate

    kinds = {
        code: recognise(RefusedError(code)) for code in ("40P01", "55P03", "53100", "53300", "57P01", "25006", "23505")
    }
    assert {code: problem and problem.kind for code, problem in kinds.items()} == {
        "40P01": "locked",
        "55P03": "locked",
        "53100": "full",
        "53300": "unreachable",
        "57P01": "unreachable",
        "25006": "read_only",
        "23505": None,
    }


def test_mistakes_of_the_program_are_not_made_problems_of_the_operator(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.work() as work:
        tickets.open_ticket(work, 999, None, "human", "", NOW)
    assert recognise(sqlite3.IntegrityError("no")) is None


def test_the_counts(database: Database) -> None:
    with database.work() as work:
        ani, _ = contacts.recognise(work, [Identity("telegram", "1"), Identity("web", "1")], NOW)
        seekers.add(work, {"name": "Contoh"}, education_rank=None, now=NOW)
        vacancies.upsert(work, [Offered(VACANCY)], NOW)
        trainings.upsert(work, [Offered(TRAINING, open=False)], NOW)
        first, _ = outbox.add(work, [NewMessage(ani.contact_id, "telegram", {})] * 2, NOW)
        outbox.claim(work, 1, ["telegram"], NOW)
        outbox.fail(work, first or 0, "400", None)
        tickets.close(work, tickets.open_ticket(work, ani.contact_id, None, "human", "", NOW), "answered", NOW)
        assert tickets.list_open(work) == []
    with database.read() as work:
        assert asdict(stats.collect(work, NOW)) == {
            "contacts": 2,
            "seekers": 1,
            "vacancies_open": 1,
            "trainings_open": 0,
            "alerts_told": 0,
            "outbox_waiting": 1,
            "outbox_failed": 1,
            "contacts_unreachable": 0,
            "registrations": {"saved": 0},
            "messages": {},
        }
