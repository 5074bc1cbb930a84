"""Reading what a browser posts: bounded, and refused in words that the person can act on."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.channels.web import wording
from conversations.engine.texts import Text

LONGEST_TEXT = 4_000
"""Characters in one message; Telegram's limit is 4,096."""
LONGEST_CHOICE = 64
"""Bytes in a quick reply's value, as on Telegram."""
LARGEST_BODY = 256 * 1_024
"""Bytes. Far more than the longest text, so that a text that is too long can be given back to be shortened."""


class Refused(Exception):  # reads as what happened
    """What was posted was not taken. ``status``: HTTP status; ``why``: what the person is told."""

    def __init__(self, status: int, why: Text) -> None:
        super().__init__(why.msgid)
        self.status = status
        self.why = why


async def read_form(request: Request) -> Mapping[str, str]:
    """The posted fields; of a field that comes twice, the last. Raises Refused."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Refused(415, wording.OLD_PAGE)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Refused(413, wording.too_big(LONGEST_TEXT))
    try:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, errors="replace", max_num_fields=20)
    except ValueError:
        raise Refused(400, wording.OLD_PAGE) from None
    return dict(pairs)


def clean(text: str) -> str:
    """What was typed, without what no keyboard types: one kind of line end, no control characters, no outer space."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")).strip()


def said_in(fields: Mapping[str, str]) -> tuple[str | None, str | None]:
    """``(text, choice)``, one of them set: a pressed button counts before what stands in the field. Raises Refused."""
    if choice := fields.get("choice"):
        if len(choice.encode()) > LONGEST_CHOICE or not choice.isprintable():
            raise Refused(422, wording.UNKNOWN_CHOICE)
        return None, choice
    text = clean(fields.get("text", ""))
    if not text:
        raise Refused(422, wording.EMPTY)
    if len(text) > LONGEST_TEXT:
        raise Refused(422, wording.too_long(len(text), LONGEST_TEXT))
    return text, None


def number_in(value: str | None) -> int | None:
    """An outbox id as a page or a browser sends it back; None for anything else."""
    if value and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return None
