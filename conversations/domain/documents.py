"""Files that somebody hands in: which kinds, which types, and how large they may be."""

from __future__ import annotations

from conversations.domain.vocabulary import Term, Vocabulary
from conversations.engine.texts import t

KINDS = Vocabulary(
    (
        Term("ktp", t("KTP (kartu tanda penduduk)"), t("KTP"), ("kartu penduduk", "e-ktp", "ektp")),
        Term("ijazah", t("Ijazah"), t("ijazah"), ("rapor", "skhun", "transkrip")),
        Term("sertifikat", t("Sertifikat pelatihan"), t("sertifikat pelatihan"), ("sertifikat", "piagam")),
        Term("cv", t("Daftar riwayat hidup"), t("daftar riwayat hidup"), ("cv", "riwayat hidup", "resume", "biodata")),
        Term("ak1", t("Kartu kuning pencari kerja"), t("kartu kuning"), ("kartu kuning", "ak-1")),
        Term("lain", t("Dokumen lain"), t("dokumen lain"), ("lain", "lainnya", "yang lain", "surat")),
    )
)

MOST_BYTES = 5 * 1024 * 1024
"""Of one file."""

MOST_FILES = 10
"""Of one person."""

_SIGNATURES = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)


def type_of(content: bytes) -> tuple[str, str] | None:
    """(MIME type, ending) by what the file begins with, whatever it is called; None: none that is taken."""
    return next(((mime, ending) for magic, mime, ending in _SIGNATURES if content.startswith(magic)), None)
