"""``setara key rotate``: a new key, and everything written anew under it, while the service runs.

Three steps, each safe to repeat. The new key is put before the old one; whatever runs is started again, so that it
reads both and writes the new one; then all that is kept is written anew, and the old key is no longer needed here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from bot.key_file import KEY_FILE, write_keys
from bot.opening import Opened
from bot.settings import Settings, SettingsError
from storage import meta, rotation
from storage.duty import Duty
from storage.keys import KeyRing, generate_key
from storage.work import Database

SERVING = "serving with key"
"""Under this name stands in ``meta`` which key the service that was started last writes with."""


def note_serving(database: Database) -> None:
    """To be called by whatever serves, when it starts."""
    with database.work() as work:
        meta.put(work, SERVING, _newest(database))


def add_key(settings: Settings, ring: KeyRing) -> str | None:
    """Put a new key before the one there is, in the file; returns what to say, None where there are two already.

    Raises SettingsError where the key is a setting, which only its owner can change.
    """
    if len(ring.prefixes) > 1:
        return None
    if settings.key is not None:
        raise SettingsError(
            (
                "SETARA_KEY diisi sebagai pengaturan. Isi menjadi: SETARA_KEY=KUNCI_BARU,KUNCI_LAMA "
                "(kunci baru: openssl rand -base64 32). Mulai ulang layanan, lalu jalankan lagi: setara key rotate",
            )
        )
    file = settings.data_dir / KEY_FILE
    try:
        write_keys(file, (generate_key(), *_keys_in(file)))
    except OSError as error:
        raise SettingsError((f"Berkas kunci {file} tidak dapat ditulis: {error.strerror}.",)) from None
    return f"Kunci baru ditambahkan ke {file}. Simpan salinannya di tempat lain."


def still_old(opened: Opened) -> bool:
    """Whether a service is running that does not write with the newest key yet: what it writes would be left."""
    duty = Duty(opened.database, "announcing")
    try:
        if duty.take():
            return False
    finally:
        duty.leave()
    with opened.database.read() as work:
        return meta.get(work, SERVING) != _newest(opened.database)


def rewrite(opened: Opened) -> Iterator[str]:
    """Write everything anew under the newest key; yields what to say on the way and in the end."""
    database = opened.database
    for table, count in rotation.rewrite_steps(database):
        if count:
            yield f"{table}: {count} baris ditulis ulang."
    # Once more: what was written in the meantime by a turn that had begun before.
    while rotation.rewrite(database):
        pass
    rotation.require_keys(database)
    old = [prefix[1:].hex() for prefix in database.key_ring.prefixes[1:]]
    if opened.settings.key is not None:
        yield "Semua memakai kunci baru. SETARA_KEY kini cukup berisi kunci pertama."
        yield "Kunci lama hanya perlu untuk memulihkan cadangan dari sebelum hari ini."
        return
    file = opened.settings.data_dir / KEY_FILE
    newest, *others = _keys_in(file)
    for id_, key in zip(old, others, strict=True):
        aside = file.with_name(f"{KEY_FILE}.{id_}")
        with contextlib.suppress(FileExistsError):
            write_keys(aside, (key,), new=True)
        yield f"Kunci lama dipindah ke {aside}. Hapus bila tidak ada lagi cadangan dari sebelum hari ini."
    write_keys(file, (newest,))
    yield "Semua memakai kunci baru."


def _newest(database: Database) -> str:
    return database.key_ring.prefixes[0][1:].hex()


def _keys_in(file: Path) -> tuple[str, ...]:
    return tuple(line for line in file.read_text("ascii").replace(",", "\n").split() if line)
