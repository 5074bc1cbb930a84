"""What a conversation is told (events) and what it asks for (effects): values, nothing happens here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, TypeAlias

from conversations.domain.kept import Kept
from conversations.domain.query import Query
from conversations.domain.vacancy import Training, Vacancy
from conversations.engine.messages import Message
from conversations.engine.office_events import OfficeAnswer, OfficeRequest

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

    def to_json(self) -> dict[str, Any]:
        """What differs from a message with nothing in it, for a session that keeps it."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) != f.default}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MessageReceived:
        return cls(**{f.name: data[f.name] for f in fields(cls) if f.name in data})


# Answers to the requests below


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a Search: one page, best first, and how many there are in all."""

    search: Search
    items: tuple[Vacancy, ...] | tuple[Training, ...]
    total: int


@dataclass(frozen=True, slots=True)
class CodeMade:
    """The answer to a MakeCode."""

    code: str
    """Eight digits."""


@dataclass(frozen=True, slots=True)
class CodeTried:
    """The answer to a TryCode."""

    tried: TryCode
    outcome: Literal["good", "joined", "wrong", "here", "other", "invited", "officer"]
    """"good": it may be used; "joined": it was; "wrong": there is no such code, or none any more; "here": this contact
    speaks for that seeker already; "other": it speaks for somebody else; "invited": it may be used by who agrees to be
    registered first; "officer": only an officer can go on from here."""


@dataclass(frozen=True, slots=True)
class LinkedContact:
    """One of the contacts that speak for the same seeker."""

    id: int
    channel: str
    here: bool
    """Whether it is the one that asks."""
    told: bool
    """Whether news go there."""
    open: bool
    """Whether they may: it wants them, and can be reached."""
    may_part: bool
    """Whether it may be parted from where that is asked."""


@dataclass(frozen=True, slots=True)
class ContactsListed:
    """The answer to a ListContacts; the contact that asks comes first."""

    listed: ListContacts
    contacts: tuple[LinkedContact, ...]


@dataclass(frozen=True, slots=True)
class KeptListed:
    """The answer to a ListKept."""

    listed: ListKept
    kept: Kept


@dataclass(frozen=True, slots=True)
class PinTried:
    """The answer to a TryPin; "braked": there were too many wrong ones, and it was not even looked at."""

    outcome: Literal["good", "wrong", "braked"]


@dataclass(frozen=True, slots=True)
class ReceiptDrawn:
    """The answer to a DrawReceipt."""

    receipt: str
    """Of an erasure that follows in the same turn; drawn by chance, it names nobody: "4829 1573 6402"."""


Answer: TypeAlias = Found | CodeMade | CodeTried | ContactsListed | KeptListed | PinTried | ReceiptDrawn | OfficeAnswer
Event: TypeAlias = MessageReceived | Answer

# Effects. Some are requests: what they ask for comes back as an Answer within the same turn, to the conversation
# that asked. At most one in a step, as its last effect.


@dataclass(frozen=True, slots=True)
class Send:
    """Say this to the person."""

    message: Message


@dataclass(frozen=True, slots=True)
class Search:
    """Look vacancies or trainings up; a request, answered by a Found."""

    kind: str
    """"vacancy" or "training"."""
    query: Query = field(default_factory=Query)
    offset: int = 0
    limit: int = 3
    id: int | None = None
    """Set: just this one."""


@dataclass(frozen=True, slots=True)
class MakeCode:
    """Make a code that joins another contact to whom this one speaks for, and end the older one; a request."""


@dataclass(frozen=True, slots=True)
class TryCode:
    """See what a code is good for here and, with a consent, use it; a request."""

    code: str
    """Eight digits."""
    consent: GiveConsent | None = None
    """The person's yes to being told here: join this contact. None: only look."""
    registering: GiveConsent | None = None
    """The person's yes to being registered, of whom only an officer knows so far."""


@dataclass(frozen=True, slots=True)
class ListContacts:
    """Name the contacts that speak for the same seeker; a request."""

    state: str
    """The state of the conversation that the answer is for."""


@dataclass(frozen=True, slots=True)
class TryPin:
    """See whether this is the person's PIN; a request. What was just said is not kept."""

    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DrawReceipt:
    """Draw a number for an erasure that follows; a request."""


@dataclass(frozen=True, slots=True)
class ListKept:
    """Say what is kept about the seeker besides the profile; a request."""

    state: str
    """The state of the conversation that the answer is for."""


@dataclass(frozen=True, slots=True)
class About:
    """What follows in this step is about another seeker than what came before."""

    seeker_id: int
    """One of those whom the contact speaks for, or NEW."""


@dataclass(frozen=True, slots=True)
class SaveSeeker:
    """Change the seeker whom the talk is about, or keep a NEW one; only the fields named change."""

    values: Mapping[str, Any]
    """Field names of ``domain.seeker.Seeker``."""


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Consent to ``purpose`` in the wording of ``version``, given by ``giver``."""

    purpose: str
    version: int
    wording: str
    giver: str
    """"self" (the person's own yes, on whoever's phone), "parent" (of somebody under 18), or "guardian" (appointed by a
    court)."""
    given_at: datetime
    """When the person said yes; the data may be saved later."""
    how: str = "own"
    """"own": in a chat of the giver's own; "companion": on the phone of somebody who spoke for the person."""


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Take a consent back. It ends at once and stays on record; nothing is erased."""

    purpose: str | None = None
    """As in ``domain.purposes``; None: every one the person gave."""


@dataclass(frozen=True, slots=True)
class SetObjection:
    """Object to being matched by a rule, so that only officers propose work; or no longer."""

    objects: bool


@dataclass(frozen=True, slots=True)
class SetPin:
    """Ask for this PIN before stored data is read back or changed. What was just said is not kept."""

    digits: str | None = field(repr=False)
    """Four to six; None: ask for none any more."""


@dataclass(frozen=True, slots=True)
class Unlock:
    """The PIN was said: for a while the data may be read and changed from here. Only the session knows."""


@dataclass(frozen=True, slots=True)
class Hush:
    """What was just said may hold a secret and is not kept."""


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
    """Erase everything kept about the seeker whom the talk is about, and what was said of them at any contact."""

    receipt: str | None = None
    """Kept with the day and with how much it was, and nothing else."""


@dataclass(frozen=True, slots=True)
class Prefer:
    """Send news to this contact of the same seeker's from now on, and turn them on there."""

    contact_id: int | None = None
    """Its id; None: here."""


@dataclass(frozen=True, slots=True)
class LetGo:
    """Part a contact from whom the talk is about, who stays registered, and forget what was said of them there."""

    contact_id: int | None = None
    """The id of another contact of the same seeker's; None: this one."""
    since: datetime | None = None
    """Somebody else writes from here since then: it is parted from everybody; what they asked of officers stays."""


@dataclass(frozen=True, slots=True)
class SetLocale:
    locale: str


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Hand the conversation to a person."""

    topic: str
    text: str
    """The person's own words that led here; may be empty."""


Request: TypeAlias = Search | MakeCode | TryCode | ListContacts | ListKept | TryPin | DrawReceipt | OfficeRequest
Effect: TypeAlias = (
    Send
    | Request
    | About
    | SaveSeeker
    | GiveConsent
    | WithdrawConsent
    | SetObjection
    | SetPin
    | Unlock
    | Hush
    | SetAlerts
    | PauseSeeker
    | EraseSeeker
    | Prefer
    | LetGo
    | SetLocale
    | OpenTicket
)
