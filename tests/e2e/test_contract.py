"""The commands' contract: answers on stdout, everything else on stderr, exit codes, one clear line for each refusal."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from bot.cli import load_examples_if_empty
from bot.key_file import KEY_FILE
from bot.opening import open_everything
from bot.settings import OFFICIAL_TELEGRAM, load_settings
from storage import stats, vacancies
from storage.models import contacts
from tests.e2e.installation import Done, Installation
from tests.e2e.people import LATER, first_pass, vacancy_row, write_csv

INTENTS = frozenset(
    [
        "find_jobs",
        "find_training",
        "register",
        "profile",
        "applications",
        "privacy",
        "subscribe",
        "unsubscribe",
        "protection",
        "complaint",
        "human",
        "help",
        "greet",
        "thanks",
        "offer_job",
        "safety",
        "unknown",
    ]
)


def refusal(done: Done) -> str:
    """The one line with which a command has refused to work."""
    assert (done.code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    return line


async def test_import_and_ask(fresh: Installation, tmp_path: Path) -> None:
    rows = [vacancy_row(f"L{n:02}", f"Penjahit Contoh {n}") for n in range(1, 13)]
    rows += [vacancy_row("L13", "Kasir Contoh", bidang="penjualan", kecamatan="Torgamba")]
    good = write_csv(tmp_path / "good.csv", rows)
    first = await fresh.run("import", "vacancies", str(good), "--json")
    assert (first.code, first.json["added"], first.json["refused"]) == (0, 13, 0)
    assert json.loads(first.stderr)["event"] == "key", "that a key was made and needs a backup is no answer"
    # A bad row loses no good one.
    rows[0] |= {"judul": "Penjahit Baru"}
    rows[1] |= {"batas_lamar": "tidak tahu", "judul": ""}
    bad = write_csv(tmp_path / "bad.csv", [*rows, vacancy_row("L14", "Juru Ketik", bidang="menyulam kawat")])
    report, missing, other = await asyncio.gather(
        fresh.run("import", "vacancies", str(bad), "--json"),
        fresh.run("import", "vacancies", str(tmp_path / "none.csv"), "--json"),
        fresh.run("import", "people", str(good), "--json"),
    )
    counts = {name: report.json[name] for name in ("added", "updated", "unchanged", "warned", "refused")}
    assert counts == {"added": 1, "updated": 1, "unchanged": 11, "warned": 1, "refused": 1}
    refused = [problem for problem in report.json["problems"] if problem["severity"] == "refused"]
    assert {problem["row"] for problem in refused} == {3}, "as a spreadsheet counts, with the header as 1"
    assert "judul" in {problem["column"] for problem in refused}
    assert all(problem["reason"] for problem in report.json["problems"])
    assert (report.code, missing.code, other.code) == (1, 1, 2)
    assert missing.json["problems"][0]["reason"].startswith("Berkas")
    assert other.stdout == ""
    await asks(fresh)


async def asks(installation: Installation) -> None:
    lines = b"loker jahit kotapinang\n\nkasir torgamba\nhalo\nduh\n\xff\xfe loker\n"
    many, one = await asyncio.gather(
        installation.run("ask", "--json", said=lines),
        installation.run("ask", "lowongan kasir", "--json", said="this is not read\n"),
    )
    assert [(done.code, done.stderr) for done in (many, one)] == [(0, "")] * 2
    sewing, nothing, till, hello, _, bytes_asked = many.objects
    assert {answer["intent"] for answer in many.objects} <= INTENTS
    assert sewing["intent"] == till["intent"] == bytes_asked["intent"] == "find_jobs"
    assert (hello["intent"], hello["results"], nothing["results"]) == ("greet", [], [])
    assert len(sewing["results"]) == 10
    for result in sewing["results"]:
        assert set(result) == {"id", "title", "exact", "reasons"}
        assert result["id"].startswith("L")
        assert result["exact"] is True
        assert result["reasons"]
    assert till["results"][0]["id"] == one.json["results"][0]["id"] == "L13"


async def test_chat_takes_anything(installation: Installation) -> None:
    """Whatever a line holds it is answered and the talk goes on, with nothing but JSON on stdout."""
    lines = [
        b'{"text": "halo"}',
        b"not json",
        b"[1]",
        b'{"text": 5}',
        b'{"text": "a", "choice": "b"}',
        b'{"text": "\\ud800\\u0000"}',
        b'{"text": "\xff\xfe"}',
        b'{"choice": "job:99999999999999999999"}',
        b'{"choice": ""}',
        json.dumps({"text": "x" * 50_000}).encode(),
        b"   ",
        *(json.dumps({"text": word}).encode() for word in first_pass("Ani \0Contoh", field="merangkai \0bunga")),
    ]
    done = await installation.run("chat", "--json", "--contact", "uji", said=b"\n".join(lines))
    assert (done.code, done.stderr) == (0, "")
    answers = done.stdout.split('{"done": true}\n')
    assert answers.pop() == ""
    assert len(answers) == len(lines) - 1, "one end for each line but the blank one"
    assert all(answers), "no line goes unanswered"
    for line in (1, 2, 3, 4):
        assert set(json.loads(answers[line])) == {"error"}
    assert "Pendaftaran selesai, Ani Contoh." in answers[-1]


async def test_examples_are_loaded_into_an_empty_database_and_never_announced(
    fresh: Installation, tmp_path: Path
) -> None:
    async with fresh.serving("--examples") as serving, fresh.chat("ani") as ani:
        assert "setara examples remove" in serving.written()
        assert "(contoh)" in await ani.says("loker menjahit")
        for word in (*first_pass("Ani Contoh"), *LATER):
            await ani.says(word)
        counted = await fresh.json("stats")
        expected = {"contacts", "seekers", "vacancies_open", "trainings_open", "alerts_told", "outbox_waiting"}
        assert {*expected, "outbox_failed"} <= set(counted)
        assert (counted["contacts"], counted["seekers"]) == (1, 1)
        assert counted["vacancies_open"] >= 10
        assert counted["trainings_open"] >= 3
        file = write_csv(tmp_path / "file.csv", [vacancy_row("L01", "Penjahit Tas")])
        await fresh.json("import", "vacancies", str(file))
        (alert, *_) = (await ani.says("terima kasih")).splitlines()[1:]
        assert "Penjahit Tas" in alert
        removed = await fresh.run("examples", "remove")
        assert (removed.code, removed.stderr) == (0, "")
        assert str(counted["vacancies_open"]) in removed.stdout
        assert "(contoh)" not in await ani.says("loker menjahit")
    async with fresh.serving("--examples"):
        database = fresh.database()
        with database.read() as work:
            left = stats.collect(work, datetime(2026, 1, 1, tzinfo=UTC))
        database.close()
    assert left.vacancies_open == 1, "they do not come back"
    assert left.alerts_told == 1, "of the examples nobody was told"


def test_examples_are_not_loaded_where_real_people_write(tmp_path: Path, key: str, capsys: object) -> None:
    """In this process, for one of its own would call the real Telegram."""
    settings = load_settings(
        {"SETARA_DATA_DIR": str(tmp_path / "data"), "SETARA_KEY": key, "SETARA_TELEGRAM_TOKEN": "123456:CONTOH-TOKEN"}
    )
    assert settings.telegram_api == OFFICIAL_TELEGRAM
    everything = open_everything(settings)
    load_examples_if_empty(everything)
    with everything.database.read() as work:
        assert vacancies.count(work) == 0
    everything.database.close()


async def test_what_cannot_be_had_is_refused_in_one_line(fresh: Installation, key: str) -> None:
    token = "123456:CONTOH-TOKEN"
    async with fresh.serving(SETARA_PORT="0") as serving:
        wrong: list[tuple[str, str, dict[str, str]]] = [
            ("SETARA_PORT", "stats", {"SETARA_PORT": "delapan"}),
            (f"SETARA_PORT: {serving.port}", "run", {"SETARA_PORT": str(serving.port)}),
            ("SETARA_HOST", "run", {"SETARA_HOST": "192.0.2.1"}),
            ("SETARA_KEY", "chat", {"SETARA_KEY": "pendek"}),
            (
                "SETARA_TELEGRAM_WEBHOOK_SECRET",
                "run",
                {"SETARA_TELEGRAM_TOKEN": token, "SETARA_TELEGRAM_WEBHOOK_URL": "http://127.0.0.1:1/x"},
            ),
            (
                "tidak bisa dihubungi",
                "ask",
                {"SETARA_DATABASE_URL": "postgresql://setara:rahasia@127.0.0.1:1/x", "SETARA_KEY": key},
            ),
        ]
        refused = await asyncio.gather(*(fresh.run(command, **settings) for _, command, settings in wrong))
    for done, (said, *_) in zip(refused, wrong, strict=True):
        line = refusal(done)
        assert said in line
        assert "rahasia" not in line
        assert token not in line


async def test_a_key_that_is_missing_or_another_one_is_refused(fresh: Installation, key: str) -> None:
    await fresh.run("chat", said="halo\n")
    file = fresh.folder / KEY_FILE
    assert file.stat().st_mode & 0o077 == 0
    file.rename(fresh.folder / "aside")
    missing, other = await asyncio.gather(fresh.run("stats"), fresh.run("chat", "--json", SETARA_KEY=key))
    assert "SETARA_KEY" in refusal(missing)
    assert "SETARA_KEY" in refusal(other)
    assert not file.exists(), "no second key is made beside data that needs the first"


async def test_the_schema(bare_database_url: str, key: str, tmp_path: Path) -> None:
    """PostgreSQL is changed by ``migrate`` alone; SQLite is brought up to date by whatever opens it."""
    installation = Installation(tmp_path / "data", bare_database_url, key)
    if bare_database_url.startswith("postgresql"):
        assert "setara migrate" in refusal(await installation.run("run"))
        migrated = await installation.run("migrate")
        assert (migrated.code, migrated.stderr) == (0, "")
        assert migrated.stdout
    assert (await installation.json("stats"))["contacts"] == 0
    database = installation.database()
    with database.work() as work:
        work.connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    assert "9999" in refusal(await installation.run("migrate"))


async def test_several_commands_make_one_new_database(fresh: Installation) -> None:
    """Three at once on an empty folder: one key, one schema, and everybody is answered."""
    talks = (fresh.run("chat", "--contact", f"orang {n}", said="halo\n") for n in range(3))
    done = await asyncio.gather(*talks)
    assert [one.code for one in done] == [0] * 3, done
    assert all("Setara Kerja" in one.stdout for one in done)
    database = fresh.database()
    with database.read() as work:
        assert work.connection.scalar(sa.select(sa.func.count()).select_from(contacts)) == 3
    database.close()
