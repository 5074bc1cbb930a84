"""Rows of a file of vacancies, and a database that fails on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from bot.imports import importing
from storage.problems import OperationalProblem
from storage.work import Work

JOBS = [
    {
        "id": "C1",
        "judul": "Penjahit Contoh",
        "perusahaan": "UMKM Contoh",
        "kecamatan": "Silangkitang",
        "kabupaten": "Labuhanbatu Selatan",
        "bidang": "menjahit",
        "deskripsi": "Menjahit tas kain.\nBoleh di rumah.",
        "pendidikan_min": "SD",
        "ragam_disabilitas": "fisik;rungu",
        "akomodasi": "kerja dari rumah",
        "upah_min": "",
        "upah_maks": "",
        "jenis_kerja": "borongan",
        "jumlah": "6",
        "batas_lamar": "2027-10-31",
        "kontak": "petugas",
    }
]
JOBS.append(JOBS[0] | {"id": "C2", "judul": "Kasir Contoh", "bidang": "penjualan", "jenis_kerja": "paruh waktu"})
JOBS.append(JOBS[0] | {"id": "C3", "judul": "Satpam Contoh", "bidang": "keamanan", "jenis_kerja": "sif"})


def failing_after(commits: int) -> Any:
    """How vacancies are read and kept, on a database that is full after so many commits."""
    reading, calls = importing.READINGS["vacancies"], count()

    def upsert(work: Work, rows: Any, now: datetime) -> Any:
        if next(calls) == commits:
            raise OperationalProblem("full", "disk")
        return reading.upsert(work, rows, now)

    return replace(reading, upsert=upsert)
