"""Bounds on what one network, one browser or one contact may take, and all of them together."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable


class Allowance:
    """How much each of many may do in a while; memory is bounded by forgetting the longest unused."""

    def __init__(
        self,
        count: int,
        seconds: float = 60,
        *,
        most: int = 4_096,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``count`` in ``seconds``, and as much may come at once: a class at school opens the page together.

        What is used comes back evenly. ``most``: of how many it is remembered. ``clock``: in seconds.
        """
        self._count = count
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # who -> (tokens, as of)

    def allow(self, who: str) -> bool:
        """Take one from what ``who`` has left; False when that is nothing."""
        tokens = self._tokens(who)
        allowed = tokens >= 1
        self._left[who] = (tokens - 1 if allowed else tokens, self._clock())
        self._left.move_to_end(who)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        return allowed

    def has(self, who: str) -> bool:
        """Whether ``who`` has something left; takes nothing."""
        return self._tokens(who) >= 1

    def _tokens(self, who: str) -> float:
        now = self._clock()
        tokens, since = self._left.get(who, (float(self._count), now))
        return min(self._count, tokens + max(0.0, now - since) * self._count / self._seconds)

    def __len__(self) -> int:
        return len(self._left)
