"""One person, one record: who may be registered twice is noticed and put before an officer, and never told to anybody.

Noticed are the same NIK, and a similar name with the same birth year in the same district.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final, Literal

import sqlalchemy as sa
from rapidfuzz import fuzz

from conversations.domain.seeker import Seeker
from conversations.domain.wording import words_of
from storage import seekers
from storage.bulk import ForMany, together
from storage.dialects import upsert
from storage.models import likenesses
from storage.models import seekers as kept
from storage.work import Work

Why = Literal["nik", "name"]

SIMILAR: Final = 85
"""How alike two names are, of 100, that may be one person's."""

TELLING: Final = frozenset(["name", "nik", "birth_year", "district"])
"""Fields that tell who may be the same person."""

MOST: Final = 50
"""People of the same year and district whose names are compared in a turn, the latest registered first; each costs
about 15 microseconds."""


_ALL: Final = 1_000_000

MOST_ALIKE: Final = 10
"""People noted as having a similar name; of more an officer learns nothing."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who may be the same person, and why."""

    seeker_id: int
    why: Why


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two seekers who may be one person; an officer has not said yet."""

    seeker_id: int
    other_id: int
    """The one registered later."""
    why: Why
    noticed_at: datetime


def notice(work: Work, seeker: Seeker, now: datetime, most: int = _ALL) -> tuple[Alike, ...]:
    """Note who else may be this seeker; returns those who were not noted before.

    ``most``: only so many people of the same year and district are looked at.
    """
    nik = () if seeker.nik is None else work.key_ring.hashes("seekers.nik", seeker.nik)
    likeness = seekers.likeness(seeker)
    like = () if likeness is None else work.key_ring.hashes("seekers.likeness", likeness)
    same_nik, same_home = together(work, _by_nik.of(work, nik), _by_likeness.of(work, like, most))
    found = [Alike(id_, "nik") for (id_,) in same_nik if id_ != seeker.id]
    known = {seeker.id, *(one.seeker_id for one in found)}
    others = (other for other in map(seekers.seeker_of, same_home) if other.id not in known)
    alike = islice((other.id for other in others if similar(seeker.name, other.name)), MOST_ALIKE)
    found += [Alike(id_, "name") for id_ in sorted(alike)]
    return tuple(one for one in found if _note(work, seeker.id, one, now))


_by_nik = ForMany(
    kept.c.nik_hash,
    lambda hashes: sa.select(kept.c.id).where(kept.c.nik_hash.in_(hashes), seekers.LISTED).order_by(kept.c.id),
)
_by_likeness = ForMany(
    kept.c.likeness_hash,
    lambda hashes: (
        sa.select(*seekers.COLUMNS)
        .where(kept.c.likeness_hash.in_(hashes), seekers.LISTED)
        .order_by(kept.c.id.desc())
        .limit(sa.bindparam("most", type_=sa.Integer))
    ),
    others=["most"],
)


def _note(work: Work, seeker_id: int, alike: Alike, now: datetime) -> bool:
    first, other = sorted((seeker_id, alike.seeker_id))
    row = {"seeker_id": first, "other_id": other, "why": alike.why, "noticed_at": now}
    added = upsert(work, likenesses).values(row).on_conflict_do_nothing().returning(likenesses.c.seeker_id)
    return work.connection.execute(added).first() is not None


def similar(one: str, other: str) -> bool:
    """Whether two names may be one person's: misspelt, in another order, or one of them without all its words."""
    first, second = sorted((words_of(one), words_of(other)), key=len)
    if not first:
        return False
    if fuzz.token_sort_ratio(" ".join(first), " ".join(second)) >= SIMILAR:
        return True
    # One word alone is a nickname that many have.
    return len(first) > 1 and all(any(fuzz.ratio(word, of) >= SIMILAR for of in second) for word in first)


def waiting(work: Work, limit: int = 500) -> list[Likeness]:
    """The likenesses that an officer has not settled, the oldest first; none of who is protected."""
    hidden = sa.select(kept.c.id).where(~seekers.LISTED)
    asked = sa.select(likenesses.c.seeker_id, likenesses.c.other_id, likenesses.c.why, likenesses.c.noticed_at)
    rows = work.connection.execute(
        asked.where(
            likenesses.c.settled_at.is_(None),
            likenesses.c.seeker_id.not_in(hidden),
            likenesses.c.other_id.not_in(hidden),
        ).order_by(likenesses.c.noticed_at, likenesses.c.seeker_id)
    )
    return [Likeness(*row) for row in rows.fetchmany(limit)]


def differ(work: Work, one_id: int, other_id: int, now: datetime) -> bool:
    """Note that the two are two people, so that it is not asked again; False: one of them is not registered."""
    first, other = sorted((one_id, other_id))
    if first == other or len(seekers.load(work, [first, other])) < 2:
        return False
    row: dict[str, Any] = {"seeker_id": first, "other_id": other, "why": "name", "noticed_at": now, "settled_at": now}
    settled = upsert(work, likenesses).values(row)
    settled = settled.on_conflict_do_update(
        index_elements=[likenesses.c.seeker_id, likenesses.c.other_id], set_={"settled_at": now}
    )
    work.connection.execute(settled)
    return True
