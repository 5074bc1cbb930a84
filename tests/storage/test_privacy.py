"""Nothing that tells who somebody is can be read from the database without its key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from storage import audit, contacts, inbound, links, meta, officers, outbox, seekers, sessions, tickets
from storage.contacts import Identity
from storage.inbound import Arrival
from storage.keys import KeyRing, UnknownKey, generate_key
from storage.models import metadata
from storage.officers import Invitation
from storage.outbox import NewMessage
from storage.rotation import require_keys, rewrite
from storage.sessions import SessionToSave
from storage.work import Database, Work

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLANTED = {
    "address": "7706123450991",
    "alias": "ID.7788990011223",
    "name": "Contohwati Rahasia Siregar",
    "phone": "+628129988776655",
    "birth_year": "1907",
    "ragam": "psikososial",
    "need": "juru bahasa isyarat",
    "answer": "jawaban yang ditanam",
    "said": "kata yang ditanam",
    "sent": "balasan yang ditanam",
    "ticket": "keluhan yang ditanam",
    "ticket message": "kata petugas yang ditanam",
    "officer": "Petugasman Contoh Harahap",
    "invited": "Undangan Contoh Nasution",
    "nik": "1222010101070001",
}


def _plant(database: Database) -> int:
    with database.work() as work:
        [known] = contacts.recognise(work, [Identity("telegram", PLANTED["address"], alias=PLANTED["alias"])], NOW)
        contact_id = known.contact_id
        values = {
            "name": PLANTED["name"],
            "phone": PLANTED["phone"],
            "birth_year": int(PLANTED["birth_year"]),
            "ragam": (PLANTED["ragam"],),
            "needs": (PLANTED["need"],),
            "sex": "P",
            "nik": PLANTED["nik"],
        }
        seeker_id = seekers.add(work, values, education_rank=None, now=NOW)
        seekers.link(work, contact_id, seeker_id, "self")
        sessions.save(work, [SessionToSave(contact_id, {"a": {"name": PLANTED["answer"]}}, 0)], NOW)
        inbound.record(work, [Arrival("telegram", "1", contact_id, said=PLANTED["said"])], NOW)
        outbox.add(work, [NewMessage(contact_id, "telegram", {"text": PLANTED["sent"]})], NOW)
        ticket_id = tickets.open_ticket(work, contact_id, seeker_id, "human", PLANTED["ticket"], NOW)
        _plant_officers(work, contact_id, ticket_id, seeker_id)
    return contact_id


def _plant_officers(work: Work, contact_id: int, ticket_id: int, seeker_id: int) -> None:
    for code, what in (("111122223333", "officer"), ("444455556666", "invited")):
        invitation = Invitation(PLANTED[what], "social", "officer", None)
        assert officers.invite(work, code, invitation, NOW, NOW + timedelta(days=1))
    officer = officers.join(work, "111122223333", contact_id, NOW)
    assert officer is not None
    tickets.say(work, ticket_id, "officer", PLANTED["ticket message"], NOW, officer_id=officer.id)
    audit.note(work, officer, "ticket", NOW, seeker_id=seeker_id, ticket=ticket_id)


def _bytes_of(database: Database) -> bytes:
    """Everything the database keeps, as bytes: its files, or each row of each table with bytes written as text too."""
    if database.file is not None:
        return b"".join(file.read_bytes() for file in sorted(database.file.parent.glob(f"{database.file.name}*")))
    dump = []
    with closing(database.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        for table in metadata.sorted_tables:
            cursor.execute(f"SELECT t::text FROM {table.name} t")
            for (row,) in cursor.fetchall():
                # Without the hexadecimals of what follows as bytes: any four digits stand there by chance.
                dump.append(re.sub(r"\\+x[0-9a-f]+", "", row).encode())
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
        assert known.seekers
        assert (known.contact_id, known.seekers[0].name) == (contact_id, PLANTED["name"])
        assert (known.seekers[0].birth_year, known.seekers[0].sex) == (1907, "P")


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
            require_keys(one)
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
    with pytest.raises(UnknownKey, match="was not given"):
        require_keys(only_new)
    require_keys(both)
    assert rewrite(both) == 10
    assert rewrite(both) == 0
    require_keys(only_new)
    with only_new.work() as work:
        [known] = contacts.recognise(work, [Identity("telegram", PLANTED["address"])], NOW)
        assert known.contact_id == contact_id
        assert known.session == {"a": {"name": PLANTED["answer"]}}
        assert known.seekers
        assert known.seekers[0].phone == PLANTED["phone"]
        [ticket] = tickets.list_open(work)
        assert ticket.text == PLANTED["ticket"]
        [line] = tickets.lines(work, ticket.id)
        assert (line.officer, line.text) == (PLANTED["officer"], PLANTED["ticket message"])


def test_a_key_in_use_is_missed_at_the_start_whoever_moved_on_to_the_newest(
    database: Database, rotated: tuple[Database, Database]
) -> None:
    both, only_new = rotated
    people = [Identity("telegram", str(n)) for n in range(3)]
    require_keys(database)
    with database.work() as work:
        contacts.recognise(work, people, NOW)
    require_keys(both)
    with both.work() as work:
        contacts.recognise(work, [people[0], people[2]], NOW)
    with pytest.raises(UnknownKey, match=database.key_ring.prefixes[0][1:].hex()):
        require_keys(only_new)


def test_the_keys_are_known_from_one_read_and_a_key_under_which_nothing_is_kept_may_go(
    database: Database, rotated: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    both, only_new = rotated
    require_keys(both)
    with monkeypatch.context() as patched:
        patched.setattr("storage.rotation._found", None)
        require_keys(both)
        with pytest.raises(TypeError):
            require_keys(database)  # its key is not noted yet
    require_keys(only_new)
    require_keys(database)
    with database.read() as work:
        assert meta.names(work, "key:") == [f"key:{database.key_ring.prefixes[0][1:].hex()}"]


def test_a_contact_that_stands_twice_becomes_one(database: Database, rotated: tuple[Database, Database]) -> None:
    """Somebody wrote while the old key was missing, and was taken for a new contact."""
    both, only_new = rotated
    contact_id = _plant(database)
    links = metadata.tables["contact_seekers"]
    with only_new.work() as work:
        [twin] = contacts.recognise(work, [Identity("telegram", PLANTED["address"], "en")], NOW)
        assert twin.contact_id != contact_id
        other = seekers.add(work, {"name": "Budi Contoh"}, education_rank=None, now=NOW)
        seekers.link(work, twin.contact_id, other, "companion")
        contacts.set_alerts(work, twin.contact_id, False)
        sessions.save(work, [SessionToSave(twin.contact_id, {"a": "now"}, 0)], NOW)
        inbound.record(work, [Arrival("telegram", "2", twin.contact_id)], NOW)
        outbox.add(work, [NewMessage(twin.contact_id, "telegram", {"text": "dua"}, external_id="2")], NOW)
        tickets.open_ticket(work, twin.contact_id, None, "human", "tolong", NOW)
        [first] = work.connection.scalars(sa.select(links.c.seeker_id).where(links.c.contact_id == contact_id))
        seekers.link(work, twin.contact_id, first, "self")  # both may speak for the same person
    rewrite(both)
    require_keys(only_new)
    with only_new.work() as work:
        [known] = contacts.recognise(work, [Identity("telegram", PLANTED["address"])], NOW)
        assert (known.contact_id, known.locale, known.alerts) == (contact_id, "en", False)
        assert known.session == {"a": "now"}
        assert [seeker.name for seeker in known.seekers] == ["Budi Contoh", PLANTED["name"]]
        assert [line.body for line in outbox.transcript(work, contact_id, 9) if line.body] == [
            {"text": PLANTED["sent"]},
            {"text": "dua"},
        ]
        assert [s.body for s in outbox.for_inbound(work, "telegram", "2")] == [{"text": "dua"}]
        assert [ticket.text for ticket in tickets.list_open(work)] == [PLANTED["ticket"], "tolong"]
        assert work.connection.scalar(sa.select(sa.func.count()).select_from(metadata.tables["contacts"])) == 1


def test_of_a_contact_that_stands_twice_the_newest_of_everything_counts(
    database: Database, rotated: tuple[Database, Database]
) -> None:
    both, only_new = rotated
    contact_id = _plant(database)
    columns = metadata.tables["contacts"].c
    later, until = NOW + timedelta(days=1), NOW + timedelta(days=2)
    with database.work() as work:
        [ani] = work.connection.scalars(sa.select(metadata.tables["seekers"].c.id))
        links.prefer(work, contact_id, ani, later)
        assert links.offer(work, contact_id, ani, "11111111", NOW, until)
        work.connection.execute(metadata.tables["contacts"].update().values(heard_at=later))
    with only_new.work() as work:
        [twin] = contacts.recognise(work, [Identity("telegram", PLANTED["address"])], NOW)
        seekers.link(work, twin.contact_id, ani, "self")
        links.prefer(work, twin.contact_id, ani, NOW)
        assert links.offer(work, twin.contact_id, ani, "22222222", NOW, until)
        contacts.set_blocked(work, twin.contact_id, NOW)
        why = {"blocked_why": "131026", "heard_at": NOW}
        work.connection.execute(metadata.tables["contacts"].update().where(columns.id == twin.contact_id).values(why))
    rewrite(both)
    with only_new.work() as work:
        row = work.connection.execute(sa.select(columns.id, columns.blocked_why, columns.heard_at)).one()
        assert row == (contact_id, "131026", later)
        preferred = metadata.tables["contact_seekers"].c.preferred_at
        assert work.connection.scalars(sa.select(preferred)).all() == [later]
        assert links.offered(work, "22222222", NOW) == links.Offer(contact_id, ani)
        assert links.offered(work, "11111111", NOW) is None


NUMBER, HIDDEN = Identity("whatsapp", "6281200000001", alias="ID.1"), Identity("whatsapp", "ID.1", alias="ID.1")


@pytest.mark.parametrize("first", [NUMBER, HIDDEN])
def test_who_hides_their_number_is_known_under_the_new_key(
    database: Database, rotated: tuple[Database, Database], first: Identity
) -> None:
    both, only_new = rotated
    with database.work() as work:
        [before] = contacts.recognise(work, [first], NOW)
    with pytest.raises(UnknownKey):
        require_keys(only_new)
    rewrite(both)
    require_keys(only_new)
    with only_new.work() as work:
        for identity in (HIDDEN, NUMBER):
            [known] = contacts.recognise(work, [identity], NOW)
            assert (known.contact_id, known.stranger) == (before.contact_id, False)
        [other] = contacts.recognise(work, [Identity("whatsapp", "6281200000001", alias="ID.2")], NOW)
        assert (other.contact_id, other.stranger) == (before.contact_id, True), "who has got the number is another one"


@pytest.mark.parametrize(("first", "second", "kept"), [(NUMBER, HIDDEN, NUMBER), (HIDDEN, NUMBER, NUMBER)])
def test_who_stands_twice_by_one_alias_becomes_one(
    database: Database, rotated: tuple[Database, Database], first: Identity, second: Identity, kept: Identity
) -> None:
    both, only_new = rotated
    with database.work() as work:
        [before] = contacts.recognise(work, [first], NOW)
        ani = seekers.add(work, {"name": PLANTED["name"]}, education_rank=None, now=NOW)
        seekers.link(work, before.contact_id, ani, "self")
    with only_new.work() as work:
        [twin] = contacts.recognise(work, [second], NOW)
        assert twin.contact_id != before.contact_id
    rewrite(both)
    assert rewrite(both) == 0
    require_keys(only_new)
    with only_new.work() as work:
        assert contacts.find(work, "whatsapp", kept.address) == before.contact_id
        for identity in (first, second):
            [known] = contacts.recognise(work, [identity], NOW)
            assert (known.contact_id, known.stranger, len(known.seekers)) == (before.contact_id, False, 1)
        for table in ("contacts", "contact_aliases"):
            assert work.connection.scalar(sa.select(sa.func.count()).select_from(metadata.tables[table])) == 1


@pytest.mark.parametrize("alias", ["ID.1", "ID.2"])
def test_of_who_stands_twice_by_one_number_it_is_doubted_where_the_aliases_differ(
    database: Database, rotated: tuple[Database, Database], alias: str
) -> None:
    both, only_new = rotated
    with database.work() as work:
        [before] = contacts.recognise(work, [NUMBER], NOW)
    later = NOW + timedelta(days=1)
    with only_new.work() as work:
        contacts.recognise(work, [Identity("whatsapp", NUMBER.address, alias=alias)], later)
    rewrite(both)
    with only_new.work() as work:
        row = work.connection.execute(sa.select(metadata.tables["contacts"])).one()
        assert (row.id, row.doubted_at) == (before.contact_id, None if alias == "ID.1" else later)
        assert work.connection.scalars(sa.select(metadata.tables["contact_aliases"].c.alias)).all() == [alias]


def test_half_a_surrogate_pair_is_kept_like_any_other_text(database: Database) -> None:
    with database.work() as work:
        [known] = contacts.recognise(work, [Identity("web", "1")], NOW)
        inbound.record(work, [Arrival("web", "1", known.contact_id, said="halo \ud83d")], NOW)
        sessions.save(work, [SessionToSave(known.contact_id, {"a": "\ud83d"}, 0)], NOW)
        assert outbox.transcript(work, known.contact_id, 1)[0].said == "halo \ud83d"
        [again] = contacts.recognise(work, [Identity("web", known.address)], NOW)
        assert again.session == {"a": "\ud83d"}
