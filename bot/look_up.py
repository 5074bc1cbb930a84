"""What a turn is asked by a conversation. Offers: candidates by indexed SQL, in the order of the rules that explain."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar

from bot.linking import list_contacts, make_code, try_code
from bot.office import console
from bot.standing import Standing
from conversations.domain.query import Query
from conversations.domain.region import Region
from conversations.domain.seeker import Seeker
from conversations.domain.suits import best_first, matches
from conversations.domain.vacancy import Training, Vacancy
from conversations.engine.events import (
    Answer,
    DrawReceipt,
    Found,
    KeptListed,
    ListContacts,
    ListKept,
    MakeCode,
    PinTried,
    ReceiptDrawn,
    Request,
    Search,
    TryCode,
    TryPin,
)
from storage import own_data, pins, trainings, vacancies
from storage.work import Work

Offer = TypeVar("Offer", Vacancy, Training)

CANDIDATES = 200
"""Of one search; beyond that nobody pages."""


def answer_to(
    work: Work, standing: Standing, request: Request, region: Region, now: datetime, templated: Sequence[str]
) -> Answer:
    """What the conversation asked for, within the turn's transaction. ``now``: in the region's time zone."""
    match request:
        case Search():
            return Found(request, *look_up(work, request, standing.matched, region, now.date()))
        case MakeCode():
            return make_code(work, standing, now)
        case TryCode():
            return try_code(work, standing, request, now)
        case ListContacts():
            return list_contacts(work, standing, request, now)
        case TryPin(digits):
            assert standing.seeker is not None, "only who is registered has a PIN"
            return PinTried(pins.try_pin(work, standing.seeker.id, digits, now))
        case DrawReceipt():
            return ReceiptDrawn(a_receipt())
        case ListKept():
            assert standing.seeker is not None, "only of who is registered something is kept"
            return KeptListed(request, own_data.kept_about(work, standing.seeker.id, standing.known.contact_id))
        case _:
            return console.answer_to(work, standing, request, now, templated)


def a_receipt() -> str:
    """ "4829 1573 6402": drawn by chance, one of a million million; digits are read out and typed most easily."""
    drawn = f"{secrets.randbelow(10**12):012d}"
    return f"{drawn[:4]} {drawn[4:8]} {drawn[8:]}"


def look_up(
    work: Work, search: Search, seeker: Seeker | None, region: Region, today: date
) -> tuple[tuple[Vacancy, ...] | tuple[Training, ...], int]:
    """One page of what is open, best first, and how many there are in all."""
    if search.kind == "training":
        return _page(search, _trainings(work, search, seeker, region, today))
    return _page(search, _vacancies(work, search, seeker, region, today))


def _vacancies(work: Work, search: Search, seeker: Seeker | None, region: Region, today: date) -> Sequence[Vacancy]:
    if search.id is not None:
        one = vacancies.get(work, search.id, today)
        return [one] if one else []
    found = vacancies.find(work, _asked(search.query, seeker), today, CANDIDATES)
    if search.query.for_me and seeker is not None:
        found = [v for v in found if matches(v, seeker)] or found
    return best_first(found, search.query, seeker, region)


def _trainings(work: Work, search: Search, seeker: Seeker | None, region: Region, today: date) -> Sequence[Training]:
    if search.id is not None:
        one = trainings.get(work, search.id, today)
        return [one] if one else []
    return best_first(trainings.find(work, search.query, today, CANDIDATES), search.query, seeker, region)


def _asked(query: Query, seeker: Seeker | None) -> Query:
    """For "what suits me", candidates are looked for by the profile's own fields and place."""
    if not query.for_me or seeker is None:
        return query
    places = (seeker.district,) if seeker.district else ()
    return Query(fields=query.fields or seeker.fields, places=query.places or places, words=query.words)


def _page(search: Search, offers: Sequence[Offer]) -> tuple[tuple[Offer, ...], int]:
    return tuple(offers[search.offset : search.offset + search.limit]), len(offers)
