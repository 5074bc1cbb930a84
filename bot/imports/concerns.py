"""What an officer should look at in an offer's own words: requirements that discriminate, money asked for.

SE Menaker M/6/HK.04/V/2025 bans discriminatory requirements. A row is never refused for its words: they
are the employer's, and the officer talks to the employer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.engine.texts import Text, t

_CONCERNS: tuple[tuple[re.Pattern[str], Text], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        (
            r"\b(?:ber)?penampilan (?:yang )?(?:rapi dan )?(?:menarik|ok)\b"
            r"|\bgood[ -]looking\b|\b(?:cantik|tampan|ganteng)\b",
            t("Syarat penampilan dilarang. Minta pemberi kerja menghapusnya."),
        ),
        (
            r"\bsehat (?:secara )?(?:jasmani|rohani|fisik|mental)\b",
            t("Syarat sehat jasmani dan rohani dilarang. Minta pemberi kerja menjelaskan tugasnya saja."),
        ),
        (
            r"\b(?:tidak|tanpa|bukan) (?:cacat|penyandang|difabel|disabilitas)\b"
            r"|\bfisik (?:yang )?normal\b|\btidak buta warna\b",
            t("Syarat ini menutup pintu bagi penyandang disabilitas. Minta pemberi kerja menjelaskan tugasnya."),
        ),
        (
            r"\bbelum (?:pernah )?(?:menikah|kawin|berkeluarga)\b|\b(?:lajang|single)\b"
            r"|\bstatus (?:perkawinan|pernikahan)\b|\btidak (?:sedang )?hamil\b",
            t("Syarat status perkawinan dilarang. Minta pemberi kerja menghapusnya."),
        ),
        (
            r"\b(?:usia|umur)\b\D{0,25}\d{2}\b|\b(?:maks(?:imal)?|min(?:imal)?)\.? \d{2} (?:tahun|thn|th)\b",
            t("Ada batas usia di dalam teks. Pindahkan ke kolom usia, dan tulis alasannya."),
        ),
        (
            r"\btinggi badan\b|\bberat badan\b",
            t("Syarat tinggi atau berat badan perlu alasan dari pekerjaannya. Tanyakan kepada pemberi kerja."),
        ),
        (
            r"\bkhusus (?:pria|wanita|laki|perempuan|cowok|cewek)"
            r"|\b(?:hanya|untuk) (?:pria|wanita|laki-laki|perempuan)\b",
            t("Syarat jenis kelamin perlu alasan dari pekerjaannya. Tanyakan kepada pemberi kerja."),
        ),
        (
            r"\b(?:biaya|uang) (?:pendaftaran|administrasi|jaminan|seragam|tes|masuk kerja)\b"
            r"|\b(?:bayar|membayar|setor|transfer)\b.{0,40}\b(?:pendaftaran|administrasi|jaminan|seragam|masuk kerja)\b"
            r"|\bdeposit\b",
            t("Teks ini menyebut uang dari pelamar. Pelamar tidak boleh diminta membayar; periksa dulu."),
        ),
    )
)


def concerns_in(*texts: str) -> Iterator[Text]:
    """What should be looked at in ``texts``, each concern once."""
    said = " \n ".join(texts)
    return (reason for pattern, reason in _CONCERNS if pattern.search(said))
