"""The officers' console, as a turn does what it asks for; and what a person says to an officer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from weakref import WeakKeyDictionary

from bot.channels.base import WINDOW, WINDOWED
from bot.guesses import Guesses
from bot.office.desk import Desk, send
from bot.standing import Standing
from conversations import tickets as wording
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
    TicketRead,
    TicketsListed,
    UndeliveredListed,
)
from storage import audit, officers, register, tickets
from storage.telling import Manners
from storage.work import Work

NAMES = 5_000
"""People in a register of which names are still looked for in a turn, while every other turn waits: a tenth of a
second. In a larger one they are looked for by ``setara office find``."""


def answer_to(
    work: Work, standing: Standing, request: OfficeRequest, now: datetime, templated: Sequence[str]
) -> OfficeAnswer:
    """What the conversation asked for, within the turn's transaction. ``now``: in the region's time zone.

    ``templated``: the locales in which people are told of vacancies where a window of time is closed.
    """
    match request:
        case JoinOffice():
            return _join(work, standing, request, now)
        case ReadOwnTicket() | TellOfficer():
            return _own(work, standing, request, now)
    officer = standing.officer
    assert officer is not None, "the console closes with the officer's right to it"
    return _at(Desk(work, officer, now, now.date()), request, templated)


def _at(desk: Desk, request: OfficeRequest, templated: Sequence[str]) -> OfficeAnswer:
    match request:
        case ListTickets(offset, limit):
            return TicketsListed(request, *desk.tickets(offset, limit))
        case ReadTicket(id_):
            return TicketRead(request, desk.ticket(id_))
        case TakeTicket(id_, over):
            return TicketAnswered(request, *desk.take(id_, over=over))
        case AnswerTicket(id_, text):
            return TicketAnswered(request, *desk.answer(id_, text))
        case CloseTicket(id_, outcome):
            return TicketAnswered(request, "done" if desk.close(id_, outcome) else "gone")
        case FindPeople():
            return _found(desk, request)
        case ReadPerson(id_):
            person = desk.person(id_)
            return PersonRead(request, person.seeker if person else None, person is not None)
        case MarkPerson(id_, mark):
            return PersonMarked(request, desk.mark(id_, mark))
        case ListUndelivered():
            return _undelivered(desk, request, templated)
        case InviteOfficer(name, institution):
            # Only an admin is offered it; whoever lost that role in between invites nobody.
            assert desk.by is not None, "the server invites by command"
            assert desk.by.admin, "only admins are offered to invite"
            return OfficerInvited(desk.invite(name, institution, "officer"))
    raise TypeError(f"{type(request).__name__} is not for officers")


def _found(desk: Desk, request: FindPeople) -> PeopleFound:
    by_name = register.count(desk.work) <= NAMES
    people = [one.seeker for one in desk.find(request.words, by_name=by_name)]
    known = tuple(one for one in people if one is not None)
    return PeopleFound(request, known[request.offset : request.offset + request.limit], len(known), by_name)


def _undelivered(desk: Desk, request: ListUndelivered, templated: Sequence[str]) -> UndeliveredListed:
    found = desk.undelivered(
        Manners(
            today=desk.today,
            since=desk.now,
            per_day=0,
            form_since=desk.now,
            windowed=WINDOWED,
            window_since=desk.now - WINDOW,
            templated=templated,
        )
    )
    page = found[request.offset : request.offset + request.limit]
    items = tuple(NotDelivered(one.kind, one.channel, one.seekers, one.since) for one in page)
    return UndeliveredListed(request, items, len(found))


# Becoming an officer


def _join(work: Work, standing: Standing, request: JoinOffice, now: datetime) -> OfficeJoined:
    """Whoever guesses is told that the code is wrong, and soon that every code is."""
    contact_id = standing.known.contact_id
    if standing.officer is not None:
        return OfficeJoined("here")
    guesses = _guesses.setdefault(work.connection.engine, Guesses())
    officer = officers.join(work, request.code, contact_id, now) if guesses.may(contact_id, now) else None
    if officer is None:
        guesses.wrong(contact_id, now)
        return OfficeJoined("wrong")
    audit.note(work, officer, "join", now)
    standing.officer = officer
    return OfficeJoined("joined")


_guesses: WeakKeyDictionary[object, Guesses] = WeakKeyDictionary()
"""Of this process, for each database (its engine) that it serves."""


# The person's side


def _own(
    work: Work, standing: Standing, request: ReadOwnTicket | TellOfficer, now: datetime
) -> OwnTicketRead | OfficerTold:
    theirs = tickets.of_contact(work, request.id, standing.known.contact_id)
    if isinstance(request, ReadOwnTicket):
        lines = tickets.lines(work, request.id) if theirs else []
        return OwnTicketRead(request, next((one for one in reversed(lines) if one.author == "officer"), None), theirs)
    if theirs:
        tickets.say(work, request.id, "person", request.text, now)
        ticket = tickets.get(work, request.id)
        console = officers.console_of(work, ticket.taken_by) if ticket and ticket.taken_by is not None else None
        if console is not None and console != standing.known.contact_id:
            send(work, console, wording.told(request.id), now)
    return OfficerTold(request, theirs)
