"""Seekers: kept, changed, paused, and erased without a trace."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from conversations.domain.seeker import Seeker
from conversations.engine.session import Frame, Session
from storage import contacts, inbound, matches, models, outbox, seekers, sessions, talks, tickets, vacancies
from storage.contacts import Identity
from storage.inbound import Arrival
from storage.outbox import NewMessage
from storage.seekers import Consent
from storage.sessions import SessionToSave
from storage.work import Work
from tests.storage.offers import VACANCY, Offered

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FULL: dict[str, Any] = {
    "name": "Contoh Siregar",
    "for_whom": "other",
    "birth_year": 1990,
    "district": "12.22.01",
    "needs": ("kursi roda", "ruang yang tenang sekali"),
    "education": "sma",
    "fields": ("administrasi", "budidaya lele"),
    "ragam": ("fisik",),
    "sex": "L",
    "phone": "+6281200000001",
}
CONSENT = Consent("matching", 2, "Bolehkah data ini dicocokkan?", "telegram", "self", NOW)


def test_a_seeker_comes_back_as_saved(work: Work) -> None:
    full = seekers.add(work, FULL, education_rank=3, now=NOW)
    least = seekers.add(work, {"name": "Contoh"}, education_rank=None, now=NOW)
    assert seekers.load(work, [full, least, 999]) == {
        full: Seeker(id=full, **FULL),
        least: Seeker(id=least, name="Contoh"),
    }


def test_only_what_is_named_changes(work: Work) -> None:
    seeker_id = seekers.add(work, FULL, education_rank=3, now=NOW)
    seekers.change(work, seeker_id, {"phone": None, "needs": ["mes"]}, education_rank=None, now=LATER)
    changed = seekers.load(work, [seeker_id])[seeker_id]
    assert changed == Seeker(id=seeker_id, **(FULL | {"phone": None, "needs": ("mes",)}))
    rows = work.connection.execute(sa.select(models.seekers.c.education_rank, models.seekers.c.updated_at)).all()
    assert rows == [(3, LATER)]
    with pytest.raises(ValueError, match="no shoe_size"):
        seekers.change(work, seeker_id, {"shoe_size": 42}, education_rank=None, now=LATER)


def test_the_rows_a_match_looks_up_follow_the_profile(work: Work) -> None:
    def index() -> set[tuple[Any, ...]]:
        kept = models.seeker_fields.c
        found = sa.select(kept.kind, kept.field, kept.district, kept.education_rank)
        return {tuple(row) for row in work.connection.execute(found)}

    seeker_id = seekers.add(work, FULL, education_rank=3, now=NOW)
    assert index() == {
        ("field", "administrasi", "12.22.01", 3),
        ("field", "budidaya lele", "12.22.01", 3),
        ("words", " budidaya lele ", "12.22.01", 3),
    }
    seekers.change(work, seeker_id, {"fields": (), "education": "s1"}, education_rank=7, now=LATER)
    assert index() == {("any", "", "12.22.01", 7)}


def test_a_newer_consent_ends_the_older_and_a_withdrawal_stays_on_record(work: Work) -> None:
    seeker_id = seekers.add(work, FULL, education_rank=3, now=NOW)
    seekers.give_consent(work, seeker_id, CONSENT)
    newer = Consent("matching", 3, "Bolehkah?", "web", "parent", LATER)
    seekers.give_consent(work, seeker_id, newer)
    seekers.give_consent(work, seeker_id, Consent("sharing", 1, "Boleh?", "web", "self", LATER))
    seekers.withdraw_consent(work, seeker_id, "sharing", LATER)
    assert [(kept.purpose, kept.version, kept.withdrawn_at) for kept in seekers.consents_of(work, seeker_id)] == [
        ("matching", 2, LATER),
        ("matching", 3, None),
        ("sharing", 1, LATER),
    ]
    assert seekers.consents_of(work, seeker_id)[1] == newer


def _talked(work: Work, identity: Identity, seeker_id: int) -> int:
    """A contact that has a talk, a ticket, an alert and a told match about the seeker."""
    [known] = contacts.recognise(work, [identity], NOW)
    contact_id = known.contact_id
    seekers.link(work, contact_id, seeker_id, "self")
    sessions.save(work, [SessionToSave(contact_id, {"a": {"name": "Contoh"}}, known.session_version)], NOW)
    inbound.record(work, [Arrival(identity.channel, f"{seeker_id}-1", contact_id, said="Contoh Siregar")], NOW)
    answers = [NewMessage(contact_id, identity.channel, {"text": "Contoh Siregar"}, external_id=f"{seeker_id}-1")]
    alerts = [NewMessage(contact_id, identity.channel, {"text": "lowongan"}, kind="alert")]
    outbox.add(work, answers + alerts, NOW)
    tickets.open_ticket(work, contact_id, seeker_id, "human", "tolong Contoh", NOW)
    tickets.open_ticket(work, contact_id, None, "human", "tolong", NOW)
    return contact_id


def _count(work: Work, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return work.connection.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0


def test_erasing_leaves_nothing_about_the_person(work: Work) -> None:
    seeker_id = seekers.add(work, FULL, education_rank=3, now=NOW)
    seekers.give_consent(work, seeker_id, CONSENT)
    vacancies.upsert(work, [Offered(VACANCY)], NOW)
    [vacancy_id] = vacancies.unannounced(work, date(2026, 3, 2))
    contact_id = _talked(work, Identity("telegram", "1"), seeker_id)
    assert matches.match_vacancy(work, vacancy_id, NOW, date(2026, 3, 2)) == 1
    matches.mark_told(work, [(vacancy_id, seeker_id)], None, NOW)
    seekers.erase(work, seeker_id, NOW, acting_contact_id=contact_id)
    about = {"contacts", "sessions", "inbound", "vacancies", "vacancy_fields", "tombstones"}
    assert {table.name for table in models.metadata.sorted_tables if _count(work, table)} == about
    assert _count(work, models.inbound, models.inbound.c.said.is_not(None)) == 0
    assert _count(work, models.sessions, models.sessions.c.body.is_not(None)) == 0
    assert outbox.transcript(work, contact_id, 10) == []
    # The ids of its messages stay, so that the very message that asked for it is not taken twice.
    assert inbound.record(work, [Arrival("telegram", f"{seeker_id}-1", contact_id)], NOW) == set()
    [known] = contacts.recognise(work, [Identity("telegram", "1")], LATER)
    assert (known.seekers, known.session) == ((), None)
    sessions.save(work, [SessionToSave(contact_id, {"visits": 1}, known.session_version)], LATER)


def test_erasing_touches_nobody_else(work: Work) -> None:
    erased = seekers.add(work, FULL, education_rank=3, now=NOW)
    other = seekers.add(work, FULL, education_rank=3, now=NOW)
    seekers.give_consent(work, other, CONSENT)
    _talked(work, Identity("telegram", "1"), erased)
    other_contact = _talked(work, Identity("telegram", "2"), other)
    seekers.erase(work, erased, NOW)
    assert set(seekers.load(work, [erased, other])) == {other}
    assert len(outbox.transcript(work, other_contact, 10)) == 3
    assert {ticket.contact_id for ticket in tickets.list_open(work)} == {other_contact}
    assert len(tickets.list_open(work)) == 2
    assert len(seekers.consents_of(work, other)) == 1


def test_a_companion_keeps_the_others_it_speaks_for(work: Work) -> None:
    erased = seekers.add(work, FULL, education_rank=3, now=NOW)
    other = seekers.add(work, FULL | {"name": "Contoh Dua"}, education_rank=3, now=NOW)
    contact_id = _talked(work, Identity("telegram", "1"), erased)
    seekers.link(work, contact_id, other, "companion")
    tickets.open_ticket(work, contact_id, other, "human", "untuk yang lain", NOW)
    forms = Session((half_filled(erased, "Contoh"), half_filled(other, "Contoh Dua")), visits=7, about=erased)
    sessions.save(work, [SessionToSave(contact_id, forms.to_json(), 1, in_form=True)], NOW)
    seekers.erase(work, erased, NOW, acting_contact_id=contact_id)
    [known] = contacts.recognise(work, [Identity("telegram", "1")], LATER)
    assert [seeker.name for seeker in known.seekers] == ["Contoh Dua"]
    # What names the erased person is gone; what names nobody may be about the other, and stays.
    assert [ticket.text for ticket in tickets.list_open(work)] == ["tolong", "untuk yang lain"]
    assert known.session == Session((half_filled(other, "Contoh Dua"),), visits=7).to_json()


def half_filled(seeker_id: int, name: str) -> Frame:
    return Frame("profile", 1, "which", 7, {"name": name}, about=seeker_id)


def test_a_turn_of_another_contact_cannot_write_erased_answers_back(work: Work) -> None:
    seeker_id = seekers.add(work, FULL, education_rank=3, now=NOW)
    contact_id = _talked(work, Identity("telegram", "1"), seeker_id)
    _talked(work, Identity("web", "1"), seeker_id)
    acting, other = contacts.recognise(work, [Identity("telegram", "1"), Identity("web", "1")], NOW)
    seekers.erase(work, seeker_id, NOW, acting_contact_id=contact_id)
    sessions.save(work, [SessionToSave(acting.contact_id, {"visits": 1}, acting.session_version)], LATER)
    with pytest.raises(IntegrityError):
        sessions.save(work, [SessionToSave(other.contact_id, other.session or {}, other.session_version)], LATER)


def test_the_talk_of_somebody_who_never_registered_can_be_erased(work: Work) -> None:
    seeker_id = seekers.add(work, FULL, education_rank=3, now=NOW)
    other = _talked(work, Identity("telegram", "1"), seeker_id)
    [known] = contacts.recognise(work, [Identity("telegram", "2")], NOW)
    sessions.save(work, [SessionToSave(known.contact_id, {"a": 1}, 0)], NOW)
    tickets.open_ticket(work, known.contact_id, None, "human", "tolong", NOW)
    talks.erase(work, [known.contact_id], acting_contact_id=known.contact_id)
    sessions.save(work, [SessionToSave(known.contact_id, {"a": 2}, 1)], NOW)
    assert {ticket.contact_id for ticket in tickets.list_open(work)} == {other}
    assert len(outbox.transcript(work, other, 10)) == 3
