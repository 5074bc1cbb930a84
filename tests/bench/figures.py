"""What is measured: values that a table is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One run. ``latencies`` are seconds from an update's sending to its answer, sorted."""

    seconds: float
    latencies: list[float]
    by_response: int
    """How many of the answers came in the webhook's own response."""
    driver_cpu: float
    """Seconds of processor time the driver itself used."""
    service_cpu: float
    """Seconds of processor time the service used, its database's server included."""

    @property
    def rate(self) -> float:
        """Turns a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Latency in milliseconds that ``share`` (0-1) of the turns did not exceed."""
        return self.latencies[min(len(self.latencies) - 1, int(len(self.latencies) * share))] * 1000


@dataclass(frozen=True, slots=True)
class Counted:
    """So many turns (or steps) in so many seconds."""

    turns: int
    seconds: float

    @property
    def rate(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds

    @property
    def each(self) -> float:
        """Microseconds a turn."""
        return self.seconds / self.turns * 1e6
