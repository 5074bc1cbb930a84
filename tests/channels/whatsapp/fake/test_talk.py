"""People and a service talk over the fake Cloud API as they do on WhatsApp."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.fakes.graph_api import ACCOUNT, BUSINESS_PHONE, PHONE_ID, GraphApi
from tests.fakes.graph_api_client import BUDI, SITI, Service, buttons, message, post, rows, template
from tests.fakes.graph_api_templates import NotApproved
from tests.fakes.whatsapp_people import WhatsAppPerson
from tests.support.waiting import eventually

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
