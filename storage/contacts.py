"""Contacts: who is writing, where their talk stands, and whom they speak for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from conversations.domain.seeker import Seeker
from storage import outbox
from storage.bulk import Asked, ForMany, InsertMany, Rows, together
from storage.models import contact_seekers, contacts, seekers, sessions
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
    """When the person wrote last before this turn, by the platform's clock; None: never, or a channel without a window."""
    seekers: tuple[Seeker, ...] = ()
    """Whom the contact speaks for, the latest registered first."""

    @property
    def seeker(self) -> Seeker | None:
        """The seeker this contact's talk is about: the one registered last."""
        return self.seekers[0] if self.seekers else None


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
        )
        .where(contacts.c.address_hash.in_(hashes))
        # Everywhere in this order: two processes that lock the same contacts must not wait for each other.
        .order_by(contacts.c.address_hash)
        # FOR NO KEY UPDATE: others may still point to the contact (an alert), only not change it.
        .with_for_update(key_share=True)
    ),
)
# A statement of its own: it must see what the transaction that held the lock before has committed.
_load_talks = ForMany(
    contacts.c.address_hash,
    lambda hashes: (
        sa.select(contacts.c.id, sessions.c.body, sessions.c.version, sessions.c.updated_at, *SEEKER_COLUMNS)
        .select_from(
            contacts.outerjoin(sessions)
            .outerjoin(contact_seekers, contact_seekers.c.contact_id == contacts.c.id)
            .outerjoin(seekers, seekers.c.id == contact_seekers.c.seeker_id)
        )
        .where(contacts.c.address_hash.in_(hashes))
        .order_by(seekers.c.id.desc())
    ),
)
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


def recognise(work: Work, identities: Sequence[Identity], now: datetime) -> list[Known]:
    """Load everyone in ``identities``, in their order, creating who is new; all of them stay locked.

    Someone named twice is returned twice, equal. A batch costs one round trip, however many it holds
    (two when somebody is new).
    """
    hashes = {identity: _hashes(work, identity) for identity in identities}
    known = _load(work, hashes)
    missing = {identity: digests for identity, digests in hashes.items() if identity not in known}
    if missing:
        known |= _load(work, missing, _creation(work, missing, now))
    return [known[identity] for identity in identities]


def _hashes(work: Work, identity: Identity) -> tuple[bytes, ...]:
    return work.key_ring.hashes("contacts.address", f"{identity.channel}:{identity.address}")


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
            moved = {"contact_id": contact.id, "new_address": identity.address, "new_hash": digests[0]}
            work.connection.execute(_rehash, moved)
    return known


def _creation(work: Work, missing: Mapping[Identity, tuple[bytes, ...]], now: datetime) -> Asked:
    rows = [(who.channel, who.address, hashes[0], who.locale, True, now) for who, hashes in missing.items()]
    # In one order everywhere, as with the locks.
    return _add.of(work, sorted(rows, key=itemgetter(2)))


def _known(identity: Identity, contact: _Contact, talk: Rows) -> Known:
    _, body, version, session_at, *_ = talk[0]
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
        seekers=tuple(seeker_of(row[4:]) for row in talk if row[4] is not None),
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


def set_blocked(work: Work, contact_id: int, at: datetime | None) -> None:
    """Note that the contact blocked the service (``at``), or takes messages again (None).

    What still waited for a contact that blocked us ends as "dropped": nobody would ever receive it.
    """
    work.connection.execute(contacts.update().where(contacts.c.id == contact_id).values(blocked_at=at))
    if at is not None:
        outbox.drop_waiting(work, contact_id)
