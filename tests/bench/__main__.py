"""``python -m tests.bench``: measure, print the tables, end with 1 if an answer was wrong or a contender failed.

A missed goal is printed and ends with 0: on a busy machine figures are not a verdict.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from tests.bench import machine, report
from tests.bench.contenders import CONTENDERS, FLOORS, Contender, setara_at_rest
from tests.bench.people import WrongAnswerError
from tests.bench.processes import ROOT, StartError
from tests.bench.report import Goal
from tests.bench.rounds import PEOPLE, Played, Stage, Started

Rounds = dict[str, list[Played]]
Failures = dict[str, str]

NOTES = """\
Every turn is an update posted to the webhook and an answer checked by its words; every form is a new chat. As on
Telegram, a chat's next update is posted when the last one has had its 200. A kill keeps: what of the answers given
is still there after SIGKILL; PicklePersistence flushes each 60 s unless told otherwise, so these short runs hardly
see it. concurrent_updates is off, as ConversationHandler asks. "sniffio at hand" spares httpcore a search of the
import path at every lock; it is no longer installed with python-telegram-bot. Cpu: processor
time a turn that the service and its database used, all their threads and processes together; driver: that the
people and the Bot API themselves used."""


def play(
    stage: Stage, contenders: Sequence[Contender], rounds: int, seconds: float, progress: Console
) -> tuple[Rounds, Failures]:
    """``rounds`` rounds, each through all contenders, every second one backwards; floors only once."""
    results: Rounds = {}
    failures: Failures = {}
    for number in range(rounds):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            if contender.key in failures or (contender.floor and number):
                continue
            try:
                played = stage.play(contender, seconds)
            except (WrongAnswerError, StartError, OSError) as error:
                failures[contender.key] = str(error)
                progress.print(f"{contender.title}: {error}", style="red", markup=False)
                continue
            results.setdefault(contender.key, []).append(played)
            rate = played.together.rate
            progress.print(f"round {number + 1} of {rounds}: {contender.title}: {rate:,.0f} turns/s", markup=False)
    return results, failures


def goals(results: Rounds, started: Started | None) -> list[Goal]:
    """The goals of the comparison with python-telegram-bot's queue, and of the start."""

    def ratio(ours: str, pick: str = "together", theirs: Sequence[str] = ("c2",)) -> float | None:
        summary = report.together if pick == "together" else report.alone
        peers = [summary(results[key]).rate for key in theirs if key in results]
        return summary(results[ours]).rate / max(peers) if ours in results and peers else None

    def p99(key: str) -> float | None:
        return report.together(results[key]).p99 if key in results else None

    wanted = []
    for database in ("sqlite", "postgres"):
        a, b = f"a-{database}", f"b-{database}"
        wanted += [
            Goal(f"(a) {database}: turns/s against (c2)", ratio(a), 2.5, True, "x"),
            Goal(f"(a) {database}: p99, {PEOPLE} people", p99(a), 30, False, " ms"),
            Goal(f"(b) {database}: turns/s against (c2)", ratio(b), 1.2, True, "x"),
            Goal(f"(a) {database}: one person, against the faster (c)", ratio(a, "alone", ("c1", "c2")), 1, True, "x"),
        ]
    wanted.append(
        Goal("start to first answer, example data", started.first_answer if started else None, 2, False, " s")
    )
    wanted.append(Goal("memory at rest, example data", started.memory if started else None, 150, False, " MB"))
    return wanted


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Setara Kerja beside ConversationHandler."
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0, help=f"a round's time with {PEOPLE} people (default 3)")
    keys = [contender.key for contender in (*FLOORS, *CONTENDERS)]
    parser.add_argument("--only", nargs="+", choices=[*keys, "start"], help="measure only these")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    console, progress = Console(width=None if sys.stdout.isatty() else 130), Console(stderr=True)
    began, load = time.perf_counter(), os.getloadavg()[0]
    contenders = [one for one in (*FLOORS, *CONTENDERS) if args.only is None or one.key in args.only]
    (ROOT / "build").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "build"))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own when this runs as root.
    stage = Stage(folder)
    started = None
    try:
        fsync = machine.fsync_cost(folder)
        results, failures = play(stage, contenders, args.rounds, args.seconds, progress)
        if args.only is None or "start" in args.only:
            try:
                started = stage.start(setara_at_rest)
            except (WrongAnswerError, StartError, OSError) as error:
                failures["start"] = str(error)
                progress.print(f"start: {error}", style="red", markup=False)
    finally:
        stage.postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    report.over_http(console, f"{PEOPLE} people at once", contenders, results, report.together)
    report.over_http(console, "One person at a time", contenders, results, report.alone)
    if args.only is None:
        report.goals(console, goals(results, started))
    report.facts(
        console,
        "Machine",
        [
            ("machine", machine.described()),
            ("busy before", f"load average {load:.2f} (other work on this machine spoils the figures)"),
            ("disk", f"4 KiB written and confirmed (fsync): {fsync:.2f} ms"),
            ("packages", machine.packages()),
            ("PostgreSQL", f"{stage.postgres.version or 'not used'}, fsync and synchronous_commit on"),
            ("rounds", f"{args.rounds} of {args.seconds:g} s, medians; took {time.perf_counter() - began:.0f} s"),
        ],
    )
    console.print(NOTES, markup=False)
    for key, why in failures.items():
        console.print(f"FAILED {key}: {why}", style="red", markup=False)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
