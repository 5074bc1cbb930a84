"""The officers' console: finding somebody, what may be seen of them, what is stated of them; what has not arrived."""

from __future__ import annotations

from datetime import date

from conversations import profile
from conversations.domain.office import INSTITUTIONS, DeskTicket, Institution
from conversations.domain.seeker import OUTSIDE, Seeker
from conversations.engine.context import Said, Talk
from conversations.engine.conversation import Menu
from conversations.engine.events import Answer
from conversations.engine.messages import Message
from conversations.engine.moves import Do, Goto, Move, Retry, Show
from conversations.engine.office_events import (
    FindPeople,
    InviteOfficer,
    ListUndelivered,
    MarkPerson,
    OfficerInvited,
    PeopleFound,
    PersonMarked,
    PersonRead,
    ReadPerson,
    UndeliveredListed,
)
from conversations.engine.questions import Choice, names_one, page_of, picked, plainly
from conversations.engine.texts import Shown, Text, t
from conversations.links import channel_name
from conversations.office_pages import HINT, PAGE, Entry, chosen, claims_entry, listing
from conversations.results import portions
from conversations.understanding.codes import grouped
from conversations.understanding.people import person_name

# Whose it is


def place_of(talk: Talk, code: str | None) -> Text | str:
    """A district as officers read it."""
    district = talk.context.region.district(code)
    if district is not None:
        return district.name
    return (
        t("di luar {region}", region=talk.context.region.short_name) if code == OUTSIDE else t("tempat belum disebut")
    )


def whose(talk: Talk, one: DeskTicket) -> Text:
    """The person's name and place, as far as the institution may know them."""
    if one.name:
        return t("Dari: {name}, {place}", name=one.name, place=place_of(talk, one.district))
    if one.seeker_id is not None:
        return t("Dari: pencari kerja nomor {number}", number=one.seeker_id)
    return t("Dari: orang yang belum terdaftar")


# Finding


def ask_find(talk: Talk) -> Message:
    return Message((t("Tulis nomor, nama, telepon, atau nomor penduduk (NIK) orang itu."),))


def hear_find(talk: Talk, said: Said) -> Move:
    words = said.text.strip()
    return Do(FindPeople(words[:80], 0, PAGE)) if words else Retry(HINT)


def takes_words(talk: Talk, said: Said) -> bool:
    """A name is a name here, whatever wish its words would be elsewhere."""
    return True


def show_people(talk: Talk, event: PeopleFound) -> Move:
    if not event.people:
        nobody = t("Tidak ada yang ditemukan, atau orangnya belum memberi izin.")
        large = t("Daftarnya besar. Carilah dengan nomor, telepon, atau nomor penduduk (NIK).")
        return Goto("find", (nobody if event.by_name else large,))
    entries = [
        Entry(
            one.id,
            t("Orang {number}", number=one.id),
            t("{name}, {place}", name=one.name, place=place_of(talk, one.district)),
        )
        for one in event.people
    ]
    heading = t("Orang yang ditemukan: {count}", count=event.total)
    return listing(talk, "people", heading, entries, event.asked.offset, event.total, words=event.asked.words)


def ask_people(talk: Talk) -> Do:
    return Do(FindPeople(str(talk.scratch("words", "")), int(talk.scratch("offset", 0)), PAGE))


def hear_people(talk: Talk, said: Said) -> Move:
    return chosen(talk, said, "people", lambda id_: Goto("person", scratch={"id": id_}))


# One person

VERIFY = Choice("verified_on", t("Data sudah diperiksa"), ("periksa", "data benar"))
IDENTITY = Choice("identity_on", t("Identitas dipastikan"), ("pastikan", "identitas"))
AGAIN = Choice("find", t("Cari orang lain"), ("lain", "cari"))
READ_ON = Choice("part", t("Selengkapnya"), ("lengkap", "lagi", "lanjut"))


def ask_person(talk: Talk) -> Do:
    return Do(ReadPerson(int(talk.scratch("id", 0))))


def person_choices(more: bool) -> tuple[Choice, ...]:
    return (VERIFY, IDENTITY, AGAIN, *((READ_ON,) if more else ()))


def show_person(talk: Talk, event: PersonRead) -> Move:
    if event.person is None:
        closed = t("Orang ini belum memberi izin kepada kantor Anda.")
        return Goto("find", (closed if event.exists else t("Orang itu tidak ada dalam daftar."),))
    parts = portions(talk, facts(talk, event.person))
    part = min(int(talk.scratch("part", 0)), len(parts) - 1)
    more = part + 1 < len(parts)
    kept = {"id": event.asked.id, "part": part, "more": more}
    return Show("person", Message(parts[part], page_of(person_choices(more), 0)), kept)


def facts(talk: Talk, seeker: Seeker) -> tuple[Shown, ...]:
    """ "Label: nilai", a line each, of what the institution may see."""
    lines: list[Shown] = [t("Pencari kerja nomor {number}", number=seeker.id)]
    lines += profile.lines_of(talk, seeker)
    if seeker.verified_on:
        lines.append(t("Data diperiksa petugas: {day}", day=date.fromisoformat(seeker.verified_on)))
    if seeker.identity_on:
        lines.append(t("Identitas dipastikan petugas: {day}", day=date.fromisoformat(seeker.identity_on)))
    return tuple(lines)


def hear_person(talk: Talk, said: Said) -> Move:
    choices = person_choices(bool(talk.scratch("more")))
    id_ = int(talk.scratch("id", 0))
    match plainly(talk, said, choices):
        case "verified_on":
            return Do(MarkPerson(id_, "verified_on"))
        case "identity_on":
            return Do(MarkPerson(id_, "identity_on"))
        case "find":
            return Goto("find")
        case "part":
            return Goto("person", scratch={"id": id_, "part": int(talk.scratch("part", 0)) + 1})
    return Retry(HINT)


def claims_person(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, person_choices(bool(talk.scratch("more"))))


def marked(talk: Talk, event: PersonMarked) -> Move:
    if not event.done:
        return Goto("find", (t("Orang itu tidak ada dalam daftar."),))
    said = {
        "verified_on": t("Dicatat: data orang nomor {number} sudah diperiksa.", number=event.asked.id),
        "identity_on": t("Dicatat: identitas orang nomor {number} dipastikan.", number=event.asked.id),
    }
    return Goto("find", (said[event.asked.mark],))


# What has not arrived

WHY: dict[str, Text] = {
    "failed": t("pesan gagal"),
    "waiting": t("pesan masih menunggu"),
    "unreachable": t("tidak bisa dikirimi lagi"),
    "until_heard": t("menunggu pesan berikutnya dari orangnya"),
}


def ask_undelivered(talk: Talk) -> Do:
    return Do(ListUndelivered(int(talk.scratch("offset", 0)), PAGE))


def show_undelivered(talk: Talk, event: UndeliveredListed) -> Move:
    if not event.items:
        return Goto("home", (t("Semua sampai, atau masih dalam perjalanan."),))
    entries, whom = [], {}
    for n, one in enumerate(event.items, start=event.asked.offset + 1):
        day = one.since.astimezone(talk.context.now.tzinfo).date()
        line = t("{channel}, {day}: {why}", channel=channel_name(one.channel), day=day, why=WHY[one.kind])
        entries.append(Entry(n, t("Kabar {number}", number=n), line))
        whom[str(n)] = one.seekers[0] if one.seekers else None
    heading = t("Kabar yang tidak sampai: {count}", count=event.total)
    return listing(talk, "undelivered", heading, entries, event.asked.offset, event.total, whom=whom)


def hear_undelivered(talk: Talk, said: Said) -> Move:
    def whose_it_is(n: int) -> Move:
        seeker_id = talk.scratch("whom", {}).get(str(n))
        if seeker_id is None:
            return Goto("home", (t("Orang itu belum terdaftar."),))
        return Goto("person", scratch={"id": seeker_id})

    return chosen(talk, said, "undelivered", whose_it_is)


# Inviting

OFFICES = tuple(Choice(institution, name) for institution, name in INSTITUTIONS.items())


def ask_invite(talk: Talk) -> Message:
    return Message((t("Petugas baru bekerja untuk siapa?"),), page_of(OFFICES, 0))


def hear_invite(talk: Talk, said: Said) -> Move:
    wanted = picked(talk, said, OFFICES)
    return Goto("invite_name", scratch={"for": wanted}) if wanted in INSTITUTIONS else Retry(HINT)


def ask_name(talk: Talk) -> Message:
    return Message((t("Siapa nama petugas baru itu?"),))


def hear_name(talk: Talk, said: Said) -> Move:
    name, institution = person_name(said.text), talk.scratch("for")
    if name is None:
        return Retry(t("Tulis namanya dengan huruf. Contoh: Budi Contoh"))
    chosen_one: Institution = institution if institution in INSTITUTIONS else "work"
    return Do(InviteOfficer(name, chosen_one))


def invited(talk: Talk, event: OfficerInvited) -> Move:
    return Goto(
        "home",
        (
            t("Minta petugas baru menulis di chat layanan ini: petugas kode {code}", code=grouped(event.code)),
            t("Kode berlaku tiga hari, untuk satu kali. Berikan hanya kepadanya."),
        ),
    )


def found(talk: Talk, event: Answer) -> Move:
    """What follows from the answers to what is asked for here."""
    match event:
        case PeopleFound():
            return show_people(talk, event)
        case PersonRead():
            return show_person(talk, event)
        case PersonMarked():
            return marked(talk, event)
        case UndeliveredListed():
            return show_undelivered(talk, event)
        case OfficerInvited():
            return invited(talk, event)
    raise TypeError(f"nothing here asks for {type(event).__name__}")


STATES = (
    Menu("find", ask_find, hear_find, ("people", "person"), None, takes_words),
    Menu("people", ask_people, hear_people, (), claims_entry),
    Menu("person", ask_person, hear_person, ("find",), claims_person),
    Menu("undelivered", ask_undelivered, hear_undelivered, ("home",), claims_entry),
    Menu("invite", ask_invite, hear_invite, ("invite_name",), lambda talk, said: names_one(talk, said, OFFICES)),
    Menu("invite_name", ask_name, hear_name, ("home",), None, takes_words),
)
