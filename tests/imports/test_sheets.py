"""An XLSX is read as text, and hostile or damaged ones are told in one line and cost little."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bot.imports import sheets
from bot.imports.records import Record
from bot.imports.report import FileRefused
from bot.imports.sheets import MAX_BYTES, MAX_PARTS, MAX_ROWS, MAX_SHEETS, MAX_UNPACKED
from bot.imports.tables import open_table
from locales.render import translator


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "formulir.xlsx"


def write(path: Path, *rows: tuple[Any, ...], more: Callable[[Workbook], None] | None = None) -> Path:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    if more is not None:
        more(book)
    book.save(path)
    return path


def read(path: Path) -> tuple[tuple[str, ...], list[Record], list[str]]:
    """The header, the rows and the warnings."""
    with open_table(path, len) as table:
        return table.header, list(table.rows), [translator("id")(warning) for warning in table.warnings]


def refused(path: Path) -> str:
    with pytest.raises(FileRefused) as caught, open_table(path, len) as table:
        list(table.rows)
    return translator("id")(caught.value.reason)


def test_cells_are_read_as_they_are_shown(path: Path) -> None:
    cells = (
        33102,
        2.5,
        True,
        date(1990, 8, 17),
        datetime(2026, 9, 2, 8, 30, tzinfo=UTC).replace(tzinfo=None),
        "0812",
        None,
        1222015208900003,
    )
    header, rows, warnings = read(write(path, ("a", "b"), cells))
    assert header == ("a", "b")
    assert rows == [
        Record(2, ("33102", "2.5", "ya", "1990-08-17", "2026-09-02 08:30:00", "0812", "", "1222015208900003"))
    ]
    assert warnings == []


def test_a_number_whose_last_digit_the_spreadsheet_lost_shows_it(path: Path) -> None:
    _, [row], _ = read(write(path, ("nik",), (1222015208900000.0, "1222015208900000")))
    assert row.cells == ("1.222015208900000E+15", "1222015208900000")


def test_formulas_are_never_computed(path: Path) -> None:
    _, [row], _ = read(write(path, ("a",), ("=1+1", '=HYPERLINK("http://x","y")', "+62", "@a")))
    assert row.cells == ("=1+1", '=HYPERLINK("http://x","y")', "+62", "@a")


def test_rows_keep_the_numbers_of_the_spreadsheet(path: Path) -> None:
    _, rows, _ = read(write(path, (), ("id",), (), ("L1",)))
    assert [(row.number, row.cells) for row in rows if not row.blank] == [(4, ("L1",))]


def test_one_filled_sheet_is_read_and_hidden_ones_are_told(path: Path) -> None:
    def more(book: Workbook) -> None:
        book.create_sheet("Sheet2")
        book.create_sheet("Rahasia").append(("NIK",))
        book["Rahasia"].sheet_state = "hidden"

    header, rows, warnings = read(write(path, ("id",), ("L1",), more=more))
    assert (header, rows) == (("id",), [Record(2, ("L1",))])
    assert warnings == ['Lembar tersembunyi tidak dibaca: "Rahasia".']


def test_several_filled_sheets_are_named(path: Path) -> None:
    def more(book: Workbook) -> None:
        book.create_sheet("Torgamba").append(("id",))

    assert refused(write(path, ("id",), more=more)) == (
        'Ada beberapa lembar yang terisi: "Sheet" dan "Torgamba". Simpan tiap lembar sebagai berkas sendiri.'
    )


def test_an_empty_book_and_one_of_many_sheets_are_told(path: Path) -> None:
    assert refused(write(path)) == "Berkas ini kosong."

    def many(book: Workbook) -> None:
        for _ in range(MAX_SHEETS):
            book.create_sheet()

    assert "lembar" in refused(write(path, ("id",), more=many))


def test_rows_beyond_the_bound_are_told_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    _, rows, _ = read(write(path, ("id",), ("L1",), ("L2",), ("L3",), ("L4",)))
    assert [row.cells for row in rows] == [("L1",), ("L2",), ()]
    assert rows[-1].broken is not None


def test_a_far_away_cell_costs_nothing(path: Path) -> None:
    def more(book: Workbook) -> None:
        book["Sheet"]["XFD1048576"] = "jauh"

    _, rows, _ = read(write(path, ("id",), ("L1",), more=more))
    assert [row.cells for row in rows if not row.blank] == [("L1",)]
    assert len(rows) <= MAX_ROWS


def test_what_unpacks_to_more_than_the_bound_is_never_unpacked(path: Path) -> None:
    write(path, ("id",))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/bomb.xml", "w") as bomb:
        for _ in range(MAX_UNPACKED // 1_000_000 + 1):
            bomb.write(bytes(1_000_000))
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    assert "terlalu besar bila dibuka" in refused(path)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_many_parts_and_long_files_are_refused(path: Path) -> None:
    write(path, ("id",))
    with zipfile.ZipFile(path, "a") as packed:
        for number in range(MAX_PARTS):
            packed.writestr(f"xl/{number}.xml", "")
    assert "terlalu besar bila dibuka" in refused(path)
    with path.open("r+b") as file:
        file.truncate(MAX_BYTES + 1)
    assert "10 MB" in refused(path)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/workbook.xml", b"<workbook"),
        ("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><workbook>&d;</workbook>'),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='1'><c t='n'><v>x</v></c></row>"),
        (
            "xl/worksheets/sheet1.xml",
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet>&b;</worksheet>',
        ),
        ("xl/worksheets/sheet1.xml", b"\x00\xff"),
        ("[Content_Types].xml", b"<a/>"),
    ],
)
def test_damage_and_entities_are_told_in_one_line(path: Path, part: str, content: bytes) -> None:
    write(path, ("id",), ("L1",))
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, kept in parts.items():
            packed.writestr(name, content if name == part else kept)
    assert refused(path) in (
        "Berkas Excel ini rusak. Buka dengan Excel, simpan lagi sebagai XLSX, lalu coba lagi.",
        "Berkas ini kosong.",
    )


def test_another_kind_of_packed_file_is_told(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", "<a/>")
    assert "bukan berkas Excel" in refused(path)


def test_a_mistake_of_ones_own_is_not_taken_for_damage(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_table(write(path, ("id",)), len):
        raise ZeroDivisionError
