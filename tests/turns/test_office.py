"""The officers' console and the person's answers, through real turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.office.desk import Desk
from conversations.domain.office import Institution
from conversations.engine.handed_on import SILENCE
from storage import audit, contacts, officers, outbox, seekers, tickets
from storage.contacts import Identity
from storage.models import contact_seekers
from storage.models import outbox as kept_outbox
from storage.models import tickets as kept_tickets
from storage.officers import Invitation
from storage.seekers import Consent
from storage.work import Database
from tests.support.service import Office, read

ANI, BUDI, CITRA = "1001", "1002", "1003"
CODE = "petugas kode 1111 2222 3333"


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def invites(office: Office, name: str = "Budi Contoh", institution: Institution = "work") -> None:
    with office.database.work() as work:
        now = office.clock()
        invitation = Invitation(name, institution, "officer", None)
        assert officers.invite(work, "111122223333", invitation, now, now + timedelta(days=3))


def joins(office: Office, address: str, name: str = "Budi Contoh", institution: Institution = "work") -> str:
    invites(office, name, institution)
    return read(office.says(address, CODE))


def acts(office: Office) -> list[str]:
    with office.database.read() as work:
        return [one.act for one in audit.entries(work)]


def waiting(office: Office, address: str) -> list[str]:
    """What waits to be delivered to somebody, and is then delivered."""
    with office.database.work() as work:
        id_ = contacts.find(work, "telegram", address)
        of_them = kept_outbox.c.contact_id == id_, kept_outbox.c.state == "waiting"
        rows = work.connection.execute(sa.select(kept_outbox.c.id, kept_outbox.c.body).where(*of_them)).all()
        outbox.confirm(work, [row.id for row in rows], office.clock())
        return [row.body["text"] for row in rows]


def ticket_of(office: Office) -> int:
    """The only ticket there is."""
    with office.database.read() as work:
        [id_] = work.connection.scalars(sa.select(kept_tickets.c.id))
        return int(id_)


def seeker_of(office: Office, address: str) -> int:
    with office.database.read() as work:
        id_ = contacts.find(work, "telegram", address)
        asked = sa.select(contact_seekers.c.seeker_id).where(contact_seekers.c.contact_id == id_)
        return int(work.connection.execute(asked).scalar_one())


def test_a_ticket_is_answered_and_answered_back(office: Office) -> None:
    office.registers(ANI)
    office.says(ANI, "mau ngomong sama orang aja")
    number = ticket_of(office)
    assert "Kantor Disnaker, petugas Budi Contoh." in joins(office, BUDI)
    assert "Ingin bicara dengan petugas, Selasa, 24 November 2026: balas 1" in read(office.says(BUDI, "1"))
    context = read(office.says(BUDI, "1"))
    assert "Dari: Ani Contoh, Kotapinang" in context
    assert "mau ngomong sama orang aja" in context
    office.says(BUDI, "jawab")
    assert "Jawaban sudah dikirim." in read(office.says(BUDI, "Silakan datang besok jam sembilan."))
    [heard] = waiting(office, ANI)
    assert heard.splitlines() == [
        "Dari Budi Contoh, Disnaker:",
        "Silakan datang besok jam sembilan.",
        f"Balas petugas: balas TIKET {number}",
    ]
    office.says(BUDI, "tutup permintaan")
    assert "sudah ditutup" in read(office.says(BUDI, "sudah terjawab"))
    assert "Silakan datang besok jam sembilan." in read(office.says(ANI, f"tiket {number}"))
    assert "sudah sampai kepada petugas" in read(office.says(ANI, "loker menjahit di kotapinang masih ada?"))
    assert waiting(office, BUDI) == [f"Ada balasan pada permintaan nomor {number}. Untuk membukanya, balas KANTOR."]
    office.says(BUDI, "KANTOR")
    office.says(BUDI, "1")
    assert "loker menjahit di kotapinang masih ada?" in read(office.says(BUDI, "1"))
    expected = ["join", "tickets", "ticket", "take", "answer", "close", "tickets", "ticket"]
    assert acts(office) == expected, "one row an act, none for opening a menu"
    with office.database.read() as work:
        readers = audit.readers_of(work, seeker_of(office, ANI))
        assert [(one.institution, one.officer, one.act) for one in readers] == [("work", "Budi Contoh", "ticket")] * 2


def test_what_a_lock_screen_may_not_show_is_read_after_a_tap(office: Office) -> None:
    office.says(ANI, "PETUGAS")
    number = ticket_of(office)
    joins(office, BUDI)
    for said in ("1", "1", "jawab", "Ada juru bahasa isyarat untuk tes Anda."):
        office.says(BUDI, said)
    [heard] = waiting(office, ANI)
    assert heard.splitlines() == ["Ada jawaban petugas Disnaker untuk Anda.", f"Baca jawaban: balas TIKET {number}"]
    assert "Ada juru bahasa isyarat untuk tes Anda." in read(office.says(ANI, None, choice=f"ticket:{number}"))


def test_an_answer_does_not_wait_for_news_to_be_wanted_and_not_for_the_morning(office: Office) -> None:
    office.says(ANI, "PETUGAS")
    office.says(ANI, "STOP")
    joins(office, BUDI)
    for said in ("1", "1", "jawab", "Silakan datang."):
        office.says(BUDI, said)
    with office.database.work() as work:
        waits = sa.select(kept_outbox.c.kind, kept_outbox.c.not_before).where(kept_outbox.c.state == "waiting")
        assert work.connection.execute(waits).all() == [("reply", office.clock())]


def test_a_form_is_gone_on_with_after_an_officer_was_answered(office: Office) -> None:
    office.says(ANI, "PETUGAS")
    number = ticket_of(office)
    joins(office, BUDI)
    for said in ("1", "1", "jawab", "Siapa nama Anda?"):
        office.says(BUDI, said)
    for said in ("daftar", "saya sendiri", "ya"):
        office.says(ANI, said)
    assert "nama" in read(office.says(ANI, f"tiket {number}")).lower()
    after = read(office.says(ANI, "Ani Contoh"))
    assert "sudah sampai kepada petugas" in after
    assert "Kita lanjutkan: Pendaftaran." in after
    assert "lahir" in read(office.says(ANI, "Ani Contoh")), "what is said to the form answers the form"
    with office.database.read() as work:
        said_to_officer = [line.text for line in tickets.lines(work, number) if line.author == "person"]
    assert said_to_officer == ["Ani Contoh"]


def test_a_ticket_is_nobody_elses(office: Office) -> None:
    office.says(ANI, "PETUGAS")
    number = ticket_of(office)
    for said in (f"tiket {number}", "tiket 999999"):
        assert "sudah tidak ada" in read(office.says(CITRA, said))
    with office.database.read() as work:
        assert tickets.lines(work, number) == []


def test_of_two_officers_the_second_is_told_who_answers(office: Office) -> None:
    office.says(ANI, "PETUGAS")
    joins(office, BUDI)
    joins(office, CITRA, "Citra Contoh")
    for said in ("1", "1", "jawab"):
        office.says(BUDI, said)
    assert "dijawab Budi Contoh" in read(office.says(CITRA, "1"))
    office.says(CITRA, "1")
    assert "Permintaan ini sedang dijawab Budi Contoh." in read(office.says(CITRA, "jawab"))
    assert "Tulis jawaban Anda." in read(office.says(CITRA, "ambil alih"))
    assert "sedang dijawab Citra Contoh" in read(office.says(BUDI, "Silakan datang besok."))
    assert waiting(office, ANI) == []
    assert "Jawaban sudah dikirim." in read(office.says(CITRA, "Silakan datang hari ini."))
    [heard] = waiting(office, ANI)
    assert "Dari Citra Contoh, Disnaker:" in heard


def test_who_is_revoked_loses_the_console_in_the_same_turn(office: Office) -> None:
    office.registers(ANI)
    office.says(ANI, "PETUGAS")
    joins(office, BUDI)
    for said in ("1", "1", "jawab"):
        office.says(BUDI, said)
    with office.database.work() as work:
        now = office.clock()
        [budi] = officers.listed(work)
        assert Desk(work, None, now, now.date()).revoke(budi.id)
    said = read(office.says(BUDI, "Silakan datang besok."))
    assert "dikirim" not in said
    assert waiting(office, ANI) == []
    assert "Kantor" not in read(office.says(BUDI, "KANTOR")).split("Kantor: ")[0]
    assert acts(office)[-1] == "revoke", "nothing was done after it"


def test_the_word_means_for_others_what_it_always_meant(office: Office) -> None:
    before = read(office.says(ANI, "kantor"))
    joins(office, BUDI)
    assert read(office.says(ANI, "kantor")) == before
    assert "petugas Budi Contoh" in read(office.says(BUDI, "kantor"))


def test_codes_cannot_be_guessed(office: Office) -> None:
    invites(office)
    for n in range(5):
        assert "tidak berlaku" in read(office.says(CITRA, f"petugas kode 0000 0000 000{n}"))
    assert "tidak berlaku" in read(office.says(CITRA, CODE)), "not even the right one is looked at now"
    assert "Budi Contoh" in read(office.says(BUDI, CODE)), "who does not guess is not held up"
    assert "sudah menjadi meja kerja" in read(office.says(BUDI, CODE))
    assert acts(office) == ["join"]


def test_a_number_that_may_be_somebody_elses_is_no_console_any_more(office: Office) -> None:
    invites(office)
    here = {"channel": "whatsapp"}
    office.says("628120000001", CODE, **here, sent_at=office.clock())
    office.clock.now += SILENCE + timedelta(days=1)
    said = read(office.says("628120000001", "KANTOR", **here, sent_at=office.clock()))
    assert "Budi Contoh" not in said
    with office.database.read() as work:
        [kept] = officers.listed(work)
        assert (kept.contact_id, kept.revoked_at) == (None, None)


@pytest.mark.parametrize("institution", ["social", "protection"])
def test_another_institution_reads_with_the_persons_yes_and_what_the_rule_says(
    office: Office, institution: Institution
) -> None:
    office.registers(ANI)
    seeker_id = seeker_of(office, ANI)
    joins(office, BUDI, institution=institution)
    office.says(BUDI, "cari orang")
    assert "Tidak ada yang ditemukan" in read(office.says(BUDI, "Ani Contoh"))
    with office.database.work() as work:
        seekers.give_consent(work, seeker_id, Consent(f"share:{institution}", 1, "", "web", "self", office.clock()))
    assert "Ani Contoh" in read(office.says(BUDI, "Ani Contoh"))
    shown = read(office.says(BUDI, "1"))
    while "Selengkapnya" in shown.splitlines()[-1]:
        more = read(office.says(BUDI, "Selengkapnya"))
        shown += "\n" + more
    assert "Nama: Ani Contoh" in shown
    assert ("kursi roda" in shown) == (institution == "social")


def test_an_identity_is_confirmed_in_exact_words(office: Office) -> None:
    office.registers(ANI)
    seeker_id = seeker_of(office, ANI)
    joins(office, BUDI)
    office.says(BUDI, "cari orang")
    office.says(BUDI, str(seeker_id))
    office.says(BUDI, "1")
    assert "Dicatat" not in read(office.says(BUDI, "apakah identitas dipastikan?"))
    assert "identitas orang nomor" in read(office.says(BUDI, "Identitas dipastikan"))
    with office.database.read() as work:
        seeker = seekers.load(work, [seeker_id])[seeker_id]
        assert (seeker.identity_on, seeker.verified_on) == ("2026-11-24", None)


def test_what_did_not_arrive_is_shown_with_whose_it_is(office: Office) -> None:
    office.registers(ANI)
    with office.database.work() as work:
        [known] = contacts.recognise(work, [Identity("telegram", ANI)], office.clock())
        contacts.set_blocked(work, known.contact_id, office.clock(), "403: blocked")
    joins(office, BUDI)
    assert "Telegram, Selasa, 24 November 2026: tidak bisa dikirimi lagi: balas 1" in read(office.says(BUDI, "3"))
    assert "Nama: Ani Contoh" in read(office.says(BUDI, "1"))


def test_an_admin_invites_from_the_chat_and_others_are_not_offered_to(office: Office) -> None:
    assert "Undang petugas" not in joins(office, BUDI)
    with office.database.work() as work:
        now = office.clock()
        admin = Invitation("Dewi Contoh", "work", "admin", None)
        assert officers.invite(work, "111122223333", admin, now, now + timedelta(days=3))
    assert "Undang petugas" in read(office.says(CITRA, CODE))
    for said in ("Undang petugas", "Dinsos"):
        office.says(CITRA, said)
    told = read(office.says(CITRA, "Eka Contoh"))
    [code] = [line for line in told.splitlines() if "petugas kode" in line]
    assert "petugas Eka Contoh" in read(office.says("1009", code.partition(": ")[2]))
    with office.database.read() as work:
        _, dewi, eka = officers.listed(work)
        assert (eka.name, eka.institution, eka.invited_by) == ("Eka Contoh", "social", dewi.id)


@dataclass(frozen=True)
class Ids:
    seeker: int
    ticket: int
    officer: int


Act = Callable[[Desk, Ids], object]
ACTS: dict[str, Act] = {
    "invite": lambda desk, ids: desk.invite("Eka Contoh", "work", "officer"),
    "officers": lambda desk, ids: desk.officers(),
    "revoke": lambda desk, ids: desk.revoke(ids.officer),
    "audit": lambda desk, ids: desk.audit(),
    "tickets": lambda desk, ids: desk.tickets(0, 5),
    "ticket": lambda desk, ids: desk.ticket(ids.ticket),
    "take": lambda desk, ids: desk.take(ids.ticket),
    "answer": lambda desk, ids: desk.answer(ids.ticket, "Ani Contoh, silakan datang"),
    "close": lambda desk, ids: desk.close(ids.ticket, "answered"),
    "find": lambda desk, ids: desk.find("Ani Contoh"),
    "read": lambda desk, ids: desk.person(ids.seeker),
    "verify": lambda desk, ids: desk.mark(ids.seeker, "verified_on"),
    "confirm_identity": lambda desk, ids: desk.mark(ids.seeker, "identity_on"),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("server", [True, False])
def test_every_act_leaves_one_row_with_nothing_personal(database: Database, act: str, server: bool) -> None:
    office = Office(database)
    with database.work() as work:
        now = office.clock()
        [known] = contacts.recognise(work, [Identity("telegram", ANI)], now)
        seeker_id = seekers.add(work, {"name": "Ani Contoh"}, education_rank=None, now=now)
        ticket_id = tickets.open_ticket(work, known.contact_id, seeker_id, "human", "tolong", now)
        seekers.link(work, known.contact_id, seeker_id, "self")
        assert officers.invite(work, "1" * 12, Invitation("Budi Contoh", "work", "admin", None), now, now + SILENCE)
        by = officers.join(work, "1" * 12, known.contact_id, now)
        assert by is not None
        ACTS[act](Desk(work, None if server else by, now, now.date()), Ids(seeker_id, ticket_id, by.id))
        [row] = audit.entries(work)
        assert (row.act, row.officer_id) == (act, None if server else by.id)
        for value in ("Ani", "Contoh", "silakan", "Eka"):
            assert value not in repr(row.detail)


def test_every_act_of_the_desk_is_among_them() -> None:
    methods = {name for name in vars(Desk) if not name.startswith("_") and callable(getattr(Desk, name))}
    tried = {"mark", "person", "undelivered"} | ACTS.keys() - {"verify", "confirm_identity", "read"}
    assert methods == tried
