"""Opens a file of rows, CSV or XLSX; a CSV as a spreadsheet wrote it: its encoding, its delimiter, its row numbers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.imports.records import Recognise, Record, Table
from bot.imports.report import FileRefused
from bot.imports.sheets import open_sheet
from conversations.engine.texts import t

MAX_BYTES = 20_000_000
_DELIMITERS = (",", ";", "\t")
_MAX_RECORD_LINES = 200
"""A record that goes on for longer has a quotation mark that was never closed."""

_PACKED = b"PK\x03\x04"
_MAGIC = {
    b"\xd0\xcf\x11\xe0": t(
        "Ini berkas Excel lama, atau dikunci. Simpan sebagai XLSX tanpa kata sandi, lalu coba lagi."
    ),
    b"%PDF": t("Ini berkas PDF. Yang dapat dibaca hanya CSV dan XLSX."),
}


@contextmanager
def open_table(path: Path, recognise: Recognise) -> Iterator[Table]:
    """Open the CSV or XLSX at ``path``. ``recognise`` counts the known columns among the cells of a header.

    Raises FileRefused when it is not a file, neither of the two, empty or too large; of XLSX also while rows are read.
    """
    size, start = _look_at(path)
    if start == _PACKED:
        with open_sheet(path) as sheet:
            yield sheet
        return
    encoding = _encoding_of(path, size, start)
    warnings = (t("Huruf berkas ini bukan UTF-8. Periksa apakah huruf khusus terbaca benar."),)
    with path.open(encoding=encoding, newline="") as file:
        delimiter, skipped = _delimiter_of(file, recognise)
        file.seek(0)
        for _ in range(skipped):
            file.readline()
        records = _records(file, delimiter)
        first = next((record for record in records if not record.blank), None)
        if first is None:
            raise FileRefused(t("Berkas ini kosong."))
        if first.broken is not None:
            raise FileRefused(t("Baris judul kolom tidak dapat dibaca: tanda kutipnya tidak lengkap."))
        yield Table(first.cells, records, warnings if encoding == "cp1252" else ())


def _look_at(path: Path) -> tuple[int, bytes]:
    """How long the file is, and how it begins."""
    name = str(path)
    if path.is_dir():
        raise FileRefused(t("{path} adalah folder, bukan berkas.", path=name))
    if not path.exists():
        raise FileRefused(t("Berkas {path} tidak ada.", path=name))
    if not path.is_file():  # a pipe would wait for ever
        raise FileRefused(t("{path} bukan berkas biasa.", path=name))
    try:
        with path.open("rb") as file:
            return path.stat().st_size, file.read(4)
    except OSError:
        raise FileRefused(t("Berkas {path} tidak boleh dibaca oleh akun ini.", path=name)) from None


def _encoding_of(path: Path, size: int, start: bytes) -> str:
    """Refuses what cannot be CSV, and tells how the rest is encoded. Reads the file a piece at a time."""
    if size > MAX_BYTES:
        raise FileRefused(t("Berkas ini terlalu besar. Batasnya 20 MB; bagi menjadi beberapa berkas."))
    for magic, reason in _MAGIC.items():
        if start.startswith(magic):
            raise FileRefused(reason)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig" if _decodes(path, "utf-8") else "cp1252"
    if not _decodes(path, encoding) or (encoding != "utf-16" and _has_nul(path)):
        raise FileRefused(t("Ini bukan berkas teks. Simpan sebagai CSV, lalu coba lagi."))
    return encoding


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding) as file:
            while file.read(65_536):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _has_nul(path: Path) -> bool:
    with path.open("rb") as file:
        return any(b"\0" in piece for piece in iter(lambda: file.read(65_536), b""))


def _delimiter_of(file: TextIO, recognise: Recognise) -> tuple[str, int]:
    """The delimiter under which the header names most known columns, and how many lines come before the table."""
    first = file.readline()
    # Excel writes the delimiter into a first line, which it does not show or number.
    told = re.fullmatch(r'"?sep=(.)"?\s*', first, re.IGNORECASE)
    if told and told[1] in _DELIMITERS:
        return told[1], 1
    lines = [first, *(file.readline() for _ in range(20))]

    def known(delimiter: str) -> int:
        header = next((record.cells for record in _records(iter(lines), delimiter) if not record.blank), ())
        return recognise(header)

    return max(_DELIMITERS, key=known), 0


class _Lines:
    """The lines of a file, of which those of the record being read can be had again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: list[str] = []
        self.of_record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.of_record) >= _MAX_RECORD_LINES:
            raise csv.Error("a record without an end")
        line = self._again.pop() if self._again else next(self._lines)
        self.of_record.append(line)
        return line

    def keep_only_first(self) -> None:
        """Give the lines after the record's first one back: they belong to rows of their own."""
        self._again += reversed(self.of_record[1:])


def _records(file: Iterator[str], delimiter: str) -> Iterator[Record]:
    lines = _Lines(iter(file))
    number = 0
    while True:
        number += 1
        lines.of_record.clear()
        try:
            # One reader a record: strict, so that a quotation mark in the wrong place is noticed at once.
            cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
        except StopIteration:
            return
        except csv.Error:
            # The rows it swallowed are good ones; only the row in which the quotation began is lost.
            lines.keep_only_first()
            yield Record(number, (), t("Tanda kutipnya tidak lengkap, jadi kolomnya tidak dapat dibedakan."))
        else:
            yield Record(number, tuple(cells))
