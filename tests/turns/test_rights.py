"""What a person says of their data holds at once: in the chat, in matching, and for what waits already."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from conversations.domain.office import Officer
from conversations.domain.purposes import MATCHING, sharing
from storage import contacts, matches, officers, register, seekers, telling, tickets, vacancies
from storage.models import vacancies as kept_vacancies
from storage.work import Database
from tests.storage.offers import Offered
from tests.support.offers import vacancy
from tests.support.registered import the_only_one
from tests.support.service import Office, read

SEWING = vacancy(1, "Penjahit Contoh", fields=("menjahit",), education=None)


@pytest.fixture
def office(database: Database) -> Office:
    office = Office(database)
    office.registers("1")
    return office


def says(office: Office, *words: str) -> str:
    return [read(office.says("1", word)) for word in words][-1]


def matched(office: Office) -> int:
    now = office.clock()
    with office.database.work() as work:
        vacancies.upsert(work, [Offered(SEWING)], now)
        [found] = work.connection.scalars(sa.select(kept_vacancies.c.id))
        return matches.match_vacancy(work, found, now, now.date())


def an_insurer(office: Office) -> Officer:
    office.says("insurer", "halo")
    now = office.clock()
    with office.database.work() as work:
        [known] = contacts.recognise(work, [contacts.Identity("telegram", "insurer")], now)
        invited = officers.Invitation("Budi Contoh", "protection", "officer", None)
        officers.invite(work, "111122223333", invited, now, now + timedelta(days=1))
        made = officers.join(work, "111122223333", known.contact_id, now)
    assert made is not None
    return made


def in_force(office: Office) -> frozenset[str]:
    with office.database.read() as work:
        return seekers.in_force(work, the_only_one(office.database).id)


def test_who_registers_has_agreed_to_being_matched_and_to_nothing_else(office: Office) -> None:
    assert in_force(office) == {MATCHING}
    heard = says(office, "izin saya")
    assert "Mencarikan kerja: ya" in heard
    assert heard.count(": tidak") == 3


def test_a_yes_is_kept_with_its_words_its_time_and_its_channel(office: Office) -> None:
    asked = says(office, "izin saya", "bpjs")
    assert "Ragam disabilitas dan kebutuhan Anda tidak dilihat." in asked
    assert "perlu jawaban yang jelas" in says(office, "mungkin")
    says(office, "ya")
    assert in_force(office) == {MATCHING, sharing("protection")}
    with office.database.read() as work:
        kept = seekers.consents_of(work, the_only_one(office.database).id)[-1]
    assert (kept.channel, kept.giver, kept.given_at) == ("telegram", "self", office.clock())
    assert "Ragam disabilitas dan kebutuhan Anda tidak dilihat." in kept.wording


@pytest.mark.parametrize("way", [["jangan bagikan ke BPJS"], ["izin saya", "3", "ya"], ["cabut izin saya"]])
def test_an_institution_reads_nothing_any_more_from_the_moment_it_is_said(office: Office, way: list[str]) -> None:
    says(office, "izin saya", "bpjs", "ya")
    seeker_id, insurer = the_only_one(office.database).id, an_insurer(office)

    def seen() -> bool:
        with office.database.work() as work:
            person = register.read(work, insurer, seeker_id, office.clock())
        assert person is not None
        return bool(person.values)

    assert seen()
    says(office, *way)
    assert not seen()


@pytest.mark.parametrize(
    ("no", "again"),
    [
        (["tarik izin"], ["izin saya", "1", "ya"]),
        (["izin saya", "1", "cabut"], ["izin saya", "kerja", "ya"]),
        (["jangan cocokkan otomatis"], ["cocokkan lagi"]),
    ],
)
def test_who_takes_back_or_objects_is_not_matched_and_keeps_the_data(
    office: Office, no: list[str], again: list[str]
) -> None:
    says(office, *no)
    assert matched(office) == 0
    assert "Ani Contoh" in says(office, "data apa yang disimpan tentang saya")
    says(office, *again)
    assert matched(office) == 1


@pytest.mark.parametrize("no", ["tarik izin", "jangan cocokkan otomatis", "cabut izin saya"])
def test_what_was_matched_before_is_not_told_any_more(office: Office, no: str) -> None:
    assert matched(office) == 1
    now = office.clock()
    manners = telling.Manners(now.date(), now, 3, now)
    with office.database.read() as work:
        assert telling.untold(work, manners)
    says(office, no)
    with office.database.read() as work:
        assert telling.untold(work, manners) == []


def test_everything_on_record_stays_on_record(office: Office) -> None:
    says(office, "izin saya", "dinsos", "ya")
    office.clock.passes(days=1)
    heard = says(office, "cabut izin saya")
    assert "Data Anda masih disimpan." in heard
    assert in_force(office) == frozenset()
    with office.database.read() as work:
        kept = seekers.consents_of(work, the_only_one(office.database).id)
    assert [one.purpose for one in kept] == [MATCHING, sharing("social")]
    assert {one.withdrawn_at for one in kept} == {office.clock()}


@pytest.mark.parametrize("words", ["HP saya hilang", "hp dicuri", "ganti nomor", "nomor lama hilang"])
def test_a_lost_telephone_from_a_new_contact_reveals_nothing_and_is_before_an_officer(
    office: Office, words: str
) -> None:
    heard = read(office.says("new", words))
    assert "Ani" not in heard
    assert "Petugas sudah diberi tahu" in heard
    with office.database.read() as work:
        [ticket] = tickets.list_open(work)
    assert (ticket.topic, ticket.text, ticket.seeker_id) == ("lost_phone", words, None)
