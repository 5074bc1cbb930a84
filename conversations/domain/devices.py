"""Assistive devices that somebody uses (alat bantu): an open list."""

from __future__ import annotations

from conversations.domain.vocabulary import Term, Vocabulary
from conversations.engine.texts import t

DEVICES = Vocabulary(
    (
        Term("kursi roda", t("Kursi roda"), t("kursi roda"), ("wheelchair", "kursi roda listrik")),
        Term("tongkat", t("Tongkat atau kruk"), t("tongkat atau kruk"), ("kruk", "tongkat ketiak", "walker", "tripod")),
        Term("tongkat putih", t("Tongkat putih"), t("tongkat putih"), ("white cane", "tongkat netra")),
        Term(
            "alat bantu dengar", t("Alat bantu dengar"), t("alat bantu dengar"), ("abd", "hearing aid", "alat dengar")
        ),
        Term(
            "kaki atau tangan palsu",
            t("Kaki atau tangan palsu"),
            t("kaki atau tangan palsu"),
            ("prostesis", "protese", "kaki palsu", "tangan palsu"),
        ),
        Term("kacamata", t("Kacamata atau kaca pembesar"), t("kacamata atau kaca pembesar"), ("kaca mata", "lup")),
        Term("pembaca layar", t("Pembaca layar"), t("pembaca layar"), ("talkback", "nvda", "jaws", "voiceover")),
        Term("implan koklea", t("Implan koklea"), t("implan koklea"), ("cochlear", "implan rumah siput")),
        Term(
            "penyangga",
            t("Penyangga badan atau kaki"),
            t("penyangga badan atau kaki"),
            ("brace", "ortosis", "korset", "sepatu khusus"),
        ),
        Term(
            "papan komunikasi",
            t("Papan atau aplikasi bicara"),
            t("papan atau aplikasi bicara"),
            ("papan komunikasi", "aplikasi bicara"),
        ),
        Term(
            "motor roda tiga", t("Motor roda tiga"), t("motor roda tiga"), ("motor modifikasi", "kendaraan modifikasi")
        ),
    )
)

CODES = DEVICES.codes
