"""Tombstones: who was erased, so that a backup made before, once it is restored, does not bring them back.

A seeker is named by the random token that nobody else ever has, a contact by the keyed hash of its address: neither
tells who it was. They stand in the database, and in a file beside it that outlives the database; see ``bot.erased``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, cast

import sqlalchemy as sa

from storage.dialects import upsert
from storage.models import contacts, seekers, told_before, tombstones
from storage.work import LOCK_SECONDS, Work

Kind: TypeAlias = Literal["seeker", "contact"]

SLACK = timedelta(seconds=6 * LOCK_SECONDS)
"""An erasure may have been committed this much later than the moment it is dated with."""


@dataclass(frozen=True, slots=True, order=True)
class Tombstone:
    """One erased seeker, or one contact whose talk was erased."""

    kind: Kind
    name: bytes
    """The seeker's token, or the hash of the contact's address."""
    erased_at: datetime

    def line(self) -> str:
        """As the file keeps it: "seeker 0123…cdef 2026-11-24T02:00:00+00:00"."""
        return f"{self.kind} {self.name.hex()} {self.erased_at.isoformat(timespec='seconds')}"

    @classmethod
    def of_line(cls, line: str) -> Tombstone:
        """Raises ValueError for a line that is none, or half of one."""
        kind, name, erased_at = line.split()
        at = datetime.fromisoformat(erased_at)
        if kind not in ("seeker", "contact") or at.tzinfo is None or len(name) < 32:
            raise ValueError("not a tombstone")
        return cls(cast(Kind, kind), bytes.fromhex(name), at)


def bury_seeker(work: Work, seeker_id: int, now: datetime) -> None:
    """Note that the seeker is being erased; in the same transaction, before the row is gone."""
    token = work.connection.scalar(sa.select(seekers.c.token).where(seekers.c.id == seeker_id))
    if token is not None:
        keep(work, [Tombstone("seeker", bytes(token), now)])
        work.connection.execute(told_before.delete().where(told_before.c.token == token))


def bury_contacts(work: Work, contact_ids: Iterable[int], now: datetime) -> None:
    """Note that the talks of these contacts are being erased, also those in which somebody is not registered yet."""
    found = sa.select(contacts.c.address_hash).where(contacts.c.id.in_(list(contact_ids)))
    keep(work, [Tombstone("contact", bytes(hash_), now) for hash_ in work.connection.scalars(found)])


def keep(work: Work, those: Iterable[Tombstone]) -> None:
    """Keep them; of a contact that was erased several times the last counts. Each is to be written to the file."""
    for one in sorted(those):
        row = {"kind": one.kind, "name": one.name, "erased_at": one.erased_at, "written_at": None}
        insert = upsert(work, tombstones).values(row)
        later = insert.excluded.erased_at > tombstones.c.erased_at
        changes = {name: insert.excluded[name] for name in ("erased_at", "written_at")}
        work.connection.execute(
            insert.on_conflict_do_update(index_elements=["kind", "name"], set_=changes, where=later)
        )


def kept(work: Work, *, unwritten: bool = False) -> list[Tombstone]:
    """All of them, the oldest first; or only those that are not known to stand in the file."""
    found = sa.select(tombstones.c.kind, tombstones.c.name, tombstones.c.erased_at)
    if unwritten:
        found = found.where(tombstones.c.written_at.is_(None))
    rows = work.connection.execute(found.order_by(tombstones.c.erased_at, tombstones.c.name))
    return [Tombstone(cast(Kind, kind), bytes(name), at) for kind, name, at in rows]


def mark_written(work: Work, those: Iterable[Tombstone], now: datetime) -> None:
    """Note that these stand in the file; one that was renewed meanwhile does not."""
    for one in those:
        same = (
            tombstones.c.kind == one.kind,
            tombstones.c.name == one.name,
            tombstones.c.erased_at == one.erased_at,
        )
        work.connection.execute(tombstones.update().where(*same).values(written_at=now))


def erased_seekers(work: Work, those: Iterable[Tombstone]) -> list[int]:
    """Ids of the seekers that are here although they were erased."""
    tokens = [one.name for one in those if one.kind == "seeker"]
    found: list[int] = []
    for start in range(0, len(tokens), _MOST):
        some = sa.select(seekers.c.id).where(seekers.c.token.in_(tokens[start : start + _MOST]))
        found += work.connection.scalars(some)
    return found


def erased_contacts(work: Work, those: Sequence[Tombstone], since: datetime) -> list[int]:
    """Ids of the contacts whose talk, as it was at ``since``, was erased afterwards.

    The hash may have been made with another of the keys than the one that is kept: so addresses are hashed again.
    """
    erased = {one.name for one in those if one.kind == "contact" and one.erased_at >= since - SLACK}
    if not erased:
        return []
    rows = work.connection.execute(
        sa.select(contacts.c.id, contacts.c.channel, contacts.c.address, contacts.c.address_hash)
    )
    return [
        row.id
        for row in rows
        if bytes(row.address_hash) in erased
        or not erased.isdisjoint(work.key_ring.hashes("contacts.address", f"{row.channel}:{row.address}"))
    ]


_MOST = 500
"""Names a statement, so that no database's limit is met."""
