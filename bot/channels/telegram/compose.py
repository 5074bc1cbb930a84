"""An outgoing message becomes the parameters of Telegram's sendMessage.

Quick replies are inline buttons, one a row: a row of several is read by a screen reader as one crowded
line and its labels are cut. A message that asks for a phone number is different: Telegram's button for
that belongs to the reply keyboard, and a message has either that or inline buttons. Such a message
carries everything on the reply keyboard, the phone button first and the quick replies below it as words
to say, so that nobody has to look for the choices in two places. The keyboard closes itself after a tap,
and the next message takes it away.

Text goes out as it is: no parse mode, so that no character of a person's words can break a message, and
no link preview, which would show on the lock screen.
"""

from __future__ import annotations

from typing import Any, Final

from bot.channels.base import UnsendableError
from bot.logs import get_logger
from conversations.engine.messages import Button, OutgoingMessage

log = get_logger(__name__)

MAX_TEXT: Final = 4096
"""UTF-16 units."""
MAX_CAPTION: Final = 1024
"""UTF-16 units of the text below a file."""
MAX_DATA: Final = 64
"""Bytes of a button's value."""

NO_KEYBOARD: Final[dict[str, Any]] = {"remove_keyboard": True}
_NO_PREVIEW: Final = {"is_disabled": True}


def compose(address: str, message: OutgoingMessage, share_label: str) -> dict[str, Any]:
    """Parameters of sendMessage for ``message``.

    Args:
        address: the chat id, in digits.
        message: what to send.
        share_label: the words on the button that shares one's phone number.

    Raises:
        UnsendableError: the text is empty or too long, or the address is none of Telegram's.
    """
    text = _checked(message.text, MAX_TEXT)
    return {
        "chat_id": _chat_id(address),
        "text": text,
        "link_preview_options": _NO_PREVIEW,
        "reply_markup": _markup(message, share_label),
    }


def compose_file(address: str, message: OutgoingMessage, share_label: str) -> dict[str, Any]:
    """``compose`` for sendDocument and sendVoice, the file itself aside: the text stands below the file."""
    caption = _checked(message.text, MAX_CAPTION)
    return {"chat_id": _chat_id(address), "caption": caption, "reply_markup": _markup(message, share_label)}


def _chat_id(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise UnsendableError("the address is not a chat id") from None


def _checked(text: str, limit: int) -> str:
    if not text.strip():
        raise UnsendableError("the text is empty")
    if utf16_units(text) > limit:
        raise UnsendableError(f"the text is longer than {limit} characters")
    return text


def inline_keyboard(buttons: tuple[Button, ...]) -> dict[str, Any] | None:
    """Buttons under the message, one a row; None when there are none."""
    rows = [[{"text": button.label, "callback_data": button.value}] for button in buttons if _fits(button)]
    return {"inline_keyboard": rows} if rows else None


def utf16_units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _markup(message: OutgoingMessage, share_label: str) -> dict[str, Any]:
    if message.wants_contact:
        share = {"text": share_label, "request_contact": True}
        words = [[{"text": button.label}] for button in message.quick_replies if button.label]
        return {"keyboard": [[share], *words], "resize_keyboard": True, "one_time_keyboard": True}
    # Without buttons of its own a message takes away whatever keyboard an earlier one has left.
    return inline_keyboard(message.quick_replies) or NO_KEYBOARD


def _fits(button: Button) -> bool:
    # A wrong button must not cost the message: its text says how to answer without.
    fits = bool(button.label) and 1 <= len(button.value.encode()) <= MAX_DATA
    if not fits:
        log.error("a button was left out: no label, or a value that does not fit", size=len(button.value.encode()))
    return fits
