"""The body of a webhook call becomes inbound messages and reports.

Written by hand: pywa reads only the first message of a body, and passes over one whose sender has no user
id. Pure, and total: whatever arrives, nothing is raised.

Reference: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from bot.channels.base import InboundMessage, MediaKind, Notice, SharedContact, storable
from bot.logs import get_logger
from storage.contacts import Identity

log = get_logger(__name__)

NAME: Final = "whatsapp"

_MEDIA: Final[Mapping[str, MediaKind]] = {
    "audio": "voice",
    "image": "photo",
    "video": "video",
    "document": "document",
    "sticker": "sticker",
    "location": "location",
}
_SILENT: Final = frozenset({"reaction", "revoke", "ephemeral"})
"""Nobody waits for an answer to these."""

_CHANGED: Final = frozenset({"user_changed_number", "customer_changed_number", "user_changed_user_id"})

_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, LookupError, OverflowError, OSError)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, and the platform's own id of it, by which it is marked as read."""

    inbound: InboundMessage
    message_id: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a message of ours."""

    message_id: str
    mark: str | None
    """What was sent along with it; None where somebody between us and the platform leaves it out."""
    status: str
    """"sent", "delivered", "read", "failed", or one that is not known here."""
    code: int | None = None
    """Why it failed."""
    address: str | None = None
    """To whom it was sent."""
    category: str | None = None
    billable: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody has another number or user id now."""

    who: Identity
    to: Identity


@dataclass(slots=True)
class Parsed:
    """What a body holds, each in the order in which it stands there."""

    heard: list[Heard] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)


def parse(body: Any, phone_id: str, secret: bytes) -> Parsed:
    """Understand one body; of it only what concerns the number ``phone_id``.

    ``secret``: keys the hashes of ids, which hold people's numbers.
    """
    parsed = Parsed()
    for value in _values(body, phone_id):
        names = _names(value)
        for position, message in enumerate(_listed(value, "messages")):
            _keep(parsed, message, names, position, secret)
        for position, preference in enumerate(_listed(value, "user_preferences")):
            if (heard := _try(_preference, preference, names, position, secret)) is not None:
                parsed.heard.append(heard)
        for status in _listed(value, "statuses"):
            if (report := _try(_report, status)) is not None:
                parsed.reports.append(report)
    return parsed


def _values(body: Any, phone_id: str) -> Iterator[Mapping[str, Any]]:
    """Every change's value that concerns our number."""
    for entry in _listed(body, "entry"):
        for change in _listed(entry, "changes"):
            value = change.get("value") if isinstance(change, Mapping) else None
            if not isinstance(value, Mapping):
                continue
            metadata = value.get("metadata")
            if isinstance(metadata, Mapping) and str(metadata.get("phone_number_id")) == phone_id:
                yield value


def _listed(holder: Any, name: str) -> list[Any]:
    found = holder.get(name) if isinstance(holder, Mapping) else None
    return found if isinstance(found, list) else []


def _try(read: Any, *given: Any) -> Any:
    try:
        return read(*given)
    except _UNREADABLE as error:
        log.warning("an update of unknown shape was passed over", channel=NAME, error=type(error).__name__)
        return None


def _names(value: Mapping[str, Any]) -> dict[str, str]:
    """The user id of each number that the body names beside its messages."""
    contacts = [one for one in _listed(value, "contacts") if isinstance(one, Mapping)]
    pairs = [(one.get("wa_id"), one.get("user_id")) for one in contacts]
    return {str(number): str(user) for number, user in pairs if number and user}


def _keep(parsed: Parsed, message: Any, names: Mapping[str, str], position: int, secret: bytes) -> None:
    read = _try(_message, message, names, position, secret)
    if isinstance(read, Heard):
        parsed.heard.append(read)
    elif isinstance(read, Moved):
        parsed.moved.append(read)


def _message(
    message: Mapping[str, Any], names: Mapping[str, str], position: int, secret: bytes
) -> Heard | Moved | None:
    kind = message["type"]
    if kind == "system":
        return _system(message)
    if kind in _SILENT:
        return None
    said, when = _said(kind, message), _when(message, position)
    if "notice" in said:
        del when["sent_at"]  # changing words opens no window
    id_ = message["id"]
    return Heard(InboundMessage(NAME, **_sender(message, names), **when, external_id=key_of(id_, secret), **said), id_)


def _sender(message: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Where an answer goes: the number, or where the person hides it their user id, which names them in any case."""
    number, user = message.get("from") or "", message.get("from_user_id")
    user = str(user or names.get(str(number)) or "") or None
    address = str(number) or user
    if not address:
        raise KeyError("from")
    return {"address": address, "alias": user}


def _when(message: Mapping[str, Any], position: int) -> dict[str, Any]:
    seconds = int(message["timestamp"])
    # Times are whole seconds; what one body brings is in order.
    return {"sent_at": datetime.fromtimestamp(seconds, UTC), "order": seconds * 1000 + min(position, 999)}


def key_of(message_id: str, secret: bytes) -> str:
    """The key of deduplication. The platform's id holds the phone number, so it is not kept as it is."""
    return hmac.digest(secret, message_id.encode("utf-8", "surrogatepass"), sha256).hex()[:32]


def _said(kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
    match kind:
        case "text":
            return {"text": storable(message["text"]["body"])}
        case "button":  # of a template: its payload is a value of ours only where one was sent along
            return {"text": storable(message["button"]["text"])}
        case "interactive":
            return _chosen(message["interactive"])
        case "contacts":
            return {"contact": _contact(message)}
        case "request_welcome":
            return {"text": "halo", "start": ""}
        case "edit":
            return {"notice": Notice.EDITED}
        case "unsupported" if (message.get("unsupported") or {}).get("type") == "edit":
            return {"notice": Notice.EDITED}  # as it is told at present
    return {"media": _MEDIA.get(kind, "other")}


def _chosen(interactive: Mapping[str, Any]) -> dict[str, Any]:
    for name in ("button_reply", "list_reply"):
        if name in interactive:
            return {"choice": storable(interactive[name]["id"])}
    return {"media": "other"}


def _contact(message: Mapping[str, Any]) -> SharedContact:
    card = message["contacts"][0]
    phone = card["phones"][0]
    number = str(phone.get("wa_id") or "")
    asked_for = "contact_request" in (message.get("origin"), card.get("origin"))
    own = asked_for or (bool(number) and number == str(message.get("from") or ""))
    return SharedContact(f"+{number}" if number.isdigit() else storable(str(phone["phone"])), own)


def _system(message: Mapping[str, Any]) -> Moved | None:
    system = message["system"]
    if system.get("type") not in _CHANGED:
        return None
    number = str(system.get("customer") or message.get("from") or "")
    user = str(system.get("previous_user_id") or message.get("from_user_id") or "")
    new_number = str(system.get("wa_id") or system.get("new_wa_id") or "")
    new_user = str(system.get("user_id") or "")
    who = Identity(NAME, number or user, alias=user or None)
    to = Identity(NAME, new_number or new_user, alias=new_user or None)
    return Moved(who, to) if who.address and to.address and who != to else None


def _preference(preference: Mapping[str, Any], names: Mapping[str, str], position: int, secret: bytes) -> Heard | None:
    if str(preference.get("value")).lower() != "stop":
        return None  # who turns it on again writes KABARI: what is on is what was asked of us
    number, user = str(preference.get("wa_id") or ""), preference.get("user_id")
    sender = _sender({"from": number, "from_user_id": user}, names)
    when = _when(preference, position)
    del when["sent_at"]  # it opens no window
    key = key_of(f"{sender['address']} {when['order']} stop", secret)
    return Heard(InboundMessage(NAME, **sender, **when, external_id=key, notice=Notice.STOPPED), None)


def _report(status: Mapping[str, Any]) -> Report:
    errors, pricing = _listed(status, "errors"), status.get("pricing") or {}
    return Report(
        message_id=str(status["id"]),
        mark=mark if isinstance(mark := status.get("biz_opaque_callback_data"), str) else None,
        status=str(status["status"]),
        code=int(errors[0]["code"]) if errors else None,
        address=status.get("recipient_id") or status.get("recipient_user_id"),
        category=str(pricing["category"]) if "category" in pricing else None,
        billable=bool(pricing.get("billable", False)),
    )
