"""Officers: invited by a code, recognised by the contact they said it at, and revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from conversations.domain.office import Institution, Officer, Role
from storage.dialects import upsert
from storage.models import office_codes, officers, tickets
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Kept:
    """An officer as an admin sees them."""

    id: int
    name: str
    institution: Institution
    role: Role
    contact_id: int | None
    """Where their console is; None: revoked, or somebody else may be writing from there by now."""
    invited_by: int | None
    """An officer's id; None: a command on the server."""
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who a code makes an officer, and of what."""

    name: str
    institution: Institution
    role: Role
    invited_by: int | None


def invite(work: Work, code: str, invitation: Invitation, now: datetime, until: datetime) -> bool:
    """Let ``code`` make an officer of whoever says it first, until then; False: the code is somebody else's.

    Only its keyed hash is kept; codes that have ended go.
    """
    work.connection.execute(office_codes.delete().where(office_codes.c.expires_at <= now))
    row = {
        "code_hash": _hashes(work, code)[0],
        "name": invitation.name,
        "institution": invitation.institution,
        "role": invitation.role,
        "invited_by": invitation.invited_by,
        "expires_at": until,
    }
    added = upsert(work, office_codes).values(row).on_conflict_do_nothing().returning(office_codes.c.expires_at)
    return work.connection.execute(added).one_or_none() is not None


def _hashes(work: Work, code: str) -> tuple[bytes, ...]:
    return work.key_ring.hashes("office_codes.code", code)


def join(work: Work, code: str, contact_id: int, now: datetime) -> Officer | None:
    """Use the code up and make an officer of the contact; None: it is not good, or not any more.

    The contact must not be an officer's already: see ``of_contact``.
    """
    good = office_codes.c.code_hash.in_(_hashes(work, code)), office_codes.c.expires_at > now
    used = office_codes.delete().where(*good)
    columns = office_codes.c.name, office_codes.c.institution, office_codes.c.role, office_codes.c.invited_by
    row = work.connection.execute(used.returning(*columns)).one_or_none()
    if row is None:
        return None
    new = {**row._mapping, "contact_id": contact_id, "created_at": now}
    made = work.connection.execute(officers.insert().values(new).returning(officers.c.id)).scalar_one()
    return Officer(made, row.name, row.institution, row.role)


def of_contact(work: Work, contact_id: int) -> Officer | None:
    """The officer whose console is at the contact."""
    return _one(work, officers.c.contact_id == contact_id)


def get(work: Work, officer_id: int) -> Officer | None:
    """The officer, if there is one who was not revoked."""
    return _one(work, officers.c.id == officer_id)


def console_of(work: Work, officer_id: int) -> int | None:
    """The contact where the officer's console is, if there is one."""
    asked = sa.select(officers.c.contact_id).where(officers.c.id == officer_id, officers.c.revoked_at.is_(None))
    return work.connection.scalar(asked)


def _one(work: Work, which: sa.ColumnElement[bool]) -> Officer | None:
    columns = officers.c.id, officers.c.name, officers.c.institution, officers.c.role
    row = work.connection.execute(sa.select(*columns).where(which, officers.c.revoked_at.is_(None))).one_or_none()
    return None if row is None else Officer(*row)


def listed(work: Work) -> list[Kept]:
    """Every officer there is or was, in the order in which they joined."""
    columns = (
        *(officers.c.id, officers.c.name, officers.c.institution, officers.c.role, officers.c.contact_id),
        *(officers.c.invited_by, officers.c.created_at, officers.c.revoked_at),
    )
    return [Kept(*row) for row in work.connection.execute(sa.select(*columns).order_by(officers.c.id))]


def revoke(work: Work, officer_id: int, now: datetime) -> bool:
    """Take console, invitations and open tickets from the officer; False: there is none, or not any more."""
    gone = officers.update().where(officers.c.id == officer_id, officers.c.revoked_at.is_(None))
    revoked = work.connection.execute(gone.values(revoked_at=now, contact_id=None).returning(officers.c.id)).first()
    if revoked is None:
        return False
    work.connection.execute(office_codes.delete().where(office_codes.c.invited_by == officer_id))
    work.connection.execute(
        tickets.update().where(tickets.c.taken_by == officer_id, tickets.c.status == "open").values(taken_by=None)
    )
    return True


def leave(work: Work, contact_id: int) -> None:
    """Somebody else may write from the contact: it is no officer's any more, who needs a new code."""
    work.connection.execute(officers.update().where(officers.c.contact_id == contact_id).values(contact_id=None))
