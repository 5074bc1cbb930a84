"""The terminal: the same turns as every other channel, line by line, for people and (as JSON) for programs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO, Any

from bot.channels.base import InboundMessage, Reply, TurnFailed
from bot.turns import Turntaker
from conversations.engine.messages import OutgoingMessage
from storage import contacts, outbox
from storage.work import Work

NAME = "terminal"


class Terminal:
    """One contact's talk. ``announce`` brings new vacancies up to date before anything is shown."""

    def __init__(self, turntaker: Turntaker, contact: str, announce: Callable[[Work, datetime], object]) -> None:
        self.turntaker = turntaker
        self.contact = contact
        self.announce = announce

    def waiting(self) -> list[Reply]:
        """What came unasked since the last time."""
        now = self.turntaker.clock()
        with self.turntaker.database.work() as work:
            self.announce(work, now)
            contact_id = contacts.find(work, NAME, self.contact)
            stored = outbox.waiting_for(work, contact_id, now) if contact_id is not None else []
        return [Reply(s.id, OutgoingMessage.from_json(s.body)) for s in stored]

    def say(self, text: str | None = None, choice: str | None = None) -> list[Reply]:
        """What waits, then the answer to this. Raises TurnFailed when nothing was committed."""
        waiting = self.waiting()
        order = time.time_ns()
        inbound = InboundMessage(NAME, self.contact, str(order), order, text=text, choice=choice)
        (turn,) = self.turntaker.take([inbound])
        if isinstance(turn, TurnFailed):
            raise turn
        return [*waiting, *turn.replies]

    def shown(self, replies: Iterable[Reply]) -> None:
        """They stand on the screen: a kill before this shows them once more, and none is lost."""
        self.turntaker.take([], [reply.outbox_id for reply in replies])


def chat_json(terminal: Terminal, lines: IO[str], out: IO[str]) -> None:
    """One JSON object a line in; each message shown as one, then ``{"done": true}``."""

    def write(value: dict[str, Any]) -> None:
        out.write(json.dumps(value, ensure_ascii=False) + "\n")
        out.flush()

    for line in lines:
        if not line.strip():
            continue
        said = read_line(line)
        if isinstance(said, str):
            write({"error": said})
        else:
            try:
                replies = terminal.say(**said)
                for reply in replies:
                    buttons = [{"label": b.label, "value": b.value} for b in reply.message.quick_replies]
                    write({"text": reply.message.text, "quick_replies": buttons})
                terminal.shown(replies)
            except TurnFailed as failed:
                write({"error": str(failed)})
        write({"done": True})


def read_line(line: str) -> dict[str, str] | str:
    """``{"text": …}`` or ``{"choice": …}``; otherwise what was expected, in words."""
    expected = 'Tiap baris harus JSON: {"text": "halo"} atau {"choice": "1:self"}'
    try:
        value = json.loads(line)
    except ValueError:
        return expected
    if not isinstance(value, dict) or len(value) != 1:
        return expected
    ((key, said),) = value.items()
    return {key: said} if key in ("text", "choice") and isinstance(said, str) else expected


def chat(terminal: Terminal, lines: Iterable[str], out: IO[str], prompt: str = "") -> None:
    """For a person: what they type after the ``prompt``, then what is answered, a blank line after each message."""

    def show(replies: list[Reply]) -> None:
        out.writelines(f"{reply.message.text}\n\n" for reply in replies)
        out.write(prompt)
        out.flush()
        terminal.shown(replies)

    show(terminal.waiting())
    for line in lines:
        try:
            show(terminal.say(text=line.rstrip("\n")))
        except TurnFailed as failed:
            out.write(f"{failed}\n\n{prompt}")
            out.flush()
