"""A turn taker on a real database, with a clock that tests move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.base import InboundMessage, Turn
from bot.turns import Turntaker
from conversations.catalogue import REGISTRY
from conversations.domain.region import load_region
from storage.work import Database

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""Nine in the morning in Jakarta."""


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **given: float) -> None:
        self.now += timedelta(**given)


@dataclass
class Office:
    """The service's turns, without a channel: messages in, turns out."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    numbers: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    def __post_init__(self) -> None:
        region = load_region("12.22")
        self.turntaker = Turntaker(self.database, REGISTRY, region, ZoneInfo(region.timezone), self.clock)

    def message(self, address: str, text: str | None = None, channel: str = "telegram", **given: Any) -> InboundMessage:
        number = given.pop("number", None) or self.numbers()
        return InboundMessage(channel, address, str(number), number, text=text, **given)

    def says(self, address: str, text: str | None, **given: Any) -> Turn:
        """One message by itself; its turn must be taken."""
        (turn,) = self.turntaker.take([self.message(address, text, **given)])
        assert isinstance(turn, Turn), turn
        return turn

    def registers(self, address: str, name: str = "Ani Contoh", place: str = "Kotapinang", **given: Any) -> str:
        """The whole first pass in eight answers; returns what was read last."""
        words = ["daftar", "saya sendiri", "ya", name, "1998", place, "kursi roda", "SMA", "menjahit", "simpan"]
        for word in words:
            turn = self.says(address, word, **given)
        self.says(address, "LEWATI", **given)  # the rest of the profile, for another day
        return read(turn)


def read(turn: Turn) -> str:
    """Everything a person reads of a turn."""
    return "\n".join(reply.message.text for reply in turn.replies)
