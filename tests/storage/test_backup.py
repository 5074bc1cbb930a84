"""Backups: everything comes back in either engine, but for the erased, and nobody is told twice."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.announce import Announcer
from bot.opening import Opened
from bot.settings import load_settings
from storage import backup, contacts, seekers, tombstones, vacancies
from storage.backup import NotEmpty, Restored
from storage.backup_file import BadBackup, Header, Writer, tables, verify
from storage.contacts import Identity
from storage.drift import drift
from storage.keys import KeyRing, UnknownKey, generate_key
from storage.models import matches, metadata, outbox, told_before
from storage.models import seekers as kept
from storage.schema import upgrade
from storage.work import Database
from tests.storage.offers import Offered
from tests.support.offers import vacancy
from tests.support.registered import everybody
from tests.support.service import Office

SEWING = vacancy(1, "Penjahit Contoh", fields=("menjahit",), education=None)
LATER = vacancy(2, "Penjahit Lain Contoh", fields=("menjahit",), education=None)


@pytest.fixture
def office(database: Database) -> Office:
    office = Office(database)
    office.registers("1", "Ani Contoh")
    office.registers("2", "Budi Contoh")
    for words in ("daftar", "saya sendiri", "ya", "Citra Contoh"):
        office.says("3", words)
    return office


@pytest.fixture
def bare(bare_database_url: str, key_ring: KeyRing) -> Iterator[Database]:
    database = Database(bare_database_url, key_ring)
    yield database
    database.close()


def taken(office: Office, folder: Path) -> Path:
    file = folder / "contoh.setara"
    with file.open("wb") as stream:
        backup.take(office.database, stream, office.clock())
    return file


def opens(office: Office, *offers: Any) -> None:
    with office.database.work() as work:
        vacancies.upsert(work, [Offered(offer) for offer in offers], office.clock())


def told(office: Office, database: Database, tmp_path: Path) -> int:
    """Match and tell, as the service does every second; returns how many messages were written."""
    settings = load_settings({"SETARA_DATA_DIR": str(tmp_path), "SETARA_QUIET_HOURS": "off"})
    announcer = Announcer(Opened(settings, database, office.turntaker.region, office.clock))
    more = 1
    while more:
        with database.work() as work:
            more = announcer.match(work)
    with database.work() as work:
        return announcer.tell(work)


def back(office: Office, database: Database, file: Path, **how: Any) -> Restored:
    return backup.put_back(database, file, office.clock(), how.pop("erased", ()), **how)


def rows_of(file: Path) -> dict[str, list[Any]]:
    return {one.name: [tuple(row) for row in one.rows] for one in tables(file)}


def test_every_row_comes_back_as_it_was_in_either_engine(office: Office, bare: Database, tmp_path: Path) -> None:
    opens(office, SEWING)
    assert told(office, office.database, tmp_path) == 2
    file = taken(office, tmp_path)
    done = back(office, bare, file, moving=True)
    assert drift(bare) == []
    again = tmp_path / "lagi.setara"
    with again.open("wb") as stream:
        backup.take(bare, stream, office.clock())
    before, after = rows_of(file), rows_of(again)
    assert after == before
    assert done.contents.rows == {name: len(rows) for name, rows in before.items()}
    assert {name for name, rows in before.items() if rows} >= {"seekers", "consents", "sessions", "outbox", "matches"}
    moved = Office(bare, office.clock, office.numbers)
    assert "Citra Contoh" not in str(before), "what is sealed stays sealed"
    moved.says("3", "1999")
    with bare.read() as work:
        assert [one.name for one in everybody(work)] == ["Ani Contoh", "Budi Contoh"]


def test_ids_given_after_the_backup_are_not_given_again(office: Office, bare: Database, tmp_path: Path) -> None:
    file = taken(office, tmp_path)
    office.registers("4", "Dewi Contoh")
    with office.database.read() as work:
        lost = backup.highest_ids(work)
    back(office, bare, file)
    moved = Office(bare, office.clock, office.numbers)
    moved.registers("5", "Edi Contoh")
    with bare.read() as work:
        for name in ("contacts", "seekers", "consents", "outbox"):
            table = metadata.tables[name]
            newest = work.connection.scalar(sa.select(sa.func.max(table.c.id)))
            assert newest is not None
            assert newest > lost[name], name


def test_what_waited_is_told_nobody_again(office: Office, bare: Database, tmp_path: Path) -> None:
    opens(office, SEWING)
    assert told(office, office.database, tmp_path) == 2
    opens(office, LATER)
    file = taken(office, tmp_path)  # one alert each waits, and LATER is not announced yet
    done = back(office, bare, file)
    assert done.settled.alerts_dropped == 2
    assert done.settled.vacancies_counted == 1
    office.clock.passes(days=1)
    assert told(office, bare, tmp_path) == 0
    with bare.read() as work:
        assert not work.connection.scalar(sa.select(sa.func.count()).where(outbox.c.state == "waiting"))
    opens(Office(bare, office.clock), vacancy(3, "Penjahit Baru", fields=("menjahit",), education=None))
    assert told(office, bare, tmp_path) == 2, "of what is new they are told"


def test_what_the_replaced_database_had_told_is_known(office: Office, tmp_path: Path) -> None:
    opens(office, SEWING)
    file = taken(office, tmp_path)  # SEWING is not announced yet, and LATER not here
    opens(office, LATER)
    assert told(office, office.database, tmp_path) == 2
    office.registers("4", "Dewi Contoh")
    database = office.database
    with pytest.raises(NotEmpty):
        back(office, database, file)
    done = back(office, database, file, replace=True)
    assert done.settled.counted_as_told == done.settled.vacancies_counted == 0, "nothing need be guessed"
    office.clock.passes(days=1)
    assert told(office, database, tmp_path) == 0
    with database.read() as work:
        assert work.connection.scalar(sa.select(sa.func.count()).select_from(told_before)) == 2
    opens(office, LATER)
    assert told(office, database, tmp_path) == 0, "nor when the same file is imported again"
    office.registers("5", "Edi Contoh")
    opens(office, vacancy(3, "Penjahit Baru", fields=("menjahit",), education=None))
    assert told(office, database, tmp_path) == 3
    with database.read() as work:
        assert not work.connection.scalar(
            sa.select(sa.func.count()).select_from(matches).where(matches.c.told_at.is_(None))
        )


def test_the_erased_stay_erased(office: Office, bare: Database, tmp_path: Path) -> None:
    office.registers("4", "Dewi Contoh")
    file = taken(office, tmp_path)
    office.clock.passes(minutes=5)
    for who in ("1", "3"):
        for words in ("MENU", "hapus data saya", "ya"):
            office.says(who, words)
    office.registers("1", "Ani Baru Contoh")
    with office.database.read() as work:
        buried = tombstones.kept(work)
    assert sorted({one.kind for one in buried}) == ["contact", "seeker"]
    done = back(office, bare, file, erased=buried)
    assert (done.settled.seekers_erased, done.settled.talks_erased) == (1, 2)
    with bare.work() as work:
        assert [one.name for one in everybody(work)] == ["Budi Contoh", "Dewi Contoh"]
        [ani, citra] = contacts.recognise(work, [Identity("telegram", "1"), Identity("telegram", "3")], office.clock())
        assert ani.session is None
        assert citra.session is None, "nor the answers of who had not finished"
        assert set(tombstones.kept(work)) >= set(buried), "and the next backup knows it by itself"
    upgrade(bare)


def test_who_came_back_before_the_backup_is_not_erased_by_an_older_tombstone(
    office: Office, bare: Database, tmp_path: Path
) -> None:
    for words in ("MENU", "hapus data saya", "ya"):
        office.says("3", words)
    office.clock.passes(hours=1)
    for words in ("daftar", "saya sendiri", "ya", "Citra Lagi Contoh"):
        office.says("3", words)
    with office.database.read() as work:
        buried = tombstones.kept(work)
    back(office, bare, taken(office, tmp_path), erased=buried)
    assert "Tahun berapa" not in Office(bare, office.clock, office.numbers).says("3", "1999").replies[0].message.text
    with bare.work() as work:
        [citra] = contacts.recognise(work, [Identity("telegram", "3")], office.clock())
        assert "Citra Lagi Contoh" in json.dumps(citra.session)


def _lines(file: Path) -> list[bytes]:
    return gzip.decompress(file.read_bytes()).splitlines(keepends=True)


HARMED: dict[str, Callable[[Path], bytes]] = {
    "empty": lambda file: b"",
    "cut": lambda file: file.read_bytes()[:-40],
    "cut between lines": lambda file: gzip.compress(b"".join(_lines(file)[:-2])),
    "a row less": lambda file: gzip.compress(b"".join([*_lines(file)[:5], *_lines(file)[6:]])),
    "a byte": lambda file: gzip.compress(b"".join(_lines(file)).replace(b"telegram", b"telegraf", 1)),
    "more": lambda file: gzip.compress(b"".join([*_lines(file), b"[]\n"])),
    "another file": lambda file: gzip.compress(b'{"format":"lain"}\n'),
    "no gzip": lambda file: b"SQLite format 3\0",
    "newer": lambda file: gzip.compress(b"".join(_lines(file)).replace(b'"version":1', b'"version":2', 1)),
}


@pytest.mark.parametrize("harm", HARMED)
def test_a_backup_that_was_harmed_is_refused_and_changes_nothing(office: Office, tmp_path: Path, harm: str) -> None:
    file = taken(office, tmp_path)
    harmed = tmp_path / "rusak.setara"
    harmed.write_bytes(HARMED[harm](file))
    with pytest.raises(BadBackup):
        back(office, office.database, harmed, replace=True)
    with office.database.read() as work:
        assert len(everybody(work)) == 2


def test_a_backup_under_another_key_is_refused(office: Office, tmp_path: Path) -> None:
    from storage.rotation import require_keys

    require_keys(office.database)
    file = taken(office, tmp_path)
    other = Database(f"sqlite:///{tmp_path / 'lain.db'}", KeyRing([generate_key()]))
    with pytest.raises(UnknownKey):
        back(office, other, file)
    other.close()


def test_a_restore_that_fails_half_way_changes_nothing(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = taken(office, tmp_path)
    monkeypatch.setattr(backup, "settle", lambda *_, **__: 1 / 0)
    office.registers("4", "Dewi Contoh")
    with pytest.raises(ZeroDivisionError):
        back(office, office.database, file, replace=True)
    with office.database.read() as work:
        assert [one.name for one in everybody(work)] == ["Ani Contoh", "Budi Contoh", "Dewi Contoh"]
    office.registers("5", "Edi Contoh")


def test_every_table_and_column_has_a_place_in_a_backup() -> None:
    for table in metadata.sorted_tables:
        for column in table.c:
            assert backup.kind_of(column)  # raises where there is none


def test_turns_taken_while_a_backup_is_made_are_in_it_whole_or_not_at_all(office: Office, tmp_path: Path) -> None:
    class Slow(io.BytesIO):
        """Somebody registers while it is being written."""

        begun = False

        def write(self, data: Any) -> int:
            if not self.begun:
                self.begun = True
                office.registers("4", "Dewi Contoh")
            return super().write(data)

    stream = Slow()
    backup.take(office.database, stream, office.clock())
    assert stream.begun
    file = tmp_path / "contoh.setara"
    file.write_bytes(stream.getvalue())
    assert verify(file).rows["seekers"] == verify(file).rows["contact_seekers"] == 2


def test_seekers_are_found_again_by_what_they_look_for(office: Office, bare: Database, tmp_path: Path) -> None:
    back(office, bare, taken(office, tmp_path))
    with bare.work() as work:
        ids = list(work.connection.scalars(sa.select(kept.c.id).order_by(kept.c.id)))
        seekers.pause(work, ids[0], office.clock())
    office.clock.passes(seconds=timedelta(days=1).total_seconds())
    opens(Office(bare, office.clock), LATER)
    assert told(office, bare, tmp_path) == 1


def test_the_file_says_what_it_is(tmp_path: Path, office: Office) -> None:
    file = tmp_path / "kosong.setara"
    with file.open("wb") as stream:
        writer = Writer(stream, Header("0003", office.clock(), ("0011",)))
        writer.table("meta", {"key": "text", "value": "text"}, [("a", "\ud83d")])
        writer.end({"seekers": 3})
    contents = verify(file)
    assert contents.header == Header("0003", office.clock(), ("0011",))
    assert (contents.rows, contents.ids) == ({"meta": 1}, {"seekers": 3})
    assert rows_of(file) == {"meta": [("a", "\ud83d")]}
