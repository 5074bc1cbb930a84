"""The file of a backup: every row as it is kept, in a form that belongs to neither engine.

Gzipped lines of JSON. First what it is; then each table, what its columns hold, and a line for each row; at last how
many rows there were, the highest ids ever given, and the SHA-256 of every line before. What is sealed stays sealed.
"""

from __future__ import annotations

import binascii
import gzip
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

FORMAT = "setara-backup"
VERSION = 1

Row: TypeAlias = Sequence[Any]


class BadBackup(Exception):
    """The file is no backup, is not whole, or was made by a newer program."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a backup is of."""

    schema: str
    """The migration it was at."""
    made_at: datetime
    """Everything that was committed until then is in it; perhaps some of what came within the next moments."""
    keys: tuple[str, ...]
    """Ids of the keys it takes to read it; no secrets."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup was found to hold when it was read through."""

    header: Header
    rows: Mapping[str, int]
    """By table."""
    ids: Mapping[str, int]
    """The highest id ever given in each table that numbers its rows, gone or not."""


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table of a backup; ``rows`` must be read before the next table."""

    name: str
    columns: Mapping[str, str]
    """Column -> what it holds: a name in KINDS."""
    rows: Iterator[Row]


_PLAIN: Callable[[Any], Any] = lambda value: value  # noqa: E731  # stands in a table of functions

KINDS: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "int": (_PLAIN, _PLAIN),
    "text": (_PLAIN, _PLAIN),
    "bool": (_PLAIN, _PLAIN),
    "real": (_PLAIN, _PLAIN),
    "json": (_PLAIN, _PLAIN),
    "bytes": (lambda value: b64encode(value).decode("ascii"), lambda text: b64decode(text, validate=True)),
    "time": (lambda value: value.astimezone(UTC).isoformat(), datetime.fromisoformat),
    "date": (lambda value: value.isoformat(), date.fromisoformat),
}
"""How what a column holds is written as JSON, and read again."""


class Writer:
    """Writes a backup to ``stream``."""

    def __init__(self, stream: BinaryIO, header: Header) -> None:
        # Sealed values do not get smaller; the fastest level takes off what base64 adds.
        self._gzip = gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1, mtime=0)
        self._seen = sha256()
        self._rows: dict[str, int] = {}
        self._line(
            {
                "format": FORMAT,
                "version": VERSION,
                "schema": header.schema,
                "made_at": header.made_at.isoformat(),
                "keys": list(header.keys),
            }
        )

    def table(self, name: str, columns: Mapping[str, str], rows: Iterable[Row]) -> None:
        """Write a table; ``columns`` as in TableRows."""
        self._line({"table": name, "columns": dict(columns)})
        write = [KINDS[kind][0] for kind in columns.values()]
        count = 0
        for row in rows:
            self._line([None if value is None else to(value) for to, value in zip(write, row, strict=True)])
            count += 1
        self._rows[name] = count

    def end(self, ids: Mapping[str, int]) -> Mapping[str, int]:
        """Write what makes it whole; returns how many rows there were, by table."""
        self._line({"rows": self._rows, "ids": dict(ids)})
        self._line({"sha256": self._seen.hexdigest()})
        self._gzip.close()
        return self._rows

    def _line(self, value: Any) -> None:
        line = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"
        self._seen.update(line)
        self._gzip.write(line)


def verify(file: Path) -> Contents:
    """Read a backup through without using it. Raises BadBackup, or OSError."""
    seen = sha256()
    counted: dict[str, int] = {}
    header: Header | None = None
    table, ends, whole = "", None, False
    for line in _lines(file):
        if whole:
            raise BadBackup("something follows its end")
        value = _parsed(line)
        if isinstance(value, dict) and "sha256" in value:
            whole = ends is not None and value["sha256"] == seen.hexdigest()
            if not whole:
                raise BadBackup("it was changed, or damaged")
        elif header is None:
            header = _header(value)
        elif isinstance(value, list) and table:
            counted[table] += 1
        elif isinstance(value, dict) and "table" in value:
            table = str(value["table"])
            counted[table] = 0
        elif isinstance(value, dict) and "rows" in value:
            ends = value
        else:
            raise BadBackup("it holds something unknown")
        seen.update(line)
    if header is None or ends is None or not whole:
        raise BadBackup("it ends too early")
    if ends["rows"] != counted:
        raise BadBackup("rows are missing")
    return Contents(header, counted, ends["ids"])


def header_of(file: Path) -> Header:
    """What the file says it is, without reading all of it. Raises BadBackup, or OSError."""
    for line in _lines(file):
        return _header(_parsed(line))
    raise BadBackup("it is empty")


def tables(file: Path) -> Iterator[TableRows]:
    """The tables of a backup that ``verify`` has found good, in the order in which they can be filled."""
    lines = _lines(file)
    next(lines)
    value = _parsed(next(lines))
    while "table" in value:
        following: list[Any] = []
        yield TableRows(value["table"], value["columns"], _rows(lines, value["columns"], following))
        [value] = following


def _rows(lines: Iterator[bytes], columns: Mapping[str, str], following: list[Any]) -> Iterator[Row]:
    read = [KINDS[kind][1] for kind in columns.values()]
    for line in lines:
        value = _parsed(line)
        if isinstance(value, dict):
            following.append(value)
            return
        yield [None if one is None else of(one) for of, one in zip(read, value, strict=True)]


def _lines(file: Path) -> Iterator[bytes]:
    try:
        with gzip.open(file, "rb") as opened:
            yield from opened
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise BadBackup("it is not whole, or is no backup") from None


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise BadBackup("it was changed, or is no backup") from None


def _header(value: Any) -> Header:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise BadBackup("it is no backup of this program")
    if value.get("version") != VERSION:
        raise BadBackup("a newer program made it")
    try:
        return Header(value["schema"], datetime.fromisoformat(value["made_at"]), tuple(value["keys"]))
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise BadBackup("it does not say what it is") from None
