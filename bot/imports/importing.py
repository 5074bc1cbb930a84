"""Brings a file of vacancies or trainings into the database: row by row, and again whenever it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeAlias

from bot.imports.offers import Imported
from bot.imports.records import Table
from bot.imports.report import FileRefused, Problem, Report, Severity
from bot.imports.rows import Columns, Layout, Row
from bot.imports.tables import open_table
from bot.imports.trainings import COLUMNS as TRAINING_COLUMNS
from bot.imports.trainings import read_training
from bot.imports.vacancies import COLUMNS as VACANCY_COLUMNS
from bot.imports.vacancies import read_vacancy
from conversations.domain.region import Region
from conversations.engine.texts import t
from storage import trainings, vacancies
from storage.offers import Upserted
from storage.work import Database, Work

Kind: TypeAlias = Literal["vacancies", "trainings"]

ROWS_A_COMMIT = 1_000
"""Enough that the commit itself costs little; few enough that people's turns, which wait for it, hardly notice
(a row that is new takes about 0.2 ms on SQLite)."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """How one kind of file is read and kept."""

    columns: Columns
    read: Callable[[Row, Region, date], Imported[Any]]
    upsert: Callable[[Work, Iterable[Imported[Any]], datetime], Upserted]


READINGS: dict[Kind, _Reading] = {
    "vacancies": _Reading(VACANCY_COLUMNS, read_vacancy, vacancies.upsert),
    "trainings": _Reading(TRAINING_COLUMNS, read_training, trainings.upsert),
}


def import_file(
    kind: Kind, path: Path, database: Database, region: Region, now: datetime, report: Report | None = None
) -> Report:
    """Add what is new in the CSV at ``path`` and update what changed, by the column ``id``.

    A row that cannot be taken is refused alone; a file that cannot be read is refused whole, and the report
    says so in one line. ``now``: aware, in the zone whose today counts. Commits every ROWS_A_COMMIT rows: when
    the database fails on the way (OperationalProblem) what was committed stays, ``report`` (the one that is
    returned, where the caller gives one) says how much, and importing the file again goes on from there.
    """
    reading, report = READINGS[kind], Report() if report is None else report
    today = now.date()
    try:
        with open_table(path, reading.columns.recognise) as table:
            layout = Layout.of(table.header, reading.columns)
            report.note(Problem(None, None, reason, Severity.WARNED) for reason in table.warnings)
            report.note(layout.warnings(reading.columns))
            offers = _offers(table, layout, lambda row: reading.read(row, region, today), report)
            while batch := list(islice(offers, ROWS_A_COMMIT)):
                _keep(batch, reading, database, now, report)
    except FileRefused as refused:
        report.note([Problem(None, None, refused.reason, Severity.REFUSED)])
    return report


def _offers(
    table: Table, layout: Layout, read: Callable[[Row], Imported[Any]], report: Report
) -> Iterator[Imported[Any]]:
    """The offers of the rows that can be taken; what is wrong with the others goes into ``report``."""
    rows_by_id: dict[str, int] = {}
    for record in table.rows:
        if record.blank:
            continue
        row = Row.of(record, layout)
        offer = None if row.refused else read(row)
        if offer is not None and not row.refused:
            first = rows_by_id.setdefault(offer.offer.external_id, row.number)
            if first != row.number:
                row.refuse("id", t("Nomor ini sudah dipakai di baris {row}.", row=first))
        report.note(row.problems)
        if offer is not None and not row.refused:
            yield offer


def _keep(batch: Sequence[Imported[Any]], reading: _Reading, database: Database, now: datetime, report: Report) -> None:
    with database.work() as work:
        done = reading.upsert(work, batch, now)
    # Counted once it is committed.
    report.added += len(done.added)
    report.updated += len(done.updated)
    report.unchanged += len(done.unchanged)
