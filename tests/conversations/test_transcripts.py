"""Golden transcripts: one file a talk. ``pytest --record`` writes down what is answered now; read it before committing.

In a file ``> words`` is what the person writes, ``> [label]`` a tap on that button, ``+ 3 hari`` that time passes,
``@ whatsapp`` that they go on at another contact; ``< `` begins a message of the service, and its further lines are
indented by two spaces.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.base import WINDOWED
from conversations.engine.handed_on import SILENCE
from conversations.engine.messages import OutgoingMessage
from tests.support.chat import Chat
from tests.support.offers import TRAININGS, VACANCIES

FOLDER = Path(__file__).parent.parent / "transcripts"


def replay(script: str) -> str:
    """The transcript with today's answers to the same words."""
    chat = Chat(VACANCIES, TRAININGS)
    chats = {"": chat}
    out: list[str] = []
    for line in script.splitlines():
        if line.startswith("#"):
            out.append(line)
        elif line.startswith("+ "):
            out += ["", line]
            days = timedelta(days=int(line.split()[1]))
            for one in chats.values():
                one.now += days
                one.may_be_another = one.channel in WINDOWED and days > SILENCE
        elif line.startswith("@ "):
            out += ["", line]
            codes, now, channel = chat.codes, chat.now, line[2:]
            chat = chats.setdefault(channel, Chat(VACANCIES, TRAININGS, channel=channel))
            chat.codes, chat.now = codes, now
        elif line.startswith("> "):
            said = line[2:]
            heard = chat.taps(said[1:-1]) if said.startswith("[") else chat.says(said)
            out += ["", line, *(written(message) for message in heard)]
    return "\n".join(out).strip() + "\n"


def written(message: OutgoingMessage) -> str:
    file = message.attachment
    lines = [message.text] + ([f"[{file.name}]", file.content.decode().rstrip("\n")] if file else [])
    return "< " + "\n".join(lines).replace("\n", "\n  ")


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
def test_transcript(file: Path, request: pytest.FixtureRequest) -> None:
    script = file.read_text()
    answered = replay(script)
    if request.config.getoption("--record"):
        file.write_text(answered)
    assert answered == script, f"{file.name} reads otherwise now; look at it, then pytest --record"


def test_there_are_transcripts() -> None:
    assert len(list(FOLDER.glob("*.txt"))) >= 6
