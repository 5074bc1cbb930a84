"""The ledger of matches: who is to be told of which vacancy, and who was told. Each pair is in it once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from conversations.domain.purposes import MATCHING
from conversations.domain.seeker import OUTSIDE
from conversations.domain.suits import searchable_of
from storage import vacancies as kept_vacancies
from storage.dialects import upsert
from storage.models import (
    consents,
    matches,
    outbox,
    seeker_fields,
    seekers,
    told_before,
    vacancies,
    vacancy_fields,
)
from storage.work import Work


def match_vacancy(work: Work, vacancy_id: int, now: datetime, today: date) -> int:
    """Put everybody whom the vacancy suits into the ledger and mark it announced; returns how many are new.

    The rule is ``conversations.domain.suits.matches``, for seekers who consented to being matched. It may
    be repeated: who is in the ledger stays as they are. A vacancy that is not open, or an example, matches nobody.
    """
    names = ("external_id", "content_hash", "district", "education_rank", "remote")
    read = tuple(vacancies.c[name] for name in names)
    row = work.connection.execute(sa.select(*read).where(vacancies.c.id == vacancy_id)).one_or_none()
    open_one = kept_vacancies.get(work, vacancy_id, today)
    if row is None or open_one is None or open_one.example:
        return 0
    _remember_told(work, vacancy_id, row.external_id)
    new = 0
    if row.remote or row.district is not None:
        constant = (sa.literal(vacancy_id, matches.c.vacancy_id.type), sa.literal(now, matches.c.created_at.type))
        suited = _suited(work, vacancy_id, searchable_of(open_one), row).add_columns(*constant)
        insert = upsert(work, matches).from_select(["seeker_id", "vacancy_id", "created_at"], suited)
        # psycopg gives no row count for INSERT … SELECT unless SQLAlchemy keeps it at once.
        kept = insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
        new = work.connection.execute(kept).rowcount
    # An import may have changed it meanwhile: then it is matched once more, as it is now.
    kept_vacancies.mark_announced(work, vacancy_id, row.content_hash, now)
    return new


def _remember_told(work: Work, vacancy_id: int, external_id: str) -> None:
    """Whom a vacancy was told that a restored backup did not have: they are not told of it again."""
    told = (
        sa.select(sa.literal(vacancy_id, matches.c.vacancy_id.type), seekers.c.id, *(told_before.c.told_at,) * 2)
        .join_from(told_before, seekers, seekers.c.token == told_before.c.token)
        .where(told_before.c.external_id == external_id)
    )
    columns = ["vacancy_id", "seeker_id", "created_at", "told_at"]
    work.connection.execute(upsert(work, matches).from_select(columns, told).on_conflict_do_nothing())


def _suited(work: Work, vacancy_id: int, text: str, vacancy: Any) -> sa.Select[Any]:
    """The ids of the seekers whom the vacancy suits.

    ``seeker_fields`` finds them by one index, and filters by what stands in it; only then are
    the seekers themselves looked at.
    """
    filters = []
    if not vacancy.remote:
        filters.append(sa.or_(seeker_fields.c.district.is_(None), seeker_fields.c.district != OUTSIDE))
    if vacancy.education_rank is not None:
        rank = seeker_fields.c.education_rank
        filters.append(sa.or_(rank.is_(None), rank >= vacancy.education_rank))
    position = sa.func.strpos if work.postgresql else sa.func.instr
    named = sa.select(vacancy_fields.c.field).where(vacancy_fields.c.vacancy_id == vacancy_id)
    # Three selects, so that each is one range of the index whatever the planner thinks of OR.
    found = sa.union(
        *(
            sa.select(seeker_fields.c.seeker_id).where(kind, *filters)
            for kind in (
                seeker_fields.c.kind == "any",
                sa.and_(seeker_fields.c.kind == "field", seeker_fields.c.field.in_(named)),
                sa.and_(seeker_fields.c.kind == "words", position(text, seeker_fields.c.field) > 0),
            )
        )
    ).subquery("found")
    return sa.select(seekers.c.id).join_from(found, seekers, seekers.c.id == found.c.seeker_id).where(*matched())


def matched() -> tuple[sa.ColumnElement[bool], ...]:
    """What makes a seeker somebody who is matched and told, in SQL: has neither paused nor objected to a rule's doing
    it, and everybody said yes who must, and stands by it."""
    return (
        seekers.c.status == sa.literal_column("'active'"),
        seekers.c.paused_at.is_(None),
        seekers.c.objects_at.is_(None),
        agreed(seekers.c.id),
    )


def agreed(seeker_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """The seeker consents to being matched, in SQL."""
    return sa.exists().where(
        consents.c.seeker_id == seeker_id, consents.c.purpose == MATCHING, consents.c.withdrawn_at.is_(None)
    )


How: TypeAlias = Literal["called", "visited", "written", "unreachable"]
"""How an officer told somebody whom no chat reaches, or that it was tried."""


def mark_told(
    work: Work, pairs: Iterable[tuple[int, int]], outbox_id: int | None, now: datetime, *, how: How | None = None
) -> set[tuple[int, int]]:
    """Mark these (vacancy id, seeker id) as told, with the outbox message ``outbox_id`` where it is written already.

    ``how``: by an officer, and not by a message.

    Returns those that were not told before: of several who tell at once, each pair is given to one.
    """
    won: set[tuple[int, int]] = set()
    key = sa.tuple_(matches.c.vacancy_id, matches.c.seeker_id)
    wanted = sorted(set(pairs))
    for start in range(0, len(wanted), _MOST):
        # In one order everywhere: two who tell at once must not wait for each other. Who waited looks again.
        untold_now = (
            sa.select(matches.c.vacancy_id, matches.c.seeker_id)
            .where(key.in_(wanted[start : start + _MOST]), matches.c.told_at.is_(None))
            .order_by(matches.c.vacancy_id, matches.c.seeker_id)
            .with_for_update()
            .cte("untold_now")
        )
        told = (
            matches.update()
            .where(key.in_(sa.select(untold_now.c.vacancy_id, untold_now.c.seeker_id)))
            .values(told_at=now, outbox_id=outbox_id, told_how=how)
            .returning(matches.c.vacancy_id, matches.c.seeker_id)
        )
        won |= {(row.vacancy_id, row.seeker_id) for row in work.connection.execute(told)}
    return won


def untell(work: Work, outbox_id: int) -> None:
    """What the message ``outbox_id`` tells is to be told anew: it will not be sent."""
    _untell(work, outbox.c.id == outbox_id)


def untell_waiting(work: Work, contact_id: int) -> None:
    """What waits in alerts to the contact that nobody has begun to send is to be told anew, perhaps elsewhere."""
    _untell(work, outbox.c.contact_id == contact_id, outbox.c.state == "waiting")


def untell_expired(work: Work, before: datetime) -> None:
    """What was written before ``before`` in alerts that were never sent is to be told anew: they are kept no longer."""
    _untell(work, outbox.c.created_at < before, outbox.c.state.in_(("waiting", "claimed")))


def _untell(work: Work, *which: sa.ColumnElement[bool]) -> None:
    unsent = sa.select(outbox.c.id).where(outbox.c.kind == "alert", *which)
    anew = matches.update().where(matches.c.outbox_id.in_(unsent))
    work.connection.execute(anew.values(told_at=None, outbox_id=None))


_MOST = 200
"""Pairs a statement, so that no database's limit is met."""


def told_with(work: Work, messages: Mapping[int, Iterable[tuple[int, int]]]) -> None:
    """Note with which outbox message each pair is told."""
    rows = [
        {"of_vacancy": vacancy_id, "of_seeker": seeker_id, "with": outbox_id}
        for outbox_id, pairs in messages.items()
        for vacancy_id, seeker_id in pairs
    ]
    if rows:
        noted = (
            matches.update()
            .where(matches.c.vacancy_id == sa.bindparam("of_vacancy"), matches.c.seeker_id == sa.bindparam("of_seeker"))
            .values(outbox_id=sa.bindparam("with"))
        )
        work.connection.execute(noted, rows)


def retire(work: Work, today: date) -> int:
    """Forget whom vacancies that are open no more suited and who was not told; returns how many pairs.

    Should one open again, by an import, it is matched anew.
    """
    opening = sa.select(vacancies.c.id).where(kept_vacancies.is_open(today))
    gone = matches.delete().where(matches.c.told_at.is_(None), matches.c.vacancy_id.not_in(opening))
    return work.connection.execute(gone).rowcount
