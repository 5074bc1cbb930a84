"""An installation of the service: a data folder, a database, and the real ``setara`` commands on them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from storage.keys import KeyRing
from storage.work import Database

SETARA = Path(sys.executable).with_name("setara")

COMMAND_SECONDS = 30.0
START_SECONDS = 20.0
STOP_SECONDS = 15.0
"""Bounds, far beyond what is expected; what is expected is asserted where it matters."""


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        return json.loads(self.stdout)

    @property
    def objects(self) -> list[Any]:
        """The objects on stdout, one a line."""
        return [json.loads(line) for line in self.stdout.splitlines()]


@dataclass
class Installation:
    """Where everything of one service is, and how its commands are called.

    ``database_url`` None: the SQLite file in ``folder`` that the service takes by itself.
    ``key`` None: the key file in ``folder``, which the service makes by itself.
    """

    folder: Path
    database_url: str | None = None
    key: str | None = None
    settings: dict[str, str] = field(default_factory=dict)
    """More of the environment: SETARA_TELEGRAM_TOKEN …"""
    starts: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """Without anybody's own settings of the service."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("SETARA_")}
        given = {"SETARA_DATA_DIR": str(self.folder), "SETARA_QUIET_HOURS": "off", "SETARA_ALERTS_PER_DAY": "100"}
        if self.database_url is not None:
            given["SETARA_DATABASE_URL"] = self.database_url
        if self.key is not None:
            given["SETARA_KEY"] = self.key
        return {**own, **given, **self.settings}

    async def run(self, *arguments: str, said: str | bytes = "", **settings: str) -> Done:
        """Run ``setara`` to its end; ``said`` is its whole stdin, ``settings`` more of the environment."""
        process = await asyncio.create_subprocess_exec(
            SETARA,
            *arguments,
            env=self.environment | settings,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(COMMAND_SECONDS):
                out, err = await process.communicate(said.encode() if isinstance(said, str) else said)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode is not None
        return Done(process.returncode, out.decode(), err.decode())

    async def json(self, *arguments: str, said: str = "") -> Any:
        """What a command that must succeed answers with ``--json``."""
        done = await self.run(*arguments, "--json", said=said)
        assert done.code == 0, done
        return done.json

    @asynccontextmanager
    async def serving(self, *arguments: str, **settings: str) -> AsyncIterator[Serving]:
        """``setara run``, ready to answer; ended on leaving, by its own id, if it still runs."""
        serving = self.launch(*arguments, **settings)
        try:
            await serving.ready()
            yield serving
        finally:
            await serving.end()

    def launch(self, *arguments: str, **settings: str) -> Serving:
        """``setara run``, just launched; whoever calls this must ``end`` it."""
        port = int(settings.get("SETARA_PORT", free_port()))
        self.starts += 1
        log = self.folder.parent / f"{self.folder.name}.{self.starts}.log"
        environment = self.environment | settings | {"SETARA_PORT": str(port)}
        with log.open("wb") as sink:
            started = time.perf_counter()
            process = subprocess.Popen(
                [SETARA, "run", *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )
        return Serving(process, port, log, started)

    def chat(self, contact: str) -> Terminal:
        """``setara chat --json`` for one contact; an asynchronous context."""
        return Terminal(self, contact)

    def database(self, key: str | None = None) -> Database:
        """The same database, opened beside the service to look at what is kept."""
        url = self.database_url or f"sqlite:///{self.folder / 'setara.db'}"
        return Database(url, KeyRing([key or self.key or (self.folder / "setara.key").read_text().strip()]))


class Serving:
    """A running ``setara run``. Everything it writes is in ``log``."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path, started: float) -> None:
        self.process = process
        self.port = port
        self.log = log
        self.started = started
        """When it was launched (perf_counter)."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def ready(self) -> None:
        """Wait until it answers over HTTP. Where it took any free port (0), it has said which."""
        while self.port == 0:
            await self.writes("Chat web: ")
            self.port = int(self.written().partition("http://127.0.0.1:")[2].partition("/")[0])
        async with httpx.AsyncClient() as http:
            while time.perf_counter() < self.started + START_SECONDS:
                assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.written()}"
                try:
                    (await http.get(f"{self.url}/healthz")).raise_for_status()
                    return
                except httpx.HTTPError:
                    await asyncio.sleep(0.005)
        raise AssertionError(f"not ready after {START_SECONDS} seconds: {self.written()}")

    async def writes(self, what: str) -> None:
        """Wait until it has written ``what``."""
        while what not in self.written():
            assert time.perf_counter() < self.started + START_SECONDS, self.written()
            await asyncio.sleep(0.02)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to end, and wait; returns the seconds it took. It must end with 0."""
        asked = time.perf_counter()
        self.process.send_signal(number)
        code = await asyncio.to_thread(self.process.wait, STOP_SECONDS)
        assert code == 0, f"ended with {code}: {self.written()}"
        return time.perf_counter() - asked

    def kill(self) -> None:
        """SIGKILL: it has no time for anything."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    async def end(self) -> None:
        """End it in any case."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                await asyncio.to_thread(self.process.wait, STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def written(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def memory(self) -> float:
        """Resident memory in MB (10^6 bytes)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise AssertionError("no VmRSS")


class Terminal:
    """A talk through ``setara chat --json``; what is answered comes as the objects it writes."""

    def __init__(self, installation: Installation, contact: str) -> None:
        self._installation = installation
        self._contact = contact
        self._process: asyncio.subprocess.Process | None = None
        self.heard: list[dict[str, Any]] = []
        """The messages of the last turn."""
        self.complaints = ""
        """What it wrote to stderr, once it has ended."""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            SETARA,
            "chat",
            "--json",
            "--contact",
            self._contact,
            env=self._installation.environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self._process is not None
        if kind is not None:
            if self._process.returncode is None:
                self._process.kill()
            await self._process.wait()
            return
        try:
            assert self._process.stdin is not None
            self._process.stdin.close()
            async with asyncio.timeout(COMMAND_SECONDS):
                _, complaints = await self._process.communicate()
            self.complaints = complaints.decode()
        finally:
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()
        assert self._process.returncode == 0, self.complaints

    async def says(self, text: str) -> str:
        """Everything that is read then, as one text."""
        return await self.sends({"text": text})

    @property
    def choices(self) -> dict[str, str]:
        """Label -> value of the quick replies to the last turn."""
        return {b["label"]: b["value"] for m in self.heard for b in m["quick_replies"]}

    async def sends(self, line: Mapping[str, Any]) -> str:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        self.heard = []
        async with asyncio.timeout(COMMAND_SECONDS):
            while True:
                written = await self._process.stdout.readline()
                assert written, f"it ended in the middle of a turn: {await self._complaints()}"
                answer = json.loads(written)
                if answer == {"done": True}:
                    return read(self.heard)
                self.heard.append(answer)

    async def _complaints(self) -> str:
        assert self._process is not None
        assert self._process.stderr is not None
        return (await self._process.stderr.read()).decode()


def read(messages: Iterable[Mapping[str, Any]]) -> str:
    """The texts of messages as ``chat --json`` writes them."""
    return "\n".join(message["text"] for message in messages)
