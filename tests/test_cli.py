"""What the commands do beyond what they call: in this process, for some of it must not happen on a real platform."""

from __future__ import annotations

import csv
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from bot import backups, erased
from bot.cli import cli, load_examples_if_empty, remove_examples_if_real
from bot.imports import importing
from bot.opening import Opened, open_everything
from bot.settings import SettingsError, load_settings
from storage import contacts, outbox, vacancies
from storage.contacts import Identity
from storage.outbox import NewMessage
from storage.work import Database
from tests.imports.files import JOBS, failing_after
from tests.support.service import Office

OFFICIAL = {"SETARA_TELEGRAM_TOKEN": "123456:CONTOH-TOKEN"}


@pytest.fixture
def environment(tmp_path: Path, database_url: str, key: str) -> dict[str, str]:
    return {"SETARA_DATA_DIR": str(tmp_path), "SETARA_DATABASE_URL": database_url, "SETARA_KEY": key}


@pytest.fixture
def everything(environment: dict[str, str]) -> Iterator[Opened]:
    opened = open_everything(load_settings(environment))
    yield opened
    opened.database.close()


def kept(database: Database) -> int:
    with database.read() as work:
        return vacancies.count(work)


def test_examples_go_when_real_people_come(
    everything: Opened, environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    load_examples_if_empty(everything)
    remove_examples_if_real(everything)
    assert kept(everything.database) == 12
    assert "setara examples remove" in capsys.readouterr().err
    official = open_everything(load_settings(environment | OFFICIAL))
    remove_examples_if_real(official)
    said = capsys.readouterr().err
    assert said.splitlines() == [
        "Data contoh dihapus, karena layanan ini melayani orang yang sebenarnya: 12 lowongan dan 5 pelatihan."
    ]
    remove_examples_if_real(official)
    official.database.close()
    assert capsys.readouterr().err == "", "there was nothing left to remove"
    load_examples_if_empty(everything)
    assert kept(everything.database) == 0


def test_an_import_that_is_cut_short_says_how_far_it_came(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "berkas.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(JOBS[0]))
        writer.writeheader()
        writer.writerows(JOBS)
    monkeypatch.setattr("bot.commands.logs.configure", lambda *_, **__: None)  # it would hold for the other tests too
    monkeypatch.setattr(importing, "ROWS_A_COMMIT", 2)
    monkeypatch.setitem(importing.READINGS, "vacancies", failing_after(1))
    done = CliRunner().invoke(cli, ["import", "vacancies", str(file)], env=environment)
    assert done.exit_code == 2
    assert done.stdout.splitlines()[0] == "Baru: 2 baris."
    assert done.stderr.startswith("Ruang penyimpanan basis data penuh.")
    assert "Traceback" not in done.stderr


def test_what_has_not_arrived_is_said_in_words(everything: Opened, environment: dict[str, str]) -> None:
    run = CliRunner(env=environment)
    assert "Semua sampai" in run.invoke(cli, ["undelivered"]).stdout
    with everything.database.work() as work:
        [known] = contacts.recognise(work, [Identity("whatsapp", "6281200000001")], everything.clock())
        outbox.add(work, [NewMessage(known.contact_id, "whatsapp", {"text": "halo"})] * 2, everything.clock())
        for error in ("131026: the number is not on WhatsApp", "131009: WhatsApp does not take this message"):
            [claimed] = outbox.claim(work, 1, ["whatsapp"], everything.clock())
            outbox.fail(work, claimed.id, error, None)
    first, second = run.invoke(cli, ["undelivered"]).stdout.splitlines()
    assert "pesan gagal: nomor ini tidak ada di WhatsApp, atau tidak menerima pesan layanan (131026: the" in first
    assert second.endswith("pesan gagal: 131009: WhatsApp does not take this message")
    assert "6281200000001" not in first + second
    assert '"why": "131026' in run.invoke(cli, ["undelivered", "--json"]).stdout


@pytest.mark.parametrize("full_after", ["nothing", "everything"])
def test_a_full_disk_leaves_no_half_backup(
    everything: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full_after: str
) -> None:
    folder = tmp_path / "cadangan"
    folder.mkdir()
    really, synced = os.open, os.fsync

    def into_a_full_disk(file: Path, flags: int, mode: int = 0o777) -> int:
        os.close(really(file, flags, mode))
        return really("/dev/full", os.O_WRONLY)

    def full_at_last(descriptor: int) -> None:
        synced(descriptor)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        if full_after == "nothing":
            disk.setattr(os, "open", into_a_full_disk)
        else:
            disk.setattr(os, "fsync", full_at_last)
        with pytest.raises(SettingsError, match="No space left on device"):
            backups.write(everything, folder)
    assert list(folder.iterdir()) == []
    file, _ = backups.write(everything, folder)
    assert list(folder.iterdir()) == [file]


def test_a_list_of_the_erased_that_cannot_be_written_is_an_alarm_and_is_written_later(
    everything: Opened,
) -> None:
    office = Office(everything.database)
    office.turntaker = everything.turntaker()
    office.says("1", "halo")
    file = everything.erased().file
    file.mkdir()
    with capture_logs() as log:
        told = office.says("1", "hapus data saya")
    assert told.replies, "the person is answered all the same"
    assert [(one["event"], one["log_level"]) for one in log] == [("erased_not_written", "error")]
    file.rmdir()
    assert everything.erased().write() == 1
    assert everything.erased().write() == 0
    assert file.read_text().startswith("contact ")
    with file.open("a") as torn:
        torn.write("seeker 0011")
    office.says("2", "hapus data saya")
    assert len(erased.read([file])) == 2, "half a line is nobody, and spoils no other"
    file.unlink()
    assert everything.erased().write() == 2, "a list that was lost is written anew"
