"""The contract between a channel and a turn: what comes in, what goes out, and how sending can fail.

It was made with the narrowest platform in mind (WhatsApp: 3 buttons, lists of 10 rows, templates outside
24 hours), so that every channel can show every message.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal, Protocol

from starlette.routing import BaseRoute

from conversations.engine.messages import OutgoingMessage
from storage.contacts import Identity

FETCHING = ("web", "terminal")
"""Channels whose people come for their messages: nothing is sent to them, and no hour is a bad one there."""

WINDOWED = ("whatsapp",)
"""Channels on which a person can be written to freely for WINDOW after their last message; later by template only."""

WINDOW = timedelta(hours=24)

MediaKind = Literal["voice", "photo", "video", "document", "sticker", "location", "other"]


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A phone number shared through the platform's own button or menu."""

    phone: str
    own: bool
    """Whether it is the sender's own: a forwarded card of somebody else is not an answer about oneself."""


class Notice(Enum):
    """What a platform reports besides messages."""

    EDITED = "edited"
    """The person changed an earlier message: nothing was changed here, and they are told how to correct."""
    LEFT = "left"
    """The person left for good: nobody can write from this address again."""
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    STOPPED = "stopped"
    """The person told the platform, not us, that they want nothing unasked any more: the same as STOP."""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message from one person. Exactly one of text, choice, contact, media and notice is set."""

    channel: str
    """"telegram", "web", "terminal", …"""
    address: str
    """Where an answer goes, as the platform names it (chat id, cookie token, …)."""
    external_id: str
    """The platform's id of this update, unique within the channel: the key of deduplication."""
    order: int
    """Position among the updates of this address (update id, sequence number, time)."""
    text: str | None = None
    choice: str | None = None
    """A quick reply's value, as it was sent."""
    contact: SharedContact | None = None
    media: MediaKind | None = None
    notice: Notice | None = None
    start: str | None = None
    """The payload of a link that opens the chat ("/start job-5"), beside ``text``."""
    language: str | None = None
    """The platform's language of the person ("id", "en-GB"), used when a contact is new."""
    said: str | None = None
    """The person's own words, kept encrypted for 7 days where the channel must show them again (web)."""
    seen: int | None = None
    """Pull channels: the newest outbox id that was on the person's screen."""
    alias: str | None = None
    """A second name of the person's own by which the platform calls them, also where it withholds the address."""
    sent_at: datetime | None = None
    """When the person wrote, by the platform's clock; given on WINDOWED channels."""
    grouped: bool = False
    """Several messages share this ``external_id`` (the pictures of an album): one that comes again proves nothing."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An outbox row ready to be handed over."""

    outbox_id: int
    message: OutgoingMessage
    sending: int = 0
    """How often it was given to be sent before; with the id it tells one sending from another."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A committed turn. ``replies`` are what this channel must hand over now, in order."""

    contact_id: int
    replies: tuple[Reply, ...]
    repeated: bool = False
    """The update had been handled before; ``replies`` are then its stored, unconfirmed answers (often none)."""
    locale: str = "id"
    """The contact's, for words that a channel adds of its own."""
    heard_at: datetime | None = None
    """When the person wrote last, by the platform's clock; known on WINDOWED channels."""
    hushed: bool = False
    """What was said held a secret (a PIN): it is not kept, and is not to be shown again."""


class Turns(Protocol):
    """Takes inbound messages; one transaction each. The only door from a channel into the service."""

    async def handle(self, inbound: InboundMessage) -> Turn:
        """Commit the turn and return its replies.

        Messages of one address that wait together are taken in ``order``. Raises ``TurnFailed`` when
        nothing was committed (the platform should deliver the update again).
        """
        ...

    def confirm(self, outbox_ids: Sequence[int]) -> None:
        """Record that these rows were handed over; rides on the next commit."""
        ...

    def answered(self, outbox_ids: Sequence[int]) -> None:
        """These were written into the response to their own update. Nobody reports whether that arrived; should the
        update come again it did not, and the turn gives them again."""
        ...

    def hold(self, outbox_ids: Sequence[int]) -> None:
        """This process is handing these over, however long it takes: nobody else may. Ends with ``confirm`` or
        ``release``."""
        ...

    def release(self, outbox_ids: Sequence[int]) -> None:
        """These rows could not be handed over now: delivery takes them up with its retries."""
        ...

    async def switched_off(self, address_of: tuple[str, str], reason: str) -> None:
        """``(channel, address)`` cannot be reached any more (blocked, deactivated)."""
        ...

    async def reported(self, receipts: Sequence[Receipt]) -> Collection[Receipt]:
        """Commit what the platform reports; returns those failures that were news.

        Raises ``TurnFailed`` when nothing was committed.
        """
        ...

    async def moved(self, who: Identity, to: Identity) -> None:
        """The platform says that the person known as ``who`` is known as ``to`` from now on. Raises ``TurnFailed``."""
        ...


class TurnFailed(Exception):
    """Nothing of the turn was committed; the update may be delivered again."""


class Busy(TurnFailed):
    """The turn was not even tried, for too many wait already."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One message on its way out, with what a channel may have to know at that moment."""

    outbox_id: int
    address: str
    message: OutgoingMessage
    kind: Literal["reply", "alert"] = "reply"
    """Somebody waits for a reply, so it goes before an alert, which is sent unasked."""
    locale: str = "id"
    heard_at: datetime | None = None
    """When the person wrote last, by the platform's clock; known on WINDOWED channels."""
    sending: int = 0
    """Of ``Reply``, or of the outbox row."""


class Then(Enum):
    """What follows when a message could not be sent."""

    RETRY = "retry"
    """Another try may succeed, soon at first, then later and later."""
    WAIT = "wait"
    """It may be tried after ``retry_after`` seconds, which is no fault of this message."""
    END = "end"
    """This message never will."""
    SWITCH_OFF = "switch off"
    """The contact has blocked us or is gone: nothing can be sent to it, until it writes."""
    STOP = "stop"
    """The person wants nothing unasked: the same as STOP."""
    WHEN_HEARD = "when heard"
    """Only once the person has written again."""


@dataclass(frozen=True, slots=True)
class SendError:
    """Why a message was not delivered, and what follows: a value, not an exception, for it is expected to happen."""

    code: str
    """Short and stable: "429", "403", "400", "5xx", "network", "timeout", "131047"."""
    description: str
    """For officers and logs; never holds a token, an address or a person's words."""
    then: Then
    retry_after: float = 0.0
    """Seconds, with ``Then.WAIT``."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a platform reports of a message that it had accepted. Such reports come late, unordered and repeatedly."""

    outbox_id: int
    sending: int
    """Of the ``Sending`` that was accepted."""
    status: Literal["sent", "delivered", "read", "failed"]
    error: SendError | None = None
    """Why, when it failed."""
    category: str | None = None
    """What the platform counts the message as ("service", "utility", …), where it says so."""
    billable: bool = False
    announced: bool = False
    """It is not about the message itself, but about a template which told that it waits."""


def storable(text: str) -> str:
    """What a person sent, as every database takes it: without NUL and half surrogates."""
    text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


class UnsendableError(ValueError):
    """The platform would refuse this message whatever happens; says why."""


class Channel(Protocol):
    """One way to reach people."""

    name: str
    """Delivery sends outbox rows through ``send`` unless it is among FETCHING."""

    def routes(self) -> Sequence[BaseRoute]:
        """HTTP routes mounted in the one application (webhook, pages); may be empty."""
        ...

    async def start(self) -> None:
        """Begin receiving. Must not depend on the platform being reachable."""
        ...

    async def stop(self) -> None:
        """Stop receiving; finish what was taken."""
        ...

    async def send(self, sending: Sending) -> SendError | None:
        """Deliver one message; None when the platform accepted it."""
        ...
