"""An office in memory: what its console is answered, the same whatever was done before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from conversations.domain.office import DeskTicket, Officer, TicketLine
from conversations.domain.seeker import Seeker
from conversations.engine.office_events import (
    AnswerTicket,
    CloseTicket,
    FindPeople,
    InviteOfficer,
    JoinOffice,
    ListTickets,
    ListUndelivered,
    MarkPerson,
    NotDelivered,
    OfficeAnswer,
    OfficeJoined,
    OfficeRequest,
    OfficerInvited,
    OfficerTold,
    OwnTicketRead,
    PeopleFound,
    PersonMarked,
    PersonRead,
    ReadOwnTicket,
    ReadPerson,
    ReadTicket,
    TakeTicket,
    TellOfficer,
    TicketAnswered,
    TicketOutcome,
    TicketRead,
    TicketsListed,
    UndeliveredListed,
)

AT = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
OFFICE_CODE = "111122223333"
"""The code that makes an officer here."""

OFFICER = Officer(1, "Budi Contoh", "work", "admin")
PERSON = Seeker(
    7, "Ani Contoh", district="12.22.01", education="sma", verified_on="2026-11-20", identity_on="2026-11-21"
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose words and names there are; a test of limits takes longer ones."""

    person: Seeker = PERSON
    officer: str = "Citra Contoh"
    """Somebody else who answers."""
    words: str = "Saya ingin bertanya tentang pelatihan."

    @property
    def tickets(self) -> tuple[DeskTicket, ...]:
        """One that is free, one another officer answers, one nobody can answer, one nobody registered asked for."""
        said = (
            TicketLine("officer", self.officer, "social", self.words, AT),
            TicketLine("person", None, None, self.words, AT),
            TicketLine("note", self.officer, "work", self.words, AT),
            TicketLine("officer", None, "work", self.words, AT),
        )
        known = DeskTicket(1, "human", self.words, AT, True, None, self.person.id, self.person.name, "12.22.01", said)
        return (
            known,
            replace(known, id=2, topic="safety", taken_by=self.officer, lines=()),
            replace(known, id=3, topic="lost_contact", text="", answerable=False, name="", lines=()),
            DeskTicket(4, "offer_job", self.words, AT, True),
        )

    def answer_to(self, request: OfficeRequest) -> OfficeAnswer:
        """What the service would answer."""
        match request:
            case JoinOffice(code):
                return OfficeJoined("joined" if code == OFFICE_CODE else "wrong")
            case InviteOfficer():
                return OfficerInvited(OFFICE_CODE)
            case ListTickets(offset, limit):
                return TicketsListed(request, self.tickets[offset : offset + limit], len(self.tickets))
            case ReadTicket(id_):
                return TicketRead(request, next((one for one in self.tickets if one.id == id_), None))
            case TakeTicket() | AnswerTicket() | CloseTicket():
                return TicketAnswered(request, self.outcome(request), self.officer)
            case ReadOwnTicket(id_):
                return OwnTicketRead(request, self.tickets[0].lines[0] if id_ == 1 else None, id_ in (1, 2))
            case TellOfficer(id_):
                return OfficerTold(request, id_ in (1, 2))
            case ListUndelivered(offset, limit):
                return self.undelivered(request, offset, limit)
        return self.about(request)

    def outcome(self, request: TakeTicket | AnswerTicket | CloseTicket) -> TicketOutcome:
        match request:
            case TakeTicket(id=2, over=False):
                return "taken"
            case AnswerTicket(id=4):
                return "unreachable"
            case CloseTicket(id=4):
                return "gone"
        return "done"

    def about(self, request: FindPeople | ReadPerson | MarkPerson) -> OfficeAnswer:
        match request:
            case FindPeople(words, offset, limit):
                people = tuple(replace(self.person, id=self.person.id + n) for n in range(5))
                found = () if words in ("tidak ada", "besar") else people
                return PeopleFound(request, found[offset : offset + limit], len(found), words != "besar")
            case ReadPerson(id_):
                readable = id_ == self.person.id
                return PersonRead(request, self.person if readable else None, id_ == self.person.id + 1)
            case MarkPerson(id_):
                return PersonMarked(request, id_ == self.person.id)

    def undelivered(self, request: ListUndelivered, offset: int, limit: int) -> UndeliveredListed:
        kinds = ("failed", "waiting", "unreachable", "until_heard")
        items = [NotDelivered(kind, "whatsapp", (self.person.id,) * (n % 2), AT) for n, kind in enumerate(kinds)]
        return UndeliveredListed(request, tuple(items[offset : offset + limit]), len(items))
