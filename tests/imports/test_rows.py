"""What a row becomes, what is warned about, and what a row is refused for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from bot.imports.records import MAX_CELL, Record
from bot.imports.report import FileRefused, Severity
from bot.imports.rows import LONGEST, LONGEST_ENTRY, LONGEST_PLACE, Columns, Layout, Row
from bot.imports.trainings import COLUMNS as TRAINING_COLUMNS
from bot.imports.trainings import read_training
from bot.imports.vacancies import COLUMNS as VACANCY_COLUMNS
from bot.imports.vacancies import read_vacancy
from conversations.domain.region import load_region
from conversations.domain.vacancy import Training, Vacancy
from locales.render import translator
from tests.locales import worst

REGION = load_region("12.22")
TODAY = date(2026, 9, 1)

VACANCY = {
    "id": "C1",
    "judul": "Penjahit Contoh",
    "perusahaan": "UMKM Contoh",
    "kecamatan": "Silangkitang",
    "kabupaten": "Labuhanbatu Selatan",
    "bidang": "menjahit",
    "deskripsi": "Menjahit tas kain.",
    "pendidikan_min": "SD",
    "ragam_disabilitas": "fisik;rungu",
    "akomodasi": "meja kerja rendah",
    "upah_min": "3690000",
    "upah_maks": "4000000",
    "jenis_kerja": "penuh waktu",
    "jumlah": "2",
    "batas_lamar": "2027-10-31",
    "kontak": "petugas",
}
TRAINING = {
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
    "akomodasi": "juru bahasa isyarat",
    "biaya": "0",
    "uang_saku": "50000 per hari",
    "batas_daftar": "2027-01-20",
}

Told = list[tuple[str | None, Severity, str]]
"""Column, severity and words of each problem."""


def row_of(cells: dict[str, str], columns: Columns) -> Row:
    return Row.of(Record(2, tuple(cells.values())), Layout.of(list(cells), columns))


def told(row: Row) -> Told:
    tr = translator("id")
    assert all(problem.row == 2 for problem in row.problems)
    return [(problem.column, problem.severity, tr(problem.reason)) for problem in row.problems]


def vacancy(**changes: str) -> tuple[Vacancy, Told]:
    row = row_of(VACANCY | changes, VACANCY_COLUMNS)
    return read_vacancy(row, REGION, TODAY).offer, told(row)


def training(**changes: str) -> tuple[Training, Told]:
    row = row_of(TRAINING | changes, TRAINING_COLUMNS)
    return read_training(row, REGION, TODAY).offer, told(row)


def test_a_complete_vacancy() -> None:
    found, problems = vacancy(
        usia_min="18",
        keterampilan="menjahit;mengukur",
        pengalaman="tidak perlu",
        jam_kerja="08.00-16.00",
        terverifikasi="ya",
    )
    assert problems == []
    assert found == Vacancy(
        id=0,
        external_id="C1",
        title="Penjahit Contoh",
        employer="UMKM Contoh",
        district="12.22.05",
        place="Silangkitang",
        fields=("menjahit",),
        description="Menjahit tas kain.",
        education="sd",
        ragam=("fisik", "rungu"),
        accommodations=("meja kerja rendah",),
        wage_min=3_690_000,
        wage_max=4_000_000,
        wage_per="month",
        kinds=("penuh waktu",),
        openings=2,
        closes_on=date(2027, 10, 31),
        apply_to="petugas",
        verified=True,
        age_min=18,
        skills=("menjahit", "mengukur"),
        experience="tidak perlu",
        hours="08.00-16.00",
    )


def test_a_complete_training() -> None:
    found, problems = training()
    assert problems == []
    assert found == Training(
        id=0,
        external_id="P1",
        title="Menjahit Dasar",
        provider="Balai Contoh",
        district="12.22.01",
        place="Kotapinang",
        fields=("menjahit",),
        description="Pola dasar.",
        starts_on=date(2027, 2, 1),
        ends_on=date(2027, 2, 20),
        hours="08.30-15.00",
        places=16,
        ragam=(),
        accommodations=("juru bahasa isyarat",),
        cost=0,
        allowance="50000 per hari",
        register_by=date(2027, 1, 20),
    )


def test_what_may_be_left_out_is() -> None:
    empty = dict.fromkeys(
        ("deskripsi", "pendidikan_min", "ragam_disabilitas", "akomodasi", "upah_min", "upah_maks"), ""
    )
    found, problems = vacancy(**empty, batas_lamar="", kontak="", jenis_kerja="")
    assert problems == []
    assert (found.education, found.ragam, found.wage_min, found.closes_on, found.kinds) == (None, (), None, None, ())
    assert found.apply_to == "petugas"


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"id": ""}, "id", "wajib diisi"),
        ({"judul": "  "}, "judul", "wajib diisi"),
        ({"perusahaan": "-"}, "perusahaan", "wajib diisi"),
        ({"kecamatan": "", "kabupaten": ""}, "kecamatan", "wajib diisi"),
        ({"id": "1.2E+10"}, "id", "rusak oleh Excel"),
        ({"id": "x" * 101}, "id", "terlalu panjang"),
        ({"deskripsi": "x" * (MAX_CELL + 1)}, "deskripsi", "terlalu panjang"),
        ({"judul": "Penjahit " * 600}, "judul", "Batasnya 80 huruf"),
        ({"perusahaan": "x" * 81}, "perusahaan", "Batasnya 80 huruf"),
        ({"jam_kerja": "x" * 121}, "jam_kerja", "Batasnya 120 huruf"),
        ({"kontak": "petugas " * 21}, "kontak", "Batasnya 160 huruf"),
        ({"keterampilan": f"mengetik;{'x' * 61}"}, "keterampilan", "Batasnya 60 huruf"),
        ({"pendidikan_min": "SMAA"}, "pendidikan_min", '"SMAA" tidak dikenal'),
        ({"ragam_disabilitas": "fisik;gerhana"}, "ragam_disabilitas", '"gerhana" tidak dikenal'),
        ({"status": "mungkin"}, "status", "buka dan tutup"),
        ({"upah_per": "minggu"}, "upah_per", "bulan, hari, dan satuan"),
        ({"terverifikasi": "mungkin"}, "terverifikasi", "ya atau tidak"),
        ({"batas_lamar": "46326"}, "batas_lamar", "Excel"),
        ({"mulai_tayang": "besok"}, "mulai_tayang", "tidak terbaca"),
        ({"upah_min": "3.690"}, "upah_min", "ribuan atau jutaan"),
        ({"upah_min": "2600"}, "upah_min", "tidak masuk akal"),
        ({"upah_min": "4000000", "upah_maks": "3690000"}, "upah_min", "lebih besar"),
        ({"jumlah": "0"}, "jumlah", "angka bulat dari 1"),
        ({"jumlah": "dua"}, "jumlah", "angka bulat"),
        ({"usia_min": "muda"}, "usia_min", "angka bulat"),
        ({"usia_min": "40", "usia_maks": "20", "alasan_usia": "Contoh."}, "usia_min", "lebih besar"),
    ],
)
def test_a_vacancy_is_refused_for(changes: dict[str, str], column: str, words: str) -> None:
    _, problems = vacancy(**changes)
    ((found, severity, reason),) = problems
    assert (found, severity) == (column, Severity.REFUSED)
    assert words in reason


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"bidang": "menjahit;sulap"}, "bidang", '"sulap"'),
        ({"bidang": ""}, "bidang", "kosong"),
        ({"akomodasi": "mes;kolam renang"}, "akomodasi", '"kolam renang"'),
        ({"jenis_kerja": "musiman"}, "jenis_kerja", '"musiman"'),
        ({"kontak": "tanya di warung"}, "kontak", "belum dikenal"),
        ({"kecamatan": "Medan", "kabupaten": "Kota Medan"}, "kabupaten", "di luar"),
        ({"kecamatan": "Entah Berantah"}, "kecamatan", "tidak dikenal"),
        ({"kecamatan": "Silangkittang"}, "kecamatan", "dibaca sebagai Silangkitang"),
        ({"batas_lamar": "2026-08-31"}, "batas_lamar", "31 Agustus 2026 sudah lewat"),
        ({"upah_min": "2600000"}, "upah_min", "Rp2.600.000 di bawah upah minimum 2026, yaitu Rp3.690.000"),
        ({"upah_min": "nego"}, "upah_min", "tidak disebutkan"),
        ({"jumlah": ""}, "jumlah", "dianggap 1"),
        ({"usia_maks": "35"}, "alasan_usia", "perlu alasan"),
        ({"usia_min": "21"}, "alasan_usia", "perlu alasan"),
        ({"deskripsi": "Berpenampilan menarik dan jujur."}, "deskripsi", "penampilan"),
        ({"deskripsi": "Sehat jasmani dan rohani."}, "deskripsi", "jasmani"),
        ({"keterampilan": "good looking"}, "deskripsi", "penampilan"),
        ({"pengalaman": "belum menikah"}, "deskripsi", "perkawinan"),
        ({"deskripsi": "Usia maksimal 35 tahun."}, "deskripsi", "usia"),
        ({"deskripsi": "Tidak cacat fisik."}, "deskripsi", "penyandang disabilitas"),
        ({"judul": "Kasir khusus wanita"}, "deskripsi", "jenis kelamin"),
        ({"deskripsi": "Tinggi badan 165 cm."}, "deskripsi", "Tinggi".lower()),
        ({"deskripsi": "Biaya pendaftaran Rp500 ribu."}, "deskripsi", "uang"),
        ({"judul": "=Penjahit"}, "judul", "dihapus"),
        ({"judul": "Penjahit khusus penyandang disabilitas tuli"}, "judul", "menyebut bidangnya saja"),
    ],
)
def test_a_vacancy_is_taken_and_looked_at_for(changes: dict[str, str], column: str, words: str) -> None:
    found, problems = vacancy(**changes)
    ((told_column, severity, reason),) = problems
    assert (told_column, severity) == (column, Severity.WARNED)
    assert words in reason
    assert found.external_id == "C1"


def test_what_is_shown_in_a_line_is_as_long_as_the_longest_that_messages_are_held_against() -> None:
    assert len(worst.TITLES[0]) == LONGEST["judul"]
    assert len(worst.EMPLOYER) == LONGEST["perusahaan"] == LONGEST["penyelenggara"]
    assert len(worst.PLACE) == LONGEST_PLACE
    assert all(len(words) >= LONGEST_ENTRY for words in worst.OWN_WORDS)
    for offer in (worst.vacancies()[0], worst.trainings()[0]):
        for column, name in (("jam", "hours"), ("kontak", "apply_to"), ("pengalaman", "experience")):
            assert len(getattr(offer, name, "x" * LONGEST[column])) == LONGEST[column]


def test_a_place_is_measured_as_it_is_shown() -> None:
    _, problems = vacancy(kecamatan="x" * 40, kabupaten="y" * 40)
    assert ("kecamatan", Severity.REFUSED) in [problem[:2] for problem in problems]
    _, problems = vacancy(kecamatan="Panti Bina Netra", kabupaten="Kota Medan")
    assert [problem[:2] for problem in problems] == [("kabupaten", Severity.WARNED), ("kecamatan", Severity.WARNED)]
    assert "tidak menyebutnya" in problems[1][2]


@pytest.mark.parametrize(
    "text",
    [
        "Mencatat uang masuk dan keluar serta administrasi gudang.",
        "Menerima pembayaran dan membuat nota.",
        "Melayani tamu pria dan wanita.",
        "Menjaga kesehatan tanaman. Ruang kerja sehat.",
        "Bekerja dengan tim yang ramah bagi penyandang disabilitas.",
    ],
)
def test_ordinary_words_are_no_concern(text: str) -> None:
    assert vacancy(deskripsi=text)[1] == []


def test_unknown_values_of_open_lists_are_kept() -> None:
    found, _ = vacancy(
        bidang="menjahit;Sulap Panggung",
        akomodasi="kolam renang",
        jenis_kerja="musiman",
        kontak="tanya di warung",
        kecamatan="Medan",
        kabupaten="Kota Medan",
    )
    assert found.fields == ("menjahit", "Sulap Panggung")
    assert found.accommodations == ("kolam renang",)
    assert found.kinds == ("musiman",)
    assert found.apply_to == "tanya di warung"
    assert (found.district, found.place) == (None, "Medan, Kota Medan")


@pytest.mark.parametrize(
    ("kecamatan", "kabupaten", "district", "place"),
    [
        ("Kotapinang", "", "12.22.01", "Kotapinang"),
        ("kota pinang", "Kab. Labuhanbatu Selatan", "12.22.01", "Kotapinang"),
        ("Kec. Sei Kanan", "labusel", "12.22.04", "Sungai Kanan"),
        ("Aek Batu", "Labuhanbatu Selatan", "12.22.03", "Aek Batu, Torgamba"),
        ("Tanjung Medan", "Labuhanbatu Selatan", "12.22.02", "Tanjung Medan, Kampung Rakyat"),
    ],
)
def test_places_within_the_region(kecamatan: str, kabupaten: str, district: str, place: str) -> None:
    found, problems = vacancy(kecamatan=kecamatan, kabupaten=kabupaten)
    assert problems == []
    assert (found.district, found.place) == (district, place)


@pytest.mark.parametrize(
    ("changes", "per"),
    [
        ({"jenis_kerja": "harian", "upah_min": "90000", "upah_maks": ""}, "day"),
        ({"jenis_kerja": "borongan", "upah_min": "500", "upah_maks": ""}, "piece"),
        ({"jenis_kerja": "harian", "upah_per": "bulan"}, "month"),
        ({"upah_per": "Hari", "upah_min": "120000", "upah_maks": ""}, "day"),
        ({}, "month"),
    ],
)
def test_what_the_wage_is_for(changes: dict[str, str], per: str) -> None:
    found, problems = vacancy(**changes)
    assert problems == []
    assert found.wage_per == per


def test_the_minimum_wage_concerns_full_time_monthly_work_in_the_region() -> None:
    low = {"upah_min": "1500000", "upah_maks": "1700000"}
    assert len(vacancy(**low)[1]) == 1
    assert vacancy(**low, jenis_kerja="paruh waktu")[1] == []
    assert vacancy(**low, jenis_kerja="magang")[1] == []
    assert vacancy(upah_min="", upah_maks="3690000")[1] == []


def test_ragam_is_read_by_its_groups_and_never_by_guessing() -> None:
    assert vacancy(ragam_disabilitas="sensorik")[0].ragam == ("netra", "rungu", "wicara")
    assert vacancy(ragam_disabilitas="mental;Tuna Daksa")[0].ragam == ("fisik", "psikososial", "perkembangan")
    assert vacancy(ragam_disabilitas="semua")[0].ragam == ()


def test_several_mistakes_of_one_row_are_all_told() -> None:
    _, problems = vacancy(id="", upah_min="banyak", batas_lamar="besok", bidang="sulap")
    assert {(column, severity) for column, severity, _ in problems} == {
        ("id", Severity.REFUSED),
        ("upah_min", Severity.REFUSED),
        ("batas_lamar", Severity.REFUSED),
        ("bidang", Severity.WARNED),
    }


@pytest.mark.parametrize(
    ("status", "closes", "opens"),
    [("", "2026-09-01", True), ("tutup", "2027-01-01", False), ("buka", "2026-08-31", True)],
)
def test_a_vacancy_is_open_unless_told_otherwise(status: str, closes: str, opens: bool) -> None:
    row = row_of(VACANCY | {"status": status, "batas_lamar": closes, "mulai_tayang": "1 Oktober 2026"}, VACANCY_COLUMNS)
    imported = read_vacancy(row, REGION, TODAY)
    assert imported.open is opens
    assert imported.opens_on == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("changes", "column", "severity"),
    [
        ({"penyelenggara": ""}, "penyelenggara", Severity.REFUSED),
        ({"mulai": "besok"}, "mulai", Severity.REFUSED),
        ({"selesai": "2027-01-31"}, "selesai", Severity.REFUSED),
        ({"kuota": "banyak"}, "kuota", Severity.REFUSED),
        ({"biaya": "murah"}, "biaya", Severity.REFUSED),
        ({"batas_daftar": "2027-02-02"}, "batas_daftar", Severity.WARNED),
        ({"batas_daftar": "2026-08-31"}, "batas_daftar", Severity.WARNED),
        ({"mulai": "2026-08-01", "selesai": "", "batas_daftar": ""}, "mulai", Severity.WARNED),
        ({"deskripsi": "Usia maksimal 30 tahun."}, "deskripsi", Severity.WARNED),
    ],
)
def test_what_is_said_of_a_training(changes: dict[str, str], column: str, severity: Severity) -> None:
    _, problems = training(**changes)
    assert [(told_column, told_severity) for told_column, told_severity, _ in problems] == [(column, severity)]


def header(*cells: str) -> Layout:
    return Layout.of(cells, VACANCY_COLUMNS)


def file_refused(cells: Sequence[str]) -> str:
    with pytest.raises(FileRefused) as caught:
        header(*cells)
    return translator("id")(caught.value.reason)


def test_headers_are_known_whatever_their_case_and_spaces() -> None:
    layout = header(" ID ", "Judul", "PERUSAHAAN", "Kecamatan*", "bidang", "Batas Lamar", "Upah-Min", "upahmaks")
    assert layout.known == {
        "id": 0,
        "judul": 1,
        "perusahaan": 2,
        "kecamatan": 3,
        "bidang": 4,
        "batas_lamar": 5,
        "upah_min": 6,
        "upah_maks": 7,
    }
    assert layout.extra == {}
    (missing,) = layout.warnings(VACANCY_COLUMNS)
    assert (missing.row, missing.severity) == (None, Severity.WARNED)
    assert "kontak" in translator("id")(missing.reason)


def test_a_file_without_a_required_column_is_refused() -> None:
    assert file_refused([name for name in VACANCY if name not in ("id", "bidang")]) == (
        "Kolom wajib tidak ada: id dan bidang."
    )
    assert file_refused(["nama", "alamat"]).startswith("Tidak ada kolom yang dikenal.")
    assert file_refused([*VACANCY, "Judul"]) == "Kolom judul ada dua kali."


def test_extra_columns_are_kept_and_told_once() -> None:
    cells = VACANCY | {"Nomor Surat": "12/2026", "": ""}
    layout = Layout.of(list(cells), VACANCY_COLUMNS)
    (warning,) = layout.warnings(VACANCY_COLUMNS)
    assert "Nomor Surat" in translator("id")(warning.reason)
    row = Row.of(Record(2, tuple(cells.values())), layout)
    assert read_vacancy(row, REGION, TODAY).extra == {"Nomor Surat": "12/2026"}
    assert row.problems == []


def test_a_row_with_too_few_or_too_many_cells() -> None:
    layout = Layout.of(list(VACANCY), VACANCY_COLUMNS)
    short = Row.of(Record(2, tuple(VACANCY.values())[:6]), layout)
    assert read_vacancy(short, REGION, TODAY).offer.fields == ("menjahit",)
    assert not short.refused
    padded = Row.of(Record(2, (*VACANCY.values(), "", " ")), layout)
    assert not padded.refused
    shifted = Row.of(Record(2, (*VACANCY.values(), "petugas")), layout)
    assert shifted.refused
    assert "koma tanpa tanda kutip" in told(shifted)[0][2]
