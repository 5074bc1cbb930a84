"""Opening the database: what every command needs is there, or one line says what stands in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.opening import Opened, open_everything
from bot.settings import SettingsError, load_settings
from storage import contacts
from storage.contacts import Identity
from storage.keys import KeyRing, generate_key


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
