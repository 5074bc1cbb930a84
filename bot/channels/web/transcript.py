"""What the page is told of a conversation: entries read from storage, in the order in which they were said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from conversations.engine.messages import Attachment, Button, OutgoingMessage
from conversations.engine.texts import Translate

SHOWN = 30
"""How many entries the page shows: enough to find the thread again, little enough for a slow phone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing said, by the service or by the person."""

    who: Literal["service", "person"]
    text: str
    at: datetime | None = None
    """Aware; None for the greeting, which nobody sent."""
    outbox_id: int | None = None
    """None for the person's own words and for the greeting."""
    quick_replies: tuple[Button, ...] = ()
    locale: str | None = None
    """The locale it was rendered in, where that is known and not the contact's present one."""
    shown: bool = False
    """Whether it is already recorded as having been on the person's screen."""
    attachment: Attachment | None = None
    """A file that came with it."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The newest entries of one contact, oldest first, and the locale it speaks now."""

    locale: str
    entries: tuple[Entry, ...] = ()


History: TypeAlias = Callable[[str], Awaitable[Transcript | None]]
"""The transcript of an address (about the last 30 entries); None when no contact has it. Writes nothing."""

Newer: TypeAlias = Callable[[str, int], Awaitable[Sequence[Entry]]]
"""The service's entries of an address whose outbox id is greater than the given one, oldest first. Writes nothing."""

Greeting: TypeAlias = Callable[[str], OutgoingMessage]
"""What a visitor who has said nothing yet is shown, in a locale. Pure."""

Translators: TypeAlias = Callable[[str], Translate]
"""The translation into a locale."""


def offered(entries: Sequence[Entry]) -> list[Entry]:
    """The entries whose quick replies can be pressed: those said since the person's last word.

    The first of them asked what is to be answered, so it comes last, next to where the answer is
    written; at most two later messages (alerts) stand before it, newest first. Older quick replies
    are not shown as buttons: the message's own text says what to write instead.
    """
    since = 0
    for position, entry in enumerate(entries):
        if entry.who == "person":
            since = position + 1
    asking = [entry for entry in entries[since:] if entry.quick_replies]
    return [*reversed(asking[1:][-2:]), *asking[:1]]


def unread(entries: Sequence[Entry], since: int | None = None) -> int:
    """Where the newest part begins: after the outbox id ``since``, or after the person's last word."""
    for position, entry in enumerate(entries):
        if since is not None and entry.outbox_id is not None and entry.outbox_id > since:
            return position
    spoken = [position for position, entry in enumerate(entries) if entry.who == "person"]
    return min(spoken[-1] + 1, len(entries) - 1) if spoken else 0


def newest(entries: Sequence[Entry]) -> int | None:
    """The greatest outbox id among the entries."""
    return max((entry.outbox_id for entry in entries if entry.outbox_id is not None), default=None)


def label_of(choice: str, entries: Sequence[Entry]) -> str | None:
    """What was written on the button whose value is ``choice``."""
    for entry in reversed(entries):
        for button in entry.quick_replies:
            if button.value == choice:
                return button.label
    return None
