"""Opening what every command needs: settings, key, database with the right schema, region."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clips import Recordings
from bot.erased import Erased
from bot.key_file import resolve_key
from bot.logs import get_logger
from bot.settings import Settings, SettingsError
from bot.turns import Turntaker
from conversations.catalogue import REGISTRY
from conversations.domain.region import Region, load_region
from storage.keys import UnknownKey
from storage.problems import recognise
from storage.rotation import require_keys
from storage.schema import require_current, upgrade
from storage.work import Database

log = get_logger(__name__)

Clock = Callable[[], datetime]

OWN_TABLES = {"alembic_version", "contacts", "meta", "seekers"}
"""Without these an SQLite file that has tables belongs to another program."""


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a command works with."""

    settings: Settings
    database: Database
    region: Region
    clock: Clock

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.timezone

    def local_now(self) -> datetime:
        return self.clock().astimezone(self.zone)

    def turntaker(self) -> Turntaker:
        tokens = {"whatsapp": self.settings.whatsapp_token, "telegram": self.settings.telegram_token}
        channels = [*(channel for channel, token in tokens.items() if token is not None), "web"]
        recordings = Recordings(self.settings.clips)
        return Turntaker(
            self.database,
            REGISTRY,
            self.region,
            self.zone,
            self.clock,
            channels,
            recordings,
            after_erasing=self.erased().write,
            templated=self.settings.templated("alert"),
        )

    def erased(self) -> Erased:
        return Erased(self.database, self.settings.erased_list, self.clock)


def open_everything(settings: Settings, clock: Clock = system_clock, *, migrate: bool = False) -> Opened:
    """Open the database; on SQLite its schema is brought up to date after a backup copy.

    On PostgreSQL only ``migrate`` changes the schema. Raises SettingsError or OperationalProblem, each with
    lines that say what to do.
    """
    try:
        region = load_region(settings.region)
    except ValueError as error:
        raise SettingsError((f"SETARA_REGION: {error}",)) from None
    encrypted = False
    if settings.on_sqlite:
        encrypted = holds_encrypted(sqlite_file(settings))
        _make_private_folder(sqlite_file(settings).parent)
    material = resolve_key(settings, lambda: encrypted)
    for notice in material.notices:
        log.warning("key", notice=notice)
    if settings.on_sqlite:
        _make_private_file(sqlite_file(settings))
    database = Database(settings.database_url.get_secret_value(), material.ring())
    if settings.on_sqlite or migrate:
        done = upgrade(database, settings.data_dir / "backups")
        if done.backup is not None:
            log.info("schema_upgraded", before=done.before, after=done.after, backup=str(done.backup))
    else:
        require_current(database)
    try:
        require_keys(database)
    except UnknownKey as missing:
        ids = ", ".join(missing.key_ids)
        raise SettingsError(
            (
                f"SETARA_KEY: basis data ini dikunci dengan kunci lain ({ids}). "
                "Tambahkan kunci itu di belakang kunci yang baru, dipisah koma.",
            )
        ) from None
    return Opened(settings, database, region, clock)


def sqlite_file(settings: Settings) -> Path:
    return Path(settings.database_url.get_secret_value().removeprefix("sqlite:///"))


def holds_encrypted(file: Path) -> bool:
    """Whether the SQLite file holds anything that a key was needed for; looked at without one, and before any is made.

    Raises SettingsError when it is not a database of this service, OperationalProblem when it cannot be read.
    """
    try:
        if not file.exists() or file.stat().st_size == 0:
            return False
        if not file.is_file():
            raise SettingsError((f"SETARA_DATABASE_URL: {file} bukan berkas. Pilih nama berkas di dalam folder.",))
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if tables and not tables >= OWN_TABLES:
                raise SettingsError((f"SETARA_DATABASE_URL: {file} milik program lain. Pilih nama berkas lain.",))
            return bool(tables) and any(
                connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("contacts", "seekers")
            )
    except sqlite3.Error as error:
        raise recognise(error) or error from None
    except OSError as error:
        raise SettingsError((f"Berkas {file} tidak bisa dibuka: {error.strerror}.",)) from None


def make_private(file: Path) -> None:
    """The database's file and its folder, for their owner alone, where they are not there yet. Raises SettingsError."""
    _make_private_folder(file.parent)
    _make_private_file(file)


def _make_private_folder(folder: Path) -> None:
    """What lies in it is for its owner alone. A folder that is there already stays as it is."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError((f"Folder {folder} tidak bisa dibuat: {error.strerror}.",)) from None


def _make_private_file(file: Path) -> None:
    """SQLite would let others read what it makes; the files it puts beside this one are as private as this one."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise SettingsError((f"Berkas {file} tidak bisa dibuat: {error.strerror}.",)) from None
