"""An outgoing message becomes a message of WhatsApp's Cloud API.

WhatsApp enforces its limits by refusing, and cuts on small screens what it has not refused, so nothing
longer is ever sent: up to three short quick replies are buttons, up to ten are the rows of a list, and
anything else is text alone. The text names every option with its number in any case, so whoever cannot
tap, or sees no buttons, types.

A row has a title and a description. A label too long for the title is told in both, broken between words;
no word is cut and none is left out.

Limits: https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages and
https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-list-messages
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from bot.channels.base import UnsendableError
from conversations.engine.messages import Button, OutgoingMessage

Json: TypeAlias = dict[str, Any]

MAX_TEXT: Final = 4096
"""Characters of a message that is text alone."""
MAX_BODY: Final = 1024
"""Characters of a message with buttons or a list."""
MAX_BUTTONS: Final = 3
MAX_TITLE: Final = 20
"""Characters of a button, also of the one that opens a list."""
MAX_ROWS: Final = 10
MAX_ROW_TITLE: Final = 24
MAX_ROW_DESCRIPTION: Final = 72
MAX_VALUE: Final = 200
"""Characters of a quick reply's value, in a button or a row."""

_BEFORE_DETAIL = re.compile(r"(?<=,) | (?=\()")
"""Where a label goes from the thing itself to what is said of it: "Netra (tidak melihat …)"."""


def compose(message: OutgoingMessage, open_label: str) -> Json:
    """The part of a message that says what it is: ``{"type": "text", "text": {…}}`` or ``{"type": "interactive", …}``.

    Args:
        message: what to send. A wish for a phone number needs nothing: WhatsApp has no button for it.
        open_label: the words on the button that opens a list, at most 20 characters.

    Raises:
        UnsendableError: the text is empty or too long.
    """
    if not message.text.strip():
        raise UnsendableError("the text is empty")
    if len(message.text) > MAX_TEXT:
        raise UnsendableError(f"the text is longer than {MAX_TEXT} characters")
    if len(message.text) <= MAX_BODY and (action := _action(message.quick_replies, open_label)) is not None:
        return {"type": "interactive", "interactive": {**action, "body": {"text": message.text}}}
    return {"type": "text", "text": {"body": message.text, "preview_url": False}}


def compose_document(message: OutgoingMessage, name: str, media_id: str) -> Json:
    """``compose``, for a message with a file that was uploaded as ``media_id``: the text stands below the file."""
    if len(message.text) > MAX_BODY:
        raise UnsendableError(f"the text beside a file is longer than {MAX_BODY} characters")
    return {"type": "document", "document": {"id": media_id, "filename": name, "caption": message.text}}


def compose_voice(media_id: str) -> Json:
    """Words to listen to, which were uploaded as ``media_id``; shown as if somebody had spoken them."""
    return {"type": "audio", "audio": {"id": media_id, "voice": True}}


def _action(replies: Sequence[Button], open_label: str) -> Json | None:
    """Buttons or a list; None where there is nothing to tap, or something that neither could carry whole."""
    if not replies or not all(0 < len(reply.value) <= MAX_VALUE for reply in replies):
        return None
    if len({reply.value for reply in replies}) < len(replies):
        return None
    if _are_buttons(replies):
        buttons = [{"type": "reply", "reply": {"id": reply.value, "title": reply.label}} for reply in replies]
        return {"type": "button", "action": {"buttons": buttons}}
    rows = [_row(reply) for reply in replies]
    if len(rows) > MAX_ROWS or None in rows:
        return None
    return {"type": "list", "action": {"button": open_label, "sections": [{"rows": rows}]}}


def _are_buttons(replies: Sequence[Button]) -> bool:
    titles = {reply.label for reply in replies}
    # Of two buttons with the same words WhatsApp refuses the second.
    return len(replies) <= MAX_BUTTONS and len(titles) == len(replies) and all(0 < len(t) <= MAX_TITLE for t in titles)


def _row(reply: Button) -> Json | None:
    title, description = _in_two(reply.label)
    # What is said of it besides stands in the text too, so it is left out where there is no room.
    longer = f"{description}, {reply.detail}" if description else reply.detail
    if reply.detail and len(longer) <= MAX_ROW_DESCRIPTION:
        description = longer
    if not 0 < len(title) <= MAX_ROW_TITLE or len(description) > MAX_ROW_DESCRIPTION:
        return None
    return {"id": reply.value, "title": title, **({"description": description} if description else {})}


def _in_two(label: str) -> tuple[str, str]:
    """The label as title and description: broken where the detail begins, else after the last word that has room."""
    if len(label) <= MAX_ROW_TITLE:
        return label, ""
    breaks = [space.start() for space in _BEFORE_DETAIL.finditer(label) if space.start() <= MAX_ROW_TITLE]
    at = breaks[-1] if breaks else label.rfind(" ", 0, MAX_ROW_TITLE + 1)
    return (label[:at], label[at + 1 :]) if at > 0 else (label, "")
