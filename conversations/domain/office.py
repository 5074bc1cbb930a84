"""Officers: whose they are, which tickets are theirs, what they state of people, and how a ticket looks to them.

What they may see of a person is decided by ``domain.purposes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One thing said about a ticket."""

    author: Literal["person", "officer", "note"]
    """"note": an officer's words for officers."""
    officer: str | None
    """The name of the officer whose words these are; None: the person's, or a command on the server."""
    institution: Institution | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeskTicket:
    """A ticket as an officer sees it."""

    id: int
    topic: str
    text: str
    """The person's own words; may be empty."""
    opened_at: datetime
    answerable: bool
    """Whether an answer reaches whom it is about."""
    taken_by: str | None = None
    """The name of another officer who answers it."""
    seeker_id: int | None = None
    name: str = ""
    """Of who is registered and lets the institution read; as is ``district``."""
    district: str | None = None
    lines: tuple[TicketLine, ...] = ()
    """What was said since, the oldest first."""
    outcome: str | None = None
    """How it ended; None: it is open."""
