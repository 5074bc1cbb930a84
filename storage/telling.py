"""Whom to tell of what stands in the ledger: which contact of each seeker, when, and whether it is still wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from storage import vacancies as kept_vacancies
from storage.links import TOLD_FIRST
from storage.matches import matched
from storage.models import (
    contact_seekers,
    contacts,
    matches,
    outbox,
    seekers,
    sessions,
    vacancies,
)
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Untold:
    """What one contact is still to be told."""

    contact_id: int
    channel: str
    locale: str
    pairs: tuple[tuple[int, int], ...]
    """(vacancy id, seeker id), the newest vacancy first."""


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
    gap_since: datetime | None = None
    """Who got an alert later than this is left in peace …"""
    silent: Sequence[str] = ()
    """… but not on these channels, which do not ring."""
    windowed: Sequence[str] = ()
    """On these channels, only who wrote later …"""
    window_since: datetime | None = None
    """… than this …"""
    templated: Sequence[str] = ()
    """… or whose locale has a template for it: everybody else is told once they write again."""


def untold(work: Work, manners: Manners, limit: int = 500, only: int | None = None) -> list[Untold]:
    """What is still to be told, by contact; at most ``limit`` contacts, who waited longest coming first.

    Left out, without being forgotten: whom ``manners`` leave in peace just now, vacancies that are not
    open, seekers who paused or took their consent back, contacts that want no alerts or blocked the
    service. A seeker with several contacts is told at one of them: of those that can be told the one chosen
    last, else the newest.
    ``only``: nobody but this contact is to be told.
    """
    due = _due(manners, [only] if only is not None else None)
    waiting = (
        sa.select(due.c.contact_id)
        .group_by(due.c.contact_id)
        .order_by(sa.func.min(due.c.created_at), due.c.contact_id)
        .limit(limit)
    )
    contact_ids = work.connection.scalars(waiting).all()
    if not contact_ids:
        return []
    by_contact: dict[int, list[Any]] = {contact_id: [] for contact_id in contact_ids}
    due = _due(manners, contact_ids)
    pairs = sa.select(due).order_by(due.c.vacancy_id.desc(), due.c.seeker_id.desc())
    for row in work.connection.execute(pairs):
        by_contact[row.contact_id].append(row)
    return [
        Untold(contact_id, rows[0].channel, rows[0].locale, tuple((row.vacancy_id, row.seeker_id) for row in rows))
        for contact_id, rows in by_contact.items()
        if rows
    ]


def _due(manners: Manners, contact_ids: Sequence[int] | None) -> sa.Subquery:
    """The pairs that may be told, each with the contact to tell; of all contacts, or of some.

    Whoever cannot be told is sorted out by seeker and not by pair: there may be many vacancies for each.
    """
    chosen, usable = _contacts_to_tell(manners, contact_ids)
    reached = (
        sa.select(chosen.c.seeker_id, contacts.c.id, contacts.c.channel, contacts.c.locale)
        .join_from(chosen, usable, sa.and_(usable.c.seeker_id == chosen.c.seeker_id, usable.c.nth == chosen.c.nth))
        .join(contacts, contacts.c.id == chosen.c.contact_id)
        .where(*_in_good_time(manners))
    )
    if contact_ids is not None:
        reached = reached.where(contacts.c.id.in_(contact_ids))
    told = reached.cte("reached")
    return (
        sa.select(
            matches.c.vacancy_id,
            matches.c.seeker_id,
            matches.c.created_at,
            told.c.id.label("contact_id"),
            told.c.channel,
            told.c.locale,
        )
        .join_from(told, matches, matches.c.seeker_id == told.c.seeker_id)
        .join(vacancies, vacancies.c.id == matches.c.vacancy_id)
        .where(matches.c.told_at.is_(None), kept_vacancies.is_open(manners.today))
        .subquery("due")
    )


def _contacts_to_tell(manners: Manners, contact_ids: Sequence[int] | None) -> tuple[sa.CTE, sa.CTE]:
    """Of each seeker with something untold the contacts that want it, numbered in the order in which they are
    tried; and of each the one that can be used: the first within reach.

    For a first one that is out of reach only another that rings stands in: what waits at a page that is not
    looked at helps nobody, and is better told when the person writes.
    """
    waiting = sa.select(matches.c.seeker_id).where(matches.c.told_at.is_(None)).distinct()
    if contact_ids is not None:
        theirs = sa.select(contact_seekers.c.seeker_id).where(contact_seekers.c.contact_id.in_(contact_ids))
        waiting = waiting.where(matches.c.seeker_id.in_(theirs))
    seeker = waiting.cte("waiting")
    nth = sa.func.row_number().over(partition_by=seeker.c.seeker_id, order_by=TOLD_FIRST)
    chosen = (
        sa.select(
            seeker.c.seeker_id,
            contact_seekers.c.contact_id,
            contacts.c.channel,
            nth.label("nth"),
            _within_reach(manners).label("within_reach"),
        )
        .join_from(seeker, seekers, seekers.c.id == seeker.c.seeker_id)
        .join(contact_seekers, contact_seekers.c.seeker_id == seeker.c.seeker_id)
        .join(contacts, contacts.c.id == contact_seekers.c.contact_id)
        .where(
            *matched(),
            can_be_told(),
        )
        .cte("chosen")
    )
    usable = sa.select(chosen.c.seeker_id, sa.func.min(chosen.c.nth).label("nth")).where(
        chosen.c.within_reach, sa.or_(chosen.c.nth == 1, chosen.c.channel.not_in(manners.silent))
    )
    return chosen, usable.group_by(chosen.c.seeker_id).cte("usable")


def can_be_told() -> sa.ColumnElement[bool]:
    """The contact of the row wants news, can be reached, and is not kept from whom it speaks for; in SQL."""
    return sa.and_(contacts.c.alerts, contacts.c.blocked_at.is_(None), contacts.c.frozen_at.is_(None))


def _in_good_time(manners: Manners) -> list[sa.ColumnElement[bool]]:
    """What ``manners`` ask of a contact, in SQL."""
    good = [
        _filling_since(contacts.c.id, manners.form_since).is_(None),
        _alerts_since(contacts.c.id, manners.since) < manners.per_day,
    ]
    if manners.gap_since is not None:
        lately = _alerts_since(contacts.c.id, manners.gap_since)
        good.append(sa.or_(contacts.c.channel.in_(manners.silent), lately == 0))
    if manners.channels is not None:
        good.append(contacts.c.channel.in_(manners.channels))
    return good


def _within_reach(manners: Manners) -> sa.ColumnElement[bool]:
    """The contact's window is open, or a template opens it; in SQL."""
    if not manners.windowed:
        return sa.true()
    heard = sa.func.coalesce(contacts.c.heard_at > manners.window_since, sa.false())
    return sa.or_(contacts.c.channel.not_in(manners.windowed), heard, contacts.c.locale.in_(manners.templated))


@dataclass(frozen=True, slots=True)
class UntilHeard:
    """Somebody who is told of something as soon as they write."""

    contact_id: int
    channel: str
    since: datetime
    vacancies: int


def until_heard(work: Work, manners: Manners, limit: int = 500) -> list[UntilHeard]:
    """Contacts whose window is closed though something open is to be told, who waits longest coming first."""
    chosen, usable = _contacts_to_tell(manners, None)
    rows = work.connection.execute(
        sa.select(
            chosen.c.contact_id,
            chosen.c.channel,
            sa.func.min(matches.c.created_at),
            sa.func.count(matches.c.vacancy_id.distinct()),
        )
        .join_from(chosen, matches, matches.c.seeker_id == chosen.c.seeker_id)
        .join(vacancies, vacancies.c.id == matches.c.vacancy_id)
        .where(
            chosen.c.nth == 1,
            chosen.c.seeker_id.not_in(sa.select(usable.c.seeker_id)),
            matches.c.told_at.is_(None),
            kept_vacancies.is_open(manners.today),
        )
        .group_by(chosen.c.contact_id, chosen.c.channel)
        .order_by(sa.func.min(matches.c.created_at), chosen.c.contact_id)
        .limit(limit)
    )
    return [UntilHeard(*row) for row in rows]


def _filling_since(contact_id: sa.ColumnElement[int], form_since: datetime) -> sa.ScalarSelect[Any]:
    """When a contact that is filling a form wrote last; NULL where none is, or not since ``form_since``."""
    filling = sessions.c.contact_id == contact_id, sessions.c.in_form, sessions.c.updated_at > form_since
    return sa.select(sessions.c.updated_at).where(*filling).scalar_subquery()


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


@dataclass(frozen=True, slots=True)
class AtSending:
    """How it stands with an alert when it is about to be sent, maybe hours after it was written."""

    wanted: bool
    """The contact wants alerts, and something in it may still be told: an open vacancy, to a seeker of the contact
    who has neither paused nor taken the consent back."""
    filling_since: datetime | None
    """The contact is filling a form, and wrote last then."""


def at_sending(work: Work, outbox_ids: Iterable[int], today: date, form_since: datetime) -> dict[int, AtSending]:
    """How it stands with these alerts now; ``form_since`` as in Manners."""
    still = (
        sa.exists()
        .where(
            matches.c.outbox_id == outbox.c.id,
            vacancies.c.id == matches.c.vacancy_id,
            kept_vacancies.is_open(today),
            seekers.c.id == matches.c.seeker_id,
            *matched(),
            contact_seekers.c.seeker_id == matches.c.seeker_id,
            contact_seekers.c.contact_id == outbox.c.contact_id,
        )
        .correlate(outbox)
    )
    rows = work.connection.execute(
        sa.select(
            outbox.c.id,
            sa.and_(can_be_told(), still).label("wanted"),
            _filling_since(outbox.c.contact_id, form_since).label("filling"),
        )
        .join_from(outbox, contacts)
        .where(outbox.c.id.in_(list(outbox_ids)))
    )
    return {row.id: AtSending(row.wanted, row.filling) for row in rows}
