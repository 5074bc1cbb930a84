"""Who is measured, and how each is started."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import talks
from tests.bench.botapi import TOKEN
from tests.bench.people import Hook
from tests.bench.postgres import Postgres
from tests.bench.talks import Talk

SETARA = (sys.executable, "-c", "from bot.cli import main; main()")
"""The ``setara`` command, whether or not its script is installed."""


KEY = base64.b64encode(os.urandom(32)).decode()


@dataclass(frozen=True, slots=True)
class Place:
    """Where one run happens: an empty folder, the webhook to serve, the Bot API to call."""

    folder: Path
    hook: Hook
    api: str
    postgres: Postgres


@dataclass(frozen=True, slots=True)
class Launch:
    """A process to start, and commands that must have ended before."""

    argv: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    before: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Contender:
    """One row of the tables. ``keeps``: what of the answers a killed process has kept."""

    key: str
    title: str
    keeps: str
    talk: Talk
    launch: Callable[[Place], Launch]
    in_response: bool
    """Whether every answer must come in the webhook's response, or none."""
    chats_are_named: bool = True
    floor: bool = False
    """Keeps nothing and knows nothing: shows what the machine and the driver allow."""


def setara(on_postgres: bool, answer: str, *options: str) -> Callable[[Place], Launch]:
    """This service, ``setara run``; ``answer`` is "webhook" or "api"."""

    def launch(place: Place) -> Launch:
        env = {
            "SETARA_DATA_DIR": str(place.folder),
            "SETARA_KEY": KEY,
            "SETARA_PORT": str(place.hook.port),
            "SETARA_QUIET_HOURS": "off",
            "SETARA_TELEGRAM_ANSWER": answer,
            "SETARA_TELEGRAM_API": place.api,
            "SETARA_TELEGRAM_TOKEN": TOKEN,
            "SETARA_TELEGRAM_WEBHOOK_SECRET": place.hook.secret,
            "SETARA_TELEGRAM_WEBHOOK_URL": place.hook.url,
        }
        if on_postgres:
            env["SETARA_DATABASE_URL"] = place.postgres.new_database()
        else:
            env["SETARA_DATABASE_URL"] = f"sqlite:///{place.folder / 'setara.db'}"
        return Launch((*SETARA, "run", *options), env, ((*SETARA, "migrate"),) if on_postgres else ())

    return launch


def module(name: str, *options: str, pickle: bool = False) -> Callable[[Place], Launch]:
    """A module of this package that serves; ``pickle`` gives it a file for PicklePersistence."""

    def launch(place: Place) -> Launch:
        argv = (sys.executable, "-m", f"tests.bench.{name}", *options)
        argv += ("--port", str(place.hook.port), "--api", place.api, "--token", TOKEN)
        if pickle:
            argv += ("--persistence", str(place.folder / "peer.pickle"))
        return Launch(argv)

    return launch


def _ours(key: str, title: str, on_postgres: bool, answer: str) -> Contender:
    return Contender(key, title, "every turn", talks.SETARA, setara(on_postgres, answer), answer == "webhook")


def _peer(key: str, title: str, keeps: str, *options: str, pickle: bool = False) -> Contender:
    return Contender(key, title, keeps, talks.PEER, module("peer", *options, pickle=pickle), False)


FLOORS = (
    Contender("raw", "a constant, raw asyncio", "nothing", talks.FLOOR, module("floor", "raw"), True, False, True),
    Contender(
        "floor-a",
        "Starlette, constant, response",
        "nothing",
        talks.FLOOR,
        module("floor", "response"),
        True,
        floor=True,
    ),
    Contender(
        "floor-b", "Starlette, constant, sendMessage", "nothing", talks.FLOOR, module("floor", "api"), False, floor=True
    ),
)

CONTENDERS = (
    _ours("a-sqlite", "(a) Setara, response, SQLite", False, "webhook"),
    _ours("a-postgres", "(a) Setara, response, PostgreSQL", True, "webhook"),
    _ours("b-sqlite", "(b) Setara, sendMessage, SQLite", False, "api"),
    _ours("b-postgres", "(b) Setara, sendMessage, PostgreSQL", True, "api"),
    _peer("c1", "(c1) PTB, before the 200", "nothing", "process"),
    _peer("c1-pickle", "(c1) PTB, before the 200, pickle", "to 60 s ago", "process", pickle=True),
    _peer("c2", "(c2) PTB, queue", "nothing", "queue"),
    _peer("c2-pickle", "(c2) PTB, queue, pickle", "to 60 s ago", "queue", pickle=True),
    _peer("c2-pickle-1s", "(c2) PTB, queue, pickle every 1 s", "to 1 s ago", "queue", "--flush", "1", pickle=True),
    _peer("c2-sniffio", "(c2) PTB, queue, sniffio at hand", "nothing", "queue", "--sniffio"),
)

AT_REST = Contender(
    "start", "Setara with the example data", "every turn", talks.SETARA, setara(False, "webhook", "--examples"), True
)
"""Loads the example data when its database is new."""
