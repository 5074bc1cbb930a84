"""Pages that wait for news: how many may, what wakes them, and the stream that each of them reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress

import structlog
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.channels.web.transcript import Entry, Newer, newest

HEARTBEAT = 15.0
"""Seconds: proxies close a connection on which nothing has moved for half a minute or a minute."""
LIFETIME = 600.0
"""Seconds after which a page connects anew, so that no connection is held for somebody who has gone."""
READS_PER_SECOND = 200
"""However many pages wait, they ask the database no more often than this together."""

log = structlog.get_logger(__name__)


class Place:
    """One waiting page. ``after``: the newest outbox id it has been given."""

    def __init__(self, address: str, tab: str, after: int) -> None:
        self.address = address
        self.tab = tab
        self.after = after
        self.gone = False
        """The person has left this browser: the page must show nothing any more."""
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def rest(self, seconds: float) -> None:
        """Until woken, at most ``seconds``."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._woken.clear()


class Waiting:
    """All pages that wait, bounded in number: each costs a connection and a read about once a second."""

    def __init__(self, newer: Newer, *, most: int = 500, per_address: int = 3, poll_seconds: float = 1.0) -> None:
        self._newer = newer
        self._most = most
        self._per_address = per_address
        self._poll_seconds = poll_seconds
        self._places: dict[str, list[Place]] = {}
        self._count = 0
        self._closing = False

    def __len__(self) -> int:
        return self._count

    def ring(self, address: str | None = None) -> None:
        """Something may have come for ``address`` (None: for anybody): look now."""
        for place in self._at(address):
            place.wake()

    def handed(self, address: str, tab: str, newest: int) -> None:
        """The answer to what was sent from ``tab`` brought everything up to ``newest``."""
        for place in self._at(address):
            if place.tab == tab:
                place.after = max(place.after, newest)

    def leave(self, address: str) -> None:
        """The person has left: every page still open for them shows nothing any more."""
        for place in self._at(address):
            place.gone = True
            place.wake()

    def close(self) -> None:
        """End every stream, and refuse new ones: the service is stopping."""
        self._closing = True
        self.ring()

    async def events(self, place: Place, render: Callable[[Sequence[Entry]], str]) -> AsyncGenerator[str, None]:
        """The stream of one page: its news as they come, and a sign of life while nothing does."""
        if self._closing or self._count >= self._most or len(self._at(place.address)) >= self._per_address:
            yield "retry: 30000\n\n"
            return
        self._places.setdefault(place.address, []).append(place)
        self._count += 1
        try:
            yield "retry: 3000\n\n"
            async for event in self._news(place, render):
                yield event
        finally:
            self._count -= 1
            self._places[place.address].remove(place)
            if not self._places[place.address]:
                del self._places[place.address]

    async def _news(self, place: Place, render: Callable[[Sequence[Entry]], str]) -> AsyncGenerator[str, None]:
        clock = asyncio.get_running_loop().time
        begun = moved = clock()
        while not self._closing and clock() - begun < LIFETIME:
            if place.gone:
                yield gone()
                return
            try:
                found = await self._newer(place.address, place.after)
            except Exception as error:  # whatever storage raises: the page comes back later
                log.warning("web.news_not_read", error=type(error).__name__)
                yield "retry: 10000\n\n"
                return
            # An answer may have brought some of them while they were being read.
            found = [entry for entry in found if entry.outbox_id is not None and entry.outbox_id > place.after]
            if (latest := newest(found)) is not None:
                place.after = latest
                yield event(render(found), latest)
                moved = clock()
            elif clock() - moved >= HEARTBEAT:
                yield ":\n\n"
                moved = clock()
            await place.rest(max(self._poll_seconds, self._count / READS_PER_SECOND))

    def _at(self, address: str | None) -> list[Place]:
        if address is None:
            return [place for places in self._places.values() for place in places]
        return list(self._places.get(address, ()))


class EventStream(StreamingResponse):
    """A stream whose generator is closed with its connection, not some time later."""

    def __init__(self, events: AsyncGenerator[str, None]) -> None:
        self._events = events
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}
        super().__init__(events, headers=headers, media_type="text/event-stream")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._events.aclose()


def event(html: str, number: int) -> str:
    """One event; the browser gives ``number`` back when it connects anew."""
    lines = "".join(f"data:{line}\n" for line in html.splitlines() if line)
    return f"id:{number}\n{lines}\n"


def gone() -> str:
    """The page belongs to somebody who has left."""
    return "event:gone\ndata:\n\n"


async def only(*events: str) -> AsyncGenerator[str, None]:
    """A stream that ends after ``events``."""
    for one in events:
        yield one
