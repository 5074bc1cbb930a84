"""Opening what every command needs: settings, key, database with the right schema, region."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.key_file import resolve_key
from bot.logs import get_logger
from bot.settings import Settings, SettingsError
from bot.turns import Turntaker
from conversations.catalogue import REGISTRY
from conversations.domain.region import Region, load_region
from storage.keys import UnknownKey
from storage.rotation import require_keys
from storage.schema import require_current, upgrade
from storage.work import Database

log = get_logger(__name__)

Clock = Callable[[], datetime]


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
        return Turntaker(self.database, REGISTRY, self.region, self.zone, self.clock)


def open_everything(settings: Settings, clock: Clock = system_clock, *, migrate: bool = False) -> Opened:
    """Open the database; on SQLite its schema is brought up to date after a backup copy.

    On PostgreSQL only ``migrate`` changes the schema. Raises SettingsError or OperationalProblem, each with
    lines that say what to do.
    """
    try:
        region = load_region(settings.region)
    except ValueError as error:
        raise SettingsError((f"SETARA_REGION: {error}",)) from None
    if settings.on_sqlite:
        _make_folders(settings)
    material = resolve_key(settings, lambda: holds_encrypted(settings))
    for notice in material.notices:
        log.warning("key", notice=notice)
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


def _make_folders(settings: Settings) -> None:
    file = sqlite_file(settings)
    for folder in (settings.data_dir, file.parent):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError((f"Folder {folder} tidak bisa dibuat: {error.strerror}.",)) from None


def sqlite_file(settings: Settings) -> Path:
    return Path(settings.database_url.get_secret_value().removeprefix("sqlite:///"))


def holds_encrypted(settings: Settings) -> bool:
    """Whether the SQLite file holds anything that a key was needed for; looked at without a key."""
    file = sqlite_file(settings)
    if not file.exists() or file.stat().st_size == 0:
        return False
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return "contacts" in tables and connection.execute("SELECT 1 FROM contacts LIMIT 1").fetchone() is not None
