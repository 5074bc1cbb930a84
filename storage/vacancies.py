"""Vacancies: imported again and again, found, and announced once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from conversations.domain import education
from conversations.domain.suits import is_remote
from conversations.domain.vacancy import Vacancy
from storage.models import vacancies, vacancy_fields
from storage.offers import Offers
from storage.work import Work


def _derived(vacancy: Vacancy) -> dict[str, Any]:
    return {"education_rank": education.rank(vacancy.education), "remote": is_remote(vacancy)}


_offers = Offers(Vacancy, vacancies, vacancy_fields, last_day=vacancies.c.closes_on, derived=_derived)

upsert = _offers.upsert
get = _offers.get
get_many = _offers.get_many
find = _offers.find
is_open = _offers.is_open
remove_examples = _offers.remove_examples
count = _offers.count


def unannounced(work: Work, today: date) -> list[int]:
    """The open vacancies that nobody was matched with since they opened or changed; never examples."""
    return list(
        work.connection.scalars(
            sa.select(vacancies.c.id)
            .where(is_open(today), vacancies.c.announced_at.is_(None), ~vacancies.c.example)
            .order_by(vacancies.c.id)
        )
    )


def mark_announced(work: Work, vacancy_id: int, content_hash: str, now: datetime) -> None:
    """Note that everybody whom the vacancy suits is in the ledger, unless it is another by now than was matched."""
    same = vacancies.c.id == vacancy_id, vacancies.c.content_hash == content_hash
    work.connection.execute(vacancies.update().where(*same).values(announced_at=now))
