"""When somebody can work, and how far they can go for it."""

from __future__ import annotations

from conversations.domain.vocabulary import Term, Vocabulary
from conversations.engine.texts import t

HOURS = Vocabulary(
    (
        Term("pagi", t("Pagi"), t("pagi"), ("morning", "pagi hari")),
        Term("siang", t("Siang atau sore"), t("siang atau sore"), ("siang", "sore", "afternoon")),
        Term("malam", t("Malam"), t("malam"), ("night", "malam hari", "sif malam")),
        Term("akhir pekan", t("Sabtu atau Minggu"), t("Sabtu atau Minggu"), ("sabtu", "minggu", "weekend")),
    )
)

DISTANCES = Vocabulary(
    (
        Term("rumah", t("Hanya dari rumah"), t("hanya dari rumah"), ("dari rumah", "di rumah", "rumah")),
        Term("desa", t("Dekat, di desa sendiri"), t("di desa sendiri"), ("dekat", "desa", "dekat rumah", "jalan kaki")),
        Term("kecamatan", t("Di kecamatan sendiri"), t("di kecamatan sendiri"), ("kecamatan",)),
        Term("kabupaten", t("Di seluruh kabupaten"), t("di seluruh kabupaten"), ("kabupaten", "mana saja di sini")),
        Term(
            "jauh",
            t("Ke luar kabupaten juga"),
            t("ke luar kabupaten juga"),
            ("jauh", "mana saja", "merantau", "luar kota"),
        ),
    )
)
