"""What somebody does at present, and which social insurance they belong to."""

from __future__ import annotations

from conversations.domain.vocabulary import Term, Vocabulary
from conversations.engine.texts import t

INSURANCES = Vocabulary(
    (
        Term(
            "kesehatan",
            t("BPJS Kesehatan (jaminan kesehatan)"),
            t("BPJS Kesehatan"),
            ("kis", "bpjs kesehatan", "kesehatan", "jkn"),
        ),
        Term(
            "ketenagakerjaan",
            t("BPJS Ketenagakerjaan (jaminan kerja)"),
            t("BPJS Ketenagakerjaan"),
            ("bpjs tk", "jamsostek", "bpjs ketenagakerjaan", "tenaga kerja", "bpjamsostek"),
        ),
    )
)

SITUATIONS = Vocabulary(
    (
        Term(
            "mencari",
            t("Sedang mencari kerja"),
            t("sedang mencari kerja"),
            ("mencari kerja", "cari kerja", "nganggur", "menganggur", "tidak kerja", "belum kerja"),
        ),
        Term(
            "bekerja",
            t("Sedang bekerja"),
            t("sedang bekerja"),
            ("bekerja", "kerja", "sudah kerja", "karyawan", "buruh"),
        ),
        Term("usaha", t("Punya usaha sendiri"), t("punya usaha sendiri"), ("usaha", "jualan", "dagang", "wiraswasta")),
        Term("sekolah", t("Sekolah atau kuliah"), t("sekolah atau kuliah"), ("sekolah", "kuliah", "kursus", "pelajar")),
        Term(
            "rumah",
            t("Mengurus rumah atau keluarga"),
            t("mengurus rumah atau keluarga"),
            ("ibu rumah tangga", "irt", "urus rumah"),
        ),
        Term(
            "kebun",
            t("Membantu kebun atau usaha keluarga"),
            t("membantu kebun atau usaha keluarga"),
            ("bantu orang tua", "kebun keluarga", "bantu keluarga"),
        ),
    )
)
