"""Where the key comes from: the setting, or a file beside the SQLite database, made once."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.setting_values import split_keys
from bot.settings import Settings, SettingsError
from storage.keys import KeyRing, generate_key

KEY_FILE = "setara.key"


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """The keys to use, newest first, and what the operator should be told about them."""

    keys: tuple[str, ...]
    notices: tuple[str, ...] = ()
    """Indonesian lines: a key was made and needs a backup; others may read the file."""

    def ring(self) -> KeyRing:
        return KeyRing(self.keys)

    def __repr__(self) -> str:
        return f"KeyMaterial({len(self.keys)} keys)"


def resolve_key(settings: Settings, holds_encrypted: Callable[[], bool]) -> KeyMaterial:
    """The keys of this installation.

    The setting comes first, then the file in the data folder, which serves SQLite only. A new key is made
    only for an SQLite database in which ``holds_encrypted()`` finds nothing encrypted: any other database
    belongs to a key that exists somewhere, and a new one would make it unreadable. Raises SettingsError.
    """
    if settings.key is not None:
        return KeyMaterial(split_keys(settings.key.get_secret_value()))
    if not settings.on_sqlite:
        raise SettingsError(
            ("SETARA_KEY: belum diisi. PostgreSQL memerlukan kunci. Contoh: SETARA_KEY=$(openssl rand -base64 32)",)
        )
    path = settings.data_dir / KEY_FILE
    if path.exists():
        return _read(path)
    if holds_encrypted():
        raise SettingsError(
            (
                f"SETARA_KEY: belum diisi dan berkas {path} tidak ada, padahal basis data berisi data terenkripsi. "
                "Isi SETARA_KEY atau kembalikan berkas itu dari cadangan.",
            )
        )
    return _make(path)


def _read(path: Path) -> KeyMaterial:
    try:
        text = path.read_text("ascii")
        keys = split_keys(text.replace("\n", ","))
    except OSError as error:
        raise SettingsError((f"Berkas kunci {path} tidak dapat dibaca: {error.strerror}.",)) from None
    except ValueError as error:
        reason = "isinya bukan teks" if isinstance(error, UnicodeDecodeError) else str(error)
        raise SettingsError(
            (f"Berkas kunci {path} rusak: {reason}. Kembalikan dari cadangan, jangan dihapus.",)
        ) from None
    if os.name == "posix" and path.stat().st_mode & 0o077:
        return KeyMaterial(keys, (f"Berkas kunci {path} dapat dibaca orang lain. Jalankan: chmod 600 {path}",))
    return KeyMaterial(keys)


def _make(path: Path) -> KeyMaterial:
    key = generate_key()
    # Written aside and linked into place: another command that starts at the same moment finds a whole key or none.
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(aside, key)
        try:
            os.link(aside, path)
        except FileExistsError:
            return _read(path)
        except OSError:  # a file system without hard links
            _write(path, key)
        finally:
            aside.unlink()
    except OSError as error:
        raise SettingsError((f"Berkas kunci {path} tidak dapat dibuat: {error.strerror}.",)) from None
    return KeyMaterial(
        (key,),
        (f"Kunci baru dibuat: {path}. Simpan salinannya di tempat lain; tanpa kunci itu data tidak terbaca.",),
    )


def write_keys(path: Path, keys: tuple[str, ...], *, new: bool = False) -> None:
    """Keep ``keys`` in the file, newest first: whoever reads it finds these or those from before, never half of them.

    ``new``: only where there is none yet. Raises OSError.
    """
    if new:
        _write(path, "\n".join(keys))
        return
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _write(aside, "\n".join(keys))
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _write(path: Path, key: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(descriptor)
