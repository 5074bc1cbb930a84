"""Files brought into both databases: once, again, changed, and with mistakes in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.imports import Kind, Problem, Report, Severity, import_file, importing
from bot.imports.report import MAX_PROBLEMS
from conversations.domain.region import load_region
from conversations.engine.texts import t
from locales.render import translator
from storage import models, trainings, vacancies
from storage.problems import OperationalProblem
from storage.work import Database
from tests.imports.files import JOBS, failing_after

REGION = load_region("12.22")
NOW = datetime(2026, 9, 1, 3, tzinfo=UTC)
TODAY = date(2026, 9, 1)

LESSONS = [
    {
        "id": "P1",
        "judul": "Menjahit Dasar",
        "penyelenggara": "Balai Contoh",
        "kecamatan": "Kotapinang",
        "kabupaten": "Labuhanbatu Selatan",
        "bidang": "menjahit",
        "deskripsi": "Pola dasar.",
        "mulai": "2027-02-01",
        "selesai": "2027-02-20",
        "jam": "08.30-15.00",
        "kuota": "16",
        "ragam_disabilitas": "semua",
        "akomodasi": "",
        "biaya": "0",
        "uang_saku": "",
        "batas_daftar": "2027-01-20",
    }
]


def changed(rows: Sequence[Mapping[str, str]], number: int, **cells: str) -> list[Mapping[str, str]]:
    return [row if n != number else {**row, **cells} for n, row in enumerate(rows)]


class Office:
    """Somebody who imports files."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.path = database, folder / "berkas.csv"

    def imports(
        self,
        rows: Sequence[Mapping[str, str]],
        kind: Kind = "vacancies",
        now: datetime = NOW,
        report: Report | None = None,
    ) -> Report:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        self.path.write_text(text.getvalue(), newline="")
        return import_file(kind, self.path, self.database, REGION, now, report)

    def kept(self, table: sa.Table = models.vacancies) -> dict[str, Any]:
        with self.database.read() as work:
            return {row.external_id: row for row in work.connection.execute(sa.select(table))}


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.warned, report.refused


def test_a_file_is_added_once_and_changes_nothing_the_second_time(office: Office) -> None:
    assert counts(office.imports(JOBS)) == (3, 0, 0, 0, 0)
    first = office.kept()
    assert counts(office.imports(JOBS, now=datetime(2027, 1, 1, tzinfo=UTC))) == (0, 0, 3, 0, 0)
    assert office.kept() == first
    assert first["C1"].description == "Menjahit tas kain.\nBoleh di rumah."
    assert first["C1"].closes_on == date(2027, 10, 31)


def test_only_what_changed_is_updated(office: Office) -> None:
    office.imports(JOBS)
    report = office.imports(changed(JOBS, 1, judul="Kasir Toko Contoh"))
    assert counts(report) == (0, 1, 2, 0, 0)
    assert office.kept()["C2"].title == "Kasir Toko Contoh"


def test_a_bad_row_does_not_lose_the_good_ones(office: Office) -> None:
    report = office.imports(changed(changed(JOBS, 1, batas_lamar="46326"), 2, bidang="sulap"))
    assert counts(report) == (2, 0, 0, 1, 1)
    assert report.failed
    assert [(p.row, p.column, p.severity) for p in report.problems] == [
        (3, "batas_lamar", Severity.REFUSED),
        (4, "bidang", Severity.WARNED),
    ]
    assert set(office.kept()) == {"C1", "C3"}
    assert office.kept()["C3"].fields == ["sulap"]


def test_the_second_row_with_one_id_is_refused(office: Office) -> None:
    report = office.imports([*JOBS, JOBS[0] | {"judul": "Lain"}])
    assert counts(report) == (3, 0, 0, 0, 1)
    (problem,) = report.problems
    assert (problem.row, problem.column) == (5, "id")
    assert translator("id")(problem.reason) == "Nomor ini sudah dipakai di baris 2."
    assert office.kept()["C1"].title == "Penjahit Contoh"


def test_an_id_whose_first_row_was_refused_is_free(office: Office) -> None:
    report = office.imports([JOBS[0] | {"judul": ""}, JOBS[0]])
    assert counts(report) == (1, 0, 0, 0, 1)


def test_a_past_deadline_is_kept_and_not_shown(office: Office) -> None:
    late = changed(JOBS, 0, batas_lamar="31/08/2026")
    assert counts(office.imports(late)) == (3, 0, 0, 1, 0)
    with office.database.read() as work:
        assert vacancies.count(work) == 3
        assert vacancies.count(work, TODAY) == 2
    assert counts(office.imports(late)) == (0, 0, 3, 1, 0)


def test_what_is_closed_and_what_opens_later(office: Office) -> None:
    later = {"status": "", "mulai_tayang": "2026-09-02"}
    office.imports([JOBS[0] | later | {"status": "tutup"}, JOBS[1] | later])
    with office.database.read() as work:
        assert vacancies.count(work, TODAY) == 0
        assert vacancies.count(work, date(2026, 9, 2)) == 1
    assert office.kept()["C1"].status == "closed"


def test_extra_columns_and_open_lists_are_kept(office: Office) -> None:
    report = office.imports([row | {"Nomor Surat": "12/2026"} for row in JOBS])
    assert counts(report) == (3, 0, 0, 0, 0)
    assert not report.failed
    (problem,) = report.problems
    assert problem.row is None
    assert office.kept()["C1"].extra == {"Nomor Surat": "12/2026"}


def test_trainings(office: Office) -> None:
    assert counts(office.imports(LESSONS, "trainings")) == (1, 0, 0, 0, 0)
    assert counts(office.imports(LESSONS, "trainings")) == (0, 0, 1, 0, 0)
    assert counts(office.imports(changed(LESSONS, 0, kuota="20"), "trainings")) == (0, 1, 0, 0, 0)
    assert office.kept(models.trainings)["P1"].places == 20
    with office.database.read() as work:
        assert trainings.count(work, TODAY) == 1
        assert trainings.count(work, date(2027, 1, 21)) == 0


def test_a_file_that_cannot_be_read_is_told_in_one_line(office: Office) -> None:
    office.path.write_bytes(b"PK\x03\x04")
    report = import_file("vacancies", office.path, office.database, REGION, NOW)
    assert counts(report) == (0, 0, 0, 0, 0)
    assert report.failed
    assert report.lines(translator("id"))[-1] == (
        "Berkas: Berkas Excel ini rusak. Buka dengan Excel, simpan lagi sebagai XLSX, lalu coba lagi."
    )
    swapped = office.imports(LESSONS)
    assert swapped.failed
    assert "perusahaan" in swapped.lines(translator("id"))[-1]


def test_many_rows_take_several_commits(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "ROWS_A_COMMIT", 100)
    rows = [JOBS[0] | {"id": f"C{n}", "upah_min": "rusak" if n % 100 == 7 else ""} for n in range(250)]
    report = office.imports(rows)
    assert counts(report) == (247, 0, 0, 0, 3)
    assert [problem.row for problem in report.problems] == [9, 109, 209]
    assert counts(office.imports(rows)) == (0, 0, 247, 0, 3)


def test_what_was_committed_before_a_failure_stays_and_is_reported(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "ROWS_A_COMMIT", 2)
    report = Report()
    with monkeypatch.context() as patched:
        patched.setitem(importing.READINGS, "vacancies", failing_after(1))
        with pytest.raises(OperationalProblem):
            office.imports(JOBS, report=report)
    assert counts(report) == (2, 0, 0, 0, 0)
    assert set(office.kept()) == {"C1", "C2"}
    assert counts(office.imports(JOBS)) == (1, 0, 2, 0, 0)


def test_today_is_that_of_the_settings_zone(office: Office) -> None:
    closing = changed(JOBS[:1], 0, batas_lamar="2026-09-01")
    late = datetime(2026, 9, 1, 23, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert counts(office.imports(closing, now=late)) == (1, 0, 0, 0, 0)
    assert counts(office.imports(closing, now=late.astimezone(ZoneInfo("Asia/Jayapura")))) == (0, 0, 1, 1, 0)


def test_the_report_for_programs_and_for_people(office: Office) -> None:
    report = office.imports(changed(changed(JOBS, 1, batas_lamar="besok"), 2, bidang="sulap"))
    data = report.to_json()
    assert {name: data[name] for name in ("added", "updated", "unchanged", "warned", "refused", "omitted")} == {
        "added": 2,
        "updated": 0,
        "unchanged": 0,
        "warned": 1,
        "refused": 1,
        "omitted": 0,
    }
    assert data["problems"][0] == {
        "row": 3,
        "column": "batas_lamar",
        "severity": "refused",
        "reason": "Tanggal ini tidak terbaca. Contoh: 31/10/2027 atau 31 Oktober 2027.",
    }
    assert report.lines(translator("id")) == [
        "Baru: 2 baris.",
        "Diubah: 0 baris.",
        "Tetap sama: 0 baris.",
        "Perlu dilihat: 1 baris.",
        "Ditolak: 1 baris.",
        "Baris 3, kolom batas_lamar, ditolak: Tanggal ini tidak terbaca. Contoh: 31/10/2027 atau 31 Oktober 2027.",
        'Baris 4, kolom bidang, perlu dilihat: Bidang ini belum ada di daftar, disimpan apa adanya: "sulap".',
    ]


def test_a_report_keeps_so_many_problems_and_counts_the_rest() -> None:
    report = Report()
    for row in range(MAX_PROBLEMS + 5):
        report.note([Problem(row, None, t("Contoh."), Severity.REFUSED)])
    assert report.refused == MAX_PROBLEMS + 5
    assert len(report.problems) == MAX_PROBLEMS
    assert report.omitted == 5
    assert report.lines(translator("id"))[-1] == "Ada 5 catatan lain yang tidak ditampilkan."
