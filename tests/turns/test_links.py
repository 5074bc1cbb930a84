"""One person at several contacts, and a number that was handed on: what each side reads, and what is kept."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.base import Turn
from bot.effects import apply
from bot.standing import Standing
from conversations.engine.events import Effect, LetGo, Prefer
from conversations.engine.handed_on import SILENCE
from conversations.engine.session import Session
from storage import contacts, links, outbox, seekers, tickets
from storage.contacts import Identity
from storage.models import contact_seekers, link_codes
from storage.models import outbox as messages
from storage.work import Database
from tests.support.service import Office, read

ANI, WA = "1", "6281200000001"


class Two(Office):
    """An office that Ani uses on Telegram, and on WhatsApp."""

    def telegram(self, text: str) -> str:
        return read(self.says(ANI, text))

    def whatsapp(self, text: str, address: str = WA, **given: Any) -> str:
        return read(self.says(address, text, channel="whatsapp", sent_at=self.clock.now, **given))

    def code(self) -> str:
        found = re.search(r"SAMBUNG (\d{4} \d{4})", self.telegram("sambungkan"))
        assert found is not None
        return found[1]

    def join(self, address: str = WA) -> None:
        self.whatsapp(f"SAMBUNG {self.code()}", address)
        assert "Tersambung" in self.whatsapp("ya", address)

    def does_on_whatsapp(self, effect: Effect) -> Standing:
        """What a conversation there would decide."""
        with self.database.work() as work:
            [known] = contacts.recognise(work, [Identity("whatsapp", WA)], self.clock.now)
            standing = Standing(known, Session(), known.locale, known.alerts, known.blocked)
            apply(work, standing, effect, self.clock.now)
        return standing

    def id_of(self, channel: str, address: str) -> int:
        with self.database.read() as work:
            found = contacts.find(work, channel, address)
        assert found is not None
        return found

    def told_at(self) -> str:
        """The channel that news would go to."""
        with self.database.read() as work:
            [seeker_id] = work.connection.scalars(sa.select(contact_seekers.c.seeker_id).distinct())
            return next((one.channel for one in links.speakers(work, seeker_id) if one.open), "")

    def waiting(self, channel: str, address: str) -> list[str]:
        with self.database.read() as work:
            due = outbox.waiting_for(work, self.id_of(channel, address), self.clock.now)
        return [one.body["text"] for one in due]


@pytest.fixture
def office(database: Database) -> Two:
    office = Two(database)
    office.registers(ANI)
    return office


def test_a_code_said_at_another_contact_joins_it_after_a_yes(office: Two) -> None:
    asked = office.whatsapp(f"SAMBUNG {office.code()}")
    assert "Apakah Anda setuju?" in asked
    assert "Ani" not in asked
    assert office.told_at() == "telegram"
    assert "Tersambung. Kabar lowongan sekarang datang di sini, lewat WhatsApp." in office.whatsapp("ya")
    assert office.told_at() == "whatsapp"
    assert "Ani Contoh" in office.whatsapp("data apa yang disimpan tentang saya")
    with office.database.read() as work:
        [seeker_id] = work.connection.scalars(sa.select(contact_seekers.c.seeker_id).distinct())
        last = seekers.consents_of(work, seeker_id)[-1]
    assert (last.purpose, last.channel, last.giver, last.version) == ("telling:whatsapp", "whatsapp", "self", 1)
    assert last.wording == asked.rpartition("\nYa, setuju")[0]


def test_the_older_contact_learns_of_it_and_can_undo_it(office: Two) -> None:
    office.join()
    [told] = office.waiting("telegram", ANI)
    assert "Chat lain baru disambungkan dengan chat ini, lewat WhatsApp." in told
    assert "PUTUSKAN" in told
    assert "Ani" not in told
    assert "Putuskan WhatsApp: balas 1" in office.telegram("bukan saya")
    assert "WhatsApp sudah diputuskan." in office.telegram("1")
    assert office.told_at() == "telegram"
    assert office.waiting("whatsapp", WA) == [], "whoever is cut off is not told so"
    assert "Anda belum mendaftar" in office.whatsapp("data saya")
    assert "tidak tersambung" in office.telegram("PUTUSKAN")


def test_a_contact_can_part_itself(office: Two) -> None:
    office.join()
    office.whatsapp("putuskan")
    assert "Data Anda tetap ada di chat yang lain." in office.whatsapp("putuskan chat ini")
    assert "Anda belum mendaftar" in office.whatsapp("data saya")
    assert "Ani Contoh" in office.telegram("data apa yang disimpan tentang saya")


EARLY = "Chat yang lebih lama baru bisa diputuskan dari sini setelah 3 hari."


@pytest.mark.parametrize(("hours", "may"), [(0, False), (71, False), (72, True)])
def test_who_has_only_just_joined_cannot_part_the_contact_that_was_there_before(
    office: Two, hours: int, may: bool
) -> None:
    office.join()
    office.clock.passes(hours=hours)
    office.whatsapp("putuskan")
    heard = office.whatsapp("putuskan telegram")
    assert (EARLY in heard, "Telegram sudah diputuskan." in heard) == (not may, may)
    assert ("Ani Contoh" in office.telegram("data apa yang disimpan tentang saya")) == (not may)
    office.telegram("MENU")
    assert ("WhatsApp sudah diputuskan." in (office.telegram("putuskan") and office.telegram("1"))) == (not may)


def test_of_two_that_joined_the_earlier_one_can_part_the_later_one(office: Two) -> None:
    second, third = "6281200000002", "6281200000003"
    office.join(second)
    office.clock.passes(hours=1)
    office.join(third)
    office.whatsapp("putuskan", third)
    assert EARLY in office.whatsapp("putuskan whatsapp", third)
    office.whatsapp("putuskan", second)
    assert "WhatsApp sudah diputuskan." in office.whatsapp("putuskan whatsapp", second)
    assert "Anda belum mendaftar" in office.whatsapp("data saya", third)
    office.whatsapp("putuskan", second)
    assert EARLY in office.whatsapp("putuskan telegram", second)


def test_what_asks_for_more_than_a_new_contact_may_parts_nothing(office: Two) -> None:
    office.join()
    assert office.does_on_whatsapp(LetGo(office.id_of("telegram", ANI))).shared
    assert "Ani Contoh" in office.telegram("data apa yang disimpan tentang saya")


def test_where_news_came_so_far_it_is_told_that_they_were_moved(office: Two) -> None:
    office.join()
    office.clock.passes(minutes=1)
    office.telegram("kabar di sini")
    [told] = office.waiting("whatsapp", WA)
    assert "Kabar lowongan sekarang datang di chat lain, lewat Telegram." in told
    assert "PUTUSKAN" in told
    office.telegram("kabar di sini")
    assert len(office.waiting("whatsapp", WA)) == 1, "what stays is not told again"
    before = office.waiting("telegram", ANI)
    office.does_on_whatsapp(Prefer(office.id_of("telegram", ANI)))
    assert office.waiting("telegram", ANI) == before


def test_where_news_go_is_chosen_from_either_side(office: Two) -> None:
    office.join()
    office.clock.passes(minutes=1)
    assert "datang di sini" in office.telegram("kabar di sini")
    assert office.told_at() == "telegram"
    office.telegram("data apa yang disimpan tentang saya")
    assert "Kabar di WhatsApp: balas 1" in office.telegram("pakai chat lain juga")
    office.clock.passes(minutes=1)
    assert "sekarang datang di WhatsApp" in office.telegram("1")
    assert office.told_at() == "whatsapp"


def test_joining_turns_news_on_where_they_were_stopped_before(office: Two) -> None:
    office.whatsapp("STOP")
    office.join()
    assert office.told_at() == "whatsapp"


def test_stop_stops_one_contact_and_a_pause_holds_at_both(office: Two) -> None:
    office.join()
    assert "Ini hanya untuk chat ini." in office.whatsapp("STOP")
    assert office.told_at() == "telegram"
    office.telegram("data saya")
    office.telegram("berhenti sementara")
    office.whatsapp("data saya")
    assert "Pencarian kerja berjalan lagi." in office.whatsapp("lanjutkan pencarian")


def test_half_a_registration_is_given_up_knowingly_and_overwrites_nothing(office: Two) -> None:
    for word in ("daftar", "saya sendiri", "ya", "Budi Contoh"):
        office.whatsapp(word)
    asked = office.whatsapp(f"SAMBUNG {office.code()}")
    assert "Jawaban pendaftaran yang belum selesai di sini tidak dipakai." in asked
    office.whatsapp("ya")
    assert "Ani Contoh" in office.whatsapp("data apa yang disimpan tentang saya")
    office.whatsapp("SELESAI")
    office.whatsapp("1999")
    office.whatsapp("simpan")
    assert "Tahun lahir: 1998" in office.telegram("data apa yang disimpan tentang saya")


@pytest.mark.parametrize("state", [(), ("daftar",), ("daftar", "1", "ya"), ("loker",), ("MENU",)])
def test_a_code_is_taken_for_nothing_else_wherever_it_is_said(office: Two, state: tuple[str, ...]) -> None:
    for word in state:
        office.whatsapp(word)
    assert "Kode benar." in office.whatsapp(f"sambung {office.code().replace(' ', '-')} ya kak")


def test_a_wrong_used_or_late_code_is_answered_alike_and_keeps_what_was_answered(office: Two) -> None:
    late, used = office.code(), ""
    office.clock.passes(minutes=16)
    used = office.code()
    office.whatsapp(f"SAMBUNG {used}", "6281200000002")
    office.whatsapp("ya", "6281200000002")
    for word in ("daftar", "saya sendiri", "ya", "Budi Contoh"):
        office.whatsapp(word)
    heard = [office.whatsapp(f"SAMBUNG {code}") for code in ("0000 0000", late, used)]
    assert all("Kode itu tidak berlaku." in one for one in heard)
    assert ["PETUGAS" in one for one in heard] == [False, True, True]
    assert "Tahun berapa Anda lahir?" in office.whatsapp("SELESAI")


def wrong_codes(office: Two, count: int, address: str = WA) -> None:
    for number in range(count):
        assert "Kode itu tidak berlaku." in office.whatsapp(f"SAMBUNG 0000 {number:04}", address)


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    said: list[tuple[str, dict[str, Any]]] = []
    warn = SimpleNamespace(warning=lambda event, **given: said.append((event, given)))
    monkeypatch.setattr("bot.guesses.log", warn)
    return said


def test_who_guesses_is_told_that_even_a_good_code_is_wrong(
    office: Two, warnings: list[tuple[str, dict[str, Any]]]
) -> None:
    wrong_codes(office, 4)
    assert "Kode benar." in office.whatsapp(f"SAMBUNG {office.code()}")
    office.whatsapp("tidak")
    wrong_codes(office, 1)
    assert warnings == []
    refused, good = office.whatsapp("SAMBUNG 0000 9999"), office.code()
    assert office.whatsapp(f"SAMBUNG {good}") == refused, "in the same words"
    assert "Kode benar." in office.whatsapp(f"SAMBUNG {good}", "6281200000002"), "only for who guesses"
    assert warnings == [("codes_guessed", {"by": "contact"})]
    office.clock.passes(hours=1)
    assert "Kode benar." in office.whatsapp(f"SAMBUNG {office.code()}")


def test_many_who_guess_share_what_they_may_get_wrong(office: Two, warnings: list[tuple[str, dict[str, Any]]]) -> None:
    for number in range(12):
        wrong_codes(office, 5, f"62813000000{number:02}")
    good = office.code()
    for _ in range(3):
        assert "Kode itu tidak berlaku." in office.whatsapp(f"SAMBUNG {good}")
    assert warnings == [("codes_guessed", {"by": "all"})]
    office.clock.passes(seconds=2)
    assert "Kode benar." in office.whatsapp(f"SAMBUNG {good}")


def test_a_contact_that_is_registered_already_is_not_mixed_up(office: Two) -> None:
    office.registers(WA, name="Budi Contoh", channel="whatsapp")
    code = office.code()
    assert "sudah dipakai untuk pendaftaran lain" in office.whatsapp(f"SAMBUNG {code}")
    assert "Chat ini sudah tersambung." in office.telegram(f"SAMBUNG {code}")
    assert "Budi Contoh" in office.whatsapp("data apa yang disimpan tentang saya")


def test_a_code_that_ended_while_the_yes_was_waited_for_joins_nothing(office: Two) -> None:
    office.whatsapp(f"SAMBUNG {office.code()}")
    office.clock.passes(minutes=16)
    assert "Kode itu tidak berlaku." in office.whatsapp("ya")
    assert office.told_at() == "telegram"


def test_the_same_code_at_two_contacts_at_once_joins_one(office: Two) -> None:
    code = office.code()
    for address in ("6281200000002", "6281200000003"):
        assert "Apakah Anda setuju?" in office.whatsapp(f"SAMBUNG {code}", address)
    both = [office.message(address, "ya", channel="whatsapp") for address in ("6281200000002", "6281200000003")]
    heard = [read(turn) for turn in office.turntaker.take(both) if isinstance(turn, Turn)]
    assert sorted("Tersambung" in one for one in heard) == [False, True]


def test_an_update_that_comes_again_makes_no_second_code(office: Two) -> None:
    message = office.message(ANI, "sambungkan")
    first, again = (office.turntaker.take([message])[0] for _ in range(2))
    assert isinstance(first, Turn)
    assert isinstance(again, Turn)
    assert (again.repeated, read(again)) == (True, read(first))


def test_codes_come_from_a_source_that_nobody_can_guess(office: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([7, 7, 48291573])
    monkeypatch.setattr(secrets, "randbelow", lambda limit: next(drawn))
    assert office.code() == "0000 0007"
    office.registers("2", name="Budi Contoh")
    assert "4829 1573" in read(office.says("2", "sambungkan")), "a code somebody else shows is drawn again"


def test_erasing_at_one_contact_ends_both(office: Two) -> None:
    office.join()
    assert "Ini berlaku untuk semua chat yang tersambung." in office.whatsapp("hapus data saya")
    office.whatsapp("ya")
    [told] = office.waiting("telegram", ANI)
    assert "sudah dihapus dari chat lain" in told
    assert "Ani" not in told
    assert "Anda belum mendaftar" in office.telegram("data saya")
    with office.database.read() as work:
        for table in (contact_seekers, link_codes):
            assert work.connection.execute(sa.select(table)).all() == []


# A number that was handed on


@pytest.fixture
def silent(office: Two) -> Two:
    """Ani is joined on WhatsApp and was not heard there for longer than SILENCE."""
    office.join()
    office.clock.now += SILENCE + timedelta(hours=1)
    return office


QUESTION = "Apakah itu Anda?"


@pytest.mark.parametrize("word", ["data saya", "MENU", "ULANG", "hapus data saya", "halo", "KEMBALI", "x" * 2_000])
def test_after_a_silence_a_question_that_tells_nothing_comes_first(silent: Two, word: str) -> None:
    asked = silent.whatsapp(word)
    assert QUESTION in asked
    assert "Ani" not in asked
    for answer in ("mungkin", "BATAL", "siapa?", "boleh jadi", "ya tidak", "99"):
        heard = silent.whatsapp(answer)
        assert QUESTION in heard
        assert "Ani" not in heard
    assert "PETUGAS" in heard


def test_a_yes_is_followed_by_the_answer_to_what_was_asked(silent: Two) -> None:
    assert QUESTION in silent.whatsapp("data apa yang disimpan tentang saya")
    assert "Ani Contoh" in Two(silent.database, silent.clock, silent.numbers).whatsapp("ya, itu saya")
    assert "Ini tentang data Anda." in silent.whatsapp("data saya")


def test_a_no_parts_the_number_and_greets_somebody_new(silent: Two) -> None:
    assert QUESTION in silent.whatsapp("halo")
    heard = silent.whatsapp("bukan")
    assert "selamat datang" in heard
    assert "Halo, ini Setara Kerja" in heard
    assert "Mendaftar" in heard
    assert "Anda belum mendaftar" in silent.whatsapp("data saya")
    assert silent.told_at() == "telegram"
    assert "Ani Contoh" in silent.telegram("data apa yang disimpan tentang saya")
    with silent.database.read() as work:
        [ticket] = tickets.list_open(work)
    assert (ticket.topic, ticket.contact_id) == ("lost_contact", silent.id_of("telegram", ANI))


def test_an_old_button_is_asked_about_too_and_a_tap_answers(silent: Two) -> None:
    turn = silent.says(WA, None, channel="whatsapp", choice="1:view", sent_at=silent.clock.now)
    assert QUESTION in read(turn)
    no = turn.replies[-1].message.quick_replies[1].value
    answered = silent.says(WA, None, channel="whatsapp", choice=no, sent_at=silent.clock.now)
    assert "selamat datang" in read(answered)
    assert "Ani" not in read(answered)


def test_stop_and_petugas_work_before_the_answer(silent: Two) -> None:
    silent.whatsapp("data saya")
    heard = silent.whatsapp("STOP")
    assert "Kabar lowongan dimatikan" in heard
    assert "Ini hanya untuk chat ini" not in heard
    assert "dicatat untuk petugas" in silent.whatsapp("PETUGAS")
    with silent.database.read() as work:
        assert [ticket.seeker_id for ticket in tickets.list_open(work)] == [None]
    silent.whatsapp("tidak")
    with silent.database.read() as work:
        assert [t.topic for t in tickets.list_open(work)] == ["human", "lost_contact"]


@pytest.mark.parametrize("days", [59, 61])
def test_half_a_form_is_reason_enough_to_ask(office: Two, days: int) -> None:
    for word in ("daftar", "saya sendiri", "ya", "Budi Contoh"):
        office.whatsapp(word)
    office.clock.passes(days=days)
    assert (QUESTION in office.whatsapp("halo")) == (days > 60)


def test_of_whom_nothing_is_kept_nothing_is_asked(office: Two) -> None:
    office.whatsapp("loker untuk tuli")
    office.clock.passes(days=61)
    heard = office.whatsapp("LAINNYA")
    assert QUESTION not in heard
    assert "tuli" not in heard.lower()


def test_a_channel_whose_addresses_are_not_handed_on_never_asks(office: Two) -> None:
    office.clock.passes(days=400)
    assert "Ini tentang data Anda." in office.telegram("data saya")


def test_an_address_that_goes_by_another_name_is_asked(office: Two) -> None:
    office.whatsapp("halo", alias="ID.1")
    office.join()
    office.whatsapp("halo", alias="ID.1")
    assert QUESTION in office.whatsapp("data saya", alias="ID.2")
    assert "Ini tentang data Anda." in office.whatsapp("ya", alias="ID.2")


def test_messages_that_come_together_are_asked_about_once(silent: Two) -> None:
    batch = [
        silent.message(WA, word, channel="whatsapp", sent_at=silent.clock.now) for word in ("data saya", "ya", "loker")
    ]
    first, second, third = (read(turn) for turn in silent.turntaker.take(batch) if isinstance(turn, Turn))
    assert QUESTION in first
    assert "Ini tentang data Anda." in second
    assert QUESTION not in third


def test_what_waited_for_the_old_person_is_not_given_to_the_new_one(silent: Two) -> None:
    with silent.database.work() as work:
        waiting = outbox.NewMessage(silent.id_of("whatsapp", WA), "whatsapp", {"text": "Data Ani Contoh"})
        outbox.add(work, [waiting], silent.clock.now)
    heard = silent.whatsapp("halo")
    assert "Ani" not in heard
    assert QUESTION in heard
    with silent.database.read() as work:
        kept = messages.c.contact_id == silent.id_of("whatsapp", WA), messages.c.state == "dropped"
        assert work.connection.scalar(sa.select(sa.func.count()).where(*kept)) == 1
