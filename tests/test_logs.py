"""What reaches stderr: one line an event, from every logger, and nothing that belongs to a person or opens a door."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from bot import logs
from storage.keys import generate_key

TOKEN = "123456789:AAHcontohcontohcontohcontohcontoh01"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., io.StringIO]]:
    """``log(as_json=…, secrets=…)`` configures logging to a buffer, and everything is put back afterwards."""
    levels = {name: logging.getLogger(name).level for name in ("", *logs.OWN)}
    monkeypatch.setattr(logging.root, "handlers", list(logging.root.handlers))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)

    def start(level: logs.Level = "info", **options: Any) -> io.StringIO:
        buffer = io.StringIO()
        logs.configure(level, stream=buffer, **options)
        return buffer

    yield start
    logging.captureWarnings(False)
    structlog.reset_defaults()
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_an_event_is_one_json_object_a_line(log: Callable[..., io.StringIO]) -> None:
    buffer = log()
    logs.get_logger("bot.turns").info("turn committed", contact=5, note="dua\nbaris")
    logging.getLogger("uvicorn.error").warning("started %s", "here")
    first, second = (json.loads(line) for line in buffer.getvalue().splitlines())
    assert first["event"] == "turn committed"
    assert (first["logger"], first["level"], first["contact"]) == ("bot.turns", "info", 5)
    assert first["note"] == "dua\nbaris"
    assert second["event"] == "started here"


def test_an_event_is_one_readable_line_for_people(log: Callable[..., io.StringIO]) -> None:
    buffer = log(as_json=False)
    logs.get_logger("bot.turns").info("turn committed", contact=5, note="dua\nbaris")
    logging.getLogger("x").warning("palsu\n2026-01-01 [info] tidak pernah terjadi")
    lines = buffer.getvalue().splitlines()
    assert len(lines) == 2
    assert "[info]" in lines[0]
    assert "contact=5" in lines[0]


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/sendMessage", TOKEN),
        (f"token {TOKEN} refused", TOKEN),
        (f"/bot{TOKEN.replace(':', '%3A')}/getMe", "AAHcontoh"),
        ("POST http://127.0.0.1:8081/bot1:pendek/getUpdates", "pendek"),
        ("GET /obrolan?kunci=rahasia&b=2 HTTP/1.1", "rahasia"),
        ("GET https://contoh.id/a/b?kunci=rahasia", "rahasia"),
        ("connect postgresql://setara:sandi@127.0.0.1/setara", "sandi"),
        ("nik 1222015208900003", "1222015208900003"),
        ("nomor 081200000001", "081200000001"),
        ("nomor +62 812-0000-0001", "0000"),
        ("INSERT INTO x [parameters: ('Contoh Siregar', 5)]", "Siregar"),
        ("sandi lain: x-y-z", "x-y-z"),
    ],
)
def test_no_secret_is_logged_by_anybody(log: Callable[..., io.StringIO], as_json: bool, text: str, secret: str) -> None:
    buffer = log(as_json=as_json, secrets=["x-y-z", ""])
    logs.get_logger("bot.a").info(text)
    logs.get_logger("bot.a").info("as a value", value=text, nested={"value": text})
    logging.getLogger("httpx").warning("%s", text)
    try:
        raise ValueError(text)
    except ValueError:
        logging.getLogger("aiohttp").exception("failed")
    written = buffer.getvalue()
    assert written.count("[") >= 4
    assert secret not in written
    if as_json:
        assert len([json.loads(line) for line in written.splitlines()]) == 4


def test_keys_are_not_logged(log: Callable[..., io.StringIO]) -> None:
    buffer = log()
    keys = [generate_key() for _ in range(20)]
    for key in keys:
        logs.get_logger("bot").warning("key", key=key)
    assert buffer.getvalue().count("[key]") == 20


def test_what_is_no_secret_stays(log: Callable[..., io.StringIO]) -> None:
    buffer = log()
    text = "12.22.01 at 08.30-15.00 took 0.812345678 s, update 812345678, job:5, apa kabar? baik / atau? tidak"
    logs.get_logger("bot").info(text)
    assert json.loads(buffer.getvalue())["event"] == text


def test_libraries_are_heard_from_warnings_on_and_the_service_from_the_level_given(
    log: Callable[..., io.StringIO],
) -> None:
    buffer = log("debug")
    logging.getLogger("httpx").info("HTTP Request: …")
    logging.getLogger("telegram.Bot").debug("a person's words")
    logs.get_logger("storage.work").debug("committed")
    assert [json.loads(line)["event"] for line in buffer.getvalue().splitlines()] == ["committed"]
    buffer = log("warning")
    logs.get_logger("bot.turns").info("turn committed")
    assert buffer.getvalue() == ""


def test_a_librarys_own_handler_cannot_go_round_the_redaction(log: Callable[..., io.StringIO]) -> None:
    own = io.StringIO()
    library = logging.getLogger("a.library")
    library.addHandler(logging.StreamHandler(own))
    library.propagate = False
    buffer = log()
    library.warning("token %s", TOKEN)
    assert own.getvalue() == ""
    assert json.loads(buffer.getvalue())["event"] == "token [token]"


def test_a_line_that_cannot_be_written_shows_nothing_of_itself(log: Callable[..., io.StringIO]) -> None:
    buffer = log()
    logging.getLogger("a.library").warning("%d", TOKEN)
    assert buffer.getvalue() == "log line lost: a.library TypeError\n"


def test_configuring_again_does_not_write_twice(log: Callable[..., io.StringIO]) -> None:
    first = log()
    speaker = logs.get_logger("bot.turns")
    speaker.info("one")
    second = log()
    speaker.info("two")
    assert first.getvalue().count("\n") == second.getvalue().count("\n") == 1


def test_uncaught_exceptions_are_redacted_too_and_stdout_stays_empty() -> None:
    script = (
        "import sys, threading; from bot import logs; logs.configure()\n"
        "assert 'rich' not in sys.modules\n"
        "def fail(): raise RuntimeError(sys.argv[1])\n"
        "thread = threading.Thread(target=fail); thread.start(); thread.join()\n"
        "import warnings; warnings.warn(sys.argv[1])\n"
        "fail()\n"
    )
    done = subprocess.run([sys.executable, "-c", script, TOKEN], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert TOKEN not in done.stderr
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert [event["event"] for event in events[::2]] == ["uncaught exception"] * 2
    assert all("RuntimeError: [token]" in event["exception"] for event in events[::2])
