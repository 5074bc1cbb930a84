"""What goes to a person: before rendering (Message) and after (OutgoingMessage)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from conversations.engine.texts import Shown, Text, Translate, t

if TYPE_CHECKING:
    from conversations.engine.clips import Clip

MAX_CHARACTERS = 300
MAX_LINES = 5
"""Accessible-chat rule 1: of one message, its options aside."""


@dataclass(frozen=True, slots=True)
class QuickReply:
    """An answer offered as a button, and as something to type (rule 7: number *and* word).

    ``value`` comes back when the button is tapped: ``"<visit>:<choice>"`` for the question it stands
    under, or ``"job:5"``, which stands for ever. At most 64 bytes (Telegram's callback data).
    ``answer`` is what to type instead: the option's number, or a control word such as LAINNYA.
    """

    label: Shown
    value: str
    answer: Shown
    line: Shown | None = None
    """How the option reads in the text when that is more than its label: "Kasir, Sungai Kanan, Rp2.000.000"."""
    detail: Shown | None = None
    """What a channel with room for it shows below the label: "Sungai Kanan, Rp2.000.000"."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that comes with a message: something to keep or to show somebody, or words to listen to."""

    kind: Literal["document", "voice"]
    name: str
    """As the file is called: "data-saya.txt"."""
    mime_type: str
    """Of a voice "audio/ogg; codecs=opus", which every channel plays."""
    content: bytes

    @classmethod
    def of_text(cls, name: str, text: str) -> Attachment:
        return cls("document", name, "text/plain; charset=utf-8", text.encode("utf-8", "replace"))

    def to_json(self) -> list[str]:
        return [self.kind, self.name, self.mime_type, b64encode(self.content).decode()]

    @classmethod
    def from_json(cls, data: Sequence[str]) -> Attachment:
        kind, name, mime_type, content = data
        return cls("voice" if kind == "voice" else "document", name, mime_type, b64decode(content))


@dataclass(frozen=True, slots=True)
class Message:
    """One message: at most 5 lines and 300 characters, its options aside (accessible-chat rule 1)."""

    lines: tuple[Shown, ...]
    quick_replies: tuple[QuickReply, ...] = ()
    wants_contact: bool = False
    """Whether the channel may offer its own way to share a phone number (Telegram's contact button)."""
    attachment: Attachment | None = None
    """A file sent along. What matters stands in the lines too; what is offered is typed, for not every channel has
    buttons beside a file."""
    about: Shown | None = None
    """Whom it is about, said before it where several people are spoken for: once a turn, and whenever it changes.
    "": nobody in particular; None: whom the talk is about."""
    clip: Clip | None = None
    """A recording to be attached, which only the service can read."""

    @classmethod
    def of(cls, *lines: Shown, quick_replies: tuple[QuickReply, ...] = ()) -> Message:
        return cls(tuple(lines), quick_replies)


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply as a channel shows it."""

    label: str
    value: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A rendered message, as the outbox keeps it and a channel sends it.

    ``text`` already holds the options as lines ("Cari lowongan: balas 1"), so a channel without
    buttons loses nothing.
    """

    text: str
    quick_replies: tuple[Button, ...] = ()
    wants_contact: bool = False
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What a template may name, where the channel may only send one that was approved: values by their names."""
    attachment: Attachment | None = None

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"text": self.text}
        if self.quick_replies:
            data["quick_replies"] = [
                [b.label, b.value, b.detail] if b.detail else [b.label, b.value] for b in self.quick_replies
            ]
        if self.wants_contact:
            data["wants_contact"] = True
        if self.values:
            data["values"] = dict(self.values)
        if self.attachment:
            data["attachment"] = self.attachment.to_json()
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> OutgoingMessage:
        return cls(
            data["text"],
            tuple(Button(*button) for button in data.get("quick_replies", ())),
            bool(data.get("wants_contact", False)),
            data.get("values", {}),
            Attachment.from_json(data["attachment"]) if "attachment" in data else None,
        )


def option_line(reply: QuickReply) -> Text:
    """How an option reads in the text: its words before its number (rule 6)."""
    return t("{option}: balas {answer}", option=reply.line or reply.label, answer=reply.answer)


def render(message: Message, tr: Translate) -> OutgoingMessage:
    """The message in one locale, its options written out below its lines."""
    lines = [tr(line) for line in message.lines]
    lines += [tr(option_line(reply)) for reply in message.quick_replies]
    buttons = tuple(Button(tr(r.label), r.value, tr(r.detail) if r.detail else "") for r in message.quick_replies)
    return OutgoingMessage("\n".join(lines), buttons, message.wants_contact, attachment=message.attachment)


def cut(text: str, limit: int = MAX_CHARACTERS) -> list[str]:
    """Imported or personal text in portions of at most ``limit`` characters, cut between words.

    A single word longer than the limit (a link, a line of nothing) is cut where it must be.
    """
    portions: list[str] = []
    for paragraph in text.split("\n"):
        rest = " ".join(paragraph.split())
        while len(rest) > limit:
            space = rest.rfind(" ", 0, limit + 1)
            end = space if space > 0 else limit
            portions.append(rest[:end])
            rest = rest[end:].lstrip()
        if rest:
            portions.append(rest)
    return portions


def join(messages: Sequence[Message], tr: Translate) -> list[Message]:
    """The messages of one turn in as few as rule 1 allows: each one costs somebody data or money.

    Quick replies of an earlier message would be stale at once, so only the last message keeps its own;
    a message is broken only where it is too long by itself.
    """
    joined: list[Message] = []
    room_characters = room_lines = 0
    for message in (part for whole in _headed(messages) for part in _fitting(whole, tr)):
        size = sum(len(tr(line)) + 1 for line in message.lines)
        alone = message.attachment is not None or message.clip is not None
        if joined and size <= room_characters and len(message.lines) <= room_lines and not alone:
            last = joined[-1]
            joined[-1] = Message(
                (*last.lines, *message.lines),
                message.quick_replies,
                last.wants_contact or message.wants_contact,
                last.attachment,
                clip=last.clip,
            )
            room_characters -= size
            room_lines -= len(message.lines)
        else:
            joined.append(message)
            room_characters, room_lines = MAX_CHARACTERS + 1 - size, MAX_LINES - len(message.lines)
    return [replace(m, quick_replies=()) for m in joined[:-1]] + joined[-1:]


def _headed(messages: Sequence[Message]) -> Iterator[Message]:
    """The messages, each that is about somebody else than the one before beginning with whom."""
    named: Shown | None = None
    for message in messages:
        if not message.about or message.about == named:
            yield message
        else:
            named = message.about
            yield replace(message, lines=(named, *message.lines))


def _fitting(message: Message, tr: Translate) -> list[Message]:
    """The message itself, or where it is too long its portions, the last with the quick replies."""
    rendered = [tr(line) for line in message.lines]
    if len(rendered) <= MAX_LINES and sum(len(line) + 1 for line in rendered) <= MAX_CHARACTERS + 1:
        return [message]
    portions: list[list[str]] = [[]]
    for line in (part for whole in rendered for part in cut(whole)):
        used = sum(len(kept) + 1 for kept in portions[-1])
        if portions[-1] and (len(portions[-1]) == MAX_LINES or used + len(line) > MAX_CHARACTERS):
            portions.append([])
        portions[-1].append(line)
    parts = [Message(tuple(lines)) for lines in portions]
    return [*parts[:-1], replace(message, lines=parts[-1].lines)]
