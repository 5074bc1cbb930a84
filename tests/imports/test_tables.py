"""A CSV is read as the spreadsheet that wrote it shows it, and a broken row does not take others along."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.imports.records import Record
from bot.imports.report import FileRefused
from bot.imports.tables import MAX_BYTES, open_table


def recognise(header: Sequence[str]) -> int:
    return sum(cell in ("id", "judul", "upah") for cell in header)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lowongan.csv"


def read(path: Path, content: bytes | str) -> tuple[tuple[str, ...], list[Record], int]:
    """The header, the rows and the number of warnings."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with open_table(path, recognise) as table:
        return table.header, list(table.rows), len(table.warnings)


def refused(path: Path) -> str:
    with pytest.raises(FileRefused) as caught, open_table(path, recognise):
        pass
    return caught.value.reason.msgid


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_usual_form_reads_the_same(path: Path, delimiter: str, ending: str, encoding: str) -> None:
    lines = (("id", "judul"), ("L1", "Kasir"), ("L2", "Penjahit é"))
    text = ending.join(delimiter.join(cells) for cells in lines)
    header, rows, warnings = read(path, text.encode(encoding))
    assert header == ("id", "judul")
    assert rows == [Record(2, ("L1", "Kasir")), Record(3, ("L2", "Penjahit é"))]
    assert warnings == 0


def test_the_delimiter_is_the_one_that_shows_known_columns(path: Path) -> None:
    header, rows, _ = read(path, "id;judul, lengkap;upah\nL1;Kasir, penjaga;1,5\n")
    assert header == ("id", "judul, lengkap", "upah")
    assert rows == [Record(2, ("L1", "Kasir, penjaga", "1,5"))]


def test_excels_own_first_line_is_understood(path: Path) -> None:
    header, rows, _ = read(path, "sep=;\r\nid;judul\r\nL1;Kasir\r\n")
    assert header == ("id", "judul")
    assert rows == [Record(2, ("L1", "Kasir"))]


def test_the_old_windows_encoding_is_read_with_a_warning(path: Path) -> None:
    _, rows, warnings = read(path, "id,judul\nL1,Penjahit é “tas”\n".encode("cp1252"))
    assert rows == [Record(2, ("L1", "Penjahit é “tas”"))]
    assert warnings == 1


def test_rows_are_numbered_as_a_spreadsheet_does(path: Path) -> None:
    _, rows, _ = read(path, 'id,judul\nL1,"Kasir\ndan penjaga\ntoko"\n\nL2,Penjahit\n')
    assert [(row.number, row.cells) for row in rows if not row.blank] == [
        (2, ("L1", "Kasir\ndan penjaga\ntoko")),
        (4, ("L2", "Penjahit")),
    ]


def test_a_quotation_that_never_ends_loses_only_its_own_row(path: Path) -> None:
    good = "".join(f"L{number},Kasir\n" for number in range(3, 303))
    for content in (f'id,judul\nL1,Penjahit\nL2,"Tas\n{good}', 'id,judul\nL1,Penjahit\nL2,"Tas\nL3,Kasir'):
        _, rows, _ = read(path, content)
        broken = [row for row in rows if row.broken is not None]
        assert [row.number for row in broken] == [3]
        assert len(rows) == content.strip().count("\n")
        assert rows[0].cells == ("L1", "Penjahit")
        assert rows[-1].cells[1] == "Kasir"


def test_a_quotation_in_the_wrong_place_loses_only_its_own_row(path: Path) -> None:
    _, rows, _ = read(path, 'id,judul\nL1,"Kasir" toko\nL2,Penjahit "tas"\n')
    assert [(row.number, row.broken is None) for row in rows] == [(2, False), (3, True)]
    assert rows[1].cells == ("L2", 'Penjahit "tas"')


def test_what_is_no_csv_is_told(tmp_path: Path, path: Path) -> None:
    assert "folder" in refused(tmp_path)
    assert "tidak ada" in refused(path)
    os.mkfifo(tmp_path / "pipa")
    assert "bukan berkas biasa" in refused(tmp_path / "pipa")
    for content, told in (
        (b"", "kosong"),
        (b"\xef\xbb\xbf\r\n \r\n", "kosong"),
        (b"PK\x03\x04xlsx", "rusak"),
        (b"\xd0\xcf\x11\xe0xls", "Simpan sebagai XLSX"),
        (b"%PDF-1.7", "PDF"),
        (b"id,judul\nL1,a\x00b\n", "bukan berkas teks"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "bukan berkas teks"),
        (b"\xff\xfea", "bukan berkas teks"),
        (b'"id,judul\n', "tanda kutip"),
    ):
        path.write_bytes(content)
        assert told in refused(path), content


def test_a_file_that_is_too_large_is_told(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "20 MB" in refused(path)


def test_a_large_file_is_not_held_in_memory(path: Path) -> None:
    path.write_text("id,judul\n" + "".join(f"L{n},{'Kasir ' * 30}\n" for n in range(20_000)))
    tracemalloc.start()
    with open_table(path, recognise) as table:
        assert sum(1 for _ in table.rows) == 20_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert path.stat().st_size > 3_000_000
    assert peak < 1_000_000
