"""Playing a contender: start it, let one person and then many people talk to it, end it."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import uvloop

from tests.bench.botapi import BotApi
from tests.bench.contenders import Contender, Launch, Place
from tests.bench.people import Crowd, Hook, Measured, WrongAnswerError
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
    """A start with nothing to do: seconds from the launch to the first answer, then MB at rest."""

    first_answer: float
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
        """How long ``contender`` takes to its first answer, and how much memory it keeps at rest."""
        return uvloop.run(self._start(contender))

    async def _play(self, contender: Contender, seconds: float) -> Played:
        async with self._served(contender) as (crowd, service):

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
        async with self._served(contender) as (crowd, service):
            await crowd.once()
            first = time.perf_counter() - service.started
            await asyncio.sleep(SETTLING)
            return Started(first, service.memory())

    @contextlib.asynccontextmanager
    async def _served(self, contender: Contender) -> AsyncIterator[tuple[Crowd, Service]]:
        """The contender running, and a crowd connected to it."""
        api = BotApi()
        await api.start()
        hook = Hook(free_port())
        crowd = Crowd(contender.talk, hook, chats_are_named=contender.chats_are_named)
        api.crowd = crowd
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            place = Place(Path(folder), hook, api.address, self.postgres)
            launch = contender.launch(place)
            for argv in launch.before:
                prepare(argv, launch.env, place.folder)
            try:
                async with _listening(launch, place.folder, crowd) as service:
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
