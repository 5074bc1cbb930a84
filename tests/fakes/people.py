"""People and groups at the fake Bot API: they talk to the bot as tests tell them."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.fakes.http import Part

if TYPE_CHECKING:
    from tests.fakes.bot_api import BotApi

_numbers = count(1)


@dataclass(slots=True)
class Heard:
    """A message of the bot as it stands in a chat."""

    message_id: int
    text: str
    buttons: list[tuple[str, str]] = field(default_factory=list)
    """Inline buttons: label and value."""
    keyboard: list[str] = field(default_factory=list)
    """Labels of the reply keyboard that came with it."""
    message: dict[str, Any] = field(default_factory=dict)
    file: Part | None = None
    """A file that came with it."""


class Chat:
    """What is said in one chat."""

    def __init__(self, api: BotApi, chat: dict[str, Any]) -> None:
        self.api = api
        self.id: int = chat["id"]
        self.chat = chat
        self.messages: list[Heard] = []
        """Everything the bot said here, oldest first."""
        self._unheard: deque[Heard] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self.refuses: str | None = None
        """Why nothing more is accepted in this chat (403)."""

    async def hears(self, timeout: float = 5.0) -> Heard:  # noqa: ASYNC109  # a test says how long
        """The bot's next message that was not heard yet; raises ``TimeoutError``."""
        if not self._unheard:
            self._waiting = asyncio.get_running_loop().create_future()
            async with asyncio.timeout(timeout):
                await self._waiting
        return self._unheard.popleft()

    async def hears_nothing(self, seconds: float = 0.1) -> bool:
        """Whether the bot stays silent for so long."""
        await asyncio.sleep(seconds)
        return not self._unheard

    def receive(self, heard: Heard) -> None:
        """The platform shows a message here."""
        self.messages.append(heard)
        self._unheard.append(heard)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class Person(Chat):
    """Somebody with a private chat. Every act returns the id of its update, None when nobody asked for it."""

    def __init__(self, api: BotApi, id: int, first_name: str, language: str | None) -> None:
        super().__init__(api, {"id": id, "first_name": first_name, "type": "private"})
        self.user: dict[str, Any] = {"id": id, "is_bot": False, "first_name": first_name}
        if language is not None:
            self.user["language_code"] = language
        self.has_started = False
        self.keyboard: Mapping[str, bool] = {}
        """The reply keyboard that is open: label, and whether it shares the phone number."""

    def says(self, text: str) -> int | None:
        return self._sends({"text": text})

    def starts(self, payload: str = "") -> int | None:
        return self.says(f"/start {payload}".strip())

    def taps(self, what: str) -> int | None:
        """Tap the newest button, or the key of the open keyboard, with this label or value."""
        if what in self.keyboard:
            return self.shares_contact() if self.keyboard[what] else self.says(what)
        for heard in reversed(self.messages):
            for label, value in heard.buttons:
                if what in {label, value}:
                    return self._taps(value, heard.message)
        raise AssertionError(f"no button {what!r} in this chat")

    def taps_forgotten(self, value: str) -> int | None:
        """Tap a button of a message so old that the platform does not show it to the bot any more."""
        return self._taps(value, {"chat": self.chat, "message_id": 1, "date": 0})

    def shares_contact(self, own: bool = True, phone: str = "628120000001") -> int | None:
        card: dict[str, Any] = {"phone_number": phone, "first_name": "Contoh"}
        card["user_id"] = self.id if own else self.id + 1
        return self._sends({"contact": card})

    def sends(self, kind: str, caption: str | None = None, **more: Any) -> int | None:
        """A voice, photo, video, document, sticker, location …"""
        content = {"latitude": 1.9, "longitude": 100.1} if kind == "location" else {"file_id": "contoh"}
        message: dict[str, Any] = {kind: [content] if kind == "photo" else content, **more}
        if caption is not None:
            message["caption"] = caption
        return self._sends(message)

    def sends_album(self, pictures: int = 3, caption: str | None = None) -> list[int | None]:
        group = str(next(_numbers))
        captions = [caption] + [None] * (pictures - 1)
        return [self.sends("photo", said, media_group_id=group) for said in captions]

    def edits(self, text: str) -> int | None:
        """Change one's last message."""
        edited = {**self._message(), "text": text, "edit_date": int(time.time())}
        return self.api.updates.add("edited_message", self.id, edited)

    def blocks(self) -> int | None:
        self.refuses = "Forbidden: bot was blocked by the user"
        return self._membership("member", "kicked")

    def unblocks(self) -> int | None:
        self.refuses = None
        return self._membership("kicked", "member")

    def leaves_telegram(self) -> None:
        """Delete the account; the bot learns of it only when it sends."""
        self.refuses = "Forbidden: user is deactivated"

    def _sends(self, content: dict[str, Any]) -> int | None:
        self.has_started = True
        return self.api.updates.add("message", self.id, {**self._message(), **content})

    def _taps(self, value: str, message: dict[str, Any]) -> int | None:
        query = self.api.new_tap()
        data = {"id": query, "from": self.user, "message": message, "chat_instance": "contoh", "data": value}
        return self.api.updates.add("callback_query", self.id, data)

    def _membership(self, old: str, new: str) -> int | None:
        return self.api.updates.add("my_chat_member", self.id, self.api.membership(self.chat, self.user, old, new))

    def _message(self) -> dict[str, Any]:
        return {"message_id": next(_numbers), "from": self.user, "chat": self.chat, "date": int(time.time())}


class Group(Chat):
    """A group, supergroup or channel somebody puts the bot into."""

    def __init__(self, api: BotApi, id: int, title: str, kind: str) -> None:
        super().__init__(api, {"id": id, "title": title, "type": kind})
        self.has_bot = False

    def adds_bot(self, by: Person) -> int | None:
        self.has_bot = True
        change = self.api.membership(self.chat, by.user, "left", "member")
        return self.api.updates.add("my_chat_member", self.id, change)

    def says(self, by: Person, text: str) -> int | None:
        message = {"message_id": next(_numbers), "chat": self.chat, "date": int(time.time()), "text": text}
        if self.chat["type"] == "channel":
            return self.api.updates.add("channel_post", self.id, message)
        return self.api.updates.add("message", self.id, {**message, "from": by.user})
