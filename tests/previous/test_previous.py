"""The database of the release before: it is brought up to date, and everybody goes on where they were."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from bot.announce import Announcer
from bot.opening import Opened
from bot.settings import load_settings
from conversations.domain.seeker import Seeker
from conversations.engine.session import Session
from storage import contacts, seekers
from storage.contacts import Identity, Known
from storage.drift import drift
from storage.keys import KeyRing
from storage.models import matches, metadata, outbox, tickets
from storage.models import seekers as kept
from storage.rotation import require_keys
from storage.schema import HEAD, alembic_config, revision, upgrade
from storage.work import Database
from tests.support.service import Clock, Office, read

HERE = Path(__file__).parent
RELEASES = sorted(file.stem for file in HERE.glob("*.db"))

REPLIES = {
    "for_whom": "saya sendiri",
    "consent": "ya",
    "check": "kantor dinas saja",
    "parent_consent": "ya",
    "name": "Hari Baru Contoh",
    "birth_year": "1991",
    "district": "Kotapinang",
    "needs": "kursi roda",
    "education": "SMA",
    "fields": "menjahit",
    "sex": "perempuan",
    "review": "simpan",
}
"""What is said to the questions that come. Of one that is not known here, it is skipped; else yes is said."""


@dataclass
class Previous:
    """A database of an earlier release, opened by today's service."""

    told: dict[str, Any]
    """What its people had said, where they stood, and what was kept of them."""
    database: Database
    office: Office

    def known(self, who: str) -> Known:
        channel, address = who.split(":")
        with self.database.work() as work:
            [known] = contacts.recognise(work, [Identity(channel, address)], self.office.clock.now)
        return known

    def stack(self, who: str) -> tuple[str, ...]:
        return tuple(frame.conversation for frame in Session.from_json(self.known(who).session).stack)

    def says(self, who: str, text: str) -> str:
        channel, address = who.split(":")
        sent = {"sent_at": self.office.clock.now} if channel == "whatsapp" else {}
        return read(self.office.says(address, text, channel=channel, number=self.office.numbers() + 10_000, **sent))

    def finishes(self, who: str, conversation: str) -> list[str]:
        """Answer what is asked until ``conversation`` has ended; returns the questions that came."""
        asked: list[str] = []
        while conversation in (stack := self.stack(who)):
            top = Session.from_json(self.known(who).session).top
            assert top is not None
            assert len(asked) < 40, (stack, asked)
            said = REPLIES.get(top.state, "LEWATI") if asked[-1:] != [top.state] else "ya"
            asked.append(top.state)
            self.says(who, said)
        return asked

    def people(self, conversation: str) -> list[str]:
        """Who stood in ``conversation``."""
        found = [who for who, one in self.told["people"].items() if self._top(one) == conversation]
        assert found
        return found

    @staticmethod
    def _top(one: dict[str, Any]) -> str | None:
        return one["stack"][-1]["conversation"] if one["stack"] else None


@pytest.fixture(params=RELEASES)
def previous(request: pytest.FixtureRequest, bare_database_url: str) -> Iterator[Previous]:
    """Once from the file itself, and once from its rows in PostgreSQL."""
    release = request.param
    told = json.loads((HERE / f"{release}.json").read_text())
    ring = KeyRing([(HERE / f"{release}.key").read_text().strip()])
    database = Database(bare_database_url, ring)
    if database.file is None:
        copy_rows(HERE / f"{release}.db", database, release)
    else:
        shutil.copyfile(HERE / f"{release}.db", database.file)
    assert revision(database) == release
    upgrade(database)
    require_keys(database)
    clock = Clock(datetime.fromisoformat(told["at"]))
    yield Previous(told, database, Office(database, clock))
    database.close()


def copy_rows(file: Path, database: Database, release: str) -> None:
    """Every row as it is, into the schema of that release; the next ids as well."""
    with database.work() as work:
        command.upgrade(alembic_config(work), release)
        there = sa.MetaData()
        there.reflect(work.connection)
        with closing(sqlite3.connect(file)) as source:
            for table in there.sorted_tables:
                names = ", ".join(table.c.keys())
                if table.name == "alembic_version":
                    continue
                into = f"INSERT INTO {table.name} ({names}) VALUES ({', '.join(['%s'] * len(table.c))})"
                for row in source.execute(f"SELECT {names} FROM {table.name}"):
                    # As text, which PostgreSQL reads as what the column is.
                    values = [value if value is None or isinstance(value, bytes) else str(value) for value in row]
                    work.connection.exec_driver_sql(into, tuple(values))
            for name, highest in source.execute("SELECT name, seq FROM sqlite_sequence"):
                work.connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {highest})")


def as_kept(seeker: Seeker) -> dict[str, Any]:
    return json.loads(json.dumps(asdict(seeker)))  # type: ignore[no-any-return]  # an object, as it was


def test_there_is_a_previous_release() -> None:
    assert RELEASES
    assert all(release < HEAD for release in RELEASES)


def test_it_is_brought_up_to_date_as_if_it_were_made_today(previous: Previous) -> None:
    assert revision(previous.database) == HEAD
    assert drift(previous.database) == []


def test_everything_kept_reads_back_equal(previous: Previous) -> None:
    with previous.database.read() as work:
        everybody = seekers.load(work, work.connection.scalars(sa.select(kept.c.id)))
    for who, one in previous.told["people"].items():
        now = next(iter(previous.known(who).seekers), None)
        if one["seeker"] is None:
            assert now is None, who
            continue
        assert now is not None, who
        assert now == everybody[now.id]
        assert as_kept(now).items() >= one["seeker"].items(), who
    registered = {one["seeker"]["id"] for one in previous.told["people"].values() if one["seeker"]}
    assert everybody.keys() == registered, "nobody else, and the erased one has not come back"


def test_everybody_stands_where_they_stood(previous: Previous) -> None:
    for who, one in previous.told["people"].items():
        now = Session.from_json(previous.known(who).session)
        before = [(frame["conversation"], frame["answers"]) for frame in one["stack"]]
        assert [(frame.conversation, dict(frame.answers)) for frame in now.stack] == before, who
        assert list(now.results.ids if now.results else ()) == one["results"]


def test_who_was_in_the_middle_of_registering_finishes_with_their_answers(previous: Previous) -> None:
    for who in previous.people("registration"):
        [*_, form] = previous.told["people"][who]["stack"]
        previous.finishes(who, "registration")
        seeker = next(iter(previous.known(who).seekers), None)
        assert seeker is not None, who
        values = as_kept(seeker)
        given = {name: value for name, value in form["answers"].items() if name in values and name != form["state"]}
        assert given, who
        assert {name: values[name] for name in given} == given, who
        with previous.database.read() as work:
            assert "matching" in {one.purpose for one in seekers.consents_of(work, seeker.id)}, who


@pytest.mark.parametrize(("conversation", "changed"), [("details", "sex"), ("profile", "district")])
def test_who_was_completing_or_changing_their_data_goes_on(previous: Previous, conversation: str, changed: str) -> None:
    for who in previous.people(conversation):
        before = previous.told["people"][who]["seeker"]
        previous.finishes(who, conversation)
        seeker = next(iter(previous.known(who).seekers), None)
        assert seeker is not None
        expected = {**before, changed: {"sex": "P", "district": "12.22.01"}[changed]}
        assert as_kept(seeker).items() >= expected.items(), who


def test_open_results_are_still_numbered_as_they_were_read(previous: Previous) -> None:
    for who in previous.people("vacancies"):
        first = previous.told["people"][who]["results"][0]
        assert f"Penjahit Contoh {first}" in previous.says(who, "1"), who


def test_what_waited_is_still_to_be_told_once_and_no_more(previous: Previous, tmp_path: Path) -> None:
    office = previous.office
    settings = load_settings({"SETARA_DATA_DIR": str(tmp_path)})
    announcer = Announcer(Opened(settings, previous.database, office.turntaker.region, office.clock))
    alert = sa.select(sa.func.count()).where(outbox.c.kind == "alert", outbox.c.state == "waiting")
    untold = sa.select(sa.func.count()).where(matches.c.told_at.is_(None))
    with previous.database.work() as work:
        assert work.connection.scalar(alert) == previous.told["alerts"]
        assert work.connection.scalar(untold) == 0
        assert announcer.match(work) == 0
        assert announcer.tell(work) == 0
        assert [row.text for row in work.connection.execute(sa.select(tickets.c.text))] == [
            previous.told["people"]["telegram:1012"]["said"][-1]
        ]


def test_no_id_is_given_twice(previous: Previous) -> None:
    """The highest of each was given to what is no longer there, or to something that is; the next is higher."""
    with closing(sqlite3.connect(HERE / f"{previous.told['schema']}.db")) as file:
        highest: dict[str, int] = dict(file.execute("SELECT name, seq FROM sqlite_sequence"))
    erased = highest["seekers"]
    with previous.database.read() as work:
        assert work.connection.scalar(sa.select(sa.func.max(kept.c.id))) < erased, "who registered last was erased"
    for who in ("telegram:5001", "telegram:5002"):
        for words in ("daftar", "saya sendiri", "ya", "Mira Contoh"):
            previous.says(who, words)
        previous.finishes(who, "registration")
        previous.says(who, "PETUGAS")
        seeker = next(iter(previous.known(who).seekers), None)
        assert seeker is not None
        assert seeker.id > erased
    with previous.database.read() as work:
        for name in ("contacts", "consents", "outbox", "tickets"):
            newest = work.connection.scalar(sa.select(sa.func.max(metadata.tables[name].c.id)))
            assert newest > highest[name], name
