"""A service and people at one of its channels, for what must hold at every channel alike.

A ``House`` is the real service in this process, on a database of its own; a ``Door`` is one person at one
channel, who says, taps and hears. Which channel it is, its ``Entrance`` knows.
"""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from starlette.applications import Starlette

from bot.announce import Announcer
from bot.app import Service, build
from bot.limiter import Pace
from bot.opening import Clock, Opened, open_everything, system_clock
from bot.settings import load_settings
from conversations.domain.vacancy import Vacancy
from storage import vacancies
from storage.work import Work
from tests.channels.serving import Server, free_port
from tests.e2e.people import LATER, first_pass
from tests.storage.offers import Offered
from tests.support.waiting import eventually

T = TypeVar("T")

_OPTION = re.compile(r"^(.+): balas ([A-Z0-9 ]+)$", re.MULTILINE)

SOON = 5.0
"""Seconds in which whatever is waited for must come."""

A_WHILE = 0.05
"""Seconds of silence after which nothing more is expected of what was taken."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as somebody sees it."""

    text: str
    labels: tuple[str, ...] = ()
    """What can be tapped."""

    @property
    def answers(self) -> dict[str, str]:
        """What can be typed for each option that stands in the text: by its words, the answer to give."""
        return dict(_OPTION.findall(self.text))


class Door(ABC):
    """Somebody at one channel. ``house`` is the service behind it, which may be opened anew meanwhile."""

    def __init__(self, house: House, address: str) -> None:
        self.house = house
        self.address = address
        """As contacts are kept by it; empty where the channel makes one up."""
        self.complaints: list[str] = []
        """What the channel itself has said of words that it could not pass on, so that they were said again."""

    @abstractmethod
    async def says(self, *words: str) -> None:
        """Say something; several at once, without waiting for answers."""

    @abstractmethod
    async def taps(self, label: str) -> None:
        """Tap the newest thing with this label, however old its message is."""

    @abstractmethod
    async def hears(self) -> Heard:
        """The next message that was not heard yet; raises TimeoutError."""

    @abstractmethod
    async def hears_nothing(self) -> bool:
        """Whether there is nothing more to hear."""

    async def says_twice(self, words: str) -> None:
        """Say something once, which the channel brings twice."""
        raise NotImplementedError

    async def sends(self, kind: str) -> None:
        """Something that is no text: voice, image, document, sticker or location."""
        raise NotImplementedError

    async def asks(self, *words: str) -> Heard:
        """Say one thing after another, each after the answer to the last; the last answer."""
        for word in words:
            await self.says(word)
            heard = await self.hears()
        return heard

    async def tries(self, label: str) -> Heard:
        """Tap, and hear."""
        await self.taps(label)
        return await self.hears()

    async def registers(self, name: str, *, to_the_end: bool = True) -> Heard:
        """The whole first pass; returns its last answer."""
        heard = await self.asks(*first_pass(name))
        if to_the_end:
            await self.asks(*LATER)
        return heard


class Entrance(ABC):
    """One channel: its platform, if it has one, and the settings of a service that uses it."""

    redelivers = True
    """Whether what was not taken is brought again, and what was taken may be."""
    pushes = True
    """Whether messages are sent to people, who otherwise come for them."""
    media: Sequence[str] = ()
    """What can be sent besides text."""

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """The platform at work."""
        yield

    def settings(self, port: int) -> dict[str, str]:
        """More of the environment of a service that is reached at ``port``."""
        return {}

    async def connect(self, house: House) -> None:  # noqa: B027  # most channels need nothing more
        """The service is reached from now on."""

    @abstractmethod
    def door(self, house: House, number: int) -> Door:
        """Somebody new."""

    def refuses_to_send(self) -> None:
        """The platform fails with the next message."""
        raise NotImplementedError


@dataclass
class House:
    """The service; ``async with house:`` opens it, and ``shut`` closes it for a while."""

    entrance: Entrance
    folder: Path
    key: str
    clock: Clock = system_clock
    more: dict[str, str] = field(default_factory=dict)
    """More of the environment."""

    def __post_init__(self) -> None:
        self.port = free_port()
        self._service: Service | None = None
        self._people = 0

    async def __aenter__(self) -> House:
        given = {"SETARA_DATA_DIR": str(self.folder), "SETARA_KEY": self.key, "SETARA_QUIET_HOURS": "off"}
        settings = load_settings({**given, **self.entrance.settings(self.port), **self.more})
        self._service = build(open_everything(settings, self.clock))
        # Between two looks at what is to be delivered; a second, of which every test would wait a half.
        self._service.delivery.idle = 0.02
        self._server = Server(Starlette(routes=self.service.application().routes), self.port)
        self._serving = asyncio.create_task(self._server.serve())
        await self._server.ready.wait()
        await self.service.start()
        await self.entrance.connect(self)
        return self

    async def __aexit__(self, *_: object) -> None:
        service, self._service = self.service, None
        await service.stop()
        self._server.end.set()
        await self._serving

    @asynccontextmanager
    async def shut(self) -> AsyncIterator[None]:
        """Nobody serves meanwhile."""
        await self.__aexit__()
        yield
        await self.__aenter__()

    @property
    def service(self) -> Service:
        assert self._service is not None, "nobody serves"
        return self._service

    @property
    def opened(self) -> Opened:
        return self.service.opened

    def door(self) -> Door:
        """Somebody new."""
        self._people += 1
        return self.entrance.door(self, self._people)

    async def comes(self, *offers: Vacancy) -> None:
        """Vacancies come in, and whom they suit is told."""
        await self.writes(lambda work: vacancies.upsert(work, list(map(Offered, offers)), self.clock()))
        await self.service.announce()

    async def writes(self, do: Callable[[Work], T]) -> T:
        return await self.service.writer.write(do)

    async def reads(self, do: Callable[[Work], T]) -> T:
        return await self.service.writer.read(do)


def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write to people as soon as there is something to tell: how long it waits otherwise is tested elsewhere."""
    for channel in ("telegram", "whatsapp"):
        monkeypatch.setattr(f"bot.channels.{channel}.channel.Pace", lambda *_: Pace(10_000, 10_000))
    monkeypatch.setattr(Announcer, "worth_looking", lambda self, news: True)


async def until(true: Callable[[], object]) -> None:
    """Wait until it holds; raises TimeoutError."""
    await eventually(true, SOON)
