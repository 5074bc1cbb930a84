"""What a person says in the benchmark and what the answer must contain: a value per contender.

Both talks are the same registration from beginning to end: a hello, the wish to register, for whom, consent, the
five questions (name, birth year, kecamatan, needs, education), the fields of work, the review, and the confirmation.
Every form is filled by a new chat, so that meeting somebody for the first time and keeping what was registered are
part of what is measured, and both contenders do the same number of turns of the same kind. The words differ only
where the contenders' texts do.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn: what is sent, and words that the answer to it must contain."""

    said: str
    expected: str


Talk = tuple[Exchange, ...]

SETARA: Talk = (
    Exchange("halo", "ini Setara Kerja"),
    Exchange("daftar", "untuk siapa"),
    Exchange("1", "Apakah Anda setuju"),
    Exchange("setuju", "Siapa nama Anda"),
    Exchange("Contoh Siregar", "Tahun berapa Anda lahir"),
    Exchange("1990", "di kecamatan mana"),
    Exchange("kotapinang", "Apa yang membantu Anda bekerja"),
    Exchange("kursi roda", "Apa pendidikan terakhir Anda"),
    Exchange("sma", "Kerja apa yang Anda minati"),
    Exchange("menjahit", "Periksa jawaban ini"),
    Exchange("simpan", "Pendaftaran selesai"),
)

PEER: Talk = (
    Exchange("halo", "Balas DAFTAR"),
    Exchange("daftar", "untuk siapa"),
    Exchange("1", "Bolehkah data Anda"),
    Exchange("setuju", "Siapa nama lengkap Anda"),
    Exchange("Contoh Siregar", "Tahun berapa Anda lahir"),
    Exchange("1990", "Di kecamatan mana"),
    Exchange("kotapinang", "Apa yang membantu Anda bekerja"),
    Exchange("kursi roda", "Apa pendidikan terakhir Anda"),
    Exchange("sma", "Bidang kerja apa"),
    Exchange("menjahit", "Apakah data ini sudah benar"),
    Exchange("simpan", "Pendaftaran selesai"),
)

FLOOR: Talk = (Exchange("halo", "Baik"),)
"""What is said to the servers that keep nothing: they always answer the same."""
