"""Nothing is lost, nothing is said twice: whoever holds a message, and whatever happens before it is sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.base import Notice, Reply, SendError, Sending, Turn
from bot.channels.telegram.intake import Intake
from bot.delivery import Delivery
from bot.writer import IDLE, Writer
from conversations.engine.messages import OutgoingMessage
from storage import matches as ledger
from storage import outbox as kept
from storage import talks
from storage.duty import SURE, Duty
from storage.models import contacts, inbound, outbox, sessions
from storage.work import Database
from tests.support.service import Office, read
from tests.turns.test_telling import SEWING, Phone, announcer, opens, told

SOON = timedelta(seconds=1)
STALLED = kept.STALLED + SOON


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@contextmanager
def changing(office: Office) -> Iterator[sa.Connection]:
    with office.database.work() as work:
        yield work.connection


def rows(office: Office, *columns: Any, **where: Any) -> list[tuple[Any, ...]]:
    chosen = sa.select(*columns).order_by(outbox.c.id)
    for name, value in where.items():
        chosen = chosen.where(outbox.c[name] == value)
    with office.database.read() as work:
        return [tuple(row) for row in work.connection.execute(chosen)]


def running(office: Office, do: Callable[[Writer], Awaitable[None]]) -> None:
    """``do`` with the writer of one process."""

    async def run() -> None:
        writer = Writer(office.turntaker)
        writer.start()
        try:
            await do(writer)
        finally:
            await writer.stop()

    asyncio.run(run())


async def deliver(writer: Writer, phone: Phone, **given: Any) -> None:
    delivery = Delivery(writer, [phone], writer.turntaker.clock, **given)
    for _ in range(4):
        await delivery.once()
        await delivery.finish()


class Gated(Phone):
    """Telegram's sender for lanes and delivery alike; nothing is accepted before ``gate`` opens."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, sending: Sending) -> SendError | None:
        await self.gate.wait()
        return await super().send(sending)

    async def reply(self, address: str, message: OutgoingMessage) -> SendError | None:
        return await self.send(Sending(0, address, message))

    async def acknowledge(self, tap: str) -> None: ...

    def as_answer(self, address: str, message: OutgoingMessage) -> dict[str, Any]:
        return {"chat_id": address, "text": message.text}


def an_intake(writer: Writer, phone: Gated) -> Intake:
    return Intake(writer, phone, "Selamat tinggal")  # type: ignore[arg-type]  # it stands in for the sender


def update(number: int, text: str, **message: Any) -> dict[str, Any]:
    person = {"id": 1, "is_bot": False}
    said = {"text": text} if text else {}
    sent = {"chat": {"id": 1, "type": "private"}, "from": person, "date": 1, **said, **message}
    return {"update_id": number, "message": sent}


async def by_response(intake: Intake, given: dict[str, Any]) -> str | None:
    """What the webhook's response says to an update; the response may be lost afterwards."""
    taken = await intake.take(given)
    assert taken is not None
    answer = intake.answer(taken)
    if answer is not None:
        intake.answered(taken)
    return answer["text"] if answer else None


async def committed() -> None:
    await asyncio.sleep(2.5 * IDLE)


# Who holds a message


def test_what_a_kill_left_is_given_again_at_once_and_once(office: Office) -> None:
    """The turn was committed, the process died, and Telegram comes back before a claim is stalled, or just then."""
    (turn,) = office.turntaker.take([office.message("1", "halo", number=7)])
    assert isinstance(turn, Turn)

    async def again(writer: Writer) -> None:
        phone = Gated()
        for moment in (SOON, STALLED):
            writer.turntaker.clock.passes(seconds=moment.total_seconds())  # type: ignore[attr-defined]  # the test's own
            intake = an_intake(writer, phone)  # of a process that is new
            first = asyncio.create_task(deliver(writer, phone)) if moment is STALLED else None
            taken = await intake.take(update(7, "halo"))
            assert taken is not None
            if moment is SOON:
                assert [r.outbox_id for r in taken.replies] == [r.outbox_id for r in turn.replies]
                continue  # killed once more, before it could send
            intake.hand_over(taken)
            await intake.drain(2)
            assert first is not None
            await first
        await deliver(writer, phone)
        assert len(phone.heard) == len(turn.replies)

    running(office, again)


def test_what_delivery_is_sending_is_not_given_again(office: Office) -> None:
    office.turntaker.take([office.message("1", "halo", number=7)])
    office.clock.passes(seconds=STALLED.total_seconds())

    async def both(writer: Writer) -> None:
        phone = Gated()
        phone.gate.clear()
        delivery = Delivery(writer, [phone], office.clock, idle=0.01)
        await delivery.once()
        intake = an_intake(writer, phone)
        taken = await intake.take(update(7, "halo"))
        assert taken is not None
        assert taken.replies == ()
        for _ in range(3):  # however long that takes
            office.clock.passes(seconds=kept.STALLED.total_seconds() - 1)
            await delivery.once()
        phone.gate.set()
        await delivery.finish()
        await deliver(writer, phone)
        assert len(phone.heard) == 1

    running(office, both)


def test_a_slow_lane_keeps_what_it_holds(office: Office) -> None:
    async def slow(writer: Writer) -> None:
        phone = Gated()
        phone.gate.clear()
        intake = an_intake(writer, phone)
        for number, text in enumerate(("daftar", "saya sendiri"), 1):
            taken = await intake.take(update(number, text))
            assert taken is not None
            intake.hand_over(taken)
        delivery = Delivery(writer, [phone], office.clock, idle=0.01)
        for _ in range(5):
            office.clock.passes(seconds=kept.STALLED.total_seconds() - 1)
            await delivery.once()
        phone.gate.set()
        await intake.drain(2)
        await delivery.finish()
        office.clock.passes(seconds=1)
        await deliver(writer, phone)
        texts = [text for _, text in phone.heard]
        assert len(texts) == 2
        assert len(set(texts)) == 2
        assert writer.held == frozenset()

    running(office, slow)


def test_no_more_are_claimed_than_can_be_on_their_way(office: Office) -> None:
    for n in range(20):
        office.turntaker.take([office.message(str(n), "halo")])
    office.clock.passes(seconds=STALLED.total_seconds())

    async def some(writer: Writer) -> None:
        phone = Gated()
        phone.gate.clear()
        delivery = Delivery(writer, [phone], office.clock, idle=0.01, in_flight=3)
        for _ in range(3):
            await delivery.once()
        assert len(rows(office, outbox.c.id, state="claimed")) == 3
        phone.gate.set()
        while await delivery.once():
            pass
        assert len(phone.heard) == 20

    running(office, some)
    assert rows(office, outbox.c.state) == [("sent",)] * 20


def test_confirmations_do_not_wait_for_other_work_to_end(office: Office) -> None:
    async def busy(writer: Writer) -> None:
        turn = await writer.handle(office.message("1", "halo"))
        writer.confirm([reply.outbox_id for reply in turn.replies])
        until = time.monotonic() + 4 * IDLE
        while time.monotonic() < until:  # there is always another job
            await writer.write(lambda work: None)
            await asyncio.sleep(IDLE / 20)
        assert rows(office, outbox.c.state) == [("sent",)]

    running(office, busy)


# Answered in the response


def test_a_lost_response_is_given_again_by_whichever_process(office: Office) -> None:
    async def lose(writer: Writer) -> None:
        phone = Gated()
        first = await by_response(an_intake(writer, phone), update(77, "halo"))
        assert first
        for _ in range(2):  # another process, or this one after a restart: and again
            await committed()
            assert await by_response(an_intake(writer, phone), update(77, "halo")) == first
        await committed()
        office.clock.passes(seconds=STALLED.total_seconds())
        await deliver(writer, phone)
        assert phone.heard == [], "what was answered is not sent as well"

    running(office, lose)
    assert rows(office, outbox.c.state) == [("sent",)]


def test_a_lost_response_is_given_again_though_a_later_message_was_answered(office: Office) -> None:
    """Who writes twice in a row has not seen the first answer, and the platform says that it did not arrive."""

    async def in_a_hurry(writer: Writer) -> None:
        phone = Gated()
        intake = an_intake(writer, phone)
        first = await by_response(intake, update(77, "daftar"))
        assert await by_response(intake, update(78, "saya sendiri"))
        await committed()
        assert await by_response(an_intake(writer, phone), update(77, "daftar")) == first

    running(office, in_a_hurry)


def test_a_reply_sent_by_a_call_is_not_given_again(office: Office) -> None:
    async def call(writer: Writer) -> None:
        phone = Gated()
        intake = an_intake(writer, phone)
        taken = await intake.take(update(77, "halo"))
        assert taken is not None
        intake.hand_over(taken)
        await intake.drain(2)
        await committed()
        assert await by_response(an_intake(writer, phone), update(77, "halo")) is None

    running(office, call)


def test_the_next_picture_of_an_album_proves_no_loss(office: Office) -> None:
    async def album(writer: Writer) -> None:
        phone = Gated()
        picture = {"photo": [{"file_id": "x"}], "media_group_id": "9"}
        assert await by_response(an_intake(writer, phone), update(1, "", **picture))
        await committed()
        assert await by_response(an_intake(writer, phone), update(2, "", **picture)) is None
        office.clock.passes(seconds=STALLED.total_seconds())
        await deliver(writer, phone)
        assert phone.heard == []

    running(office, album)


# Order


def test_an_answer_that_waits_for_another_attempt_goes_before_the_next(office: Office) -> None:
    first = office.says("1", "daftar")
    retry_at = office.clock() + timedelta(minutes=30)
    with office.database.work() as work:
        kept.release(work, [reply.outbox_id for reply in first.replies], office.clock())
        (claimed,) = kept.claim(work, 9, ["telegram"], office.clock())
        kept.fail(work, claimed.id, "5xx: bad gateway", retry_at)
    second = office.says("1", "saya sendiri")
    assert second.replies[: len(first.replies)] == tuple(replace(reply, sending=2) for reply in first.replies)
    assert len(second.replies) == len(first.replies) + 1
    office.turntaker.take([], [reply.outbox_id for reply in second.replies])
    assert {state for (state,) in rows(office, outbox.c.state)} == {"sent"}
    assert office.says("2", "halo").replies, "and nobody else gets them"


def test_replies_are_the_turns_own(office: Office) -> None:
    """A turn that gives earlier answers along names each once, in order."""
    message = office.message("1", "halo", number=5)
    office.turntaker.take([message])
    with office.database.work() as work:
        kept.release(work, [row_id for (row_id,) in rows(office, outbox.c.id)], office.clock())
    (again,) = office.turntaker.take([message])
    assert isinstance(again, Turn)
    assert again.repeated
    assert [type(reply) for reply in again.replies] == [Reply]


def test_who_has_blocked_takes_nothing_along(office: Office) -> None:
    first = office.says("1", "halo")
    with office.database.work() as work:
        kept.release(work, [reply.outbox_id for reply in first.replies], office.clock())
    (turn,) = office.turntaker.take([office.message("1", notice=Notice.BLOCKED)])
    assert isinstance(turn, Turn)
    assert turn.replies == ()


# One bad row


def _spoil(office: Office, contact_id: int) -> None:
    with changing(office) as connection:
        spoilt = outbox.update().where(outbox.c.contact_id == contact_id)
        connection.execute(spoilt.values(body=sa.type_coerce(b"\1\2\3\4\5\6\7\0", sa.LargeBinary)))


def test_a_message_that_cannot_be_read_fails_alone(office: Office) -> None:
    turns = [office.says(str(n), "halo") for n in range(1, 4)]
    _spoil(office, turns[1].contact_id)
    office.clock.passes(seconds=STALLED.total_seconds())
    phone = Phone()
    running(office, lambda writer: deliver(writer, phone))
    assert [address for address, _ in phone.heard] == ["1", "3"]
    ((state, error),) = rows(office, outbox.c.state, outbox.c.error, contact_id=turns[1].contact_id)
    assert state == "failed"
    assert error.startswith("unreadable: ")


def test_an_earlier_answer_that_cannot_be_read_costs_no_turn(office: Office) -> None:
    first = office.says("1", "halo")
    with office.database.work() as work:
        kept.release(work, [reply.outbox_id for reply in first.replies], office.clock())
    _spoil(office, first.contact_id)
    assert read(office.says("1", "daftar"))
    assert rows(office, outbox.c.state, id=first.replies[0].outbox_id) == [("failed",)]


def test_a_channel_that_raises_stops_nothing_else(office: Office) -> None:
    for n in range(3):
        office.says(str(n), "halo")
    office.clock.passes(seconds=STALLED.total_seconds())

    class Faulty(Phone):
        async def send(self, sending: Sending) -> SendError | None:
            if sending.address == "1":
                raise ZeroDivisionError
            return await super().send(sending)

    phone = Faulty()
    running(office, lambda writer: deliver(writer, phone))
    assert [address for address, _ in phone.heard] == ["0", "2"]
    assert ("waiting", "fault: ZeroDivisionError") in rows(office, outbox.c.state, outbox.c.error)


# What is kept


def test_nothing_is_kept_longer_than_promised(office: Office, tmp_path: Path) -> None:
    """Nobody ever comes for it, nobody could be reached, nobody has registered."""
    for word in ("daftar", "saya sendiri", "ya", "Budi Contoh", "1998"):
        office.says("w", word, channel="web", said=word)
    office.registers("x", "Tini Contoh", channel="web")
    failed = office.says("1", "halo")
    with office.database.work() as work:
        kept.fail(work, failed.replies[0].outbox_id, "400: bad", None)
    opens(office, SEWING)
    assert told(announcer(office, tmp_path)) == 1
    office.clock.passes(days=7, seconds=1)
    with office.database.work() as work:
        kept.purge(work, office.clock())
        talks.empty_quiet(work, office.clock())
    assert rows(office, outbox.c.id) == []
    with office.database.read() as work:
        assert work.connection.execute(sa.select(inbound.c.said)).all() == []
    assert "tahun berapa" not in read(office.says("w", "halo", channel="web", said="halo")), "the form is still there"
    office.clock.passes(days=91)
    with office.database.work() as work:
        assert talks.empty_quiet(work, office.clock()) == 2, "of the two who have not registered"
        assert ledger.retire(work, office.clock().date()) == 0
    with office.database.read() as work:
        bodies = work.connection.execute(sa.select(contacts.c.id).join(sessions).where(sessions.c.body.is_not(None)))
        assert len(bodies.all()) == 1
    assert office.says("w", "halo", channel="web").replies


# Several processes


def test_only_who_has_the_duty_delivers(office: Office) -> None:
    office.says("1", "halo")
    office.clock.passes(seconds=STALLED.total_seconds())
    phone = Phone()
    holder = Duty(office.database, "delivering")
    assert holder.take()
    idle = Duty(office.database, "delivering")
    running(office, lambda writer: deliver(writer, phone, duty=idle))
    assert phone.heard == []
    holder.leave()
    time.sleep(SURE)
    running(office, lambda writer: deliver(writer, phone, duty=idle))
    assert len(phone.heard) == 1
    idle.leave()
