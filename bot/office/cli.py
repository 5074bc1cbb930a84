"""``setara office``: what officers do, by command on the server. It acts for the office that keeps the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from bot.commands import AsJson, opened, show
from bot.office.desk import GOOD_FOR, Desk
from bot.opening import Opened
from conversations import office_people
from conversations.domain.office import INSTITUTIONS, OUTCOMES, DeskTicket, Institution, Mark, TicketLine
from conversations.engine.context import Context, Talk
from conversations.engine.office_events import TicketOutcome
from conversations.engine.session import Frame, Session
from conversations.office import ENDINGS, topic_of
from conversations.tickets import signature
from conversations.understanding.codes import grouped
from locales.render import translator
from storage.audit import Entry

office_cli = typer.Typer(help="Petugas, permintaan orang, dan daftar pencari kerja.", no_args_is_help=True)


class Role(StrEnum):
    admin = "admin"
    officer = "officer"


class Office(StrEnum):
    disnaker = "disnaker"
    dinsos = "dinsos"
    bpjs = "bpjs"


Outcome = StrEnum("Outcome", [(outcome, outcome) for outcome in OUTCOMES])  # type: ignore[misc]  # one list of them

_INSTITUTION: Mapping[Office, Institution] = {
    Office.disnaker: "work",
    Office.dinsos: "social",
    Office.bpjs: "protection",
}
_tr = translator("id")


@contextmanager
def desk() -> Iterator[tuple[Opened, Desk]]:
    """The server's desk, within one transaction."""
    with opened() as everything, everything.database.work() as work:
        now = everything.local_now()
        yield everything, Desk(work, None, now, now.date())


def at(everything: Opened, moment: datetime) -> str:
    return f"{moment.astimezone(everything.zone):%Y-%m-%d %H.%M}"


def plain(value: Any) -> Any:
    """``value`` as JSON can hold it."""
    match value:
        case datetime():
            return value.isoformat(timespec="seconds")
        case dict():
            return {name: plain(one) for name, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
    return value


def refuse(line: str) -> typer.Exit:
    """Say what is in the way; raise what this returns."""
    typer.echo(line, err=True)
    return typer.Exit(1)


# Officers


@office_cli.command()
def invite(
    name: Annotated[str, typer.Option("--name", help="Nama petugas, seperti yang dibaca orang.")],
    institution: Annotated[Office, typer.Option("--institution", help="Kantor petugas.")],
    role: Annotated[Role, typer.Option("--role", help="admin juga mengundang petugas lain.")] = Role.officer,
    as_json: AsJson = False,
) -> None:
    """Buat kode sekali pakai; yang menulisnya di chat layanan ini menjadi petugas."""
    if not name.strip():
        raise refuse("Nama petugas tidak boleh kosong.")
    with desk() as (everything, one):
        code = one.invite(name.strip(), _INSTITUTION[institution], role.value)
        until = everything.clock() + GOOD_FOR
        said = f"petugas kode {grouped(code)}"
        if as_json:
            show({"code": code, "say": said, "expires_at": plain(until)})
            return
        print(f"Kode untuk {name.strip()}, {INSTITUTIONS[_INSTITUTION[institution]]}: {grouped(code)}")
        print(f"Berlaku sekali, sampai {at(everything, until)}. Berikan hanya kepada orangnya.")
        print(f"Di chat layanan ini ({', '.join(everything.turntaker().channels)}), ia menulis: {said}")


@office_cli.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """Semua petugas, juga yang sudah dicabut."""
    with desk() as (everything, one):
        for officer in one.officers():
            if as_json:
                show(plain(asdict(officer)))
                continue
            state = f"dicabut {at(everything, officer.revoked_at)}" if officer.revoked_at else "aktif"
            if officer.contact_id is None and officer.revoked_at is None:
                state = "belum punya meja kerja; undang lagi"
            print(f"{officer.id}: {officer.name}, {INSTITUTIONS[officer.institution]}, {officer.role}, {state}")


@office_cli.command()
def revoke(officer_id: int) -> None:
    """Cabut hak seorang petugas, seketika."""
    with desk() as (_, one):
        revoked = one.revoke(officer_id)
    if not revoked:
        raise refuse(f"Tidak ada petugas aktif bernomor {officer_id}.")
    print(f"Petugas {officer_id} sudah dicabut.")


@office_cli.command()
def audit(
    seeker: Annotated[int | None, typer.Option("--seeker", help="Hanya tentang pencari kerja ini.")] = None,
    as_json: AsJson = False,
) -> None:
    """Siapa membaca atau melakukan apa, dan kapan."""
    with desk() as (everything, one):
        for entry in one.audit(seeker):
            if as_json:
                show(plain(asdict(entry)))
            else:
                print(f"{at(everything, entry.at)} {told(entry)}")


def told(entry: Entry) -> str:
    who = f"{entry.officer}, {INSTITUTIONS[entry.institution]}" if entry.officer and entry.institution else "server"
    about = f", pencari kerja {entry.seeker_id}" if entry.seeker_id is not None else ""
    detail = "".join(f", {name} {value}" for name, value in entry.detail.items())
    return f"{who}: {entry.act}{about}{detail}"


# Tickets


@office_cli.command()
def tickets(as_json: AsJson = False) -> None:
    """Permintaan orang yang masih terbuka, yang paling lama di atas."""
    with desk() as (everything, one):
        found, _ = one.tickets(0, 1_000)
        for ticket in found:
            if as_json:
                show(plain(asdict(ticket)))
                continue
            taken = f", dijawab {ticket.taken_by}" if ticket.taken_by else ""
            unanswerable = "" if ticket.answerable else ", tidak bisa dijawab lewat chat"
            print(f"{ticket.id}: {at(everything, ticket.opened_at)} {_tr(topic_of(ticket.topic))}{taken}{unanswerable}")
    if not found and not as_json:
        print("Tidak ada permintaan yang terbuka.")


@office_cli.command()
def ticket(ticket_id: int, as_json: AsJson = False) -> None:
    """Satu permintaan: dari siapa, kata-katanya, dan jawabannya."""
    with desk() as (everything, one):
        found = one.ticket(ticket_id)
        if found is not None:
            show_ticket(everything, found, as_json)
    if found is None:
        raise refuse(f"Tidak ada permintaan bernomor {ticket_id}.")


def show_ticket(everything: Opened, found: DeskTicket, as_json: bool) -> None:
    if as_json:
        show(plain(asdict(found)))
        return
    print(f"Permintaan {found.id}: {_tr(topic_of(found.topic))}")
    print(_tr(office_people.whose(talk(everything), found)))
    print(f"Masuk: {at(everything, found.opened_at)}")
    if found.outcome:
        print(f"Ditutup: {_tr(ENDINGS[found.outcome])}")
    if found.taken_by:
        print(f"Yang menjawab: {found.taken_by}")
    if found.text:
        print(f"Kata orangnya: {found.text}")
    for line in found.lines:
        print(f"{at(everything, line.at)} {said(line)}")


def said(line: TicketLine) -> str:
    match line.author:
        case "person":
            return f"Kata orangnya: {line.text}"
        case "note":
            return f"Catatan petugas: {line.text}"
    return f"{_tr(signature(line.officer, line.institution))} {line.text}"


_PROBLEMS: Mapping[TicketOutcome, str] = {
    "taken": "Permintaan ini sedang dijawab {officer}. Untuk tetap menjawab: --over",
    "gone": "Tidak ada permintaan bernomor {number}.",
    "unreachable": "Jawaban lewat chat tidak akan sampai kepada orangnya. Hubungi dengan cara lain.",
}


@office_cli.command()
def answer(
    ticket_id: int,
    text: str,
    over: Annotated[bool, typer.Option("--over", help="Jawab juga bila petugas lain sedang menjawab.")] = False,
) -> None:
    """Jawab permintaan; orangnya membacanya di chatnya sendiri."""
    if not text.strip():
        raise refuse("Jawaban tidak boleh kosong.")
    with desk() as (_, one):
        outcome, officer = one.answer(ticket_id, text.strip(), over=over)
    if outcome != "done":
        raise refuse(_PROBLEMS[outcome].format(officer=officer, number=ticket_id))
    print("Jawaban dikirim.")


@office_cli.command()
def close(
    ticket_id: int,
    outcome: Annotated[Outcome, typer.Option("--outcome", help="Bagaimana permintaan ini berakhir.")],
) -> None:
    """Tutup permintaan."""
    with desk() as (_, one):
        closed = one.close(ticket_id, str(outcome.value))
    if not closed:
        raise refuse(f"Tidak ada permintaan terbuka bernomor {ticket_id}.")
    print(f"Permintaan {ticket_id} ditutup.")


# People


@office_cli.command()
def find(words: str, as_json: AsJson = False) -> None:
    """Cari orang dengan nomor, nama, telepon, atau NIK. Setiap orang yang ditampilkan tercatat."""
    with desk() as (everything, one):
        found = one.find(words)
        for person in found:
            if as_json:
                show(plain(dict(person.values)))
            else:
                place = _tr(office_people.place_of(talk(everything), person.values.get("district")))
                print(f"{person.id}: {person.name}, {place}")
    if not found:
        raise refuse("Tidak ada yang ditemukan.")


@office_cli.command(name="show")
def show_(seeker_id: int, as_json: AsJson = False) -> None:
    """Yang diketahui tentang seorang pencari kerja. Pembacaan ini tercatat."""
    with desk() as (everything, one):
        person = one.person(seeker_id)
        if person is not None and person.seeker is not None:
            if as_json:
                show(plain(dict(person.values)))
            else:
                print("\n".join(map(_tr, office_people.facts(talk(everything), person.seeker))))
    if person is None:
        raise refuse(f"Tidak ada pencari kerja bernomor {seeker_id}.")


@office_cli.command()
def verify(seeker_id: int) -> None:
    """Catat bahwa data seseorang sudah diperiksa."""
    mark(seeker_id, "verified_on", "Dicatat: data pencari kerja {number} sudah diperiksa.")


@office_cli.command(name="confirm-identity")
def confirm_identity(seeker_id: int) -> None:
    """Catat bahwa petugas sudah melihat orangnya dan identitasnya."""
    mark(seeker_id, "identity_on", "Dicatat: identitas pencari kerja {number} dipastikan.")


def mark(seeker_id: int, what: Mark, done: str) -> None:
    with desk() as (_, one):
        marked = one.mark(seeker_id, what)
    if not marked:
        raise refuse(f"Tidak ada pencari kerja bernomor {seeker_id}.")
    print(done.format(number=seeker_id))


def talk(everything: Opened) -> Talk:
    """What wording is given that the console uses too."""
    context = Context(now=everything.local_now(), region=everything.region, tr=_tr)
    return Talk(context, Session(), Frame("office", 1, "person", 0))
