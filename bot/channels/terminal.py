"""The terminal: the same turns as every other channel, line by line, for people and (as JSON) for programs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import IO, Any

from bot.announce import Announcer
from bot.channels.base import InboundMessage, Reply, TurnFailed
from bot.turns import Turntaker
from conversations.engine.messages import OutgoingMessage
from conversations.engine.texts import t
from locales.render import translator
from storage import contacts, outbox
from storage.problems import OperationalProblem

NAME = "terminal"

NOT_SAVED = t("Pesan Anda belum tersimpan. Coba kirim sekali lagi.")


class Terminal:
    """One contact's talk. It announces new vacancies itself, for there may be no service running beside it."""

    def __init__(self, turntaker: Turntaker, contact: str, announcer: Announcer) -> None:
        self.turntaker = turntaker
        self.contact = contact
        self.announcer = announcer

    def waiting(self) -> list[Reply]:
        """What came unasked since the last time."""
        database = self.turntaker.database
        more = 1
        while more:
            with database.work() as work:
                more = self.announcer.match(work)
        with database.work() as work:
            contact_id = contacts.find(work, NAME, self.contact)
            if contact_id is not None:
                # Nobody else: a terminal has its own settings, and others are not to be told by those.
                self.announcer.tell(work, self.announcer.untold(work, only=contact_id))
            now = self.turntaker.clock()  # not earlier: what was just written is due
            stored = outbox.waiting_for(work, contact_id, now) if contact_id is not None else []
        return [Reply(s.id, OutgoingMessage.from_json(s.body)) for s in stored]

    def say(self, text: str | None = None, choice: str | None = None) -> list[Reply]:
        """What waits, then the answer to this. Raises TurnFailed, in words, when nothing was committed."""
        try:
            waiting = self.waiting()
        except OperationalProblem as problem:
            raise _not_saved() from problem
        order = time.time_ns()
        inbound = InboundMessage(NAME, self.contact, str(order), order, text=_typed(text), choice=_typed(choice))
        (turn,) = self.turntaker.take([inbound])
        if isinstance(turn, TurnFailed):
            raise _not_saved() from turn
        return [*waiting, *turn.replies]

    def shown(self, replies: Iterable[Reply]) -> None:
        """They stand on the screen: a kill before this shows them once more, and none is lost."""
        self.turntaker.take([], [reply.outbox_id for reply in replies])


def _typed(text: str | None) -> str | None:
    """Text that every database takes: no NUL, no half surrogates, which JSON can spell."""
    return text and text.replace("\0", "").encode("utf-8", "replace").decode()


def _not_saved() -> TurnFailed:
    return TurnFailed(translator("id")(NOT_SAVED))


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
                    write({"text": reply.message.text, "quick_replies": buttons} | _file(reply.message))
                terminal.shown(replies)
            except TurnFailed as failed:
                write({"error": str(failed)})
        write({"done": True})


def _file(message: OutgoingMessage) -> dict[str, Any]:
    file = message.attachment
    content = file.content.decode("utf-8", "replace") if file and file.kind == "document" else ""
    return {"attachment": {"kind": file.kind, "name": file.name, "text": content}} if file else {}


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
        for reply in replies:
            out.write(f"{reply.message.text}\n\n")
            for file in _file(reply.message).values():
                out.write(f"{file['name']}:\n{file['text']}\n")
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
