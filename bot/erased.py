"""The list of who was erased, in a file that outlives the database: see ``storage.tombstones``.

It is only ever added to, and each line is on the disk before it counts as written. A copy of it belongs with every
copy of a backup.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from bot.logs import get_logger
from storage import tombstones
from storage.tombstones import Tombstone
from storage.work import Database

log = get_logger(__name__)


class Erased:
    """Keeps the file up with the database. Safe to call at any time, from several processes."""

    def __init__(self, database: Database, file: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self.file = file
        self._clock = clock

    def write(self) -> int:
        """Add to the file what is not there yet, and clear what SQLite has left of the erased; returns how many.

        Whoever had their data erased has been answered already: what goes wrong here is an alarm in the log, and
        is tried again within the hour.
        """
        try:
            with self._database.read() as work:
                # A file that was moved away or lost is written anew.
                missing = tombstones.kept(work, unwritten=self.file.exists())
            if not missing:
                return 0
            append(self.file, missing)
            with self._database.work() as work:
                tombstones.mark_written(work, missing, self._clock())
            self._database.sweep()
        except Exception as error:
            detail = getattr(error, "strerror", None) or getattr(error, "kind", None) or type(error).__name__
            log.error("erased_not_written", file=str(self.file), error=detail)
            return 0
        return len(missing)


def append(file: Path, those: Sequence[Tombstone]) -> None:
    """Add a line for each, and return when they are on the disk. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "rb+") as opened:
        size = opened.seek(0, os.SEEK_END)
        opened.seek(max(size - 1, 0))
        # After half a line, which a full disk may have left, a new one is begun.
        torn = size > 0 and opened.read(1) != b"\n"
        opened.write((b"\n" if torn else b"") + b"".join(f"{one.line()}\n".encode() for one in those))
        opened.flush()
        os.fsync(descriptor)


def read(files: Iterable[Path]) -> list[Tombstone]:
    """Who stands in these files, as far as they exist; half a line is nobody. Raises OSError."""
    found: list[Tombstone] = []
    for file in files:
        if not file.exists():
            continue
        for line in file.read_text("ascii", "replace").splitlines():
            try:
                found.append(Tombstone.of_line(line))
            except ValueError:
                log.warning("erased_line_unreadable", file=str(file))
    return found
