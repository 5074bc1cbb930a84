"""Fields of work (bidang): an open list. A field not named here is kept in the words it came in."""

from __future__ import annotations

from conversations.domain.vocabulary import Term, Vocabulary
from conversations.engine.texts import Shown, t

GENERAL = "umum"
"""Trainings for any field: interviews, rights, a letter of application."""

FIELDS = Vocabulary(
    (
        Term("administrasi", t("Administrasi"), t("administrasi"), ("admin", "tata usaha", "perkantoran")),
        Term("menjahit", t("Menjahit"), t("menjahit"), ("jahit", "konveksi", "tata busana", "garmen")),
        Term("penjualan", t("Penjualan dan toko"), t("penjualan"), ("perdagangan", "retail", "ritel", "pemasaran")),
        Term(
            "masak dan katering", t("Masak dan katering"), t("masak dan katering"), ("tata boga", "kuliner", "katering")
        ),
        Term("perkebunan", t("Perkebunan"), t("perkebunan"), ("kebun", "kebun sawit")),
        Term(
            "produksi pabrik",
            t("Produksi pabrik"),
            t("produksi pabrik"),
            ("pabrik", "produksi", "manufaktur", "industri"),
        ),
        Term("kebersihan", t("Kebersihan"), t("kebersihan"), ("cleaning service", "petugas kebersihan")),
        Term("pijat dan terapi", t("Pijat dan terapi"), t("pijat dan terapi"), ("pijat", "terapi", "refleksi")),
        Term(
            "teknologi informasi dan desain",
            t("Komputer dan desain"),
            t("komputer dan desain"),
            ("teknologi informasi", "komputer", "desain", "desain grafis", "it", "ti"),
        ),
        Term(
            "layanan pelanggan", t("Layanan pelanggan"), t("layanan pelanggan"), ("pusat panggilan", "customer service")
        ),
        Term("keuangan", t("Keuangan"), t("keuangan"), ("akuntansi", "perbankan", "pembukuan")),
        Term("keamanan", t("Keamanan dan penjaga"), t("keamanan"), ("satpam", "security", "penjaga")),
        Term(
            "bengkel dan teknik",
            t("Bengkel dan teknik"),
            t("bengkel dan teknik"),
            ("bengkel", "teknik", "otomotif", "las"),
        ),
        Term("kecantikan", t("Kecantikan dan salon"), t("kecantikan"), ("salon", "tata rias", "tata rambut")),
        Term("kerajinan", t("Kerajinan"), t("kerajinan"), ("kriya", "kerajinan tangan", "handicraft")),
        Term(
            "pertanian dan peternakan",
            t("Pertanian dan peternakan"),
            t("pertanian dan peternakan"),
            ("pertanian", "peternakan", "perikanan"),
        ),
        Term(
            "transportasi dan gudang",
            t("Pengantaran dan gudang"),
            t("pengantaran dan gudang"),
            ("transportasi", "logistik", "gudang", "pergudangan", "ekspedisi", "kurir"),
        ),
        Term("bangunan", t("Bangunan"), t("bangunan"), ("konstruksi", "tukang bangunan")),
        Term("pendidikan", t("Pendidikan"), t("pendidikan"), ("guru", "pengajar", "pengajaran")),
        Term("kesehatan", t("Kesehatan"), t("kesehatan"), ("medis", "farmasi", "keperawatan")),
        Term(GENERAL, t("Umum"), t("umum"), ("semua bidang", "persiapan kerja")),
    )
)
"""In the order they are offered, commonest first."""

_NEIGHBOURS = (
    ("administrasi", "keuangan", "layanan pelanggan"),
    ("administrasi", "teknologi informasi dan desain"),
    ("penjualan", "layanan pelanggan"),
    ("perkebunan", "pertanian dan peternakan"),
    ("produksi pabrik", "transportasi dan gudang"),
    ("menjahit", "kerajinan"),
    ("pijat dan terapi", "kesehatan", "kecantikan"),
    ("bengkel dan teknik", "bangunan"),
    ("kebersihan", "keamanan"),
)

CODES = tuple(code for code in FIELDS.codes if code != GENERAL)
"""The fields a seeker is offered."""


def label(code: str) -> Shown:
    return FIELDS.label(code)


def inline(code: str) -> Shown:
    return FIELDS.inline(code)


def parse(text: str) -> str | None:
    return FIELDS.parse(text)


def near(code: str) -> tuple[str, ...]:
    """Fields a person looking for ``code`` may like as well; ranks, never selects."""
    return tuple(dict.fromkeys(other for group in _NEIGHBOURS if code in group for other in group if other != code))
