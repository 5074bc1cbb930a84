"""Whom an officer has to call or visit: vacancies suit them, and no chat reaches them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from conversations.domain.seeker import Seeker
from conversations.domain.vacancy import Vacancy
from storage import matches, seekers
from storage import vacancies as kept_vacancies
from storage.matches import How
from storage.models import contact_seekers, contacts, vacancies
from storage.models import matches as ledger
from storage.models import seekers as kept
from storage.work import Work

NEVER: Final = date.max
"""When a vacancy ends that says no day."""


@dataclass(frozen=True, slots=True)
class ToTell:
    """One person to be told, and of what."""

    seeker: Seeker
    vacancies: tuple[Vacancy, ...]
    """Those that end first coming first."""

    @property
    def first_day_over(self) -> date:
        """The last day of the vacancy that ends first; NEVER where none says one."""
        return self.vacancies[0].closes_on or NEVER


def to_tell(work: Work, today: date, limit: int = 200) -> list[ToTell]:
    """Who is to be called or visited, whose vacancies end first coming first; ``today``: where the office is.

    Left out are those whom a chat reaches, who said STOP there, who paused, or took their consent back, whoever is
    only invited or a draft, and who is protected.
    """
    pairs = work.connection.execute(
        sa.select(ledger.c.seeker_id, ledger.c.vacancy_id)
        .join(kept, kept.c.id == ledger.c.seeker_id)
        .join(vacancies, vacancies.c.id == ledger.c.vacancy_id)
        .where(
            ledger.c.told_at.is_(None), kept_vacancies.is_open(today), *matches.matched(), seekers.LISTED, ~_reached()
        )
        .order_by(sa.func.coalesce(vacancies.c.closes_on, NEVER), vacancies.c.id, ledger.c.seeker_id)
    ).all()
    by_seeker: dict[int, list[int]] = {}
    for seeker_id, vacancy_id in pairs:
        by_seeker.setdefault(seeker_id, []).append(vacancy_id)
    some = dict(list(by_seeker.items())[:limit])
    people = seekers.load(work, some)
    offers = kept_vacancies.get_many(work, {vacancy_id for ids in some.values() for vacancy_id in ids})
    return [ToTell(people[id_], tuple(offers[vacancy_id] for vacancy_id in ids)) for id_, ids in some.items()]


def _reached() -> sa.ColumnElement[bool]:
    """A chat reaches the seeker, or would if it were wanted."""
    is_open = sa.and_(contacts.c.blocked_at.is_(None), contacts.c.frozen_at.is_(None))
    open_or_refused = sa.or_(is_open, contacts.c.alerts.is_(False))
    return sa.exists().where(
        contact_seekers.c.seeker_id == kept.c.id, contact_seekers.c.contact_id == contacts.c.id, open_or_refused
    )


def tell(work: Work, seeker_id: int, vacancy_ids: Sequence[int], how: How, now: datetime) -> list[int]:
    """Note that an officer has told the seeker of these vacancies, or tried; returns those that nobody had told.

    Of two officers who do it at once, each vacancy is given to one.
    """
    pairs: Any = [(vacancy_id, seeker_id) for vacancy_id in vacancy_ids]
    return sorted(vacancy_id for vacancy_id, _ in matches.mark_told(work, pairs, None, now, how=how))
