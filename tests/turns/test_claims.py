"""A code given in person, said in a chat: it asks the person's own yes, tells nothing, and cannot be guessed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.claiming import GOOD_FOR, make_code
from bot.guesses import OF_A_CONTACT
from storage import duplicates, links, seekers
from storage.models import claim_codes
from storage.seekers import Consent
from storage.work import Database
from tests.support.registered import everybody
from tests.support.service import START, Office, read


class Counter(Office):
    """An office with people registered from paper, at whose counter codes are given."""

    def on_paper(self, name: str = "Ani Contoh", **values: object) -> int:
        values = {"name": name, "birth_year": 1990, "paper": {"number": "F1"}, **values}
        with self.database.work() as work:
            seeker_id = seekers.add(work, values, education_rank=None, now=START)
            if values.get("status", "active") == "active":
                consent = Consent("matching", 1, "Setuju?", "paper", "self", START)
                seekers.give_consent(work, seeker_id, consent)
        return seeker_id

    def code(self, seeker_id: int) -> str:
        with self.database.work() as work:
            code = make_code(work, seeker_id, self.clock())
        assert code is not None
        return code

    def hears(self, text: str, address: str = "1") -> str:
        return read(self.says(address, text))

    def told_at(self, seeker_id: int) -> list[str]:
        with self.database.read() as work:
            return [speaker.channel for speaker in links.speakers(work, seeker_id) if speaker.open]


@pytest.fixture
def office(database: Database) -> Counter:
    return Counter(database)


def test_a_code_joins_the_chat_after_the_persons_own_yes(office: Counter) -> None:
    ani = office.on_paper()
    code = office.code(ani)
    asked = office.hears(f"SAMBUNG {code[:4]} {code[4:]}")
    assert "Apakah Anda setuju?" in asked
    assert "Ani" not in asked
    assert office.told_at(ani) == []
    assert "Tersambung. Kabar lowongan sekarang datang di sini, lewat Telegram." in office.hears("ya")
    assert office.told_at(ani) == ["telegram"]
    assert "Ani Contoh" in office.hears("data apa yang disimpan tentang saya")
    with office.database.read() as work:
        last = seekers.consents_of(work, ani)[-1]
    assert (last.purpose, last.channel, last.giver) == ("telling:telegram", "telegram", "self")
    assert "tidak berlaku" in office.hears(f"SAMBUNG {code}", "2"), "once"


def test_the_bare_digits_and_dictated_ones_are_heard(office: Counter) -> None:
    ani = office.on_paper()
    digits = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
    assert "Apakah Anda setuju?" in office.hears(" ".join(digits[int(digit)] for digit in office.code(ani)))
    assert "tidak disambungkan" in office.hears("tidak")
    assert office.told_at(ani) == []


def test_who_was_only_invited_agrees_to_be_registered_first(office: Counter) -> None:
    ani = office.on_paper(status="invited")
    asked = office.hears(f"SAMBUNG {office.code(ani)}")
    assert "menyimpan jawaban Anda, juga tentang disabilitas." in asked
    assert "Ani" not in asked
    assert "Apakah Anda setuju?" in office.hears("ya")
    with office.database.read() as work:
        assert seekers.load(work, [ani])[ani].status == "invited", "both are needed"
    assert "Tersambung." in office.hears("ya, setuju")
    with office.database.read() as work:
        assert seekers.load(work, [ani])[ani].status == "active"
        matching, telling = seekers.consents_of(work, ani)
    assert (matching.purpose, matching.giver, matching.channel, matching.version) == ("matching", "self", "telegram", 1)
    assert matching.wording.startswith("Dinas Ketenagakerjaan Labuhanbatu Selatan menyimpan")
    assert telling.purpose == "telling:telegram"


def test_no_is_as_easy_as_yes(office: Counter) -> None:
    ani = office.on_paper(status="invited")
    office.hears(f"SAMBUNG {office.code(ani)}")
    assert "tidak boleh" not in office.hears("mungkin")
    assert "Anda tidak didaftarkan" in office.hears("tidak")
    with office.database.read() as work:
        assert seekers.load(work, [ani])[ani].status == "invited"
        assert seekers.consents_of(work, ani) == []


def test_an_adult_whose_guardian_agreed_agrees_themselves(office: Counter) -> None:
    ani = office.on_paper(status="draft")
    office.hears(f"SAMBUNG {office.code(ani)}")
    assert "Saya Ani Contoh" in office.hears("ya")
    assert "menyimpan jawaban Anda" in office.hears("1")
    office.hears("ya")
    with office.database.read() as work:
        assert seekers.load(work, [ani])[ani].status == "active"
        assert [(one.purpose, one.giver) for one in seekers.consents_of(work, ani)][-1] == ("matching", "self")


@pytest.mark.parametrize("born", [2010, 2008, None])
def test_who_may_be_a_child_goes_to_an_officer(office: Counter, born: int | None) -> None:
    ani = office.on_paper(status="invited", birth_year=born)
    assert "Petugas perlu memeriksanya dulu." in office.hears(f"SAMBUNG {office.code(ani)}")
    assert office.told_at(ani) == []


def test_a_chat_that_speaks_for_itself_already_keeps_its_own_registration(office: Counter) -> None:
    office.registers("1", "Budi Contoh")
    ani = office.on_paper()
    code = office.code(ani)
    assert "sudah dipakai untuk pendaftaran lain" in office.hears(f"SAMBUNG {code}")
    office.hears(f"SAMBUNG {code}", "2")
    office.hears("ya", "2")
    assert "sudah tersambung" in office.hears(f"SAMBUNG {office.code(ani)}", "2")


def test_a_newer_code_ends_the_older_and_time_ends_both(office: Counter) -> None:
    ani = office.on_paper()
    old, new = office.code(ani), office.code(ani)
    assert "tidak berlaku" in office.hears(f"SAMBUNG {old}")
    office.clock.now += GOOD_FOR
    assert "tidak berlaku" in office.hears(f"SAMBUNG {new}", "2")
    with office.database.work() as work:
        assert make_code(work, 999, office.clock()) is None
        [kept] = work.connection.execute(sa.select(claim_codes.c.code_hash, claim_codes.c.seeker_id)).all()
    assert new.encode() not in kept.code_hash


def test_guessing_is_braked_and_a_wrong_code_tells_nothing(office: Counter) -> None:
    code = office.code(office.on_paper())
    wrong = re.sub("[0-4]", "9", code) if re.search("[0-4]", code) else code[::-1]
    answers = {office.hears(f"SAMBUNG {wrong}") for _ in range(OF_A_CONTACT)}
    assert all("tidak berlaku" in answer for answer in answers)
    assert "tidak berlaku" in office.hears(f"SAMBUNG {code}"), "who guesses does not learn when it was right"
    office.clock.passes(hours=2)
    assert "Apakah Anda setuju?" in office.hears(f"SAMBUNG {code}")


def test_who_may_be_registered_twice_is_noticed_and_told_nothing(office: Counter) -> None:
    ani = office.on_paper(birth_year=1998, district="12.22.01")
    said = office.registers("1", "Ani Contoh")
    assert "terdaftar" not in said
    with office.database.read() as work:
        [alike] = duplicates.waiting(work)
        assert [seeker.id for seeker in everybody(work)] == [alike.seeker_id, alike.other_id]
    assert (alike.seeker_id, alike.why) == (ani, "name")
    assert START <= alike.noticed_at <= START + timedelta(minutes=1)
