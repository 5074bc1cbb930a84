"""A backup of a running service, and what comes of it: the drill that an office should not have for the first time."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

from tests.e2e.installation import Installation
from tests.e2e.people import LATER, first_pass, telegram_settings, told, until, vacancy_row, write_csv
from tests.fakes.bot_api import BotApi
from tests.fakes.people import Person
from tests.support.registered import everybody


def private(file: Path) -> bool:
    return stat.S_IMODE(file.stat().st_mode) == 0o600


def listed(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


async def registers(person: Person, name: str) -> None:
    for words in (*first_pass(name), *LATER):
        await told(person, words)


def read_about(person: Person, title: str) -> int:
    """How often the person read this title unasked: as alerts begin, and lists do not."""
    return sum(title in heard.text and "balas LOKER" in heard.text for heard in person.messages)


def names(installation: Installation) -> list[str]:
    database = installation.database()
    with database.read() as work:
        found = [seeker.name for seeker in everybody(work)]
    database.close()
    return found


async def test_backup_while_running_then_kill_restore_start(
    installation: Installation, api: BotApi, tmp_path: Path
) -> None:
    ani, budi, citra, dewi = (api.person(number) for number in range(2001, 2005))
    first = write_csv(tmp_path / "satu.csv", [vacancy_row("L1", "Penjahit Pertama")])
    second = write_csv(tmp_path / "dua.csv", [vacancy_row("L2", "Penjahit Kedua")])
    folder = tmp_path / "cadangan"
    folder.mkdir()
    settings = telegram_settings(api)
    async with installation.serving(**settings) as serving:
        await asyncio.gather(registers(ani, "Ani Contoh"), registers(budi, "Budi Contoh"))
        for words in ("daftar", "saya sendiri", "ya"):
            await told(citra, words)
        made, _ = await asyncio.gather(
            installation.json("backup", str(folder)),  # while somebody registers
            registers(dewi, "Dewi Contoh"),
        )
        await installation.json("import", "vacancies", str(first))
        await until(lambda: [read_about(one, "Penjahit Pertama") for one in (ani, budi, dewi)] == [1, 1, 1])
        await told(citra, "Citra Contoh")
        for words in ("hapus data saya", "ya"):
            await told(budi, words)
        await until(lambda: any("Semua data sudah dihapus" in heard.text for heard in budi.messages))
        serving.kill()
    file = Path(made["file"])
    assert private(file)
    assert listed(folder) == [file.name], "nobody was erased yet"
    assert "seeker " in (installation.folder / "erased.txt").read_text()

    refused = await installation.run("restore", str(file))
    assert (refused.code, "--replace" in refused.stderr) == (2, True)
    assert "Ani Contoh" in names(installation)
    done = await installation.json("restore", str(file), "--replace")
    assert done["seekers_erased"] == 1
    assert set(names(installation)) <= {"Ani Contoh", "Dewi Contoh"}

    await installation.json("import", "vacancies", str(first))
    async with installation.serving(**settings) as serving:
        await until(lambda: "vacancy_matched" in serving.written())
        assert "Tahun berapa" in await told(citra, "Citra Contoh"), "the talk goes on from the backup"
        await installation.json("import", "vacancies", str(second))
        await until(lambda: read_about(ani, "Penjahit Kedua") == 1)
        running = await installation.run("restore", str(file), "--replace")
        assert (running.code, "Hentikan dulu" in running.stderr) == (2, True)
        await installation.json("backup", str(folder))
        await serving.stop()
        assert "Traceback" not in serving.written()
    assert [read_about(one, "Penjahit Pertama") for one in (ani, budi, dewi)] == [1, 1, 1], "nobody is told twice"
    assert read_about(budi, "Penjahit Kedua") == 0, "the erased stay erased"
    assert (folder / "erased.txt").read_text().count("seeker ") == 1, "a copy lies beside the backups"


async def test_on_a_new_machine_the_list_beside_the_backup_is_enough(
    fresh: Installation, bare_database_url: str, tmp_path: Path
) -> None:
    """It also moves an office from SQLite to PostgreSQL."""
    folder = tmp_path / "cadangan"
    folder.mkdir()
    async with fresh.chat("ani") as ani, fresh.chat("budi") as budi:
        for terminal, name in ((ani, "Ani Contoh"), (budi, "Budi Contoh")):
            for words in (*first_pass(name), *LATER):
                await terminal.says(words)
        old = Path((await fresh.json("backup", str(folder)))["file"])
        for words in ("hapus data saya", "ya"):
            await budi.says(words)
    await fresh.json("backup", str(folder))
    new = Installation(tmp_path / "baru", bare_database_url, (fresh.folder / "setara.key").read_text().strip())
    done = await new.json("restore", str(old))
    assert done["seekers_erased"] == 1
    assert names(new) == ["Ani Contoh"]
    assert (await new.run("restore", str(old))).code == 2
    async with new.chat("ani") as ani:
        assert "Ani Contoh" in await ani.says("data apa yang disimpan tentang saya?")


async def test_without_its_key_nothing_is_restored_and_none_is_made(fresh: Installation, tmp_path: Path) -> None:
    async with fresh.chat("ani") as ani:
        await ani.says("halo")
    file = tmp_path / "satu.setara"
    await fresh.json("backup", str(file))
    again = await fresh.run("backup", str(file))
    assert (again.code, "sudah ada" in again.stderr) == (2, True)
    new = Installation(tmp_path / "baru")
    refused = await new.run("restore", str(file))
    assert (refused.code, "setara.key" in refused.stderr) == (2, True)
    assert not new.folder.exists() or listed(new.folder) == []
    new.folder.mkdir(exist_ok=True)
    (new.folder / "setara.key").write_text((fresh.folder / "setara.key").read_text())
    assert (await new.run("restore", str(file))).code == 0
    (tmp_path / "rusak.setara").write_bytes(file.read_bytes()[:-30])
    harmed = await new.run("restore", str(tmp_path / "rusak.setara"), "--replace")
    assert (harmed.code, "Tidak ada yang diubah" in harmed.stderr) == (2, True)
