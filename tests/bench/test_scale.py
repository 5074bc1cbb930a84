"""A turn costs the same whether a thousand people are registered or a hundred thousand; and what a person weighs."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from storage.keys import KeyRing
from storage.schema import upgrade
from storage.work import Database
from tests.support import many
from tests.support.figures import Figure
from tests.support.service import Office

MOST = 1.2
"""Times what a turn costs with few."""

SAID = ("BANTUAN", "data apa yang disimpan tentang saya?", "loker menjahit", "MENU")
ROUNDS = 400


@pytest.fixture(params=["sqlite", "postgresql"])
def two(request: pytest.FixtureRequest, tmp_path: Path, key_ring: KeyRing) -> Iterator[tuple[Database, Database]]:
    """Two empty databases of one engine."""
    if request.param == "sqlite":
        urls = [f"sqlite:///{tmp_path / name}.db" for name in ("few", "many")]
    else:
        databases = request.getfixturevalue("_postgresql_databases")
        made = [databases.create() for _ in range(2)]
        urls = [url.render_as_string(hide_password=False) for url in made]
    few, all_ = (Database(url, key_ring) for url in urls)
    for one in (few, all_):
        upgrade(one)
    yield few, all_
    for one in (few, all_):
        one.close()
    if request.param == "postgresql":
        for url in made:
            databases.drop(url)


def size(database: Database) -> int:
    """Bytes on the disk."""
    if database.file is not None:
        database.sweep()
        return database.file.stat().st_size
    with database.read() as work:
        return int(work.connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def turn(office: Office, number: int, said: str) -> float:
    """Seconds that one person's turn takes, from the message to its commit."""
    message = office.message(many.address_of(number), said)
    begun = time.perf_counter()
    office.turntaker.take([message])
    return time.perf_counter() - begun


@pytest.mark.slow
def test_a_turn_costs_the_same_with_many(
    two: tuple[Database, Database], request: pytest.FixtureRequest, figure: Figure
) -> None:
    people = int(request.config.getoption("--people"))
    counts = (people // 100 if people >= 100_000 else people // 10, people)
    empty = [size(database) for database in two]
    offices = [Office(database) for database in two]
    begun = time.perf_counter()
    for database, count in zip(two, counts, strict=True):
        many.load(database, count)
    loaded = time.perf_counter() - begun
    each = (size(two[1]) - empty[1]) / people
    random_ = random.Random(4)  # whose turn it is
    took: tuple[list[float], list[float]] = ([], [])
    for n in range(ROUNDS):
        # Alternating, so that whatever else the machine does meets both alike.
        for office, count, times in zip(offices, counts, took, strict=True):
            spent = turn(office, random_.randint(1, count), SAID[n % len(SAID)])
            if n >= 2 * len(SAID):  # the first ones compile the statements
                times.append(spent)
    few, all_ = (median(times) * 1e3 for times in took)
    engine = "PostgreSQL" if two[0].postgresql else "SQLite"
    figure(
        f"{engine}: a turn {few:.2f} ms with {counts[0]:,} people, {all_:.2f} ms with {people:,} "
        f"({all_ / few:.2f} times); {each:,.0f} bytes a person; {(sum(counts)) / loaded:,.0f} people loaded a second"
    )
    assert all_ / few <= MOST
    with two[1].read() as work:
        assert work.connection.exec_driver_sql("SELECT count(*) FROM seekers").scalar_one() == people
