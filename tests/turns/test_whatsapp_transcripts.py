"""Golden transcripts of WhatsApp: what stands in the chat, through the service and the platform.

``pytest --record`` writes down what is seen now; read it before committing. In a file ``> words`` is what the person
writes, ``> [title]`` a tap on a button or a row, ``+ 3 hari`` that time passes, ``* title`` that a vacancy comes in;
``< `` begins a message of the service, and what belongs to it is indented by two spaces: its further lines, ``[title]``
for each button, and for a list the button that opens it and its rows, each with what stands below its title.
A message by template says so in its first line.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.channels.doors import at_once
from tests.channels.doors_days import Days, days
from tests.fakes.whatsapp_people import Heard
from tests.support.offers import VACANCIES

FOLDER = Path(__file__).parents[1] / "transcripts" / "whatsapp"

BY_TITLE = {vacancy.title: vacancy for vacancy in VACANCIES}


async def replay(script: str, tini: Days) -> str:
    """The transcript with today's answers to the same words."""
    out: list[str] = []
    for line in script.splitlines():
        what, said = line[:2], line[2:]
        match what:
            case "# ":
                out.append(line)
                continue
            case "+ ":
                await tini.passes(days=int(said.split()[0]))
                heard = []
            case "* ":
                heard = await tini.comes(BY_TITLE[said])
            case "> ":
                heard = await (tini.taps(said[1:-1]) if said.startswith("[") else tini.says(said))
                heard += await tini.comes()  # whatever may be told from now on
            case _:
                continue
        out += ["", line, *map(written, heard)]
    return "\n".join(out).strip() + "\n"


def written(heard: Heard) -> str:
    lines = heard.text.split("\n")
    if heard.template is not None:
        lines.insert(0, f"(templat {heard.template.template.name}, {heard.template.template.category})")
    if heard.opens:
        lines.append(f"[{heard.opens}]")
        lines += [" - ".join(filter(None, (f"  [{title}]", below))) for title, _, below in heard.buttons]
    else:
        lines += [f"[{title}]" for title, _, _ in heard.buttons]
    return "< " + "\n  ".join(lines)


@pytest.fixture
def folder(tmp_path: Path, _sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    at_once(monkeypatch)
    shutil.copy(_sqlite_template, tmp_path / "setara.db")
    return tmp_path


async def seen(script: str, folder: Path, key: str) -> str:
    async with days(folder, key) as tini:
        return await replay(script, tini)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
def test_transcript(file: Path, folder: Path, key: str, request: pytest.FixtureRequest) -> None:
    script = file.read_text()
    now = asyncio.run(seen(script, folder, key))
    if request.config.getoption("--record"):
        file.write_text(now)
    assert now == script, f"{file.name} reads otherwise now; look at it, then pytest --record"


def test_there_are_transcripts() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} >= {"registration", "search", "alert_by_template"}
