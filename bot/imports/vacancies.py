"""A row of a file of vacancies."""

from __future__ import annotations

import re
from datetime import date

from bot.imports.cells import names_no_amount
from bot.imports.concerns import concerns_in
from bot.imports.offers import Imported, read_common, read_open, warn_if_over
from bot.imports.rows import Columns, Row, quoted
from conversations.alerts import tells
from conversations.domain import education, kinds
from conversations.domain.region import Region
from conversations.domain.vacancy import Vacancy
from conversations.engine.texts import Listing, Money, t

COLUMNS = Columns(
    required=("id", "judul", "perusahaan", "kecamatan", "bidang", "batas_lamar"),
    usual=(
        "kabupaten",
        "deskripsi",
        "pendidikan_min",
        "ragam_disabilitas",
        "akomodasi",
        "upah_min",
        "upah_maks",
        "jenis_kerja",
        "jumlah",
        "kontak",
    ),
    optional=(
        "usia_min",
        "usia_maks",
        "alasan_usia",
        "keterampilan",
        "pengalaman",
        "jam_kerja",
        "upah_per",
        "terverifikasi",
        "status",
        "mulai_tayang",
    ),
)

OFFICER = "petugas"
"""Who is applied to when a vacancy names nobody: the office passes it on."""

_WAGE_PER = {
    **dict.fromkeys(("bulan", "bulanan", "per bulan", "month"), "month"),
    **dict.fromkeys(("hari", "harian", "per hari", "day"), "day"),
    **dict.fromkeys(("satuan", "borongan", "per satuan", "potong", "per potong", "piece"), "piece"),
}
_LEAST_WAGE = {"month": 10_000, "day": 1_000, "piece": 1}
"""Below this a zero or three are missing."""
_MOST_WAGE = 1_000_000_000

_FULL_TIME = "penuh waktu"
_CONTACT = re.compile(
    r"petugas|[^@\s]+@[^@\s]+\.[^@\s]+|https?://\S+|www\.\S+|(?<!\d)\+?\d[\d\s().-]{5,}\d", re.IGNORECASE
)
"""The office, an address of mail or web, or a telephone number."""


def read_vacancy(row: Row, region: Region, today: date) -> Imported[Vacancy]:
    """The vacancy in ``row``. What is wrong is left in ``row.problems``; a refused row's value is of no use."""
    common = read_common(row, region)
    kinds_named = _kinds(row)
    wage_min, wage_max, wage_per = _wage(row, kinds_named)
    age_min, age_max, age_reason = _ages(row)
    closes_on = row.date("batas_lamar")
    vacancy = Vacancy(
        id=0,
        external_id=common.external_id,
        title=common.title,
        employer=row.required("perusahaan"),
        district=common.place.district,
        place=common.place.words,
        fields=common.fields,
        description=common.description,
        education=row.one_of("pendidikan_min", education.parse, [code.upper() for code in education.CODES]),
        ragam=common.ragam,
        accommodations=common.accommodations,
        wage_min=wage_min,
        wage_max=wage_max,
        wage_per=wage_per,
        kinds=kinds_named,
        openings=_openings(row),
        closes_on=closes_on,
        apply_to=_apply_to(row),
        verified=row.yes("terverifikasi"),
        age_min=age_min,
        age_max=age_max,
        age_reason=age_reason,
        skills=row.list("keterampilan"),
        experience=row.line("pengalaman"),
        hours=row.line("jam_kerja"),
    )
    warn_if_over(row, "batas_lamar", closes_on, today)
    _flag(row, vacancy, region)
    return Imported(vacancy, read_open(row), row.date("mulai_tayang"), row.extra)


def _kinds(row: Row) -> tuple[str, ...]:
    named = {name: kinds.parse(name) for name in row.list("jenis_kerja")}
    unknown = tuple(quoted(name) for name, code in named.items() if code is None)
    if unknown:
        reason = t("Jenis kerja ini belum ada di daftar, disimpan apa adanya: {names}.", names=Listing(unknown))
        row.warn("jenis_kerja", reason)
    return tuple(dict.fromkeys(code or name for name, code in named.items()))


def _wage(row: Row, kinds_named: tuple[str, ...]) -> tuple[int | None, int | None, str]:
    """The wage's bounds in rupiah and what they are for; the kind of work tells where the file does not."""
    said = row.one_of("upah_per", lambda text: _WAGE_PER.get(text.lower()), ("bulan", "hari", "satuan"))
    implied = "piece" if "borongan" in kinds_named else "day" if "harian" in kinds_named else "month"
    per = said or implied
    lowest, highest = (_wage_bound(row, column, per) for column in ("upah_min", "upah_maks"))
    if lowest is not None and highest is not None and lowest > highest:
        row.refuse("upah_min", t("Upah terendah lebih besar daripada upah tertinggi."))
    return lowest, highest, per


def _wage_bound(row: Row, column: str, per: str) -> int | None:
    if names_no_amount(row.line(column)):
        row.warn(column, t("Tidak ada angkanya, jadi upah ditulis tidak disebutkan."))
        return None
    amount = row.amount(column)
    if amount is not None and not _LEAST_WAGE[per] <= amount <= _MOST_WAGE:
        row.refuse(column, t("Upah {amount} tidak masuk akal. Tulis lengkap. Contoh: 3690000.", amount=Money(amount)))
        return None
    return amount


def _ages(row: Row) -> tuple[int | None, int | None, str]:
    lowest, highest = (row.whole(column, 13, 100) for column in ("usia_min", "usia_maks"))
    reason = row.line("alasan_usia")
    if lowest is not None and highest is not None and lowest > highest:
        row.refuse("usia_min", t("Usia terendah lebih besar daripada usia tertinggi."))
    # 18 is what the law asks for ordinary work, and needs no reason of the employer's.
    if not reason and (highest is not None or (lowest or 18) > 18):
        row.warn("alasan_usia", t("Batas usia perlu alasan dari pekerjaannya. Tanyakan kepada pemberi kerja."))
    return lowest, highest, reason


def _openings(row: Row) -> int:
    openings = row.whole("jumlah", 1, 10_000)
    if openings is None and "jumlah" in row.cells and not row.text("jumlah"):
        row.warn("jumlah", t("Jumlah orang kosong, jadi dianggap 1."))
    return openings or 1


def _apply_to(row: Row) -> str:
    contact = row.line("kontak")
    if contact and not _CONTACT.search(contact):
        row.warn("kontak", t("Cara melamar {value} belum dikenal, disimpan apa adanya.", value=quoted(contact)))
    return contact or OFFICER


def _flag(row: Row, vacancy: Vacancy, region: Region) -> None:
    """Warn of what an officer should talk to the employer about."""
    minimum = region.wage_minimum
    wage = vacancy.wage_min if vacancy.wage_min is not None else vacancy.wage_max
    full_time = _FULL_TIME in vacancy.kinds and vacancy.wage_per == "month" and vacancy.district is not None
    if minimum is not None and wage is not None and full_time and wage < minimum.amount:
        row.warn(
            "upah_min",
            t(
                "Upah {wage} di bawah upah minimum {year}, yaitu {minimum}.",
                wage=Money(wage),
                year=str(minimum.year),
                minimum=Money(minimum.amount),
            ),
        )
    if tells(vacancy.title):
        row.warn("judul", t("Judul ini menyebut ragam atau disabilitas. Kabar lowongan baru menyebut bidangnya saja."))
    if tells(vacancy.place):
        row.warn("kecamatan", t("Tempat ini menyebut ragam atau disabilitas. Kabar lowongan baru tidak menyebutnya."))
    for reason in concerns_in(vacancy.title, vacancy.description, *vacancy.skills, vacancy.experience):
        row.warn("deskripsi", reason)
