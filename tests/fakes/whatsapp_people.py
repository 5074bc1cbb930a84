"""People on WhatsApp at the fake Cloud API: they talk to the service as tests tell them."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tests.fakes.graph_api_errors import GraphError

if TYPE_CHECKING:
    from tests.fakes.graph_api import GraphApi
    from tests.fakes.graph_api_faults import Accepted
    from tests.fakes.graph_api_media import Media
    from tests.fakes.graph_api_templates import Filled

Kind: TypeAlias = Literal["text", "button", "list", "template", "document", "audio", "image"]


@dataclass(slots=True)
class Heard:
    """A message of the service as somebody sees it."""

    id: str
    kind: Kind
    text: str
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """What can be tapped: title, value and, of a row, its description."""
    opens: str = ""
    """The words on the button that opens a list."""
    template: Filled | None = None
    media: Media | None = None
    raw: dict[str, Any] = field(default_factory=dict)
    """The body of the call that sent it."""


def heard_of(id: str, body: dict[str, Any], shown: Filled | None, media: Media | None) -> Heard:
    """A message as it stands in the chat."""
    kind, content = body["type"], body[body["type"]]
    match kind:
        case "text":
            return Heard(id, "text", content["body"], raw=body)
        case "interactive" if content["type"] == "button":
            replies = [button["reply"] for button in content["action"]["buttons"]]
            buttons = [(reply["title"], reply["id"], "") for reply in replies]
            return Heard(id, "button", content["body"]["text"], buttons, raw=body)
        case "interactive":
            rows = [row for section in content["action"]["sections"] for row in section["rows"]]
            buttons = [(row["title"], row["id"], row.get("description", "")) for row in rows]
            return Heard(id, "list", content["body"]["text"], buttons, content["action"]["button"], raw=body)
        case "template" if shown is not None:
            buttons = [(label, payload, "") for label, payload in shown.buttons]
            return Heard(id, "template", shown.text, buttons, template=shown, raw=body)
    return Heard(id, kind, content.get("caption", ""), media=media, raw=body)


class WhatsAppPerson:
    """Somebody with WhatsApp, or with a number that has none. Every act returns the id of the message it sends."""

    def __init__(self, api: GraphApi, phone: str, name: str, *, on_whatsapp: bool, username: bool, user_id: bool):
        self.api = api
        self.phone = phone
        self.name = name
        self.on_whatsapp = on_whatsapp
        self.hides_number = username
        """Whether there is a username instead of a number in whatever the service is told."""
        self.number_is_known = not username
        """Whether the service can have the number: the platform takes it, but nobody who was not told can name it."""
        self.tells_user_id = user_id
        self.user_id = api.new_user_id(phone)
        self.lane = phone
        self.last_message_at: float | None = None
        """When the service window opened last, by the platform's clock."""
        self.takes_marketing = True
        self.has_blocked = False
        self.has_chat_open = False
        """Whether messages are read as they arrive; the platform then leaves out that they were delivered."""
        self.messages: list[Heard] = []
        """Everything that arrived here, oldest first."""
        self.said: list[str] = []
        """Ids of all that was sent from here."""
        self.seen: list[str] = []
        """Those of them that the service has marked as read."""
        self._offline = False
        self._to_come: deque[tuple[Accepted, Heard]] = deque()
        self._unread: list[Accepted] = []
        self._unheard: deque[Heard] = deque()
        self._waiting: asyncio.Future[None] | None = None

    # What the service says

    async def hears(self, timeout: float = 5.0) -> Heard:  # noqa: ASYNC109  # a test says how long
        """The next message that was not heard yet; raises ``TimeoutError``."""
        if not self._unheard:
            self._waiting = asyncio.get_running_loop().create_future()
            async with asyncio.timeout(timeout):
                await self._waiting
        return self._unheard.popleft()

    async def hears_nothing(self, seconds: float = 0.1) -> bool:
        """Whether the service stays silent for so long."""
        await asyncio.sleep(seconds)
        return not self._unheard

    def reads(self) -> None:
        """Read whatever arrived; the service is told of each message."""
        unread, self._unread = self._unread, []
        for message in unread:
            self.api.tells(message, ["read"])

    @property
    def offline(self) -> bool:
        """Whether the telephone is off; what was sent meanwhile arrives when it is on again."""
        return self._offline

    @offline.setter
    def offline(self, is_so: bool) -> None:
        self._offline = is_so
        while self._to_come and not is_so:
            message, heard = self._to_come.popleft()
            self.api.tells(message, self.receive(message, heard))

    def receive(self, message: Accepted, heard: Heard) -> list[str]:
        """The platform brings a message; returns the statuses that follow from it."""
        if self.has_blocked:  # nobody is told, least of all who was blocked
            return []
        if self._offline:
            self._to_come.append((message, heard))
            return []
        self.messages.append(heard)
        self._unheard.append(heard)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
        if self.has_chat_open:
            return ["read"]
        self._unread.append(message)
        return ["delivered"]

    # What they do

    def says(self, text: str, reply_to: Heard | None = None) -> str:
        content: dict[str, Any] = {"type": "text", "text": {"body": text}}
        return self._sends(content | ({"context": self._context(reply_to)} if reply_to else {}))

    def taps(self, what: str) -> str:
        """Tap the button, or choose the row, of the newest message that offers this title or value."""
        for heard in reversed(self.messages):
            if any(what in {title, value} for title, value, _ in heard.buttons):
                return self.taps_old(heard, what)
        raise AssertionError(f"no button {what!r} in this chat")

    def taps_old(self, message: Heard, what: str) -> str:
        """Tap something of an earlier message."""
        for title, value, description in message.buttons:
            if what not in {title, value}:
                continue
            if message.kind == "template":
                return self._answers(message, {"type": "button", "button": {"payload": value, "text": title}})
            reply = {"id": value, "title": title} | ({"description": description} if description else {})
            kind = f"{message.kind}_reply"
            return self._answers(message, {"type": "interactive", "interactive": {"type": kind, kind: reply}})
        raise AssertionError(f"no button {what!r} in that message")

    def taps_template(self, text: str) -> str:
        """Tap a quick reply of the newest template that has it."""
        for heard in reversed(self.messages):
            if heard.kind == "template" and any(text == title for title, _, _ in heard.buttons):
                return self.taps_old(heard, text)
        raise AssertionError(f"no template with a button {text!r} in this chat")

    def shares_contact(self, phone: str | None = None, own: bool = True) -> str:
        """Send a contact card: one's own, or somebody else's."""
        number = phone or (self.phone if own else "6281299990000")
        self.number_is_known = self.number_is_known or number == self.phone
        name = self.name if own else "Kenalan Contoh"
        card = {
            "name": {"formatted_name": name, "first_name": name.partition(" ")[0]},
            "phones": [{"phone": f"+{number}", "wa_id": number, "type": "CELL"}],
        }
        return self._sends({"type": "contacts", "contacts": [card]})

    def sends(self, kind: str, caption: str | None = None, **more: Any) -> str:
        """A voice, audio, image, video, document, sticker, location, reaction, order, or something unsupported."""
        content = {**self._content(kind), **more}
        if caption is not None:
            content["caption"] = caption
        if kind == "unsupported":
            return self._sends(_unsupported(content["type"]))
        kind = "audio" if kind == "voice" else kind
        # A reaction is no message to which one could answer freely; the documentation does not count it as one.
        return self._sends({"type": kind, kind: content}, opens_window=kind != "reaction")

    def edits(self, text: str, supported: bool = False) -> str:
        """Change one's last message. At present the platform tells that something unsupported came (June 2026)."""
        if not supported:
            return self._sends(_unsupported("edit"), opens_window=False)
        message = {"type": "text", "text": {"body": text}}
        edit = {"original_message_id": self.said[-1], "message": message}
        return self._sends({"type": "edit", "edit": edit}, opens_window=False)

    def deletes(self) -> str:
        """Take one's last message back."""
        revoke = {"original_message_id": self.said[-1]}
        return self._sends({"type": "revoke", "revoke": revoke}, opens_window=False)

    def stops_marketing(self) -> str:
        return self._prefers("stop")

    def resumes_marketing(self) -> str:
        return self._prefers("resume")

    def changes_number(self, phone: str) -> str:
        """Move to another number; the id by which the business knows them changes with it."""
        old_phone, old_id = self.phone, self.user_id
        self.phone, self.user_id = phone, self.api.new_user_id(phone)
        self.api.moves_person(self, old_phone, old_id)
        system: dict[str, Any] = {"user_id": self.user_id, "previous_user_id": old_id}
        if self.hides_number:
            system |= {"type": "user_changed_user_id", "body": f"User {self.name} changed"}
            return self._tells({"from_user_id": old_id, "type": "system", "system": system}, contacts=False)
        system |= {"type": "user_changed_number", "wa_id": phone}
        system["body"] = f"User {self.name} changed from {old_phone} to {phone}"
        return self._tells({"from": old_phone, "type": "system", "system": system}, contacts=False)

    def blocks(self) -> None:
        """Block the business, which is never told: nothing that it sends arrives any more."""
        self.has_blocked = True

    def unblocks(self) -> None:
        self.has_blocked = False

    # How the platform tells it

    def contact(self) -> dict[str, Any]:
        """One of the ``contacts`` of an update."""
        profile = {"name": self.name} | ({"username": f"contoh.{self.user_id[-6:]}"} if self.hides_number else {})
        return {"profile": profile, **self.ids("wa_id", "user_id")}

    def ids(self, number: str, user_id: str) -> dict[str, str]:
        """The ids the service is told, under these names."""
        ids = {} if self.hides_number else {number: self.phone}
        return ids | ({user_id: self.user_id} if self.tells_user_id else {})

    def _context(self, message: Heard) -> dict[str, Any]:
        return {"from": self.api.business_phone, "id": message.id}

    def _answers(self, message: Heard, content: dict[str, Any]) -> str:
        return self._sends({"context": self._context(message), **content})

    def _sends(self, content: dict[str, Any], opens_window: bool = True) -> str:
        if opens_window:
            self.last_message_at = self.api.now()
        id = self._tells(self.ids("from", "from_user_id") | content)
        self.said.append(id)
        return id

    def _tells(self, message: dict[str, Any], contacts: bool = True) -> str:
        if not self.on_whatsapp:
            raise AssertionError(f"{self.phone} is not on WhatsApp")
        id = self.api.new_id(self, inbound=True)
        about = {"contacts": [self.contact()]} if contacts else {}
        self.api.adds(self, id, {**about, "messages": [{"id": id, "timestamp": self.api.timestamp(), **message}]})
        return id

    def _prefers(self, value: Literal["stop", "resume"]) -> str:
        self.takes_marketing = value == "resume"
        preference = {
            **self.ids("wa_id", "user_id"),
            "detail": f"User requested to {value} marketing messages",
            "category": "marketing_messages",
            "value": value,
            "timestamp": int(self.api.now()),
        }
        id = f"{self.api.new_id(self, inbound=True)}/{value}"
        self.api.adds(self, id, {"contacts": [self.contact()], "user_preferences": [preference]})
        return id

    def _content(self, kind: str) -> dict[str, Any]:
        match kind:
            case "voice" | "audio" | "image" | "video" | "document" | "sticker":
                return _file(kind)
            case "location":
                return {"latitude": 1.9, "longitude": 100.1, "name": "Tempat Contoh"}
            case "reaction":
                return {"message_id": self.messages[-1].id if self.messages else "wamid.contoh", "emoji": "👍"}
            case "order":
                item = {"product_retailer_id": "contoh", "quantity": 1, "item_price": 1, "currency": "IDR"}
                return {"catalog_id": "1000000000000009", "text": "", "product_items": [item]}
            case "unsupported":
                return {"type": "poll"}
        raise AssertionError(f"nobody sends {kind!r}")


def _file(kind: str) -> dict[str, Any]:
    mime = {
        "voice": "audio/ogg; codecs=opus",
        "audio": "audio/mpeg",
        "image": "image/jpeg",
        "video": "video/mp4",
        "document": "application/pdf",
        "sticker": "image/webp",
    }[kind]
    content: dict[str, Any] = {"id": "1000000000000001", "mime_type": mime, "sha256": "contoh"}
    if kind in {"voice", "audio"}:
        content["voice"] = kind == "voice"
    if kind == "document":
        content["filename"] = "contoh.pdf"
    if kind == "sticker":
        content["animated"] = False
    return content


def _unsupported(what: str) -> dict[str, Any]:
    error = GraphError(131051).in_status()
    return {"type": "unsupported", "errors": [error], "unsupported": {"type": what}}
