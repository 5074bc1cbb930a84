"""What a conversation is told (events) and what it asks for (effects): values, nothing happens here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from conversations.domain.query import Query
from conversations.domain.vacancy import Training, Vacancy
from conversations.engine.messages import Message

# Events


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """The person wrote, tapped, or sent something. One of the four is set; all None: nothing readable."""

    text: str | None = None
    choice: str | None = None
    phone: str | None = None
    """A number shared through the platform's own button."""
    phone_is_own: bool = True
    media: str | None = None
    """"voice", "photo", …: something that is not text."""
    start: str | None = None
    """Payload of the link that opened the chat."""
    edited: bool = False
    """An earlier message was changed; that changes nothing here."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a Search: one page, best first, and how many there are in all."""

    search: Search
    items: tuple[Vacancy, ...] | tuple[Training, ...]
    total: int


Event: TypeAlias = MessageReceived | Found

# Effects


@dataclass(frozen=True, slots=True)
class Send:
    """Say this to the person."""

    message: Message


@dataclass(frozen=True, slots=True)
class Search:
    """Look vacancies or trainings up; answered by a Found within the same turn."""

    kind: str
    """"vacancy" or "training"."""
    query: Query = field(default_factory=Query)
    offset: int = 0
    limit: int = 3
    id: int | None = None
    """Set: just this one."""


@dataclass(frozen=True, slots=True)
class SaveSeeker:
    """Create or change the seeker this contact speaks for; only the fields named change."""

    values: Mapping[str, Any]
    """Field names of ``domain.seeker.Seeker``."""


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Consent to ``purpose`` in the wording of ``version``, given by ``giver``."""

    purpose: str
    version: int
    wording: str
    giver: str
    """"self" (the person's own yes, on whoever's phone) or "parent" (a parent or guardian of a child)."""
    given_at: datetime
    """When the person said yes; the data may be saved later."""


@dataclass(frozen=True, slots=True)
class SetAlerts:
    """Turn being told of new vacancies on or off, for this contact."""

    on: bool


@dataclass(frozen=True, slots=True)
class PauseSeeker:
    """Stop (or resume) matching and telling, keeping the data."""

    paused: bool


@dataclass(frozen=True, slots=True)
class EraseSeeker:
    """Erase everything kept about the seeker and about this contact's talks."""


@dataclass(frozen=True, slots=True)
class SetLocale:
    locale: str


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Hand the conversation to a person."""

    topic: str
    text: str
    """The person's own words that led here; may be empty."""


Effect: TypeAlias = (
    Send | Search | SaveSeeker | GiveConsent | SetAlerts | PauseSeeker | EraseSeeker | SetLocale | OpenTicket
)
