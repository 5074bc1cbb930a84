"""A Telegram update, as JSON, becomes an inbound message.

Written by hand: the library's ``Update.de_json`` costs as much as half a turn. Pure, and total: whatever
arrives, nothing is raised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.channels.base import InboundMessage, MediaKind, Notice, SharedContact, storable
from bot.logs import get_logger

log = get_logger(__name__)

NAME: Final = "telegram"

UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""What is asked of Telegram. Everything else (posts of channels, reactions …) is not even sent."""

ALBUM: Final = "album:"
"""Prefix of the external id of a picture or file that came in a group: all of one group share one id."""

COMMANDS: Final[Mapping[str, str]] = {
    "start": "halo",
    "daftar": "daftar",
    "lowongan": "lowongan",
    "pelatihan": "pelatihan",
    "data": "data saya",
    "bantuan": "BANTUAN",
    "petugas": "PETUGAS",
    "stop": "STOP",
    "bahasa": "bahasa",
    "menu": "MENU",
    "batal": "BATAL",
    # What Telegram itself and other bots teach people to type.
    "help": "BANTUAN",
    "settings": "MENU",
    "cancel": "BATAL",
}
"""What a command says in words; the conversations know words only. An unknown command is passed on as typed."""

_COMMAND = re.compile(r"/(?P<name>\w{1,32})(?:@\w+)?(?:\s+(?P<rest>.*))?", re.DOTALL)

_MEDIA: Final[Mapping[str, MediaKind]] = {
    "voice": "voice",
    "audio": "voice",
    "photo": "photo",
    "video": "video",
    "video_note": "video",
    "animation": "video",  # before document: an animation carries both
    "document": "document",
    "sticker": "sticker",
    "location": "location",
}

_SERVICE: Final = frozenset(
    {
        "pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "connected_website",
        "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
        "group_chat_created", "supergroup_chat_created", "channel_chat_created", "migrate_to_chat_id",
        "migrate_from_chat_id", "users_shared", "chat_shared", "chat_background_set", "boost_added",
        "proximity_alert_triggered", "gift", "unique_gift", "successful_payment", "refunded_payment",
        "web_app_data", "passport_data", "video_chat_scheduled", "video_chat_started", "video_chat_ended",
        "video_chat_participants_invited", "paid_message_price_changed", "direct_message_price_changed",
    }
)  # fmt: skip
"""Messages written by the platform, not by a person: nothing to answer."""


@dataclass(frozen=True, slots=True)
class Group:
    """Somebody put the bot into a group, or it heard a group talk: it has to leave."""

    chat_id: int


def parse(update: Any) -> InboundMessage | Group | None:
    """Understand one update; None when nobody waits for an answer to it."""
    try:
        return _parse(update)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        number = update.get("update_id") if isinstance(update, Mapping) else None
        log.warning("an update of unknown shape was passed over", update=number if isinstance(number, int) else None)
        return None


def tap_of(update: Any) -> str | None:
    """The id of the tap that Telegram wants acknowledged, when the update is one."""
    query = update.get("callback_query") if isinstance(update, Mapping) else None
    number = query.get("id") if isinstance(query, Mapping) else None
    return number if isinstance(number, str) else None


def _parse(update: Mapping[str, Any]) -> InboundMessage | Group | None:
    order = int(update["update_id"])
    if (message := update.get("message")) is not None:
        return _message(message, order)
    if (query := update.get("callback_query")) is not None:
        return _tap(query, order)
    if (edited := update.get("edited_message")) is not None:
        return _edited(edited, order)
    if (change := update.get("my_chat_member")) is not None:
        return _membership(change, order)
    return None


def _message(message: Mapping[str, Any], order: int) -> InboundMessage | Group | None:
    chat, sender = message["chat"], message.get("from")
    if chat["type"] != "private":
        return _group(chat) if "left_chat_member" not in message else None
    if sender is None or sender.get("is_bot") or not _SERVICE.isdisjoint(message):
        return None
    said: dict[str, Any] = {"address": str(int(chat["id"])), "language": _language(sender)}
    if (text := message.get("text")) is not None:
        text, start = _words(storable(text))
        return InboundMessage(NAME, external_id=str(order), order=order, text=text, start=start, **said)
    if (card := message.get("contact")) is not None:
        contact = _contact(card, int(sender["id"]))
        return InboundMessage(NAME, external_id=str(order), order=order, contact=contact, **said)
    album = message.get("media_group_id")
    return InboundMessage(
        NAME,
        external_id=f"{ALBUM}{album}" if album else str(order),
        grouped=bool(album),
        order=order,
        # A caption stands beside what this service cannot see (a certificate, somebody's advertisement),
        # so it is not taken for an answer: the person is told to write instead.
        media=next((kind for field, kind in _MEDIA.items() if field in message), "other"),
        **said,
    )


def _tap(query: Mapping[str, Any], order: int) -> InboundMessage | None:
    sender, message = query["from"], query.get("message")
    # The message is absent or a stub when it is old; a private chat has the id of its person.
    chat = message["chat"] if message is not None else {"id": sender["id"], "type": "private"}
    data = query.get("data")
    if data is None or chat.get("type", "private") != "private":
        return None
    return InboundMessage(
        NAME,
        address=str(int(chat["id"])),
        external_id=str(order),
        order=order,
        choice=storable(data),
        language=_language(sender),
    )


def _edited(message: Mapping[str, Any], order: int) -> InboundMessage | None:
    # A shared live location is "edited" with every step; only words that a person rewrote count.
    if message["chat"]["type"] != "private" or not ("text" in message or "caption" in message):
        return None
    return InboundMessage(
        NAME,
        address=str(int(message["chat"]["id"])),
        external_id=str(order),
        order=order,
        notice=Notice.EDITED,
        language=_language(message["from"]),
    )


def _membership(change: Mapping[str, Any], order: int) -> InboundMessage | Group | None:
    chat, status = change["chat"], change["new_chat_member"]["status"]
    if chat["type"] != "private":
        return _group(chat) if status in {"member", "administrator", "restricted"} else None
    return InboundMessage(
        NAME,
        address=str(int(chat["id"])),
        external_id=str(order),
        order=order,
        notice=Notice.BLOCKED if status in {"kicked", "left"} else Notice.UNBLOCKED,
        language=_language(change["from"]),
    )


def _group(chat: Mapping[str, Any]) -> Group | None:
    return Group(int(chat["id"])) if chat["type"] in {"group", "supergroup"} else None


def _words(text: str) -> tuple[str, str | None]:
    """A command in words, and the payload of ``/start`` ("" without one; None for everything else)."""
    if not text.startswith("/") or (command := _COMMAND.fullmatch(text.strip())) is None:
        return text, None
    name, rest = command["name"].lower(), (command["rest"] or "").strip()
    if (words := COMMANDS.get(name)) is None:
        return text, None
    if name == "start":
        return words, rest
    return f"{words} {rest}".strip(), None


def _contact(card: Mapping[str, Any], sender: int) -> SharedContact:
    phone, own = storable(card["phone_number"]), card.get("user_id") == sender
    # An account's own number is always international, with or without its sign.
    return SharedContact(f"+{phone}" if own and phone.isdigit() else phone, own)


def _language(sender: Mapping[str, Any]) -> str | None:
    language = sender.get("language_code")
    return language if isinstance(language, str) else None
