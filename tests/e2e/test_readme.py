"""The transcript at the top of the README is what the service really says, command by command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SETARA = Path(sys.executable).parent / "setara"


def transcript() -> list[str]:
    """The lines of the first block that is marked as a transcript."""
    found = re.search(r"```console transcript\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found, "the README has no transcript"
    return found[1].splitlines()


def commands(lines: list[str]) -> list[tuple[str, list[str], list[str]]]:
    """Each command with what was typed into it and all that stands below it."""
    parts: list[tuple[str, list[str], list[str]]] = []
    for line in lines:
        if line.startswith("$ "):
            parts.append((line[2:], [], []))
        else:
            parts[-1][2].append(line)
            if line.startswith("> "):
                parts[-1][1].append(line[2:])
    return parts


def run(command: str, typed: list[str], folder: Path) -> list[str]:
    """What the command writes to stdout; what was typed comes by stdin."""
    program, *arguments = command.split()
    assert program == "setara"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SETARA_")}
    process = subprocess.Popen(
        [SETARA, *arguments],
        cwd=ROOT,
        env=environment | {"SETARA_DATA_DIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    answered, _ = process.communicate("".join(f"{line}\n" for line in typed), timeout=60)
    return answered.split("\n")


def test_the_transcript_is_true(tmp_path: Path) -> None:
    ran = commands(transcript())
    assert len(ran) >= 3
    for command, typed, shown in ran:
        answered = run(command, typed, tmp_path)
        expected = [line for line in shown if line and not line.startswith("> ")]
        assert [line for line in answered if line] == expected, command
