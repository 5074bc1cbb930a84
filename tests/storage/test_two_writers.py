"""Two processes at one database, as behind one webhook: what comes to both is taken once, and nothing is lost.

Each has a ``Database`` of its own, so that only the database itself stands between them.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, count

import pytest
import sqlalchemy as sa

from bot.channels.base import InboundMessage, Turn, TurnFailed
from storage.keys import KeyRing
from storage.models import inbound, outbox, seekers, sessions
from storage.work import Database
from tests.support.service import Office, read

PEOPLE = [str(n) for n in range(1, 7)]
WORDS = ["daftar", "saya sendiri", "ya", "Ani Contoh", "1998", "Kotapinang", "kursi roda", "SMA", "menjahit", "simpan"]


@pytest.fixture
def offices(database_url: str, key_ring: KeyRing) -> Iterator[list[Office]]:
    databases = [Database(database_url, key_ring) for _ in range(2)]
    yield [Office(database) for database in databases]
    for database in databases:
        database.close()


def at_once(work: Callable[[int], list[list[Turn]]]) -> list[list[list[Turn]]]:
    """``work(0)`` and ``work(1)``, each on a thread."""
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(work, range(2)))


def all_taken(turns: list[Turn | TurnFailed]) -> list[Turn]:
    taken = [turn for turn in turns if isinstance(turn, Turn)]
    assert len(taken) == len(turns), turns
    return taken


@contextmanager
def no_batch_failed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A batch that fails is taken one by one: right, but slow, and here it would hide that two wait for each other."""
    failed: list[str] = []
    monkeypatch.setattr("bot.turns.log.warning", lambda event, **given: failed.append(f"{event} {given}"))
    yield
    assert failed == []


def test_what_is_delivered_to_both_counts_once(offices: list[Office], monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody registers; every update goes to both at the same moment, in another order."""
    step = threading.Barrier(2)

    def take(which: int) -> list[list[Turn]]:
        office, steps = offices[which], []
        confirmed: list[int] = []
        for number, word in enumerate(WORDS, start=1):
            batch = [InboundMessage("telegram", who, f"{who}-{number}", number, text=word) for who in PEOPLE]
            step.wait()
            turns = all_taken(office.turntaker.take(batch[::-1] if which else batch, confirmed))
            steps.append(turns[::-1] if which else turns)
            confirmed = [reply.outbox_id for turn in turns for reply in turn.replies]
        return steps

    with no_batch_failed(monkeypatch):
        here, there = at_once(take)
    first: list[Turn] = []
    for one, other in zip(chain.from_iterable(here), chain.from_iterable(there), strict=True):
        assert one.repeated != other.repeated, "one of the two takes it"
        first.append(other if one.repeated else one)
    assert sum("Pendaftaran selesai" in read(turn) for turn in first) == len(PEOPLE)
    with offices[0].database.read() as work:
        taken = len(PEOPLE) * len(WORDS)
        assert work.connection.scalar(sa.select(sa.func.count()).select_from(seekers)) == len(PEOPLE)
        assert work.connection.scalar(sa.select(sa.func.count()).select_from(inbound)) == taken
        assert set(work.connection.scalars(sa.select(sessions.c.version))) == {len(WORDS)}
        written = set(work.connection.scalars(sa.select(outbox.c.id)))
    assert written == {reply.outbox_id for turn in first for reply in turn.replies}


def test_what_comes_to_either_is_all_there(offices: list[Office], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same people write to both, some updates come to both, in batches of any size and without a common step."""
    updates = [[f"{which}-{n}" for n in range(60)] + [f"both-{n}" for n in range(30)] for which in range(2)]
    everything = {*updates[0], *updates[1]}

    def take(which: int) -> list[list[Turn]]:
        chance, order = random.Random(which), count(1)
        left = chance.sample(updates[which], len(updates[which]))
        steps: list[list[Turn]] = [[]]
        while left:
            some, left = left[: (size := chance.randint(1, 9))], left[size:]
            batch = [InboundMessage("telegram", writer_of(id_), id_, next(order), text="halo") for id_ in some]
            confirmed = [reply.outbox_id for turn in steps[-1] for reply in turn.replies]
            steps.append(all_taken(offices[which].turntaker.take(batch, confirmed)))
        return steps

    def writer_of(update: str) -> str:
        return PEOPLE[sum(update.encode()) % len(PEOPLE)]

    with no_batch_failed(monkeypatch):
        here, there = at_once(take)
    first = [turn for turn in chain.from_iterable((*here, *there)) if not turn.repeated]
    assert len(first) == len(everything)
    with offices[0].database.read() as work:
        assert set(work.connection.scalars(sa.select(inbound.c.external_id))) == everything
        written = set(work.connection.scalars(sa.select(outbox.c.id)))
    assert written == {reply.outbox_id for turn in first for reply in turn.replies}
