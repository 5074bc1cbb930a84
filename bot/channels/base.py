"""The contract between a channel and a turn: what comes in, what goes out, and how sending can fail.

It was made with the narrowest platform in mind (WhatsApp: 3 buttons, lists of 10 rows, templates outside
24 hours), so that every channel can show every message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Protocol

from starlette.routing import BaseRoute

from conversations.engine.messages import OutgoingMessage

FETCHING = ("web", "terminal")
"""Channels whose people come for their messages: nothing is sent to them, and no hour is a bad one there."""

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
    """Position among the updates of this address (update id, sequence number)."""
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
    grouped: bool = False
    """Several messages share this ``external_id`` (the pictures of an album): one that comes again proves nothing."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An outbox row ready to be handed over."""

    outbox_id: int
    message: OutgoingMessage


@dataclass(frozen=True, slots=True)
class Turn:
    """A committed turn. ``replies`` are what this channel must hand over now, in order."""

    contact_id: int
    replies: tuple[Reply, ...]
    repeated: bool = False
    """The update had been handled before; ``replies`` are then its stored, unconfirmed answers (often none)."""


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


class TurnFailed(Exception):
    """Nothing of the turn was committed; the update may be delivered again."""


class Busy(TurnFailed):
    """The turn was not even tried, for too many wait already."""


@dataclass(frozen=True, slots=True)
class SendError:
    """Why a message was not delivered: a value, not an exception, for it is expected to happen."""

    code: str
    """Short and stable: "429", "403", "400", "5xx", "network", "timeout"."""
    description: str
    """For officers and logs; never holds a token, an address or a person's words."""
    retryable: bool
    retry_after: float | None = None
    """Seconds the platform asked for; holds for the whole bot, not for one row."""
    unreachable: bool = False
    """The contact has blocked or left: switch it off, its rows end."""


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

    async def send(self, address: str, message: OutgoingMessage, *, reply: bool = False) -> SendError | None:
        """Deliver one message; None when the platform accepted it.

        ``reply``: somebody waits for this answer, so it goes before what is sent unasked.
        """
        ...
