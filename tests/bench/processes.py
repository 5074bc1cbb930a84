"""Services under test: each in a process of its own, ended by its id, with its log kept aside."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

GRACE = 10.0
"""Seconds in which a service must end after it was asked to."""

PREPARING = 60.0
"""Seconds that a command before the start (a migration) may take."""


class StartError(Exception):
    """A service, or a command before it, ended or kept silent; holds the end of its log."""


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without anybody's settings of the service, and with ``extra``."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SETARA_")}
    return own | {"PYTHONPATH": str(ROOT)} | dict(extra)


def prepare(argv: Sequence[str], env: Mapping[str, str], folder: Path) -> None:
    """Run a command to its end; raises StartError with what it said when it fails."""
    try:
        done = subprocess.run(
            argv, env=environment(env), cwd=folder, capture_output=True, text=True, timeout=PREPARING, check=False
        )
    except subprocess.TimeoutExpired:
        raise StartError(f"{' '.join(argv)} took more than {PREPARING:.0f} seconds") from None
    if done.returncode:
        raise StartError(f"{' '.join(argv)} ended with {done.returncode}: {(done.stderr or done.stdout)[-800:]}")


class Service:
    """A running process. ``started`` is when it was launched (perf_counter)."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, started: float) -> None:
        self.process = process
        self.log = log
        self.started = started

    def check(self) -> None:
        """Raises StartError when the process has ended."""
        if (code := self.process.poll()) is not None:
            raise StartError(f"ended with {code}: {self.tail()}")

    def tail(self) -> str:
        """The last of what it logged."""
        return self.log.read_text("utf-8", "replace")[-800:].strip()

    def memory(self) -> float | None:
        """Resident memory in MB (10^6 bytes), its children included; None where /proc does not tell."""
        resident = sum(_resident(pid) for pid in family(self.process.pid))
        return resident or None

    def cpu(self) -> float:
        """Seconds of processor time used so far, its children included; 0 where /proc does not tell."""
        return cpu_of(family(self.process.pid))


def family(pid: int) -> tuple[int, ...]:
    """A process and its children; empty where /proc does not tell."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return ()
    return (pid, *map(int, children))


def cpu_of(pids: Iterable[int]) -> float:
    """Seconds of processor time that these processes, as far as they still run, have used."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            # The second field is the command's name, which may hold spaces: count from behind it.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


@contextlib.contextmanager
def running(argv: Sequence[str], env: Mapping[str, str], folder: Path) -> Iterator[Service]:
    """Launch ``argv`` in ``folder``; on leaving, ask it to end and, if it does not, kill it."""
    log = folder / "service.log"
    with log.open("wb") as sink:
        started = time.perf_counter()
        process = subprocess.Popen(
            argv, env=environment(env), cwd=folder, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT
        )
    try:
        yield Service(process, log, started)
    finally:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
