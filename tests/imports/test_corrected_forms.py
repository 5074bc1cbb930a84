"""The same file again changes nothing; a corrected one changes what the person has not changed since."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from storage import paper, seekers
from storage.keys import KeyRing, generate_key
from storage.rotation import rewrite
from storage.seekers import Consent
from storage.work import Database
from tests.imports.test_forms import NOW, ROW, Office, said
from tests.support.registered import the_only_one

LATER = NOW + timedelta(days=3)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


def by_chat(office: Office, **values: object) -> None:
    """What the person changes for themselves."""
    with office.database.work() as work:
        seekers.change(work, the_only_one(office.database).id, values, education_rank=None, now=NOW)


def test_the_same_file_twice_changes_nothing(office: Office) -> None:
    assert office.imports(ROW).added == 1
    before = the_only_one(office.database)
    by_chat(office, phone="+6281299999999")
    report = office.imports(ROW, now=LATER)
    assert (report.added, report.updated, report.unchanged, report.problems) == (0, 0, 1, [])
    after = the_only_one(office.database)
    assert (after.phone, after.name, after.paper) == ("+6281299999999", before.name, before.paper)
    with office.database.read() as work:
        assert len(seekers.consents_of(work, after.id)) == 1


def test_a_corrected_row_changes_only_what_the_person_has_not(office: Office) -> None:
    office.imports(ROW)
    by_chat(office, phone="+6281299999999", needs=["pembaca layar"])
    corrected = ROW | {"nama": "Ani Contoh Benar", "telepon": "081200000102", "bidang_minat": "administrasi"}
    report = office.imports(corrected, now=LATER)
    assert (report.updated, report.unchanged) == (1, 0)
    assert said(report) == ["None: Formulir F 001: Ini sudah diubah lewat chat atau petugas, jadi tetap: telepon."]
    seeker = the_only_one(office.database)
    assert (seeker.name, seeker.phone, seeker.fields, seeker.needs) == (
        "Ani Contoh Benar",
        "+6281299999999",
        ("administrasi",),
        ("pembaca layar",),
    )
    assert office.imports(corrected, now=LATER).unchanged == 1


def test_what_a_correction_takes_away_goes(office: Office) -> None:
    office.imports(ROW)
    office.imports(ROW | {"nik": "", "telepon": ""}, now=LATER)
    seeker = the_only_one(office.database)
    assert (seeker.nik, seeker.phone, seeker.sex) == (None, None, "P")


def test_an_invitation_that_is_followed_becomes_a_registration(office: Office) -> None:
    office.imports(ROW | {"persetujuan": "tidak"})
    assert the_only_one(office.database).needs == ()
    assert office.imports(ROW, now=LATER).updated == 1
    seeker = the_only_one(office.database)
    assert (seeker.status, seeker.needs, seeker.nik) == ("active", ("kursi roda",), ROW["nik"])


def test_a_yes_that_was_a_mistake_ends_and_what_it_allowed_goes(office: Office) -> None:
    office.imports(ROW)
    report = office.imports(ROW | {"persetujuan": "tidak"}, now=LATER)
    assert report.updated == 1
    seeker = the_only_one(office.database)
    assert (seeker.status, seeker.needs, seeker.nik, seeker.name) == ("invited", (), None, "Ani Contoh")
    with office.database.read() as work:
        [consent] = seekers.consents_of(work, seeker.id)
    assert consent.withdrawn_at == LATER


def test_what_the_person_said_for_themselves_since_stands(office: Office) -> None:
    office.imports(ROW)
    seeker_id = the_only_one(office.database).id
    with office.database.work() as work:
        seekers.give_consent(work, seeker_id, Consent("matching", 1, "Setuju?", "web", "self", NOW))
    office.imports(ROW | {"persetujuan": "tidak"}, now=LATER)
    assert the_only_one(office.database).status == "active"


def test_a_later_no_is_not_overruled_by_a_corrected_form(office: Office) -> None:
    office.imports(ROW)
    seeker_id = the_only_one(office.database).id
    with office.database.work() as work:
        seekers.withdraw_consent(work, seeker_id, "matching", NOW)
    report = office.imports(ROW | {"tanggal_formulir": "10/11/2026"}, now=LATER)
    assert "Orang ini menarik izinnya sesudah tanggal formulir." in said(report)[0]
    with office.database.read() as work:
        assert all(consent.withdrawn_at for consent in seekers.consents_of(work, seeker_id))
    report = office.imports(ROW | {"tanggal_formulir": "26/11/2026"}, now=LATER)
    assert said(report) == []
    with office.database.read() as work:
        assert [c.withdrawn_at is None for c in seekers.consents_of(work, seeker_id)] == [False, True]


def test_who_was_erased_does_not_come_back_with_the_file(office: Office) -> None:
    office.imports(ROW)
    with office.database.work() as work:
        seekers.erase(work, the_only_one(office.database).id, NOW)
    report = office.imports(ROW | {"nama": "Ani Contoh Lagi"}, now=LATER)
    assert (report.added, report.refused) == (0, 1)
    assert "Data orang ini sudah dihapus." in said(report)[0]
    assert office.imports(ROW | {"nomor_formulir": "F 002"}, now=LATER).added == 1


def test_invitations_end_after_ninety_days_and_stay_away(office: Office) -> None:
    office.imports(ROW | {"persetujuan": "tidak"}, ROW | {"nomor_formulir": "F 002", "nik": ""})
    with office.database.work() as work:
        [invitation] = paper.invitations(work)
        assert invitation.until == NOW + timedelta(days=90)
        assert paper.end_invitations(work, NOW + timedelta(days=90, seconds=-1)) == 0
        assert paper.end_invitations(work, NOW + timedelta(days=90)) == 1
        assert paper.invitations(work) == []
    seeker = the_only_one(office.database)
    assert seeker.status == "active"
    assert office.imports(ROW | {"persetujuan": "tidak"}, now=NOW + timedelta(days=91)).refused == 1


def test_a_form_is_found_again_after_the_key_has_changed(office: Office, key: str, database_url: str) -> None:
    office.imports(ROW)
    new = generate_key()
    both = Database(database_url, KeyRing([new, key]))
    rewrite(both)
    both.close()
    office.database = Database(database_url, KeyRing([new]))
    report = office.imports(ROW, now=LATER)
    office.database.close()
    assert (report.added, report.unchanged) == (0, 1)
