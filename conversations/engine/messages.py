"""What goes to a person: before rendering (Message) and after (OutgoingMessage)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conversations.engine.texts import Shown, Text


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


@dataclass(frozen=True, slots=True)
class Message:
    """One message: at most 5 lines and 300 characters, its options aside (accessible-chat rule 1)."""

    lines: tuple[Shown, ...]
    quick_replies: tuple[QuickReply, ...] = ()
    wants_contact: bool = False
    """Whether the channel may offer its own way to share a phone number (Telegram's contact button)."""

    @classmethod
    def of(cls, *lines: Shown, quick_replies: tuple[QuickReply, ...] = ()) -> Message:
        return cls(tuple(lines), quick_replies)


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply as a channel shows it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A rendered message, as the outbox keeps it and a channel sends it.

    ``text`` already holds the options as lines ("Cari lowongan: balas 1"), so a channel without
    buttons loses nothing.
    """

    text: str
    quick_replies: tuple[Button, ...] = ()
    wants_contact: bool = False

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"text": self.text}
        if self.quick_replies:
            data["quick_replies"] = [[b.label, b.value] for b in self.quick_replies]
        if self.wants_contact:
            data["wants_contact"] = True
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> OutgoingMessage:
        return cls(
            data["text"],
            tuple(Button(label, value) for label, value in data.get("quick_replies", ())),
            bool(data.get("wants_contact", False)),
        )


__all__ = ["Button", "Message", "OutgoingMessage", "QuickReply", "Shown", "Text"]
