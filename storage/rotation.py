"""Changing the key: which keys are still needed, and writing everything anew under the newest.

The ids of the keys in use stand in ``meta``, so that a start learns with one read whether one is missing.
Looking at some of the rows would not tell: with a mix of keys it is the person in the middle who is not
recognised, and is greeted as new.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from storage import meta
from storage.keys import PREFIX_BYTES, UnknownKey
from storage.models import (
    contact_aliases,
    contact_seekers,
    contacts,
    inbound,
    link_codes,
    metadata,
    officers,
    outbox,
    paper_forms,
    seekers,
    sessions,
    tickets,
)
from storage.seekers import hashes, load
from storage.types import Encrypted
from storage.work import Database, Work

_BATCH = 500
"""Rows a transaction, so that turns go on in between."""

_IN_USE = "key:"
"""How the names in ``meta`` begin; the key's id follows. A row for each, so that two processes may add at once."""


def require_keys(database: Database) -> None:
    """Raise UnknownKey if anything may be kept under a key that was not given: better at the start than to a person.

    Call it before anything is written: the newest key is noted as in use.
    """
    given = [_id(prefix) for prefix in database.key_ring.prefixes]
    with database.read() as work:
        noted = {name.removeprefix(_IN_USE) for name in meta.names(work, _IN_USE)}
        if given[0] in noted <= set(given):
            return
        # Nothing noted yet, or a key that may have gone for good: the rows themselves say what is needed.
        needed = _found(work)
    if missing := sorted(needed - set(given)):
        raise UnknownKey(*missing)
    with database.work() as work:
        for key_id in noted - needed - set(given):
            meta.forget(work, _IN_USE + key_id)
        for key_id in (needed | {given[0]}) - noted:
            meta.put(work, _IN_USE + key_id, "in use")


def _found(work: Work) -> set[str]:
    """The ids of the keys that anything is kept under; reads every encrypted column."""
    columns = [column for table in metadata.sorted_tables for column in _encrypted(table)]
    kept = (sa.select(_prefix(column)).where(column.is_not(None)).distinct() for column in columns)
    return {_id(bytes(prefix)) for select in kept for prefix in work.connection.scalars(select)}


def _id(prefix: bytes) -> str:
    return prefix[1:].hex()


def rewrite(database: Database) -> int:
    """Encrypt everything under the newest key, in steps; returns how many rows. Afterwards older keys may go.

    Turns may go on meanwhile, in processes that have the newest key. What is interrupted is taken up by calling
    it again. A contact that stands twice, because an older key was missing for a while, becomes one, whether the
    same address or the same alias tells so.

    Of a code that joins a contact, or makes an officer, only the keyed hash is kept, so it cannot be written anew: it
    ends within minutes, or days.
    """
    return sum(count for _, count in rewrite_steps(database))


def rewrite_steps(database: Database) -> Iterator[tuple[str, int]]:
    """``rewrite``, telling after each step in which table it was, and how many rows it took."""
    for table in metadata.sorted_tables:
        if _encrypted(table):
            for count in _rewrite_table(database, table):
                yield table.name, count


def _rewrite_table(database: Database, table: sa.Table) -> Iterator[int]:
    newest = database.key_ring.prefixes[0]
    older = sa.or_(*(_prefix(column) != newest for column in _encrypted(table)))
    batch = sa.select(table).where(older).limit(_BATCH).with_for_update()
    while True:
        with database.work() as work:
            rows = work.connection.execute(batch).mappings().all()
            for row in rows:
                same = [column == row[column.name] for column in table.primary_key]
                values = _renewed(work, table, row)
                if table is contacts:
                    values |= _of_twin(work, row, contacts.c.address_hash == values["address_hash"])
                elif table is contact_aliases and _stands(work, row, values["alias_hash"]):
                    continue
                work.connection.execute(table.update().where(*same).values(values))
        yield len(rows)
        if len(rows) < _BATCH:
            return


def _stands(work: Work, older: Any, alias_hash: bytes) -> bool:
    """Whether the alias is kept under the newest key too; then the ``older`` row goes, and two contacts become one."""
    newer = contact_aliases.c.alias_hash == alias_hash
    twin_id = work.connection.scalar(sa.select(contact_aliases.c.contact_id).where(newer))
    if twin_id is None:
        return False
    work.connection.execute(contact_aliases.delete().where(contact_aliases.c.alias_hash == older["alias_hash"]))
    contact = work.connection.execute(sa.select(contacts).where(contacts.c.id == older["contact_id"])).mappings().one()
    twin = work.connection.execute(sa.select(contacts).where(contacts.c.id == twin_id)).mappings().one()
    values = _of_twin(work, contact, contacts.c.id == twin_id)
    if twin["address"] != older["alias"]:
        # Not the user id but a number: they write from there now.
        values |= {"address": twin["address"], "address_hash": twin["address_hash"]}
    if values:
        work.connection.execute(contacts.update().where(contacts.c.id == contact["id"]).values(values))
    return True


def _of_twin(work: Work, older: Any, same: sa.ColumnElement[bool]) -> dict[str, Any]:
    """Bring what belongs to the contact that the newest key finds over to the ``older`` one of the ``same`` person.

    The older one stays, for it is the one that may have registered; the talk goes on where the person is now, in
    the newer one. Who said STOP to either has said it. Returns what is to be changed in the older one.
    """
    found = sa.select(contacts).where(same, contacts.c.id != older["id"]).with_for_update()
    twin = work.connection.execute(found).one_or_none()
    if twin is None:
        return {}
    another = _join_aliases(work, older["id"], twin.id)
    _join_seekers(work, older["id"], twin.id)
    work.connection.execute(sessions.delete().where(sessions.c.contact_id == older["id"]))
    # A contact shows one code at a time, and its person knows the last one.
    if work.connection.scalar(sa.select(link_codes.c.contact_id).where(link_codes.c.contact_id == twin.id)):
        work.connection.execute(link_codes.delete().where(link_codes.c.contact_id == older["id"]))
    # Of two consoles the one that was opened last stays; one officer has one.
    if work.connection.scalar(sa.select(officers.c.id).where(officers.c.contact_id == twin.id)):
        work.connection.execute(officers.update().where(officers.c.contact_id == older["id"]).values(contact_id=None))
    for table in (contact_seekers, contact_aliases, link_codes, sessions, inbound, outbox, tickets, officers):
        work.connection.execute(table.update().where(table.c.contact_id == twin.id).values(contact_id=older["id"]))
    work.connection.execute(contacts.delete().where(contacts.c.id == twin.id))
    return {
        "locale": twin.locale,
        "alerts": older["alerts"] and twin.alerts,
        "blocked_at": twin.blocked_at,
        "blocked_why": twin.blocked_why,
        "heard_at": max((at for at in (older["heard_at"], twin.heard_at) if at is not None), default=None),
        # With another alias it may have been somebody else who was taken for new.
        "doubted_at": twin.created_at if another else older["doubted_at"] or twin.doubted_at,
    }


def _join_aliases(work: Work, older_id: int, twin_id: int) -> bool:
    """The twin's alias is the last that was heard, and stays alone; returns whether the older contact had another."""
    aliases = {
        id_: set(work.connection.scalars(sa.select(contact_aliases.c.alias).where(contact_aliases.c.contact_id == id_)))
        for id_ in (older_id, twin_id)
    }
    if not all(aliases.values()):
        return False
    work.connection.execute(contact_aliases.delete().where(contact_aliases.c.contact_id == older_id))
    return aliases[older_id] != aliases[twin_id]


def _join_seekers(work: Work, older_id: int, twin_id: int) -> None:
    """Of a seeker whom both speak for, the twin's link goes, and what was chosen last counts."""
    twins, both = contact_seekers.alias("twins"), contact_seekers.c.contact_id == older_id
    found = work.connection.execute(
        sa.select(contact_seekers.c.seeker_id, contact_seekers.c.preferred_at, twins.c.preferred_at.label("newer"))
        .join_from(contact_seekers, twins, twins.c.seeker_id == contact_seekers.c.seeker_id)
        .where(both, twins.c.contact_id == twin_id)
    ).all()
    for row in found:
        of_seeker = contact_seekers.c.seeker_id == row.seeker_id
        chosen = max((at for at in (row.preferred_at, row.newer) if at is not None), default=None)
        work.connection.execute(contact_seekers.update().where(both, of_seeker).values(preferred_at=chosen))
        work.connection.execute(contact_seekers.delete().where(contact_seekers.c.contact_id == twin_id, of_seeker))


def _renewed(work: Work, table: sa.Table, row: Any) -> dict[str, Any]:
    """The values that depend on a key; their columns' types encrypt them under the newest."""
    values = {column.name: row[column.name] for column in _encrypted(table)}
    if table is contacts:
        values["address_hash"] = work.key_ring.hash("contacts.address", f"{row['channel']}:{row['address']}")
    if table is seekers:
        # Their own keys stay: only these are wrapped anew, and what is found by a hash is hashed anew.
        [seeker] = load(work, [row["id"]]).values()
        values |= hashes(work.key_ring, seeker)
    if table is paper_forms:
        values["number_hash"] = work.key_ring.hash("paper_forms.number", row["number"])
    if table is contact_aliases:
        channel = work.connection.scalar(sa.select(contacts.c.channel).where(contacts.c.id == row["contact_id"]))
        values["alias_hash"] = work.key_ring.hash("contact_aliases.alias", f"{channel}:{row['alias']}")
    return values


def _encrypted(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.c if isinstance(column.type, Encrypted)]


def _prefix(column: sa.Column[Any]) -> sa.ColumnElement[bytes]:
    raw = sa.type_coerce(column, sa.LargeBinary)
    return sa.func.substr(raw, 1, PREFIX_BYTES, type_=sa.LargeBinary)
