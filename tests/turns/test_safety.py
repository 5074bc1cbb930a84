"""Keeping others out: a PIN, a frozen contact, a companion's wish to erase, a receipt."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from bot.channels.base import Turn
from storage import contacts, erasures, links, pins, tickets
from storage.inbound import HIDDEN
from storage.models import inbound, outbox, seekers, sessions
from storage.work import Database
from tests.support.registered import everybody, the_only_one
from tests.support.service import Office, read

MINE = "data apa yang disimpan tentang saya"


@pytest.fixture
def office(database: Database) -> Office:
    office = Office(database)
    office.registers("1")
    return office


def says(office: Office, *words: str, who: str = "1") -> str:
    return [read(office.says(who, word)) for word in words][-1]


def topics(office: Office) -> list[str]:
    with office.database.read() as work:
        return [ticket.topic for ticket in tickets.list_open(work)]


# A PIN


@pytest.fixture
def with_pin(office: Office) -> Office:
    assert "PIN disimpan" in says(office, "PIN", "4071")
    office.clock.passes(minutes=16)
    return office


@pytest.mark.parametrize(
    "words", [MINE, "data saya", "hapus data saya", "ubah nama", "lengkapi profil", "izin saya", "sambungkan"]
)
def test_stored_data_is_read_back_or_changed_only_after_the_pin(with_pin: Office, words: str) -> None:
    asked = says(with_pin, words)
    assert "Tulis PIN Anda" in asked
    assert "Ani" not in asked
    assert "PIN itu salah." in says(with_pin, "1357")
    assert "PIN" not in says(with_pin, "4071"), "and then comes what was wanted"
    assert "Tulis PIN" not in says(with_pin, MINE), "once in a quarter of an hour"
    with_pin.clock.passes(minutes=15)
    assert "Tulis PIN Anda" in says(with_pin, MINE)


def test_what_is_open_is_shut_again_after_a_while(with_pin: Office) -> None:
    assert "Ani Contoh" in says(with_pin, MINE, "4071")
    with_pin.clock.passes(minutes=16)
    for word in ("salinan", "ULANG", "KEMBALI"):
        assert "Ani" not in says(with_pin, word)
    assert "Ani Contoh" in says(with_pin, "4071")


@pytest.mark.parametrize("words", ["loker menjahit", "PETUGAS", "STOP", "tarik izin", "jeda dulu", "MENU"])
def test_what_reads_nothing_back_needs_no_pin(with_pin: Office, words: str) -> None:
    assert "Tulis PIN" not in says(with_pin, words)


def test_five_wrong_ones_are_braked_wherever_they_are_said_and_an_officer_can_help(with_pin: Office) -> None:
    says(with_pin, MINE)
    for guess in range(5):
        heard = says(with_pin, f"135{guess}")
    assert "terlalu sering" in heard
    assert "terlalu sering" in says(with_pin, MINE, "4071"), "the right one is not looked at either"
    assert "Petugas akan membantu" in says(with_pin, "lupa PIN")
    assert "pin" in topics(with_pin)
    with_pin.clock.passes(hours=1)
    assert "Ani Contoh" in says(with_pin, MINE, "4071")


def test_an_officer_takes_a_forgotten_pin_away(with_pin: Office) -> None:
    seeker_id = the_only_one(with_pin.database).id
    with with_pin.database.work() as work:
        pins.set_pin(work, seeker_id, None, with_pin.clock())
    assert "Ani Contoh" in says(with_pin, MINE)


def test_it_is_changed_and_removed_with_the_old_one(with_pin: Office) -> None:
    assert "Tulis PIN Anda" in says(with_pin, "ganti PIN")
    assert "Pilih PIN" in says(with_pin, "4071")
    says(with_pin, "902468")
    with_pin.clock.passes(minutes=16)
    assert "PIN itu salah." in says(with_pin, MINE, "4071")
    assert "Ani Contoh" in says(with_pin, "902468")
    assert "PIN dihapus" in says(with_pin, "hapus PIN", "902468")
    with_pin.clock.passes(minutes=16)
    assert "Ani Contoh" in says(with_pin, MINE)


@pytest.mark.parametrize("digits", ["123", "1111", "1234567", "4321", "123456"])
def test_what_is_no_good_pin_is_not_taken(office: Office, digits: str) -> None:
    says(office, "PIN", digits)
    assert the_only_one(office.database).pin is None


@pytest.mark.parametrize("said", ["4071", "40 71", "PIN saya 4071", "pin: 4071", "40 7 1 2 3 4"])
def test_its_digits_are_kept_nowhere(database: Database, said: str) -> None:
    office = Office(database)
    office.registers("w", channel="web")
    digits = "".join(letter for letter in said if letter.isdigit())
    for words in ("PIN", said):
        (turn,) = office.turntaker.take([office.message("w", words, channel="web", said=words)])
    assert isinstance(turn, Turn)
    assert turn.hushed
    assert digits not in repr(turn)
    with database.read() as work:
        kept = [
            *work.connection.scalars(sa.select(inbound.c.said).where(inbound.c.said.is_not(None))),
            *map(repr, work.connection.scalars(sa.select(outbox.c.body))),
            *map(repr, work.connection.scalars(sa.select(sessions.c.body))),
            *map(repr, everybody(work)),
        ]
    assert HIDDEN in kept
    assert not [text for text in kept if digits in text or said in text]


# A frozen contact


@pytest.fixture
def frozen(office: Office) -> Office:
    with office.database.work() as work:
        contact_id = contacts.find(work, "telegram", "1")
        assert contact_id is not None
        assert contacts.freeze(work, contact_id, office.clock())
    return office


@pytest.mark.parametrize(
    "words", [MINE, "hapus data saya", "ubah nama", "daftar", "SAMBUNG 4829 1573", "loker", "halo"]
)
def test_whoever_writes_from_a_frozen_contact_learns_nothing_and_changes_nothing(frozen: Office, words: str) -> None:
    before = the_only_one(frozen.database)
    heard = says(frozen, words, "ya", "Curi Contoh")
    assert "dikunci petugas" in heard
    assert "Ani" not in says(frozen, words)
    assert the_only_one(frozen.database) == before


def test_what_was_said_there_is_gone_and_nothing_is_told_there(frozen: Office) -> None:
    with frozen.database.read() as work:
        assert not list(work.connection.scalars(sa.select(outbox.c.body)))
        assert not list(work.connection.scalars(sa.select(sessions.c.body).where(sessions.c.body.is_not(None))))
        [speaker] = links.speakers(work, the_only_one(frozen.database).id)
    assert not speaker.open


def test_its_person_can_still_call_an_officer_and_gets_everything_back(frozen: Office) -> None:
    says(frozen, "PETUGAS")
    assert topics(frozen) == ["human"]
    with frozen.database.work() as work:
        contact_id = contacts.find(work, "telegram", "1")
        assert contact_id is not None
        assert contacts.freeze(work, contact_id, None)
        assert not contacts.freeze(work, 999_999, None)
    assert "Ani Contoh" in says(frozen, MINE)


# Erasing


def test_who_erases_gets_a_receipt_that_names_nobody(office: Office) -> None:
    heard = says(office, "hapus data saya", "ya")
    found = re.search(r"\d{4} \d{4} \d{4}", heard)
    assert found
    with office.database.read() as work:
        kept = erasures.find(work, found[0].replace(" ", ""))
        assert work.connection.scalar(sa.select(sa.func.count()).select_from(seekers)) == 0
    assert kept is not None
    assert kept.erased_at == office.clock()
    assert kept.counts == {"consents": 1, "contacts": 1, "matches": 0, "tickets": 0}
    with office.database.read() as work:
        assert erasures.find(work, "0000") is None


def companion(database: Database, born: str) -> Office:
    office = Office(database)
    words = ["daftar", "orang lain", "ya", "kantor dinas saja", "Tono Contoh", born]
    words += ["ya"] if int(born) > 2008 else []
    says(office, *words, "Kotapinang", "LEWATI", "LEWATI", "LEWATI", "simpan")
    return office


def test_a_companion_who_wants_another_adult_erased_stops_the_search_and_an_officer_asks(database: Database) -> None:
    office = companion(database, "1998")
    heard = says(office, "hapus data dia", "ya")
    assert "Petugas akan bertanya kepada orangnya" in heard
    assert the_only_one(database).paused
    assert "erase_for_other" in topics(office)


def test_a_parent_may_have_a_childs_data_erased(database: Database) -> None:
    office = companion(database, "2012")
    assert "Tanda terima" in says(office, "hapus data dia", "ya")
    with database.read() as work:
        assert everybody(work) == []
