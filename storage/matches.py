"""The ledger of matches: who is to be told of which vacancy, and who was told. Each pair is in it once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from conversations.domain.seeker import OUTSIDE
from conversations.domain.suits import searchable_of
from storage import vacancies as kept_vacancies
from storage.dialects import upsert
from storage.models import (
    consents,
    contact_seekers,
    contacts,
    matches,
    outbox,
    seeker_fields,
    seekers,
    sessions,
    vacancies,
    vacancy_fields,
)
from storage.seekers import MATCHING
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Untold:
    """What one contact is still to be told."""

    contact_id: int
    channel: str
    locale: str
    pairs: tuple[tuple[int, int], ...]
    """(vacancy id, seeker id), the newest vacancy first."""


def match_vacancy(work: Work, vacancy_id: int, now: datetime, today: date) -> int:
    """Put everybody whom the vacancy suits into the ledger and mark it announced; returns how many are new.

    The rule is ``conversations.domain.suits.matches``, for seekers who consented to being matched. It may
    be repeated: who is in the ledger stays as they are. A vacancy that is not open, or an example, matches nobody.
    """
    open_one = kept_vacancies.get(work, vacancy_id, today)
    if open_one is None or open_one.example:
        return 0
    row = work.connection.execute(
        sa.select(vacancies.c.district, vacancies.c.education_rank, vacancies.c.remote).where(
            vacancies.c.id == vacancy_id
        )
    ).one()
    new = 0
    if row.remote or row.district is not None:
        constant = (sa.literal(vacancy_id, matches.c.vacancy_id.type), sa.literal(now, matches.c.created_at.type))
        suited = _suited(work, vacancy_id, searchable_of(open_one), row).add_columns(*constant)
        insert = upsert(work, matches).from_select(["seeker_id", "vacancy_id", "created_at"], suited)
        # psycopg gives no row count for INSERT … SELECT unless SQLAlchemy keeps it at once.
        kept = insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
        new = work.connection.execute(kept).rowcount
    kept_vacancies.mark_announced(work, vacancy_id, now)
    return new


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
    return (
        sa.select(seekers.c.id)
        .join_from(found, seekers, seekers.c.id == found.c.seeker_id)
        .where(seekers.c.paused_at.is_(None), _agreed(seekers.c.id))
    )


@dataclass(frozen=True, slots=True)
class Manners:
    """When somebody may be told."""

    today: date
    """In the region; vacancies must be open on it."""
    since: datetime
    """The beginning of that day …"""
    per_day: int
    """… in which one contact gets at most this many alerts."""
    form_since: datetime
    """Who is filling a form and wrote later than this is not interrupted."""
    channels: Sequence[str] | None = None
    """Only these; None: all. By night, those that do not ring."""


def untold(work: Work, manners: Manners, limit: int = 500) -> list[Untold]:
    """What is still to be told, by contact; at most ``limit`` contacts, who waited longest coming first.

    Left out, without being forgotten: whom ``manners`` leave in peace just now, vacancies that are not
    open, seekers who paused or took their consent back, contacts that want no alerts or blocked the
    service. A seeker with several contacts is told at one of them, the newest that can be told.
    """
    due = _due(manners.today)
    writing = sa.exists().where(
        sessions.c.contact_id == due.c.contact_id, sessions.c.in_form, sessions.c.updated_at > manners.form_since
    )
    waiting = (
        sa.select(due.c.contact_id)
        .where(~writing, _alerts_since(due.c.contact_id, manners.since) < manners.per_day)
        .group_by(due.c.contact_id)
        .order_by(sa.func.min(due.c.created_at), due.c.contact_id)
        .limit(limit)
    )
    if manners.channels is not None:
        waiting = waiting.where(due.c.channel.in_(manners.channels))
    contact_ids = work.connection.scalars(waiting).all()
    by_contact: dict[int, list[Any]] = {contact_id: [] for contact_id in contact_ids}
    pairs = (
        sa.select(due)
        .where(due.c.contact_id.in_(contact_ids))
        .order_by(due.c.vacancy_id.desc(), due.c.seeker_id.desc())
    )
    for row in work.connection.execute(pairs):
        by_contact[row.contact_id].append(row)
    return [
        Untold(contact_id, rows[0].channel, rows[0].locale, tuple((row.vacancy_id, row.seeker_id) for row in rows))
        for contact_id, rows in by_contact.items()
    ]


def _due(today: date) -> sa.Subquery:
    """The pairs that may be told, each with the contact to tell."""
    reachable = (
        sa.select(sa.func.max(contact_seekers.c.contact_id))
        .join_from(contact_seekers, contacts)
        .where(contact_seekers.c.seeker_id == matches.c.seeker_id, contacts.c.alerts, contacts.c.blocked_at.is_(None))
        .scalar_subquery()
    )
    return (
        sa.select(
            matches.c.vacancy_id,
            matches.c.seeker_id,
            matches.c.created_at,
            contacts.c.id.label("contact_id"),
            contacts.c.channel,
            contacts.c.locale,
        )
        .join_from(matches, vacancies)
        .join(seekers, seekers.c.id == matches.c.seeker_id)
        .join(contacts, contacts.c.id == reachable)
        .where(
            matches.c.told_at.is_(None),
            kept_vacancies.is_open(today),
            seekers.c.paused_at.is_(None),
            _agreed(matches.c.seeker_id),
        )
        .subquery("due")
    )


def _alerts_since(contact_id: sa.ColumnElement[int], since: datetime) -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.count())
        .where(
            outbox.c.contact_id == contact_id,
            outbox.c.kind == "alert",
            outbox.c.created_at >= since,
            outbox.c.state != "dropped",
        )
        .scalar_subquery()
    )


def _agreed(seeker_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """The seeker consents to being matched, in SQL."""
    return sa.exists().where(
        consents.c.seeker_id == seeker_id, consents.c.purpose == MATCHING, consents.c.withdrawn_at.is_(None)
    )


def mark_told(work: Work, pairs: Iterable[tuple[int, int]], outbox_id: int | None, now: datetime) -> None:
    """Note that these (vacancy id, seeker id) are told with the outbox message ``outbox_id``."""
    rows = [{"of_vacancy": vacancy_id, "of_seeker": seeker_id} for vacancy_id, seeker_id in pairs]
    if rows:
        told = (
            matches.update()
            .where(matches.c.vacancy_id == sa.bindparam("of_vacancy"), matches.c.seeker_id == sa.bindparam("of_seeker"))
            .values(told_at=now, outbox_id=outbox_id)
        )
        work.connection.execute(told, rows)
