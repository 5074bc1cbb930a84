"""What somebody may say yes to, each by itself, and what of them an institution may see with which yes.

UU 27/2022 art. 20-22: consent is given for a stated purpose, and holds for that purpose alone. So each purpose is a
record of its own, and nothing that is not in force lets anybody see anything: the default is no.

The labour office (``work``) keeps the register: it is the controller, and the yes to MATCHING names it and says what
it keeps. A second question whether it may read what it keeps would offer a choice that does not exist, so MATCHING is
its consent. Without it (withdrawn, or a draft that a companion wrote) its officers see only what they need to reach the
person and to carry out what they ask. The social office and the insurer keep nothing, and are each asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Final

from conversations.domain.office import Institution
from conversations.domain.seeker import Seeker

MATCHING: Final = "matching"
"""Keeping the data, finding suitable work, and telling of it: the controller's own purpose."""

CHILD: Final = "child"
"""A parent's or guardian's yes for somebody under 18."""

GUARDIAN: Final = "guardian"
"""The yes, for an adult, of somebody who says that a court has appointed them; until an officer has seen that, nothing
follows from it."""

REMINDERS: Final = "reminders"
"""Being written to unasked about anything but vacancies: the profile to complete, a training's day."""


def sharing(institution: Institution) -> str:
    """The purpose of a yes to being read by the institution's officers."""
    return MATCHING if institution == "work" else f"share:{institution}"


def employer(employer_id: int | str) -> str:
    """The purpose of a yes to one employer, for one application: the next one asks again, and ends this one."""
    return f"employer:{employer_id}"


_NAMED: Final = frozenset(
    ["id", "name", "phone", "other_phone", "phone_shared", "verified_on", "identity_on", "paused", "objects"]
)

_REACH: Final = _NAMED | {"for_whom", "contact_ways", "contact_times"}
"""Who somebody is and how they want to be reached, which may tell of a disability ("jangan telepon")."""

_IDENTITY: Final = _NAMED | {
    *("nik", "sex", "birth_year", "birth_date", "district", "village", "hometown", "address"),
}

_EMPLOYMENT: Final = frozenset(["education", "kinds", "situation", "bpjs"])
"""Nothing in a person's own words, which may name a ragam or a need: "menjahit, tapi saya Tuli"."""

_COUNTED_ONLY: Final = frozenset(["seeing", "hearing", "walking", "remembering", "self_care", "communicating"])
"""The Washington Group's questions are answered for counting: nobody looks them up of one person."""

_SECRET: Final = frozenset(["pin"])
"""Nobody's to read, whatever was agreed to."""

_CONTROLLERS_OWN: Final = frozenset(
    ["documents", "lowest_wage", "portions_done", "portions_skipped", "paper", "merged"]
)
"""Handed to the office that keeps the register, and needed by nobody else."""


def visible_to(institution: Institution, consents: Collection[str]) -> frozenset[str]:
    """The fields of a ``Seeker`` that officers of the institution may see. The one rule; without a yes, nothing.

    ``consents``: the purposes that are in force. A field that is new is for the controller and the social office, and
    never for the insurer, which gets identity and employment: neither a ragam nor a need.
    """
    every = frozenset(field.name for field in fields(Seeker)) - _COUNTED_ONLY - _SECRET
    if sharing(institution) not in consents:
        return every & _REACH if institution == "work" else frozenset()
    match institution:
        case "work":
            return every
        case "social":
            return every - _CONTROLLERS_OWN
        case "protection":
            return every & (_IDENTITY | _EMPLOYMENT)


_SHOWN_TO_EMPLOYERS: Final = frozenset(["name", "phone", "contact_ways", "contact_times"])


def visible_to_employer(employer_id: int | str, consents: Collection[str]) -> frozenset[str]:
    """The fields by which an employer may reach somebody; none without that person's yes to this employer."""
    return _SHOWN_TO_EMPLOYERS if employer(employer_id) in consents else frozenset()
