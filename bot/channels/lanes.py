"""Work in order for one chat, side by side for different ones."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from bot.logs import get_logger

log = get_logger(__name__)

Work = Callable[[], Awaitable[None]]


class Lanes:
    """A lane a key; a lane exists only while it has work."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Work]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, key: str, work: Work) -> None:
        """Have ``work`` done after everything that was put under ``key`` before; never waits."""
        if (lane := self._lanes.get(key)) is not None:
            lane.append(work)
            return
        self._lanes[key] = deque([work])
        task = asyncio.create_task(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def busy(self, key: str) -> bool:
        """Whether anything put under ``key`` is still to be finished."""
        return key in self._lanes

    async def drain(self, seconds: float) -> None:
        """Finish what was put, for at most so long; then end what is left."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, key: str) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                try:
                    await lane[0]()
                except Exception:
                    log.exception("work for a chat failed")
                lane.popleft()
        finally:
            del self._lanes[key]
