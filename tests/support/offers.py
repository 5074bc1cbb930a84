"""Invented vacancies and trainings."""

from __future__ import annotations

from datetime import date
from typing import Any

from conversations.domain.vacancy import Training, Vacancy

KOTAPINANG, KAMPUNG_RAKYAT, TORGAMBA, SUNGAI_KANAN, SILANGKITANG = (f"12.22.0{n}" for n in range(1, 6))


def vacancy(number: int, title: str, **given: Any) -> Vacancy:
    values: dict[str, Any] = {
        "external_id": f"L{number:02}",
        "employer": "Usaha Contoh",
        "district": KOTAPINANG,
        "place": "Kotapinang",
        "fields": ("administrasi",),
        "description": "Pekerjaan contoh.",
        "education": None,
        "ragam": (),
        "accommodations": (),
        "wage_min": 2_600_000,
        "wage_max": 2_900_000,
        "wage_per": "month",
        "kinds": ("penuh waktu",),
        "openings": 1,
        "closes_on": date(2027, 10, 31),
        "apply_to": "petugas",
    }
    return Vacancy(number, title=title, **(values | given))


def training(number: int, title: str, **given: Any) -> Training:
    values: dict[str, Any] = {
        "external_id": f"P{number:02}",
        "provider": "BLK Contoh",
        "district": KOTAPINANG,
        "place": "Kotapinang",
        "fields": ("menjahit",),
        "description": "Pelatihan contoh.",
        "starts_on": date(2027, 2, 1),
        "ends_on": date(2027, 2, 20),
        "hours": "Senin-Jumat 08.30-15.00",
        "places": 16,
        "ragam": (),
        "accommodations": (),
        "cost": 0,
        "allowance": "",
        "register_by": date(2027, 1, 20),
    }
    return Training(number, title=title, **(values | given))


VACANCIES = (
    vacancy(1, "Staf Tata Usaha", education="sma", accommodations=("kursi roda",), ragam=("fisik", "rungu")),
    vacancy(
        2,
        "Penjahit Tas",
        district=SILANGKITANG,
        place="Silangkitang",
        fields=("menjahit",),
        accommodations=("kerja dari rumah",),
        wage_min=None,
        wage_max=None,
        wage_per="piece",
        education="sd",
        kinds=("borongan",),
        description="Menjahit tas kain. Boleh dikerjakan di rumah.",
    ),
    vacancy(
        3,
        "Sortir Buah Sawit",
        district=TORGAMBA,
        place="Torgamba",
        fields=("produksi pabrik",),
        accommodations=("pendamping kerja", "antar jemput"),
        wage_min=3_690_000,
        wage_max=3_690_000,
        education="sd",
    ),
    vacancy(4, "Kasir Toko", district=SUNGAI_KANAN, place="Sungai Kanan", fields=("penjualan",), education="smp"),
    vacancy(5, "Pemijat", fields=("pijat dan terapi",), wage_min=None, wage_max=None, ragam=("netra",)),
)
TRAININGS = (
    training(1, "Menjahit Dasar"),
    training(2, "Komputer dengan Pembaca Layar", fields=("teknologi informasi dan desain",), ragam=("netra",)),
)
