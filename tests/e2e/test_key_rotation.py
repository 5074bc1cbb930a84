"""A new key while people are writing: nobody notices, and the old one is needed no more."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.keys import KeyRing, UnknownKey, generate_key
from storage.models import contacts, outbox
from storage.rotation import rewrite, rewrite_steps
from storage.work import Database
from tests.e2e.installation import Installation
from tests.e2e.people import LATER, first_pass, telegram_settings, told
from tests.fakes.bot_api import BotApi
from tests.fakes.people import Person
from tests.support.registered import everybody
from tests.support.service import Office


async def registers(person: Person, name: str) -> None:
    for words in (*first_pass(name), *LATER):
        await told(person, words)


def opens_with(installation: Installation, *keys: str) -> list[str]:
    """Everybody registered, read with these keys alone."""
    database = Database(installation.database().url.render_as_string(hide_password=False), KeyRing(keys))
    try:
        with database.read() as work:
            work.connection.execute(sa.select(contacts)).all()
            work.connection.execute(sa.select(outbox)).all()
            return sorted(seeker.name for seeker in everybody(work))
    finally:
        database.close()


def keys_of(folder: Path) -> list[str]:
    return (folder / "setara.key").read_text().split()


async def test_with_the_file_it_is_two_commands_and_a_restart(fresh: Installation, api: BotApi) -> None:
    ani, budi, citra = (api.person(number) for number in range(2001, 2004))
    settings = telegram_settings(api)
    async with fresh.serving(**settings) as serving:
        await registers(ani, "Ani Contoh")
        [old] = keys_of(fresh.folder)
        asked = await fresh.run("key", "rotate")
        assert (asked.code, "mulai ulang layanan" in asked.stdout) == (0, True), asked
        again = await fresh.run("key", "rotate")
        assert "mulai ulang layanan" in again.stdout, "nothing is written under a key that the service has not"
        new, behind = keys_of(fresh.folder)
        assert (behind, new != old) == (old, True)
        await registers(budi, "Budi Contoh")
        await serving.stop()
    async with fresh.serving(**settings) as serving:
        rotated, _ = await asyncio.gather(fresh.run("key", "rotate"), registers(citra, "Citra Contoh"))
        assert (rotated.code, "Semua memakai kunci baru" in rotated.stdout) == (0, True), rotated
        assert "Ani Contoh" in await told(ani, "data apa yang disimpan tentang saya?")
        await serving.stop()
        assert "Traceback" not in serving.written()
    assert keys_of(fresh.folder) == [new]
    assert opens_with(fresh, new) == ["Ani Contoh", "Budi Contoh", "Citra Contoh"]
    with pytest.raises(UnknownKey):
        opens_with(fresh, old)
    [aside] = [file for file in fresh.folder.iterdir() if file.name.startswith("setara.key.")]
    assert aside.read_text().strip() == old, "older backups are opened with it"


async def test_with_the_setting_it_says_what_to_set(installation: Installation) -> None:
    async with installation.chat("ani") as ani:
        for words in (*first_pass("Ani Contoh"), *LATER):
            await ani.says(words)
    refused = await installation.run("key", "rotate")
    assert (refused.code, "SETARA_KEY=KUNCI_BARU,KUNCI_LAMA" in refused.stderr) == (2, True)
    new = generate_key()
    done = await installation.run("key", "rotate", SETARA_KEY=f"{new},{installation.key}")
    assert (done.code, "cukup berisi kunci pertama" in done.stdout) == (0, True), done
    assert opens_with(installation, new) == ["Ani Contoh"]
    assert not list(installation.folder.glob("*key*")), "a setting is kept in no file"


async def test_it_may_be_interrupted_at_any_step_while_somebody_writes(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.rotation._BATCH", 2)
    assert installation.key is not None
    before = installation.database()
    office = Office(before)
    for number in range(4):
        office.registers(str(number), f"Orang{'abcd'[number]} Contoh")
    before.close()
    new = generate_key()
    url = before.url.render_as_string(hide_password=False)
    both, rewriter = (Database(url, KeyRing([new, installation.key])) for _ in range(2))
    writing, steps = Office(both, numbers=office.numbers), 0
    for words in first_pass("Baru Contoh"):
        for _ in rewrite_steps(rewriter):
            steps += 1
            break  # interrupted after one step
        writing.says("9", words)
    assert steps == len(first_pass(""))
    while rewrite(rewriter):
        pass
    for one in (both, rewriter):
        one.close()
    assert len(opens_with(installation, new)) == 5
