"""What a person reads of an officer's answer, and how they answer back: a ticket from the person's side."""

from __future__ import annotations

from conversations.alerts import tells
from conversations.domain.office import INSTITUTIONS, Institution, TicketLine
from conversations.engine.context import Said, Talk
from conversations.engine.conversation import Conversation, Menu
from conversations.engine.events import Answer
from conversations.engine.messages import Message, QuickReply
from conversations.engine.moves import Do, Done, Move, Open, Retry, Show
from conversations.engine.office_events import OfficerTold, OwnTicketRead, ReadOwnTicket, TellOfficer
from conversations.engine.texts import Shown, Text, t

LONGEST = 1_000
"""Characters of what is said to or by an officer at once; more is not read by anybody on a telephone."""


def signature(officer: str | None, institution: Institution | None) -> Text:
    """Who speaks: a person with a name, not the service."""
    office = INSTITUTIONS[institution or "work"]
    if officer is None:
        return t("Dari petugas {office}:", office=office)
    return t("Dari {officer}, {office}:", officer=officer, office=office)


def answer(ticket_id: int, line: TicketLine) -> Message:
    """An officer's answer, as it is sent. What a lock screen may not show is read after a tap (rule 17)."""
    back = t("TIKET {number}", number=ticket_id)
    if tells(line.text):
        waits = t("Ada jawaban petugas {office} untuk Anda.", office=INSTITUTIONS[line.institution or "work"])
        return Message((waits,), (QuickReply(t("Baca jawaban"), f"ticket:{ticket_id}", back),))
    said = (signature(line.officer, line.institution), line.text)
    return Message(said, (QuickReply(t("Balas petugas"), f"ticket:{ticket_id}", back),))


def told(ticket_id: int) -> Message:
    """What the officer who answers gets to read when the person has said more."""
    return Message(
        (t("Ada balasan pada permintaan nomor {number}. Untuk membukanya, balas KANTOR.", number=ticket_id),)
    )


def opened(ticket_id: int) -> Move:
    """ "Balas petugas", a button that stands for ever."""
    return Open("ticket", {"id": ticket_id})


GONE = t("Permintaan itu sudah tidak ada. Untuk bertanya lagi, balas PETUGAS.")


def starts(talk: Talk) -> Move:
    return Do(ReadOwnTicket(int(talk.frame.answers.get("id", 0))))


def ask(talk: Talk) -> Message:
    return Message((WRITE,))


WRITE = t("Tulis pesan Anda untuk petugas. Jika tidak jadi, balas BATAL.")


def hear(talk: Talk, said: Said) -> Move:
    words = said.text.strip()
    if len(words) > LONGEST:
        return Retry(t("Pesan itu terlalu panjang. Tulis yang penting saja, dengan beberapa kata."))
    return Do(TellOfficer(int(talk.frame.answers.get("id", 0)), words)) if words else Retry(WRITE)


def takes(talk: Talk, said: Said) -> bool:
    """Whatever is written here is meant for the officer, also what would be a wish elsewhere; but not danger."""
    return said.meaning is None or said.meaning.intent != "safety"


def found(talk: Talk, event: Answer) -> Move:
    match event:
        case OwnTicketRead(exists=False) | OfficerTold(done=False):
            return Done((GONE,))
        case OwnTicketRead(line=None):
            return Show("words", Message((WRITE,)))
        case OwnTicketRead(line=line) if line is not None:
            said: tuple[Shown, ...] = (signature(line.officer, line.institution), line.text, WRITE)
            return Show("words", Message(said))
        case OfficerTold():
            return Done((t("Pesan Anda sudah sampai kepada petugas."),))
    raise TypeError(f"nothing here asks for {type(event).__name__}")


ticket = Conversation(
    name="ticket",
    version=1,
    title=t("Balasan untuk petugas"),
    states=(Menu("words", ask, hear, (), None, takes),),
    starts=starts,
    found=found,
)
