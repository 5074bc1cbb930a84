"""The one thread that writes: turns that wait together share a commit, other work goes in between.

Channels are asynchronous and the database is not; this is where they meet. A result is handed to the
event loop only after its commit, so whatever a channel confirms to its platform is durable.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.channels.base import Busy, InboundMessage, Receipt, Turn, TurnFailed
from bot.logs import get_logger
from bot.receipts import keep
from bot.turns import Turntaker
from storage import contacts, outbox
from storage.contacts import Identity
from storage.work import Database, Work

MOST = 64
"""Turns in one commit: enough to share its cost, few enough that nobody waits long for the others."""

MOST_WAITING = 2_000
"""Turns and jobs that may wait, about two seconds' worth. A turn beyond them is refused and loses nothing: its
platform or page has it still, and sends it again."""

IDLE = 0.2
"""Seconds after which confirmations are committed though no turn comes by to carry them, whatever else does."""

T = TypeVar("T")
log = get_logger(__name__)


@dataclass(slots=True)
class _Waiting:
    """A turn that waits for its commit."""

    message: InboundMessage
    result: asyncio.Future[Turn]


@dataclass(slots=True)
class _Job:
    """Any other work in a transaction of its own."""

    do: Callable[[Work], Any]
    result: asyncio.Future[Any]


class Writer:
    """Implements ``bot.channels.base.Turns`` on a thread of its own."""

    def __init__(self, turntaker: Turntaker) -> None:
        self.turntaker = turntaker
        self.database: Database = turntaker.database
        self._queue: queue.SimpleQueue[_Waiting | _Job | None] = queue.SimpleQueue()
        self._put_off: list[_Waiting | _Job | None] = []
        self._confirmed: list[int] = []
        self._answered: list[int] = []
        self._oldest: float | None = None  # when the first of these came
        self._held: set[int] = set()
        self._lock = threading.Lock()
        self._releasing: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin, within the event loop that will wait for the results."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """Finish what waits, commit the confirmations, and end."""
        await asyncio.gather(*self._releasing)
        self._stopped = True
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    # Turns

    async def handle(self, inbound: InboundMessage) -> Turn:
        if self._stopped:
            raise TurnFailed("the service is stopping")
        if self._queue.qsize() >= MOST_WAITING:
            raise Busy("too many turns wait")
        future: asyncio.Future[Turn] = asyncio.get_running_loop().create_future()
        self._queue.put(_Waiting(inbound, future))
        return await future

    def confirm(self, outbox_ids: Sequence[int]) -> None:
        self._note(self._confirmed, outbox_ids)

    def answered(self, outbox_ids: Sequence[int]) -> None:
        self._note(self._answered, outbox_ids)

    def _note(self, notes: list[int], outbox_ids: Sequence[int]) -> None:
        self._held.difference_update(outbox_ids)
        with self._lock:
            notes.extend(outbox_ids)
            if self._oldest is None:
                self._oldest = time.monotonic()

    def hold(self, outbox_ids: Sequence[int]) -> None:
        self._held.update(outbox_ids)

    @property
    def held(self) -> frozenset[int]:
        """What channels are handing over just now. For the event loop, like ``hold``."""
        return frozenset(self._held)

    def release(self, outbox_ids: Sequence[int]) -> None:
        now, ids = self.turntaker.clock(), list(outbox_ids)
        self._held.difference_update(ids)
        task = asyncio.ensure_future(self._released(lambda work: outbox.release(work, ids, now)))
        self._releasing.add(task)
        task.add_done_callback(self._releasing.discard)

    async def _released(self, do: Callable[[Work], None]) -> None:
        try:
            await self.write(do)
        except Exception as error:
            # The rows stay claimed; delivery rescues stalled claims by itself.
            log.warning("release_failed", error=type(error).__name__)

    async def switched_off(self, address_of: tuple[str, str], reason: str) -> None:
        channel, address = address_of
        now = self.turntaker.clock()
        log.info("contact_switched_off", channel=channel, reason=reason)
        await self.write(lambda work: contacts.switch_off(work, channel, address, now, reason))

    async def reported(self, receipts: Sequence[Receipt]) -> Collection[Receipt]:
        clock, zone = self.turntaker.clock, self.turntaker.zone
        return await self._told(lambda work: keep(work, receipts, clock(), zone))

    async def moved(self, who: Identity, to: Identity) -> None:
        await self._told(lambda work: contacts.readdress(work, who, to))

    async def _told(self, do: Callable[[Work], T]) -> T:
        """What a platform tells is committed, or the platform is to tell it again."""
        try:
            return await self.write(do)
        except TurnFailed:
            raise
        except Exception as error:
            log.error("report_failed", error=type(error).__name__)
            raise TurnFailed(type(error).__name__) from error

    # Anything else

    async def write(self, do: Callable[[Work], T]) -> T:
        """Run ``do`` in a transaction of its own on the writing thread; returns what it returns, committed."""
        if self._stopped:
            raise RuntimeError("the writer has ended")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put(_Job(do, future))
        return await future

    async def read(self, do: Callable[[Work], T]) -> T:
        """Run ``do`` on a snapshot, beside the writing."""
        return await asyncio.to_thread(self._read, do)

    def _read(self, do: Callable[[Work], T]) -> T:
        with self.database.read() as work:
            return do(work)

    # The thread

    def _run(self) -> None:
        while True:
            items = self._next()
            turns = [item for item in items if isinstance(item, _Waiting)]
            if turns or self._overdue():
                self._take(turns)
            for item in items:
                if isinstance(item, _Job):
                    self._do(item)
            if None in items:
                self._take([])
                return

    def _next(self) -> list[_Waiting | _Job | None]:
        """What waits now, at most MOST; nothing after a while of quiet.

        An update that came twice waits for the next batch: its first caller may be gone, and only what is
        committed can be given to the second one as well.
        """
        try:
            items = [self._put_off.pop() if self._put_off else self._queue.get(timeout=IDLE)]
        except queue.Empty:
            return []
        updates = {_update_of(items[0])}
        while len(items) < MOST and items[-1] is not None:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if (update := _update_of(item)) is not None and update in updates:
                self._put_off.append(item)
                break
            updates.add(update)
            items.append(item)
        return items

    def _overdue(self) -> bool:
        oldest = self._oldest
        return oldest is not None and time.monotonic() - oldest >= IDLE

    def _take(self, waiting: list[_Waiting]) -> None:
        with self._lock:
            confirmed, answered = list(self._confirmed), list(self._answered)
            self._confirmed.clear()
            self._answered.clear()
            self._oldest = None
        if not waiting and not confirmed and not answered:
            return
        turns = self.turntaker.take([w.message for w in waiting], confirmed, answered)
        self._resolve([(w.result, turn) for w, turn in zip(waiting, turns, strict=True)])

    def _do(self, job: _Job) -> None:
        try:
            with self.database.work() as work:
                value = job.do(work)
        except Exception as error:
            self._resolve([(job.result, error)])
        else:
            self._resolve([(job.result, value)])

    def _resolve(self, results: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
        assert self._loop is not None
        if results and not self._loop.is_closed():
            # One wake-up of the loop for the whole batch.
            self._loop.call_soon_threadsafe(_settle, results)


def _update_of(item: _Waiting | _Job | None) -> tuple[str, str] | None:
    return (item.message.channel, item.message.external_id) if isinstance(item, _Waiting) else None


def _settle(results: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, value in results:
        if future.done():
            continue  # whoever waited has gone; the work is committed all the same
        if isinstance(value, BaseException):
            future.set_exception(value)
        else:
            future.set_result(value)
