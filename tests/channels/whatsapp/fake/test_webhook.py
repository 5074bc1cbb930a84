"""What the fake Cloud API tells a service, and how often."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.fakes.graph_api import APP_SECRET, GraphApi
from tests.fakes.graph_api_client import BUDI, SITI, Service, message, post
from tests.fakes.graph_api_updates import WebhookRefused
from tests.fakes.whatsapp_people import WhatsAppPerson
from tests.support.waiting import eventually

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
