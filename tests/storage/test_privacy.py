"""Nothing that tells who somebody is can be read from the database without its key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from storage import contacts, inbound, outbox, seekers, sessions, tickets
from storage.contacts import Identity
from storage.inbound import Arrival
from storage.keys import KeyRing, UnknownKey, generate_key
from storage.models import metadata
from storage.outbox import NewMessage
from storage.rotation import require_keys, rewrite
from storage.sessions import SessionToSave
from storage.work import Database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLANTED = {
    "address": "7706123450991",
    "name": "Contohwati Rahasia Siregar",
    "phone": "+628129988776655",
    "birth_year": "1907",
    "ragam": "psikososial",
    "need": "juru bahasa isyarat",
    "answer": "jawaban yang ditanam",
    "said": "kata yang ditanam",
    "sent": "balasan yang ditanam",
    "ticket": "keluhan yang ditanam",
}


def _plant(database: Database) -> int:
    with database.work() as work:
        [known] = contacts.recognise(work, [Identity("telegram", PLANTED["address"])], NOW)
        contact_id = known.contact_id
        values = {
            "name": PLANTED["name"],
            "phone": PLANTED["phone"],
            "birth_year": int(PLANTED["birth_year"]),
            "ragam": (PLANTED["ragam"],),
            "needs": (PLANTED["need"],),
            "sex": "P",
        }
        seeker_id = seekers.add(work, values, education_rank=None, now=NOW)
        seekers.link(work, contact_id, seeker_id, "self")
        sessions.save(work, [SessionToSave(contact_id, {"a": {"name": PLANTED["answer"]}}, 0)], NOW)
        inbound.record(work, [Arrival("telegram", "1", contact_id, said=PLANTED["said"])], NOW)
        outbox.add(work, [NewMessage(contact_id, "telegram", {"text": PLANTED["sent"]})], NOW)
        tickets.open_ticket(work, contact_id, seeker_id, "human", PLANTED["ticket"], NOW)
    return contact_id


def _bytes_of(database: Database) -> bytes:
    """Everything the database keeps, as bytes: its files, or each row of each table with bytes written as text too."""
    if database.file is not None:
        return b"".join(file.read_bytes() for file in sorted(database.file.parent.glob(f"{database.file.name}*")))
    dump = []
    with closing(database.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        for table in metadata.sorted_tables:
            cursor.execute(f"SELECT t::text FROM {table.name} t")
            for (row,) in cursor.fetchall():
                dump.append(row.encode())
                dump += [bytes.fromhex(written) for written in re.findall(r"\\x([0-9a-f]+)", row)]
    return b"\n".join(dump)


def test_no_planted_value_is_in_any_byte(database: Database) -> None:
    contact_id = _plant(database)
    kept = _bytes_of(database)
    assert b"telegram" in kept  # this is where it would be
    for what, value in PLANTED.items():
        for written in (value, value.lower(), value.replace("+", ""), value.encode().hex()):
            assert written.encode() not in kept, what
    with database.work() as work:
        [known] = contacts.recognise(work, [Identity("telegram", PLANTED["address"])], NOW)
        assert known.seeker is not None
        assert (known.contact_id, known.seeker.name) == (contact_id, PLANTED["name"])
        assert (known.seeker.birth_year, known.seeker.sex) == (1907, "P")


def test_error_messages_do_not_carry_values(database: Database) -> None:
    with database.work() as work:
        [known] = contacts.recognise(work, [Identity("telegram", "1")], NOW)
    with pytest.raises(sa.exc.IntegrityError) as broken, database.work() as work:
        tickets.open_ticket(work, known.contact_id, 999, "human", PLANTED["ticket"], NOW)
    assert PLANTED["ticket"] not in str(broken.value)


def test_two_databases_with_different_keys_in_one_process(database: Database, bare_database_url: str) -> None:
    other = Database(bare_database_url, KeyRing([generate_key()]))
    metadata.create_all(other.engine)
    try:
        for one in (database, other):
            _plant(one)
        for one in (database, other):
            with one.work() as work:
                assert contacts.find(work, "telegram", PLANTED["address"]) is not None
                require_keys(work)
    finally:
        other.close()


@pytest.fixture
def rotated(database: Database, key: str) -> Iterator[tuple[Database, Database]]:
    """The same database with old and new key, and with the new key alone."""
    url = database.url.render_as_string(hide_password=False)
    new = generate_key()
    both, only_new = Database(url, KeyRing([new, key])), Database(url, KeyRing([new]))
    yield both, only_new
    both.close()
    only_new.close()


def test_after_rewriting_the_old_key_is_not_needed(database: Database, rotated: tuple[Database, Database]) -> None:
    both, only_new = rotated
    contact_id = _plant(database)
    with only_new.read() as work, pytest.raises(UnknownKey, match="which was not given"):
        require_keys(work)
    with both.read() as work:
        require_keys(work)
    assert rewrite(both) == 6
    assert rewrite(both) == 0
    with only_new.work() as work:
        require_keys(work)
        [known] = contacts.recognise(work, [Identity("telegram", PLANTED["address"])], NOW)
        assert known.contact_id == contact_id
        assert known.session == {"a": {"name": PLANTED["answer"]}}
        assert known.seeker is not None
        assert known.seeker.phone == PLANTED["phone"]
        assert [ticket.text for ticket in tickets.list_open(work)] == [PLANTED["ticket"]]


def test_half_a_surrogate_pair_is_kept_like_any_other_text(database: Database) -> None:
    with database.work() as work:
        [known] = contacts.recognise(work, [Identity("web", "1")], NOW)
        inbound.record(work, [Arrival("web", "1", known.contact_id, said="halo \ud83d")], NOW)
        sessions.save(work, [SessionToSave(known.contact_id, {"a": "\ud83d"}, 0)], NOW)
        assert outbox.transcript(work, known.contact_id, 1)[0].said == "halo \ud83d"
        [again] = contacts.recognise(work, [Identity("web", known.address)], NOW)
        assert again.session == {"a": "\ud83d"}
