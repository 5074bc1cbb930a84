"""Paper forms that were typed in: what is damaged is told and left out, and nothing is guessed."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.imports import Report, import_forms
from conversations.domain.region import load_region
from conversations.domain.seeker import OUTSIDE, Seeker
from locales.render import translator
from storage import audit, duplicates, seekers
from storage.work import Database
from tests.support.figures import Figure
from tests.support.registered import everybody

REGION = load_region("12.22")
NOW = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
EXAMPLES = Path(__file__).parents[2] / "docs" / "contoh"

ROW = {
    "nomor_formulir": "F 001",
    "petugas": "Petugas Contoh",
    "tanggal_formulir": "02/09/2026",
    "persetujuan": "ya",
    "persetujuan_cara": "tertulis",
    "nama": "Ani Contoh",
    "nik": "1222015703910001",
    "tanggal_lahir": "17 Maret 1991",
    "jenis_kelamin": "P",
    "kecamatan": "Torgamba",
    "desa": "Aek Batu",
    "alamat": "Dusun Contoh",
    "telepon": "0812 0000 0101",
    "ragam_disabilitas": "fisik",
    "kebutuhan": "kursi roda",
    "pendidikan": "SMA",
    "keterampilan": "menjahit",
    "bidang_minat": "menjahit",
    "pendamping_nama": "",
    "pendamping_hubungan": "",
}


class Office:
    """An officer with a file of forms."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.path = database, folder / "formulir.csv"

    def imports(self, *rows: Mapping[str, str], now: datetime = NOW) -> Report:
        text = io.StringIO()
        writer = csv.DictWriter(text, list({column: None for row in rows for column in row}))
        writer.writeheader()
        writer.writerows(rows)
        self.path.write_text(text.getvalue(), newline="")
        return import_forms(self.path, self.database, REGION, now)

    def one(self, **cells: str) -> tuple[Seeker, list[str]]:
        """What becomes of one form, and what the report says of it."""
        report = self.imports(ROW | cells)
        with self.database.read() as work:
            return everybody(work)[-1], said(report)


def said(report: Report) -> list[str]:
    tr = translator("id")
    return [f"{problem.column}: {tr(problem.reason)}" for problem in report.problems]


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


def test_a_whole_form_becomes_a_seeker_with_the_consent_of_that_day(office: Office) -> None:
    seeker, told = office.one()
    assert told == []
    assert (seeker.name, seeker.status, seeker.birth_date, seeker.birth_year) == (
        "Ani Contoh",
        "active",
        "1991-03-17",
        1991,
    )
    assert (seeker.nik, seeker.phone, seeker.district) == ("1222015703910001", "+6281200000101", "12.22.03")
    assert seeker.village is not None
    assert seeker.paper is not None
    about = {name: seeker.paper[name] for name in ("number", "officer", "date", "consent")}
    assert about == {"number": "F 001", "officer": "Petugas Contoh", "date": "2026-09-02", "consent": "written"}
    with office.database.read() as work:
        [consent] = seekers.consents_of(work, seeker.id)
        acts = [entry.act for entry in audit.entries(work, seeker.id)]
    assert (consent.purpose, consent.channel, consent.giver, consent.version) == ("matching", "paper", "self", 1)
    assert consent.given_at == datetime(2026, 9, 2, tzinfo=NOW.tzinfo)
    assert "Pemberi kerja tidak melihatnya tanpa izin Anda." in consent.wording
    assert "ponsel" not in consent.wording
    assert acts == ["paper_added"]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("122201570391000", "NIK ini 15 angka, seharusnya 16."),
        ("1.22201E+15", "NIK tertulis 1.22201E+15: rusak oleh Excel."),
        ("1,2220157E+15", "NIK tertulis 1,2220157E+15: rusak oleh Excel."),
        ("1222015703910000", "Angka terakhir NIK hilang di Excel."),
        ("tidak ingat", "NIK hanya berisi angka."),
    ],
)
def test_a_damaged_nik_is_left_out_and_told(office: Office, written: str, told: str) -> None:
    seeker, report = office.one(nik=written)
    assert seeker.nik is None
    [line] = report
    assert line.startswith(f"nik: Formulir F 001: {told}")
    assert line.endswith("Contoh: 1222014505990001.")


def test_doubts_about_a_nik_keep_it(office: Office) -> None:
    seeker, report = office.one(nik="1210015703910010")
    assert (seeker.nik, len(report)) == ("1210015703910010", 1)
    assert "Angka terakhir NIK ini 0." in report[0]
    _, report = office.one(nomor_formulir="F2", nik="1222015703910001", jenis_kelamin="L")
    assert "Jenis kelamin di NIK itu berbeda." in report[0]


@pytest.mark.parametrize(
    ("written", "year", "day", "told"),
    [
        ("1985", 1985, None, None),
        ("1990-08-17", 1990, "1990-08-17", None),
        ("17/8/1990", 1990, "1990-08-17", None),
        ("33102", None, None, "33102 adalah nomor tanggal dari Excel."),
        ("33102.0", None, None, "33102.0 adalah nomor tanggal dari Excel."),
        ("05/05/95", None, None, '"05/05/95" bukan tanggal lahir.'),
        ("31/02/1990", None, None, '"31/02/1990" bukan tanggal lahir.'),
        ("2031", None, None, "Tahun lahir 2031 tidak masuk akal."),
        ("1899", None, None, "Tahun lahir 1899 tidak masuk akal."),
    ],
)
def test_dates_of_birth_are_read_or_told(
    office: Office, written: str, year: int | None, day: str | None, told: str | None
) -> None:
    seeker, report = office.one(tanggal_lahir=written, nik="")
    assert (seeker.birth_year, seeker.birth_date, seeker.status) == (year, day, "active")
    assert [line.partition("F 001: ")[2].startswith(told or "?") for line in report] == ([True] if told else [])
    assert all(line.endswith("Contoh: 17/08/1990.") for line in report)


@pytest.mark.parametrize(
    ("written", "ragam"),
    [
        ("sensorik", ("netra", "rungu", "wicara")),
        ("mental", ("psikososial", "perkembangan")),
        ("tuna daksa; tunarungu", ("fisik", "rungu")),
        ("skizofrenia", ("psikososial",)),
        ("Down Syndrome, polio", ("fisik", "intelektual")),
        ("ganda", ()),
        ("-", ()),
        ("hidrosefalus", ("hidrosefalus",)),
    ],
)
def test_every_word_for_a_ragam_is_understood_or_kept(office: Office, written: str, ragam: tuple[str, ...]) -> None:
    seeker, report = office.one(ragam_disabilitas=written)
    assert seeker.ragam == ragam
    assert len(report) <= 1
    assert len(report) == (written in ("sensorik", "mental", "skizofrenia", "hidrosefalus", "Down Syndrome, polio"))


def test_a_place_elsewhere_and_one_that_nobody_knows(office: Office) -> None:
    seeker, report = office.one(kecamatan="Medan", desa="")
    assert (seeker.district, seeker.hometown, report) == (OUTSIDE, "Medan", [])
    seeker, report = office.one(nomor_formulir="F2", nama="Budi Contoh", nik="", kecamatan="sei kanan", desa="Aek Batu")
    assert (seeker.district, seeker.village) == ("12.22.04", None)
    assert report == ['desa: Formulir F2: Desa "Aek Batu" tidak ada di kecamatan itu. Cocokkan dengan formulir.']
    seeker, report = office.one(nomor_formulir="F3", nama="Citra Contoh", nik="", kecamatan="", desa="Aek Batu")
    assert (seeker.district, report) == ("12.22.03", [])
    seeker, report = office.one(nomor_formulir="F4", nama="Dedi Contoh", nik="", kecamatan="Entah Berantah", desa="")
    assert seeker.district is None
    assert "tidak dikenal" in report[0]


@pytest.mark.parametrize(
    ("cells", "status", "given"),
    [
        ({"persetujuan_cara": "lisan dibacakan"}, "active", [("matching", "self")]),
        ({"persetujuan_cara": "bahasa isyarat"}, "active", [("matching", "self")]),
        ({"persetujuan_cara": "wali"}, "draft", [("matching", "guardian")]),
        ({"persetujuan_cara": "wali", "tanggal_lahir": ""}, "draft", [("matching", "guardian")]),
        ({"persetujuan_cara": "wali", "tanggal_lahir": "2008"}, "draft", [("matching", "guardian")]),
        (
            {"persetujuan_cara": "wali", "tanggal_lahir": "03/05/2010", "pendamping_hubungan": "ibu"},
            "active",
            [("matching", "parent"), ("child", "parent")],
        ),
        (
            {"persetujuan_cara": "wali", "tanggal_lahir": "25/11/2008", "pendamping_hubungan": "paman"},
            "active",
            [("matching", "guardian"), ("child", "guardian")],
        ),
        ({"tanggal_lahir": "24/11/2008"}, "active", [("matching", "self")]),
        ({"tanggal_lahir": "25/11/2008"}, "draft", [("matching", "self")]),
        ({"tanggal_lahir": "2008"}, "draft", [("matching", "self")]),
        ({"persetujuan": "tidak"}, "invited", []),
        ({"persetujuan": ""}, "invited", []),
        ({"persetujuan": "mungkin"}, "invited", []),
        ({"persetujuan_cara": ""}, "invited", []),
        ({"persetujuan_cara": "telepati"}, "invited", []),
        ({"tanggal_formulir": ""}, "invited", []),
        ({"tanggal_formulir": "45910"}, "invited", []),
        ({"tanggal_formulir": "25/11/2026"}, "invited", []),
    ],
)
def test_what_the_consent_of_a_form_amounts_to(
    office: Office, cells: dict[str, str], status: str, given: list[tuple[str, str]]
) -> None:
    seeker, report = office.one(**{"nik": ""} | cells)
    with office.database.read() as work:
        consents = seekers.consents_of(work, seeker.id)
    assert (seeker.status, [(consent.purpose, consent.giver) for consent in consents]) == (status, given)
    assert bool(report) == (status != "active")


def test_an_invitation_keeps_only_how_to_ask(office: Office) -> None:
    seeker, report = office.one(persetujuan="tidak")
    assert "Ini hanya undangan" in report[0]
    kept = {name for name, value in seeker.values().items() if value}
    assert kept == {"name", "birth_year", "phone", "district", "village", "address", "for_whom", "status", "paper"}
    assert "1222015703910001" not in str(seeker)
    assert "kursi roda" not in str(seeker)


def test_a_form_without_number_or_name_and_a_number_twice_are_refused(office: Office) -> None:
    report = office.imports(
        ROW | {"nomor_formulir": ""},
        ROW | {"nama": "-"},
        ROW,
        ROW | {"nomor_formulir": "f  001", "nama": "Lain Contoh"},
    )
    assert (report.added, report.refused) == (1, 3)
    assert said(report) == [
        "nomor_formulir: Kolom ini wajib diisi.",
        "nama: Formulir F 001: Kolom ini wajib diisi.",
        "nomor_formulir: Formulir F 001: Nomor ini sudah dipakai di baris 4.",
    ]


def test_who_may_be_registered_already_is_told_to_the_officer(office: Office) -> None:
    first, _ = office.one()
    second, report = office.one(nomor_formulir="F2", nama="Contoh, Anni", nik="")
    assert report == [
        f"None: Formulir F2: Mungkin sama dengan pencari kerja {first.id}: nama, tahun lahir, dan kecamatan mirip."
    ]
    third, report = office.one(nomor_formulir="F3", nama="Lain Sekali", kecamatan="Kotapinang", desa="")
    assert f"Mungkin sama dengan pencari kerja {first.id}: NIK sama." in report[-1]
    with office.database.read() as work:
        found = [(one.seeker_id, one.other_id, one.why) for one in duplicates.waiting(work)]
    assert found == [(first.id, second.id, "name"), (first.id, third.id, "nik")]


def test_a_spreadsheet_is_read_like_the_same_table_as_csv(office: Office, database: Database) -> None:
    by_csv = import_forms(EXAMPLES / "formulir.csv", database, REGION, NOW)
    by_xlsx = import_forms(EXAMPLES / "formulir.xlsx", database, REGION, NOW)
    assert (by_csv.added, by_csv.refused, by_csv.warned) == (12, 1, 10)
    assert (by_xlsx.added, by_xlsx.updated, by_xlsx.unchanged, by_xlsx.refused) == (0, 0, 12, 1)
    assert "Lembar tersembunyi tidak dibaca" in said(by_xlsx)[0]
    with database.read() as work:
        found = {seeker.paper["number"]: seeker for seeker in everybody(work) if seeker.paper}
    statuses = [found[f"K{number:03}"].status for number in range(1, 13)]
    assert statuses == [
        *("active", "active", "active", "active", "draft", "invited"),
        *("active", "invited", "active", "invited", "active", "active"),
    ]
    assert found["K012"].name.startswith("HYPERLINK")
    assert {found[number].nik for number in ("K003", "K007", "K012")} == {None}
    assert found["K003"].contact_ways == ("jangan telepon",)


def form(number: int) -> dict[str, str]:
    """One of many forms of people who differ as people do."""
    first = ("Ani", "Budi", "Citra", "Dedi", "Eka", "Farida", "Guntur", "Halimah", "Iwan", "Jamilah")[number % 10]
    last = ("Siregar", "Harahap", "Ritonga", "Nasution", "Pohan", "Lubis", "Rambe", "Tanjung")[number // 10 % 8]
    place = ("Torgamba", "Kotapinang", "Silangkitang", "Sungai Kanan", "Kampung Rakyat")[number % 5]
    who = {
        "nama": f"{first} {last} Contoh",
        "tanggal_lahir": str(1960 + number * 7 % 45),
        "kecamatan": place,
        "desa": "",
    }
    return ROW | who | {"nomor_formulir": f"F{number}", "nik": f"122201570391{number:04}"}


def test_four_hundred_forms_take_seconds(office: Office, figure: Figure) -> None:
    rows = [form(number) for number in range(400)]
    begun = time.perf_counter()
    report = office.imports(*rows)
    took = time.perf_counter() - begun
    assert (report.added, report.refused) == (400, 0)
    begun = time.perf_counter()
    with office.database.work() as work:
        for number in range(400):
            seekers.add(work, {"name": f"Orang {number} Contoh"}, education_rank=None, now=NOW)
    floor = time.perf_counter() - begun
    kind = "PostgreSQL" if office.database.postgresql else "SQLite"
    figure(f"400 paper forms imported on {kind}: {took:.2f} s; 400 bare seekers added: {floor:.2f} s")
    assert took < 20
