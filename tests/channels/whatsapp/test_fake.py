"""The fake platform is strict where the platform is, and tells a service what the platform would tell it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.fakes.graph_api import ACCOUNT, APP_SECRET, BUSINESS_PHONE, PHONE_ID, VERIFY_TOKEN, GraphApi
from tests.fakes.graph_api_media import KEPT_SECONDS, SIZES
from tests.fakes.graph_api_templates import NotApproved
from tests.fakes.graph_api_updates import WebhookRefused, signature
from tests.fakes.http import Request, Response, Server
from tests.fakes.whatsapp_people import WhatsAppPerson

BUDI, SITI = "6281200000001", "6281200000002"


class Service:
    """A webhook that keeps what it is told, by the number of statuses that it shall answer with."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.statuses: list[int] = []
        """What to answer next; 200 when there is nothing."""
        self.echo: Callable[[str], bytes] = str.encode
        self.server = Server(self._handle)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/whatsapp?contoh=1"

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Messages, statuses or preferences, in the order in which they came."""
        return [part for value in self.values() for part in value.get(kind, [])]

    def values(self) -> list[dict[str, Any]]:
        return [change["value"] for call in self.calls for entry in call["entry"] for change in entry["changes"]]

    def texts(self) -> list[str]:
        return [message["text"]["body"] for message in self.told("messages")]

    def how_far(self) -> list[str]:
        return [told["status"] for told in self.told("statuses")]

    def _handle(self, request: Request) -> Response:
        if request.method == "GET":
            query = parse_qs(urlsplit(request.target.decode()).query)
            if query["hub.mode"] != ["subscribe"] or query["hub.verify_token"] != [VERIFY_TOKEN]:
                return Response(403)
            return Response(200, self.echo(query["hub.challenge"][0]))
        if request.headers[b"x-hub-signature-256"].decode() != signature(APP_SECRET, request.body):
            return Response(401)
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.calls.append(json.loads(request.body))
        return Response(status)


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with GraphApi() as api:
        api.updates.retry_delay = 0.001
        yield api


@pytest.fixture
async def service(api: GraphApi) -> AsyncIterator[Service]:
    service = Service()
    await service.server.start()
    await api.set_webhook(service.url)
    yield service
    await service.server.stop()


@pytest.fixture
def budi(api: GraphApi) -> WhatsAppPerson:
    budi = api.person(BUDI, "Budi Contoh")
    budi.says("halo")
    return budi


async def post(api: GraphApi, body: Any, edge: str = "messages", **options: Any) -> tuple[int, dict[str, Any]]:
    url = f"{api.url}/v25.0/{options.get('phone_id', api.phone_id)}/{edge}"
    headers = {"Authorization": f"Bearer {options.get('token', api.token)}"}
    content = {"data": body} if isinstance(body, (bytes, aiohttp.FormData)) else {"json": body}
    async with aiohttp.ClientSession() as session, session.post(url, headers=headers, **content) as answer:
        return answer.status, await answer.json()


def message(content: Any = "Halo", kind: str = "text", **more: Any) -> dict[str, Any]:
    content = {"body": content} if isinstance(content, str) else content
    envelope = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": BUDI}
    return {**envelope, "type": kind, kind: content, **more}


def buttons(*titles: str, body: str = "Pilih", **more: Any) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": f"1:{n}", "title": title}} for n, title in enumerate(titles)]
    content = {"type": "button", "body": {"text": body}, "action": {"buttons": replies}, **more}
    return message(content, "interactive")


def rows(*titles: str, button: str = "Pilih jawaban", **more: Any) -> dict[str, Any]:
    listed = [{"id": f"1:{n}", "title": title, **more} for n, title in enumerate(titles)]
    return sections(button, {"rows": listed})


def sections(button: str, *sections: Any) -> dict[str, Any]:
    action = {"button": button, "sections": [*sections]}
    return message({"type": "list", "body": {"text": "Pilih"}, "action": action}, "interactive")


def template(*texts: str, name: str = "kabar_contoh", language: str = "id", **more: Any) -> dict[str, Any]:
    parameters = [{"type": "text", "text": text} for text in texts]
    components = [{"type": "body", "parameters": parameters}] if texts else []
    return message({"name": name, "language": {"code": language}, "components": components}, "template", **more)


def file(data: bytes, mime: str, named: str | None = None, product: str = "whatsapp") -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("messaging_product", product)
    form.add_field("type", named or mime)
    form.add_field("file", data, filename="contoh", content_type=mime)
    return form


async def eventually(true: Callable[[], object], seconds: float = 3.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # what is waited for may be anything
            await asyncio.sleep(0.002)


# What is refused

ROW = {"id": "1", "title": "satu"}


@pytest.mark.parametrize(
    ("body", "code", "why"),
    [
        (message(""), 100, "text.body length invalid"),
        (message(" \n"), 100, "text.body length invalid"),
        (message("x" * 4097), 100, "Max length: 4096"),
        (message({}), 131008, "text.body is required"),
        (message({"body": 5}), 100, "text.body must be a string"),
        (message({"body": "x", "preview": True}), 100, 'Unexpected key "preview" on param text'),
        (message({"body": "x", "preview_url": 1}), 100, "text.preview_url must be one of (True, False)"),
        ({**message(), "type": "teks"}, 100, "Param type must be one of"),
        ({**message(), "type": "interactive"}, 100, "interactive is required"),
        ({**message(), "image": {"id": "1"}}, 100, 'Unexpected key "image"'),
        (message(recipient_type="group"), 100, "recipient_type must be one of"),
        (message(messaging_product="telegram"), 100, "messaging_product is required"),
        (message(tos=BUDI), 100, 'Unexpected key "tos"'),
        (message(recipient="ID.1"), 100, "Exactly one of"),
        (message(to="0812"), 131009, "not a valid phone number"),
        (message(to=BUSINESS_PHONE), 131021, "same"),
        (message(context={"message_id": "wamid.x"}), 131009, "There is no message wamid.x"),
        (message(biz_opaque_callback_data="x" * 513), 131009, "Max length: 512"),
        ({key: value for key, value in message().items() if key != "to"}, 100, "Exactly one of"),
        ({**{k: v for k, v in message().items() if k != "to"}, "recipient": BUDI}, 131009, "business-scoped user ID"),
        (buttons(), 131009, "buttons count invalid"),
        (buttons("a", "b", "c", "d"), 131009, "Max allowed: 3"),
        (buttons("x" * 21), 131009, "title length invalid. Min length: 1, Max length: 20"),
        (buttons("sama", "sama"), 131009, "Duplicated button title"),
        (buttons("a", body="x" * 1025), 131009, "Max length: 1024"),
        (buttons("a", footer={"text": "x" * 61}), 131009, "Max length: 60"),
        (buttons("a", foot={}), 100, 'Unexpected key "foot"'),
        (rows(), 131009, "rows count invalid"),
        (rows(*map(str, range(11))), 131009, "Max allowed: 10"),
        (rows("x" * 25), 131009, "Max length: 24"),
        (rows("a", description="x" * 73), 131009, "Max length: 72"),
        (rows("a", description=""), 131009, "description length invalid"),
        (rows("a", button="x" * 21), 131009, "button length invalid"),
        (sections("Pilih"), 131009, "sections count invalid"),
        (sections("Pilih", {"rows": [ROW]}, {"rows": [{**ROW, "id": "2"}]}), 131009, "Section title is required"),
        (sections("Pilih", {"rows": [ROW, ROW]}), 131009, "Duplicated row id"),
        (sections("Pilih", {"rows": [{**ROW, "id": "x" * 201}]}), 131009, "Max length: 200"),
        (sections("Pilih", {"rows": [{**ROW, "id": " 1"}]}), 131009, "leading or trailing spaces"),
        (message({"type": "flow"}, "interactive"), 131009, "'flow' is not known"),
        (message({"link": "https://contoh.id/x.pdf"}, "document"), 100, 'Unexpected key "link"'),
        (message({"id": "77"}, "audio"), 131009, "Media ID 77"),
        (template(name="lain"), 132001, "does not exist in id"),
        (b"{", 100, "must be application/json"),
        ([], 100, "must be an object"),
    ],
)
async def test_a_wrong_message_is_refused(api: GraphApi, budi: WhatsAppPerson, body: Any, code: int, why: str) -> None:
    status, answer = await post(api, body)
    assert (status, answer["error"]["code"]) == (404 if code == 132001 else 400, code)
    assert why in answer["error"]["error_data"]["details"]
    assert answer["error"]["message"].startswith(f"(#{code}) ")
    assert [refusal[0] for refusal in api.refused] == [code]
    assert api.accepted == []


async def test_what_is_just_within_the_limits_is_accepted(api: GraphApi, budi: WhatsAppPerson) -> None:
    ten = [{"id": str(n), "title": "x" * 24, "description": "x" * 72} for n in range(10)]
    for body in (
        message("x" * 4096, biz_opaque_callback_data="x" * 512),
        buttons("x" * 20, "y" * 20, "z" * 20, body="x" * 1024),
        sections("x" * 20, {"title": "satu", "rows": ten[:5]}, {"title": "dua", "rows": ten[5:]}),
    ):
        assert (await post(api, body))[0] == 200
    assert [(await budi.hears()).kind for _ in range(3)] == ["text", "button", "list"]


async def test_tokens_numbers_and_paths(api: GraphApi) -> None:
    status, answer = await post(api, message(), token="salah")
    assert (status, answer["error"]["code"], answer["error"]["type"]) == (401, 190, "OAuthException")
    status, answer = await post(api, message(), phone_id="7")
    error = answer["error"]
    assert (status, error["code"], error["error_subcode"]) == (400, 100, 33)
    assert (await post(api, message(), edge="pesan"))[1]["error"]["code"] == 2500
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {api.token}"}) as session:
        async with session.post(f"{api.url}/{PHONE_ID}/messages", json=message()) as versionless:
            assert (await versionless.json())["error"]["code"] == 2500
        async with session.get(f"{api.url}/v25.0/{PHONE_ID}/messages") as read:
            assert (await read.json())["error"]["error_subcode"] == 33
    assert api.calls == {}


# What is accepted


async def test_a_talk(api: GraphApi, service: Service, budi: WhatsAppPerson) -> None:
    status, answer = await post(api, buttons("Ya", "Tidak"))
    id = answer["messages"][0]["id"]
    assert (status, answer["contacts"]) == (200, [{"input": BUDI, "wa_id": BUDI}])
    assert BUDI.encode() in base64.b64decode(id.removeprefix("wamid."))
    heard = await budi.hears()
    assert (heard.id, heard.text, heard.buttons) == (id, "Pilih", [("Ya", "1:0", ""), ("Tidak", "1:1", "")])
    budi.taps("Tidak")
    await post(api, rows("Netra", description="(tidak melihat)"))
    budi.taps("Netra")
    budi.taps_old(heard, "Ya")
    await eventually(lambda: len(service.told("messages")) == 4)
    first, tapped, chosen, old = service.told("messages")
    contact = {"profile": {"name": "Budi Contoh"}, "wa_id": BUDI, "user_id": budi.user_id}
    metadata = {"display_phone_number": BUSINESS_PHONE, "phone_number_id": PHONE_ID}
    assert service.calls[0]["entry"][0]["id"] == ACCOUNT
    assert service.values()[0] == {
        "messaging_product": "whatsapp", "metadata": metadata, "contacts": [contact], "messages": [first],
    }  # fmt: skip
    assert (first["from"], first["from_user_id"], first["type"]) == (BUDI, budi.user_id, "text")
    assert abs(int(first["timestamp"]) - api.now()) < 5
    assert tapped["interactive"] == {"type": "button_reply", "button_reply": {"id": "1:1", "title": "Tidak"}}
    assert tapped["context"] == {"from": BUSINESS_PHONE, "id": id}
    reply = {"id": "1:0", "title": "Netra", "description": "(tidak melihat)"}
    assert chosen["interactive"] == {"type": "list_reply", "list_reply": reply}
    assert old["interactive"]["button_reply"]["id"] == "1:0"
    assert len({message["id"] for message in service.told("messages")}) == 4
    with pytest.raises(AssertionError, match="no button 'Mungkin'"):
        budi.taps("Mungkin")


async def test_whatever_else_people_send(api: GraphApi, service: Service, budi: WhatsAppPerson) -> None:
    for kind in ("voice", "image", "video", "document", "sticker", "location", "reaction", "order", "unsupported"):
        budi.sends(kind)
    budi.sends("image", "Ijazah")
    budi.shares_contact()
    budi.shares_contact("6281299990001", own=False)
    budi.edits("hallo")
    budi.edits("hallo", supported=True)
    budi.deletes()
    await eventually(lambda: not api.updates.pending)
    told = service.told("messages")[1:]
    assert [message["type"] for message in told] == [
        "audio", "image", "video", "document", "sticker", "location", "reaction", "order", "unsupported", "image",
        "contacts", "contacts", "unsupported", "edit", "revoke",
    ]  # fmt: skip
    assert all(message["type"] in message for message in told)
    assert told[0]["audio"]["voice"] is True
    assert told[9]["image"]["caption"] == "Ijazah"
    assert [card["contacts"][0]["phones"][0]["wa_id"] for card in told[10:12]] == [BUDI, "6281299990001"]
    assert told[12]["unsupported"] == {"type": "edit"}
    assert told[12]["errors"][0]["code"] == 131051


async def test_preferences_and_new_numbers(api: GraphApi, service: Service, budi: WhatsAppPerson) -> None:
    old_id = budi.user_id
    budi.stops_marketing()
    budi.changes_number("6281200000009")
    await eventually(lambda: not api.updates.pending)
    [stop] = service.told("user_preferences")
    assert (stop["wa_id"], stop["category"], stop["value"]) == (BUDI, "marketing_messages", "stop")
    assert service.calls[1]["entry"][0]["changes"][0]["field"] == "user_preferences"
    value = service.values()[-1]
    assert "contacts" not in value
    [changed] = value["messages"]
    assert (changed["from"], changed["type"]) == (BUDI, "system")
    assert changed["system"]["type"] == "user_changed_number"
    assert changed["system"]["wa_id"] == "6281200000009"
    assert (changed["system"]["previous_user_id"], changed["system"]["user_id"]) == (old_id, budi.user_id)
    assert old_id != budi.user_id
    await post(api, message())
    assert [failed.error and failed.error.code for failed in api.failed] == [131026]


async def test_a_number_may_be_handed_on(api: GraphApi, budi: WhatsAppPerson) -> None:
    siti = api.person(BUDI, "Siti Contoh")
    siti.says("halo")
    await post(api, message())
    assert ([heard.text for heard in siti.messages], budi.messages) == (["Halo"], [])
    assert siti.user_id != budi.user_id
    budi.changes_number(SITI)
    await post(api, message())
    assert len(siti.messages) == 2


async def test_who_has_a_username_tells_no_number(api: GraphApi, service: Service) -> None:
    siti = api.person(SITI, "Siti Contoh", username=True)
    siti.says("halo")
    await eventually(lambda: service.calls)
    [value] = service.values()
    assert SITI not in json.dumps(value)
    assert value["contacts"][0]["user_id"] == value["messages"][0]["from_user_id"] == siti.user_id
    body = {key: part for key, part in message().items() if key != "to"}
    _, answer = await post(api, {**body, "recipient": siti.user_id})
    assert answer["contacts"] == [{"input": siti.user_id, "user_id": siti.user_id}]
    assert (await siti.hears()).text == "Halo"
    await eventually(lambda: service.how_far() == ["sent", "delivered"])
    assert {told["recipient_user_id"] for told in service.told("statuses")} == {siti.user_id}
    assert SITI not in json.dumps(service.calls)
    await post(api, message(to=SITI))
    assert len(api.failed) == 1, "nobody can know the number"
    siti.shares_contact()
    await post(api, message(to=SITI))
    assert len(api.failed) == 1
    old = api.person("6281200000003", without_user_id=True)
    old.says("halo")
    await eventually(lambda: not api.updates.pending)
    assert "user_id" not in json.dumps(service.values()[-1])


# The window, templates and prices


@pytest.mark.parametrize("late", [True, False])
async def test_the_window_closes_after_a_day(api: GraphApi, service: Service, budi: WhatsAppPerson, late: bool) -> None:
    api.refuses_late = late
    api.moves(hours=23, minutes=59)
    assert (await post(api, message()))[0] == 200
    await eventually(lambda: service.how_far() == ["sent", "delivered"])
    assert service.told("statuses")[0]["pricing"] == {
        "billable": False, "pricing_model": "PMP", "category": "service", "type": "free_customer_service",
    }  # fmt: skip
    api.moves(minutes=2)
    budi.sends("reaction")  # is not a message
    status, answer = await post(api, message())
    if late:
        assert status == 200
        await eventually(lambda: service.how_far()[2:] == ["failed"])
        failed = service.told("statuses")[-1]
        assert failed["id"] == answer["messages"][0]["id"]
        assert [error["code"] for error in failed["errors"]] == [131047]
        assert "pricing" not in failed
    else:
        assert (status, answer["error"]["code"]) == (400, 131047)
    assert len(budi.messages) == len(api.sent(BUDI)) == 1
    budi.says("masih ada?")
    assert (await post(api, message()))[0] == 200
    assert len(budi.messages) == 2


@pytest.mark.parametrize("late", [True, False])
async def test_a_number_without_whatsapp(api: GraphApi, service: Service, late: bool) -> None:
    api.refuses_late = late
    nobody = api.person(SITI, on_whatsapp=False)
    for number in (SITI, "6281200000077"):
        status, answer = await post(api, message(to=number))
        assert (status, answer.get("error", {}).get("code")) == ((200, None) if late else (400, 131026))
    await eventually(lambda: not api.updates.pending)
    assert service.how_far() == (["failed", "failed"] if late else [])
    for value in service.values():
        assert [*value["contacts"][0]] == ["wa_id"]
        assert value["statuses"][0]["errors"][0]["code"] == 131026
    assert nobody.messages == []
    with pytest.raises(AssertionError, match="not on WhatsApp"):
        nobody.says("halo")


async def test_templates(api: GraphApi, service: Service) -> None:
    api.approve("kabar_contoh", "id", "Halo {{1}}, ada {{2}} kabar. Balas untuk membaca.", buttons=["Baca"])
    budi = api.person(BUDI)
    _, answer = await post(api, template("Budi", "2"))
    assert answer["messages"][0]["message_status"] == "accepted"
    heard = await budi.hears()
    assert (heard.kind, heard.text) == ("template", "Halo Budi, ada 2 kabar. Balas untuk membaca.")
    assert heard.template is not None
    assert (heard.template.template.name, heard.template.template.language) == ("kabar_contoh", "id")
    assert heard.template.parameters == ("Budi", "2")
    await eventually(lambda: service.how_far() == ["sent", "delivered"])
    price = service.told("statuses")[0]["pricing"]
    assert (price["billable"], price["category"], price["type"]) == (True, "utility", "regular")
    budi.taps_template("Baca")
    await eventually(lambda: service.told("messages"))
    assert service.told("messages")[0]["button"] == {"payload": "Baca", "text": "Baca"}
    assert service.told("messages")[0]["context"]["id"] == heard.id
    payload = {"type": "BUTTON", "sub_type": "QUICK_REPLY", "index": 0}
    body = template("Budi", "2")
    body["template"]["components"].append({**payload, "parameters": [{"type": "payload", "payload": "1:baca"}]})
    await post(api, body)
    assert (await budi.hears()).buttons == [("Baca", "1:baca", "")]
    assert api.accepted[-1].pricing["billable"] is False, "the window is open now"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (template("Budi"), 132000),
        (template(), 132000),
        (template("Budi", "2", "3"), 132000),
        (template("Budi", ""), 131008),
        (template("Budi", "satu\ndua"), 132018),
        (template("Budi", "satu\tdua"), 132018),
        (template("Budi", "satu     dua"), 132018),
        (template("Budi", "x" * 1020), 132005),
        (template("Budi", "2", language="id_ID"), 132001),
        (template("Budi", "2", name="berhenti_dulu"), 132015),
        (template("Budi", "2", name="dicabut"), 132016),
    ],
)
async def test_a_wrong_template_is_refused(api: GraphApi, body: dict[str, Any], code: int) -> None:
    for name in ("kabar_contoh", "berhenti_dulu", "dicabut"):
        api.approve(name, "id", "Halo {{1}}, ada {{2}} kabar.")
    api.templates["berhenti_dulu", "id"].status = "paused"
    api.templates["dicabut", "id"].status = "disabled"
    budi = api.person(BUDI)
    assert (await post(api, template("Budi", "satu    dua")))[0] == 200
    assert (await post(api, body))[1]["error"]["code"] == code
    assert len(budi.messages) == 1


@pytest.mark.parametrize(
    ("name", "language", "body"),
    [
        ("Kabar", "id", "Halo."),
        ("kabar", "Indonesian", "Halo."),
        ("kabar", "id", ""),
        ("kabar", "id", "{{1}} halo."),
        ("kabar", "id", "Halo {{1}}"),
        ("kabar", "id", "Halo {{2}}."),
        ("kabar", "id", "Halo {{nama}}."),
        ("kabar", "id", "Halo {{1}} {{2}}."),
        ("kabar", "id", "x" * 1025),
    ],
)
def test_not_every_template_is_approved(name: str, language: str, body: str) -> None:
    with pytest.raises(NotApproved):
        GraphApi().approve(name, language, body)


async def test_who_stopped_marketing_gets_only_the_rest(api: GraphApi, budi: WhatsAppPerson) -> None:
    api.approve("iklan", "id", "Ada yang baru.", category="marketing")
    api.approve("kabar", "id", "Ada kabar.")
    budi.stops_marketing()
    await post(api, template(name="iklan"))
    await post(api, template(name="kabar"))
    assert [failed.error and failed.error.code for failed in api.failed] == [131050]
    budi.resumes_marketing()
    await post(api, template(name="iklan"))
    assert [heard.text for heard in budi.messages] == ["Ada kabar.", "Ada yang baru."]
    assert api.accepted[-1].pricing["billable"] is True


# Receipts


async def test_how_far_a_message_came(api: GraphApi, service: Service, budi: WhatsAppPerson) -> None:
    await post(api, message(biz_opaque_callback_data="outbox-1"))
    budi.reads()
    await eventually(lambda: service.how_far() == ["sent", "delivered", "read"])
    statuses = service.told("statuses")
    assert {told["biz_opaque_callback_data"] for told in statuses} == {"outbox-1"}
    assert {(told["recipient_id"], told["recipient_user_id"]) for told in statuses} == {(BUDI, budi.user_id)}
    assert ["pricing" in told for told in statuses] == [True, True, False]
    assert service.values()[-1]["contacts"][0]["user_id"] == budi.user_id
    budi.has_chat_open, api.status_contacts = True, False
    await post(api, message())
    await eventually(lambda: service.how_far()[3:] == ["sent", "read"])
    assert "contacts" not in service.values()[-1]
    api.statuses = False
    await post(api, message())
    assert api.updates.pending == {}


async def test_who_is_offline_or_has_blocked(api: GraphApi, service: Service, budi: WhatsAppPerson) -> None:
    budi.offline = True
    await post(api, message("nanti"))
    await eventually(lambda: service.how_far() == ["sent"])
    assert await budi.hears_nothing(0.05)
    budi.offline = False
    assert (await budi.hears()).text == "nanti"
    await eventually(lambda: service.how_far() == ["sent", "delivered"])
    budi.blocks()
    await post(api, message("tidak sampai"))
    await eventually(lambda: service.how_far()[2:] == ["sent"])
    budi.unblocks()
    await post(api, message("sampai"))
    assert [heard.text for heard in budi.messages] == ["nanti", "sampai"]


async def test_statuses_may_come_in_any_order(api: GraphApi, service: Service, budi: WhatsAppPerson) -> None:
    api.shuffles_statuses = True
    for _ in range(10):
        await post(api, message())
    await eventually(lambda: len(service.how_far()) == 20)
    by_message: dict[str, list[str]] = {}
    for told in service.told("statuses"):
        by_message.setdefault(told["id"], []).append(told["status"])
    assert {tuple(order) for order in by_message.values()} == {("sent", "delivered"), ("delivered", "sent")}


async def test_marking_as_read(api: GraphApi, service: Service, budi: WhatsAppPerson) -> None:
    first, second = budi.said[0], budi.says("lagi")
    await eventually(lambda: not api.updates.pending)
    await api.updates.stop()
    third = budi.says("tidak sampai")
    mark = {"messaging_product": "whatsapp", "status": "read"}
    typing = {"typing_indicator": {"type": "text"}}
    assert await post(api, {**mark, "message_id": second, **typing}) == (200, {"success": True})
    assert (budi.seen, api.marked, api.typing) == ([first, second], [second], [second])
    for wrong in ({"message_id": third}, {"message_id": "wamid.x"}, {}, {"message_id": first, "to": BUDI}):
        assert (await post(api, {**mark, **wrong}))[0] == 400
    assert budi.seen == [first, second]
    assert api.calls == {"read": 5}


# Media


async def test_files_are_uploaded_and_sent(api: GraphApi, budi: WhatsAppPerson) -> None:
    ids = {}
    for mime in ("application/pdf", "audio/ogg; codecs=opus", "audio/mpeg"):
        status, answer = await post(api, file(b"--isi\r\n\r\ncontoh", mime), "media")
        assert status == 200
        ids[mime] = answer["id"]
    pdf, opus, mp3 = ids.values()
    await post(api, message({"id": pdf, "filename": "daftar.pdf", "caption": "Daftar"}, "document"))
    await post(api, message({"id": opus, "voice": True}, "audio"))
    document, voice = await budi.hears(), await budi.hears()
    assert document.media is not None
    assert voice.media is not None
    assert (document.kind, document.text, document.media.data) == ("document", "Daftar", b"--isi\r\n\r\ncontoh")
    assert (voice.kind, voice.media.mime) == ("audio", "audio/ogg; codecs=opus")
    for wrong in (message({"id": pdf}, "audio"), message({"id": mp3, "voice": True}, "audio")):
        assert (await post(api, wrong))[1]["error"]["code"] == 131053
    headers = {"Authorization": f"Bearer {api.token}"}
    async with aiohttp.ClientSession() as session, session.get(f"{api.url}/v25.0/{pdf}", headers=headers) as told:
        assert (await told.json())["file_size"] == len(document.media.data)
    api.moves(seconds=KEPT_SECONDS)
    budi.says("halo")
    assert (await post(api, message({"id": pdf}, "document")))[1]["error"]["code"] == 131009


@pytest.mark.parametrize(
    ("form", "code", "why"),
    [
        (file(b"x", "audio/wav"), 100, "Received file of type 'audio/wav'"),
        (file(b"x", "audio/mpeg", named="audio/ogg"), 100, "Param type is 'audio/ogg'"),
        (file(b"x", "audio/mpeg", product="x"), 100, "messaging_product is required"),
        (file(b"", "audio/mpeg"), 131053, "File of 0 bytes"),
        (file(b"x" * (SIZES["audio"] + 1), "audio/mpeg"), 131053, "at most 16777216"),
        (b"x", 100, "multipart/form-data"),
    ],
)
async def test_a_wrong_file_is_refused(api: GraphApi, form: Any, code: int, why: str) -> None:
    status, answer = await post(api, form, "media")
    assert (status, answer["error"]["code"]) == (400, code)
    assert why in answer["error"]["error_data"]["details"]
    assert api.media == {}


# The webhook


async def test_a_webhook_must_echo_the_challenge(api: GraphApi) -> None:
    service = Service()
    await service.server.start()
    with pytest.raises(WebhookRefused, match="403"):
        await api.set_webhook(service.url, "salah")
    service.echo = lambda challenge: f'"{challenge}"'.encode()
    with pytest.raises(WebhookRefused, match="not the challenge"):
        await api.set_webhook(service.url)
    await service.server.stop()
    with pytest.raises(WebhookRefused, match="does not answer"):
        await api.set_webhook(service.url)
    assert api.updates.url == ""


async def test_updates_stay_until_they_are_answered(api: GraphApi, service: Service, budi: WhatsAppPerson) -> None:
    await eventually(lambda: not api.updates.pending)
    service.statuses = [500, 202, 403]
    second = budi.says("dua")
    third = budi.says("tiga")
    assert [*api.updates.pending] == [second, third]
    await eventually(lambda: not api.updates.pending)
    assert service.texts() == ["halo", "dua", "tiga"]
    assert (api.updates.attempts[second], api.updates.attempts[third], api.updates.delivered) == (4, 1, 3)
    assert api.updates.answers == [200, 500, 202, 403, 200, 200]
    api.updates.secret = "salah"
    budi.says("palsu")
    await eventually(lambda: api.updates.answers[-1] == 401)
    api.updates.secret = APP_SECRET
    await eventually(lambda: service.texts()[-1] == "palsu")


async def test_it_goes_on_when_either_side_comes_back(api: GraphApi, service: Service, budi: WhatsAppPerson) -> None:
    await eventually(lambda: not api.updates.pending)
    port = service.server.port
    await service.server.stop()
    budi.says("dua")
    await eventually(lambda: api.updates.answers[-3:] == [0, 0, 0])
    await service.server.start(port)
    await eventually(lambda: service.texts() == ["halo", "dua"])
    await api.stop()
    budi.says("tiga")
    await asyncio.sleep(0.02)
    assert len(service.calls) == 2
    await api.start()
    await eventually(lambda: service.texts() == ["halo", "dua", "tiga"])


async def test_calls_come_twice(api: GraphApi, service: Service, budi: WhatsAppPerson) -> None:
    await eventually(lambda: not api.updates.pending)
    lost = iter([True])
    api.updates.lose_answer = lambda: next(lost, False)
    second = budi.says("dua")
    await eventually(lambda: not api.updates.pending)
    assert service.texts() == ["halo", "dua", "dua"]
    assert api.updates.attempts[second] == 2
    api.repeats = True
    budi.says("tiga")
    await eventually(lambda: api.updates.repeated == 1 and len(service.calls) == 5)
    assert service.texts()[3:] == ["tiga", "tiga"]
    assert service.told("messages")[3] == service.told("messages")[4]
    assert api.updates.delivered == 3


@pytest.mark.parametrize(
    ("layout", "shape"), [("values", [[3, 1]]), ("changes", [[1, 1, 1, 1]]), ("entries", [[1], [1], [1], [1]])]
)
async def test_much_is_told_in_one_call(api: GraphApi, service: Service, layout: Any, shape: list[list[int]]) -> None:
    api.updates.layout = layout
    budi, siti = api.person(BUDI), api.person(SITI)
    with api.together():
        budi.says("satu")
        siti.says("dua")
        budi.says("tiga")
        siti.stops_marketing()
        await asyncio.sleep(0.02)
        assert service.calls == []
    await eventually(lambda: not api.updates.pending)
    assert service.texts() == ["satu", "dua", "tiga"]
    [call] = service.calls
    kinds = ("messages", "user_preferences")
    assert shape == [
        [len(change["value"][kind]) for change in entry["changes"] for kind in kinds if kind in change["value"]]
        for entry in call["entry"]
    ]
    assert [contact["wa_id"] for contact in service.values()[0]["contacts"]] in ([BUDI, SITI], [BUDI])


async def test_many_at_once_and_everybody_in_order(api: GraphApi, service: Service) -> None:
    api.batch = 5
    chance = iter([500, 200, 200] * 200)
    service.statuses = [next(chance) for _ in range(300)]
    people = [api.person(f"62812000{n:05}") for n in range(50)]
    for n in range(20):
        for person in people:
            person.says(str(n))
    await eventually(lambda: not api.updates.pending, 20)
    said: dict[str, list[str]] = {}
    for told in service.told("messages"):
        said.setdefault(told["from"], []).append(told["text"]["body"])
    assert said == {person.phone: [*map(str, range(20))] for person in people}
    assert api.updates.delivered == 1000
    assert len(service.calls) < 500


# Limits and faults


async def test_a_number_and_a_pair_have_limits(api: GraphApi, budi: WhatsAppPerson) -> None:
    api.clock = lambda: 1_800_000_000.0
    api.person(SITI).says("halo")
    budi.says("halo")

    async def code(to: str = BUDI) -> int:
        return int((await post(api, message(to=to)))[1].get("error", {}).get("code", 200))

    api.limits.pair = True
    assert [await code() for _ in range(46)] == [200] * 45 + [131056]
    assert await code(SITI) == 200
    api.moves(seconds=6 * 45 - 1)
    assert await code() == 131056
    api.moves(seconds=1)
    assert await code() == 200
    api.moves(seconds=6)
    assert await code() == 200
    api.limits.pair, api.limits.number = False, 2
    assert [await code(), await code(SITI), await code()] == [200, 200, 130429]
    api.moves(seconds=1)
    assert await code() == 200
    api.limits.spam = True
    assert await code() == 131048


async def test_faults_on_demand(api: GraphApi, budi: WhatsAppPerson) -> None:
    api.fails(131000, times=2)
    assert [(await post(api, message()))[0] for _ in range(3)] == [500, 500, 200]
    api.fails(131056, http=429, message="pelan-pelan", to=budi.user_id)
    assert (await post(api, message(to=SITI)))[0] == 200
    status, answer = await post(api, message())
    assert (status, answer["error"]["error_data"]["details"]) == (429, "pelan-pelan")
    api.fails(http=502)
    with pytest.raises(aiohttp.ContentTypeError):
        await post(api, message())
    api.fails(190, what="media")
    assert (await post(api, message()))[0] == 200
    assert (await post(api, file(b"x", "audio/mpeg"), "media"))[0] == 401


async def test_what_is_accepted_and_cut_is_counted_apart(api: GraphApi, budi: WhatsAppPerson) -> None:
    api.drops(accepted=False)
    api.drops(accepted=True, to=BUDI)
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await post(api, message("halo"))
    assert (len(api.sent()), api.accepted_but_unanswered, api.calls["message"]) == (1, 1, 2)
    assert (await budi.hears()).text == "halo"
    api.delays(0.05)
    answer = asyncio.create_task(post(api, message("lambat")))
    assert (await budi.hears()).text == "lambat"
    assert not answer.done()
    assert (await answer)[0] == 200
    assert api.accepted_but_unanswered == 1
