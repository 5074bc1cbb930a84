"""Officers: invited, recognised, revoked; what they did; and who answers a ticket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from conversations.domain.office import Institution, Officer
from storage import audit, contacts, officers, seekers, tickets
from storage.contacts import Identity
from storage.keys import KeyRing, generate_key
from storage.models import metadata, office_codes
from storage.officers import Invitation
from storage.rotation import rewrite
from storage.work import Database, Work

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(days=3)
CODE = "111122223333"
BUDI = Invitation("Budi Contoh", "work", "admin", None)


def contact(work: Work, address: str) -> int:
    return contacts.recognise(work, [Identity("telegram", address)], NOW)[0].contact_id


def officer(work: Work, address: str, invitation: Invitation = BUDI) -> Officer:
    assert officers.invite(work, CODE, invitation, NOW, UNTIL)
    made = officers.join(work, CODE, contact(work, address), NOW)
    assert made is not None
    return made


def test_a_code_makes_one_officer_once(database: Database) -> None:
    with database.work() as work:
        made = officer(work, "1")
        assert made == Officer(made.id, "Budi Contoh", "work", "admin")
        assert officers.of_contact(work, contact(work, "1")) == made
        assert officers.join(work, CODE, contact(work, "2"), NOW) is None
        assert officers.of_contact(work, contact(work, "2")) is None


def test_a_code_ends_and_then_goes(database: Database) -> None:
    with database.work() as work:
        assert officers.invite(work, CODE, BUDI, NOW, UNTIL)
        assert not officers.invite(work, CODE, BUDI, NOW, UNTIL), "the code is somebody else's"
        assert officers.join(work, CODE, contact(work, "1"), UNTIL) is None
        assert officers.invite(work, "999900001111", BUDI, UNTIL, UNTIL + timedelta(days=1))
        assert work.connection.scalar(sa.select(sa.func.count()).select_from(office_codes)) == 1


def test_who_is_revoked_has_no_console_no_invitation_and_no_ticket(database: Database) -> None:
    with database.work() as work:
        made = officer(work, "1")
        assert officers.invite(work, CODE, Invitation("Citra Contoh", "social", "officer", made.id), NOW, UNTIL)
        ticket_id = tickets.open_ticket(work, contact(work, "2"), None, "human", "tolong", NOW)
        assert tickets.take(work, ticket_id, made.id) == made.id
        assert officers.revoke(work, made.id, NOW)
        assert not officers.revoke(work, made.id, NOW)
        assert officers.of_contact(work, contact(work, "1")) is None
        assert officers.get(work, made.id) is None
        assert officers.join(work, CODE, contact(work, "3"), NOW) is None
        assert tickets.list_open(work)[0].taken_by is None
        [kept] = officers.listed(work)
        assert (kept.name, kept.revoked_at, kept.contact_id) == ("Budi Contoh", NOW, None)


def test_of_two_who_answer_one_ticket_the_first_does(database: Database) -> None:
    with database.work() as work:
        budi = officer(work, "1")
        citra = officer(work, "2", Invitation("Citra Contoh", "work", "officer", budi.id))
        ticket_id = tickets.open_ticket(work, contact(work, "3"), None, "human", "tolong", NOW)
        assert tickets.take(work, ticket_id, budi.id) == budi.id
        assert tickets.take(work, ticket_id, citra.id) == budi.id
        assert tickets.take(work, ticket_id, citra.id, over=True) == citra.id
        assert tickets.take(work, 999, citra.id) is None


def test_what_the_person_says_opens_a_ticket_again(database: Database) -> None:
    with database.work() as work:
        budi = officer(work, "1")
        ticket_id = tickets.open_ticket(work, contact(work, "3"), None, "human", "tolong", NOW)
        tickets.say(work, ticket_id, "officer", "datang besok", NOW, officer_id=budi.id)
        assert tickets.close(work, ticket_id, "answered", NOW)
        assert not tickets.close(work, ticket_id, "answered", NOW)
        closed = tickets.get(work, ticket_id)
        assert closed is not None
        assert (tickets.list_open(work), closed.outcome, closed.closed_at) == ([], "answered", NOW)
        tickets.say(work, ticket_id, "person", "jam berapa?", NOW)
        [again] = tickets.list_open(work)
        assert (again.id, again.outcome, again.closed_at) == (ticket_id, None, None)
        said = [(line.author, line.officer, line.text) for line in tickets.lines(work, ticket_id)]
        assert said == [("officer", "Budi Contoh", "datang besok"), ("person", None, "jam berapa?")]


@pytest.mark.parametrize(
    ("institution", "seen"),
    [("work", ["human", "safety", "protection"]), ("social", ["safety"]), ("protection", ["protection"])],
)
def test_an_institution_has_its_own_tickets_and_the_labour_office_all(
    database: Database, institution: Institution, seen: list[str]
) -> None:
    with database.work() as work:
        ids = [
            tickets.open_ticket(work, contact(work, "1"), None, topic, "", NOW)
            for topic in ("human", "safety", "protection")
        ]
        found = tickets.list_open(work, institution=institution)
        assert [ticket.topic for ticket in found] == seen
        assert tickets.count_open(work, institution) == len(seen)
        got = [tickets.get(work, id_, institution) for id_ in ids]
        assert [ticket.topic for ticket in got if ticket] == seen


def test_what_was_done_is_kept_without_words_and_outlives_who_was_read(database: Database) -> None:
    with database.work() as work:
        budi = officer(work, "1")
        ani = seekers.add(work, {"name": "Ani Contoh"}, education_rank=None, now=NOW)
        audit.note(work, budi, "read", NOW, seeker_id=ani, ticket=3)
        audit.note(work, budi, "verify", NOW, seeker_id=ani)
        audit.note(work, None, "ticket", NOW, seeker_id=ani)
        audit.note(work, budi, "tickets", NOW)
        for words in ("Ani Contoh", "081200000001", "a.b"):
            with pytest.raises(ValueError, match="numbers and codes"):
                audit.note(work, budi, "read", NOW, about=words)
        seekers.erase(work, ani, NOW)
        readers = [(one.institution, one.officer, one.act) for one in audit.readers_of(work, ani)]
        assert readers == [(None, None, "ticket"), ("work", "Budi Contoh", "read")]
        acts = [(one.officer_id, one.act, one.seeker_id, one.detail) for one in audit.entries(work)]
        assert acts == [
            (budi.id, "read", ani, {"ticket": 3}),
            (budi.id, "verify", ani, {}),
            (None, "ticket", ani, {}),
            (budi.id, "tickets", None, {}),
        ]
        assert [one.act for one in audit.entries(work, ani, limit=2)] == ["verify", "ticket"]


def test_of_a_contact_that_stands_twice_the_last_console_stays(database: Database, key: str) -> None:
    url, new = database.url.render_as_string(hide_password=False), generate_key()
    both, only_new = Database(url, KeyRing([new, key])), Database(url, KeyRing([new]))
    try:
        with database.work() as work:
            officer(work, "1")
            here = contact(work, "1")
        with only_new.work() as work:
            citra = officer(work, "1", Invitation("Citra Contoh", "social", "officer", None))
        rewrite(both)
        with only_new.work() as work:
            assert contact(work, "1") == here
            assert officers.of_contact(work, here) == citra
            assert [(one.name, one.contact_id) for one in officers.listed(work)] == [
                ("Budi Contoh", None),
                ("Citra Contoh", here),
            ]
            assert work.connection.scalar(sa.select(sa.func.count()).select_from(metadata.tables["contacts"])) == 1
    finally:
        both.close()
        only_new.close()
