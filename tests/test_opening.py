"""Opening the database: what every command needs is there, or one line says what stands in the way."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.opening import Opened, open_everything
from bot.settings import SettingsError, load_settings
from storage import contacts
from storage.contacts import Identity
from storage.keys import KeyRing, generate_key
from storage.problems import OperationalProblem


def opened(folder: Path, **settings: str) -> Opened:
    given = {f"SETARA_{name.upper()}": value for name, value in settings.items()}
    return open_everything(load_settings({"SETARA_DATA_DIR": str(folder), **given}))


def refused(folder: Path, **settings: str) -> str:
    with pytest.raises(SettingsError) as caught:
        opened(folder, **settings)
    (line,) = caught.value.lines
    assert "\n" not in line
    return line


def writes(service: Opened, *addresses: str) -> None:
    """Somebody writes from each of these addresses; then the service ends."""
    with service.database.work() as work:
        contacts.recognise(work, [Identity("telegram", address) for address in addresses], service.clock())
    service.database.close()


def test_a_key_that_went_too_early_is_missed_though_the_first_and_the_last_have_moved_on(tmp_path: Path) -> None:
    old, new = generate_key(), generate_key()
    writes(opened(tmp_path, key=old), "1", "2", "3")
    writes(opened(tmp_path, key=f"{new},{old}"), "1", "3")
    line = refused(tmp_path, key=new)
    assert line.startswith("SETARA_KEY: ")
    assert KeyRing([old]).prefixes[0][1:].hex() in line
    writes(opened(tmp_path, key=f"{new},{old}"), "2")
    opened(tmp_path, key=new).database.close()


def test_an_empty_database_may_be_given_another_key(tmp_path: Path) -> None:
    opened(tmp_path, key=generate_key()).database.close()
    opened(tmp_path, key=generate_key()).database.close()


def test_what_is_no_database_of_ours_is_refused_in_one_line_and_nothing_is_made(tmp_path: Path) -> None:
    file, data = tmp_path / "basis.db", tmp_path / "data"
    url = f"sqlite:///{file}"
    file.mkdir()
    assert "bukan berkas" in refused(data, database_url=url)
    file.rmdir()
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE contacts (id INTEGER)")
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")
    before = file.read_bytes()
    assert "milik program lain" in refused(data, database_url=url)
    assert "milik program lain" in refused(data, database_url=url, key=generate_key())
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("content", [b"not a database, just words " * 50, b"SQLite format 3\0" + b"\xff" * 4_096])
def test_a_damaged_file_is_a_problem_that_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "basis.db"
    file.write_bytes(content)
    for settings in ({}, {"key": generate_key()}):
        with pytest.raises(OperationalProblem) as caught:
            opened(tmp_path / "data", database_url=f"sqlite:///{file}", **settings)
        assert caught.value.kind == "damaged"
    assert [path.name for path in tmp_path.iterdir()] == ["basis.db"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "berkas").touch()
    assert "tidak bisa dibuat" in refused(tmp_path / "data", database_url=f"sqlite:///{tmp_path}/berkas/dalam/basis.db")
    assert [path.name for path in tmp_path.iterdir()] == ["berkas"]


def test_what_is_made_is_for_its_owner_alone(tmp_path: Path) -> None:
    data, elsewhere = tmp_path / "data", tmp_path / "basis"
    kept_open = opened(data, database_url=f"sqlite:///{elsewhere}/setara.db")
    try:
        assert {mode(folder) for folder in (data, elsewhere)} == {0o700}
        made = [*data.iterdir(), *elsewhere.iterdir()]
        assert {file.name for file in made} >= {"setara.key", "setara.db", "setara.db-wal", "setara.db-shm"}
        assert {mode(file) for file in made} == {0o600}
    finally:
        kept_open.database.close()


def test_a_folder_that_was_there_stays_as_it_was(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    opened(tmp_path).database.close()
    assert mode(tmp_path) == 0o755


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
