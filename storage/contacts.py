"""Contacts: who is writing, where their talk stands, and whom they speak for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from conversations.domain.seeker import Seeker
from storage import outbox
from storage.dialects import upsert
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
    seekers: tuple[Seeker, ...] = ()
    """Whom the contact speaks for, the latest registered first."""

    @property
    def seeker(self) -> Seeker | None:
        """The seeker this contact's talk is about: the one registered last."""
        return self.seekers[0] if self.seekers else None


_contact = (
    contacts.c.id,
    contacts.c.address_hash,
    contacts.c.locale,
    contacts.c.alerts,
    contacts.c.blocked_at.is_not(None).label("blocked"),
)
_locked = (
    sa.select(*_contact)
    .where(contacts.c.address_hash.in_(sa.bindparam("hashes", expanding=True)))
    # Always in id order: two processes that lock the same contacts must not wait for each other.
    .order_by(contacts.c.id)
    # FOR NO KEY UPDATE: others may still point to the contact (an alert), only not change it.
    .with_for_update(key_share=True)
)
# A statement of its own: it must see what the transaction that held the lock before has committed.
_talks = (
    sa.select(
        contacts.c.id.label("contact_id"),
        sessions.c.body,
        sessions.c.version,
        sessions.c.updated_at.label("session_at"),
        *SEEKER_COLUMNS,
    )
    .select_from(
        contacts.outerjoin(sessions)
        .outerjoin(contact_seekers, contact_seekers.c.contact_id == contacts.c.id)
        .outerjoin(seekers, seekers.c.id == contact_seekers.c.seeker_id)
    )
    .where(contacts.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(seekers.c.id.desc())
)
_rehash = (
    contacts.update()
    .where(contacts.c.id == sa.bindparam("contact_id"))
    .values(address=sa.bindparam("new_address"), address_hash=sa.bindparam("new_hash"))
)


def recognise(work: Work, identities: Sequence[Identity], now: datetime) -> list[Known]:
    """Load everyone in ``identities``, in their order, creating who is new; all of them stay locked.

    Someone named twice is returned twice, equal. A batch costs two statements, however many it holds
    (three when somebody is new).
    """
    hashes = {identity: _hashes(work, identity) for identity in identities}
    found = _lock(work, hashes)
    missing = [identity for identity in hashes if identity not in found]
    if missing:
        _create(work, missing, now)
        found |= _lock(work, {identity: hashes[identity] for identity in missing})
    talks = _load_talks(work, [row.id for row in found.values()])
    return [_known(identity, found[identity], talks[found[identity].id]) for identity in identities]


def _hashes(work: Work, identity: Identity) -> tuple[bytes, ...]:
    return work.key_ring.hashes("contacts.address", f"{identity.channel}:{identity.address}")


def _lock(work: Work, hashes: dict[Identity, tuple[bytes, ...]]) -> dict[Identity, Any]:
    wanted = [digest for digests in hashes.values() for digest in digests]
    rows = {row.address_hash: row for row in work.connection.execute(_locked, {"hashes": wanted})}
    found = {}
    for identity, digests in hashes.items():
        row = next((rows[digest] for digest in digests if digest in rows), None)
        if row is not None:
            found[identity] = row
            if row.address_hash != digests[0]:
                # Found under an older key: whoever comes back moves to the newest by and by.
                work.connection.execute(
                    _rehash, {"contact_id": row.id, "new_address": identity.address, "new_hash": digests[0]}
                )
    return found


def _create(work: Work, identities: Iterable[Identity], now: datetime) -> None:
    rows: list[dict[str, Any]] = [
        {
            "channel": identity.channel,
            "address": identity.address,
            "address_hash": _hashes(work, identity)[0],
            "locale": identity.locale,
            "alerts": True,
            "created_at": now,
        }
        for identity in identities
    ]
    # In one order everywhere, as with the locks; somebody else may be creating the same contact now.
    rows.sort(key=lambda row: row["address_hash"])
    work.connection.execute(upsert(work, contacts).on_conflict_do_nothing(), rows)


def _load_talks(work: Work, ids: list[int]) -> dict[int, list[Any]]:
    talks: dict[int, list[Any]] = {}
    for row in work.connection.execute(_talks, {"ids": ids}):
        talks.setdefault(row.contact_id, []).append(row)
    return talks


def _known(identity: Identity, contact: Any, talk: list[Any]) -> Known:
    first = talk[0]
    return Known(
        contact_id=contact.id,
        channel=identity.channel,
        address=identity.address,
        locale=contact.locale,
        alerts=contact.alerts,
        blocked=contact.blocked,
        session=first.body,
        session_version=first.version or 0,
        session_at=first.session_at,
        seekers=tuple(seeker_of(row) for row in talk if row.seeker_id is not None),
    )


def find(work: Work, channel: str, address: str) -> int | None:
    """The id of the contact, if there is one. Creates nothing, locks nothing."""
    digests = _hashes(work, Identity(channel, address))
    return work.connection.scalar(sa.select(contacts.c.id).where(contacts.c.address_hash.in_(digests)))


def set_alerts(work: Work, contact_id: int, on: bool) -> None:
    """Turn being told of new vacancies on or off."""
    work.connection.execute(contacts.update().where(contacts.c.id == contact_id).values(alerts=on))


def set_locale(work: Work, contact_id: int, locale: str) -> None:
    """Speak ``locale`` ("id", "id@mudah", "en") to the contact from now on."""
    work.connection.execute(contacts.update().where(contacts.c.id == contact_id).values(locale=locale))


def set_blocked(work: Work, contact_id: int, at: datetime | None) -> None:
    """Note that the contact blocked the service (``at``), or takes messages again (None).

    What still waited for a contact that blocked us ends as "dropped": nobody would ever receive it.
    """
    work.connection.execute(contacts.update().where(contacts.c.id == contact_id).values(blocked_at=at))
    if at is not None:
        outbox.drop_waiting(work, contact_id)
