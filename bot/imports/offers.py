"""What is read the same way for a vacancy and for a training."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from bot.imports.places import Place, read_place
from bot.imports.rows import Row, quoted
from conversations.domain import accommodations, fields, ragam
from conversations.domain.region import Region
from conversations.domain.vacancy import Training, Vacancy
from conversations.engine.texts import Listing, t

Offer = TypeVar("Offer", Vacancy, Training)

MAX_ID = 100
_STATUSES = {"buka": True, "dibuka": True, "open": True, "tutup": False, "ditutup": False, "closed": False}


@dataclass(frozen=True, slots=True)
class Imported(Generic[Offer]):
    """An offer as a file describes it; its ``id`` is 0 until it is stored."""

    offer: Offer
    open: bool
    """Whether people may be shown it, from ``opens_on`` until its last day."""
    opens_on: date | None
    """The first day on which it may be shown; None: at once."""
    extra: Mapping[str, str]
    """Columns nobody knows, kept as they are."""


@dataclass(frozen=True, slots=True)
class Common:
    """The columns that vacancies and trainings share."""

    external_id: str
    title: str
    place: Place
    fields: tuple[str, ...]
    description: str
    ragam: tuple[str, ...]
    accommodations: tuple[str, ...]


def read_common(row: Row, region: Region) -> Common:
    return Common(
        external_id=_external_id(row),
        title=row.required("judul"),
        place=read_place(row, region),
        fields=_fields(row),
        description=row.text("deskripsi"),
        ragam=_ragam(row),
        accommodations=_accommodations(row),
    )


def read_open(row: Row) -> bool:
    """Whether the offer is open: yes, unless ``status`` says otherwise."""
    return row.one_of("status", lambda text: _STATUSES.get(text.lower()), ("buka", "tutup")) is not False


def warn_if_over(row: Row, column: str, last_day: date | None, today: date) -> None:
    """Warn when the last day has passed: the offer is kept and not shown."""
    if last_day is not None and last_day < today:
        row.warn(column, t("{day} sudah lewat, jadi disimpan tetapi tidak ditampilkan.", day=last_day))


def _external_id(row: Row) -> str:
    external_id = row.required("id")
    if len(external_id) > MAX_ID:
        row.refuse("id", t("Nomor ini terlalu panjang. Batasnya {most} huruf.", most=MAX_ID))
    elif re.fullmatch(r"\d[.,]\d+[eE]\+\d+", external_id):
        row.refuse("id", t("Nomor ini rusak oleh Excel. Ubah format selnya menjadi teks, lalu tulis lagi."))
    return external_id


def _fields(row: Row) -> tuple[str, ...]:
    named = row.list("bidang")
    if not named:
        row.warn("bidang", t("Bidang kosong, jadi sulit ditemukan orang yang cocok."))
    codes = {name: fields.parse(name) for name in named}
    unknown = tuple(quoted(name) for name, code in codes.items() if code is None)
    if unknown:
        row.warn("bidang", t("Bidang ini belum ada di daftar, disimpan apa adanya: {names}.", names=Listing(unknown)))
    return tuple(dict.fromkeys(code or name for name, code in codes.items()))


def _ragam(row: Row) -> tuple[str, ...]:
    codes: list[str] = []
    for entry in row.list("ragam_disabilitas"):
        found = ragam.expand(entry)
        if found is None:
            known = Listing((*ragam.CODES, "semua"))
            reason = t("Ragam {value} tidak dikenal. Pilih: {choices}.", value=quoted(entry), choices=known)
            row.refuse("ragam_disabilitas", reason)
        elif not found:
            return ()
        else:
            codes += found
    return ragam.RAGAM.in_order(codes)


def _accommodations(row: Row) -> tuple[str, ...]:
    codes = {name: accommodations.parse(name) for name in row.list("akomodasi")}
    unknown = tuple(quoted(name) for name, code in codes.items() if code is None)
    if unknown:
        reason = t("Akomodasi ini belum ada di daftar, disimpan apa adanya: {names}.", names=Listing(unknown))
        row.warn("akomodasi", reason)
    return tuple(dict.fromkeys(code or name for name, code in codes.items()))
