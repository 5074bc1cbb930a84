"""What this machine is and what its disk asks for: the figures mean little without."""

from __future__ import annotations

import os
import platform
import statistics
import time
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("python-telegram-bot", "httpx", "starlette", "uvicorn", "uvloop", "sqlalchemy", "psycopg")


def cores() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def processor() -> str:
    """The processor's name, or its kind where /proc does not tell."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()


def fsync_cost(folder: Path, times: int = 200) -> float:
    """Median milliseconds to append 4 KiB to a file in ``folder`` and have the disk confirm it."""
    path = folder / "fsync"
    took = []
    with path.open("wb", buffering=0) as file:
        for _ in range(times):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return statistics.median(took) * 1000


def described() -> str:
    """One line: processor, cores, Python."""
    return f"{processor()}, {cores()} cores, Python {platform.python_version()}, {platform.system()}"


def packages() -> str:
    """One line: the versions that matter."""
    return ", ".join(f"{name} {version(name)}" for name in PACKAGES)
