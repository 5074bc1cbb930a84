"""What the officers' console asks of the service, and what comes back: values, as in ``events``.

Each is answered for the officer whose console it is, as far as their institution may know it, and is audited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from conversations.domain.office import DeskTicket, Institution, Mark, TicketLine
from conversations.domain.seeker import Seeker

# Becoming an officer


@dataclass(frozen=True, slots=True)
class JoinOffice:
    """Become the officer whom the code invites."""

    code: str
    """Digits."""


@dataclass(frozen=True, slots=True)
class OfficeJoined:
    """The answer to a JoinOffice."""

    outcome: Literal["joined", "wrong", "here"]
    """"wrong": there is no such code, or none any more; "here": this contact is an officer's already."""


@dataclass(frozen=True, slots=True)
class InviteOfficer:
    """Make a code that makes an officer of the inviting admin's choice."""

    name: str
    institution: Institution


@dataclass(frozen=True, slots=True)
class OfficerInvited:
    """The answer to an InviteOfficer."""

    code: str


# Tickets


@dataclass(frozen=True, slots=True)
class ListTickets:
    """The open tickets of the officer's institution, the oldest first."""

    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class TicketsListed:
    """The answer to a ListTickets; its tickets come without what was said since."""

    asked: ListTickets
    tickets: tuple[DeskTicket, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ReadTicket:
    """One ticket with its context."""

    id: int


@dataclass(frozen=True, slots=True)
class TicketRead:
    """The answer to a ReadTicket; None: there is none any more."""

    asked: ReadTicket
    ticket: DeskTicket | None


@dataclass(frozen=True, slots=True)
class TakeTicket:
    """Be the one who answers it."""

    id: int
    over: bool = False
    """Even where another officer is."""


@dataclass(frozen=True, slots=True)
class AnswerTicket:
    """Say this to the person; only who has taken the ticket may."""

    id: int
    text: str


TicketOutcome: TypeAlias = Literal["done", "taken", "gone", "unreachable"]
""""taken": another officer answers; "gone": there is no such ticket any more; "unreachable": nothing would arrive."""


@dataclass(frozen=True, slots=True)
class TicketAnswered:
    """The answer to a TakeTicket, an AnswerTicket and a CloseTicket."""

    asked: TakeTicket | AnswerTicket | CloseTicket
    outcome: TicketOutcome
    taken_by: str = ""
    """The name of the officer who answers."""


@dataclass(frozen=True, slots=True)
class CloseTicket:
    """End it; ``outcome`` is one of ``domain.office.OUTCOMES``."""

    id: int
    outcome: str


# People


@dataclass(frozen=True, slots=True)
class FindPeople:
    """Whom the words mean: an id, a NIK, a telephone number or a name."""

    words: str
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class PeopleFound:
    """The answer to a FindPeople: one page, the likest first, and how many there are in all."""

    asked: FindPeople
    people: tuple[Seeker, ...]
    """Each with what the institution may see."""
    total: int
    by_name: bool
    """False: names are not looked for here, because the register is large."""


@dataclass(frozen=True, slots=True)
class ReadPerson:
    """What the institution may see of a person."""

    id: int


@dataclass(frozen=True, slots=True)
class PersonRead:
    """The answer to a ReadPerson."""

    asked: ReadPerson
    person: Seeker | None
    """None: there is none, or they do not let the institution read."""
    exists: bool


@dataclass(frozen=True, slots=True)
class MarkPerson:
    """State that a record is right, or that the person and who they are were seen."""

    id: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class PersonMarked:
    """The answer to a MarkPerson."""

    asked: MarkPerson
    done: bool


@dataclass(frozen=True, slots=True)
class ListUndelivered:
    """What has not reached people."""

    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """One message or one contact that waits for somebody to look at it."""

    kind: str
    """As in ``storage.undelivered``."""
    channel: str
    seekers: tuple[int, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class UndeliveredListed:
    """The answer to a ListUndelivered."""

    asked: ListUndelivered
    items: tuple[NotDelivered, ...]
    total: int


# The person's side


@dataclass(frozen=True, slots=True)
class ReadOwnTicket:
    """What an officer has said last about a ticket of this contact's."""

    id: int


@dataclass(frozen=True, slots=True)
class OwnTicketRead:
    """The answer to a ReadOwnTicket; None: there is no such ticket of this contact's."""

    asked: ReadOwnTicket
    line: TicketLine | None
    exists: bool


@dataclass(frozen=True, slots=True)
class TellOfficer:
    """Say more about a ticket of this contact's, which opens it again."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class OfficerTold:
    """The answer to a TellOfficer."""

    asked: TellOfficer
    done: bool


OfficeRequest: TypeAlias = (
    JoinOffice
    | InviteOfficer
    | ListTickets
    | ReadTicket
    | TakeTicket
    | AnswerTicket
    | CloseTicket
    | FindPeople
    | ReadPerson
    | MarkPerson
    | ListUndelivered
    | ReadOwnTicket
    | TellOfficer
)
OfficeAnswer: TypeAlias = (
    OfficeJoined
    | OfficerInvited
    | TicketsListed
    | TicketRead
    | TicketAnswered
    | PeopleFound
    | PersonRead
    | PersonMarked
    | UndeliveredListed
    | OwnTicketRead
    | OfficerTold
)
