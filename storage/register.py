"""What officers read of people and state of them: the one door, where consent, institution and audit are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from rapidfuzz import fuzz

from conversations.domain.office import Institution, Mark, Officer
from conversations.domain.purposes import visible_to
from conversations.domain.seeker import Seeker
from conversations.domain.wording import words_of
from conversations.understanding.answers import phone
from storage import audit, seekers
from storage.models import seekers as kept
from storage.work import Work

MOST = 20
"""People found at once; who looks for a name that is more common says more of it."""

ALIKE = 75
"""How alike each word must be to one of the name's, of 100: "sity" finds Siti."""

_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody registered, as an officer may see them."""

    id: int
    values: Mapping[str, Any]
    """Fields of ``Seeker`` by name, those that hold something and that the institution may see."""
    shared: bool
    """Whether the person lets this institution read; otherwise ``values`` is empty."""

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))

    @property
    def seeker(self) -> Seeker | None:
        """The person without what the institution may not see; None: they do not let it read."""
        return Seeker(**{"name": "", **self.values}) if self.shared else None


def institution_of(by: Officer | None) -> Institution:
    """For whom ``by`` acts; a command on the server (None) acts for the office that keeps the register."""
    return by.institution if by is not None else "work"


def read(work: Work, by: Officer | None, seeker_id: int, now: datetime, act: str = "read") -> Person | None:
    """What ``by`` may see of the seeker, which is noted (``act``, one of ``audit.READS``); None: there is none."""
    seeker = seekers.load(work, [seeker_id]).get(seeker_id)
    if seeker is None:
        audit.note(work, by, "nobody", now)
        return None
    person = _seen(work, institution_of(by), seeker)
    audit.note(work, by, act if person.shared else "withheld", now, seeker_id=seeker_id)
    return person


def _seen(work: Work, institution: Institution, seeker: Seeker) -> Person:
    visible = visible_to(institution, seekers.in_force(work, seeker.id))
    if not visible:
        return Person(seeker.id, {}, False)
    held = {field.name: getattr(seeker, field.name) for field in fields(seeker)}
    seen = {name: value for name, value in held.items() if value not in (None, (), "") and name in visible}
    return Person(seeker.id, seen, True)


def find(work: Work, by: Officer | None, words: str, now: datetime, *, by_name: bool = True) -> list[Person]:
    """Those whom the words mean: an id, a NIK, a telephone number, or else a name; each is noted as read.

    Only who lets the institution read is found. Looking for a name opens every record, about 50,000 a second:
    where turns wait, decide by ``count`` whether to look ``by_name``.
    """
    found = []
    for seeker in _meant(work, words, by_name):
        person = _seen(work, institution_of(by), seeker)
        if person.shared:
            audit.note(work, by, "find", now, seeker_id=person.id)
            found.append(person)
        if len(found) == MOST:
            break
    if not found:
        audit.note(work, by, "nobody", now)
    return found


def count(work: Work) -> int:
    """How many people there are in the register."""
    return work.connection.execute(sa.select(sa.func.count()).select_from(kept)).scalar_one()


def _meant(work: Work, words: str, by_name: bool) -> Iterator[Seeker]:
    digits = "".join(words.split())
    if digits.isascii() and digits.isdecimal() and len(digits) < 10 and not digits.startswith("0"):
        yield from seekers.load(work, [int(digits)]).values()
        return
    number = phone(words)
    hashes = (*work.key_ring.hashes("seekers.nik", digits), *work.key_ring.hashes("seekers.phone", number or digits))
    same = sa.or_(kept.c.nik_hash.in_(hashes), kept.c.phone_hash.in_(hashes))
    by_number = sa.select(*seekers.COLUMNS).where(same, seekers.LISTED).order_by(kept.c.id)
    rows = work.connection.execute(by_number).all()
    if rows or number or digits.isdecimal():
        yield from map(seekers.seeker_of, rows)
    elif by_name:
        yield from _named(work, words)


def _named(work: Work, words: str) -> list[Seeker]:
    """The likest first."""
    wanted, last = words_of(words), 0
    alike: list[tuple[float, int, Seeker]] = []
    while True:
        some = sa.select(*seekers.COLUMNS).where(kept.c.id > last, seekers.LISTED).order_by(kept.c.id).limit(_AT_A_TIME)
        rows = work.connection.execute(some).all()
        if not rows:
            return [seeker for _, _, seeker in sorted(alike, key=lambda one: one[:2])[:MOST]]
        for seeker in map(seekers.seeker_of, rows):
            if (likeness := _likeness(wanted, words_of(seeker.name))) >= ALIKE:
                alike.append((-likeness, seeker.id, seeker))
        last = rows[-1].id


def _likeness(wanted: Sequence[str], name: Sequence[str]) -> float:
    """How alike the least alike of the words is to any word of the name, of 100: part of a name is enough."""
    return min((max((fuzz.ratio(word, one) for one in name), default=0.0) for word in wanted), default=0.0)


def mark(work: Work, by: Officer | None, seeker_id: int, what: Mark, now: datetime, today: date) -> bool:
    """State, and note, that the record is right, or that the person's identity was seen; False: they may not be read.

    ``today``: where the office is.
    """
    exists = seeker_id in seekers.load(work, [seeker_id])
    if not exists or not visible_to(institution_of(by), seekers.in_force(work, seeker_id)):
        audit.note(work, by, "withheld" if exists else "nobody", now, seeker_id=seeker_id if exists else None)
        return False
    seekers.change(work, seeker_id, {what: today.isoformat()}, education_rank=None, now=now)
    audit.note(work, by, "verify" if what == "verified_on" else "confirm_identity", now, seeker_id=seeker_id)
    return True
