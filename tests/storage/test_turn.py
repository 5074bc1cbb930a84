"""What a turn does with the database: who wrote, was it taken before, where does the talk stand, what is answered."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage import contacts, inbound, outbox, seekers, sessions
from storage.contacts import Identity
from storage.inbound import Arrival
from storage.keys import KeyRing, generate_key
from storage.outbox import NewMessage
from storage.sessions import SessionToSave
from storage.work import Database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANI = Identity("telegram", "1001")
BUDI = Identity("web", "1001", locale="en")


def test_a_new_contact_is_created_once_and_known_again(database: Database) -> None:
    with database.work() as work:
        first = contacts.recognise(work, [BUDI, ANI, BUDI], NOW)
    with database.work() as work:
        again = contacts.recognise(work, [ANI, BUDI], NOW)
    assert [known.address for known in first] == ["1001", "1001", "1001"]
    assert first[0] == first[2] == again[1]
    assert first[1] == again[0]
    assert first[0].contact_id != first[1].contact_id
    assert (first[0].locale, first[1].locale) == ("en", "id")
    assert again[0].session is None
    assert again[0].session_version == 0
    assert again[0].seekers == ()
    assert again[0].alerts
    assert not again[0].blocked


def test_each_inbound_message_is_taken_once(database: Database) -> None:
    with database.work() as work:
        ani, budi = contacts.recognise(work, [ANI, BUDI], NOW)
        one = Arrival("telegram", "7", ani.contact_id)
        same_number = Arrival("web", "7", budi.contact_id, said="halo")
        assert inbound.record(work, [one, same_number, one], NOW) == {("telegram", "7"), ("web", "7")}
        assert inbound.record(work, [], NOW) == set()
    with database.work() as work:
        later = Arrival("telegram", "8", ani.contact_id)
        assert inbound.record(work, [one, later], NOW) == {("telegram", "8")}
        assert inbound.record(work, [one], NOW) == set()


def test_a_session_comes_back_with_its_version(database: Database) -> None:
    with database.work() as work:
        ani, budi = contacts.recognise(work, [ANI, BUDI], NOW)
        sessions.save(
            work,
            [SessionToSave(ani.contact_id, {"stack": ["é"]}, 0), SessionToSave(budi.contact_id, {"visits": 3}, 0)],
            NOW,
        )
    with database.work() as work:
        ani, budi = contacts.recognise(work, [ANI, BUDI], NOW)
        assert (ani.session, ani.session_version, ani.session_at) == ({"stack": ["é"]}, 1, NOW)
        assert (budi.session, budi.session_version) == ({"visits": 3}, 1)
        sessions.save(work, [SessionToSave(ani.contact_id, {}, 1)], NOW + timedelta(hours=1))
    with database.work() as work:
        ani, budi = contacts.recognise(work, [ANI, BUDI], NOW)
    assert (ani.session, ani.session_version, ani.session_at) == ({}, 2, NOW + timedelta(hours=1))
    assert (budi.session, budi.session_version, budi.session_at) == ({"visits": 3}, 1, NOW)


@pytest.mark.parametrize("version", [0, 2])
def test_a_session_changed_meanwhile_is_refused_and_nothing_is_kept(database: Database, version: int) -> None:
    with database.work() as work:
        ani, budi = contacts.recognise(work, [ANI, BUDI], NOW)
        sessions.save(work, [SessionToSave(ani.contact_id, {"n": 1}, 0)], NOW)
    stale = [SessionToSave(ani.contact_id, {"n": 2}, version), SessionToSave(budi.contact_id, {"n": 2}, 0)]
    with pytest.raises(IntegrityError), database.work() as work:
        sessions.save(work, stale, NOW)
    answer = NewMessage(ani.contact_id, "telegram", {"text": "halo"})
    with pytest.raises(IntegrityError), database.work() as work:
        outbox.add(work, [answer], NOW, ahead=[sessions.saving(work, stale, NOW)], last=True)
    with database.work() as work:
        ani, budi = contacts.recognise(work, [ANI, BUDI], NOW)
        assert outbox.transcript(work, ani.contact_id, 10) == []
    assert (ani.session, budi.session) == ({"n": 1}, None)


def test_the_commit_can_travel_with_the_last_statements(database: Database) -> None:
    with database.work() as work:
        [ani] = contacts.recognise(work, [ANI], NOW)
        answer = NewMessage(ani.contact_id, "telegram", {"text": "halo"})
        outbox.add(work, [answer], NOW, last=True)
        with database.read() as other:
            assert len(outbox.transcript(other, ani.contact_id, 10)) == 1, "committed before the block ends"
    with database.work() as work:
        assert len(outbox.transcript(work, ani.contact_id, 10)) == 1


def test_increments_from_eight_threads_are_all_there(database: Database) -> None:
    """Read-modify-write of one session at once: the lock, not luck, keeps every one."""
    failures: list[BaseException] = []

    def increment() -> None:
        try:
            for _ in range(25):
                with database.work() as work:
                    [ani] = contacts.recognise(work, [ANI], NOW)
                    n = (ani.session or {"n": 0})["n"]
                    sessions.save(work, [SessionToSave(ani.contact_id, {"n": n + 1}, ani.session_version)], NOW)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=increment) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.work() as work:
        [ani] = contacts.recognise(work, [ANI], NOW)
    assert (ani.session, ani.session_version) == ({"n": 200}, 200)


def test_a_contact_carries_the_seekers_it_speaks_for_the_latest_first(database: Database) -> None:
    with database.work() as work:
        [ani] = contacts.recognise(work, [ANI], NOW)
        for name in ("Contoh Satu", "Contoh Dua"):
            seeker_id = seekers.add(work, {"name": name, "needs": ("mes",)}, education_rank=None, now=NOW)
            seekers.link(work, ani.contact_id, seeker_id, "companion")
    with database.work() as work:
        [ani, budi] = contacts.recognise(work, [ANI, BUDI], NOW)
    assert [seeker.name for seeker in ani.seekers] == ["Contoh Dua", "Contoh Satu"]
    assert ani.seekers
    assert ani.seekers[0].needs == ("mes",)
    assert budi.seekers == ()


def test_settings_of_a_contact(database: Database) -> None:
    with database.work() as work:
        [ani] = contacts.recognise(work, [ANI], NOW)
        contacts.set_alerts(work, ani.contact_id, False)
        contacts.set_locale(work, ani.contact_id, "id@mudah")
        outbox.add(work, [outbox.NewMessage(ani.contact_id, "telegram", {"text": "x"})], NOW)
        contacts.set_blocked(work, ani.contact_id, NOW)
        assert outbox.claim(work, 10, ["telegram"], NOW) == []
    with database.work() as work:
        [ani] = contacts.recognise(work, [ANI], NOW)
        assert (ani.alerts, ani.locale, ani.blocked) == (False, "id@mudah", True)
        contacts.set_blocked(work, ani.contact_id, None)
        [ani] = contacts.recognise(work, [ANI], NOW)
        assert not ani.blocked
        assert contacts.find(work, "telegram", "1001") == ani.contact_id
        assert contacts.locale_of(work, "telegram", "1001") == (ani.contact_id, "id@mudah")
        assert contacts.find(work, "telegram", "1002") is None
        assert contacts.locale_of(work, "web", "1001") is None


def test_who_comes_back_is_known_by_an_older_key_and_moves_to_the_newest(database: Database, key: str) -> None:
    with database.work() as work:
        [ani] = contacts.recognise(work, [ANI], NOW)
    newer = generate_key()
    both = Database(database.url.render_as_string(hide_password=False), KeyRing([newer, key]))
    with both.work() as work:
        assert contacts.recognise(work, [ANI], NOW) == [ani]
    both.close()
    only_newer = Database(database.url.render_as_string(hide_password=False), KeyRing([newer]))
    with only_newer.work() as work:
        assert contacts.recognise(work, [ANI], NOW) == [ani]
    only_newer.close()
