"""What is typed in from paper forms: taken in once, corrected by the same number, and invitations that end.

A form is found again by its number. Of what it said last a copy lies in the person's own body (``Seeker.paper``), so
that a corrected row changes only what the person has not changed since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa

from conversations.domain import education
from conversations.domain.purposes import MATCHING
from conversations.domain.seeker import Seeker
from storage import duplicates, seekers
from storage.duplicates import Alike
from storage.models import paper_forms
from storage.models import seekers as kept_seekers
from storage.seekers import Consent
from storage.work import Work

CHANNEL: Final = "paper"
"""The channel of a consent that was given on a form."""

INVITED_FOR: Final = timedelta(days=90)
"""How long an invitation is kept."""

INVITED_FIELDS: Final = frozenset(
    [
        *("name", "birth_year", "phone", "contact_ways", "contact_times"),
        *("district", "village", "hometown", "address"),
    ]
)
"""What an invitation keeps of a form: how to reach somebody, and of what age, for that decides whose yes it takes."""

Status = Literal["active", "draft", "invited"]


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was typed in."""

    number: str
    values: Mapping[str, Any]
    """Fields of ``Seeker`` by name, at least ``name``; what was left empty is absent."""
    status: Status
    consents: tuple[Consent, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    """What else it says, as JSON holds it: officer, date, how consent was given, who helped."""

    def kept(self) -> dict[str, Any]:
        """The fields of ``Seeker`` that may be kept."""
        values = self.values.items()
        return {name: value for name, value in values if self.status != "invited" or name in INVITED_FIELDS}

    def to_json(self) -> dict[str, Any]:
        """As ``Seeker.paper`` holds it."""
        given = [[c.purpose, c.version, c.giver, c.given_at.isoformat()] for c in self.consents]
        said = {"status": self.status, "consents": given}
        about = self.about if self.status != "invited" else {k: v for k, v in self.about.items() if k in _NAMING}
        return {"number": self.number, **about, "said": said, "values": _plain(self.kept())}


_NAMING: Final = ("officer", "date", "consent")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one form."""

    outcome: Literal["added", "updated", "unchanged", "erased", "merged"]
    """"erased": it was somebody's of whom everything was erased since; "merged": it was joined to another form's
    person, and is not read any more."""
    seeker_id: int | None = None
    kept: tuple[str, ...] = ()
    """Fields that the form says otherwise now, and that the person has changed since."""
    refused: bool = False
    """The form says yes, and the person has said no later."""
    alike: tuple[Alike, ...] = ()
    """Who may be the same person, noticed now."""


def take_in(work: Work, form: Form, now: datetime) -> Taken:
    """Register the person of the form, or correct what an earlier reading of the same form said."""
    found = _find(work, form.number)
    if found is None:
        return _add(work, form, now)
    seeker_id = found.seeker_id
    if seeker_id is None:
        return Taken("erased")
    # Locked: the person may be changing something in a chat just now.
    work.connection.execute(sa.select(kept_seekers.c.id).where(kept_seekers.c.id == seeker_id).with_for_update())
    [seeker] = seekers.load(work, [seeker_id]).values()
    if seeker.paper is None or seeker.paper["number"] != form.number:
        return Taken("merged", seeker_id)
    return _correct(work, seeker, form, now)


def _find(work: Work, number: str) -> Any:
    hashes = work.key_ring.hashes("paper_forms.number", number)
    found = sa.select(paper_forms.c.seeker_id).where(paper_forms.c.number_hash.in_(hashes))
    return work.connection.execute(found).one_or_none()


def _add(work: Work, form: Form, now: datetime) -> Taken:
    values = _plain(form.kept()) | {"status": form.status, "paper": form.to_json()}
    rank = education.rank(values.get("education"))
    seeker_id = seekers.add(work, values, education_rank=rank, now=now)
    row = {"number_hash": work.key_ring.hash("paper_forms.number", form.number), "number": form.number}
    work.connection.execute(paper_forms.insert().values(row | {"seeker_id": seeker_id}))
    for consent in form.consents:
        seekers.give_consent(work, seeker_id, consent)
    seeker = Seeker(seeker_id, "").with_values(values)
    return Taken("added", seeker_id, alike=duplicates.notice(work, seeker, now))


def _correct(work: Work, seeker: Seeker, form: Form, now: datetime) -> Taken:
    said, says = dict(seeker.paper or {}), form.to_json()
    if said == says:
        return Taken("unchanged", seeker.id)
    before, after = said["values"], says["values"]
    differing = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    held = _plain({name: getattr(seeker, name) for name in differing})
    changes = {name: after.get(name) for name in differing if held.get(name) == before.get(name)}
    kept = [name for name in differing if name not in changes and held.get(name) != after.get(name)]
    refused = False
    if said["said"] != says["said"]:
        status, refused = _settle(work, seeker, form, now)
        changes["status"] = status
    rank = education.rank(changes.get("education"))
    seekers.change(work, seeker.id, {**changes, "paper": says}, education_rank=rank, now=now)
    alike = duplicates.notice(work, seeker.with_values(changes), now)
    return Taken("updated", seeker.id, tuple(sorted(kept)), refused, alike)


def _settle(work: Work, seeker: Seeker, form: Form, now: datetime) -> tuple[str, bool]:
    """Bring the consents in line with what the form says now; returns the status, and whether a later no stands."""
    given = seekers.consents_of(work, seeker.id)
    in_force = [consent for consent in given if consent.withdrawn_at is None]
    if any(consent.purpose == MATCHING and consent.channel != CHANNEL for consent in in_force):
        return "active", False  # what the person has said since, for themselves, stands
    taken_back = [consent.withdrawn_at for consent in given if consent.purpose == MATCHING and consent.withdrawn_at]
    for consent in in_force:
        if consent.channel == CHANNEL:
            seekers.withdraw_consent(work, seeker.id, consent.purpose, now)
    yes = [consent for consent in form.consents if consent.purpose == MATCHING]
    if yes and any(at > yes[0].given_at for at in taken_back):
        return seeker.status, True
    for consent in form.consents:
        seekers.give_consent(work, seeker.id, consent)
    return form.status, False


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON gives it back; what is empty is absent."""
    held = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return {name: value for name, value in held.items() if value not in (None, [], "")}


# Invitations


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody on a form without consent, who is only to be asked for it."""

    seeker: Seeker
    until: datetime
    """When it is deleted."""


def invitations(work: Work, limit: int = 500) -> list[Invitation]:
    """Who is to be asked, those whose time ends first coming first."""
    asked = sa.select(kept_seekers.c.created_at, *seekers.COLUMNS).where(_INVITED, seekers.LISTED)
    rows = work.connection.execute(asked.order_by(kept_seekers.c.created_at, kept_seekers.c.id).limit(limit))
    return [Invitation(seekers.seeker_of(row[1:]), row[0] + INVITED_FOR) for row in rows]


_INVITED = kept_seekers.c.status == sa.literal_column("'invited'")


def end_invitations(work: Work, now: datetime, most: int = 500) -> int:
    """Erase invitations that nobody has followed for INVITED_FOR; returns how many. Call again until there are none."""
    over = sa.select(kept_seekers.c.id).where(_INVITED, kept_seekers.c.created_at <= now - INVITED_FOR)
    ids: Sequence[int] = work.connection.scalars(over.order_by(kept_seekers.c.id).limit(most)).all()
    for seeker_id in ids:
        seekers.erase(work, seeker_id, now)
    return len(ids)
