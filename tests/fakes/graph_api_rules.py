"""What the fake Cloud API takes: the shape of each kind of message and the limits of its texts, buttons and rows.

Limits: https://developers.facebook.com/documentation/business-messaging/whatsapp/reference and the pages of each kind.
Stricter than the platform in three points: a key that it does not know is refused, where some of them would be ignored
and leave the mistake unnoticed; a text of blanks alone is refused; media are named by id only, never by a link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeAlias

from tests.fakes.graph_api_errors import GraphError
from tests.fakes.http import Request

Json: TypeAlias = dict[str, Any]
Check: TypeAlias = Callable[[Any, str], None]
"""Looks at a value, and at where it stands in the message; raises ``GraphError``."""

BSUID: Final = re.compile(r"[A-Z]{2}\.[0-9A-Za-z]{1,128}")
"""A user's id that is the business's own: country and letters or digits."""
PHONE: Final = re.compile(r"\+?[1-9][0-9]{6,14}")


def json_of(request: Request) -> Json:
    """The body of a request; raises ``GraphError``."""
    if request.content_type.partition(b";")[0].strip() != b"application/json":
        raise GraphError(100, "The body must be application/json")
    try:
        body = json.loads(request.body)
    except ValueError:
        raise GraphError(100, "The body is not JSON") from None
    if not isinstance(body, dict):
        raise GraphError(100, "The body must be an object")
    if body.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required.")
    return body


# Values


def string(least: int, most: int, code: int = 131009, trimmed: bool = False) -> Check:
    """Text of so many characters, not of blanks alone; ``trimmed``: with no blank at either end."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, str):
            raise GraphError(100, f"Param {at} must be a string")
        if not least <= len(value) <= most or (least and not value.strip()):
            raise GraphError(code, f"{at} length invalid. Min length: {least}, Max length: {most}")
        if trimmed and value != value.strip():
            raise GraphError(131009, f"{at} cannot have leading or trailing spaces")

    return check


def one_of(*values: Any) -> Check:
    def check(value: Any, at: str) -> None:
        if not any(value == known and type(value) is type(known) for known in values):
            raise GraphError(100, f"Param {at} must be one of {values} - got {value!r}.")

    return check


def items(each: Check, least: int, most: int) -> Check:
    def check(value: Any, at: str) -> None:
        if not isinstance(value, list):
            raise GraphError(100, f"Param {at} must be an array")
        if not least <= len(value) <= most:
            raise GraphError(131009, f"{at} count invalid. Min allowed: {least}, Max allowed: {most}")
        for number, item in enumerate(value):
            each(item, f"{at}[{number}]")

    return check


def fields(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, missing: int = 131008) -> Check:
    """An object with these keys and no others."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, dict):
            raise GraphError(100, f"Param {at} must be an object")
        if unknown := sorted(value.keys() - required.keys() - (optional or {}).keys()):
            raise GraphError(100, f'Unexpected key "{unknown[0]}" on param {at}')
        for key, each in required.items():
            if key not in value:
                raise GraphError(missing, f"The parameter {at}.{key} is required.")
            each(value[key], f"{at}.{key}")
        for key, each in (optional or {}).items():
            if key in value:
                each(value[key], f"{at}.{key}")

    return check


def _unique(values: Collection[str], what: str) -> None:
    if len(set(values)) < len(values):
        raise GraphError(131009, f"Duplicated {what}")


# Kinds of messages

_HEADER_AND_FOOTER: Final = {
    "header": fields({"type": one_of("text"), "text": string(1, 60)}),
    "footer": fields({"text": string(1, 60)}),
}
_BODY: Final = fields({"text": string(1, 1024)})
_BUTTON: Final = fields(
    {"type": one_of("reply"), "reply": fields({"id": string(1, 256, trimmed=True), "title": string(1, 20)})}
)
_BUTTONS: Final = fields(
    {"type": one_of("button"), "body": _BODY, "action": fields({"buttons": items(_BUTTON, 1, 3)})}, _HEADER_AND_FOOTER
)
_ROW: Final = fields({"id": string(1, 200, trimmed=True), "title": string(1, 24)}, {"description": string(1, 72)})
_SECTION: Final = fields({"rows": items(_ROW, 1, 10)}, {"title": string(1, 24)})
_LIST: Final = fields(
    {
        "type": one_of("list"),
        "body": _BODY,
        "action": fields({"button": string(1, 20), "sections": items(_SECTION, 1, 10)}),
    },
    _HEADER_AND_FOOTER,
)


def _interactive(value: Any, at: str) -> None:
    match value.get("type") if isinstance(value, dict) else None:
        case "button":
            _BUTTONS(value, at)
            replies = [button["reply"] for button in value["action"]["buttons"]]
            _unique([reply["title"] for reply in replies], "button title")
            _unique([reply["id"] for reply in replies], "button id")
        case "list":
            _LIST(value, at)
            sections = value["action"]["sections"]
            rows = [row for section in sections for row in section["rows"]]
            if len(rows) > 10:
                raise GraphError(131009, "Total row count exceed max allowed count: 10")
            if len(sections) > 1 and not all("title" in section for section in sections):
                raise GraphError(131009, "Section title is required when there is more than one section")
            _unique([row["id"] for row in rows], "row id")
        case other:
            raise GraphError(131009, f"Interactive type {other!r} is not known here")


_PARAMETER: Final = fields({"type": one_of("text"), "text": string(0, 32_768)})
_PAYLOAD: Final = fields({"type": one_of("payload"), "payload": string(1, 128)})


def _component(value: Any, at: str) -> None:
    # Capitals and numbers are taken as well: clients send them, though the documentation shows small letters and texts.
    if isinstance(value, dict) and value.get("type") in {"button", "BUTTON"}:
        index = one_of(*range(10), *map(str, range(10)))
        shape = {"type": one_of("button", "BUTTON"), "sub_type": one_of("quick_reply", "QUICK_REPLY"), "index": index}
        fields({**shape, "parameters": items(_PAYLOAD, 1, 1)})(value, at)
    else:
        fields({"type": one_of("body", "BODY"), "parameters": items(_PARAMETER, 0, 100)})(value, at)


_LANGUAGE: Final = fields({"code": string(2, 7)}, {"policy": one_of("deterministic")})
_KINDS: Final[Mapping[str, Check]] = {
    "text": fields({"body": string(1, 4096, code=100)}, {"preview_url": one_of(True, False)}),
    "interactive": _interactive,
    "template": fields({"name": string(1, 512), "language": _LANGUAGE}, {"components": items(_component, 0, 11)}),
    "document": fields({"id": string(1, 64)}, {"caption": string(1, 1024), "filename": string(1, 240)}),
    "audio": fields({"id": string(1, 64)}, {"voice": one_of(True, False)}),
    "image": fields({"id": string(1, 64)}, {"caption": string(1, 1024)}),
}


def check_content(message: Json) -> None:
    """``{"type": "text", "text": {…}}``: what a message says, apart from whom it is for; raises ``GraphError``."""
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise GraphError(100, f"Param type must be one of {', '.join(_KINDS).upper()} - got {kind!r}.")
    if kind not in message:
        raise GraphError(100, f"The parameter {kind} is required.")
    _KINDS[kind](message[kind], kind)
    for other in _KINDS.keys() & message.keys() - {kind}:
        raise GraphError(100, f'Unexpected key "{other}" on a message of type {kind}')


def refusals(message: Json) -> list[str]:
    """What would be refused of a message's content: nothing, or the first thing."""
    try:
        check_content(message)
    except GraphError as error:
        return [error.details]
    return []


_ENVELOPE: Final = fields(
    {"messaging_product": one_of("whatsapp"), "type": string(1, 32)},
    {
        "recipient_type": one_of("individual"),
        "to": string(1, 32, code=100),
        "recipient": string(1, 132, code=100),
        "context": fields({"message_id": string(1, 128)}),
        "biz_opaque_callback_data": string(1, 512),
    },
    missing=100,
)


def check_message(body: Json) -> str:
    """Everything of a message that can be said without knowing anybody; returns whom it is for, without a plus sign.

    Raises:
        GraphError: as the platform would.
    """
    _ENVELOPE({key: value for key, value in body.items() if key not in _KINDS}, "message")
    if ("to" in body) == ("recipient" in body):
        raise GraphError(100, "Exactly one of the parameters to and recipient is required.")
    if "to" in body and not PHONE.fullmatch(body["to"]):
        raise GraphError(131009, f"Recipient is not a valid phone number: {body['to']!r}")
    if "recipient" in body and not BSUID.fullmatch(body["recipient"]):
        raise GraphError(131009, f"Recipient is not a valid business-scoped user ID: {body['recipient']!r}")
    check_content(body)
    return str(body["to"]).removeprefix("+") if "to" in body else str(body["recipient"])


check_read: Final = fields(
    {"messaging_product": one_of("whatsapp"), "status": one_of("read"), "message_id": string(1, 128)},
    {"typing_indicator": fields({"type": one_of("text")})},
    missing=100,
)
"""``check_read(body, "message")``: a message of a person is marked as read."""
