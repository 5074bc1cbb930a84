"""Receipts: that something was erased, when, and how much it was; of whom, nobody can tell any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from storage.models import consents, contact_seekers, erasures, matches, tickets
from storage.work import Work

COUNTED: Final[dict[str, sa.Table]] = {
    "consents": consents,
    "contacts": contact_seekers,
    "matches": matches,
    "tickets": tickets,
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an officer can say of a number that somebody shows."""

    receipt: str
    erased_at: datetime
    counts: dict[str, Any]
    """How many things of each kind; empty where only an unfinished talk was erased."""


def note(work: Work, receipt: str, seeker_id: int | None, now: datetime) -> None:
    """Keep that everything of the seeker (None: of a talk only) is erased now. To be called before it is."""
    counts: dict[str, int] = {}
    if seeker_id is not None:
        for name, table in COUNTED.items():
            counted = sa.select(sa.func.count()).select_from(table).where(table.c.seeker_id == seeker_id)
            counts[name] = work.connection.execute(counted).scalar_one()
    work.connection.execute(erasures.insert().values(receipt=receipt, erased_at=now, counts=counts))


def find(work: Work, receipt: str) -> Receipt | None:
    """The receipt with this number, however it is written."""
    digits = "".join(letter for letter in receipt if letter.isdigit())
    written = f"{digits[:4]} {digits[4:8]} {digits[8:]}"
    columns = erasures.c.receipt, erasures.c.erased_at, erasures.c.counts
    row = work.connection.execute(sa.select(*columns).where(erasures.c.receipt == written)).one_or_none()
    return None if row is None else Receipt(*row)
