"""A row of a file of trainings."""

from __future__ import annotations

from datetime import date

from bot.imports.concerns import concerns_in
from bot.imports.offers import Imported, read_common, read_open, warn_if_over
from bot.imports.rows import Columns, Row
from conversations.domain.region import Region
from conversations.domain.vacancy import Training
from conversations.engine.texts import t

COLUMNS = Columns(
    required=("id", "judul", "penyelenggara", "kecamatan", "bidang", "mulai"),
    usual=(
        "kabupaten",
        "deskripsi",
        "selesai",
        "jam",
        "kuota",
        "ragam_disabilitas",
        "akomodasi",
        "biaya",
        "uang_saku",
        "batas_daftar",
    ),
    optional=("status", "mulai_tayang"),
)


def read_training(row: Row, region: Region, today: date) -> Imported[Training]:
    """The training in ``row``. What is wrong is left in ``row.problems``; a refused row's value is of no use."""
    common = read_common(row, region)
    starts_on, ends_on, register_by = row.date("mulai"), row.date("selesai"), row.date("batas_daftar")
    training = Training(
        id=0,
        external_id=common.external_id,
        title=common.title,
        provider=row.required("penyelenggara"),
        district=common.place.district,
        place=common.place.words,
        fields=common.fields,
        description=common.description,
        starts_on=starts_on,
        ends_on=ends_on,
        hours=row.line("jam"),
        places=row.whole("kuota", 1, 10_000),
        ragam=common.ragam,
        accommodations=common.accommodations,
        cost=row.amount("biaya"),
        allowance=row.line("uang_saku"),
        register_by=register_by,
    )
    if starts_on and ends_on and ends_on < starts_on:
        row.refuse("selesai", t("Tanggal selesai sebelum tanggal mulai."))
    if starts_on and register_by and register_by > starts_on:
        row.warn("batas_daftar", t("Batas daftar sesudah pelatihan mulai. Periksa tanggalnya."))
    warn_if_over(row, "batas_daftar" if register_by else "mulai", register_by or starts_on, today)
    for reason in concerns_in(training.title, training.description):
        row.warn("deskripsi", reason)
    return Imported(training, read_open(row), row.date("mulai_tayang"), row.extra)
