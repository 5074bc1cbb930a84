"""One seeker at several contacts: codes are good once and for a while, and a contact that is parted keeps nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import sleep

import pytest
import sqlalchemy as sa

from storage import contacts, inbound, links, outbox, seekers, sessions, tickets
from storage import vacancies as kept_vacancies
from storage.contacts import Identity
from storage.inbound import Arrival
from storage.links import Offer
from storage.models import contact_seekers, link_codes, matches, vacancies
from storage.outbox import NewMessage
from storage.seekers import Consent
from storage.sessions import SessionToSave
from storage.work import Database, Work
from tests.storage.offers import VACANCY, Offered

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=15)
CODE, OTHER_CODE = "48291573", "00000001"


def contact(work: Work, address: str, channel: str = "telegram") -> int:
    [known] = contacts.recognise(work, [Identity(channel, address)], NOW)
    return known.contact_id


def seeker(work: Work, *contact_ids: int) -> int:
    seeker_id = seekers.add(work, {"name": "Ani Contoh"}, education_rank=None, now=NOW)
    for contact_id in contact_ids:
        seekers.link(work, contact_id, seeker_id, "companion")
    return seeker_id


@pytest.fixture
def shown(database: Database) -> tuple[int, int]:
    """A contact that shows CODE, and the seeker it joins to."""
    with database.work() as work:
        here = contact(work, "1")
        ani = seeker(work, here)
        assert links.offer(work, here, ani, CODE, NOW, UNTIL)
    return here, ani


def test_a_code_joins_once_and_the_contact_that_used_it_is_told(database: Database, shown: tuple[int, int]) -> None:
    here, ani = shown
    with database.work() as work:
        there = contact(work, "2", "whatsapp")
        assert links.offered(work, CODE, NOW) == Offer(here, ani)
        assert links.use(work, CODE, there, NOW) == ani
        assert links.offered(work, CODE, NOW) is None
        assert links.use(work, CODE, contact(work, "3"), NOW) is None
        assert [(s.contact_id, s.joined_at) for s in links.speakers(work, ani)] == [(there, NOW), (here, None)]
        [known] = contacts.recognise(work, [Identity("whatsapp", "2")], NOW)
        assert known.seekers
        assert (known.seekers[0].id, known.shared) == (ani, frozenset({ani}))
        role = sa.select(contact_seekers.c.role).where(contact_seekers.c.contact_id == there)
        assert work.connection.scalar(role) == "companion"


def test_a_code_ends_with_its_time_and_with_the_next_one(database: Database, shown: tuple[int, int]) -> None:
    here, ani = shown
    with database.work() as work:
        assert links.offered(work, CODE, UNTIL - timedelta(seconds=1)) is not None
        assert links.offered(work, CODE, UNTIL) is None
        assert links.use(work, CODE, contact(work, "2"), UNTIL) is None
        assert links.offer(work, here, ani, OTHER_CODE, NOW, UNTIL)
        assert links.offered(work, CODE, NOW) is None
        assert links.offered(work, OTHER_CODE, NOW) == Offer(here, ani)


def test_a_code_that_somebody_else_shows_is_refused_until_its_time_has_passed(
    database: Database, shown: tuple[int, int]
) -> None:
    with database.work() as work:
        there = contact(work, "2")
        budi = seeker(work, there)
        assert not links.offer(work, there, budi, CODE, NOW, UNTIL)
        assert links.offer(work, there, budi, CODE, UNTIL, UNTIL + timedelta(minutes=15))


def test_of_two_who_use_a_code_at_the_same_time_one_is_joined(database: Database, shown: tuple[int, int]) -> None:
    joined: list[int | None] = []

    def use(address: str) -> None:
        with database.work() as work:
            joined.append(links.use(work, CODE, contact(work, address), NOW))

    both = [Thread(target=use, args=(address,)) for address in ("2", "3")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(joined, key=str) == [shown[1], None]


@pytest.mark.parametrize("part", [False, True])
def test_nobody_waits_for_each_other_when_one_contact_writes_while_the_other_one_erases(
    database: Database, shown: tuple[int, int], part: bool
) -> None:
    here, ani = shown
    with database.work() as work:
        there = contact(work, "2")
        links.use(work, CODE, there, NOW)
    writing = Event()
    done: list[str] = []

    def write() -> None:
        with database.work() as work:
            contact(work, "1")
            writing.set()
            sleep(0.2)
            seekers.change(work, ani, {"name": "Ani"}, education_rank=None, now=NOW)
            links.prefer(work, here, ani, NOW)
        done.append("written")

    def erase() -> None:
        writing.wait()
        with database.work() as work:
            contact(work, "2")
            if part:
                links.part(work, here, NOW, acting_contact_id=there)
            else:
                seekers.erase(work, ani, NOW, acting_contact_id=there)
        done.append("erased")

    both = [Thread(target=write), Thread(target=erase)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert done == ["written", "erased"]


def test_a_code_is_not_kept_as_it_is_said(database: Database, shown: tuple[int, int]) -> None:
    with database.work() as work:
        kept = bytes(work.connection.scalars(sa.select(link_codes.c.code_hash)).one())
    assert CODE.encode() not in kept
    assert kept == database.key_ring.hash("link_codes.code", CODE)


def test_erasing_a_seeker_takes_codes_and_links_along(database: Database, shown: tuple[int, int]) -> None:
    here, ani = shown
    with database.work() as work:
        there = contact(work, "2", "whatsapp")
        links.use(work, CODE, there, NOW)
        links.offer(work, there, ani, OTHER_CODE, NOW, UNTIL)
        sessions.save(work, [SessionToSave(here, {"a": 1}, 0)], NOW)
        seekers.erase(work, ani, NOW, acting_contact_id=there)
        for table in (link_codes, contact_seekers):
            assert work.connection.execute(sa.select(table)).all() == []
        [known] = contacts.recognise(work, [Identity("telegram", "1")], NOW)
        assert (known.session, known.seekers, known.shared) == (None, (), frozenset())


def test_a_contact_that_is_parted_keeps_nothing_and_the_seeker_loses_nothing(
    database: Database, shown: tuple[int, int]
) -> None:
    here, ani = shown
    with database.work() as work:
        there = contact(work, "2", "whatsapp")
        links.use(work, CODE, there, NOW)
        seekers.give_consent(work, ani, Consent("telling:whatsapp", 1, "Boleh?", "whatsapp", "self", NOW))
        links.offer(work, there, ani, OTHER_CODE, NOW, UNTIL)
        sessions.save(work, [SessionToSave(there, {"a": "rahasia"}, 0)], NOW)
        inbound.record(work, [Arrival("whatsapp", "1", there, said="rahasia")], NOW)
        [alert] = outbox.add(work, [NewMessage(there, "whatsapp", {"text": "kabar"}, kind="alert")], NOW)
        outbox.add(work, [NewMessage(there, "whatsapp", {"text": "rahasia"})], NOW)
        _told(work, ani, alert)
        asked = tickets.open_ticket(work, there, ani, "human", "tolong", NOW)
        links.part(work, there, NOW)

        assert [s.contact_id for s in links.speakers(work, ani)] == [here]
        assert links.offered(work, OTHER_CODE, NOW) is None
        assert outbox.transcript(work, there, 9) == []
        [known] = contacts.recognise(work, [Identity("whatsapp", "2")], NOW)
        assert (known.session, known.seekers) == (None, ())
        assert [(t.id, t.contact_id) for t in tickets.list_open(work)] == [(asked, here)]
        assert [c.withdrawn_at for c in seekers.consents_of(work, ani)] == [NOW]
        told = work.connection.execute(sa.select(matches.c.told_at, matches.c.outbox_id)).one()
        assert told == (None, None), "what it was still to be told is told elsewhere"


def test_of_somebody_who_lost_a_number_officers_learn_and_what_the_new_person_asked_stays(
    database: Database, shown: tuple[int, int]
) -> None:
    here, ani = shown
    with database.work() as work:
        there = contact(work, "2", "whatsapp")
        links.use(work, CODE, there, NOW)
        tickets.open_ticket(work, there, None, "human", "dari dulu", NOW)
        new = NOW + timedelta(days=90)
        tickets.open_ticket(work, there, None, "human", "dari orang baru", new)
        links.part(work, there, new, acting_contact_id=there, since=new)
        found = [(t.topic, t.contact_id, t.seeker_id, t.text, t.answerable) for t in tickets.list_open(work)]
        assert found == [("human", there, None, "dari orang baru", True), ("lost_contact", here, ani, "", True)]


def test_what_is_about_who_lost_their_only_number_cannot_be_answered_there(
    database: Database, shown: tuple[int, int]
) -> None:
    here, ani = shown
    with database.work() as work:
        tickets.open_ticket(work, here, ani, "human", "dari dulu", NOW)
        assert [t.answerable for t in tickets.list_open(work)] == [True]
        new = NOW + timedelta(days=90)
        tickets.open_ticket(work, here, None, "human", "dari orang baru", new)
        links.part(work, here, new, acting_contact_id=here, since=new)
        found = [(t.topic, t.text, t.answerable) for t in tickets.list_open(work)]
        assert found == [("human", "dari dulu", False), ("human", "dari orang baru", True), ("lost_contact", "", False)]
        seekers.link(work, here, ani, "self")
        assert [t.answerable for t in tickets.list_open(work)] == [True] * 3, "whoever is registered there reads it"


def test_a_yes_to_being_told_stays_while_another_contact_of_that_channel_does(
    database: Database, shown: tuple[int, int]
) -> None:
    _, ani = shown
    with database.work() as work:
        there = contact(work, "2")
        links.use(work, CODE, there, NOW)
        seekers.give_consent(work, ani, Consent("telling:telegram", 1, "Boleh?", "telegram", "self", NOW))
        links.part(work, there, NOW)
        assert [c.withdrawn_at for c in seekers.consents_of(work, ani)] == [None]


def _told(work: Work, seeker_id: int, outbox_id: int | None) -> None:
    kept_vacancies.upsert(work, [Offered(VACANCY)], NOW)
    [vacancy_id] = work.connection.scalars(sa.select(vacancies.c.id))
    row = {"vacancy_id": vacancy_id, "seeker_id": seeker_id, "created_at": NOW, "told_at": NOW, "outbox_id": outbox_id}
    work.connection.execute(matches.insert().values(row))
