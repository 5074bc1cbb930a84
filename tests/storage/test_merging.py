"""Two records of one person: noticed for officers, joined with everything, or settled as two people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from conversations.engine.session import Frame, Session
from storage import contacts, documents, duplicates, links, merging, seekers, sessions, tickets, vacancies
from storage.contacts import Identity
from storage.models import contact_seekers, likenesses, matches, metadata, paper_forms
from storage.models import seekers as kept
from storage.seekers import Consent
from storage.sessions import SessionToSave
from storage.work import Database, Work
from tests.storage.offers import VACANCY, Offered

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def seeker(work: Work, name: str = "Ani Contoh", **values: object) -> int:
    return seekers.add(work, {"name": name, **values}, education_rank=None, now=NOW)


def contact(work: Work, address: str, *seeker_ids: int) -> int:
    [known] = contacts.recognise(work, [Identity("telegram", address)], NOW)
    for seeker_id in seeker_ids:
        seekers.link(work, known.contact_id, seeker_id, "self")
    return known.contact_id


def consent(given_at: datetime = NOW, purpose: str = "matching", withdrawn_at: datetime | None = None) -> Consent:
    return Consent(purpose, 1, "Setuju?", "web", "self", given_at, withdrawn_at)


def test_every_table_of_a_seeker_is_moved_or_left_on_purpose() -> None:
    pointing = {
        table for table in metadata.sorted_tables if any(key.column.table is kept for key in table.foreign_keys)
    }
    assert pointing == {*merging.MOVED, *merging.LEFT}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Siti Nurhaliza Contoh", "Siti Nurhalisa Contoh", True),
        ("Siti Nurhaliza Contoh", "contoh, siti nurhaliza", True),
        ("Siti Nurhaliza Contoh", "Siti Nurhaliza", True),
        ("Siti Nurhaliza Contoh", "Siti", False),
        ("Siti Nurhaliza", "Siti Aminah", False),
        ("Budi", "Budy", False),
        ("Budi", "budi", True),
        ("", "Budi", False),
    ],
)
def test_which_names_may_be_one_persons(one: str, other: str, alike: bool) -> None:
    assert duplicates.similar(one, other) is alike


def test_a_likeness_is_noted_once_and_settled_for_good(database: Database) -> None:
    home: dict[str, Any] = {"birth_year": 1991, "district": "12.22.03"}
    with database.work() as work:
        ani, again = seeker(work, nik="1222015703910001", **home), seeker(work, "Anni Contoh", **home)
        elsewhere = seeker(work, "Ani Contoh", birth_year=1991, district="12.22.01")
        found = seekers.load(work, [again, elsewhere])
        assert [one.seeker_id for one in duplicates.notice(work, found[again], NOW)] == [ani]
        assert duplicates.notice(work, found[again], NOW) == ()
        assert duplicates.notice(work, found[elsewhere], NOW) == ()
        assert [(one.seeker_id, one.other_id, one.why) for one in duplicates.waiting(work)] == [(ani, again, "name")]
        assert duplicates.differ(work, again, ani, NOW)
        assert not duplicates.differ(work, again, again, NOW)
        assert not duplicates.differ(work, again, 999, NOW)
        assert duplicates.waiting(work) == []
        assert duplicates.notice(work, found[again], NOW) == ()


def test_everything_of_the_other_record_goes_over(database: Database) -> None:
    with database.work() as work:
        keep = seeker(work, phone="+6281200000001", needs=["kursi roda"])
        other = seeker(work, "Ani C.", nik="1222015703910001", needs=["pembaca layar"], education="sma")
        file = documents.keep(work, other, "ktp", "ijazah.pdf", b"%PDF-1.7 contoh", NOW)
        shared, theirs = contact(work, "1", keep, other), contact(work, "2", other)
        about_other = Session(stack=(Frame("profile", 1, "menu", 1, about=other),), about=other)
        sessions.save(work, [SessionToSave(theirs, about_other.to_json(), 0)], NOW)
        ticket_id = tickets.open_ticket(work, theirs, other, "human", "Tolong.", NOW)
        seekers.give_consent(work, other, consent())
        vacancies.upsert(work, [Offered(VACANCY)], NOW)
        vacancy_id = work.connection.scalar(sa.select(sa.literal_column("min(id)")).select_from(sa.table("vacancies")))
        row = {"vacancy_id": vacancy_id, "created_at": NOW, "told_at": None}
        work.connection.execute(
            matches.insert(), [row | {"seeker_id": keep}, row | {"seeker_id": other, "told_at": NOW}]
        )
        form = {"number_hash": b"1", "number": "F1", "seeker_id": other}
        work.connection.execute(paper_forms.insert().values(form))
        third = seeker(work, "Anni")
        likeness = {"seeker_id": other, "other_id": third, "why": "name", "noticed_at": NOW}
        work.connection.execute(likenesses.insert().values(likeness))
        assert merging.merge(work, keep, other, LATER)
    with database.read() as work:
        [one] = seekers.load(work, [keep, other]).values()
        assert (one.id, one.phone, one.nik, one.education) == (keep, "+6281200000001", "1222015703910001", "sma")
        assert one.needs == ("kursi roda",), "what both said is the kept record's"
        [history] = one.merged
        assert (history["id"], history["values"]["needs"]) == (other, ["pembaca layar"])
        opened = documents.load(work, keep, file["id"])
        assert opened is not None
        assert opened.content == b"%PDF-1.7 contoh"
        assert {speaker.contact_id for speaker in links.speakers(work, keep)} == {shared, theirs}
        assert [ticket.seeker_id for ticket in tickets.list_open(work) if ticket.id == ticket_id] == [keep]
        assert [given.purpose for given in seekers.consents_of(work, keep)] == ["matching"]
        told = work.connection.execute(sa.select(matches.c.seeker_id, matches.c.told_at)).all()
        assert told == [(keep, NOW)]
        assert work.connection.scalar(sa.select(paper_forms.c.seeker_id)) == keep
        assert [(like.seeker_id, like.other_id) for like in duplicates.waiting(work)] == [(keep, third)]
    with database.work() as work:
        [known] = contacts.recognise(work, [Identity("telegram", "2")], LATER)
        session = Session.from_json(known.session)
        assert (session.about, [frame.about for frame in session.stack]) == (keep, [keep])


@pytest.mark.parametrize(
    ("keeps", "others", "in_force"),
    [
        ([consent()], [consent(LATER)], True),
        ([consent(LATER)], [consent()], True),
        ([consent(NOW, withdrawn_at=LATER)], [consent(NOW)], False),
        ([consent(NOW)], [consent(NOW - timedelta(days=1), withdrawn_at=LATER)], False),
        ([consent(NOW - timedelta(days=2), withdrawn_at=NOW)], [consent(LATER)], True),
        ([], [consent()], True),
        ([consent()], [], True),
    ],
)
def test_of_two_words_about_one_purpose_the_later_counts(
    database: Database, keeps: list[Consent], others: list[Consent], in_force: bool
) -> None:
    with database.work() as work:
        ids = seeker(work), seeker(work)
        for seeker_id, given in zip(ids, (keeps, others), strict=True):
            for one in given:
                seekers.give_consent(work, seeker_id, one)
        assert merging.merge(work, *ids, LATER + timedelta(days=1))
        left = [given for given in seekers.consents_of(work, ids[0]) if given.withdrawn_at is None]
    assert len(left) == in_force
    assert len(keeps) + len(others) >= len(left)


def test_who_paused_in_one_record_has_paused_and_who_is_registered_in_one_is(database: Database) -> None:
    with database.work() as work:
        keep, other = seeker(work, status="invited"), seeker(work)
        seekers.pause(work, other, NOW)
        seekers.object_to_matching(work, other, NOW)
        seekers.protect(work, other, NOW)
        assert merging.merge(work, keep, other, LATER)
        one = seekers.load(work, [keep])[keep]
        protected = work.connection.scalar(sa.select(kept.c.id).where(~seekers.LISTED))
    assert (one.status, one.paused, one.objects, protected) == ("active", True, True, keep)


def test_nobody_is_joined_to_themselves_or_to_nobody(database: Database) -> None:
    with database.work() as work:
        one = seeker(work)
        assert not merging.merge(work, one, one, NOW)
        assert not merging.merge(work, one, 999, NOW)
        assert not merging.merge(work, 999, one, NOW)
        assert work.connection.scalar(sa.select(sa.func.count()).select_from(contact_seekers)) == 0
        assert one in seekers.load(work, [one])
