"""An invented vacancy and training, and how they come in from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from conversations.domain.vacancy import Training, Vacancy

Offer = TypeVar("Offer", Vacancy, Training)


@dataclass(frozen=True)
class Offered(Generic[Offer]):
    offer: Offer
    open: bool = True
    opens_on: date | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


VACANCY = Vacancy(
    id=0,
    external_id="L01",
    title="Staf Tata Usaha",
    employer="SMK Contoh",
    district="12.22.01",
    place="Kotapinang",
    fields=("administrasi",),
    description="Mengelola surat masuk dan arsip.",
    education="sma",
    ragam=("fisik",),
    accommodations=("kursi roda",),
    wage_min=2_600_000,
    wage_max=2_900_000,
    wage_per="month",
    kinds=("penuh waktu",),
    openings=2,
    closes_on=date(2026, 12, 31),
    apply_to="petugas",
    verified=True,
    age_min=18,
    age_max=40,
    age_reason="aturan contoh",
    skills=("mengetik",),
    experience="1 tahun",
    hours="08.00-16.00",
)

TRAINING = Training(
    id=0,
    external_id="P01",
    title="Menjahit Dasar",
    provider="BLK Contoh",
    district="12.22.01",
    place="Kotapinang",
    fields=("menjahit",),
    description="Mesin jahit listrik dan pola dasar.",
    starts_on=date(2026, 5, 1),
    ends_on=date(2026, 5, 20),
    hours="08.30-15.00",
    places=16,
    ragam=(),
    accommodations=("juru bahasa isyarat",),
    cost=0,
    allowance="50000 per hari",
    register_by=date(2026, 4, 20),
)
