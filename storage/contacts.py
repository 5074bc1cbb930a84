"""Contacts: who is writing, where their talk stands, and whom they speak for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from conversations.domain.office import Officer
from conversations.domain.seeker import Seeker
from storage import links, matches, outbox, talks
from storage.bulk import Asked, ForMany, InsertMany, Rows, together
from storage.models import contact_aliases, contact_seekers, contacts, link_codes, officers, seekers, sessions
from storage.seekers import COLUMNS as SEEKER_COLUMNS
from storage.seekers import seeker_of
from storage.work import Work

DEFAULT_LOCALE = "id"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a message came from: ``address`` is the channel's own (a chat id, a cookie's id, a name)."""

    channel: str
    address: str
    locale: str = DEFAULT_LOCALE
    """Only used when the contact is new."""
    alias: str | None = None
    """A second name of the same person's on the same channel. Whoever is known by it is found by it, wherever they
    write from; an address that comes with another one than before belongs to somebody else now."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a turn starts from. The contact stays locked until the transaction ends."""

    contact_id: int
    channel: str
    address: str
    locale: str
    alerts: bool
    """Whether the contact wants to be told of new vacancies (off after STOP)."""
    blocked: bool
    """Whether the contact has blocked the service, so that nothing can be sent."""
    session: dict[str, Any] | None
    """The session's JSON; None: no talk so far, or erased."""
    session_version: int
    """0: none is kept. Give it back to ``sessions.save``."""
    session_at: datetime | None
    """When the session was last saved."""
    heard_at: datetime | None = None
    """When the person wrote last before this turn, by the platform's clock; None: never, or no such channel."""
    stranger: bool = False
    """Whether somebody else may be writing than before, and was not asked yet: the address came with another alias
    than ever before, or after a long silence to which no turn has answered."""
    frozen: bool = False
    """Whether an officer keeps the contact from whom it speaks for; then ``seekers`` is empty."""
    seekers: tuple[Seeker, ...] = ()
    """Whom the contact speaks for, the latest registered first."""
    shared: frozenset[int] = frozenset()
    """The ids of those for whom another contact speaks too."""
    officer: Officer | None = None
    """Whose console is at this contact."""


_lock_all = ForMany(
    contacts.c.address_hash,
    lambda hashes: (
        sa.select(
            contacts.c.address_hash,
            contacts.c.id,
            contacts.c.locale,
            contacts.c.alerts,
            contacts.c.blocked_at.is_not(None),
            contacts.c.heard_at,
            contacts.c.doubted_at.is_not(None),
            contacts.c.frozen_at.is_not(None),
        )
        .where(contacts.c.address_hash.in_(hashes))
        # Everywhere in this order: two processes that lock the same contacts must not wait for each other.
        .order_by(contacts.c.address_hash)
        # FOR NO KEY UPDATE: others may still point to the contact (an alert), only not change it.
        .with_for_update(key_share=True)
    ),
)
_other = contact_seekers.alias("other")
_linked = sa.exists().where(
    _other.c.seeker_id == contact_seekers.c.seeker_id, _other.c.contact_id != contact_seekers.c.contact_id
)
# A statement of its own: it must see what the transaction that held the lock before has committed.
_load_talks = ForMany(
    contacts.c.address_hash,
    lambda hashes: (
        sa.select(
            *(contacts.c.id, sessions.c.body, sessions.c.version, sessions.c.updated_at, _linked),
            *(officers.c.id, officers.c.name, officers.c.institution, officers.c.role),
            *SEEKER_COLUMNS,
        )
        .select_from(
            contacts.outerjoin(sessions)
            .outerjoin(officers, sa.and_(officers.c.contact_id == contacts.c.id, officers.c.revoked_at.is_(None)))
            .outerjoin(contact_seekers, contact_seekers.c.contact_id == contacts.c.id)
            .outerjoin(seekers, seekers.c.id == contact_seekers.c.seeker_id)
        )
        .where(contacts.c.address_hash.in_(hashes))
        .order_by(seekers.c.id.desc())
    ),
)
_OFFICER_END = 9
"""Where in a row of these the columns of the officer end, and those of a seeker begin."""

_add = InsertMany(
    contacts,
    ("channel", "address", "address_hash", "locale", "alerts", "created_at"),
    # Somebody else may be creating the same contact now.
    lambda insert: insert.on_conflict_do_nothing(),
)
_rehash = (
    contacts.update()
    .where(contacts.c.id == sa.bindparam("contact_id"))
    .values(address=sa.bindparam("new_address"), address_hash=sa.bindparam("new_hash"))
)


class _Contact(NamedTuple):
    hash: bytes
    id: int
    locale: str
    alerts: bool
    blocked: bool
    heard_at: datetime | None
    stranger: bool
    frozen: bool


def recognise(work: Work, identities: Sequence[Identity], now: datetime) -> list[Known]:
    """Load everyone in ``identities``, in their order, creating who is new; all of them stay locked.

    Someone named twice is returned twice, equal. A batch costs one round trip, however many it holds
    (two when somebody is new, one more where there are aliases).
    """
    written = {identity: _hashes(work, identity) for identity in identities}
    aliases = _aliases(work, written)
    # Whoever is known by an alias is found where they are kept, whatever address they write from.
    aliased = {identity: found for identity, found in aliases.items() if found is not None}
    hashes = written | {identity: (found.address_hash,) for identity, found in aliased.items()}
    known = _load(work, hashes)
    missing = {identity: digests for identity, digests in hashes.items() if identity not in known}
    if missing:
        known |= _load(work, missing, _creation(work, missing, now))
    news = {identity: known[identity].contact_id for identity, found in aliases.items() if found is None}
    if news:
        strange = _name(work, news)
        if strange:
            _doubt.run(work, sorted(strange), now)
        known |= {who: replace(known[who], stranger=True) for who, id_ in news.items() if id_ in strange}
    for identity, found in aliased.items():
        if identity.address != identity.alias and found.address_hash not in written[identity]:
            _follow(work, identity, found.contact_id)
    return [known[identity] for identity in identities]


def _follow(work: Work, identity: Identity, contact_id: int) -> None:
    """Whoever is known by an alias is sent to at the number they write from now, unless it is another contact's."""
    if find(work, identity.channel, identity.address) is None:
        _move(work, contact_id, identity)


def _move(work: Work, contact_id: int, to: Identity) -> None:
    moved = {"contact_id": contact_id, "new_address": to.address, "new_hash": _hashes(work, to)[0]}
    work.connection.execute(_rehash, moved)


def _hashes(work: Work, identity: Identity) -> tuple[bytes, ...]:
    return work.key_ring.hashes("contacts.address", f"{identity.channel}:{identity.address}")


class _Aliased(NamedTuple):
    contact_id: int
    address_hash: bytes


def _alias_hashes(work: Work, identity: Identity) -> tuple[bytes, ...]:
    return work.key_ring.hashes("contact_aliases.alias", f"{identity.channel}:{identity.alias}")


def _aliases(work: Work, identities: Iterable[Identity]) -> dict[Identity, _Aliased | None]:
    """Where those with an alias are kept; None for an alias that is new."""
    named = {identity: _alias_hashes(work, identity) for identity in identities if identity.alias is not None}
    if not named:
        return {}
    wanted = sorted({digest for digests in named.values() for digest in digests})
    found = {bytes(digest): _Aliased(id_, bytes(kept)) for digest, id_, kept in _by_alias.run(work, wanted)}
    return {
        identity: next((found[digest] for digest in digests if digest in found), None)
        for identity, digests in named.items()
    }


_by_alias = ForMany(
    contact_aliases.c.alias_hash,
    lambda hashes: (
        sa.select(contact_aliases.c.alias_hash, contacts.c.id, contacts.c.address_hash)
        .join_from(contact_aliases, contacts)
        .where(contact_aliases.c.alias_hash.in_(hashes))
    ),
)


def _name(work: Work, news: Mapping[Identity, int]) -> set[int]:
    """Keep each new alias as its contact's only one; returns the contacts that had another before."""
    theirs = contact_aliases.c.contact_id.in_(set(news.values()))
    gone = work.connection.execute(contact_aliases.delete().where(theirs).returning(contact_aliases.c.contact_id))
    strange = {contact_id for (contact_id,) in gone}
    rows = {_alias_hashes(work, who)[0]: (who.alias, contact_id) for who, contact_id in news.items()}
    _add_alias.run(work, [(digest, *row) for digest, row in sorted(rows.items())])
    return strange


_add_alias = InsertMany(
    contact_aliases, ("alias_hash", "alias", "contact_id"), lambda insert: insert.on_conflict_do_nothing()
)


def _load(work: Work, hashes: Mapping[Identity, tuple[bytes, ...]], *ahead: Asked) -> dict[Identity, Known]:
    """Lock and read those of the contacts that exist."""
    wanted = sorted(digest for digests in hashes.values() for digest in digests)
    *_, locked, talks = together(work, *ahead, _lock_all.of(work, wanted), _load_talks.of(work, wanted))
    contacts_by_hash = {bytes(row[0]): _Contact(*row) for row in locked}
    talks_by_contact: dict[int, Rows] = {}
    for row in talks:
        talks_by_contact.setdefault(row[0], []).append(row)
    known = {}
    for identity, digests in hashes.items():
        contact = next((contacts_by_hash[digest] for digest in digests if digest in contacts_by_hash), None)
        if contact is None:
            continue
        known[identity] = _known(identity, contact, talks_by_contact[contact.id])
        if contact.hash != digests[0]:
            # Found under an older key: whoever comes back moves to the newest by and by.
            _move(work, contact.id, identity)
    return known


def _creation(work: Work, missing: Mapping[Identity, tuple[bytes, ...]], now: datetime) -> Asked:
    rows = [(who.channel, who.address, hashes[0], who.locale, True, now) for who, hashes in missing.items()]
    # In one order everywhere, as with the locks.
    return _add.of(work, sorted(rows, key=itemgetter(2)))


def _known(identity: Identity, contact: _Contact, talk: Rows) -> Known:
    _, body, version, session_at, _, *officer = talk[0][:_OFFICER_END]
    # Whom a frozen contact speaks for is not even read: whoever has that telephone is told nothing.
    speaking = [row for row in talk if row[_OFFICER_END] is not None and not contact.frozen]
    return Known(
        contact_id=contact.id,
        channel=identity.channel,
        address=identity.address,
        locale=contact.locale,
        alerts=contact.alerts,
        blocked=contact.blocked,
        session=body,
        session_version=version or 0,
        session_at=session_at,
        heard_at=contact.heard_at,
        stranger=contact.stranger,
        frozen=contact.frozen,
        seekers=tuple(seeker_of(row[_OFFICER_END:]) for row in speaking),
        shared=frozenset(row[_OFFICER_END] for row in speaking if row[4]),
        officer=Officer(*officer) if officer[0] is not None and not contact.frozen else None,
    )


def find(work: Work, channel: str, address: str) -> int | None:
    """The id of the contact, if there is one. Creates nothing, locks nothing."""
    found = locale_of(work, channel, address)
    return None if found is None else found[0]


def locale_of(work: Work, channel: str, address: str) -> tuple[int, str] | None:
    """The contact's id and locale, if there is one. Creates nothing, locks nothing."""
    digests = _hashes(work, Identity(channel, address))
    found = sa.select(contacts.c.id, contacts.c.locale).where(contacts.c.address_hash.in_(digests))
    row = work.connection.execute(found).first()
    return None if row is None else (row.id, row.locale)


class Reached(NamedTuple):
    """Where a message to a contact goes, and in which words."""

    channel: str
    locale: str
    closed: bool
    """Whether nothing may go there: it blocked the service, or an officer froze it."""


def reached(work: Work, contact_id: int) -> Reached:
    """How the contact is written to. It must exist."""
    closed = sa.or_(contacts.c.blocked_at.is_not(None), contacts.c.frozen_at.is_not(None))
    asked = sa.select(contacts.c.channel, contacts.c.locale, closed)
    return Reached(*work.connection.execute(asked.where(contacts.c.id == contact_id)).one())


def set_alerts(work: Work, contact_id: int, on: bool) -> None:
    """Turn being told of new vacancies on or off."""
    _set_alerts.run(work, [contact_id], on)


def set_locale(work: Work, contact_id: int, locale: str) -> None:
    """Speak ``locale`` ("id", "id@mudah", "en") to the contact from now on."""
    _set_locale.run(work, [contact_id], locale)


def _setting(name: str) -> ForMany:
    """Of the contacts with these ids, one column."""
    return ForMany(
        contacts.c.id,
        lambda ids: contacts.update().where(contacts.c.id.in_(ids)).values({name: sa.bindparam("new")}),
        others=["new"],
    )


_set_alerts = _setting("alerts")
_set_locale = _setting("locale")


def switch_off(work: Work, channel: str, address: str, at: datetime, why: str) -> None:
    """Note that nothing can be sent to ``address`` any more, if it is a contact's."""
    contact_id = find(work, channel, address)
    if contact_id is not None:
        set_blocked(work, contact_id, at, why)


_doubt = ForMany(
    contacts.c.id,
    lambda ids: contacts.update().where(contacts.c.id.in_(ids)).values(doubted_at=sa.bindparam("at")),
    others=["at"],
)


def trust(work: Work, contact_id: int) -> None:
    """Whoever writes from there was asked, and is known, or is being asked."""
    _doubt.run(work, [contact_id], None)


def hearing(work: Work, contact_id: int, at: datetime, silence: timedelta) -> Asked:
    """Note that the contact's person wrote at ``at``, by the platform's clock; to be run with others.

    After more than ``silence`` it is doubted whether it is the same person.
    """
    return _hear.of(work, [contact_id], at, at - silence)


_hear = ForMany(
    contacts.c.id,
    lambda ids: (
        contacts.update()
        .where(contacts.c.id.in_(ids))
        .where(sa.or_(contacts.c.heard_at.is_(None), contacts.c.heard_at < sa.bindparam("at")))
        .values(
            heard_at=sa.bindparam("at"),
            doubted_at=sa.case(
                (contacts.c.heard_at < sa.bindparam("silent"), sa.bindparam("at")), else_=contacts.c.doubted_at
            ),
        )
    ),
    others=["at", "silent"],
)


def not_heard_since(work: Work, contact_id: int, moment: datetime, unless_after: datetime | None = None) -> None:
    """The platform says that the person has not written since ``moment``, whatever was noted here.

    ``unless_after``: what the platform speaks of; who has written after it has written.
    """
    later = [contacts.c.id == contact_id, contacts.c.heard_at > moment]
    if unless_after is not None:
        later.append(contacts.c.heard_at <= unless_after)
    work.connection.execute(contacts.update().where(*later).values(heard_at=moment))


def readdress(work: Work, who: Identity, to: Identity) -> bool:
    """The person known as ``who`` is at ``to`` from now on, also by alias; returns whether they are spoken for there.

    Where ``to`` is a contact already, two talks are not mixed: it only takes over whom they speak for. If it speaks
    for somebody itself, even that is left to the person. Either way it is not known any more who writes from ``who``.
    """
    aliased = _aliases(work, [who])[who] if who.alias is not None else None
    contact_id = aliased.contact_id if aliased is not None else find(work, who.channel, who.address)
    if contact_id is None:
        return False
    taken = find(work, to.channel, to.address)
    if taken not in (None, contact_id):
        # First, for it locks both contacts, in the order in which turns do.
        moved = links.move(work, contact_id, taken)
        since = sa.func.coalesce(contacts.c.doubted_at, contacts.c.heard_at, contacts.c.created_at)
        work.connection.execute(contacts.update().where(contacts.c.id == contact_id).values(doubted_at=since))
        return moved
    _move(work, contact_id, to)
    if to.alias is not None:
        _name(work, {to: contact_id})
    return True


def freeze(work: Work, contact_id: int, frozen_at: datetime | None) -> bool:
    """Keep the contact from whom it speaks for (``frozen_at``), or give it back (None); False: there is no such one.

    What was said there, and what waits for it, is forgotten at once: whoever has the telephone now must not read it.
    It stays linked, so that giving it back gives back everything that is kept.
    """
    talks.lock(work, [contact_id])
    changed = contacts.update().where(contacts.c.id == contact_id).values(frozen_at=frozen_at)
    if work.connection.execute(changed.returning(contacts.c.id)).first() is None:
        return False
    if frozen_at is not None:
        work.connection.execute(link_codes.delete().where(link_codes.c.contact_id == contact_id))
        matches.untell_waiting(work, contact_id)
        talks.erase(work, [contact_id])
    return True


def set_blocked(work: Work, contact_id: int, at: datetime | None, why: str | None = None) -> None:
    """Note that nothing can be sent to the contact (since ``at``; ``why``, for officers), or that it can again (None).

    What still waited for it ends as "dropped": nobody would ever receive it.
    """
    values = {"blocked_at": at, "blocked_why": why}
    work.connection.execute(contacts.update().where(contacts.c.id == contact_id).values(values))
    if at is not None:
        matches.untell_waiting(work, contact_id)
        outbox.drop_waiting(work, contact_id)
