"""Make the database of a release: invented people, by real turns of that release's own code.

It runs against the code of that release and not against today's; see README.md beside it. What it writes:
the database (small, without a WAL), and what was said and where everybody stands, as JSON.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.announce import Announcer
from bot.opening import Opened
from bot.settings import load_settings
from conversations.engine.session import Session
from storage import contacts, outbox, vacancies
from storage.contacts import Identity
from storage.keys import KeyRing
from storage.schema import HEAD, upgrade
from storage.work import Database
from tests.storage.offers import Offered
from tests.support.offers import vacancy
from tests.support.service import Office, read

KEY = "c2V0YXJhLWNvbnRvaC1rdW5jaS1yaWxpcy1sYWx1ISE="
"""Of the examples alone: it opens nothing but them."""

REGISTERED = ("Ani Contoh", "1998", "Kotapinang", "kursi roda", "SMA", "menjahit")

TALKS: dict[str, tuple[str, ...]] = {
    # Registered, with and without what comes after; the last one is erased again.
    "telegram:1001": ("daftar", "saya sendiri", "ya", *REGISTERED, "simpan", "fisik", "perempuan", "0812 0000 1001"),
    "telegram:1002": (
        *("daftar", "orang lain", "ya", "Budi Contoh", "1990", "luar daerah", "ruang tenang", "SD", "las listrik"),
        *("simpan", "intelektual", "LEWATI", "LEWATI"),
    ),
    "telegram:1003": (
        *("daftar", "saya sendiri", "ya", "Citra Contoh", "2010", "ya", "Torgamba", "LEWATI", "SMP", "apa saja"),
        *("simpan", "LEWATI", "LEWATI", "LEWATI"),
    ),
    # In the middle of registering.
    "telegram:1004": ("daftar", "saya sendiri", "ya"),
    "telegram:1005": ("daftar", "saya sendiri", "ya", "Edi Contoh", "1985", "Silangkitang", "kursi roda"),
    "telegram:1006": ("daftar", "saya sendiri", "ya", "Fitri Contoh", *REGISTERED[1:]),
    "telegram:1007": ("daftar", "orang lain", "ya", "Gita Contoh", "2011"),
    "telegram:1008": ("daftar", "saya sendiri", "ya", "Hari Contoh", *REGISTERED[1:], "ubah", "nama"),
    "telegram:1014": ("daftar", "orang lain"),
    # After it.
    "telegram:1009": ("daftar", "saya sendiri", "ya", "Indah Contoh", *REGISTERED[1:], "simpan", "netra"),
    "telegram:1010": (
        *("daftar", "saya sendiri", "ya", "Joko Contoh", *REGISTERED[1:], "simpan", "LEWATI", "LEWATI", "LEWATI"),
        *("MENU", "ubah data saya", "kecamatan"),
    ),
    "web:1011": ("loker menjahit",),
    "telegram:1012": (
        *("daftar", "saya sendiri", "ya", "Lia Contoh", *REGISTERED[1:], "simpan", "LEWATI", "LEWATI", "LEWATI"),
        *("MENU", "mau ngomong sama petugas tentang tes kerja"),
    ),
    "telegram:1013": (
        *("daftar", "saya sendiri", "ya", "Zaki Contoh", *REGISTERED[1:], "simpan", "MENU", "hapus data saya", "ya"),
    ),
}

LONG_AGO = "telegram:1014"


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "setara.db"
        database = Database(f"sqlite:///{file}", KeyRing([KEY]))
        upgrade(database)
        told = talk(Office(database), Path(made))
        database.close()
        shrink(file)
        shutil.copy(file, folder / f"{HEAD}.db")
    (folder / f"{HEAD}.key").write_text(KEY + "\n")
    told["schema"] = HEAD
    (folder / f"{HEAD}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def talk(office: Office, folder: Path) -> dict[str, Any]:
    offers = [vacancy(n, f"Penjahit Contoh {n}", fields=("menjahit",), education=None) for n in range(1, 5)]
    with office.database.work() as work:
        vacancies.upsert(work, [Offered(offer) for offer in offers], office.clock())
    settings = load_settings({"SETARA_DATA_DIR": str(folder)})
    announcer = Announcer(Opened(settings, office.database, office.turntaker.region, office.clock))
    with office.database.work() as work:
        # Nobody is registered yet, so nobody is told of these.
        assert announcer.match(work) == len(offers)
    for who, said in TALKS.items():
        channel, address = who.split(":")
        for words in said:
            turn = office.says(address, words, channel=channel)
            office.clock.passes(seconds=20)
            with office.database.work() as work:
                outbox.confirm(work, [reply.outbox_id for reply in turn.replies], office.clock())
        if who == LONG_AGO:
            # Most have been silent for more than a week, and what was said then is kept no more.
            office.clock.passes(days=8)
            with office.database.work() as work:
                outbox.purge(work, office.clock())
    joins(office, "1001", "6281200000001")
    new = vacancy(9, "Penjahit Baru Contoh", fields=("menjahit",), education=None)
    # Past the half hour for which somebody who is filling a form is left in peace.
    office.clock.passes(minutes=40)
    with office.database.work() as work:
        vacancies.upsert(work, [Offered(new)], office.clock())
    with office.database.work() as work:
        assert announcer.match(work) == 1
    with office.database.work() as work:
        alerts = announcer.tell(work)
    office.clock.passes(minutes=5)
    everybody = [*TALKS, "whatsapp:6281200000001"]
    return {"alerts": alerts, "at": office.clock().isoformat(), "people": {w: stands(office, w) for w in everybody}}


def joins(office: Office, address: str, other: str) -> None:
    found = re.search(r"SAMBUNG (\d{4} \d{4})", read(office.says(address, "sambungkan")))
    assert found is not None
    for words in (f"SAMBUNG {found[1]}", "ya"):
        office.says(other, words, channel="whatsapp", sent_at=office.clock.now)


def stands(office: Office, who: str) -> dict[str, Any]:
    """Where a contact is in which conversation, and what is kept of whom it speaks for."""
    channel, address = who.split(":")
    with office.database.work() as work:
        [known] = contacts.recognise(work, [Identity(channel, address)], office.clock.now)
    session = Session.from_json(known.session)
    seeker = asdict(known.seekers[0]) if known.seekers else None
    frames = [{"conversation": f.conversation, "state": f.state, "answers": dict(f.answers)} for f in session.stack]
    shown = [] if session.results is None else list(session.results.ids)
    return {"said": TALKS.get(who, ()), "stack": frames, "seeker": seeker, "results": shown}


def shrink(file: Path) -> None:
    """As small as it gets, in one file: pages of 1 kB instead of 4, for most tables hold a few rows or none."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in ("PRAGMA journal_mode = DELETE", "PRAGMA page_size = 1024", "VACUUM"):
            connection.execute(statement)
    os.chmod(file, 0o644)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
