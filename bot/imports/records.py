"""A table as any kind of file gives it: a header, and rows numbered as a spreadsheet shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from conversations.engine.texts import Text

MAX_CELL = 10_000
"""Characters of one cell."""

Recognise: TypeAlias = Callable[[Sequence[str]], int]
"""Counts the known columns among the cells of a header."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file. ``broken`` says why its cells cannot be told apart; then there are none."""

    number: int
    """As a spreadsheet shows it: the header is 1, and a cell of several lines is still one row."""
    cells: tuple[str, ...]
    broken: Text | None = None

    @property
    def blank(self) -> bool:
        return self.broken is None and not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """An open file: the header's cells, the rows after it (read as they are asked for), and what is to be said."""

    header: tuple[str, ...]
    rows: Iterator[Record]
    warnings: tuple[Text, ...]
