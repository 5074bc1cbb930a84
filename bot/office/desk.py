"""What officers do. Each act is one method, does it within the caller's transaction, and leaves one audit row.

The console in a chat and ``setara office`` on the server are two ways to the same desk.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from conversations import tickets as wording
from conversations.domain.office import DeskTicket, Institution, Mark, Officer, Role, TicketLine
from conversations.engine.messages import Message, join, render
from conversations.engine.office_events import TicketOutcome
from conversations.understanding.codes import OFFICE_DIGITS
from locales.render import translator
from storage import audit, contacts, officers, outbox, register, tickets, undelivered
from storage.audit import Entry
from storage.officers import Invitation, Kept
from storage.outbox import NewMessage
from storage.register import Person
from storage.telling import Manners
from storage.tickets import Ticket
from storage.undelivered import Undelivered
from storage.work import Work

GOOD_FOR = timedelta(days=3)
"""How long an invitation can be used."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One officer's, or the server's."""

    work: Work
    by: Officer | None
    """None: a command on the server, which acts for the office that keeps the register."""
    now: datetime
    today: date
    """Where the office is."""

    @property
    def institution(self) -> Institution:
        return register.institution_of(self.by)

    def _note(self, act: str, seeker_id: int | None = None, **detail: int | str) -> None:
        audit.note(self.work, self.by, act, self.now, seeker_id=seeker_id, **detail)

    # Officers

    def invite(self, name: str, institution: Institution, role: Role) -> str:
        """A code that makes an officer of whoever says it first."""
        invitation = Invitation(name, institution, role, self.by.id if self.by else None)
        while True:
            code = f"{secrets.randbelow(10**OFFICE_DIGITS):0{OFFICE_DIGITS}d}"
            if officers.invite(self.work, code, invitation, self.now, self.now + GOOD_FOR):
                self._note("invite", institution=institution, role=role)
                return code

    def officers(self) -> list[Kept]:
        """Every officer there is or was."""
        self._note("officers")
        return officers.listed(self.work)

    def revoke(self, officer_id: int) -> bool:
        """Take everything an officer may do; False: there is no such officer, or not any more."""
        revoked = officers.revoke(self.work, officer_id, self.now)
        self._note("revoke", officer=officer_id, done=int(revoked))
        return revoked

    def audit(self, seeker_id: int | None = None) -> list[Entry]:
        """What officers did, of one seeker or in all, before this."""
        found = audit.entries(self.work, seeker_id)
        self._note("audit", seeker_id=seeker_id)
        return found

    # Tickets

    def tickets(self, offset: int, limit: int) -> tuple[tuple[DeskTicket, ...], int]:
        """Open tickets of the institution, the oldest first, without anybody's name; and how many there are."""
        self._note("tickets")
        found = tickets.list_open(self.work, limit, offset=offset, institution=self.institution)
        return tuple(self._seen(one) for one in found), tickets.count_open(self.work, self.institution)

    def ticket(self, ticket_id: int) -> DeskTicket | None:
        """One ticket with whose it is and what was said; None: there is none for this institution."""
        one = tickets.get(self.work, ticket_id, self.institution)
        person = None
        if one is not None and one.seeker_id is not None:
            person = register.read(self.work, self.by, one.seeker_id, self.now, act="ticket")
        else:
            self._note("ticket", ticket=ticket_id)
        return None if one is None else self._seen(one, person, tickets.lines(self.work, ticket_id))

    def _seen(self, one: Ticket, person: Person | None = None, lines: Sequence[TicketLine] = ()) -> DeskTicket:
        taken_by = one.taken_by if self.by is None or one.taken_by != self.by.id else None
        other = officers.get(self.work, taken_by) if taken_by is not None else None
        return DeskTicket(
            one.id,
            one.topic,
            one.text,
            one.opened_at,
            one.answerable,
            other.name if other else None,
            one.seeker_id,
            person.name if person else "",
            person.values.get("district") if person else None,
            tuple(lines),
            one.outcome,
        )

    def take(self, ticket_id: int, *, over: bool = False) -> tuple[TicketOutcome, str]:
        """Be the one who answers; otherwise whose it is: ("taken", name)."""
        result = self._taken(ticket_id, over)
        self._note("take", ticket=ticket_id, outcome=result[0])
        return result

    def _taken(self, ticket_id: int, over: bool) -> tuple[TicketOutcome, str]:
        one = tickets.get(self.work, ticket_id, self.institution)
        if one is None:
            return "gone", ""
        if not one.answerable or contacts.reached(self.work, one.contact_id).closed:
            return "unreachable", ""
        answering = one.taken_by
        if self.by is not None:
            answering = tickets.take(self.work, ticket_id, self.by.id, over=over)
        elif over:
            answering = None
        other = officers.get(self.work, answering) if answering is not None else None
        if other is None or other == self.by:
            return "done", ""
        return "taken", other.name

    def answer(self, ticket_id: int, text: str, *, over: bool = False) -> tuple[TicketOutcome, str]:
        """Say ``text`` to the person; "taken" where another officer answers, unless taken ``over`` from them."""
        result = self._taken(ticket_id, over)
        one = tickets.get(self.work, ticket_id)
        self._note("answer", one.seeker_id if one else None, ticket=ticket_id, outcome=result[0])
        if one is not None and result[0] == "done":
            by = self.by
            tickets.say(self.work, ticket_id, "officer", text, self.now, officer_id=by.id if by else None)
            line = TicketLine("officer", by.name if by else None, self.institution, text, self.now)
            send(self.work, one.contact_id, wording.answer(ticket_id, line), self.now)
        return result

    def close(self, ticket_id: int, outcome: str) -> bool:
        """End the ticket, as one of ``OUTCOMES``; False: there is no such open one for this institution."""
        one = tickets.get(self.work, ticket_id, self.institution)
        closed = one is not None and tickets.close(self.work, ticket_id, outcome, self.now)
        self._note("close", one.seeker_id if one else None, ticket=ticket_id, outcome=outcome, done=int(closed))
        return closed

    # People

    def find(self, words: str, *, by_name: bool = True) -> list[Person]:
        """Whom the words mean. Every identity that is shown leaves a row of its own."""
        return register.find(self.work, self.by, words, self.now, by_name=by_name)

    def person(self, seeker_id: int) -> Person | None:
        return register.read(self.work, self.by, seeker_id, self.now)

    def mark(self, seeker_id: int, mark: Mark) -> bool:
        """State that a record is right, or that the person and who they are were seen."""
        return register.mark(self.work, self.by, seeker_id, mark, self.now, self.today)

    def undelivered(self, manners: Manners) -> list[Undelivered]:
        """What has not reached people, and why."""
        self._note("undelivered")
        return undelivered.collect(self.work, manners, self.now)


def send(work: Work, contact_id: int, message: Message, now: datetime) -> None:
    """Let a contact read the message: an answer to what was asked, though late, so STOP and quiet hours are not meant.

    Where the platform takes nothing any more it waits until the person writes, told of by a template if there is one.
    """
    to = contacts.reached(work, contact_id)
    tr = translator(to.locale)
    rows = [NewMessage(contact_id, to.channel, render(one, tr).to_json()) for one in join([message], tr)]
    outbox.add(work, rows, now)
