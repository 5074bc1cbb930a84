"""Inbound messages: each is taken once. Their ids are kept for 7 days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.bulk import Asked, InsertMany, Rows, together
from storage.models import inbound
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that came in: ``external_id`` is the channel's own number for it."""

    channel: str
    external_id: str
    contact_id: int
    said: str | None = None
    """The person's own words, only for channels that show them again."""


def record(work: Work, arrivals: Iterable[Arrival], now: datetime) -> set[tuple[str, str]]:
    """Take ``arrivals``; returns the (channel, external_id) of those that were never seen before.

    What is not returned came earlier (or twice within ``arrivals``): it must have no effect again.
    """
    [news] = together(work, recording(work, arrivals, now))
    return recorded(news)


def recording(work: Work, arrivals: Iterable[Arrival], now: datetime) -> Asked:
    """``record``, to be run with others; ``recorded`` reads the rows it returns."""
    rows = [
        # A microsecond apart, so that messages taken together can be read again in their order.
        (one.channel, one.external_id, one.contact_id, one.said, now + timedelta(microseconds=position))
        for position, one in enumerate(arrivals)
    ]
    return _take.of(work, rows)


def recorded(rows: Rows) -> set[tuple[str, str]]:
    """What ``record`` returns, from the rows of ``recording``."""
    return {(channel, external_id) for channel, external_id in rows}


HIDDEN = "****"
"""What stands where a secret was said."""


def hush(work: Work, channel: str, external_id: str) -> None:
    """Keep HIDDEN in place of what was said in this message, where it was kept at all."""
    this = inbound.c.channel == channel, inbound.c.external_id == external_id, inbound.c.said.is_not(None)
    work.connection.execute(inbound.update().where(*this).values(said=HIDDEN))


# RETURNING, because the row count of such an INSERT is -1 on psycopg.
_take = InsertMany(
    inbound,
    ("channel", "external_id", "contact_id", "said", "received_at"),
    lambda insert: insert.on_conflict_do_nothing().returning(inbound.c.channel, inbound.c.external_id),
)
