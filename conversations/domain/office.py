"""Officers: whose they are, which tickets are theirs, and what of a person they may see.

What an institution sees of a person is decided here and nowhere else. See DOMAIN.md on who is served, and UU 27/2022:
the insurer gets identity and employment, never a ragam or a need.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Institution: TypeAlias = Literal["work", "social", "protection"]
"""The labour office (Disnaker), the social office (Dinsos), the workers' insurer (BPJS Ketenagakerjaan)."""

Role: TypeAlias = Literal["admin", "officer"]
"""An admin also invites and revokes officers."""

INSTITUTIONS: Final[dict[Institution, str]] = {"work": "Disnaker", "social": "Dinsos", "protection": "BPJS"}
"""Their proper names, as officers and people call them."""

OUTCOMES: Final = ("answered", "referred", "unreachable", "no_request")
"""How a ticket ends."""

Mark: TypeAlias = Literal["verified_on", "identity_on"]
"""What an officer states of a person: that the record is right; that they have seen the person and who they are."""

CONFIRMED: Final = frozenset(["name", "nik", "birth_year", "birth_date", "sex"])
"""What an identity is confirmed of; once one of them changes it has to be confirmed anew."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who answers for an institution."""

    id: int
    name: str
    institution: Institution
    role: Role = "officer"

    @property
    def admin(self) -> bool:
        return self.role == "admin"


_TOPICS: Final[dict[Institution, frozenset[str]]] = {
    "social": frozenset(["safety", "assistance"]),
    "protection": frozenset(["protection"]),
}


def topics_of(institution: Institution) -> frozenset[str] | None:
    """The topics of tickets that the institution answers; None: all, as the office that keeps the register does."""
    return _TOPICS.get(institution)


_IDENTITY: Final = frozenset(
    [
        *("id", "name", "nik", "sex", "birth_year", "birth_date", "verified_on", "identity_on", "paused"),
        *("district", "village", "hometown", "address", "phone", "other_phone", "phone_shared"),
    ]
)
_EMPLOYMENT: Final = frozenset(
    [
        *("education", "major", "certificate", "certificates", "skills", "experience"),
        *("fields", "kinds", "situation", "bpjs"),
    ]
)
_COUNTED_ONLY: Final = frozenset(["seeing", "hearing", "walking", "remembering", "self_care", "communicating"])
"""The Washington Group's questions are answered for counting only: nobody looks them up of one person."""


def may_see(institution: Institution, field: str) -> bool:
    """Whether officers of the institution may see this field of a ``Seeker``. A new field is not for the insurer."""
    if institution == "protection":
        return field in _IDENTITY or field in _EMPLOYMENT
    return field not in _COUNTED_ONLY
