"""Bounds on what one network, one browser and all of them together may take."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import AddressValueError, IPv6Address


class Allowance:
    """How much each network, or each browser, may do a minute; memory is bounded by forgetting the longest unused."""

    def __init__(self, per_minute: int, *, most: int = 4_096, clock: Callable[[], float] = time.monotonic) -> None:
        """``per_minute`` is also how much may come at once: a class at school opens the page together."""
        self._per_minute = per_minute
        self._most = most
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # who -> (tokens, as of)

    def allow(self, who: str) -> bool:
        """Take one from what ``who`` has left; False when that is nothing."""
        now = self._clock()
        tokens, since = self._left.pop(who, (float(self._per_minute), now))
        tokens = min(self._per_minute, tokens + (now - since) * self._per_minute / 60)
        allowed = tokens >= 1
        self._left[who] = (tokens - 1 if allowed else tokens, now)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        return allowed

    def __len__(self) -> int:
        return len(self._left)


def network_of(host: str) -> str:
    """An IPv6 subscriber holds a whole /64, so that is what counts; anything else counts as it is."""
    try:
        return IPv6Address(host).exploded[:19]
    except AddressValueError:
        return host
