"""One row being read: its cells by column, and the problems found in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from bot.imports.cells import (
    Unreadable,
    clean,
    parse_amount,
    parse_date,
    parse_list,
    parse_whole,
    parse_yes,
)
from bot.imports.records import MAX_CELL, Record
from bot.imports.report import FileRefused, Problem, Severity
from conversations.engine.texts import Listing, Text, t

T = TypeVar("T")

LONGEST = {
    **dict.fromkeys(("judul", "perusahaan", "penyelenggara"), 80),
    **dict.fromkeys(("kecamatan", "kabupaten"), 60),
    **dict.fromkeys(("jam", "jam_kerja", "pengalaman", "uang_saku", "alasan_usia"), 120),
    "kontak": 160,  # the address of a form on the web is long
    **dict.fromkeys(("nama", "pendamping_nama", "desa"), 80),
    **dict.fromkeys(("nomor_formulir", "petugas", "pendamping_hubungan"), 60),
    "alamat": 200,
}
"""Letters of what stands in a line or a sentence of a message; whatever is longer belongs into ``deskripsi``.

``tests/locales/worst.py`` holds every message with values of this length against the rules.
"""

LONGEST_PLACE = 60
"""Of kecamatan and kabupaten together."""

LONGEST_ENTRY = 60
"""Of one field, accommodation, skill or kind of work in a list."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one kind of file."""

    required: tuple[str, ...]
    """Without one of these the file is refused."""
    usual: tuple[str, ...]
    """A missing one is warned about."""
    optional: tuple[str, ...]

    def named(self) -> Mapping[str, str]:
        """Every column by the shape in which headers are compared."""
        return {_shape(name): name for name in (*self.required, *self.usual, *self.optional)}

    def recognise(self, header: Sequence[str]) -> int:
        """How many of ``header``'s cells name a known column."""
        named = self.named()
        return sum(_shape(cell) in named for cell in header)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column stands where in one file. Extra ones are kept under the name the file gives them."""

    known: Mapping[str, int]
    extra: Mapping[str, int]
    width: int

    @classmethod
    def of(cls, header: Sequence[str], columns: Columns) -> Layout:
        """Raises FileRefused when a required column is missing or one stands twice."""
        named = columns.named()
        known: dict[str, int] = {}
        extra: dict[str, int] = {}
        for position, cell in enumerate(header):
            label, _ = clean(cell)
            name = named.get(_shape(label))
            if name is None:
                extra[label or f"kolom {position + 1}"] = position
            elif name in known:
                raise FileRefused(t("Kolom {column} ada dua kali.", column=name))
            else:
                known[name] = position
        if not known:
            wanted = Listing((*columns.required, *columns.usual))
            raise FileRefused(t("Tidak ada kolom yang dikenal. Baris pertama harus memuat: {columns}.", columns=wanted))
        missing = tuple(name for name in columns.required if name not in known)
        if missing:
            raise FileRefused(t("Kolom wajib tidak ada: {columns}.", columns=Listing(missing)))
        return cls(known, extra, len(header))

    def warnings(self, columns: Columns) -> Iterable[Problem]:
        """What is to be said of the file's columns, once."""
        missing = tuple(name for name in columns.usual if name not in self.known)
        if missing:
            reason = t("Kolom ini tidak ada dan dianggap kosong: {columns}.", columns=Listing(missing))
            yield Problem(None, None, reason, Severity.WARNED)
        named = tuple(name for name, position in self.extra.items() if name != f"kolom {position + 1}")
        if named:
            reason = t("Kolom ini tidak dikenal; isinya disimpan apa adanya: {columns}.", columns=Listing(named))
            yield Problem(None, None, reason, Severity.WARNED)


@dataclass(slots=True)
class Row:
    """The cells of one record, read column by column; what is wrong is collected in ``problems``."""

    number: int
    cells: Mapping[str, str]
    extra: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, record: Record, layout: Layout) -> Row:
        """Take the record's cells apart and clean them."""
        row = cls(record.number, {}, {})
        if record.broken is not None:
            row.refuse(None, record.broken)
            return row
        if any(cell.strip() for cell in record.cells[layout.width :]):
            row.refuse(None, t("Isinya lebih banyak daripada kolomnya. Mungkin ada koma tanpa tanda kutip."))
            return row
        row.cells = {name: row._clean(name, record, position) for name, position in layout.known.items()}
        extra = {name: row._clean(name, record, position) for name, position in layout.extra.items()}
        row.extra = {name: value for name, value in extra.items() if value}
        return row

    def _clean(self, column: str, record: Record, position: int) -> str:
        cell = record.cells[position] if position < len(record.cells) else ""
        if len(cell) > MAX_CELL:
            self.refuse(column, t("Isinya terlalu panjang. Batasnya {most} huruf.", most=MAX_CELL))
            return ""
        words, changed = clean(cell)
        if changed:
            self.warn(column, t("Tanda yang tidak terlihat atau tanda rumus di depan dihapus."))
        return words

    @property
    def refused(self) -> bool:
        return any(problem.severity is Severity.REFUSED for problem in self.problems)

    def warn(self, column: str | None, reason: Text) -> None:
        self.problems.append(Problem(self.number, column, reason, Severity.WARNED))

    def refuse(self, column: str | None, reason: Text) -> None:
        self.problems.append(Problem(self.number, column, reason, Severity.REFUSED))

    def text(self, column: str) -> str:
        """The cell's words; empty when there are none."""
        return self.cells.get(column, "")

    def line(self, column: str) -> str:
        """The cell's words on one line; a row is refused when they are more than is shown of this column."""
        words = " ".join(self.text(column).split())
        self.bound(column, words, LONGEST.get(column, MAX_CELL))
        return words

    def bound(self, column: str, words: str, most: int) -> None:
        """Refuse the row when ``words`` have more than ``most`` letters."""
        if len(words) > most and not self._has_problem(column):
            self.refuse(column, t("Isinya terlalu panjang. Batasnya {most} huruf.", most=most))

    def required(self, column: str) -> str:
        """The cell's words on one line; a row without them is refused."""
        words = self.line(column)
        if not words and not self._has_problem(column):
            self.refuse(column, t("Kolom ini wajib diisi."))
        return words

    def list(self, column: str) -> tuple[str, ...]:
        """The entries; a row is refused when one of them is longer than a sentence can name."""
        entries = parse_list(self.text(column))
        if too_long := next((entry for entry in entries if len(entry) > LONGEST_ENTRY), None):
            reason = t(
                "Isi {value} terlalu panjang. Batasnya {most} huruf. Pisahkan beberapa isi dengan titik koma.",
                value=quoted(too_long),
                most=LONGEST_ENTRY,
            )
            self.refuse(column, reason)
        return entries

    def date(self, column: str) -> date | None:
        return self._read(column, parse_date)

    def amount(self, column: str) -> int | None:
        """Whole rupiah."""
        return self._read(column, parse_amount)

    def whole(self, column: str, lowest: int, highest: int) -> int | None:
        return self._read(column, lambda text: parse_whole(text, lowest, highest))

    def yes(self, column: str) -> bool:
        """False when nothing is said."""
        return bool(self._read(column, parse_yes))

    def one_of(self, column: str, parse: Callable[[str], T | None], expected: Sequence[str]) -> T | None:
        """What ``parse`` makes of the cell; a row is refused when that is None. None also when nothing is said."""

        def read(text: str) -> T:
            value = parse(text)
            if value is None:
                choices = Listing(tuple(expected))
                raise Unreadable(t("Isi {value} tidak dikenal. Pilih: {choices}.", value=quoted(text), choices=choices))
            return value

        return self._read(column, read)

    def _read(self, column: str, parse: Callable[[str], T]) -> T | None:
        words = self.line(column)
        if not words:
            return None
        try:
            return parse(words)
        except Unreadable as error:
            self.refuse(column, error.reason)
            return None

    def believed(self, column: str, parse: Callable[[str], T]) -> T | None:
        """What ``parse`` makes of the cell; where it is Unreadable, the row goes without it and is warned about."""
        words = self.line(column)
        if not words or self._has_problem(column):
            return None
        try:
            return parse(words)
        except Unreadable as error:
            self.warn(column, error.reason)
            return None

    def _has_problem(self, column: str) -> bool:
        return any(problem.column == column and problem.severity is Severity.REFUSED for problem in self.problems)


def quoted(text: str) -> str:
    """A value as a reason shows it: whole, or its beginning."""
    words = " ".join(text.split())
    return f'"{words}"' if len(words) <= 60 else f'"{words[:59]}…"'


def _shape(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", header.lower())
