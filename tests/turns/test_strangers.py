"""Who types somebody's NIK, name or number learns nothing of them; who is protected stands in no list."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import audit, register, seekers, undelivered
from storage.telling import Manners
from storage.work import Database
from tests.support.registered import the_only_one
from tests.support.service import Office, read

NAME, NIK, PHONE = "Zulaikha Contoh Hasibuan", "1222014505990001", "+6281299990001"
SECRETS = ("Zulaikha", "Hasibuan", NIK, "1299990001", "1299 990001", "sudah terdaftar")

OPENINGS = (
    "",
    "data saya ",
    "hapus data ",
    "saya ",
    "lihat data ",
    "daftar ",
    "ubah nama jadi ",
    "sambung ",
    "NIK saya ",
)
KNOWN = (NAME, NIK, PHONE, "081299990001", f"{NAME} {NIK}", "Zulaikha")


@pytest.fixture
def office(database: Database) -> Office:
    office = Office(database)
    office.registers("owner", NAME)
    with database.work() as work:
        values: dict[str, Any] = {"nik": NIK, "phone": PHONE}
        seekers.change(work, the_only_one(database).id, values, education_rank=None, now=office.clock())
    return office


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.tuples(st.sampled_from(OPENINGS), st.sampled_from(KNOWN)), min_size=1, max_size=3))
def test_a_stranger_who_types_what_is_known_of_somebody_is_told_nothing(
    office: Office, said: list[tuple[str, str]]
) -> None:
    before = the_only_one(office.database)
    stranger = f"stranger {office.numbers()}"
    for opening, known in said:
        heard = read(office.says(stranger, opening + known))
        told = [secret for secret in SECRETS if secret.lower() in heard.lower() and secret.lower() not in known.lower()]
        assert told == [], heard
    assert the_only_one(office.database) == before


def test_who_is_protected_is_counted_and_stands_in_no_list(office: Office) -> None:
    seeker_id, now = the_only_one(office.database).id, office.clock()
    with office.database.work() as work:
        assert [one.id for one in register.find(work, None, "Zulaikha", now)] == [seeker_id]
        assert seekers.protect(work, seeker_id, now)
        for words in ("Zulaikha", NIK, PHONE):
            assert register.find(work, None, words, now) == [], words
        listed = undelivered.collect(work, Manners(now.date(), now, 3, now), now)
        assert not [one for one in listed if seeker_id in one.seekers]
        assert register.count(work) == 1
        assert register.read(work, None, seeker_id, now) is not None
        assert audit.readers_of(work, seeker_id), "and that reading is known"
        assert seekers.protect(work, seeker_id, None)
        assert [one.id for one in register.find(work, None, NIK, now)] == [seeker_id]
        assert not seekers.protect(work, 999_999, now)
