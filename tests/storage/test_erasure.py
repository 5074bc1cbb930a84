"""Erasing somebody, proven: whatever they gave is looked for in every byte that is left, also by who has the keys."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.announce import Announcer
from bot.erased import Erased, read
from bot.opening import Opened
from bot.settings import load_settings
from conversations.domain.seeker import TUPLES, Seeker
from storage import backup, seekers, tickets, vacancies
from storage.keys import KeyRing, Tampered, UnknownKey
from storage.models import metadata
from storage.models import seekers as kept
from storage.work import Database
from tests.storage.offers import Offered
from tests.support.offers import vacancy
from tests.support.registered import everybody
from tests.turns.test_links import Two

CODES = {"id", "for_whom", "status", "paused", "objects", "pin"}
"""Fields that hold nothing a person gave (a PIN is kept as a hash, and would be asked for), or one of a few words."""

VALUES: dict[str, Any] = {
    "birth_year": 1903,
    "lowest_wage": 7_391_846_205,
    "documents": [{"name": "surat-zqdocuments.pdf", "size": 11}],
    "paper": {"number": "zqpaper-0417", "officer": "Petugas Zqpaper"},
} | {
    field.name: [f"zq{field.name} satu", f"zq{field.name} dua"] if field.name in TUPLES else f"zq{field.name} contoh"
    for field in fields(Seeker)
    if field.name not in CODES | {"birth_year", "lowest_wage", "documents", "paper"}
}
"""Something that stands nowhere else, for every field there is; a new one is among them by itself."""

SAID = ["zqticket: saya takut kepada bos lama", "zqanswer dari petugas"]


def distinctive() -> list[str]:
    """Every value as it would be found; four digits alone stand in random bytes by chance."""
    found: list[str] = []
    for value in [*VALUES.values(), *SAID]:
        for one in value if isinstance(value, list) else [value]:
            parts = one.values() if isinstance(one, dict) else [one]
            found += [str(part) for part in parts if len(str(part)) > 4]
    return found


def forms(value: str) -> Iterator[bytes]:
    """How a value may be written."""
    plain = value.encode()
    yield plain
    yield value.upper().encode()
    for encoding in ("utf-16-le", "utf-16-be"):
        yield value.encode(encoding)
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    for shift in range(3):
        # Whatever stands before it, these of its characters are the same.
        padded = b"\0" * shift + plain
        whole = base64.b64encode(padded)[(shift * 4 + 2) // 3 + (shift > 0) : len(padded) * 4 // 3 - 2]
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))


def found_in(haystack: bytes) -> list[str]:
    return [value for value in distinctive() if any(form in haystack for form in forms(value))]


def bytes_of(database: Database) -> bytes:
    """All that the database keeps: its files with its log, or each row of each table, bytes as bytes."""
    if database.file is not None:
        return b"".join(one.read_bytes() for one in sorted(database.file.parent.glob(f"{database.file.name}*")))
    dump = []
    with closing(database.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            for (row,) in cursor.fetchall():
                dump.append(row.encode())
                dump += [bytes.fromhex(written) for written in re.findall(r"\\+x([0-9a-f]+)", row)]
    return b"\n".join(dump)


def opened_of(database: Database) -> bytes:
    """All that who has the service's key can read, in every table, column by column."""
    said = []
    with database.read() as work:
        for table in metadata.sorted_tables:
            said += [repr(tuple(row)) for row in work.connection.execute(sa.select(table))]
        said += [json.dumps(asdict(seeker), default=list) for seeker in everybody(work)]
    return "\n".join(said).encode()


def keys_in(raw: bytes, ring: KeyRing) -> set[bytes]:
    """Every person's own key that can be unwrapped from anywhere in these bytes, deleted or not."""
    found = set()
    [prefix] = ring.prefixes
    for match in re.finditer(re.escape(prefix), raw):
        with suppress(Tampered, UnknownKey):
            found.add(ring.open(raw[match.start() : match.start() + len(prefix) + 12 + 32 + 16], b"seekers.key"))
    return found


class Given:
    """Somebody who has given everything there is to give, on two channels, and somebody else."""

    def __init__(self, office: Two, folder: Path) -> None:
        self.office, self.folder, self.database = office, folder, office.database
        office.registers("2", "Budi Contoh")
        office.registers("1", "Ani Contoh")
        office.join()
        now = office.clock.now
        with self.database.work() as work:
            vacancies.upsert(work, [Offered(vacancy(1, "Penjahit Contoh", fields=("menjahit",)))], now)
        settings = load_settings({"SETARA_DATA_DIR": str(folder), "SETARA_QUIET_HOURS": "off"})
        self.opened = Opened(settings, self.database, office.turntaker.region, office.clock)
        announcer = Announcer(self.opened)
        with self.database.work() as work:
            assert announcer.match(work) == 1
        with self.database.work() as work:
            self.told = announcer.tell(work)
        with self.database.work() as work:
            self.id = work.connection.scalar(sa.select(sa.func.max(kept.c.id)))
            seekers.change(work, self.id, VALUES, education_rank=None, now=now)
            # An officer confirms an identity after it was given: with the number itself it would begin anew.
            seekers.change(work, self.id, {"identity_on": VALUES["identity_on"]}, education_rank=None, now=now)
            row = work.connection.execute(sa.select(kept.c.key).where(kept.c.id == self.id)).one()
            self.key = bytes(row.key)
            contact_id = office.id_of("telegram", "1")
            ticket = tickets.open_ticket(work, contact_id, self.id, "human", SAID[0], now)
            tickets.say(work, ticket, "officer", SAID[1], now)
        office.says("1", "ubah nama")

    def erases(self) -> None:
        for words in ("BATAL", "hapus data saya", "ya"):
            self.office.says("1", words)
        with self.database.read() as work:
            assert [seeker.name for seeker in everybody(work)] == ["Budi Contoh"]


@pytest.fixture
def given(database: Database, tmp_path: Path) -> Given:
    return Given(Two(database), tmp_path)


def test_every_field_there_is_has_a_value_here() -> None:
    assert VALUES.keys() | CODES == {field.name for field in fields(Seeker)}


def test_the_search_finds_every_value_in_every_form() -> None:
    """Otherwise it would prove nothing."""
    for value in distinctive():
        for form in forms(value):
            assert value in found_in(b"..." + form + b"..."), (value, form)
        for before in ("", "a", "ab"):
            assert value in found_in(base64.b64encode(f"{before}{value} dan lagi".encode())), (value, before)


def test_nothing_somebody_gave_is_left_in_any_byte(given: Given, capfd: pytest.CaptureFixture[str]) -> None:
    database, ring = given.database, given.database.key_ring
    assert given.told == 2
    readable = found_in(opened_of(database))
    assert sorted(readable) == sorted(distinctive()), "it is all there, for who has the key"
    assert given.key in keys_in(bytes_of(database), ring)
    given.erases()
    assert Erased(database, given.folder / "erased.txt", given.office.clock).write() > 0
    left = bytes_of(database)
    assert found_in(left) == []
    assert found_in(opened_of(database)) == []
    assert given.key not in keys_in(left, ring), "nor is the key that would open what lies about"
    assert keys_in(left, ring), "the other's is, so the search for it finds keys"
    files = [one for one in given.folder.rglob("*") if one.is_file()]
    assert given.folder / "erased.txt" in files
    for file in files:
        assert found_in(file.read_bytes()) == [], file
    out, err = capfd.readouterr()
    assert found_in((out + err).encode()) == [], "nor has a log told any of it"


def test_a_backup_from_before_brings_nothing_back(given: Given, bare_database_url: str) -> None:
    file = given.folder / "sebelum.setara"
    with file.open("wb") as stream:
        backup.take(given.database, stream, given.office.clock())
    plain = {*VALUES["fields"], VALUES["district"], VALUES["education"]}
    assert set(found_in(gzip.decompress(file.read_bytes()))) <= plain, "only what SQL matches by is not sealed"
    given.erases()
    listed = given.folder / "erased.txt"
    Erased(given.database, listed, given.office.clock).write()
    restored = Database(bare_database_url, given.database.key_ring)
    done = backup.put_back(restored, file, given.office.clock(), read([listed]))
    assert done.settled.seekers_erased == 1
    left = bytes_of(restored)
    assert found_in(left) == []
    assert found_in(opened_of(restored)) == []
    assert given.key not in keys_in(left, restored.key_ring)
    with restored.read() as work:
        assert [seeker.name for seeker in everybody(work)] == ["Budi Contoh"]
    restored.close()
