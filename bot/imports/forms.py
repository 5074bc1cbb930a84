"""Brings a file of paper forms into the register: form by form, and again whenever the file is corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from bot.imports.records import Table
from bot.imports.report import FileRefused, Problem, Report, Severity
from bot.imports.rows import Layout, Row
from bot.imports.seekers import COLUMNS, FormSaid, number_of, read_seeker
from bot.imports.tables import open_table
from conversations.domain.region import Region
from conversations.engine.texts import Listing, t
from storage import audit, paper
from storage.paper import Taken
from storage.work import Database

FORMS_A_COMMIT = 100
"""People's turns wait for the commit; a form that is new takes about a millisecond."""


def import_forms(path: Path, database: Database, region: Region, now: datetime, report: Report | None = None) -> Report:
    """Register who is new in the CSV or XLSX at ``path`` and correct what changed, by the column ``nomor_formulir``.

    Every problem in the report names its form. As with ``import_file``, what was committed stays when the database
    fails on the way, and importing the file again goes on from there. ``now``: aware, where the office is.
    """
    report = Report() if report is None else report
    try:
        with open_table(path, COLUMNS.recognise) as table:
            layout = Layout.of(table.header, COLUMNS)
            report.note(Problem(None, None, reason, Severity.WARNED) for reason in table.warnings)
            report.note(layout.warnings(COLUMNS))
            forms = _forms(table, layout, region, now, report)
            while batch := list(islice(forms, FORMS_A_COMMIT)):
                _keep(batch, database, now, report)
    except FileRefused as refused:
        report.note([Problem(None, None, refused.reason, Severity.REFUSED)])
    return report


def _forms(
    table: Table, layout: Layout, region: Region, now: datetime, report: Report
) -> Iterator[tuple[Row, FormSaid]]:
    """The rows that can be taken; what is wrong with the others goes into ``report``."""
    rows_by_number: dict[str, int] = {}
    for record in table.rows:
        if record.blank:
            continue
        row = Row.of(record, layout)
        said = None if row.refused else read_seeker(row, region, now)
        if said is not None and not row.refused:
            first = rows_by_number.setdefault(said.form.number, row.number)
            if first != row.number:
                row.refuse("nomor_formulir", t("Nomor ini sudah dipakai di baris {row}.", row=first))
        if said is None or row.refused:
            report.note(_named(row))
        else:
            yield row, said


def _keep(batch: Sequence[tuple[Row, FormSaid]], database: Database, now: datetime, report: Report) -> None:
    done: list[Taken] = []
    with database.work() as work:
        for _, said in batch:
            taken = paper.take_in(work, said.form, now)
            done.append(taken)
            if taken.outcome in ("added", "updated"):
                audit.note(work, None, f"paper_{taken.outcome}", now, seeker_id=taken.seeker_id)
    # Counted once it is committed.
    for (row, _), taken in zip(batch, done, strict=True):
        _tell(row, taken)
        report.note(_named(row))
        report.added += taken.outcome == "added"
        report.updated += taken.outcome == "updated"
        report.unchanged += taken.outcome in ("unchanged", "merged")


def _tell(row: Row, taken: Taken) -> None:
    """What the register says of the form, besides what the row itself shows."""
    match taken.outcome:
        case "erased":
            row.refuse(
                "nomor_formulir",
                t("Data orang ini sudah dihapus. Jika ia mau mendaftar lagi, isi formulir baru dengan nomor baru."),
            )
        case "merged":
            reason = t("Formulir ini sudah digabung dengan pencari kerja {seeker}.", seeker=taken.seeker_id or 0)
            row.warn("nomor_formulir", reason)
    if taken.kept:
        columns = Listing(tuple(_COLUMN_OF.get(name, name) for name in taken.kept))
        row.warn(None, t("Ini sudah diubah lewat chat atau petugas, jadi tetap: {columns}.", columns=columns))
    if taken.refused:
        row.warn("persetujuan", t("Orang ini menarik izinnya sesudah tanggal formulir. Izinnya tidak dipakai."))
    for alike in taken.alike:
        why = t("NIK sama") if alike.why == "nik" else t("nama, tahun lahir, dan kecamatan mirip")
        same = t("Mungkin sama dengan pencari kerja {seeker}: {why}.", seeker=alike.seeker_id, why=why)
        row.warn(None, same)


_COLUMN_OF = {
    "name": "nama",
    "birth_year": "tanggal_lahir",
    "birth_date": "tanggal_lahir",
    "sex": "jenis_kelamin",
    "phone": "telepon",
    "district": "kecamatan",
    "village": "desa",
    "hometown": "desa",
    "address": "alamat",
    "ragam": "ragam_disabilitas",
    "needs": "kebutuhan",
    "education": "pendidikan",
    "skills": "keterampilan",
    "fields": "bidang_minat",
    "contact_ways": "cara_dihubungi",
    "contact_times": "waktu_dihubungi",
}


def _named(row: Row) -> Iterable[Problem]:
    """The row's problems, each with the form it is about."""
    number = number_of(row.text("nomor_formulir"))
    if not number:
        return row.problems
    return [
        replace(problem, reason=t("Formulir {form}: {reason}", form=number[:60], reason=problem.reason))
        for problem in row.problems
    ]
