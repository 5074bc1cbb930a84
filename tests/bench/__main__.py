"""``python -m tests.bench``: measure, print the tables, end with 1 if an answer was wrong or a contender failed.

A missed goal is printed and ends with 0: on a busy machine figures are not a verdict.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvloop
from rich.console import Console

from tests.bench import machine, report, talks
from tests.bench.contenders import AT_REST, CONTENDERS, FLOORS, Contender
from tests.bench.figures import Counted
from tests.bench.people import WrongAnswerError
from tests.bench.processes import ROOT, StartError
from tests.bench.report import Goal
from tests.bench.rounds import PEOPLE, Played, Stage, Started

OTHERS = ("start", "inside")
"""What can be measured besides the contenders: the start, and the service without HTTP."""

NOTES = """\
Every turn is an update posted to the webhook and an answer checked by its words; every form is a new chat. As on
Telegram, a chat's next update is posted when the last one has had its 200. A kill keeps: what of the answers given
is still there after SIGKILL; PicklePersistence flushes each 60 s unless told otherwise, so these short runs hardly
see it. concurrent_updates is off, as ConversationHandler asks. "sniffio at hand" spares httpcore a search of the
import path at every lock; it is no longer installed with python-telegram-bot. Cpu: processor time a turn that the
service and its database used, all threads and processes together; driver: what the people and the Bot API used."""


@dataclass
class Found:
    """What was measured, and what could not be: ``failures`` by a contender's key or by a name of ``OTHERS``."""

    rounds: dict[str, list[Played]] = field(default_factory=dict)
    started: Started | None = None
    inside: list[tuple[str, Counted]] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def trying(self, key: str, progress: Console) -> Iterator[None]:
        """A failure is told and kept, and the rest goes on."""
        try:
            yield
        except (WrongAnswerError, StartError, OSError) as error:
            self.failures[key] = str(error)
            self.rounds.pop(key, None)  # figures of earlier rounds would look as if all was well
            progress.print(f"{key}: failed, see below", style="red", markup=False)


def play(
    stage: Stage, contenders: Sequence[Contender], args: argparse.Namespace, found: Found, progress: Console
) -> None:
    """The rounds, each through all contenders, every second one backwards; floors only once."""
    for number in range(args.rounds):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            if contender.key in found.failures or (contender.floor and number):
                continue
            with found.trying(contender.key, progress):
                played = stage.play(contender, args.seconds)
                found.rounds.setdefault(contender.key, []).append(played)
                rate = f"{played.together.rate:,.0f} turns/s"
                progress.print(f"round {number + 1} of {args.rounds}: {contender.title}: {rate}", markup=False)


def inside(stage: Stage, seconds: float) -> Iterator[tuple[str, Counted]]:
    """The step alone, and the turn on both databases for one person and for sixteen."""
    from tests.bench import inprocess  # only now: the driver's own process stays small while it drives

    for name in ("SQLite", "PostgreSQL"):
        folder = stage.folder / f"inside-{name}"
        folder.mkdir()
        url = stage.postgres.new_database() if name == "PostgreSQL" else f"sqlite:///{folder / 'setara.db'}"
        parts = inprocess.opened(folder, url)
        try:
            if name == "SQLite":
                yield "step alone, nothing rendered or kept", inprocess.steps(parts, talks.SETARA, seconds)
            for people in (1, PEOPLE):
                done = uvloop.run(inprocess.turns(parts, talks.SETARA, people, seconds))
                yield f"turn on {name}, {'one person' if people == 1 else f'{people} people'}", done
        finally:
            parts.database.close()


def goals(found: Found) -> list[Goal]:
    """The goals of the comparison with python-telegram-bot's queue, and of the start."""
    results, started = found.rounds, found.started

    def ratio(ours: str, pick: str = "together", theirs: Sequence[str] = ("c2",)) -> float | None:
        summary = report.together if pick == "together" else report.alone
        peers = [summary(results[key]).rate for key in theirs if key in results]
        return summary(results[ours]).rate / max(peers) if ours in results and peers else None

    def p99(key: str) -> float | None:
        return report.together(results[key]).p99 if key in results else None

    listed = []
    for database in ("sqlite", "postgres"):
        a, b = f"a-{database}", f"b-{database}"
        listed += [
            Goal(f"(a) {database}: turns/s against (c2)", ratio(a), 2.5, True, "x"),
            Goal(f"(a) {database}: p99, {PEOPLE} people", p99(a), 30, False, " ms"),
            Goal(f"(b) {database}: turns/s against (c2)", ratio(b), 1.2, True, "x"),
            Goal(f"(a) {database}: one person, against the faster (c)", ratio(a, "alone", ("c1", "c2")), 1, True, "x"),
        ]
    listed.append(Goal("start to first answer, example data", started.again if started else None, 2, False, " s"))
    listed.append(Goal("memory at rest, example data", started.memory if started else None, 150, False, " MB"))
    return listed


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Setara Kerja beside ConversationHandler."
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0, help=f"a round's time with {PEOPLE} people (default 3)")
    keys = [contender.key for contender in (*FLOORS, *CONTENDERS)]
    parser.add_argument("--only", nargs="+", choices=[*keys, *OTHERS], help="measure only these")
    return parser.parse_args()


def measure(args: argparse.Namespace, stage: Stage, contenders: Sequence[Contender], progress: Console) -> Found:
    """Everything that was asked for."""
    found = Found()
    play(stage, contenders, args, found, progress)
    if wanted(args, "start"):
        with found.trying("start", progress):
            found.started = stage.start(AT_REST)
    if wanted(args, "inside"):
        with found.trying("inside", progress):
            for row in inside(stage, args.seconds / 2):
                found.inside.append(row)
    return found


def wanted(args: argparse.Namespace, key: str) -> bool:
    return args.only is None or key in args.only


def tables(console: Console, contenders: Sequence[Contender], found: Found, facts: Sequence[tuple[str, str]]) -> None:
    """Print what was measured."""
    if contenders:
        report.over_http(console, f"{PEOPLE} people at once", contenders, found.rounds, report.together)
        report.over_http(console, "One person at a time", contenders, found.rounds, report.alone)
    report.facts(
        console,
        "Without HTTP, in one process",
        [(name, f"{row.each:,.0f} us, {row.rate:,.0f} a second") for name, row in found.inside],
    )
    if found.started is not None:
        memory = "unknown here" if found.started.memory is None else f"{found.started.memory:.0f} MB"
        started = f"{found.started.again:.2f} s ({found.started.first_time:.2f} s when it makes and fills the database)"
        report.facts(
            console,
            "At rest, SQLite with the example data",
            [("start to first answer", started), ("resident memory", memory)],
        )
    report.facts(console, "Machine", facts)
    console.print(NOTES, markup=False)
    for key, why in found.failures.items():
        console.print(f"FAILED {key}: {why}", style="red", markup=False)


def main() -> int:
    args = arguments()
    console, progress = Console(width=None if sys.stdout.isatty() else 130), Console(stderr=True)
    began, load = time.perf_counter(), os.getloadavg()[0]
    contenders = [one for one in (*FLOORS, *CONTENDERS) if wanted(args, one.key)]
    (ROOT / "build").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "build"))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own when this runs as root.
    stage = Stage(folder)
    # Being told to end is a way out like any other: what was started is ended, what was written is removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        fsync = machine.fsync_cost(folder)
        found = measure(args, stage, contenders, progress)
    finally:
        stage.postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    facts = [
        ("machine", machine.described()),
        ("busy before", f"load average {load:.2f} (other work on this machine spoils the figures)"),
        ("disk", f"4 KiB written and confirmed (fsync): {fsync:.2f} ms"),
        ("packages", machine.packages()),
        ("PostgreSQL", stage.postgres.described()),
        ("rounds", f"{args.rounds} of {args.seconds:g} s, medians; took {time.perf_counter() - began:.0f} s"),
    ]
    tables(console, contenders, found, facts)
    if args.only is None:
        report.goals(console, goals(found))
    return 1 if found.failures else 0


if __name__ == "__main__":
    sys.exit(main())
