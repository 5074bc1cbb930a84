"""Golden transcripts of officers and the people they answer, through real turns.

``pytest --record`` writes down what is read now; read it before committing. In a file ``@ somebody`` is who writes from
here on, ``> words`` what they write, ``! name`` that a command on the server invites an officer with the code that is
written next; ``< `` begins a message, ``< (somebody)`` one that somebody else gets because of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.office.desk import Desk
from conversations.understanding.codes import OFFICE_DIGITS
from storage import contacts, outbox
from storage.models import outbox as kept_outbox
from storage.work import Database
from tests.support.service import Office

FOLDER = Path(__file__).parents[1] / "transcripts" / "office"
CODE = 111122223333


def replay(script: str, office: Office) -> str:
    """The transcript with today's answers to the same words."""
    out: list[str] = []
    who, people = "", dict.fromkeys(line[2:] for line in script.splitlines() if line.startswith("@ "))
    for line in script.splitlines():
        what, said = line[:2], line[2:]
        match what:
            case "# ":
                out.append(line)
            case "@ ":
                who = said
                out += ["", line]
            case "! ":
                invited(office, said)
                out += ["", line]
            case "> ":
                turn = office.says(who, said)
                out += ["", line, *(written(reply.message.text) for reply in turn.replies)]
                out += [written(f"({one}) {text}") for one in people if one != who for text in arrived(office, one)]
    return "\n".join(out).strip() + "\n"


def written(text: str) -> str:
    return "< " + text.replace("\n", "\n  ")


def invited(office: Office, name: str) -> None:
    with office.database.work() as work:
        now = office.clock()
        assert Desk(work, None, now, now.date()).invite(name, "work", "officer") == f"{CODE:0{OFFICE_DIGITS}d}"


def arrived(office: Office, address: str) -> list[str]:
    """What waits to be delivered to somebody, and is then delivered."""
    with office.database.work() as work:
        id_ = contacts.find(work, "telegram", address)
        of_them = kept_outbox.c.contact_id == id_, kept_outbox.c.state == "waiting"
        asked = sa.select(kept_outbox.c.id, kept_outbox.c.body).where(*of_them).order_by(kept_outbox.c.id)
        rows = work.connection.execute(asked).all()
        outbox.confirm(work, [row.id for row in rows], office.clock())
        return [row.body["text"] for row in rows]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
def test_transcript(
    file: Path, database: Database, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.office.desk.secrets.randbelow", lambda most: CODE)
    script = file.read_text()
    now = replay(script, Office(database))
    if request.config.getoption("--record"):
        file.write_text(now)
    assert now == script, f"{file.name} reads otherwise now; look at it, then pytest --record"


def test_there_are_transcripts() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} >= {"answering"}
