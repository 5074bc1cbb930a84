"""A row of a file of paper forms. What is damaged is told and left out, never guessed; the person is taken in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.imports.cells import Unreadable, parse_birth, parse_date, parse_nik
from bot.imports.consents import Agreement, read_agreement
from bot.imports.homes import read_home
from bot.imports.rows import Columns, Row, quoted
from conversations.domain import accommodations, education, fields, ragam, reach
from conversations.domain.region import Region
from conversations.domain.wording import fold
from conversations.engine.texts import Listing, Text, t
from conversations.profile_questions import DOUBTS
from conversations.understanding import answers, nik, understand
from storage.paper import Form

COLUMNS = Columns(
    required=("nomor_formulir", "nama"),
    usual=(
        *("petugas", "tanggal_formulir", "persetujuan", "persetujuan_cara", "nik", "tanggal_lahir", "jenis_kelamin"),
        *("kecamatan", "desa", "alamat", "telepon", "ragam_disabilitas", "kebutuhan", "pendidikan", "keterampilan"),
        *("bidang_minat", "pendamping_nama", "pendamping_hubungan"),
    ),
    optional=("cara_dihubungi", "waktu_dihubungi"),
)

_NOTHING = frozenset(["tidak ada", "tidak", "kosong", "belum tahu", "tidak tahu", "nihil"])
_GANDA = frozenset(["ganda", "tuna ganda", "tunaganda", "multi", "disabilitas ganda"])
"""Two or more ragam: told by those that are named, and never stored."""


@dataclass(frozen=True, slots=True)
class FormSaid:
    """A row, read."""

    form: Form
    agreement: Agreement


def number_of(text: str) -> str:
    """A form's number as it is compared: "f 001" is "F 001"."""
    return " ".join(text.upper().split())


def read_seeker(row: Row, region: Region, now: datetime) -> FormSaid:
    """The form in ``row``; ``now``: where the office is. A refused row's value is of no use."""
    today = now.date()
    born = row.believed("tanggal_lahir", lambda text: parse_birth(text, today))
    sex = row.believed("jenis_kelamin", _sex)
    written_on = _written_on(row, today)
    agreement = read_agreement(row, region, now, born, written_on)
    values: dict[str, Any] = {
        "name": row.required("nama"),
        "birth_year": born.year if isinstance(born, date) else born,
        "birth_date": born.isoformat() if isinstance(born, date) else None,
        "sex": sex,
        "nik": _nik(row, born, sex),
        "phone": row.believed("telepon", _phone),
        **read_home(row, region),
        "address": row.line("alamat"),
        "ragam": _ragam(row, region, today),
        "needs": _known(row, "kebutuhan", accommodations.parse),
        "education": row.believed("pendidikan", _education),
        "skills": tuple(entry for entry in row.list("keterampilan") if fold(entry) not in _NOTHING),
        "fields": _known(row, "bidang_minat", fields.parse),
        "contact_ways": _known(row, "cara_dihubungi", reach.WAYS.parse),
        "contact_times": _known(row, "waktu_dihubungi", reach.TIMES.parse),
    }
    about = {
        "officer": row.line("petugas"),
        "date": written_on.isoformat() if written_on else "",
        "consent": agreement.way,
        "companion_name": row.line("pendamping_nama"),
        "companion_relation": row.line("pendamping_hubungan"),
        "more": dict(row.extra),
    }
    form = Form(
        number_of(row.required("nomor_formulir")),
        {name: value for name, value in values.items() if value not in (None, (), "")},
        agreement.status,
        agreement.consents,
        {name: value for name, value in about.items() if value},
    )
    return FormSaid(form, agreement)


def _written_on(row: Row, today: date) -> date | None:
    def read(text: str) -> date:
        day = parse_date(text)
        if day > today:
            raise Unreadable(t("Tanggal {day} belum lewat. Tulis tanggal formulir diisi. Contoh: 02/09/2026.", day=day))
        return day

    return row.believed("tanggal_formulir", read)


def _nik(row: Row, born: date | int | None, sex: str | None) -> str | None:
    digits = row.believed("nik", parse_nik)
    if digits is None:
        return None
    for doubt in nik.doubts(digits, str(born) if born is not None else None, sex):
        row.warn("nik", DOUBTS[doubt])
    if digits.endswith("0"):
        row.warn("nik", t("Angka terakhir NIK ini 0. Excel sering mengubahnya menjadi 0. Cocokkan dengan formulir."))
    return digits


def _sex(text: str) -> str:
    found = answers.sex(text)
    if found is None:
        raise Unreadable(t("Jenis kelamin {found} tidak terbaca. Tulis L atau P.", found=quoted(text)))
    return found


def _phone(text: str) -> str:
    found = answers.phone(text)
    if found is None:
        raise Unreadable(t("Nomor telepon {found} tidak terbaca. Contoh: 0812 3456 7890.", found=quoted(text)))
    return found


def _education(text: str) -> str:
    found = education.parse(text)
    if found is None:
        known = Listing(tuple(code.upper() for code in education.CODES))
        raise Unreadable(t("Pendidikan {found} tidak dikenal. Pilih: {choices}.", found=quoted(text), choices=known))
    return found


def _known(row: Row, column: str, parse: Callable[[str], str | None]) -> tuple[str, ...]:
    """Codes, and what is none as it was written."""
    entries = [entry for entry in row.list(column) if fold(entry) not in _NOTHING]
    codes = {entry: parse(entry) for entry in entries}
    unknown = tuple(quoted(entry) for entry, code in codes.items() if code is None)
    if unknown:
        row.warn(column, t("Isi ini belum ada di daftar, disimpan apa adanya: {names}.", names=Listing(unknown)))
    return tuple(dict.fromkeys(code or entry for entry, code in codes.items()))


def _ragam(row: Row, region: Region, today: date) -> tuple[str, ...]:
    """As the law's groups, by whatever word; a diagnosis only leads to its group, and what is unknown is kept."""
    codes: list[str] = []
    read: list[Text] = []
    unknown: list[str] = []
    for entry in row.list("ragam_disabilitas"):
        if fold(entry) in _NOTHING | _GANDA:
            continue
        found = ragam.expand(entry)
        if found is None or len(found) != 1:
            found = found or understand(entry, region, today).query.ragam
            shown = Listing(tuple(ragam.inline(code) for code in found))
            read += [t("{written} dibaca sebagai {ragam}", written=quoted(entry), ragam=shown)] if found else []
            unknown += [] if found else [entry]
        codes += found or [entry]
    if read:
        row.warn("ragam_disabilitas", t("{readings}. Periksa.", readings=Listing(tuple(read))))
    if unknown:
        names = Listing(tuple(quoted(entry) for entry in unknown))
        row.warn("ragam_disabilitas", t("Ragam ini belum dikenal, disimpan apa adanya: {names}.", names=names))
    return ragam.RAGAM.in_order(codes)
