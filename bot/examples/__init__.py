"""The project's own example vacancies and trainings: invented, marked "(contoh)", and never announced.

The files name no region and no day: ``kecamatan`` holds the number of a district, which stands for one of
the region's own, and a date such as ``+45`` is counted from the day of loading.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.imports.importing import READINGS, Kind
from bot.imports.offers import Imported
from bot.imports.rows import Layout, Row
from bot.imports.tables import open_table
from conversations.domain.region import Region
from storage import meta, stats, trainings, vacancies
from storage.work import Database

_REMOVED = "examples_removed"
"""In ``meta``: somebody did not want them."""

MARK = " (contoh)"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Examples:
    """How many examples were loaded or removed."""

    vacancies: int
    trainings: int

    def __bool__(self) -> bool:
        return self.vacancies + self.trainings > 0

    def __str__(self) -> str:
        return f"{self.vacancies} lowongan dan {self.trainings} pelatihan"


def load_examples(database: Database, region: Region, now: datetime) -> Examples:
    """Put the examples into the database, their days counted from that of ``now`` (aware); again: they move on."""
    today = now.date()
    jobs = [imported for imported, _ in read_examples("vacancies", region, today)]
    lessons = [imported for imported, _ in read_examples("trainings", region, today)]
    with database.work() as work:
        vacancies.upsert(work, jobs, now)
        trainings.upsert(work, lessons, now)
    return Examples(len(jobs), len(lessons))


def load_examples_once(database: Database, region: Region, now: datetime) -> Examples | None:
    """Load the examples into a database that holds nothing; None where there is an offer, or anybody has written.

    Also where examples were removed before: they never come back by themselves.
    """
    with database.read() as work:
        counted = stats.collect(work, now)
        holds = counted.contacts or counted.seekers or vacancies.count(work) or trainings.count(work)
        if holds or meta.get(work, _REMOVED) is not None:
            return None
    return load_examples(database, region, now)


def remove_examples(database: Database) -> Examples:
    """Delete every example, for good; what was imported stays."""
    with database.work() as work:
        meta.put(work, _REMOVED, "yes")
        return Examples(vacancies.remove_examples(work), trainings.remove_examples(work))


def read_examples(kind: Kind, region: Region, today: date) -> Iterator[tuple[Imported[Any], Row]]:
    """The examples of one kind for ``region``, as of ``today``, each with the row it came from."""
    reading = READINGS[kind]
    with open_table(_FOLDER / f"{kind}.csv", reading.columns.recognise) as table:
        layout = Layout.of(table.header, reading.columns)
        for record in table.rows:
            row = Row.of(record, layout)
            row.cells = {name: _made_true(name, cell, region, today) for name, cell in row.cells.items()}
            imported = reading.read(row, region, today)
            marked = replace(imported.offer, title=imported.offer.title + MARK, example=True)
            yield replace(imported, offer=marked), row


def _made_true(column: str, cell: str, region: Region, today: date) -> str:
    """The cell with the number of a district or of days put into the region's own terms."""
    if column == "kecamatan":
        return region.districts[(int(cell) - 1) % len(region.districts)].name
    if cell.startswith("+"):
        return (today + timedelta(days=int(cell))).isoformat()
    return cell
