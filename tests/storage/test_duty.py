"""A duty is one process's at a time, and passes on when that one ends, is cut off or is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import sqlalchemy as sa

from storage.duty import SURE, Duty
from storage.keys import KeyRing
from storage.work import Database


def test_a_duty_is_held_by_one_and_handed_on(database: Database, key_ring: KeyRing) -> None:
    other = Database(database.url.render_as_string(hide_password=False), key_ring)
    mine, theirs, another = Duty(database, "delivering"), Duty(other, "delivering"), Duty(other, "announcing")
    assert mine.take()
    assert not theirs.take()
    assert another.take(), "another duty is another's"
    mine.leave()
    time.sleep(SURE)
    assert theirs.take()
    assert not mine.take()
    for duty in (mine, theirs, another):
        duty.leave()
    other.close()


def test_who_is_cut_off_notices(postgresql_server: sa.URL, key_ring: KeyRing) -> None:
    database = Database(postgresql_server.render_as_string(hide_password=False), key_ring)
    mine, theirs = Duty(database, "delivering"), Duty(database, "delivering")
    assert mine.take()
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'setara-delivering'"
    with database.engine.connect() as connection:
        connection.execute(sa.text(cut))
    time.sleep(SURE)
    assert theirs.take()
    assert not mine.take()
    for duty in (mine, theirs):
        duty.leave()
    database.close()


HOLD = """
import sys, time
from storage.duty import Duty
from storage.keys import KeyRing
from storage.work import Database
assert Duty(Database(sys.argv[1], KeyRing([sys.argv[2]])), "delivering").take()
print("held", flush=True)
time.sleep(60)
"""


def test_another_takes_over_from_who_was_killed(database: Database, database_url: str, key: str) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, database_url, key], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        duty = Duty(database, "delivering")
        assert not duty.take()
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        began = time.monotonic()
        while not duty.take():
            assert time.monotonic() - began < 10
            time.sleep(0.1)
        duty.leave()
    finally:
        holder.kill()
        holder.wait()
