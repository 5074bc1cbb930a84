"""Four hundred forms in small: imported, matched, called, claimed by a code, and the invitation gone after 90 days."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import commands
from bot.announce import Announcer
from bot.app import build
from bot.cli import cli
from bot.opening import Opened, open_everything
from bot.settings import load_settings
from storage import audit, seekers
from storage.models import outbox as messages
from tests.imports.test_forms import EXAMPLES
from tests.support.registered import everybody
from tests.support.service import Clock, Office, read

JOBS = """id,judul,perusahaan,kecamatan,kabupaten,bidang,batas_lamar
{id},{title},Usaha Contoh,Torgamba,Labuhanbatu Selatan,menjahit,{until}
"""


class Day:
    """An officer at the server, and people in their chats, on one database with one clock."""

    def __init__(self, opened: Opened, clock: Clock, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened, self.clock, self.folder = opened, clock, folder
        self.office = Office(opened.database, clock)
        self.announcer = Announcer(opened)
        monkeypatch.setattr(commands, "load_settings", lambda: opened.settings)
        monkeypatch.setattr(commands, "open_everything", lambda settings, migrate=False: opened)
        monkeypatch.setattr("bot.commands.logs.configure", lambda *_, **__: None)

    def runs(self, *words: str, fails: bool = False) -> Result:
        done = CliRunner().invoke(cli, list(words))
        assert done.exit_code == (1 if fails else 0), done.output
        return done

    def opens(self, id_: str, title: str, until: str) -> None:
        """A vacancy comes in from a file, is matched, and whoever can be told is told."""
        file = self.folder / "lowongan.csv"
        file.write_text(JOBS.format(id=id_, title=title, until=until))
        self.runs("import", "vacancies", str(file))
        with self.opened.database.work() as work:
            while self.announcer.match(work):
                pass
        with self.opened.database.work() as work:
            self.announcer.tell(work)

    def call_list(self) -> dict[str, Any]:
        return {one["name"]: one for one in json.loads(self.runs("office", "call-list", "--json").stdout)}

    def seeker_id(self, form: str) -> int:
        with self.opened.database.read() as work:
            [found] = [one.id for one in everybody(work) if one.paper and one.paper["number"] == form]
        return found

    def alerts(self) -> list[str]:
        with self.opened.database.read() as work:
            rows = work.connection.execute(messages.select().where(messages.c.kind == "alert"))
            return [row.body["text"] for row in rows]


@pytest.fixture
def day(database_url: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    environment = {"SETARA_DATA_DIR": str(tmp_path), "SETARA_DATABASE_URL": database_url, "SETARA_KEY": key}
    clock = Clock()
    opened = replace(open_everything(load_settings(environment), clock), clock=clock)
    yield Day(opened, clock, tmp_path, monkeypatch)
    opened.database.close()


def test_from_a_stack_of_forms_to_people_who_are_told(day: Day) -> None:
    report = json.loads(day.runs("import", "seekers", str(EXAMPLES / "formulir.csv"), "--json", fails=True).stdout)
    assert (report["added"], report["refused"]) == (12, 1)
    assert any("Formulir K007: NIK tertulis" in problem["reason"] for problem in report["problems"])
    invited = [json.loads(line) for line in day.runs("office", "invitations", "--json").stdout.splitlines()]
    assert {one["form"] for one in invited} == {"K006", "K008", "K010"}

    day.opens("L1", "Penjahit Contoh", "2026-12-31")
    day.opens("L2", "Penjahit Tas Contoh", "2026-12-01")
    listed = day.call_list()
    assert {"Contoh Tanjung", "Contoh Br Siahaan", "Contoh Pohan"} <= listed.keys()
    assert "Contoh Ritonga" not in listed, "only invited"
    assert "Contoh Dalimunthe" not in listed, "a draft"
    tanjung, pohan = listed["Contoh Tanjung"], listed["Contoh Pohan"]
    assert [one["title"] for one in tanjung["vacancies"]] == ["Penjahit Tas Contoh", "Penjahit Contoh"]
    assert (tanjung["phone"], tanjung["no_calls"], pohan["no_calls"]) == ("+6281200000101", False, True)
    assert "Aek Batu, Torgamba" in tanjung["place"]
    assert "Jangan ditelepon." in day.runs("office", "call-list").stdout
    with day.opened.database.read() as work:
        assert [entry.act for entry in audit.entries(work, tanjung["seeker"])].count("read") == 2

    seeker, first, second = str(tanjung["seeker"]), *(str(one["id"]) for one in tanjung["vacancies"])
    done = ("office", "call-list", "--done")
    day.runs(*done, seeker, first, "--how", "called")
    assert "petugas lain" in day.runs(*done, seeker, first, "--how", "visited", fails=True).stderr
    assert "tidak mau ditelepon" in day.runs(*done, str(pohan["seeker"]), first, "--how", "called", fails=True).stderr
    day.runs(*done, str(pohan["seeker"]), first, "--how", "visited")
    assert [str(one["id"]) for one in day.call_list()["Contoh Tanjung"]["vacancies"]] == [second]

    code = json.loads(day.runs("office", "claim-code", seeker, "--json").stdout)["code"]
    day.office.says("1", f"SAMBUNG {code}")
    assert "Tersambung." in read(day.office.says("1", "ya"))
    assert "Contoh Tanjung" not in day.call_list()
    day.clock.passes(hours=1)
    day.opens("L3", "Penjahit Topi Contoh", "2027-06-30")
    assert any("Penjahit Topi Contoh" in alert for alert in day.alerts())
    assert len({row["seeker"] for row in day.call_list().values()} & {tanjung["seeker"]}) == 0

    with day.opened.database.read() as work:
        contact_ids = {row.contact_id for row in work.connection.execute(messages.select())}
    assert len(contact_ids) == 1, "nobody who was only invited was written to"
    ritonga = day.seeker_id("K006")
    service = build(day.opened)
    day.clock.passes(days=89)
    for there in (True, False):
        with day.opened.database.work() as work:
            service._purge(work)
        with day.opened.database.read() as work:
            assert bool(seekers.load(work, [ritonga])) is there
        day.clock.passes(days=1)
    assert day.runs("office", "invitations").stdout == "Tidak ada undangan.\n"


def test_an_officer_joins_two_records_or_says_that_they_are_two(day: Day) -> None:
    day.runs("import", "seekers", str(EXAMPLES / "formulir.xlsx"), fails=True)
    [alike] = [json.loads(line) for line in day.runs("office", "duplicates", "--json").stdout.splitlines()]
    assert alike["names"] == ["Contoh Tanjung", "Tanjung Contoh"]
    keep, other = map(str, alike["seekers"])
    assert re.search(r"mirip", day.runs("office", "duplicates").stdout)
    day.runs("office", "merge", keep, keep, fails=True)
    day.runs("office", "merge", keep, other)
    assert "Tidak ada" in day.runs("office", "duplicates").stdout
    with day.opened.database.read() as work:
        assert seekers.load(work, [int(other)]) == {}
        assert seekers.load(work, [int(keep)])[int(keep)].merged[0]["values"]["name"] == "Tanjung Contoh"
        assert {"merge", "read"} <= {entry.act for entry in audit.entries(work, int(keep))}
    day.runs("office", "differ", keep, other, fails=True)
    report = json.loads(day.runs("import", "seekers", str(EXAMPLES / "formulir.xlsx"), "--json", fails=True).stdout)
    assert (report["added"], report["updated"], report["unchanged"]) == (0, 0, 12)
