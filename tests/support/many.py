"""Many invented people, put straight into the tables: as registered as by chat, a hundred times as fast."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from conversations.domain import education, fields
from conversations.domain.purposes import MATCHING
from conversations.domain.seeker import Seeker
from storage import backup
from storage.backup_file import TableRows
from storage.keys import PersonKey
from storage.models import consents, contact_seekers, contacts, seeker_fields, seekers, sessions
from storage.seekers import _row as row_of
from storage.types import json_bytes
from storage.work import Database, Work
from tests.support.service import START

DISTRICTS = tuple(f"12.22.0{number}" for number in range(1, 6))
WORDING = "Contoh menyimpan jawaban Anda. Apakah Anda setuju?"

_TABLES = (contacts, seekers, contact_seekers, sessions, consents, seeker_fields)
_AT_A_TIME = 5_000


def address_of(number: int) -> str:
    """The Telegram address of the person with this number, from 1."""
    return f"7{number:09}"


@dataclass(frozen=True)
class _Person:
    seeker: Seeker
    rank: int | None


def _invented(number: int, random_: random.Random) -> _Person:
    """One of many: of every district, schooling and field there is."""
    schooling = random_.choice(education.CODES)
    seeker = Seeker(
        number,
        f"Contoh Nomor {number}",
        birth_year=random_.randint(1960, 2007),
        district=random_.choice(DISTRICTS),
        needs=tuple(random_.sample(("kursi roda", "pembaca layar", "ruang tenang"), 2)),
        education=schooling,
        fields=tuple(random_.sample(fields.CODES, random_.randint(1, 3))),
        ragam=("fisik",),
        sex=random_.choice("PL"),
        phone=f"+62812{number:08}",
    )
    return _Person(seeker, education.rank(schooling))


def _rows(work: Work, number: int, person: _Person) -> dict[sa.Table, list[dict[str, Any]]]:
    """What one person is in each table."""
    ring, address, at = work.key_ring, address_of(number), START - timedelta(days=30)
    key = PersonKey.generate()
    seeker = row_of(work, person.seeker, key) | {"id": number, "token": os.urandom(16), "created_at": at}
    seeker |= {"key": ring.seal(key.secret, b"seekers.key"), "education_rank": person.rank, "updated_at": at}
    named = {"seeker_id": number, "district": person.seeker.district, "education_rank": person.rank}
    session = ring.seal(json_bytes({"stack": [], "visits": 12}), b"sessions.body")
    consent = {"purpose": MATCHING, "version": 1, "wording": WORDING, "channel": "telegram", "giver": "self"}
    contact = {
        "id": number,
        "channel": "telegram",
        "address": ring.seal(address.encode(), b"contacts.address"),
        "address_hash": ring.hash("contacts.address", f"telegram:{address}"),
        "locale": "id",
        "alerts": True,
        "created_at": at,
    }
    return {
        contacts: [contact],
        seekers: [seeker],
        contact_seekers: [{"contact_id": number, "seeker_id": number, "role": "self"}],
        sessions: [{"contact_id": number, "body": session, "version": 1, "in_form": False, "updated_at": at}],
        consents: [consent | {"id": number, "seeker_id": number, "given_at": at}],
        seeker_fields: [named | {"kind": "field", "field": field} for field in person.seeker.fields],
    }


def load(database: Database, count: int, seed: int = 4) -> None:
    """Put ``count`` people into an empty database, numbered from 1."""
    random_ = random.Random(seed)  # invented people, the same every time
    numbers: Iterator[int] = iter(range(1, count + 1))
    while some := list(islice(numbers, _AT_A_TIME)):
        with database.work() as work:
            rows: dict[sa.Table, list[dict[str, Any]]] = {table: [] for table in _TABLES}
            for number in some:
                for table, own in _rows(work, number, _invented(number, random_)).items():
                    rows[table] += own
            for table, all_ in rows.items():
                names = list(all_[0])
                kinds = {name: backup.kind_of(table.c[name]) for name in names}
                backup.fill(work, TableRows(table.name, kinds, ([row[name] for name in names] for row in all_)))
    with database.work() as work:
        backup.count_on(work, dict.fromkeys(("contacts", "seekers", "consents"), count))
    if database.postgresql:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
