"""``setara office``: the same desk as in the chat, in words and as JSON, and every command leaves its mark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.opening import Opened, open_everything
from bot.settings import load_settings
from storage import audit, contacts, officers, outbox, seekers, tickets
from storage.contacts import Identity


@pytest.fixture
def environment(tmp_path: Path, database_url: str, key: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr("bot.commands.logs.configure", lambda *_, **__: None)  # it would hold for the other tests too
    return {"SETARA_DATA_DIR": str(tmp_path), "SETARA_DATABASE_URL": database_url, "SETARA_KEY": key}


@pytest.fixture
def everything(environment: dict[str, str]) -> Iterator[Opened]:
    opened = open_everything(load_settings(environment))
    yield opened
    opened.database.close()


@pytest.fixture
def ids(everything: Opened) -> tuple[int, int]:
    """A seeker, and a ticket of theirs."""
    now = everything.clock()
    with everything.database.work() as work:
        [known] = contacts.recognise(work, [Identity("telegram", "1001")], now)
        values = {"name": "Ani Contoh", "phone": "+6281200000001", "nik": "1222010101980001"}
        ani = seekers.add(work, values, education_rank=None, now=now)
        seekers.link(work, known.contact_id, ani, "self")
        return ani, tickets.open_ticket(work, known.contact_id, ani, "human", "tolong", now)


class Office:
    def __init__(self, everything: Opened, environment: dict[str, str]) -> None:
        self.everything, self.runner = everything, CliRunner(env=environment)

    def __call__(self, *words: object) -> Result:
        return self.runner.invoke(cli, ["office", *map(str, words)])

    def json(self, *words: object) -> list[Any]:
        done = self(*words, "--json")
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    def acts(self) -> list[str]:
        with self.everything.database.read() as work:
            return [one.act for one in audit.entries(work)]


@pytest.fixture
def office(everything: Opened, environment: dict[str, str]) -> Office:
    return Office(everything, environment)


def test_the_first_officer_is_invited_listed_and_revoked(office: Office) -> None:
    said = office("invite", "--name", "Budi Contoh", "--institution", "disnaker", "--role", "admin")
    assert "petugas kode " in said.stdout
    [invited] = office.json("invite", "--name", "Citra Contoh", "--institution", "bpjs")
    with office.everything.database.work() as work:
        [known] = contacts.recognise(work, [Identity("telegram", "2002")], office.everything.clock())
        citra = officers.join(work, invited["code"], known.contact_id, office.everything.clock())
        assert citra is not None
        assert (citra.name, citra.institution, citra.role) == ("Citra Contoh", "protection", "officer")
    assert f"{citra.id}: Citra Contoh, BPJS, officer, aktif" in office("list").stdout
    assert office("revoke", citra.id).exit_code == 0
    assert office("revoke", citra.id).exit_code == 1
    [kept] = office.json("list")
    assert kept["revoked_at"] is not None
    assert office.acts() == ["invite", "invite", "officers", "revoke", "revoke", "officers"]


def test_a_ticket_is_read_answered_and_closed(office: Office, ids: tuple[int, int]) -> None:
    _, ticket = ids
    assert f"{ticket}: " in office("tickets").stdout
    read = office("ticket", ticket).stdout
    assert "Dari: Ani Contoh" in read
    assert "Kata orangnya: tolong" in read
    assert office("answer", ticket, "Silakan datang besok.").stdout == "Jawaban dikirim.\n"
    with office.everything.database.work() as work:
        [claimed] = outbox.claim(work, 9, ["telegram"], office.everything.clock())
        assert claimed.body["text"].splitlines()[:2] == ["Dari petugas Disnaker:", "Silakan datang besok."]
    assert office("close", ticket, "--outcome", "answered").exit_code == 0
    assert office("close", ticket, "--outcome", "answered").exit_code == 1
    assert office("tickets").stdout == "Tidak ada permintaan yang terbuka.\n"
    [shown] = office.json("ticket", ticket)
    assert (shown["outcome"], [line["text"] for line in shown["lines"]]) == ("answered", ["Silakan datang besok."])
    assert office("ticket", 999_999).exit_code == 1
    assert office.acts() == ["tickets", "ticket", "answer", "close", "close", "tickets", "ticket", "ticket"]


def test_who_answers_already_is_said_and_may_be_overruled(office: Office, ids: tuple[int, int]) -> None:
    _, ticket = ids
    [invited] = office.json("invite", "--name", "Budi Contoh", "--institution", "disnaker")
    with office.everything.database.work() as work:
        [known] = contacts.recognise(work, [Identity("telegram", "2002")], office.everything.clock())
        budi = officers.join(work, invited["code"], known.contact_id, office.everything.clock())
        assert budi is not None
        tickets.take(work, ticket, budi.id)
    refused = office("answer", ticket, "Silakan datang.")
    assert (refused.exit_code, "sedang dijawab Budi Contoh" in refused.stderr) == (1, True)
    assert office("answer", ticket, "Silakan datang.", "--over").exit_code == 0
    assert office("answer", 999_999, "Silakan datang.").exit_code == 1
    assert office("answer", ticket, " ").exit_code == 1


@pytest.mark.parametrize("words", ["Ani", "0812 0000 0001", "1222010101980001"])
def test_people_are_found_read_and_marked(office: Office, ids: tuple[int, int], words: str) -> None:
    ani, _ = ids
    assert f"{ani}: Ani Contoh" in office("find", words).stdout
    [found] = office.json("find", words)
    assert found["name"] == "Ani Contoh"
    assert "Nama: Ani Contoh" in office("show", ani).stdout
    assert office("verify", ani).exit_code == 0
    assert office("confirm-identity", ani).exit_code == 0
    [read] = office.json("show", ani)
    assert {"verified_on", "identity_on"} <= read.keys()
    acts = ["find", "find", "read", "verify", "confirm_identity", "read"]
    assert office.acts() == acts
    assert [one["act"] for one in office.json("audit", "--seeker", ani)] == acts
    assert f"server: read, pencari kerja {ani}" in office("audit").stdout


def test_nobody_is_said_in_words(office: Office) -> None:
    for words in (["find", "Zulkifli"], ["show", 999_999], ["verify", 999_999], ["confirm-identity", 999_999]):
        refused = office(*words)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert refused.stderr.startswith("Tidak ada")
    assert office.acts() == ["nobody"] * 4
