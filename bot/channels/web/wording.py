"""What the page itself says around the conversation."""

from __future__ import annotations

from conversations.engine.texts import Text, t

WORDS = {
    "name": t("Setara Kerja"),
    "you": t("Anda"),
    "to_latest": t("Ke pesan terakhir"),
    "conversation": t("Percakapan"),
    "choices": t("Pilihan jawaban"),
    "later_choices": t("Pilihan dari pesan terbaru"),
    "write": t("Pesan Anda"),
    "send": t("Kirim"),
    "check": t("Periksa pesan baru"),
    "nothing_new": t("Belum ada pesan baru."),
    "sending": t("Sedang mengirim."),
    "offline": t("Belum terkirim. Periksa sambungan internet, lalu kirim sekali lagi."),
    "not_sent": t("Belum terkirim"),
    "leave_title": t("Memakai perangkat bersama?"),
    "leave_about": t("Setelah selesai, tekan Keluar. Percakapan ini tidak bisa dibuka lagi dari sini."),
    "leave_kept": t(
        "Data pendaftaran tetap kami simpan, dan sesudah ini Anda tidak bisa melihatnya. "
        "Jika tidak perlu lagi, hapus dahulu."
    ),
    "erase": t("Hapus data saya"),
    "leave": t("Keluar"),
    "left": t("Anda sudah keluar. Percakapan tadi tidak tampil lagi di sini."),
}
"""Texts without values, by the name that the templates use."""

NOT_SAVED = t("Pesan Anda belum tersimpan. Coba kirim sekali lagi.")
NOT_READ = t("Percakapan belum bisa dibuka. Tunggu sebentar, lalu muat ulang halaman ini.")
OLD_PAGE = t(
    "Halaman ini sudah lama terbuka. Coba sekali lagi. Jika gagal lagi, izinkan cookie di aplikasi internet Anda."
)
EMPTY = t("Pesan Anda masih kosong. Tulis dahulu, lalu tekan Kirim. Contoh: lowongan")
UNKNOWN_CHOICE = t("Pilihan itu tidak dikenal. Pilih lagi, atau tulis jawaban Anda.")
TOO_MANY = t("Terlalu banyak percakapan baru dari jaringan ini. Tunggu satu menit, lalu kirim lagi.")
TOO_FAST = t("Pesan Anda datang terlalu cepat, jadi yang ini belum tersimpan. Tunggu sebentar, lalu kirim lagi.")
BUSY = t("Banyak orang sedang menulis, jadi pesan Anda belum tersimpan. Tunggu sebentar, lalu kirim lagi.")
A_CHOICE = t("Tombol pilihan")
"""Stands for the person's words when a button was pressed whose label is not known any more."""


def about(region: str) -> Text:
    """Says what this is without saying for whom: a link's preview is seen by others (rule 17)."""
    return t("Lowongan dan pelatihan kerja di {region}", region=region)


def download(name: str) -> Text:
    return t("Unduh {name}", name=name)


def too_long(length: int, most: int) -> Text:
    return t(
        "Pesan Anda terlalu panjang: {length} huruf. Paling banyak {most} huruf. Pendekkan, lalu kirim lagi.",
        length=length,
        most=most,
    )


def too_big(most: int) -> Text:
    return t("Pesan terlalu besar untuk diterima. Tulis paling banyak {most} huruf.", most=most)
