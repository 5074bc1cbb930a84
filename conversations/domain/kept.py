"""What is kept about somebody besides their profile, as they may see it (UU 27/2022 art. 5-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conversations.domain.office import Institution


@dataclass(frozen=True, slots=True)
class Given:
    """One yes on record, and its end."""

    purpose: str
    """As in ``domain.purposes``; or "telling:…", for news at another contact."""
    version: int
    wording: str
    """As it was shown."""
    channel: str
    giver: str
    """"self", "companion" or "parent"."""
    given_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def in_force(self) -> bool:
        return self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class Joined:
    """One contact that speaks for the person."""

    channel: str
    here: bool
    """Whether it is the one that asks."""
    since: datetime | None
    """When a code joined it; None: the person was registered there."""


@dataclass(frozen=True, slots=True)
class Told:
    """One vacancy that was found to suit the person."""

    title: str
    employer: str
    matched_at: datetime
    told_at: datetime | None
    """None: they were not told of it yet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to an officer."""

    topic: str
    text: str
    """The person's own words; may be empty."""
    opened_at: datetime
    open: bool


@dataclass(frozen=True, slots=True)
class Read:
    """One time that an officer read who the person is."""

    at: datetime
    institution: Institution | None
    """None: whoever runs the service, by a command on its server."""
    officer: str | None
    """The officer's name."""


@dataclass(frozen=True, slots=True)
class Kept:
    """All of it at one moment."""

    registered_at: datetime
    consents: tuple[Given, ...] = ()
    """The oldest first."""
    contacts: tuple[Joined, ...] = ()
    """The one that asks comes first."""
    told: tuple[Told, ...] = ()
    """The latest first."""
    asked: tuple[Asked, ...] = ()
    """The oldest first."""
    readers: tuple[Read, ...] = ()
    """The latest first."""

    @property
    def in_force(self) -> frozenset[str]:
        """The purposes that the person agrees to now."""
        return frozenset(one.purpose for one in self.consents if one.in_force)
