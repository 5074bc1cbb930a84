"""What helps at work (akomodasi): an open list, from UU 8/2016 art. 45-49 and practice."""

from __future__ import annotations

from collections.abc import Collection

from conversations.domain.vocabulary import Term, Vocabulary
from conversations.engine.texts import Shown, t

FROM_HOME = "kerja dari rumah"

ACCOMMODATIONS = Vocabulary(
    (
        Term(
            "kursi roda",
            t("Akses kursi roda"),
            t("akses kursi roda"),
            ("akses kursi roda", "ramah kursi roda", "pengguna kursi roda"),
        ),
        Term(
            "juru bahasa isyarat",
            t("Juru bahasa isyarat"),
            t("juru bahasa isyarat"),
            ("jbi", "bahasa isyarat", "penerjemah bahasa isyarat"),
        ),
        Term("pembaca layar", t("Pembaca layar"), t("pembaca layar"), ("screen reader", "aplikasi pembaca layar")),
        Term("pendamping kerja", t("Pendamping saat bekerja"), t("pendamping kerja"), ("pendamping", "job coach")),
        Term(FROM_HOME, t("Bekerja dari rumah"), t("kerja dari rumah"), ("wfh", "di rumah", "dari rumah")),
        Term("petunjuk sederhana", t("Petunjuk yang sederhana"), t("petunjuk sederhana"), ("instruksi sederhana",)),
        Term(
            "jam kerja lentur",
            t("Jam kerja fleksibel"),
            t("jam kerja fleksibel"),
            ("jam kerja fleksibel", "jam fleksibel"),
        ),
        Term("antar jemput", t("Antar jemput"), t("antar jemput"), ("jemputan", "kendaraan antar jemput")),
        Term("kursi untuk duduk", t("Kursi untuk duduk"), t("kursi untuk duduk"), ("bisa sambil duduk",)),
        Term("jalur landai", t("Jalur landai"), t("jalur landai"), ("ramp", "landai", "bidang miring", "jalan landai")),
        Term("toilet akses", t("Toilet untuk kursi roda"), t("toilet untuk kursi roda"), ("toilet disabilitas",)),
        Term("meja kerja rendah", t("Meja kerja rendah"), t("meja kerja rendah"), ("meja rendah",)),
        Term("huruf besar", t("Huruf besar"), t("huruf besar"), ("tulisan besar", "cetak besar")),
        Term("komunikasi tertulis", t("Komunikasi lewat tulisan"), t("komunikasi lewat tulisan"), ("tulisan", "chat")),
        Term("papan tulis", t("Papan tulis"), t("papan tulis")),
        Term("lampu isyarat", t("Lampu isyarat"), t("lampu isyarat"), ("alarm lampu", "lampu tanda")),
        Term("mes", t("Mes atau tempat tinggal"), t("mes"), ("mess", "asrama", "tempat tinggal")),
        Term("ruang tenang", t("Ruang yang tenang"), t("ruang yang tenang"), ("ruangan tenang",)),
        Term(
            "tes kerja yang disesuaikan",
            t("Tes kerja disesuaikan"),
            t("tes kerja disesuaikan"),
            ("tes disesuaikan",),
        ),
        Term(
            "waktu istirahat tambahan",
            t("Istirahat tambahan"),
            t("istirahat tambahan"),
            ("istirahat tambahan",),
        ),
        Term("cuti berobat", t("Cuti untuk berobat"), t("cuti untuk berobat"), ("izin berobat", "cuti kontrol")),
        Term(
            "kendaraan modifikasi",
            t("Kendaraan modifikasi"),
            t("kendaraan modifikasi"),
            ("motor modifikasi", "motor roda tiga"),
        ),
    )
)
"""In the order they are offered: the five commonest first, said as what helps."""

CODES = ACCOMMODATIONS.codes

_ALSO_MET_BY: dict[str, frozenset[str]] = {
    "kursi roda": frozenset({"jalur landai"}),
    "jalur landai": frozenset({"kursi roda"}),
}
"""A place that has the one has in practice what the other asks for."""


def label(code: str) -> Shown:
    return ACCOMMODATIONS.label(code)


def inline(code: str) -> Shown:
    return ACCOMMODATIONS.inline(code)


def parse(text: str) -> str | None:
    return ACCOMMODATIONS.parse(text)


def meeting(need: str) -> frozenset[str]:
    """What meets ``need``: the thing itself and its equivalents, for whoever looks offers up by what they have."""
    return _ALSO_MET_BY.get(need, frozenset()) | {need}


def is_met(need: str, offered: Collection[str]) -> bool:
    """Whether what is ``offered`` meets ``need``; an own word is met only by the same word."""
    return not meeting(need).isdisjoint(offered)
