"""After a backup was put back: the erased are erased again, and nobody is told what they may have been told already.

What happened between the backup and now is lost with the database, or stands in the one that was replaced. Where it
is not known, a message that waited counts as sent: people find the vacancy when they ask, and a second telling they
could not explain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage import reminders, seekers, talks, tombstones
from storage.dialects import upsert
from storage.models import link_codes, matches, outbox, sessions, told_before, vacancies
from storage.models import seekers as kept_seekers
from storage.tombstones import Tombstone
from storage.work import Work

_MOST = 200
"""Rows a statement, so that no database's limit of parameters is met."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the database that is replaced tells of the time after the backup."""

    erased: Sequence[Tombstone] = ()
    told: Sequence[tuple[str, bytes, datetime]] = ()
    """(external id of the vacancy, token of the seeker, when)."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done so that nobody comes back and nobody is told twice."""

    seekers_erased: int = 0
    talks_erased: int = 0
    alerts_dropped: int = 0
    """Messages about vacancies that waited when the backup was made; they may have been sent since."""
    replies_dropped: int = 0
    counted_as_told: int = 0
    """Pairs of a vacancy and a seeker that count as told, though nobody knows."""
    vacancies_counted: int = 0
    """Vacancies that count as announced, though nobody knows."""


def what_is_known(work: Work) -> Known:
    """Read it from a database with the newest schema, before it is replaced."""
    now = (
        sa.select(vacancies.c.external_id, kept_seekers.c.token, matches.c.told_at)
        .join_from(matches, vacancies, vacancies.c.id == matches.c.vacancy_id)
        .join(kept_seekers, kept_seekers.c.id == matches.c.seeker_id)
        .where(matches.c.told_at.is_not(None))
    )
    before = sa.select(told_before.c.external_id, told_before.c.token, told_before.c.told_at)
    told = [(id_, bytes(token), at) for found in (now, before) for id_, token, at in work.connection.execute(found)]
    return Known(tombstones.kept(work), told)


def settle(
    work: Work,
    known: Known,
    made_at: datetime,
    erased: Sequence[Tombstone],
    now: datetime,
    *,
    sure: bool,
    moving: bool = False,
) -> Settled:
    """Bring a database that was just filled from a backup of ``made_at`` in line with what happened since.

    ``sure``: ``known`` tells everything that was told since. ``moving``: nothing happened since, for the service had
    been stopped before; what waits is sent.
    """
    again = _erase_again(work, [*tombstones.kept(work), *known.erased, *erased], made_at, now)
    work.connection.execute(link_codes.delete())
    _remember_told(work, known.told)
    if moving:
        return Settled(*again)
    dropped = {kind: _drop_waiting(work, kind) for kind in ("alert", "reply")}
    _count_reminders(work, now)
    counted = (0, 0) if sure else (_count_as_told(work, now), _count_as_announced(work, now))
    return Settled(*again, dropped["alert"], dropped["reply"], *counted)


def _erase_again(work: Work, those: Sequence[Tombstone], made_at: datetime, now: datetime) -> tuple[int, int]:
    tombstones.keep(work, those)
    seeker_ids = tombstones.erased_seekers(work, tombstones.kept(work))
    for seeker_id in seeker_ids:
        seekers.erase(work, seeker_id, now)
    _take_along(work)
    contact_ids = tombstones.erased_contacts(work, those, made_at)
    if contact_ids:
        talks.erase(work, contact_ids)
    return len(seeker_ids), len(contact_ids)


def _take_along(work: Work) -> None:
    """What goes with a row that is deleted: SQLite does not see to it while a database is being rebuilt."""
    if work.postgresql:
        return
    while broken := work.connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        for name, rowid, _, number in broken:
            keys = work.connection.exec_driver_sql(f'PRAGMA foreign_key_list("{name}")').mappings()
            key = next(one for one in keys if one["id"] == number)
            gone = f'DELETE FROM "{name}"'
            if key["on_delete"] == "SET NULL":
                gone = f'UPDATE "{name}" SET "{key["from"]}" = NULL'
            work.connection.exec_driver_sql(f"{gone} WHERE rowid = ?", (rowid,))


def _remember_told(work: Work, told: Sequence[tuple[str, bytes, datetime]]) -> None:
    """In the ledger, where vacancy and seeker are there; else until the vacancy comes in again."""
    for start in range(0, len(told), _MOST):
        some = told[start : start + _MOST]
        rows = [{"external_id": id_, "token": token, "told_at": at} for id_, token, at in some]
        work.connection.execute(upsert(work, told_before).values(rows).on_conflict_do_nothing())
    there = (
        sa.select(vacancies.c.id, kept_seekers.c.id, told_before.c.told_at, told_before.c.told_at)
        .join_from(told_before, vacancies, vacancies.c.external_id == told_before.c.external_id)
        .join(kept_seekers, kept_seekers.c.token == told_before.c.token)
        # SQLite would take ON CONFLICT for a join's condition.
        .where(sa.true())
    )
    insert = upsert(work, matches).from_select(["vacancy_id", "seeker_id", "created_at", "told_at"], there)
    told_now = {"told_at": sa.func.coalesce(matches.c.told_at, insert.excluded.told_at)}
    work.connection.execute(insert.on_conflict_do_update(index_elements=["vacancy_id", "seeker_id"], set_=told_now))
    in_ledger = told_before.c.external_id.in_(sa.select(vacancies.c.external_id))
    nobody = told_before.c.token.not_in(sa.select(kept_seekers.c.token))
    work.connection.execute(told_before.delete().where(sa.or_(in_ledger, nobody)))


def _drop_waiting(work: Work, kind: str) -> int:
    waiting = outbox.update().where(outbox.c.kind == kind, outbox.c.state.in_(("waiting", "claimed")))
    return work.connection.execute(waiting.values(state="dropped", claimed_at=None)).rowcount


def _count_reminders(work: Work, now: datetime) -> None:
    """Whoever should have been reminded of their registration by now, was."""
    early = timedelta(hours=2)  # where a window closes, a reminder comes sooner
    for times, after in enumerate(reminders.AFTER, start=1):
        due = (
            sessions.c.unfinished.is_not(None),
            sessions.c.reminded < times,
            sessions.c.updated_at <= now - after + early,
        )
        work.connection.execute(sessions.update().where(*due).values(reminded=times, reminded_at=now))


def _count_as_told(work: Work, now: datetime) -> int:
    untold = matches.update().where(matches.c.told_at.is_(None))
    return _rows(work, untold.values(told_at=now))


def _count_as_announced(work: Work, now: datetime) -> int:
    shown = sa.or_(vacancies.c.opens_on.is_(None), vacancies.c.opens_on <= now.date())
    fresh = vacancies.update().where(vacancies.c.announced_at.is_(None), vacancies.c.status == "open", shown)
    return _rows(work, fresh.values(announced_at=now))


def _rows(work: Work, statement: Any) -> int:
    return int(work.connection.execute(statement).rowcount)
