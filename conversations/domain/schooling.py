"""Which way somebody was taught: an ordinary school, a school for people with disabilities, or Paket."""

from __future__ import annotations

from conversations.domain.vocabulary import Term, Vocabulary
from conversations.engine.texts import t

SCHOOLS = Vocabulary(
    (
        Term("umum", t("Sekolah umum"), t("sekolah umum"), ("umum", "biasa", "negeri", "swasta", "reguler")),
        Term("slb", t("SLB (sekolah luar biasa)"), t("SLB"), ("sekolah luar biasa", "sdlb", "smplb", "smalb")),
        Term("inklusi", t("Sekolah inklusi"), t("sekolah inklusi"), ("inklusif", "sekolah inklusif")),
        Term(
            "paket",
            t("Paket A, B, atau C"),
            t("Paket A, B, atau C"),
            ("paket a", "paket b", "paket c", "pkbm", "kejar paket"),
        ),
        Term(
            "pesantren",
            t("Madrasah atau pesantren"),
            t("madrasah atau pesantren"),
            ("madrasah", "mondok", "mi", "mts", "ma"),
        ),
        Term("rumah", t("Belajar di rumah"), t("belajar di rumah"), ("homeschooling", "di rumah", "belajar sendiri")),
    )
)

CODES = SCHOOLS.codes
