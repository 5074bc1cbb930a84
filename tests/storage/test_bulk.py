"""Statements that travel together: in order, within the transaction, and never taken for one another's answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from storage import contacts, inbound, meta, outbox
from storage.bulk import ForMany, InsertMany, together
from storage.contacts import Identity
from storage.inbound import Arrival
from storage.models import contacts as contacts_table
from storage.models import meta as meta_table
from storage.outbox import NewMessage
from storage.problems import OperationalProblem
from storage.work import Database, Work

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

put = InsertMany(meta_table, ("key", "value"), lambda insert: insert)
put_and_tell = InsertMany(meta_table, ("key", "value"), lambda insert: insert.returning(meta_table.c.key))
of_keys = ForMany(
    meta_table.c.key, lambda keys: sa.select(meta_table.c.key, meta_table.c.value).where(meta_table.c.key.in_(keys))
)


def kept(work: Work) -> set[str]:
    return set(work.connection.scalars(sa.select(meta_table.c.key).where(meta_table.c.key.like("t%"))))


def test_each_sees_what_those_before_it_did(database: Database) -> None:
    with database.work() as work:
        nothing, written, found, empty = together(
            work,
            put.of(work, [("t1", "a")]),
            put_and_tell.of(work, [("t2", "b"), ("t3", "c")]),
            of_keys.of(work, ["t1", "t3", "t4"]),
            of_keys.of(work, []),
        )
    assert nothing == empty == []
    assert sorted(written) == [["t2"], ["t3"]]
    assert sorted(found) == [["t1", "a"], ["t3", "c"]]


@pytest.mark.parametrize("number", [0, 1, 16, 17, 64, 65, 150])
def test_any_number_of_rows(database: Database, number: int) -> None:
    keys = [f"t{n:03}" for n in range(number)]
    with database.work() as work:
        written = put_and_tell.run(work, [(key, key.upper()) for key in keys])
        assert sorted(key for (key,) in written) == keys
        assert sorted(of_keys.run(work, keys)) == [[key, key.upper()] for key in keys]


def test_more_than_a_socket_takes_at_once(database: Database) -> None:
    """PostgreSQL answers while it is still being asked; who only sends would wait for ever."""
    text = "x" * 100_000
    with database.work() as work:
        put.run(work, [(f"t{n}", text) for n in range(50)])
        rows = together(work, *(of_keys.of(work, [f"t{n}" for n in range(50)]) for _ in range(3)))
    assert [len(one) for one in rows] == [50, 50, 50]
    assert {value for one in rows for _, value in one} == {text}


def test_what_returns_nothing_is_there_for_whatever_comes_next(database: Database) -> None:
    with database.work() as work:
        put.run(work, [("t1", "a")])
        assert kept(work) == {"t1"}, "SQLAlchemy's own statements do not overtake it"
        put.run(work, [("t2", "b")])
        assert of_keys.run(work, ["t2"]) == [["t2", "b"]]
        put.run(work, [("t3", "c")])
    with database.read() as work:
        assert kept(work) == {"t1", "t2", "t3"}


def test_what_waited_when_a_block_raised_is_not_run_later(database: Database) -> None:
    def broken() -> None:
        with database.work() as work:
            put.run(work, [("t1", "a")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    with database.work() as work:
        assert kept(work) == set()


def test_the_one_that_fails_is_said_and_nothing_of_the_block_is_kept(database: Database) -> None:
    def twice() -> None:
        with database.work() as work:
            meta.put(work, "t0", "kept by nobody")
            together(work, put.of(work, [("t1", "a")]), put.of(work, [("t1", "b")]), put.of(work, [("t2", "c")]))

    with pytest.raises(sa.exc.IntegrityError):
        twice()
    with database.work() as work:
        assert kept(work) == set()
        put.run(work, [("t1", "a")])
    with pytest.raises(sa.exc.IntegrityError), database.work() as work:
        put.run(work, [("t1", "b")])  # travels with the commit, and fails there
    with database.read() as work:
        assert meta.get(work, "t1") == "a"


def test_a_value_that_cannot_be_sent_leaves_the_connection_as_it_was(database: Database) -> None:
    with pytest.raises((UnicodeEncodeError, sa.exc.DBAPIError)), database.work() as work:
        put_and_tell.run(work, [("t1", "\ud800")])
    with database.work() as work:
        assert put_and_tell.run(work, [("t1", "a")]) == [["t1"]]


def test_reading_stays_reading(database: Database) -> None:
    with database.read() as work:
        assert of_keys.run(work, ["t1"]) == []
        with database.work() as other:
            put.run(other, [("t1", "a")])
        assert of_keys.run(work, ["t1"]) == [], "one moment"
    with pytest.raises(OperationalProblem) as refused, database.read() as work:
        put_and_tell.run(work, [("t2", "b")])
    assert refused.value.kind == "read_only"


def test_a_rollback_takes_no_prepared_statement_along(database: Database) -> None:
    """psycopg forgets what it has prepared itself at every rollback, by DEALLOCATE ALL."""

    def roll_back() -> None:
        with database.work() as work:
            assert of_keys.run(work, ["t1"]) == []
            for _ in range(7):
                assert meta.get(work, "t1") is None
            raise RuntimeError

    for _ in range(3):
        with pytest.raises(RuntimeError):
            roll_back()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_is_lost_is_said_and_the_next_one_works(database: Database) -> None:
    def lose() -> None:
        with database.work() as work:
            own = work.connection.scalar(sa.select(sa.func.pg_backend_pid()))
            with database.engine.connect() as other:
                other.execute(sa.select(sa.func.pg_terminate_backend(own)))
            put_and_tell.run(work, [("t1", "a")])

    with pytest.raises(OperationalProblem) as lost:
        lose()
    assert lost.value.kind == "unreachable"
    with database.work() as work:
        assert kept(work) == set()
        assert put_and_tell.run(work, [("t1", "a")]) == [["t1"]]


def test_values_of_every_kind_of_the_turn_come_back_as_they_were(database: Database) -> None:
    said = "halo é 🙂 'kutip' \\ \x01"
    with database.work() as work:
        [ani] = contacts.recognise(work, [Identity("web", "a'b\\c")], NOW)
        inbound.record(work, [Arrival("web", "7", ani.contact_id, said=said)], NOW)
        ids = outbox.add(work, [NewMessage(ani.contact_id, "web", {"text": said, "n": [1, None]})], NOW)
    with database.work() as work:
        assert contacts.recognise(work, [Identity("web", "a'b\\c")], NOW) == [ani]
        first, second = outbox.transcript(work, ani.contact_id, 2)
        assert work.connection.scalar(sa.select(contacts_table.c.created_at)) == NOW
    assert first.said == said
    assert second.outbox_id == ids[0]
    assert second.body == {"text": said, "n": [1, None]}
