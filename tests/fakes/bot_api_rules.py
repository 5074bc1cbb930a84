"""What the fake Bot API accepts: fields of each method, limits of texts and buttons.

Stricter than the platform in one point: a field that it does not know is refused, where Telegram would
ignore it and leave the mistake unnoticed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from tests.fakes.http import Part, Request, form_of

_MARKUP: Final = {"reply_markup": "json"}
_LANGUAGE: Final = {"language_code": "str"}

FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "getMe": {},
    "getUpdates": {"offset": "int", "limit": "int", "timeout": "int", "allowed_updates": "json"},
    "setWebhook": {
        "url": "str",
        "secret_token": "str",
        "max_connections": "int",
        "allowed_updates": "json",
        "drop_pending_updates": "bool",
    },
    "deleteWebhook": {"drop_pending_updates": "bool"},
    "getWebhookInfo": {},
    "sendMessage": {
        "chat_id": "int",
        "text": "str",
        "link_preview_options": "json",
        "disable_notification": "bool",
        "protect_content": "bool",
        **_MARKUP,
    },
    "sendDocument": {"chat_id": "int", "caption": "str", "document": "file", **_MARKUP},
    "sendVoice": {"chat_id": "int", "caption": "str", "voice": "file", **_MARKUP},
    "editMessageReplyMarkup": {"chat_id": "int", "message_id": "int", **_MARKUP},
    "answerCallbackQuery": {"callback_query_id": "str", "text": "str", "show_alert": "bool"},
    "leaveChat": {"chat_id": "int"},
    "setMyCommands": {"commands": "json", "scope": "json", **_LANGUAGE},
    "getMyCommands": {"scope": "json", **_LANGUAGE},
    "setMyName": {"name": "str", **_LANGUAGE},
    "getMyName": _LANGUAGE,
    "setMyDescription": {"description": "str", **_LANGUAGE},
    "getMyDescription": _LANGUAGE,
    "setMyShortDescription": {"short_description": "str", **_LANGUAGE},
    "getMyShortDescription": _LANGUAGE,
}
METHODS: Final = {name.lower(): name for name in FIELDS}


class Refused(Exception):
    """An answer with ``ok: false``."""

    def __init__(self, status: int, description: str, retry_after: float | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after


def bad(what: str) -> Refused:
    return Refused(400, f"Bad Request: {what}")


def parameters_of(request: Request) -> dict[str, Any]:
    """The parameters of a call, from query, form or JSON."""
    query = request.target.partition(b"?")[2]
    parameters: dict[str, Any] = dict(parse_qsl(query.decode(), keep_blank_values=True)) if query else {}
    if not request.body:
        return parameters
    kind = request.content_type.partition(b";")[0].strip()
    if kind == b"application/x-www-form-urlencoded":
        parameters.update(parse_qsl(request.body.decode(), keep_blank_values=True))
    elif kind == b"application/json":
        parameters.update(_object(request.body))
    elif kind == b"multipart/form-data":
        parameters.update(_form(request))
    else:
        raise bad(f"unsupported content type {kind.decode()}")
    return parameters


def _form(request: Request) -> dict[str, Any]:
    try:
        parts = form_of(request)
    except ValueError as error:
        raise bad(str(error)) from None
    return {name: part if part.filename else part.data.decode() for name, part in parts.items()}


def checked(method: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with their types; raises ``Refused`` for unknown fields and wrong values."""
    fields = FIELDS[method]
    values: dict[str, Any] = {}
    for name, value in parameters.items():
        if name not in fields:
            raise bad(f"unknown field {name} of {method}")
        values[name] = _typed(name, fields[name], value)
    return values


def check_text(text: str, limit: int = 4096) -> None:
    if not text.strip():
        raise bad("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > limit:
        raise bad("message is too long")


def check_markup(markup: Any) -> None:
    """Inline buttons, a reply keyboard, or its removal; raises ``Refused``."""
    if markup is None:
        return
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    kinds = {"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"} & markup.keys()
    if len(kinds) != 1:
        raise bad("exactly one kind of reply markup expected")
    match kinds.pop():
        case "inline_keyboard":
            _only(markup, {"inline_keyboard"})
            for button in _buttons(markup["inline_keyboard"]):
                _check_inline(button)
        case "keyboard":
            _only(
                markup, {"keyboard", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "is_persistent"}
            )
            for button in _buttons(markup["keyboard"]):
                _only(button, {"text", "request_contact", "request_location"})
        case "remove_keyboard":
            _only(markup, {"remove_keyboard", "selective"})
            if markup["remove_keyboard"] is not True:
                raise bad("remove_keyboard must be True")


def _buttons(rows: Any) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        raise bad("a keyboard is an array of non-empty arrays of buttons")
    buttons = [{"text": button} if isinstance(button, str) else button for row in rows for button in row]
    if len(buttons) > 100 or any(len(row) > 8 for row in rows):
        raise bad("reply markup is too long")
    for button in buttons:
        if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"].strip():
            raise bad("text buttons are unallowed without text")
    return buttons


def _check_inline(button: dict[str, Any]) -> None:
    _only(button, {"text", "callback_data", "url"})
    if len(button) != 2:
        raise bad("an inline button has exactly one action")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")


def _only(given: Mapping[str, Any], known: set[str]) -> None:
    if unknown := given.keys() - known:
        raise bad(f"unknown field {sorted(unknown)[0]} in reply markup")


def _typed(name: str, kind: str, value: Any) -> Any:
    if kind == "json":
        return _json(name, value) if isinstance(value, str) else value
    if kind == "file":
        if isinstance(value, Part) and value.data:
            return value
    elif kind == "int":
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lstrip("-").isdigit():
            return int(value)
    elif kind == "bool":
        if isinstance(value, bool) or value in {"true", "false", "True", "False"}:
            return value in {True, "true", "True"}
    elif isinstance(value, str):
        return value
    raise bad(f"{name} must be of type {kind}")


def _json(name: str, value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        raise bad(f"can't parse {name} as JSON") from None


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        raise bad("can't parse the body as JSON") from None
    if not isinstance(value, dict):
        raise bad("object expected as body")
    return value
