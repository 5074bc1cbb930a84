"""Everybody who is registered, as the conversations see them."""

from __future__ import annotations

import sqlalchemy as sa

from conversations.domain.seeker import Seeker
from storage import seekers
from storage.models import seekers as kept
from storage.work import Database, Work


def everybody(work: Work) -> list[Seeker]:
    """Every seeker there is, the earliest registered first."""
    found = seekers.load(work, work.connection.scalars(sa.select(kept.c.id)))
    return [found[seeker_id] for seeker_id in sorted(found)]


def the_only_one(database: Database) -> Seeker:
    with database.read() as work:
        [seeker] = everybody(work)
    return seeker
