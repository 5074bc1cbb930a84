"""A Bot API server for tests and benchmarks: real HTTP on the loopback interface, and strict.

    async with BotApi() as api:
        budi = api.person(1001, "Budi Contoh")
        budi.says("halo")                      # reaches the bot by polling or webhook
        assert "Setara Kerja" in (await budi.hears()).text
        budi.taps("Cari lowongan")

The bot under test gets ``api.token`` and ``api.url``. ``api.accepted`` is everything that was accepted.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from itertools import count
from types import TracebackType
from typing import Any, Final, Literal

from tests.fakes.bot_api_faults import Accepted, Fault, Limits
from tests.fakes.bot_api_rules import METHODS, Refused, bad, check_markup, check_text, checked, parameters_of
from tests.fakes.bot_api_updates import Updates, Webhook
from tests.fakes.http import Request, Response, Server
from tests.fakes.people import Chat, Group, Heard, Person

TOKEN: Final = "123456789:CONTOH-token-rahasia-untuk-uji"
_OK: Final = b'{"ok":true,"result":true}'
_CUT: Final = Response(cut=True)


class BotApi:
    """The server of one bot; ``url`` goes without ``/bot``."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.me = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Contoh", "username": "contoh_bot"}
        self.accepted: list[Accepted] = []
        self.refused: list[tuple[str, str]] = []
        """Method and description of every refusal, also of what came in a webhook's response."""
        self.calls: dict[str, int] = {}
        """Requests a method, whatever became of them."""
        self.acknowledged: list[str] = []
        """Taps that were answered."""
        self.profile: dict[tuple[str, str], Any] = {}
        self.limits = Limits()
        self.updates = Updates(on_method=self._from_webhook)
        self._faults: list[Fault] = []
        self._chats: dict[int, Chat] = {}
        self._taps: set[str] = set()
        self._ids = count(1)
        self._prefix = f"/bot{token}/".encode()
        self._server = Server(self._handle)

    async def start(self, port: int = 0) -> None:
        await self._server.start(port)
        self.updates.resume()

    async def stop(self) -> None:
        """Stop listening and calling the webhook; what is pending stays, and ``start`` goes on."""
        await self.updates.stop()
        await self._server.stop()

    async def __aenter__(self) -> BotApi:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def port(self) -> int:
        return self._server.port

    # People and what they may meet

    def person(self, id: int, first_name: str = "Contoh", language: str | None = "id") -> Person:
        """Somebody new; the chat's id is the person's."""
        person = Person(self, id, first_name, language)
        self._chats[id] = person
        return person

    def group(self, id: int, title: str = "Grup Contoh", kind: str = "supergroup") -> Group:
        group = Group(self, id, title, kind)
        self._chats[id] = group
        return group

    def fails(
        self, method: str, status: int, description: str = "", *, retry_after: float | None = None,
        times: int = 1, chat: int | None = None,
    ) -> None:  # fmt: skip
        """Refuse the next calls with this status."""
        error = Refused(status, description or f"HTTP {status}", retry_after)
        self._faults.append(Fault(method, "refuse", times, chat, error))

    def drops(self, method: str, *, accepted: bool, times: int = 1, chat: int | None = None) -> None:
        """Cut the connection of the next calls, before or after acting on them."""
        self._faults.append(Fault(method, "cut after" if accepted else "cut before", times, chat))

    def delays(self, method: str, seconds: float, *, times: int = 1, chat: int | None = None) -> None:
        """Act on the next calls at once but answer late."""
        self._faults.append(Fault(method, "wait", times, chat, seconds=seconds))

    def sent(self, chat: int | None = None) -> list[Accepted]:
        """Messages that were accepted, in order (to one chat)."""
        return [
            call
            for call in self.accepted
            if call.method == "sendMessage" and (chat is None or call.parameters["chat_id"] == chat)
        ]

    @property
    def accepted_but_unanswered(self) -> int:
        """Messages that reached a person though the bot could not know."""
        return sum(not call.answered for call in self.accepted if call.method == "sendMessage")

    def new_tap(self) -> str:
        self._taps.add(tap := str(40_000_000 + next(self._ids)))
        return tap

    def membership(self, chat: dict[str, Any], by: dict[str, Any], old: str, new: str) -> dict[str, Any]:
        sides = {
            f"{when}_chat_member": {"user": self.me, "status": status} for when, status in (("old", old), ("new", new))
        }
        return {"chat": chat, "from": by, "date": int(time.time()), **sides}

    # Requests

    def _handle(self, request: Request) -> Response | Awaitable[Response]:
        method = ""
        try:
            method = self._method(request)
            self.calls[method] = self.calls.get(method, 0) + 1
            parameters = checked(method, parameters_of(request))
            if self._faults and (fault := self._fault(method, parameters)) is not None:
                return self._go_wrong(fault, method, parameters)
            return self._act(method, parameters)
        except Refused as error:
            return self._refuse(method, error)

    def _method(self, request: Request) -> str:
        if not request.target.startswith(self._prefix):
            known = request.target.startswith(b"/bot") and b":" in request.target
            raise Refused(401, "Unauthorized") if known else Refused(404, "Not Found")
        name = request.target[len(self._prefix) :].partition(b"?")[0].decode().lower()
        if name not in METHODS:
            raise Refused(404, "Not Found: method not found")
        return METHODS[name]

    def _act(self, method: str, parameters: dict[str, Any]) -> Response | Awaitable[Response]:
        if method in _SLOW:
            return self._later(_SLOW[method](self, parameters), method)
        return _answer(self._perform(method, parameters, "call"))

    async def _later(self, work: Awaitable[Any], method: str) -> Response:
        try:
            return _answer(await work)
        except Refused as error:
            return self._refuse(method, error)

    def _perform(self, method: str, parameters: dict[str, Any], via: Literal["call", "webhook"]) -> Any:
        result = _QUICK[method](self, parameters)
        if not method.startswith("get"):
            self.accepted.append(Accepted(method, parameters, via, time.monotonic()))
        return result

    def _refuse(self, method: str, error: Refused) -> Response:
        self.refused.append((method, error.description))
        body: dict[str, Any] = {"ok": False, "error_code": error.status, "description": error.description}
        if error.retry_after is not None:
            body["parameters"] = {"retry_after": error.retry_after}
        return Response(error.status, json.dumps(body).encode())

    def _from_webhook(self, wanted: dict[str, Any]) -> None:
        # The platform tells nobody what became of it.
        method = METHODS.get(str(wanted.pop("method")).lower(), "")
        try:
            if method not in _QUICK or method.startswith("get"):
                raise bad("this method is not possible in a webhook's response")
            self._perform(method, checked(method, wanted), "webhook")
        except Refused as error:
            self.refused.append((method, error.description))

    def _fault(self, method: str, parameters: dict[str, Any]) -> Fault | None:
        for fault in self._faults:
            if fault.method == method and fault.chat in {None, parameters.get("chat_id")}:
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None

    def _go_wrong(self, fault: Fault, method: str, parameters: dict[str, Any]) -> Response | Awaitable[Response]:
        match fault.does:
            case "refuse":
                return self._refuse(method, fault.error or bad("unknown"))
            case "cut before":
                return _CUT
            case "cut after":
                self._perform(method, parameters, "call")
                self.accepted[-1].answered = False
                return _CUT
            case "wait":
                return self._wait(fault.seconds, method, parameters)

    async def _wait(self, seconds: float, method: str, parameters: dict[str, Any]) -> Response:
        answer = _answer(self._perform(method, parameters, "call"))
        self.accepted[-1].answered = False
        await asyncio.sleep(seconds)
        return answer

    # Methods

    def _send_message(self, parameters: dict[str, Any]) -> dict[str, Any]:
        if "chat_id" not in parameters or "text" not in parameters:
            raise bad("chat_id and text are required")
        chat = self._chat(parameters["chat_id"])
        check_text(parameters["text"])
        markup = parameters.get("reply_markup")
        check_markup(markup)
        self.limits.check(chat.id, time.monotonic())
        message = {
            "message_id": next(self._ids),
            "from": self.me,
            "chat": chat.chat,
            "date": int(time.time()),
            "text": parameters["text"],
        }
        heard = Heard(message["message_id"], parameters["text"], message=message)
        _show(chat, heard, markup or {})
        chat.receive(heard)
        return message

    def _send_file(self, parameters: dict[str, Any]) -> dict[str, Any]:
        file = parameters.get("document") or parameters.get("voice")
        if "chat_id" not in parameters or file is None:
            raise bad("chat_id and a file are required")
        if "voice" in parameters and not file.mime.startswith("audio/ogg"):
            raise bad("a voice is audio/ogg")
        chat, caption = self._chat(parameters["chat_id"]), parameters.get("caption", "")
        check_text(caption or "-", 1024)
        markup = parameters.get("reply_markup")
        check_markup(markup)
        self.limits.check(chat.id, time.monotonic())
        document = {"file_name": file.filename, "mime_type": file.mime, "file_size": len(file.data)}
        message = {"message_id": next(self._ids), "chat": chat.chat, "caption": caption, "document": document}
        heard = Heard(message["message_id"], caption, message=message, file=file)
        _show(chat, heard, markup or {})
        chat.receive(heard)
        return message

    def _chat(self, chat_id: int) -> Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            raise bad("chat not found")
        if chat.refuses is not None:
            raise Refused(403, chat.refuses)
        if isinstance(chat, Person) and not chat.has_started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        if isinstance(chat, Group) and not chat.has_bot:
            raise Refused(403, "Forbidden: bot is not a member of the supergroup chat")
        return chat

    def _edit_markup(self, parameters: dict[str, Any]) -> dict[str, Any]:
        chat, markup = self._chat(parameters["chat_id"]), parameters.get("reply_markup")
        check_markup(markup)
        if markup is not None and "inline_keyboard" not in markup:
            raise bad("inline keyboard expected")
        for heard in reversed(chat.messages):
            if heard.message_id == parameters.get("message_id"):
                _show(chat, heard, markup or {})
                return heard.message
        raise bad("message to edit not found")

    def _acknowledge(self, parameters: dict[str, Any]) -> bool:
        if (tap := parameters.get("callback_query_id")) not in self._taps:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.acknowledged.append(str(tap))
        return True

    def _leave(self, parameters: dict[str, Any]) -> bool:
        chat = self._chat(parameters["chat_id"])
        if not isinstance(chat, Group):
            raise bad("chat member status can't be changed in private chats")
        chat.has_bot = False
        return True

    async def _get_updates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        if (allowed := parameters.get("allowed_updates")) is not None:
            self.updates.allowed = frozenset(allowed) or None
        return await self.updates.poll(
            parameters.get("offset"), parameters.get("limit", 100), parameters.get("timeout", 0)
        )

    async def _set_webhook(self, parameters: dict[str, Any]) -> bool:
        if (allowed := parameters.get("allowed_updates")) is not None:
            self.updates.allowed = frozenset(allowed) or None
        self._drop(parameters)
        url = parameters.get("url", "")
        if url and not url.startswith(("http://", "https://")):
            raise bad("bad webhook: invalid URL")
        self.accepted.append(Accepted("setWebhook", parameters, "call", time.monotonic()))
        connections = parameters.get("max_connections", 40)
        await self.updates.set_webhook(Webhook(url, parameters.get("secret_token"), connections) if url else None)
        return True

    async def _delete_webhook(self, parameters: dict[str, Any]) -> bool:
        self._drop(parameters)
        await self.updates.set_webhook(None)
        return True

    def _drop(self, parameters: dict[str, Any]) -> None:
        if parameters.get("drop_pending_updates"):
            self.updates.dropped += len(self.updates.pending)
            self.updates.pending.clear()

    def _webhook_info(self, _: dict[str, Any]) -> dict[str, Any]:
        webhook = self.updates.webhook
        pending = len(self.updates.pending)
        return {"url": webhook.url if webhook else "", "has_custom_certificate": False, "pending_update_count": pending}

    def _get_me(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            **self.me,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }


def _show(chat: Chat, heard: Heard, markup: dict[str, Any]) -> None:
    if "inline_keyboard" in markup:
        heard.message["reply_markup"] = markup
        heard.buttons = [(b["text"], b.get("callback_data", "")) for row in markup["inline_keyboard"] for b in row]
    if not isinstance(chat, Person):
        return
    if "keyboard" in markup:
        keys = [{"text": key} if isinstance(key, str) else key for row in markup["keyboard"] for key in row]
        chat.keyboard = {key["text"]: bool(key.get("request_contact")) for key in keys}
        heard.keyboard = [*chat.keyboard]
    elif "remove_keyboard" in markup:
        chat.keyboard = {}


def _answer(result: Any) -> Response:
    return Response(200, _OK if result is True else b'{"ok":true,"result":%s}' % json.dumps(result).encode())


def _keeps(field_name: str, limit: int) -> Callable[[BotApi, dict[str, Any]], bool]:
    def keep(api: BotApi, parameters: dict[str, Any]) -> bool:
        value = parameters.get(field_name, "")
        if len(value) > limit:
            raise bad(f"{field_name} is too long")
        for command in value if field_name == "commands" else ():
            name = command.get("command", "")
            if command.keys() != {"command", "description"} or not 1 <= len(name) <= 32 or name != name.lower():
                raise bad("BOT_COMMAND_INVALID")
        api.profile[field_name, parameters.get("language_code", "")] = value
        return True

    return keep


def _tells(field_name: str) -> Callable[[BotApi, dict[str, Any]], Any]:
    def tell(api: BotApi, parameters: dict[str, Any]) -> Any:
        language = parameters.get("language_code", "")
        if field_name == "commands":
            return api.profile.get((field_name, language), [])
        everyone = api.profile.get((field_name, ""), "")
        return {field_name: api.profile.get((field_name, language), everyone)}

    return tell


_QUICK: Final[dict[str, Callable[[BotApi, dict[str, Any]], Any]]] = {
    "getMe": BotApi._get_me,
    "getWebhookInfo": BotApi._webhook_info,
    "sendMessage": BotApi._send_message,
    "sendDocument": BotApi._send_file,
    "sendVoice": BotApi._send_file,
    "editMessageReplyMarkup": BotApi._edit_markup,
    "answerCallbackQuery": BotApi._acknowledge,
    "leaveChat": BotApi._leave,
    "setMyCommands": _keeps("commands", 100),
    "getMyCommands": _tells("commands"),
    "setMyName": _keeps("name", 64),
    "getMyName": _tells("name"),
    "setMyDescription": _keeps("description", 512),
    "getMyDescription": _tells("description"),
    "setMyShortDescription": _keeps("short_description", 120),
    "getMyShortDescription": _tells("short_description"),
}
_SLOW: Final[dict[str, Callable[[BotApi, dict[str, Any]], Awaitable[Any]]]] = {
    "getUpdates": BotApi._get_updates,
    "setWebhook": BotApi._set_webhook,
    "deleteWebhook": BotApi._delete_webhook,
}
