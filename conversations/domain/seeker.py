"""A seeker as the conversations see one: a value, not a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

NEW = 0
"""The id of somebody who is being registered, and not kept yet."""

OUTSIDE = "outside"
"""The district of somebody who lives outside the region."""


@dataclass(frozen=True, slots=True)
class Seeker:
    """A person looking for work. What is None or empty was skipped, and never disqualifies."""

    id: int
    name: str
    for_whom: str = "self"
    """"self", or "other" when a companion speaks for the person."""
    birth_year: int | None = None
    district: str | None = None
    """District code, OUTSIDE, or None."""
    needs: tuple[str, ...] = ()
    """Accommodation codes, and needs in the person's own words."""
    education: str | None = None
    fields: tuple[str, ...] = ()
    """Fields of work (codes, or own words)."""
    ragam: tuple[str, ...] = ()
    sex: str | None = None
    birth_date: str | None = None
    """ISO 8601 ("1999-05-05"); ``birth_year`` is then its year."""
    nik: str | None = None
    """The identity number as the person gave it, digits only; see ``understanding`` for what it warns of."""
    village: str | None = None
    """Village code ("12.22.01.2002"); its first three parts are the district."""
    hometown: str | None = None
    """Where somebody lives who lives outside the region, in their own words."""
    address: str | None = None
    """Street, number, what is near: in the person's own words."""
    phone: str | None = None
    other_phone: str | None = None
    phone_shared: str | None = None
    """"yes": somebody else answers that telephone too; "no": only the person."""
    contact_ways: tuple[str, ...] = ()
    """How to be reached: codes of ``domain.reach``; ``no_calls`` binds officers and employers."""
    contact_times: tuple[str, ...] = ()
    seeing: str | None = None
    """This and the next five: a level of ``domain.functioning``. For counting only: never matched, never shared."""
    hearing: str | None = None
    walking: str | None = None
    remembering: str | None = None
    self_care: str | None = None
    communicating: str | None = None
    devices: tuple[str, ...] = ()
    school: str | None = None
    """Which way somebody was taught: code of ``domain.schooling``."""
    major: str | None = None
    certificate: str | None = None
    """Whether the school's certificate is there: "yes", "no"."""
    skills: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    experience: str | None = None
    """Paid or not, in the person's own words."""
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Kinds of work somebody wants (codes of ``domain.kinds``)."""
    hours: tuple[str, ...] = ()
    """When somebody can work (codes of ``domain.availability``)."""
    distance: str | None = None
    """How far somebody can go for work (code of ``domain.availability``)."""
    lowest_wage: int | None = None
    """Rupiah; employers see it only with the person's yes."""
    lowest_wage_per: str | None = None
    """In which time: "bulan", "minggu", "hari", "jam" or "satuan"; never reckoned into another."""
    bpjs: tuple[str, ...] = ()
    """Memberships of social insurance (codes of ``domain.situation``)."""
    situation: str | None = None
    """What somebody does at present (code of ``domain.situation``)."""
    documents: tuple[Mapping[str, Any], ...] = ()
    """What was handed in: "id", "kind", "name", "mime_type", "size" (bytes); the files are kept beside."""
    portions_done: tuple[str, ...] = ()
    """The portions of the profile that were gone through with at least one answer."""
    portions_skipped: tuple[str, ...] = ()
    """Those that were gone through without any."""
    verified_on: str | None = None
    """The day on which an officer found the record right, ISO 8601."""
    identity_on: str | None = None
    """The day on which an officer saw the person and who they are; see ``domain.office.CONFIRMED``."""
    status: str = "active"
    """"active"; "draft": not everybody whose yes it takes has said it; "invited": nobody has, and hardly anything is
    kept. Only who is active is matched, told or shown to anybody but officers."""
    paper: Mapping[str, Any] | None = None
    """What a paper form said, for whom one was typed in: see ``storage.paper``."""
    pin: str | None = None
    """What a PIN is recognised by, as ``storage`` made it; None: none is asked for."""
    objects: bool = False
    """Whether they object to being matched by a rule: then only officers propose work."""
    merged: tuple[Mapping[str, Any], ...] = ()
    """What other records of the same person said that were joined to this one: see ``storage.merging``."""
    paused: bool = False

    def with_values(self, values: Mapping[str, Any]) -> Seeker:
        """The seeker with these fields changed, as JSON gives them: lists for tuples, None for an empty one."""
        tuples = {name: tuple(values[name] or ()) for name in TUPLES if name in values}
        changed: dict[str, Any] = {**values, **tuples}
        return replace(self, **changed)

    def values(self) -> dict[str, Any]:
        """What is known, by field, as JSON holds it; what was skipped is absent."""
        held = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in held
            if name not in ("id", "pin", "objects", "paused") and value not in (None, (), "")
        }


TUPLES = frozenset(field.name for field in fields(Seeker) if field.default == ())
"""The fields that hold several values."""
