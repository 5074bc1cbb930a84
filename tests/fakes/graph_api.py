"""A WhatsApp Cloud API server for tests: real HTTP on the loopback interface, and strict.

    async with GraphApi() as api:
        await api.set_webhook("http://127.0.0.1:8080/whatsapp")
        budi = api.person("6281200000001", "Budi Contoh")
        budi.says("halo")                      # reaches the service by its webhook
        assert "Setara Kerja" in (await budi.hears()).text
        budi.taps("Cari lowongan")

The service under test gets ``api.url``, ``api.token``, ``api.phone_id``, ``api.app_secret`` and ``api.verify_token``.
``api.accepted`` is everything that was accepted. Time is the fake's own: ``api.moves(hours=25)`` closes every window.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import random
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from itertools import count
from types import TracebackType
from typing import Any, Final

from tests.fakes.graph_api_errors import GraphError
from tests.fakes.graph_api_faults import Accepted, Fault, Faults, Limits, What
from tests.fakes.graph_api_media import Media, check_media, uploaded
from tests.fakes.graph_api_rules import Json, check_message, check_read, json_of
from tests.fakes.graph_api_statuses import price, status, window_is_open
from tests.fakes.graph_api_templates import Category, Template, filled, reviewed
from tests.fakes.graph_api_updates import Update, Updates
from tests.fakes.http import Request, Response, Server
from tests.fakes.whatsapp_people import Heard, WhatsAppPerson, heard_of

TOKEN: Final = "CONTOH-token-rahasia-untuk-uji"
PHONE_ID: Final = "100000000000001"
APP_SECRET: Final = "contoh-rahasia-aplikasi"
VERIFY_TOKEN: Final = "contoh-token-verifikasi"
ACCOUNT: Final = "200000000000002"
BUSINESS_PHONE: Final = "6281290000000"

_CUT: Final = Response(cut=True)
_PATH: Final = re.compile(rb"/v\d+\.\d+/(?P<id>[^/?]+)(?:/(?P<edge>[a-z_]+))?/?(?:\?.*)?")


class GraphApi(Faults):
    """The server of one business number; ``url`` goes without a version."""

    refuses_late: bool = True
    """Whether what cannot reach somebody is accepted first and fails by a status, or is refused at once.

    The documentation allows both for closed windows (131047), numbers without WhatsApp (131026) and stopped
    marketing (131050). The first is what is seen of the platform, and what a service overlooks more easily.
    """
    statuses: bool = True
    """Whether statuses are told."""
    status_contacts: bool = True
    """Whether statuses say who they are about, as they do since usernames exist."""
    shuffles_statuses: bool = False
    """Whether statuses of one message come in any order, each by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.token, self.phone_id, self.app_secret, self.verify_token = TOKEN, PHONE_ID, APP_SECRET, VERIFY_TOKEN
        self.business_phone = BUSINESS_PHONE
        self.clock: Callable[[], float] = time.time
        """Unix seconds, to which ``moves`` adds."""
        self.accepted: list[Accepted] = []
        self.refused: list[tuple[int, str]] = []
        """Code and details of every refusal, those of faults included."""
        self.calls: dict[str, int] = {}
        """Requests by kind (``message``, ``read``, ``media``), whatever became of them."""
        self.marked: list[str] = []
        """Messages that were marked as read, in order."""
        self.typing: list[str] = []
        """Those of them to which an answer was announced."""
        self.media: dict[str, Media] = {}
        self.templates: dict[tuple[str, str], Template] = {}
        """By name and language."""
        self.limits = Limits()
        self.chance = random.Random(1)
        self.updates = Updates(ACCOUNT, APP_SECRET)
        self._moved = 0.0
        self._people: dict[str, WhatsAppPerson] = {}
        self._outbound: set[str] = set()
        self._inbound: dict[str, WhatsAppPerson] = {}
        self._ids = count(1)
        self._server = Server(self._handle)

    async def start(self, port: int = 0) -> None:
        await self._server.start(port)
        self.updates.resume()

    async def stop(self) -> None:
        """Stop listening and calling the webhook; what is pending stays, and ``start`` goes on."""
        await self.updates.stop()
        await self._server.stop()

    async def __aenter__(self) -> GraphApi:
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

    # Time

    def now(self) -> float:
        """Unix seconds by the platform's clock."""
        return self.clock() + self._moved

    def timestamp(self) -> str:
        return str(int(self.now()))

    def moves(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Time passes at once."""
        self._moved += ((days * 24 + hours) * 60 + minutes) * 60 + seconds

    # People and templates

    def person(
        self, phone: str, name: str = "Contoh", *, on_whatsapp: bool = True, username: bool = False,
        without_user_id: bool = False,
    ) -> WhatsAppPerson:  # fmt: skip
        """Somebody new.

        Args:
            phone: digits with the country's code, without a plus sign; whoever had the number loses it.
            name: of their profile.
            on_whatsapp: False for a number without WhatsApp, to which nothing can be sent.
            username: whether they have one, so that the service is told it and a user id, but no number.
            without_user_id: whether updates leave out the user id, as older ones do.
        """
        person = WhatsAppPerson(
            self, phone, name, on_whatsapp=on_whatsapp, username=username, user_id=not without_user_id
        )
        self._people |= {phone: person, person.user_id: person}
        return person

    def approve(
        self, name: str, language: str, body: str, *, category: Category = "utility", buttons: Sequence[str] = ()
    ) -> Template:
        """Have a template approved; its ``status`` may be set afterwards. Raises ``NotApproved``."""
        template = reviewed(Template(name, language, category, body, tuple(buttons)))
        self.templates[name, language] = template
        return template

    # The webhook

    async def set_webhook(self, url: str, verify_token: str | None = None) -> None:
        """Verify a webhook and call it from now on; raises ``WebhookRefused``."""
        await self.updates.set_webhook(url, verify_token or self.verify_token)

    def together(self) -> AbstractContextManager[None]:
        """Whatever people do meanwhile is told in one call, when it is over."""
        return self.updates.together()

    @property
    def batch(self) -> int:
        """Updates told in one call, at most."""
        return self.updates.batch

    @batch.setter
    def batch(self, updates: int) -> None:
        self.updates.batch = updates

    @property
    def repeats(self) -> bool:
        """Whether every call comes once more, some time after it was answered."""
        return self.updates.repeats

    @repeats.setter
    def repeats(self, is_so: bool) -> None:
        self.updates.repeats = is_so

    # What became of messages

    def sent(self, to: str | None = None) -> list[Accepted]:
        """Messages that were accepted and did not fail, in order (to one number or user id)."""
        sent = [message for message in self.accepted if message.error is None]
        return [message for message in sent if to is None or to == message.to or self._people.get(to) is message.person]

    @property
    def failed(self) -> list[Accepted]:
        """Messages that were accepted, and then failed."""
        return [message for message in self.accepted if message.error is not None]

    @property
    def accepted_but_unanswered(self) -> int:
        """Messages that were accepted though the service could not know."""
        return sum(not message.answered for message in self.accepted)

    # For people

    def new_user_id(self, phone: str) -> str:
        """An id by which the business knows whoever has the number now, and nobody who had it before."""
        country = "ID" if phone.startswith("62") else "MY"
        return f"{country}.{int(hashlib.sha256(f'{phone}/{next(self._ids)}'.encode()).hexdigest()[:13], 16):016d}"

    def new_id(self, person: WhatsAppPerson | None, *, inbound: bool = False, to: str = "") -> str:
        """An id of a message, with its person's number in it as in the platform's own."""
        whose = (to or (person.user_id if person.hides_number else person.phone) if person else to).encode()
        number = f"{next(self._ids):018X}{'5A' if inbound else ''}".encode()
        parts = b"\x1c\x18", bytes([len(whose)]), whose, b"\x15\x02\x00", b"\x12\x18" if inbound else b"\x11\x18"
        id = "wamid." + base64.b64encode(b"".join((*parts, bytes([len(number)]), number, b"\x00"))).decode()
        if inbound and person is not None:
            self._inbound[id] = person
        return id

    def adds(self, person: WhatsAppPerson, id: str, about: dict[str, Any]) -> None:
        """Tell the service what a person did."""
        kind: Final = "user_preferences" if "user_preferences" in about else "messages"
        self.updates.add(Update(id, person.lane, kind, self._value(about)))

    def tells(self, message: Accepted, names: Sequence[str]) -> None:
        """Tell the service how far a message came."""
        if not self.statuses:
            return
        if self.shuffles_statuses:
            names = self.chance.sample(names, len(names))
        for name in names:
            about = status(message, name, self.timestamp(), self.status_contacts)
            id = f"{message.id}/{name}"
            lane = id if self.shuffles_statuses else f"{message.to}/statuses"
            self.updates.add(Update(id, lane, "messages", self._value(about)))

    def moves_person(self, person: WhatsAppPerson, old_phone: str, old_id: str) -> None:
        """Know somebody by other ids; the old number may be somebody else's by now."""
        for id in (old_phone, old_id):
            if self._people.get(id) is person:
                del self._people[id]
        self._people |= {person.phone: person, person.user_id: person}

    def _value(self, about: dict[str, Any]) -> dict[str, Any]:
        metadata = {"display_phone_number": self.business_phone, "phone_number_id": self.phone_id}
        return {"messaging_product": "whatsapp", "metadata": metadata, **about}

    # Requests

    def _handle(self, request: Request) -> Response | Awaitable[Response]:
        try:
            edge = self._edge(request)
            if edge == "file":
                return self._file(request)
            body = json_of(request) if edge == "messages" else {}
            what: What = "media" if edge == "media" else "read" if "status" in body else "message"
            self.calls[what] = self.calls.get(what, 0) + 1
            if (fault := self._fault(what, self._named(body))) is not None:
                return self._go_wrong(fault, what, request, body)
            return _answer(self._act(what, request, body))
        except GraphError as error:
            return self._refuse(error)

    def _edge(self, request: Request) -> str:
        """Where a request goes: ``messages``, ``media`` or, for an upload, ``file``."""
        if request.headers.get(b"authorization") != f"Bearer {self.token}".encode():
            raise GraphError(190)
        if (path := _PATH.fullmatch(request.target)) is None:
            raise GraphError(2500, f"Unknown path components: {request.target.decode()}")
        id, edge = path["id"].decode(), (path["edge"] or b"").decode()
        if request.method == "GET" and not edge and id in self.media:
            return "file"
        if request.method != "POST" or id != self.phone_id:
            raise GraphError(
                100,
                f"Unsupported {request.method.lower()} request. Object with ID '{id}' does not exist, "
                "cannot be loaded due to missing permissions, or does not support this operation",
                subcode=33,
            )
        if edge not in {"messages", "media"}:
            raise GraphError(2500, f"Unknown path components: /{edge}")
        return edge

    def _act(self, what: What, request: Request, body: Json) -> Json:
        match what:
            case "message":
                return self._send(body)
            case "read":
                return self._mark(body)
            case "media":
                media = uploaded(request, str(3_000_000_000_000_000 + next(self._ids)), self.now())
                self.media[media.id] = media
                return {"id": media.id}

    def _refuse(self, error: GraphError) -> Response:
        self.refused.append((error.code, error.details))
        return Response(error.http, json.dumps(error.answer(f"AContoh{len(self.refused)}")).encode())

    def _named(self, body: Json) -> set[str]:
        """Every way to name whom a message is for."""
        to = str(body.get("to") or body.get("recipient") or "").removeprefix("+")
        person = self._people.get(to)
        return {to, person.phone, person.user_id} if person else {to}

    def _go_wrong(self, fault: Fault, what: What, request: Request, body: Json) -> Response | Awaitable[Response]:
        match fault.does:
            case "refuse":
                return self._refuse(fault.error or GraphError(1))
            case "answer":
                return fault.answer or _CUT
            case "cut before":
                return _CUT
            case "cut after":
                self._act(what, request, body)
                if what == "message":
                    self.accepted[-1].answered = False
                return _CUT
            case "wait":
                answer = _answer(self._act(what, request, body))
                return self._late(answer, fault.seconds, self.accepted[-1:] if what == "message" else ())

    async def _late(self, answer: Response, seconds: float, messages: Sequence[Accepted]) -> Response:
        for message in messages:
            message.answered = False
        await asyncio.sleep(seconds)
        for message in messages:
            message.answered = True
        return answer

    def _file(self, request: Request) -> Response:
        id = request.target.partition(b"?")[0].rstrip(b"/").rpartition(b"/")[2].decode()
        return _answer(self.media[id].described() | {"url": f"{self.url}/contoh/{id}"})

    # Messages

    def _send(self, body: Json) -> Json:
        to, kind = check_message(body), body["type"]
        if to == self.business_phone:
            raise GraphError(131021)
        answered = body.get("context", {}).get("message_id")
        if answered is not None and answered not in self._outbound and answered not in self._inbound:
            raise GraphError(131009, f"There is no message {answered} to answer")
        content = body[kind]
        template = self.templates.get((content["name"], content["language"]["code"])) if kind == "template" else None
        shown = filled(template, content) if kind == "template" else None
        media = self.media.get(content.get("id", "")) if kind in {"document", "audio", "image"} else None
        if kind in {"document", "audio", "image"}:
            check_media(kind, content, media, self.now())
        person = self._people.get(to)
        error = self._obstacle(to, person, kind, template)
        if error is not None and not self.refuses_late:
            raise error
        self.limits.check(person.lane if person else to, self.now())
        heard = heard_of(self.new_id(person, to=to), body, shown, media)
        pricing = price(template, window_is_open(person, self.now()))
        message = Accepted(heard.id, to, kind, heard.text, body, person, pricing, self.now(), error)
        self.accepted.append(message)
        self._outbound.add(message.id)
        self._bring(message, heard)
        contact = {"input": body.get("to") or to, **({"wa_id": to} if "to" in body else {"user_id": to})}
        sent = {"id": message.id} | ({"message_status": "accepted"} if kind == "template" else {})
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]}

    def _obstacle(
        self, to: str, person: WhatsAppPerson | None, kind: str, template: Template | None
    ) -> GraphError | None:
        """Why a message that is well-formed cannot reach this person."""
        if person is None or not person.on_whatsapp or (to == person.phone and not person.number_is_known):
            return GraphError(131026)
        if kind != "template" and not window_is_open(person, self.now()):
            return GraphError(131047)
        if template is not None and template.category == "marketing" and not person.takes_marketing:
            return GraphError(131050)
        return None

    def _bring(self, message: Accepted, heard: Heard) -> None:
        if message.error is not None or message.person is None:
            self.tells(message, ["failed"])
        else:
            self.tells(message, ["sent", *message.person.receive(message, heard)])

    def _mark(self, body: Json) -> Json:
        check_read(body, "message")
        id = body["message_id"]
        if (person := self._inbound.get(id)) is None or not self.updates.attempts.get(id):
            raise GraphError(131009, f"No message {id} was ever delivered")
        # With a message all before it are read, too.
        upto = person.said.index(id) + 1 if id in person.said else 0
        person.seen += [said for said in person.said[:upto] if said not in person.seen]
        self.marked.append(id)
        if "typing_indicator" in body:
            self.typing.append(id)
        return {"success": True}


def _answer(result: Json) -> Response:
    return Response(200, json.dumps(result).encode())
