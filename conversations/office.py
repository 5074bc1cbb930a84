"""The officers' console in their own chat: what is asked of them, whom it is about, and answering.

KANTOR opens it for officers; to anybody else the word means what it always meant. Whatever is done here is done by
the service, for this officer, and audited.
"""

from __future__ import annotations

from conversations import office_people as people
from conversations.domain.office import INSTITUTIONS, OUTCOMES, DeskTicket, TicketLine
from conversations.domain.wording import words_of
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import Conversation, Menu
from conversations.engine.events import Answer
from conversations.engine.messages import Message
from conversations.engine.moves import Do, Done, Goto, Move, Open, Retry, Show
from conversations.engine.office_events import (
    AnswerTicket,
    CloseTicket,
    JoinOffice,
    ListTickets,
    OfficeJoined,
    ReadTicket,
    TakeTicket,
    TicketAnswered,
    TicketRead,
    TicketsListed,
)
from conversations.engine.questions import Choice, names_one, page_of, picked, plainly
from conversations.engine.texts import Shown, Text, t
from conversations.office_pages import HINT, PAGE, Entry, chosen, claims_entry, listing
from conversations.tickets import LONGEST, signature
from conversations.understanding.codes import office_code_in

TOPICS: dict[str, Text] = {
    "human": t("Ingin bicara dengan petugas"),
    "safety": t("Keselamatan orang"),
    "offer_job": t("Menawarkan kerja"),
    "lost_contact": t("Nomornya dipakai orang lain"),
    "protection": t("Jaminan sosial pekerja"),
    "assistance": t("Bantuan sosial"),
    "erase_for_other": t("Pendamping ingin menghapus data orang dewasa"),
    "guardian": t("Mengaku wali dari pengadilan"),
    "pin": t("Lupa kode rahasia (PIN)"),
    "lost_phone": t("Ponselnya hilang atau nomornya berganti"),
    "understanding": t("Perlu dijelaskan dengan kata mudah"),
}


def topic_of(topic: str) -> Text:
    """What a ticket is about, as officers read it."""
    return TOPICS.get(topic, t("Permintaan lain"))


# The first menu

TICKETS = Choice("tickets", t("Permintaan terbuka"), ("permintaan", "tiket", "buka"))
FIND = Choice("find", t("Cari orang"), ("cari", "orang"))
UNDELIVERED = Choice("undelivered", t("Kabar yang tidak sampai"), ("tidak sampai", "gagal"))
INVITE = Choice("invite", t("Undang petugas"), ("undang", "undangan"))


def home_choices(talk: Talk) -> tuple[Choice, ...]:
    admin = talk.context.officer is not None and talk.context.officer.admin
    return (TICKETS, FIND, UNDELIVERED, *((INVITE,) if admin else ()))


def ask_home(talk: Talk) -> Message:
    officer = talk.context.officer
    assert officer is not None, "the console closes with the officer's right to it"
    who = t("Kantor {office}, petugas {officer}.", office=INSTITUTIONS[officer.institution], officer=officer.name)
    return Message((who,), page_of(home_choices(talk), 0))


def hear_home(talk: Talk, said: Said) -> Move:
    wanted = picked(talk, said, home_choices(talk))
    return Goto(wanted) if wanted in ("tickets", "find", "undelivered", "invite") else Retry(HINT)


def claims_home(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, home_choices(talk))


# Open tickets


def ask_tickets(talk: Talk) -> Do:
    return Do(ListTickets(int(talk.scratch("offset", 0)), PAGE))


def show_tickets(talk: Talk, found: TicketsListed) -> Move:
    if not found.tickets:
        return Goto("home", (t("Tidak ada permintaan yang terbuka."),))
    entries = [Entry(one.id, t("Permintaan {number}", number=one.id), line_of(talk, one)) for one in found.tickets]
    heading = t("Permintaan yang terbuka: {count}", count=found.total)
    return listing(talk, "tickets", heading, entries, found.asked.offset, found.total)


def line_of(talk: Talk, one: DeskTicket) -> Text:
    """One line, and nobody's name: what it is about, since when, and who answers."""
    day = one.opened_at.astimezone(talk.context.now.tzinfo).date()
    if one.taken_by:
        return t("{topic}, {day}, dijawab {officer}", topic=topic_of(one.topic), day=day, officer=one.taken_by)
    return t("{topic}, {day}", topic=topic_of(one.topic), day=day)


def hear_tickets(talk: Talk, said: Said) -> Move:
    return chosen(talk, said, "tickets", lambda id_: Goto("ticket", scratch={"id": id_}))


# One ticket

ANSWER = Choice("answer", t("Jawab"), ("jawab", "balas"))
CLOSE = Choice("close", t("Tutup permintaan"), ("tutup", "selesaikan"))
PERSON = Choice("person", t("Lihat orangnya"), ("orangnya", "lihat"))
OTHERS = Choice("tickets", t("Permintaan lain"), ("lain", "yang lain"))
TALK_SHOWN = 3
"""What was said last, shown with a ticket."""


def ask_ticket(talk: Talk) -> Do:
    return Do(ReadTicket(int(talk.scratch("id", 0))))


def ticket_choices(talk: Talk) -> tuple[Choice, ...]:
    reachable, seeker = bool(talk.scratch("answerable")), talk.scratch("seeker")
    return (*((ANSWER,) if reachable else ()), CLOSE, *((PERSON,) if seeker else ()), OTHERS)


def show_ticket(talk: Talk, one: DeskTicket | None) -> Move:
    if one is None:
        return Goto("home", (t("Permintaan itu sudah tidak ada."),))
    kept = {"id": one.id, "seeker": one.seeker_id, "answerable": one.answerable}
    choices = (*((ANSWER,) if one.answerable else ()), CLOSE, *((PERSON,) if one.seeker_id else ()), OTHERS)
    return Show("ticket", Message(facts(talk, one), page_of(choices, 0)), kept)


def facts(talk: Talk, one: DeskTicket) -> tuple[Shown, ...]:
    """What it is about, whose it is, their own words, and what was said last."""
    lines: list[Shown] = [t("Permintaan {number}: {topic}", number=one.id, topic=topic_of(one.topic))]
    lines.append(people.whose(talk, one))
    lines.append(t("Masuk: {day}", day=one.opened_at.astimezone(talk.context.now.tzinfo).date()))
    if one.taken_by:
        lines.append(t("Yang menjawab: {officer}", officer=one.taken_by))
    if not one.answerable:
        lines.append(t("Jawaban lewat chat tidak akan sampai. Hubungi dengan cara lain."))
    if one.text:
        lines += [t("Kata orangnya:"), one.text]
    return (*lines, *(part for line in one.lines[-TALK_SHOWN:] for part in spoken(line)))


def spoken(line: TicketLine) -> tuple[Shown, ...]:
    match line.author:
        case "person":
            return (t("Kata orangnya:"), line.text)
        case "note":
            return (t("Catatan petugas:"), line.text)
    return (signature(line.officer, line.institution), line.text)


def hear_ticket(talk: Talk, said: Said) -> Move:
    here = {"id": talk.scratch("id", 0)}
    match picked(talk, said, ticket_choices(talk)):
        case "answer":
            return Do(TakeTicket(int(here["id"])))
        case "close":
            return Goto("outcome", scratch=here)
        case "person":
            return Goto("person", scratch={"id": talk.scratch("seeker")})
        case "tickets":
            return Goto("tickets")
    return Retry(HINT)


def claims_ticket(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, ticket_choices(talk))


# Answering

REPLY = t("Tulis jawaban Anda. Orangnya membaca nama dan kantor Anda.")
OVER = Choice("over", t("Ambil alih"), ("ambil",))
SENT = (CLOSE, OTHERS, Choice("home", t("Menu kantor"), ("menu kantor", "kantor")))


def ask_reply(talk: Talk) -> Message:
    return Message((REPLY,))


def hear_reply(talk: Talk, said: Said) -> Move:
    words = said.text.strip()
    if len(words) > LONGEST:
        return Retry(t("Pesan itu terlalu panjang. Tulis yang penting saja, dengan beberapa kata."))
    if not any(letter.isalpha() for letter in words):
        # A number alone was meant for the choices above.
        return Retry(t("Tulis jawabannya dengan kata. Contoh: Silakan datang besok pagi."))
    return Do(AnswerTicket(int(talk.scratch("id", 0)), words))


def takes_reply(talk: Talk, said: Said) -> bool:
    """Whatever is written here is meant for the person, also what would be a wish elsewhere."""
    return True


def ask_taken(talk: Talk) -> Message:
    who = t("Permintaan ini sedang dijawab {officer}.", officer=str(talk.scratch("officer", "")))
    return Message((who,), page_of((OVER, OTHERS), 0))


def hear_taken(talk: Talk, said: Said) -> Move:
    match plainly(talk, said, (OVER, OTHERS)):
        case "over":
            return Do(TakeTicket(int(talk.scratch("id", 0)), over=True))
        case "tickets":
            return Goto("tickets")
    return Retry(HINT)


def ask_sent(talk: Talk) -> Message:
    return Message((t("Jawaban sudah dikirim. Apa selanjutnya?"),), page_of(SENT, 0))


def hear_sent(talk: Talk, said: Said) -> Move:
    match picked(talk, said, SENT):
        case "close":
            return Goto("outcome", scratch={"id": talk.scratch("id", 0)})
        case "tickets" | "home" as state:
            return Goto(state)
    return Retry(HINT)


# Ending

ENDINGS: dict[str, Text] = {
    "answered": t("Sudah terjawab"),
    "referred": t("Dirujuk ke kantor lain"),
    "unreachable": t("Orangnya tidak bisa dihubungi"),
    "no_request": t("Bukan permintaan"),
}
ENDS = tuple(Choice(outcome, ENDINGS[outcome]) for outcome in OUTCOMES)


def ask_outcome(talk: Talk) -> Message:
    return Message((t("Bagaimana permintaan ini berakhir?"),), page_of(ENDS, 0))


def hear_outcome(talk: Talk, said: Said) -> Move:
    wanted = plainly(talk, said, ENDS)
    return Do(CloseTicket(int(talk.scratch("id", 0)), wanted)) if wanted in OUTCOMES else Retry(HINT)


def after(talk: Talk, event: TicketAnswered) -> Move:
    """What follows from taking, answering and closing."""
    here = {"id": event.asked.id}
    match event.outcome:
        case "taken":
            return Goto("taken", scratch={**here, "officer": event.taken_by})
        case "gone":
            return Goto("home", (t("Permintaan itu sudah tidak ada."),))
        case "unreachable":
            return Goto("home", (t("Jawaban lewat chat tidak akan sampai. Hubungi dengan cara lain."),))
    match event.asked:
        case TakeTicket():
            return Goto("reply", scratch=here)
        case AnswerTicket():
            return Goto("sent", scratch=here)
    return Goto("home", (t("Permintaan {number} sudah ditutup.", number=event.asked.id),))


# The conversation


def starts(talk: Talk) -> Move:
    return Goto("home")


def found(talk: Talk, event: Answer) -> Move:
    match event:
        case TicketsListed():
            return show_tickets(talk, event)
        case TicketRead(ticket=one):
            return show_ticket(talk, one)
        case TicketAnswered():
            return after(talk, event)
    return people.found(talk, event)


def back(talk: Talk) -> Move | None:
    match talk.frame.state:
        case "home":
            return None
        case "ticket":
            return Goto("tickets")
        case "reply" | "outcome" | "taken":
            return Goto("ticket", scratch={"id": talk.scratch("id", 0)})
    return Goto("home")


def is_officer(context: Context) -> bool:
    return context.officer is not None


office = Conversation(
    name="office",
    version=1,
    title=t("Kantor"),
    states=(
        Menu("home", ask_home, hear_home, ("tickets", "find", "undelivered", "invite"), claims_home),
        Menu("tickets", ask_tickets, hear_tickets, ("ticket", "home"), claims_entry),
        Menu("ticket", ask_ticket, hear_ticket, ("reply", "taken", "outcome", "person"), claims_ticket),
        Menu("reply", ask_reply, hear_reply, ("sent",), None, takes_reply),
        Menu("taken", ask_taken, hear_taken, (), lambda talk, said: names_one(talk, said, (OVER, OTHERS))),
        Menu("sent", ask_sent, hear_sent, (), lambda talk, said: names_one(talk, said, SENT)),
        Menu("outcome", ask_outcome, hear_outcome, (), lambda talk, said: names_one(talk, said, ENDS)),
        *people.STATES,
    ),
    starts=starts,
    found=found,
    back=back,
    fits=is_officer,
)


# Becoming one


def start_joining(talk: Talk) -> Move:
    return Do(JoinOffice(str(talk.frame.answers.get("code", ""))))


def ask_code(talk: Talk) -> Message:
    return Message((t("Tulis kode undangan Anda. Contoh: petugas kode 1234 5678 9012"),))


def hear_code(talk: Talk, said: Said) -> Move:
    digits = office_code_in(said.text)
    if digits is None:
        return Retry(t("Kode undangan itu dua belas angka. Contoh: petugas kode 1234 5678 9012"))
    return Do(JoinOffice(digits))


def joined(talk: Talk, event: Answer) -> Move:
    assert isinstance(event, OfficeJoined), "nothing else is asked for"
    if event.outcome == "wrong":
        return Goto("code", (t("Kode itu tidak berlaku. Mintalah kode baru kepada yang mengundang Anda."),))
    welcome = t("Chat ini sekarang meja kerja Anda. Untuk membukanya lagi, balas KANTOR.")
    here = t("Chat ini sudah menjadi meja kerja petugas.")
    return Done((welcome if event.outcome == "joined" else here,), then=Open("office"))


joining = Conversation(
    name="joining",
    version=1,
    title=t("Undangan petugas"),
    states=(Menu("code", ask_code, hear_code),),
    starts=start_joining,
    found=joined,
)


def unmistakable(context: Context, text: str) -> Move | None:
    """ "petugas kode 1234 5678 9012" from anybody; KANTOR from an officer."""
    if (digits := office_code_in(text)) is not None:
        return Open("joining", {"code": digits})
    if context.officer is not None and words_of(text[:40]) == ["kantor"]:
        return Open("office")
    return None
