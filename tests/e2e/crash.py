"""Many people register while the service is killed again and again; what they were promised is looked up each time."""

from __future__ import annotations

import asyncio
import random
import signal
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

import sqlalchemy as sa

from conversations.domain.seeker import Seeker
from conversations.engine.session import Session
from storage.models import contact_seekers, contacts, inbound, outbox, sessions
from storage.work import Work
from tests.e2e.installation import Installation, Serving
from tests.e2e.people import LATER, first_pass, until
from tests.e2e.platforms import Platform
from tests.support.chat import Chat
from tests.support.registered import everybody

AT_ONCE = 16
"""People who write at the same time."""

ANSWER_SECONDS = 30.0
"""In which an answer must come, kills and starts included."""

IN_A_HURRY = 3
"""Words that some of them write without waiting for the answers."""

SYLLABLES = ("bol", "cet", "dup", "fam", "gin", "hor", "jek", "kal", "lum", "mir")
PLACES = ("Kotapinang", "Torgamba", "Silangkitang")
KEPT = {3: "name", 4: "birth_year", 5: "district", 6: "needs", 7: "education", 8: "fields"}
"""Which word of the first pass is kept under which name."""


def name_of(number: int) -> str:
    """A name without digits, another for each number, in which no other words hide."""
    return "Contoh " + "".join(SYLLABLES[int(digit)] for digit in str(number)).capitalize()


def words_of(number: int) -> list[str]:
    return [*first_pass(name_of(number), PLACES[number % 3], born=str(1960 + number % 40)), *LATER]


def kept_of(number: int) -> dict[str, Any]:
    """What must be kept of this person in the end."""
    district = {"Kotapinang": "12.22.01", "Torgamba": "12.22.03", "Silangkitang": "12.22.05"}[PLACES[number % 3]]
    return {
        "name": name_of(number),
        "birth_year": 1960 + number % 40,
        "district": district,
        "needs": ["kursi roda"],
        "education": "sma",
        "fields": ["menjahit"],
    }


class Registrant:
    """Somebody who registers, patiently. A third of them are in a hurry."""

    def __init__(self, platform: Platform, number: int) -> None:
        self.platform = platform
        self.person = platform.person(number)
        self.address = platform.address(self.person)
        self.number = number
        self.words = words_of(number)
        self.updates: list[str] = []
        """Keys of the words that were written so far."""
        self.expected: list[list[str]] = []
        talk = Chat(channel=platform.channel, phone=platform.phone(self.person))
        for word in self.words:
            self.expected.append([message.text for message in talk.says(word)])
        self.overtaken = 0
        """Answers that were heard after a later one: a dead process had left them, and they came when that was seen."""
        self.longest = 0.0
        self._heard: set[str] = set()

    async def register(self) -> None:
        step = IN_A_HURRY if self.number % 3 == 0 else 1
        for first in range(0, len(self.words), step):
            for word in self.words[first : first + step]:
                self.updates.append(self.platform.says(self.person, word))
            await self._hear([text for answer in self.expected[first : first + step] for text in answer])

    async def _hear(self, expected: list[str]) -> None:
        """These must be the next messages, but for some that were heard before."""
        clock = asyncio.get_running_loop().time
        while expected:
            asked = clock()
            text = (await self.person.hears(ANSWER_SECONDS)).text
            self.longest = max(self.longest, clock() - asked)
            if text in expected:
                self.overtaken += text != expected[0]
                expected.remove(text)
                self._heard.add(text)
            else:
                assert text in self._heard, f"heard {text!r} where {expected!r} was to come"


@dataclass
class Crashes:
    """A service that is ended at random moments until everybody has registered."""

    installation: Installation
    platform: Platform
    seed: int
    between: tuple[int, int] = (20, 200)
    """Updates confirmed between two kills: at least and at most."""
    how: Literal["kill", "ask", "cut"] = "kill"
    """SIGKILL; or ask it to end, and then nothing may be left half done; or cut its connections to PostgreSQL."""
    kills: int = 0
    kills_in_start: int = 0
    people: list[Registrant] = field(default_factory=list)
    lost: int = 0
    longest_stop: float = 0.0
    """Seconds."""
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    async def run(self, people: int) -> None:
        self.people = [Registrant(self.platform, n) for n in range(people)]
        self.platform.updates.retry_delay = 0.002
        self.platform.updates.lose_answer = self._loses
        places = asyncio.Semaphore(AT_ONCE)

        async def one(registrant: Registrant) -> None:
            async with places:
                await registrant.register()

        everybody = asyncio.gather(*(one(registrant) for registrant in self.people))
        serving: Serving | None = None
        try:
            while not everybody.done():
                if serving is None:
                    serving = self._launch()
                    await self.platform.connect(serving)
                elif serving.process.poll() is not None:
                    serving = self._launch()
                if await self._moment_has_come(everybody, serving):
                    await self._end(serving)
                    self.kills += 1
                    if self.platform.updates.delivered:
                        self.check()
                        if self.how != "cut":
                            self._a_minute_passes()
            await everybody
            assert serving is not None
            if serving.process.poll() is not None:
                # The last answer was given while it ended; what is left is reports and what was not acknowledged.
                serving = self._launch()
                await serving.ready()
            if self.platform.is_called:
                # The last answers are heard, but perhaps not yet known to be; a poller confirms while it stops.
                await until(lambda: not self.platform.updates.pending)
            await serving.stop()
        finally:
            everybody.cancel()
            await asyncio.gather(everybody, return_exceptions=True)
            if serving is not None:
                await serving.end()
        self.check()
        self.check_all()

    def _launch(self) -> Serving:
        return self.installation.launch(**self.platform.settings)

    def _loses(self) -> bool:
        """Some answers are lost on their way back, so that their updates come again."""
        lost = self._chance.random() < 0.05
        self.lost += lost
        return lost

    async def _moment_has_come(self, everybody: asyncio.Future[Any], serving: Serving) -> bool:
        """Wait for the moment to end it; False when everybody has registered before."""
        if self.how == "kill" and self._chance.random() < 0.2:
            self.kills_in_start += 1
            await asyncio.sleep(self._chance.uniform(0.0, 1.0))
            return True
        updates = self.platform.updates
        until = updates.delivered + self._chance.randint(*self.between)
        while updates.delivered < until and not everybody.done():
            assert serving.process.poll() is None, serving.written()
            await asyncio.sleep(0.001)
        await asyncio.sleep(self._chance.uniform(0.0, 0.02))
        return not everybody.done()

    async def _end(self, serving: Serving) -> None:
        if self.how == "cut":
            self._cut()
            return
        if self.how == "ask":
            number = self._chance.choice((signal.SIGTERM, signal.SIGINT))
            self.longest_stop = max(self.longest_stop, await serving.stop(number))
            return
        serving.kill()
        await asyncio.sleep(0.05)  # what it had said before is heard first

    def _cut(self) -> None:
        database = self.installation.database()
        with database.work() as work:
            work.connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE starts_with(application_name, 'setara') AND pid <> pg_backend_pid()"
            )
        database.close()

    def _a_minute_passes(self) -> None:
        """Age the claims that the dead process has left, but for those whose update, or a report of which, comes
        before long."""
        pending, reports = self.platform.pending(), self.platform.reports()
        database = self.installation.database()
        with database.work() as work:
            claimed = work.connection.execute(
                sa.select(outbox.c.id, outbox.c.external_id, outbox.c.claimed_at).where(outbox.c.state == "claimed")
            )
            for row in claimed.all():
                assert self.how == "kill", "an answer is neither handed over nor given back"
                if row.external_id not in pending and row.id not in reports:
                    earlier = outbox.update().where(outbox.c.id == row.id)
                    work.connection.execute(earlier.values(claimed_at=row.claimed_at - timedelta(seconds=61)))
        database.close()

    # What must hold

    def check(self) -> None:
        """Whatever the platform was told to have been taken is in the database."""
        pending = self.platform.pending()
        database = self.installation.database()
        with database.read() as work:
            taken = set(work.connection.scalars(sa.select(inbound.c.external_id)))
            kept = _kept(work)
        database.close()
        for registrant in self.people:
            confirmed = [update for update in registrant.updates if update not in pending]
            assert taken.issuperset(confirmed), f"{name_of(registrant.number)}: an acknowledged update is not there"
            mine, promised = kept.get(registrant.address, {}), kept_of(registrant.number)
            for position in range(len(confirmed)):
                if (key := KEPT.get(position)) is not None:
                    assert mine.get(key) == promised[key], f"{name_of(registrant.number)}: {key} is not there"

    def check_all(self) -> None:
        """Everybody is registered, once, with what they said; and every update was answered, once."""
        assert self.platform.updates.pending == {}
        expected = {
            update: answers
            for registrant in self.people
            for update, answers in zip(registrant.updates, registrant.expected, strict=True)
        }
        database = self.installation.database()
        with database.read() as work:
            links = work.connection.execute(
                sa.select(contact_seekers.c.contact_id, contact_seekers.c.seeker_id, contacts.c.address).join(contacts)
            ).all()
            people = [_as_kept(seeker) for seeker in everybody(work)]
            said: dict[str, list[str]] = {}
            for row in work.connection.execute(sa.select(outbox).order_by(outbox.c.id)):
                said.setdefault(row.external_id, []).append(row.body["text"])
            self.platform.check(work)
        database.close()
        assert sorted(link.address for link in links) == [registrant.address for registrant in self.people]
        assert len({link.seeker_id for link in links}) == len(people) == len(self.people)
        by_name = sorted(people, key=lambda row: str(row["name"]))
        assert by_name == sorted(map(kept_of, range(len(self.people))), key=lambda row: str(row["name"]))
        assert said == expected, "each update was answered once"

    # Figures

    @property
    def redeliveries(self) -> int:
        return sum(attempts - 1 for attempts in self.platform.updates.attempts.values())

    @property
    def duplicates(self) -> int:
        """Messages that people saw once more."""
        return sum(len(r.person.messages) - sum(map(len, r.expected)) for r in self.people)

    def report(self) -> str:
        longest = max((registrant.longest for registrant in self.people), default=0.0)
        what = {"kill": "kills", "ask": "restarts", "cut": "cuts"}[self.how]
        starting = f" ({self.kills_in_start} while starting)" if self.kills_in_start else ""
        return (
            f"{self.platform.channel}, seed {self.seed}: {len(self.people)} registrations, "
            f"{self.platform.updates.delivered} updates, "
            f"{self.kills} {what}{starting}, {self.redeliveries} webhook calls repeated "
            f"({self.lost} of which answers were lost), {self.duplicates} messages seen twice, "
            f"{sum(registrant.overtaken for registrant in self.people)} overtaken, "
            f"longest wait for an answer {longest:.1f} s"
        )


def _kept(work: Work) -> dict[str, dict[str, Any]]:
    """What is kept of each person so far, by address: from the running form or, once saved, from the register."""
    rows = work.connection.execute(sa.select(contacts.c.id, contacts.c.address, sessions.c.body).outerjoin(sessions))
    found = rows.all()
    people = {row.id: str(row.address) for row in found}
    kept = {people[row.id]: _answers(row.body) for row in found}
    saved = {seeker.id: _as_kept(seeker) for seeker in everybody(work)}
    for contact_id, seeker_id in work.connection.execute(
        sa.select(contact_seekers.c.contact_id, contact_seekers.c.seeker_id)
    ):
        kept[people[contact_id]] |= saved[seeker_id]
    return kept


def _as_kept(seeker: Seeker) -> dict[str, Any]:
    """What ``kept_of`` names, of a registered person, as JSON has it."""
    values = {name: getattr(seeker, name) for name in kept_of(0)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _answers(body: dict[str, Any] | None) -> dict[str, Any]:
    return {key: value for frame in Session.from_json(body).stack for key, value in frame.answers.items()}
