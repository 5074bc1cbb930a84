"""The turn: one transaction, once, in order, whatever arrives twice, together or broken."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import bot.turns
from bot.channels.base import InboundMessage, Notice, SharedContact, Turn, TurnFailed
from storage.models import contacts, inbound, outbox, seekers, sessions
from storage.problems import OperationalProblem
from storage.work import Database
from tests.support.registered import everybody, the_only_one
from tests.support.service import Office, read


def rows(database: Database, table: sa.Table) -> int:
    with database.read() as work:
        return work.connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_person_registers_and_everything_is_kept(database: Database) -> None:
    office = Office(database)
    assert "Pendaftaran selesai, Ani Contoh." in office.registers("1")
    ani = the_only_one(database)
    assert (ani.name, ani.birth_year, ani.district, ani.education) == ("Ani Contoh", 1998, "12.22.01", "sma")
    assert (ani.needs, ani.fields) == (("kursi roda",), ("menjahit",))


def test_the_same_update_counts_once_and_is_answered_again_until_confirmed(database: Database) -> None:
    office = Office(database)
    message = office.message("1", "halo")
    (first,) = office.turntaker.take([message])
    (again,) = office.turntaker.take([message])
    assert isinstance(first, Turn)
    assert isinstance(again, Turn)
    assert again.repeated
    assert [(r.outbox_id, r.message) for r in again.replies] == [(r.outbox_id, r.message) for r in first.replies], (
        "an answer nobody is known to have got is given again"
    )
    assert [r.sending for r in again.replies] == [1] * len(again.replies), "and can be told from the first time"
    office.turntaker.take([], [reply.outbox_id for reply in first.replies])
    (third,) = office.turntaker.take([message])
    assert isinstance(third, Turn)
    assert third.replies == (), "a confirmed answer is not said twice"
    assert rows(database, outbox) == len(first.replies)


def test_the_same_update_twice_in_one_batch_counts_once(database: Database) -> None:
    office = Office(database)
    message = office.message("1", "daftar")
    first, second = office.turntaker.take([message, message])
    assert isinstance(first, Turn)
    assert isinstance(second, Turn)
    assert second.repeated
    assert rows(database, inbound) == 1


def test_ten_messages_at_once_are_taken_in_the_order_they_were_written(database: Database) -> None:
    office = Office(database)
    words = [
        "daftar",
        "saya sendiri",
        "ya",
        "Ani Contoh",
        "1998",
        "Kotapinang",
        "kursi roda",
        "SMA",
        "menjahit",
        "simpan",
    ]
    batch = [office.message("1", word, number=n) for n, word in enumerate(words, start=1)]
    turns = office.turntaker.take(list(reversed(batch)))
    assert all(isinstance(turn, Turn) for turn in turns)
    assert isinstance(turns[0], Turn)
    assert "Pendaftaran selesai" in read(turns[0]), "the results stand in the order of the batch"
    assert rows(database, seekers) == 1


def test_people_of_one_batch_do_not_mix(database: Database) -> None:
    office = Office(database)
    for word in ("daftar", "saya sendiri", "ya"):
        office.turntaker.take([office.message(str(n), word) for n in range(8)])
    office.turntaker.take([office.message(str(n), f"Orang Contoh {'abcdefgh'[n]}") for n in range(8)])
    for word in ("1998", "Kotapinang", "LEWATI", "SMA", "LEWATI", "simpan"):
        office.turntaker.take([office.message(str(n), word) for n in range(8)])
    with database.read() as work:
        names = {seeker.name for seeker in everybody(work)}
    assert names == {f"Orang Contoh {letter}" for letter in "abcdefgh"}


def test_a_bug_drops_out_alone_and_is_said(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(database)
    from conversations.engine.step import step as real

    def step(registry, session, event, context):  # type: ignore[no-untyped-def]  # stands in
        if getattr(event, "text", None) == "rusak":
            raise RuntimeError("a bug, with a person's words in it")
        return real(registry, session, event, context)

    monkeypatch.setattr(bot.turns, "step", step)
    good, bad = office.turntaker.take([office.message("1", "halo"), office.message("2", "rusak")])
    assert isinstance(good, Turn)
    assert "Setara Kerja" in read(good)
    assert isinstance(bad, Turn)
    assert "gangguan" in read(bad)
    (again,) = office.turntaker.take([office.message("2", "halo")])
    assert isinstance(again, Turn)
    assert "Setara Kerja" in read(again), "the contact goes on"


def test_a_database_that_fails_commits_nothing_and_the_update_can_come_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(database)
    message = office.message("1", "halo")

    def full(*_: object) -> None:
        raise OperationalProblem("full", "disk full")

    from storage import outbox as kept

    with_problem = kept.add
    monkeypatch.setattr(kept, "add", full)
    (failed,) = office.turntaker.take([message])
    assert isinstance(failed, TurnFailed)
    assert rows(database, inbound) == rows(database, contacts) == rows(database, sessions) == 0
    monkeypatch.setattr(kept, "add", with_problem)
    (turn,) = office.turntaker.take([message])
    assert isinstance(turn, Turn)
    assert not turn.repeated
    assert turn.replies


def test_stop_in_the_middle_and_days_later_the_same_question(database: Database) -> None:
    office = Office(database)
    for word in ("daftar", "saya sendiri", "ya", "Ani Contoh"):
        asked = office.says("1", word)
    office.clock.passes(days=5)
    later = Office(database, office.clock, office.numbers)  # a restart
    assert read(later.says("1", "halo")).endswith(read(asked).rsplit("\n", 1)[-1])
    assert "kecamatan" in read(later.says("1", "1998"))


def test_blocking_and_coming_back(database: Database) -> None:
    office = Office(database)
    office.says("1", "halo")
    office.turntaker.take([office.message("1", None, notice=Notice.BLOCKED)])
    with database.read() as work:
        assert work.connection.scalar(sa.select(contacts.c.blocked_at)) is not None
    office.says("1", "halo")
    with database.read() as work:
        assert work.connection.scalar(sa.select(contacts.c.blocked_at)) is None


def test_a_shared_phone_counts_only_when_asked_and_ones_own(database: Database) -> None:
    office = Office(database)

    def share(own: bool) -> str:
        contact = SharedContact("+6281200000001", own)
        (turn,) = office.turntaker.take([office.message("1", None, contact=contact)])
        assert isinstance(turn, Turn)
        return read(turn)

    assert "tidak kami simpan" in share(own=True)
    for word in (
        "daftar",
        "saya sendiri",
        "ya",
        "Ani Contoh",
        "1998",
        "Kotapinang",
        "LEWATI",
        "SMA",
        "LEWATI",
        "simpan",
    ):
        office.says("1", word)
    office.says("1", "telepon")
    assert "orang lain" in share(own=False)
    share(own=True)
    assert the_only_one(database).phone == "+6281200000001"


def test_what_a_web_page_has_shown_is_confirmed_with_the_next_turn(database: Database) -> None:
    office = Office(database)
    first = office.says("w", "halo", channel="web")
    with database.read() as work:
        assert set(work.connection.scalars(sa.select(outbox.c.state))) == {"waiting"}
    newest = max(reply.outbox_id for reply in first.replies)
    office.turntaker.take([InboundMessage("web", "w", "next", 10, text="BANTUAN", seen=newest)])
    with database.read() as work:
        states = list(work.connection.scalars(sa.select(outbox.c.state).order_by(outbox.c.id)))
    assert states[0] == "sent"
    assert states[-1] == "waiting"


def test_erasing_leaves_nothing_of_the_same_batch(database: Database) -> None:
    office = Office(database)
    office.registers("1", "Ani Contoh")
    words = ["data apa yang disimpan tentang saya", "hapus data saya", "ya"]
    turns = office.turntaker.take([office.message("1", word) for word in words])
    assert isinstance(turns[-1], Turn)
    assert "sudah dihapus" in read(turns[-1])
    with database.read() as work:
        kept = [str(body) for body in work.connection.scalars(sa.select(outbox.c.body))]
    assert not [body for body in kept if "Ani Contoh" in body]
    assert rows(database, seekers) == 0


def test_when_a_batch_fails_each_person_is_still_taken_in_order(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from conversations.engine.step import step as real

    office = Office(database)

    def step(registry, session, event, context):  # type: ignore[no-untyped-def]  # stands in
        if getattr(event, "text", None) == "rusak":
            raise RuntimeError("a bug")
        return real(registry, session, event, context)

    monkeypatch.setattr(bot.turns, "step", step)
    first, second = office.message("1", "daftar", number=5), office.message("1", "saya sendiri", number=6)
    turns = office.turntaker.take([second, office.message("2", "rusak", number=7), first])
    assert isinstance(turns[0], Turn)
    assert "setuju" in read(turns[0])


def test_blocked_and_back_in_one_batch(database: Database) -> None:
    office = Office(database)
    office.says("1", "halo")
    office.turntaker.take([office.message("1", None, notice=Notice.BLOCKED), office.message("1", "halo")])
    with database.read() as work:
        assert work.connection.scalar(sa.select(contacts.c.blocked_at)) is None


def everything_of(database: Database) -> list[object]:
    """What was said, answered and asked, and where the talk stands, of all contacts together."""
    with database.read() as work:
        return [
            *work.connection.scalars(sa.select(sessions.c.body).where(sessions.c.body.is_not(None))),
            *work.connection.scalars(sa.select(inbound.c.said).where(inbound.c.said.is_not(None))),
            *work.connection.scalars(sa.select(outbox.c.body)),
        ]


@pytest.mark.parametrize("together", [False, True])
def test_who_leaves_without_having_registered_leaves_nothing_behind(database: Database, together: bool) -> None:
    office = Office(database)
    words = ("daftar", "saya sendiri", "ya", "Budi Contoh")
    messages = [office.message("w", word, channel="web", said=word) for word in words]
    messages.append(office.message("w", channel="web", notice=Notice.LEFT))
    for batch in [messages] if together else [[message] for message in messages]:
        assert all(isinstance(turn, Turn) for turn in office.turntaker.take(batch))
    assert everything_of(database) in ([], [{"stack": [], "visits": 4}]), "at most how many questions there were"
    with database.read() as work:
        assert work.connection.scalar(sa.select(contacts.c.blocked_at)) is not None


def test_who_leaves_and_has_registered_stays_registered_and_is_written_to_no_more(database: Database) -> None:
    office = Office(database)
    office.registers("w", channel="web")
    office.turntaker.take([office.message("w", channel="web", notice=Notice.LEFT)])
    assert the_only_one(database).name == "Ani Contoh"
    with database.read() as work:
        assert work.connection.scalar(sa.select(contacts.c.blocked_at)) is not None
        assert "waiting" not in set(work.connection.scalars(sa.select(outbox.c.state)))


def test_who_blocks_the_bot_may_come_back_to_where_they_were(database: Database) -> None:
    office = Office(database)
    for word in ("daftar", "saya sendiri", "ya"):
        office.says("1", word)
    office.turntaker.take([office.message("1", notice=Notice.BLOCKED)])
    assert "lahir" in read(office.says("1", "Ani Contoh"))
