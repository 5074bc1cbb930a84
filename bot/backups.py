"""``setara backup`` and ``setara restore``: the files of backups, and what is said about them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from bot import erased
from bot.erased import Erased
from bot.key_file import KEY_FILE, resolve_key
from bot.opening import Opened, holds_encrypted, make_private, sqlite_file, system_clock
from bot.settings import Settings, SettingsError
from storage import backup, backup_file, tombstones
from storage.backup import NotEmpty, Restored
from storage.backup_file import BadBackup
from storage.duty import Duty
from storage.keys import UnknownKey
from storage.work import Database

SUFFIX = ".setara"

BESIDE = "erased.txt"
"""How the list of the erased is called beside a backup."""


def write(opened: Opened, target: Path) -> tuple[Path, Mapping[str, int]]:
    """Make a backup: the file ``target``, or a new one in the folder ``target``; returns it, and its rows by table.

    A file that is there is never written over, and there is either a whole backup in the end or none. Into a folder
    the list of the erased is written too. Raises SettingsError or OperationalProblem.
    """
    if target.is_dir():
        folder, name = target, f"setara-{opened.local_now():%Y-%m-%d-%H%M%S}{SUFFIX}"
    else:
        folder, name = target.parent, target.name
    file = folder / name
    try:
        with _written(file) as stream:
            rows = backup.take(opened.database, stream, opened.clock())
        if target.is_dir():
            with opened.database.read() as work:
                known = set(tombstones.kept(work))
            if news := sorted(known - set(erased.read([folder / BESIDE])), key=lambda one: one.erased_at):
                erased.append(folder / BESIDE, news)
    except FileExistsError:
        raise SettingsError((f"Berkas {file} sudah ada dan tidak ditimpa. Pilih nama lain.",)) from None
    except OSError as error:
        raise SettingsError((f"Cadangan {file} tidak dapat ditulis: {error.strerror}.",)) from None
    return file, rows


@contextmanager
def _written(file: Path) -> Iterator[BinaryIO]:
    """A stream into a new file that appears under its name whole, on the disk, and for its owner alone."""
    if file.exists():
        raise FileExistsError
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(descriptor)
        try:
            os.link(aside, file)  # unlike a renaming it never takes another's place
        except PermissionError:  # a file system without hard links
            if file.exists():
                raise FileExistsError from None
            os.rename(aside, file)
        _settle_folder(file.parent)
    finally:
        aside.unlink(missing_ok=True)


def _settle_folder(folder: Path) -> None:
    """The name is on the disk as well, where a folder can be told so."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def restore(settings: Settings, file: Path, *, replace: bool, moving: bool) -> Restored:
    """Put a backup back. Raises SettingsError or OperationalProblem, each with what to do."""
    try:
        backup_file.header_of(file)
        database = _target(settings)
        try:
            return _restore(settings, database, file, replace=replace, moving=moving)
        finally:
            database.close()
    except BadBackup as bad:
        raise SettingsError((f"Cadangan {file} tidak bisa dipakai ({bad}). Tidak ada yang diubah.",)) from None
    except NotEmpty:
        raise SettingsError(
            ("Basis data ini sudah berisi. Untuk menggantinya dengan cadangan, tambahkan: --replace",)
        ) from None
    except UnknownKey as missing:
        raise SettingsError(
            (
                f"SETARA_KEY: cadangan ini dikunci dengan kunci lain ({', '.join(missing.key_ids)}). "
                "Kembalikan kunci itu dulu.",
            )
        ) from None
    except OSError as error:
        raise SettingsError((f"Cadangan {file} tidak dapat dibaca: {error.strerror}.",)) from None


def _restore(settings: Settings, database: Database, file: Path, *, replace: bool, moving: bool) -> Restored:
    lists = erased.read([settings.erased_list, file.parent / BESIDE])
    duties = [Duty(database, name) for name in ("announcing", "delivering")]
    try:
        if not all(duty.take() for duty in duties):
            raise SettingsError(("Layanan sedang berjalan. Hentikan dulu, lalu pulihkan.",))
        done = backup.put_back(database, file, system_clock(), lists, replace=replace, moving=moving)
    finally:
        for duty in duties:
            duty.leave()
    Erased(database, settings.erased_list, system_clock).write()
    return done


def _target(settings: Settings) -> Database:
    """The database of these settings as it is, with whatever schema; its key must be there already."""
    if settings.on_sqlite:
        here = holds_encrypted(sqlite_file(settings))
        if settings.key is None and not (settings.data_dir / KEY_FILE).exists():
            raise SettingsError(
                (
                    f"Kunci belum ada. Isi SETARA_KEY atau salin {KEY_FILE} ke folder {settings.data_dir}, "
                    "lalu pulihkan lagi.",
                )
            )
        make_private(sqlite_file(settings))
        material = resolve_key(settings, lambda: here)
    else:
        material = resolve_key(settings, lambda: True)
    return Database(settings.database_url.get_secret_value(), material.ring())


def lines(done: Restored) -> list[str]:
    """What was done, for whoever did it."""
    settled, contents = done.settled, done.contents
    said = [f"Cadangan dari {contents.header.made_at:%Y-%m-%d %H.%M} UTC dipulihkan: {total(contents.rows)} baris."]
    if done.upgraded:
        said.append(f"Susunannya dibawa dari {contents.header.schema} ke versi terbaru.")
    told = {
        "Orang yang sudah menghapus datanya dihapus lagi": settled.seekers_erased,
        "Percakapan yang sudah dihapus, dihapus lagi": settled.talks_erased,
        "Kabar lowongan yang waktu itu menunggu tidak dikirim, sebab mungkin sudah terkirim": settled.alerts_dropped,
        "Balasan yang waktu itu menunggu tidak dikirim": settled.replies_dropped,
        "Pasangan lowongan dan orang yang dianggap sudah dikabari": settled.counted_as_told,
        "Lowongan yang dianggap sudah diumumkan": settled.vacancies_counted,
    }
    return said + [f"{what}: {number}." for what, number in told.items() if number]


def as_json(done: Restored) -> dict[str, Any]:
    return {
        "made_at": done.contents.header.made_at.isoformat(),
        "schema": done.contents.header.schema,
        "rows": dict(done.contents.rows),
        **asdict(done.settled),
    }


def total(rows: Mapping[str, int]) -> int:
    return sum(rows.values())
