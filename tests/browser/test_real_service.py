"""The web chat of the real service: somebody registers by keyboard alone, and is told of work without reloading."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.screen import answers, field, fits, listening, messages, send_button
from tests.browser.test_accessibility import violations
from tests.e2e.installation import SETARA, free_port

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent.parent
VACANCIES = ROOT / "docs" / "contoh" / "lowongan.csv"


class RunningService:
    """``setara run`` on a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        own = {name: value for name, value in os.environ.items() if not name.startswith("SETARA_")}
        self.environment = own | {
            "SETARA_DATA_DIR": str(folder),
            "SETARA_PORT": str(self.port),
            "SETARA_QUIET_HOURS": "off",
        }
        self._log = (folder / "log").open("wb")
        self.process = subprocess.Popen([SETARA, "run"], env=self.environment, stderr=self._log)
        self._wait()

    def _wait(self) -> None:
        for _ in range(100):
            assert self.process.poll() is None, "the service ended"
            try:
                urllib.request.urlopen(self.url, timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the service does not answer")

    def command(self, *arguments: str) -> None:
        subprocess.run([SETARA, *arguments], env=self.environment, check=True, capture_output=True, timeout=60)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(15)
        self._log.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RunningService]:
    running = RunningService(tmp_path)
    yield running
    running.close()


@pytest.fixture
def visitor(chromium: Browser, service: RunningService) -> Iterator[Page]:
    context = chromium.new_context(locale="id-ID", viewport={"width": 360, "height": 640})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(service.url)
    yield page
    context.close()


def types(page: Page, words: str, expected: str) -> None:
    """Type and press Enter, nothing else; back when the answer stands there and the focus is in the field."""
    before = answers(page).count()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(before + 1)
    expect(answers(page).last).to_contain_text(expected)
    expect(field(page)).to_be_focused()


def test_register_by_keyboard_and_be_told_without_reloading(visitor: Page, service: RunningService) -> None:
    assert violations(visitor) == []
    field(visitor).focus()
    talk = (
        ("halo", "Setara Kerja"),
        ("daftar", "untuk siapa"),
        ("1", "setuju"),
        ("ya", "nama"),
        ("Ani Contoh", "lahir"),
        ("1998", "kecamatan"),
        ("torgamba", "membantu"),
        ("kursi roda", "pendidikan"),
        ("sma", "minati"),
        ("menjahit", "Periksa"),
    )
    for words, expected in talk:
        types(visitor, words, expected)
    assert violations(visitor) == [], "the review"
    types(visitor, "simpan", "Pendaftaran selesai, Ani Contoh.")
    for _ in range(3):
        visitor.keyboard.type("lewati")
        before = answers(visitor).count()
        visitor.keyboard.press("Enter")
        expect(answers(visitor)).to_have_count(before + 1)
    listening(visitor)

    service.command("import", "vacancies", str(VACANCIES))
    expect(messages(visitor).last).to_contain_text("Penjahit Seragam, Torgamba")
    expect(field(visitor)).to_be_focused()
    assert violations(visitor) == [], "an alert"
    types(visitor, "loker 1", "Penjahit Seragam di Konveksi Contoh")
    assert fits(visitor)

    service.command("import", "vacancies", str(VACANCIES))
    time.sleep(3)
    expect(messages(visitor).filter(has_text="Ada lowongan baru")).to_have_count(1)
    if folder := os.environ.get("SCREENSHOTS"):
        visitor.screenshot(path=f"{folder}/registered.png")


def test_without_scripts_the_same_talk(chromium: Browser, service: RunningService) -> None:
    context = chromium.new_context(locale="id-ID", java_script_enabled=False)
    page = context.new_page()
    page.goto(service.url)
    for words, expected in (("daftar", "untuk siapa"), ("1", "setuju"), ("ya", "nama")):
        field(page).fill(words)
        send_button(page).click()
        expect(messages(page).last).to_contain_text(expected)
    context.close()
