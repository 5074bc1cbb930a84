"""What became of a file: how many rows, and which of them somebody should look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from conversations.engine.texts import Text, Translate, t
from locales.render import SOURCE, translator

MAX_PROBLEMS = 10_000
"""Problems kept in a report; more are only counted, so that a broken file of any size fits into memory."""


class Severity(Enum):
    WARNED = "warned"
    """The row was taken, and somebody should look at it."""
    REFUSED = "refused"
    """The row (or the file) was not taken."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, where, and what was expected."""

    row: int | None
    """As a spreadsheet shows it: the header is row 1. None: the whole file."""
    column: str | None
    """The column's name in the documentation ("upah_min"), or an extra one's own. None: the whole row."""
    reason: Text
    severity: Severity


class FileRefused(Exception):  # reads as what happened
    """Nothing of the file can be taken. ``reason`` is one line for the operator."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.msgid)
        self.reason = reason


@dataclass(slots=True)
class Report:
    """Counts of rows, and the problems in the file's order. ``warned`` rows are also added, updated or unchanged."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    warned: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    omitted: int = 0
    """Problems beyond MAX_PROBLEMS, which are counted above but not listed."""

    @property
    def failed(self) -> bool:
        """Whether a row, or the whole file, was refused."""
        return self.refused > 0 or any(p.row is None and p.severity is Severity.REFUSED for p in self.problems)

    def note(self, problems: Iterable[Problem]) -> None:
        """Keep the problems of one row (or of the file), and count the row as refused or warned."""
        found = list(problems)
        of_rows = [problem for problem in found if problem.row is not None]
        if any(problem.severity is Severity.REFUSED for problem in of_rows):
            self.refused += 1
        elif of_rows:
            self.warned += 1
        room = max(0, MAX_PROBLEMS - len(self.problems))
        self.problems += found[:room]
        self.omitted += len(found[room:])

    def to_json(self, tr: Translate = translator(SOURCE)) -> dict[str, Any]:  # noqa: B008  # pure, and kept
        """For programs: the counts, and ``problems`` with row, column, severity and the reason in words."""
        counts = {name: getattr(self, name) for name in ("added", "updated", "unchanged", "warned", "refused")}
        problems = [
            {"row": p.row, "column": p.column, "severity": p.severity.value, "reason": tr(p.reason)}
            for p in self.problems
        ]
        return {**counts, "problems": problems, "omitted": self.omitted}

    def lines(self, tr: Translate) -> list[str]:
        """For people: the counts, then a line for each problem."""
        counts = (
            t("Baru: {count} baris.", count=self.added),
            t("Diubah: {count} baris.", count=self.updated),
            t("Tetap sama: {count} baris.", count=self.unchanged),
            t("Perlu dilihat: {count} baris.", count=self.warned),
            t("Ditolak: {count} baris.", count=self.refused),
        )
        lines = [tr(count) for count in counts]
        lines += [tr(_told(problem, tr)) for problem in self.problems]
        if self.omitted:
            lines.append(tr(t("Ada {count} catatan lain yang tidak ditampilkan.", count=self.omitted)))
        return lines


def _told(problem: Problem, tr: Translate) -> Text:
    reason = tr(problem.reason)
    if problem.row is None:
        return t("Berkas: {reason}", reason=reason)
    match problem.column, problem.severity:
        case None, Severity.REFUSED:
            return t("Baris {row} ditolak: {reason}", row=problem.row, reason=reason)
        case None, _:
            return t("Baris {row}, perlu dilihat: {reason}", row=problem.row, reason=reason)
        case column, Severity.REFUSED:
            return t("Baris {row}, kolom {column}, ditolak: {reason}", row=problem.row, column=column, reason=reason)
        case column, _:
            return t(
                "Baris {row}, kolom {column}, perlu dilihat: {reason}", row=problem.row, column=column, reason=reason
            )
