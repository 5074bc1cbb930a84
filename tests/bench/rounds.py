"""Playing a contender: start it, let one person and then many people talk to it, end it."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvloop

from tests.bench.botapi import BotApi
from tests.bench.contenders import Contender, Launch, Place
from tests.bench.figures import Measured
from tests.bench.people import Crowd, Hook, WrongAnswerError
from tests.bench.postgres import Postgres
from tests.bench.processes import Service, StartError, free_port, prepare, running

PEOPLE = 16
STARTING = 30.0
"""Seconds in which a service must listen."""

SETTLING = 3.0
"""Seconds a started service is left alone before its memory is read."""


@dataclass(frozen=True, slots=True)
class Played:
    """One round of one contender."""

    alone: Measured
    together: Measured


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds from the launch to the first answer, and MB at rest (None where it cannot be told)."""

    first_time: float
    """With an empty folder: the database is made and the example data loaded."""
    again: float
    memory: float | None


class Stage:
    """Where contenders are played: a folder on the disk that counts, and one PostgreSQL for all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = Postgres(folder / "postgres")

    def play(self, contender: Contender, seconds: float) -> Played:
        """One round: one person for half of ``seconds``, sixteen for all of them.

        Raises WrongAnswerError or StartError.
        """
        return uvloop.run(self._play(contender, seconds))

    def start(self, contender: Contender) -> Started:
        """How long ``contender`` takes to its first answer, in a new folder and again, and how much it keeps."""
        return uvloop.run(self._start(contender))

    async def _play(self, contender: Contender, seconds: float) -> Played:
        with self._folder() as folder:
            return await self._play_in(folder, contender, seconds)

    async def _play_in(self, folder: Path, contender: Contender, seconds: float) -> Played:
        async with self._served(contender, folder) as (crowd, service):

            def cpu() -> float:
                return service.cpu() + self.postgres.cpu()

            warm_up = min(0.5, seconds / 4)
            alone = await crowd.run(1, seconds / 2, warm_up, cpu)
            together = await crowd.run(PEOPLE, seconds, warm_up, cpu)
        for measured in (alone, together):
            wanted = len(measured.latencies) if contender.in_response else 0
            if measured.by_response != wanted:
                raise WrongAnswerError(
                    f"{measured.by_response} of {len(measured.latencies)} answers came in the response"
                )
        return Played(alone, together)

    async def _start(self, contender: Contender) -> Started:
        took = []
        with self._folder() as folder:
            for earlier in range(2):
                async with self._served(contender, folder, earlier) as (crowd, service):
                    await crowd.once()
                    took.append(time.perf_counter() - service.started)
                    await asyncio.sleep(SETTLING)
                    memory = service.memory()
        return Started(took[0], took[1], memory)

    @contextlib.contextmanager
    def _folder(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            yield Path(name)

    @contextlib.asynccontextmanager
    async def _served(
        self, contender: Contender, folder: Path, earlier: int = 0
    ) -> AsyncIterator[tuple[Crowd, Service]]:
        """The contender running in ``folder``, and a crowd connected to it."""
        api = BotApi()
        await api.start()
        hook = Hook(free_port())
        crowd = Crowd(contender.talk, hook, chats_are_named=contender.chats_are_named, earlier=earlier)
        api.crowd = crowd
        try:
            launch = contender.launch(Place(folder, hook, api.address, self.postgres))
            for argv in launch.before:
                prepare(argv, launch.env, folder)
            async with _listening(launch, folder, crowd) as service:
                yield crowd, service
        finally:
            api.stop()


@contextlib.asynccontextmanager
async def _listening(launch: Launch, folder: Path, crowd: Crowd) -> AsyncIterator[Service]:
    """The process, once it takes connections."""
    with running(launch.argv, launch.env, folder) as service:
        while True:
            try:
                await crowd.connect(1)
                break
            except OSError:
                service.check()
                if time.perf_counter() - service.started > STARTING:
                    raise StartError(f"did not listen within {STARTING:.0f} seconds: {service.tail()}") from None
                await asyncio.sleep(0.005)
        try:
            yield service
        except WrongAnswerError as error:
            raise WrongAnswerError(f"{error}\n{service.tail()}") from None
        finally:
            crowd.close()
