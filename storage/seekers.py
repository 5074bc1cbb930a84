"""Seekers: people looking for work, the consents they gave, and where a match looks them up."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from conversations.domain.office import CONFIRMED
from conversations.domain.purposes import CHILD, GUARDIAN, MATCHING
from conversations.domain.seeker import TUPLES, Seeker
from conversations.domain.suits import own_words
from storage import talks, tombstones
from storage.bulk import ForMany, InsertMany
from storage.keys import KeyRing, PersonKey
from storage.models import (
    consents,
    contact_seekers,
    seeker_fields,
    seekers,
)
from storage.types import from_json_bytes, json_bytes
from storage.work import Work

COLUMNS = (
    seekers.c.id,
    seekers.c.key,
    seekers.c.body,
    seekers.c.for_whom,
    seekers.c.district,
    seekers.c.education,
    seekers.c.fields,
    seekers.c.status,
    seekers.c.objects_at.is_not(None),
    seekers.c.paused_at.is_not(None),
)
"""What ``seeker_of`` reads, in its order."""

_PLAIN = ("for_whom", "district", "education", "fields", "status")
"""Fields with a column of their own, because SQL matches by them."""

_CHANGEABLE = frozenset(one.name for one in dataclass_fields(Seeker)) - {"id", "objects", "paused"}
_BODY = b"seekers.body"


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agreed to: ``wording`` as it was shown; ``giver`` and ``how`` as in ``GiveConsent``."""

    purpose: str
    version: int
    wording: str
    channel: str
    giver: str
    given_at: datetime
    withdrawn_at: datetime | None = None
    how: str | None = None
    """None: not recorded in its time."""


def seeker_of(values: Sequence[Any]) -> Seeker:
    """The seeker in the values of COLUMNS."""
    seeker_id, key, body, for_whom, district, education, fields, status, objects, paused = values
    plain = {"for_whom": for_whom, "district": district, "education": education, "fields": fields, "status": status}
    kept = plain | from_json_bytes(PersonKey(key).open(bytes(body), _BODY))
    # Made at once, not changed twice: every turn of somebody registered reads this.
    kept |= {name: tuple(kept[name]) for name in TUPLES.intersection(kept)}
    return Seeker(id=seeker_id, objects=objects, paused=paused, **kept)


def add(work: Work, values: Mapping[str, Any], *, education_rank: int | None, now: datetime) -> int:
    """Register a seeker; returns the id. ``values``: fields of ``Seeker`` by name, at least ``name``.

    ``education_rank`` belongs to ``values["education"]``: higher is more, None is unknown.
    A seeker without consent is kept but never matched: see ``give_consent``.
    """
    seeker = Seeker(0, "").with_values(_known(values))
    key = PersonKey.generate()
    row = _row(work, seeker, key) | {"token": os.urandom(16), "key": key.secret, "education_rank": education_rank}
    row |= {"created_at": now, "updated_at": now}
    [[seeker_id]] = _add.run(work, [[row[name] for name in _ADDED]])
    _write_index(work, seeker_id, row["fields"], seeker.district, education_rank)
    return int(seeker_id)


_ADDED = (
    *("token", "key", "body", *_PLAIN, "education_rank", "phone_hash", "likeness_hash", "nik_hash"),
    *("created_at", "updated_at"),
)
_add = InsertMany(seekers, _ADDED, lambda insert: insert.returning(seekers.c.id))


def change(work: Work, seeker_id: int, values: Mapping[str, Any], *, education_rank: int | None, now: datetime) -> None:
    """Change only the fields named in ``values``. ``education_rank`` counts only if "education" is among them."""
    # Locked: another contact of the same person's, or an officer, may be changing another field now.
    held = work.connection.execute(_load.with_for_update(key_share=True), {"ids": [seeker_id]}).one()
    before = seeker_of(held)
    seeker = before.with_values(_known(values))
    if any(getattr(before, name, None) != getattr(seeker, name, None) for name in CONFIRMED):
        seeker = replace(seeker, identity_on=None)
    row = _row(work, seeker, PersonKey(held.key)) | {"updated_at": now}
    if "education" in values:
        row["education_rank"] = education_rank
    work.connection.execute(seekers.update().where(seekers.c.id == seeker_id).values(row))
    if not values.keys().isdisjoint(("fields", "district", "education")):
        _index(work, seeker_id)


def _known(values: Mapping[str, Any]) -> Mapping[str, Any]:
    unknown = values.keys() - _CHANGEABLE
    if unknown:
        raise ValueError(f"a seeker has no {', '.join(sorted(unknown))}")
    return values


def _row(work: Work, seeker: Seeker, key: PersonKey) -> dict[str, Any]:
    """What the columns hold of the seeker, but for what was not given with them."""
    held = {name: getattr(seeker, name) for name in _CHANGEABLE}
    body = {name: value for name, value in held.items() if name not in _PLAIN and value not in (None, ())}
    plain = {name: held[name] for name in _PLAIN} | {"fields": list(seeker.fields)}
    return {**plain, "body": key.seal(json_bytes(body), _BODY), **hashes(work.key_ring, seeker)}


def hashes(ring: KeyRing, seeker: Seeker) -> dict[str, bytes | None]:
    """The keyed hashes by which somebody who is registered twice is noticed, by column."""
    found = {"phone_hash": seeker.phone, "nik_hash": seeker.nik, "likeness_hash": likeness(seeker)}
    return {
        column: None if value is None else ring.hash(f"seekers.{column.removesuffix('_hash')}", value)
        for column, value in found.items()
    }


def likeness(seeker: Seeker) -> str | None:
    """What two records of one person have in common, however the name is written; None: too little is known."""
    if seeker.birth_year is None or seeker.district is None:
        return None
    return f"{seeker.birth_year}:{seeker.district}"


def link(work: Work, contact_id: int, seeker_id: int, role: str) -> None:
    """Let the contact speak for the seeker, as "self" or "companion"."""
    _link.run(work, [(contact_id, seeker_id, role)])


_link = InsertMany(contact_seekers, ("contact_id", "seeker_id", "role"), lambda insert: insert)


def _index(work: Work, seeker_id: int) -> None:
    """Write the rows a match finds the seeker by; in the same transaction, so they never disagree."""
    row = work.connection.execute(
        sa.select(seekers.c.fields, seekers.c.district, seekers.c.education_rank).where(seekers.c.id == seeker_id)
    ).one()
    work.connection.execute(seeker_fields.delete().where(seeker_fields.c.seeker_id == seeker_id))
    _write_index(work, seeker_id, row.fields, row.district, row.education_rank)


def _write_index(
    work: Work, seeker_id: int, fields: Sequence[str], district: str | None, education_rank: int | None
) -> None:
    named = [("field", field) for field in fields] + [("words", words) for words in own_words(fields)]
    rows = dict.fromkeys(named or [("any", "")])
    _index_rows.run(work, [(kind, field, seeker_id, district, education_rank) for kind, field in rows])


_index_rows = InsertMany(
    seeker_fields, ("kind", "field", "seeker_id", "district", "education_rank"), lambda insert: insert
)


def load(work: Work, seeker_ids: Iterable[int]) -> dict[int, Seeker]:
    """Those of the seekers that exist, by id."""
    rows = work.connection.execute(_load, {"ids": list(seeker_ids)})
    return {row[0]: seeker_of(row) for row in rows}


_load = sa.select(*COLUMNS).where(seekers.c.id.in_(sa.bindparam("ids", expanding=True)))


def pause(work: Work, seeker_id: int, paused_at: datetime | None) -> None:
    """Stop matching and telling (``paused_at``), or resume (None), keeping the data."""
    work.connection.execute(seekers.update().where(seekers.c.id == seeker_id).values(paused_at=paused_at))


def object_to_matching(work: Work, seeker_id: int, objects_at: datetime | None) -> None:
    """Leave proposing work to officers alone (``objects_at``), or match again (None)."""
    work.connection.execute(seekers.update().where(seekers.c.id == seeker_id).values(objects_at=objects_at))


def protect(work: Work, seeker_id: int, protected_at: datetime | None) -> bool:
    """Leave the seeker out of every list and search (``protected_at``), or no longer (None); False: there is none.

    For whom somebody looks who must not find them. See ``LISTED``.
    """
    changed = seekers.update().where(seekers.c.id == seeker_id).values(protected_at=protected_at)
    return work.connection.execute(changed.returning(seekers.c.id)).first() is not None


LISTED = seekers.c.protected_at.is_(None)
"""Of every list, search and call list of seekers, in SQL: who is protected is counted, and never shown in one.

An officer who knows the number of such a record still reads it by that, and the reading is noted.
"""


def give_consent(work: Work, seeker_id: int, consent: Consent) -> None:
    """Keep a consent. It is in force until withdrawn; a newer one for the same purpose ends the older."""
    withdraw_consent(work, seeker_id, consent.purpose, consent.given_at)
    _give.run(work, [(seeker_id, *(getattr(consent, name) for name in _CONSENT))])


_CONSENT = ("purpose", "version", "wording", "channel", "giver", "given_at", "withdrawn_at", "how")
_give = InsertMany(consents, ("seeker_id", *_CONSENT), lambda insert: insert)


def withdraw_consent(work: Work, seeker_id: int, purpose: str, at: datetime) -> None:
    """End the consent that is in force for ``purpose``, if any. It stays on record."""
    _withdraw.run(work, [seeker_id], purpose, at)


_withdraw = ForMany(
    consents.c.seeker_id,
    lambda seeker_ids: (
        consents.update()
        .where(
            consents.c.seeker_id.in_(seeker_ids),
            consents.c.purpose == sa.bindparam("purpose_"),
            consents.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=sa.bindparam("at"))
    ),
    others=("purpose_", "at"),
)


def withdraw_all(work: Work, seeker_id: int, at: datetime) -> None:
    """End every consent in force but those that somebody else gave, or that say where news go. All stay on record."""
    theirs = (
        consents.c.seeker_id == seeker_id,
        consents.c.withdrawn_at.is_(None),
        consents.c.purpose.not_in((CHILD, GUARDIAN)),
    )
    ended = consents.update().where(*theirs, consents.c.purpose.not_like("telling:%"))
    work.connection.execute(ended.values(withdrawn_at=at))


def in_force(work: Work, seeker_id: int) -> frozenset[str]:
    """The purposes that the seeker agrees to now."""
    given = consents.c.seeker_id == seeker_id, consents.c.withdrawn_at.is_(None)
    return frozenset(work.connection.scalars(sa.select(consents.c.purpose).where(*given)))


def consents_of(work: Work, seeker_id: int) -> list[Consent]:
    """Every consent on record, the oldest first."""
    rows = work.connection.execute(
        sa.select(
            consents.c.purpose,
            consents.c.version,
            consents.c.wording,
            consents.c.channel,
            consents.c.giver,
            consents.c.given_at,
            consents.c.withdrawn_at,
            consents.c.how,
        )
        .where(consents.c.seeker_id == seeker_id)
        .order_by(consents.c.id)
    )
    return [Consent(*row) for row in rows]


def confirm_guardian(work: Work, seeker_id: int, now: datetime) -> bool:
    """Let the yes of a guardian count whose appointment an officer has seen; returns whether there was one."""
    claimed = [one for one in consents_of(work, seeker_id) if one.purpose == GUARDIAN and one.withdrawn_at is None]
    if not claimed:
        return False
    withdraw_consent(work, seeker_id, GUARDIAN, now)
    give_consent(work, seeker_id, replace(claimed[-1], purpose=MATCHING))
    change(work, seeker_id, {"status": "active"}, education_rank=None, now=now)
    return True


DRAFTS_KEPT = timedelta(days=90)
"""How long data is kept to which not everybody has said yes whose yes it takes."""


def expired_drafts(work: Work, now: datetime, limit: int = 100) -> list[int]:
    """The ids of seekers whose data was entered DRAFTS_KEPT ago and waits for a yes since: to be erased."""
    waiting = seekers.c.status.in_(("draft", "invited")), seekers.c.created_at <= now - DRAFTS_KEPT
    found = sa.select(seekers.c.id).where(*waiting).order_by(seekers.c.created_at, seekers.c.id).limit(limit)
    return list(work.connection.scalars(found))


def erase(work: Work, seeker_id: int, now: datetime, *, acting_contact_id: int | None = None) -> None:
    """Remove everything kept about the seeker, and the talks of every contact that spoke for them.

    Profile, their key, consents, matches and tickets go; so does what ``talks.erase`` removes. What remains is the
    contact, so that it can be answered, and the tombstones, so that no backup brings them back.
    ``acting_contact_id``: the contact whose turn this is (see there).
    """
    linked = sa.select(contact_seekers.c.contact_id).where(contact_seekers.c.seeker_id == seeker_id)
    contact_ids = set(work.connection.scalars(linked))
    talks.lock(work, contact_ids)
    tombstones.bury_seeker(work, seeker_id, now)
    tombstones.bury_contacts(work, contact_ids, now)
    work.connection.execute(seekers.delete().where(seekers.c.id == seeker_id))
    talks.erase(work, contact_ids, about=seeker_id, acting_contact_id=acting_contact_id)
