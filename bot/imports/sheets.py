"""Reads an XLSX file as text: cells as they are shown, formulas never computed, nothing unpacked without a bound."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from math import isfinite
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from bot.imports.records import Record, Table
from bot.imports.report import FileRefused
from conversations.engine.texts import Listing, t

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MAX_BYTES = 10_000_000
MAX_UNPACKED = 50_000_000
"""Bytes of everything in the file together, unpacked: as much as a sheet of MAX_ROWS rows needs."""
MAX_PARTS = 500
"""Files within the file; a workbook has about ten, and a few more for each sheet."""
MAX_SHEETS = 20
MAX_ROWS = 20_000
MAX_COLUMNS = 100

_EXACT = 10**15
"""From here on a spreadsheet keeps no digit but the first fifteen."""
_BROKEN = t("Berkas Excel ini rusak. Buka dengan Excel, simpan lagi sebagai XLSX, lalu coba lagi.")


@contextmanager
def open_sheet(path: Path) -> Iterator[Table]:
    """Open the one sheet that is filled of the XLSX at ``path``; hidden ones are not read.

    Raises FileRefused, also while rows are read, when it is no XLSX, larger than the bounds above or damaged, and
    when several sheets are filled.
    """
    _check(path)
    with _damage_named():
        book = _load(path)
        try:
            yield _table(book)
        finally:
            book.close()


def _check(path: Path) -> None:
    """Refuse what must not be unpacked. What a part claims to be is what is unpacked of it, at most."""
    if path.stat().st_size > MAX_BYTES:
        raise FileRefused(t("Berkas ini terlalu besar. Batasnya 10 MB; bagi menjadi beberapa berkas."))
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileRefused(_BROKEN) from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FileRefused(t("Isi berkas Excel ini terlalu besar bila dibuka. Bagi menjadi beberapa berkas."))
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise FileRefused(t("Ini bukan berkas Excel XLSX. Simpan sebagai XLSX atau CSV, lalu coba lagi."))


@contextmanager
def _damage_named() -> Iterator[None]:
    try:
        yield
    except (FileRefused, MemoryError):
        raise
    except Exception as error:
        # Of what is hostile or damaged the library raises almost anything; what others raise is not hidden by it.
        if not _of_the_library(error):
            raise
        raise FileRefused(_BROKEN) from error


def _of_the_library(error: BaseException) -> bool:
    modules = (frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__))
    return any(name.partition(".")[0] in ("openpyxl", "zipfile", "zlib", "defusedxml", "xml") for name in modules)


def _load(path: Path) -> Workbook:
    from openpyxl import load_workbook  # a quarter of a second, and only for such a file

    return load_workbook(path, read_only=True, data_only=False, keep_links=False)


def _table(book: Workbook) -> Table:
    sheets: list[Any] = list(book.worksheets)
    if len(sheets) > MAX_SHEETS:
        raise FileRefused(t("Berkas ini punya lebih dari {most} lembar. Simpan satu lembar saja.", most=MAX_SHEETS))
    for sheet in sheets:
        # What a file says of its size is not what decides.
        sheet.reset_dimensions()
    hidden = [sheet for sheet in sheets if sheet.sheet_state != "visible"]
    filled = [sheet for sheet in sheets if sheet not in hidden and _first(sheet) is not None]
    if not filled:
        raise FileRefused(t("Berkas ini kosong."))
    if len(filled) > 1:
        names = Listing(tuple(f'"{sheet.title}"' for sheet in filled))
        raise FileRefused(
            t("Ada beberapa lembar yang terisi: {sheets}. Simpan tiap lembar sebagai berkas sendiri.", sheets=names)
        )
    warned = [sheet for sheet in hidden if _first(sheet) is not None]
    names = Listing(tuple(f'"{sheet.title}"' for sheet in warned))
    warnings = (t("Lembar tersembunyi tidak dibaca: {sheets}.", sheets=names),) if warned else ()
    rows = _records(filled[0])
    header = next(record for record in rows if not record.blank)
    return Table(header.cells, rows, warnings)


def _first(sheet: Any) -> Record | None:
    return next((record for record in _records(sheet) if not record.blank), None)


def _records(sheet: Any) -> Iterator[Record]:
    rows = sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS)
    for number, cells in enumerate(rows, start=1):
        record = Record(number, _trimmed([_words(cell) for cell in cells]))
        if number <= MAX_ROWS:
            yield record
        elif not record.blank:
            reason = t("Baris ini dan yang sesudahnya tidak dibaca. Batasnya {most} baris.", most=MAX_ROWS)
            yield Record(number, (), reason)


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _words(cell: Any) -> str:
    """A cell as it would be typed; a formula as it stands, for it is never computed."""
    match cell.value:
        case None:
            return ""
        case bool(value):
            return "ya" if value else "tidak"
        case datetime() as value:
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
        case date() as value:
            return value.isoformat()
        case int() | float() as value:
            return _number(value)
        case value:
            return str(value)


def _number(value: float) -> str:
    if not isfinite(value) or value != int(value):
        return repr(value)
    whole = int(value)
    # With a nought at the end it is no longer known whether that is the digit which was typed.
    return f"{value:.15E}" if abs(whole) >= _EXACT and whole % 10 == 0 else str(whole)
