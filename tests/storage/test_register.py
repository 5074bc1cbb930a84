"""What officers read of people: by consent, by institution, and never unnoticed."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from conversations.domain.office import INSTITUTIONS, Institution, Mark, Officer
from conversations.domain.purposes import sharing, visible_to
from conversations.domain.seeker import TUPLES, Seeker
from storage import audit, contacts, officers, register, seekers
from storage.seekers import Consent
from storage.work import Database, Work

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
HEALTH = {"ragam": ["netra"], "needs": ["pembaca layar"]}
ANI: dict[str, Any] = {
    "name": "Ani Contoh Siregar",
    "nik": "1222010101980001",
    "phone": "+6281200000001",
    "fields": ["menjahit"],
}


def officer(work: Work, institution: Institution) -> Officer:
    [known] = contacts.recognise(work, [contacts.Identity("telegram", institution)], NOW)
    officers.invite(work, "111122223333", officers.Invitation("Budi Contoh", institution, "officer", None), NOW, LATER)
    made = officers.join(work, "111122223333", known.contact_id, NOW)
    assert made is not None
    return made


LATER = datetime(2026, 4, 2, tzinfo=UTC)


def ani(work: Work, *shared: Institution) -> int:
    seeker_id = seekers.add(work, {**ANI, **HEALTH}, education_rank=None, now=NOW)
    for institution in shared:
        purpose = sharing(institution)
        seekers.give_consent(work, seeker_id, Consent(purpose, 1, "kata izin", "telegram", "self", NOW))
    return seeker_id


def acts(work: Work) -> list[tuple[str, int | None]]:
    return [(one.act, one.seeker_id) for one in audit.entries(work)]


def test_every_field_that_holds_something_is_read_or_withheld_by_the_rule(database: Database) -> None:
    """Whatever fields a seeker has: what is read of a full one is what the rule says, and no more."""
    full: dict[str, Any] = {one.name: ["contoh"] if one.name in TUPLES else "contoh" for one in fields(Seeker)}
    full |= {"birth_year": 1998, "for_whom": "self", "status": "active"}
    del full["id"], full["paused"], full["objects"]
    with database.work() as work:
        seeker_id = seekers.add(work, full, education_rank=None, now=NOW)
        for institution in INSTITUTIONS:
            seekers.give_consent(work, seeker_id, Consent(sharing(institution), 1, "", "web", "self", NOW))
            person = register.read(work, officer(work, institution), seeker_id, NOW)
            assert person is not None
            expected = {name for name in full if name in visible_to(institution, {sharing(institution)})}
            assert person.values.keys() - {"id", "objects", "paused"} == expected


@pytest.mark.parametrize("institution", ["social", "protection"])
def test_other_institutions_read_only_with_the_persons_yes_which_ends_at_once(
    database: Database, institution: Institution
) -> None:
    with database.work() as work:
        by = officer(work, institution)
        seeker_id = ani(work, "work")
        assert register.read(work, by, seeker_id, NOW) == register.Person(seeker_id, {}, False)
        assert register.find(work, by, "ani contoh", NOW) == []
        assert not register.mark(work, by, seeker_id, "identity_on", NOW, TODAY)
        assert audit.readers_of(work, seeker_id) == []
        seekers.give_consent(work, seeker_id, Consent(sharing(institution), 1, "", "web", "self", NOW))
        person = register.read(work, by, seeker_id, NOW)
        assert person is not None
        assert person.name == ANI["name"]
        assert [one.institution for one in audit.readers_of(work, seeker_id)] == [institution]
        seekers.withdraw_consent(work, seeker_id, sharing(institution), NOW)
        assert register.read(work, by, seeker_id, NOW) == register.Person(seeker_id, {}, False)
        assert acts(work) == [
            ("withheld", seeker_id),
            ("nobody", None),
            ("withheld", seeker_id),
            ("read", seeker_id),
            ("withheld", seeker_id),
        ]


@pytest.mark.parametrize(
    "words",
    ["{id}", "1222010101980001", "1222 0101 0198 0001", "0812-0000-0001", "+62 812 0000 0001", "Ani", "ani kontoh"],
)
def test_somebody_is_found_by_what_officers_have_at_hand(database: Database, words: str) -> None:
    with database.work() as work:
        seeker_id = ani(work)
        seekers.add(work, {"name": "Budi Contoh"}, education_rank=None, now=NOW)
        found = register.find(work, None, words.format(id=seeker_id), NOW)
        assert [person.name for person in found] == [ANI["name"]]
        assert acts(work) == [("find", seeker_id)]


@pytest.mark.parametrize("words", ["0", "999", "1222010101980002", "081299999999", "Zulkifli", ""])
def test_nobody_is_found_who_is_not_meant(database: Database, words: str) -> None:
    with database.work() as work:
        ani(work)
        assert register.find(work, None, words, NOW) == []
        assert acts(work) == [("nobody", None)]


def test_a_name_is_not_looked_for_where_that_would_take_long(database: Database) -> None:
    with database.work() as work:
        seeker_id = ani(work)
        assert register.count(work) == 1
        assert register.find(work, None, "Ani", NOW, by_name=False) == []
        assert [one.id for one in register.find(work, None, ANI["nik"], NOW, by_name=False)] == [seeker_id]


def test_an_identity_is_confirmed_until_it_changes(database: Database) -> None:
    with database.work() as work:
        seeker_id = ani(work)
        marks: tuple[Mark, ...] = ("identity_on", "verified_on")
        for what in marks:
            assert register.mark(work, None, seeker_id, what, NOW, TODAY)
        seekers.change(work, seeker_id, {"district": "12.22.01"}, education_rank=None, now=NOW)
        seeker = seekers.load(work, [seeker_id])[seeker_id]
        assert (seeker.identity_on, seeker.verified_on) == ("2026-03-02", "2026-03-02")
        seekers.change(work, seeker_id, {"name": "Ani Contoh Harahap"}, education_rank=None, now=NOW)
        seeker = seekers.load(work, [seeker_id])[seeker_id]
        assert (seeker.identity_on, seeker.verified_on) == (None, "2026-03-02")
        assert acts(work) == [("confirm_identity", seeker_id), ("verify", seeker_id)]
        assert not register.mark(work, None, 999, "identity_on", NOW, TODAY)
