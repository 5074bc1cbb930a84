"""What can go wrong with the database itself, said so that whoever runs the service can act."""

from __future__ import annotations

import sqlite3
from typing import Literal, TypeAlias

from sqlalchemy.exc import DBAPIError, OperationalError

from conversations.engine.texts import Text, t

Kind: TypeAlias = Literal[
    "locked", "read_only", "full", "unreachable", "damaged", "old_schema", "newer_schema", "other"
]

TEXTS: dict[Kind, Text] = {
    "locked": t("Basis data sedang dipakai proses lain terlalu lama. Coba lagi sebentar lagi."),
    "read_only": t("Basis data tidak bisa ditulisi. Periksa izin berkas dan foldernya."),
    "full": t("Ruang penyimpanan basis data penuh. Kosongkan ruang, lalu coba lagi."),
    "unreachable": t("Basis data tidak bisa dihubungi atau dibuka. Periksa alamatnya dan apakah layanannya hidup."),
    "damaged": t("Berkas basis data rusak, atau bukan basis data. Pulihkan dari cadangan."),
    "old_schema": t("Susunan basis data belum terbaru. Jalankan: setara migrate"),
    "newer_schema": t("Basis data ini dibuat oleh versi Setara Kerja yang lebih baru. Perbarui programnya."),
    "other": t("Basis data menolak permintaan. Lihat catatan layanan."),
}

# The primary result codes of SQLite (the low byte of the extended code).
_SQLITE: dict[int, Kind] = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CANTOPEN: "unreachable",
    sqlite3.SQLITE_IOERR: "unreachable",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
}

# SQLSTATE, or its first two characters: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL: dict[str, Kind] = {
    "40001": "locked",
    "40P01": "locked",
    "55P03": "locked",
    "25006": "read_only",
    "42501": "read_only",
    "53100": "full",
    "53": "unreachable",
    "57": "unreachable",
    "08": "unreachable",
    "28": "unreachable",
    "3D": "unreachable",
    "XX": "damaged",
    "42P01": "old_schema",
    "42703": "old_schema",
}


class OperationalProblem(Exception):
    """The database could not do its work for a reason outside the program; nothing was committed.

    ``kind`` says which; ``text`` says it to a person; ``retryable`` whether the same work may
    succeed when tried again. (One exception: a connection lost during COMMIT leaves the outcome
    unknown. Work that is tried again must therefore recognise itself, as inbound ids do.)
    """

    def __init__(self, kind: Kind, detail: str) -> None:
        super().__init__(f"database {kind.replace('_', ' ')}: {detail}")
        self.kind = kind
        self.text = TEXTS[kind]
        self.retryable = kind in ("locked", "unreachable")


def recognise(error: Exception) -> OperationalProblem | None:
    """The problem behind a driver's error, or None for a mistake of the program (a broken constraint, wrong SQL)."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        return _recognise_sqlite(original)
    sqlstate = getattr(original, "sqlstate", None)
    if sqlstate is not None:
        kind = _POSTGRESQL.get(sqlstate) or _POSTGRESQL.get(sqlstate[:2])
        return OperationalProblem(kind, f"{sqlstate} {original}".strip()) if kind else None
    # psycopg gives no SQLSTATE when there was no server to give one.
    if isinstance(error, DBAPIError) and (error.connection_invalidated or isinstance(error, OperationalError)):
        return OperationalProblem("unreachable", str(original).strip())
    return None


def _recognise_sqlite(original: sqlite3.Error) -> OperationalProblem | None:
    kind = _SQLITE.get(getattr(original, "sqlite_errorcode", 0) & 0xFF)
    if kind is None and str(original).startswith(("no such table", "no such column")):
        kind = "old_schema"
    if kind is None:
        return None
    return OperationalProblem(kind, f"{getattr(original, 'sqlite_errorname', '')} {original}".strip())
