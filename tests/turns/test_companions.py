"""One contact speaks for several people: what is kept of each, who else may speak for them, and what alerts say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.retention import erase_expired
from conversations.domain.purposes import GUARDIAN, MATCHING
from conversations.domain.seeker import Seeker
from storage import contacts, links, seekers, tombstones
from storage.contacts import Identity
from storage.seekers import DRAFTS_KEPT
from storage.work import Database
from tests.support.registered import everybody
from tests.support.service import START, Office, read
from tests.turns.test_telling import SEWING, alerts, announcer, opens, told

HERE, WA = "1", "6281200000001"
PEOPLE = ("Rina Contoh", "Budi Contoh", "Siti Contoh")


class Neighbour(Office):
    """An office that a neighbour uses on Telegram for three people, and on WhatsApp."""

    def here(self, text: str) -> str:
        return read(self.says(HERE, text))

    def there(self, text: str) -> str:
        return read(self.says(WA, text, channel="whatsapp", sent_at=self.clock.now))

    def registers_other(self, name: str, *yes: str) -> None:
        yes = yes or ("ya", "kantor dinas saja", name, "1990")
        for word in ("daftarkan orang lain", *yes, "kotapinang", "LEWATI", "SMA", "menjahit", "simpan", "LEWATI"):
            said = self.here(word)
        assert "Kita lanjutkan" not in said

    def joins(self, name: str) -> str:
        self.here(f"ganti {name}")
        found = re.search(r"SAMBUNG (\d{4} \d{4})", self.here("sambungkan"))
        assert found is not None
        self.there(f"SAMBUNG {found[1]}")
        return self.there("ya")

    def people(self) -> dict[str, Seeker]:
        with self.database.read() as work:
            return {one.name: one for one in everybody(work)}

    def spoken_for(self, channel: str, address: str) -> set[str]:
        with self.database.work() as work:
            [known] = contacts.recognise(work, [Identity(channel, address)], self.clock.now)
            return {one.name for one in known.seekers}


@pytest.fixture
def neighbour(database: Database) -> Neighbour:
    office = Neighbour(database)
    for name in PEOPLE:
        office.registers_other(name)
    return office


def test_each_is_kept_by_themselves(neighbour: Neighbour) -> None:
    assert set(neighbour.people()) == set(PEOPLE)
    neighbour.here("ganti rina")
    neighbour.here("ubah nama")
    neighbour.here("Rina Baru Contoh")
    assert set(neighbour.people()) == {"Rina Baru Contoh", "Budi Contoh", "Siti Contoh"}


def test_two_contacts_speak_for_the_same_three_and_erasing_one_leaves_the_others_whole(neighbour: Neighbour) -> None:
    for name in PEOPLE:
        assert "Tersambung" in neighbour.joins(name)
    assert neighbour.spoken_for("whatsapp", WA) == set(PEOPLE)
    before = neighbour.people()
    neighbour.there("ganti siti")
    assert "Siapa namanya" in neighbour.there("ubah nama")
    neighbour.here("ganti budi")
    assert "Semua data Budi Contoh akan dihapus" in neighbour.here("hapus data saya")
    assert "Petugas akan bertanya kepada orangnya" in neighbour.here("ya")
    budi = before["Budi Contoh"]
    assert neighbour.people() == before | {"Budi Contoh": replace(budi, paused=True)}, "he decides, and is asked"
    with neighbour.database.work() as work:
        seekers.erase(work, budi.id, neighbour.clock())
    assert neighbour.people() == {name: one for name, one in before.items() if name != "Budi Contoh"}
    for channel, address in (("telegram", HERE), ("whatsapp", WA)):
        assert neighbour.spoken_for(channel, address) == {"Rina Contoh", "Siti Contoh"}
    with neighbour.database.read() as work:
        for name in ("Rina Contoh", "Siti Contoh"):
            assert MATCHING in {one.purpose for one in seekers.consents_of(work, before[name].id)}
            assert len(links.speakers(work, before[name].id)) == 2
    neighbour.there("Siti Baru Contoh")
    assert set(neighbour.people()) == {"Rina Contoh", "Siti Baru Contoh"}, "the form that was open there goes on"


def test_parting_from_one_leaves_the_others(neighbour: Neighbour) -> None:
    for name in PEOPLE:
        neighbour.joins(name)
    neighbour.there("ganti rina")
    neighbour.there("putuskan")
    neighbour.there("putuskan chat ini")
    assert neighbour.spoken_for("whatsapp", WA) == {"Budi Contoh", "Siti Contoh"}
    assert neighbour.spoken_for("telegram", HERE) == set(PEOPLE)
    assert set(neighbour.people()) == set(PEOPLE)


def test_one_alert_names_nobody_and_opening_it_says_whom_it_suits(neighbour: Neighbour, tmp_path: Path) -> None:
    neighbour.here("ganti siti")
    neighbour.here("jeda dulu")
    opens(neighbour, SEWING)
    telling = announcer(neighbour, tmp_path)
    assert told(telling) == 1, "one for the contact, not one for each"
    assert told(telling) == 0
    [text] = alerts(neighbour.database)
    assert not [name for name in PEOPLE if name in text]
    opened = neighbour.here(text.rsplit(": balas ", 1)[1])
    assert "Cocok untuk: Budi Contoh dan Rina Contoh." in opened
    assert "Siti" not in opened, "who has paused is not looked for"


def test_a_draft_is_not_matched_until_the_person_agrees(database: Database, tmp_path: Path) -> None:
    office = Neighbour(database)
    office.registers_other("Rina Contoh", "dia tidak di sini", "Rina Contoh", "1990", "bukan")
    opens(office, SEWING)
    telling = announcer(office, tmp_path)
    assert told(telling) == 0
    assert office.people()["Rina Contoh"].status == "draft"
    for word in ("dia setuju", "ya", "kantor dinas saja"):
        office.here(word)
    assert office.people()["Rina Contoh"].status == "active"
    with database.read() as work:
        [given] = seekers.consents_of(work, office.people()["Rina Contoh"].id)
    assert (given.purpose, given.giver, given.how) == (MATCHING, "self", "companion")
    opens(office, replace(SEWING, external_id="L77"))
    assert told(telling) == 1


def test_drafts_expire_and_nobody_else(neighbour: Neighbour) -> None:
    neighbour.registers_other("Doni Contoh", "nanti", "Doni Contoh", "1990", "bukan")
    with neighbour.database.read() as work:
        assert seekers.expired_drafts(work, START + DRAFTS_KEPT - timedelta(seconds=1)) == []
        expired = seekers.expired_drafts(work, START + DRAFTS_KEPT)
    assert expired == [neighbour.people()["Doni Contoh"].id]
    others = neighbour.people().keys() - {"Doni Contoh"}
    with neighbour.database.work() as work:
        assert erase_expired(work, START + DRAFTS_KEPT) == 1
        assert erase_expired(work, START + DRAFTS_KEPT) == 0
        assert [one.kind for one in tombstones.kept(work)].count("seeker") == 1, "nor does a backup bring them back"
    assert neighbour.people().keys() == others


def test_a_guardians_yes_counts_once_an_officer_has_confirmed_it(database: Database, tmp_path: Path) -> None:
    office = Neighbour(database)
    office.registers_other("Doni Contoh", "nanti", "Doni Contoh", "1990", "ya ada suratnya", "ya")
    opens(office, SEWING)
    telling = announcer(office, tmp_path)
    assert told(telling) == 0
    doni = office.people()["Doni Contoh"].id
    with database.work() as work:
        assert seekers.confirm_guardian(work, doni, office.clock.now)
        assert not seekers.confirm_guardian(work, doni, office.clock.now), "once"
        [claimed, given] = seekers.consents_of(work, doni)
    assert (claimed.purpose, given.purpose, given.giver) == (GUARDIAN, MATCHING, "guardian")
    assert claimed.withdrawn_at is not None
    assert office.people()["Doni Contoh"].status == "active"
