"""How much there is of everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import trainings, vacancies
from storage.models import contacts, matches, message_counts, outbox, seekers
from storage.reminders import drop_off
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts at one moment."""

    contacts: int
    seekers: int
    vacancies_open: int
    trainings_open: int
    alerts_told: int
    """(Vacancy, seeker) pairs told."""
    outbox_waiting: int
    """Not yet delivered: waiting or being sent."""
    outbox_failed: int
    contacts_unreachable: int
    """Who blocked the service, or is gone from their channel."""
    registrations: dict[str, int]
    """What became of those that were consented to: "saved", "cancelled at needs", "expired at …", "left at …"."""
    messages: dict[str, dict[str, int]]
    """By month ("2026-11"), and by what the platform counts them as: "whatsapp utility, billable"."""


def collect(work: Work, now: datetime) -> Stats:
    """Count; what is open is judged on the date of ``now``, in the region's time zone.

    Examples count like everything else that is shown."""

    today = now.date()

    def count(table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        return work.connection.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0

    return Stats(
        contacts=count(contacts),
        seekers=count(seekers),
        vacancies_open=vacancies.count(work, today),
        trainings_open=trainings.count(work, today),
        alerts_told=count(matches, matches.c.told_at.is_not(None)),
        outbox_waiting=sum(
            count(outbox, outbox.c.state == sa.literal_column(f"'{s}'")) for s in ("waiting", "claimed")
        ),
        outbox_failed=count(outbox, outbox.c.state == sa.literal_column("'failed'")),
        contacts_unreachable=count(contacts, contacts.c.blocked_at.is_not(None)),
        registrations=_registrations(work, now),
        messages=_messages(work),
    )


def _registrations(work: Work, now: datetime) -> dict[str, int]:
    became = drop_off(work, now)
    by_question = {"cancelled": became.cancelled, "expired": became.expired, "left": became.left}
    return {"saved": became.saved} | {
        f"{outcome} at {state}": count for outcome, states in by_question.items() for state, count in states.items()
    }


def _messages(work: Work) -> dict[str, dict[str, int]]:
    rows = work.connection.execute(sa.select(message_counts).order_by(*message_counts.primary_key))
    by_month: dict[str, dict[str, int]] = {}
    for month, channel, category, billable, number in rows:
        by_month.setdefault(month, {})[f"{channel} {category}, {'billable' if billable else 'free'}"] = number
    return by_month
