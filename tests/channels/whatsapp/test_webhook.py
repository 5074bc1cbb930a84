"""What WhatsApp brings: verified, signed, whole, and 200 only when it is committed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.channels.base import InboundMessage, Notice, Receipt, Sending, SharedContact, Then
from bot.channels.whatsapp.channel import PATH
from bot.channels.whatsapp.errors import explain
from bot.channels.whatsapp.parse import parse
from bot.channels.whatsapp.webhook import MAX_BODY
from conversations.engine.messages import OutgoingMessage
from storage.contacts import Identity
from tests.channels.memory import MemoryTurns
from tests.channels.serving import free_port, serving
from tests.channels.whatsapp.conftest import Hooks, make_channel
from tests.fakes.graph_api import GraphApi
from tests.fakes.graph_api_updates import WebhookRefused, signature
from tests.support.waiting import eventually

BUDI = "6281200000001"


async def test_a_word_is_answered_and_marked_as_read(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    await hooks()
    budi = api.person(BUDI, "Budi Contoh")
    said = budi.says("halo")
    heard = await budi.hears()
    assert (heard.kind, heard.text, [title for title, *_ in heard.buttons]) == ("button", "halo", ["Ya", "Tidak"])
    await eventually(lambda: budi.seen == [said])
    [inbound] = turns.handled
    assert (inbound.address, inbound.alias) == (BUDI, budi.user_id)
    assert inbound.sent_at is not None
    assert abs(inbound.sent_at - datetime.now(UTC)) < timedelta(seconds=5)
    assert BUDI not in inbound.external_id, "the platform's id holds the number, and is not kept"
    await eventually(lambda: turns.confirmed == [1])


async def test_a_tap_brings_its_value(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    await hooks()
    budi = api.person(BUDI)
    budi.says("halo")
    await budi.hears()
    budi.taps("Tidak")
    await budi.hears()
    assert turns.handled[-1].choice == "1:tidak"


@pytest.mark.parametrize(
    ("kind", "media"),
    [
        ("voice", "voice"),
        ("audio", "voice"),
        ("image", "photo"),
        ("video", "video"),
        ("document", "document"),
        ("sticker", "sticker"),
        ("location", "location"),
        ("order", "other"),
        ("unsupported", "other"),
    ],
)
async def test_what_is_no_text(api: GraphApi, hooks: Hooks, turns: MemoryTurns, kind: str, media: str) -> None:
    await hooks()
    budi = api.person(BUDI)
    budi.sends(kind)
    await budi.hears()
    assert turns.handled[0].media == media


@pytest.mark.parametrize(
    ("phone", "own", "shared"),
    [(None, True, SharedContact(f"+{BUDI}", True)), ("6281299990000", False, SharedContact("+6281299990000", False))],
)
async def test_a_card_is_ones_own_or_not(
    api: GraphApi, hooks: Hooks, turns: MemoryTurns, phone: str | None, own: bool, shared: SharedContact
) -> None:
    await hooks()
    budi = api.person(BUDI)
    budi.shares_contact(phone, own)
    await budi.hears()
    assert turns.handled[0].contact == shared


async def test_what_needs_no_answer_has_none(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    await hooks()
    budi = api.person(BUDI)
    budi.says("halo")
    await budi.hears()
    budi.sends("reaction")
    budi.deletes()
    await eventually(lambda: not api.updates.pending)
    assert len(turns.handled) == 1


@pytest.mark.parametrize("supported", [False, True])
async def test_changed_words_are_a_notice_and_open_no_window(
    api: GraphApi, hooks: Hooks, turns: MemoryTurns, supported: bool
) -> None:
    await hooks()
    budi = api.person(BUDI)
    budi.says("halo")
    await budi.hears()
    budi.edits("hola", supported)
    await eventually(lambda: len(turns.handled) == 2)
    assert (turns.handled[1].notice, turns.handled[1].sent_at) == (Notice.EDITED, None)
    assert (await budi.hears()).kind == "button", "the window is open all the same"


async def test_marketing_stopped_at_the_platform_is_stop(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    await hooks()
    budi = api.person(BUDI)
    budi.stops_marketing()
    budi.resumes_marketing()
    await eventually(lambda: not api.updates.pending)
    [inbound] = turns.handled
    assert (inbound.address, inbound.notice, inbound.sent_at) == (BUDI, Notice.STOPPED, None)


async def test_who_hides_the_number_is_reached_by_user_id(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    await hooks()
    hidden = api.person(BUDI, username=True)
    hidden.says("halo")
    assert (await hidden.hears()).text == "halo"
    assert turns.handled[0].address == turns.handled[0].alias == hidden.user_id


async def test_an_older_update_without_a_user_id_is_taken(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    await hooks()
    budi = api.person(BUDI, without_user_id=True)
    budi.says("halo")
    await budi.hears()
    assert (turns.handled[0].address, turns.handled[0].alias) == (BUDI, None)


async def test_a_new_number_is_the_same_person(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    await hooks()
    budi = api.person(BUDI)
    old = budi.user_id
    budi.changes_number("6281200000099")
    await eventually(lambda: not api.updates.pending)
    known = Identity("whatsapp", BUDI, alias=old), Identity("whatsapp", "6281200000099", alias=budi.user_id)
    assert turns.moves == [known]


@pytest.mark.parametrize("layout", ["values", "changes", "entries"])
async def test_many_at_once_are_taken_whole_and_in_order(
    api: GraphApi, hooks: Hooks, turns: MemoryTurns, layout: Any
) -> None:
    await hooks()
    api.updates.layout = layout
    people = [api.person(f"62812000000{number:02}") for number in range(10)]
    with api.together():
        for word in ("satu", "dua", "tiga"):
            for person in people:
                person.says(word)
    for person in people:
        assert [(await person.hears()).text for _ in range(3)] == ["satu", "dua", "tiga"]
    for person in people:
        orders = [inbound.order for inbound in turns.handled if inbound.address == person.phone]
        assert orders == sorted(orders)
        assert turns.heard_from(person.phone) == ["satu", "dua", "tiga"]


async def test_what_comes_twice_is_answered_once(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    await hooks()
    api.repeats = True
    budi = api.person(BUDI)
    for word in ("satu", "dua"):
        budi.says(word)
        assert (await budi.hears()).text == word
    await eventually(lambda: api.updates.repeated >= 2)
    assert await budi.hears_nothing()
    assert turns.heard_from(BUDI) == ["satu", "dua"]


async def test_what_was_not_committed_comes_again_without_its_neighbours(
    api: GraphApi, hooks: Hooks, turns: MemoryTurns
) -> None:
    await hooks()
    turns.failing["gagal"] = 2
    budi, ani = api.person(BUDI), api.person("6281200000002")
    with api.together():
        budi.says("gagal")
        ani.says("halo")
    assert (await budi.hears()).text == "gagal"
    assert (await ani.hears()).text == "halo"
    assert api.updates.answers[:3] == [500, 500, 200]
    assert await ani.hears_nothing()


async def test_a_reply_follows_the_200(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    """A platform that is slow to take the answer must not be kept waiting for the 200."""
    await hooks()
    api.statuses = False
    api.delays(0.3)
    budi = api.person(BUDI)
    budi.says("halo")
    await eventually(lambda: api.updates.answers == [200], 0.25)
    await budi.hears()


# Who may call


async def test_the_address_is_verified_by_the_word_agreed_on(api: GraphApi, hooks: Hooks) -> None:
    port = free_port()
    await hooks(port=port)
    with pytest.raises(WebhookRefused, match="403"):
        await api.set_webhook(f"http://127.0.0.1:{port}{PATH}", "kata-lain")


def _body(**change: Any) -> dict[str, Any]:
    message = {"from": BUDI, "id": "wamid.contoh", "timestamp": "1", "type": "text", "text": {"body": "halo"}}
    value = {"metadata": {"phone_number_id": "100000000000001"}, "messages": [message | change]}
    return {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}


async def posted(api: GraphApi, hooks: Hooks, raw: bytes, signed: str | None) -> int:
    port = free_port()
    await hooks(port=port)
    headers = {"X-Hub-Signature-256": signed} if signed is not None else {}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"http://127.0.0.1:{port}{PATH}", content=raw, headers=headers)
        return answer.status_code


@pytest.mark.parametrize(
    ("secret", "prefix", "status"),
    [
        ("contoh-rahasia-aplikasi", "sha256=", 200),
        ("contoh-rahasia-aplikasi", "", 403),
        ("rahasia-lain", "sha256=", 403),
        (None, "", 401),
    ],
)
async def test_only_what_is_signed_by_our_app_is_taken(
    api: GraphApi, hooks: Hooks, turns: MemoryTurns, secret: str | None, prefix: str, status: int
) -> None:
    raw = json.dumps(_body()).encode()
    signed = prefix + signature(secret, raw).removeprefix("sha256=") if secret else None
    assert await posted(api, hooks, raw, signed) == status
    assert len(turns.handled) == (status == 200)


async def test_the_signature_holds_for_the_raw_body(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    raw = json.dumps(_body()).encode()
    assert await posted(api, hooks, raw + b" ", signature(api.app_secret, raw)) == 403
    assert not turns.handled


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"[1]", 400),
        (b"[" * 100_000, 400),
        (b"{}", 200),
        (b'{"entry": 5}', 200),
        (b'{"entry": [{"changes": [{"value": []}, 5, null]}]}', 200),
        (b" " * (MAX_BODY + 1), 413),
    ],
)
async def test_what_is_no_update_does_no_harm(
    api: GraphApi, hooks: Hooks, turns: MemoryTurns, raw: bytes, status: int
) -> None:
    assert await posted(api, hooks, raw, signature(api.app_secret, raw)) == status
    assert not turns.handled


@pytest.mark.parametrize(
    "change",
    [
        {"type": "text", "text": {}},
        {"type": ["text"]},
        {"timestamp": "besok"},
        {"timestamp": "9" * 30},
        {"from": "", "from_user_id": None},
        {"id": None},
        {"type": "interactive", "interactive": {"button_reply": {"id": 5}}},
        {"type": "contacts", "contacts": []},
        {"type": "system", "system": {"type": "user_changed_number"}},
        {"type": "system"},
    ],
)
async def test_an_unknown_shape_is_passed_over_alone(
    api: GraphApi, hooks: Hooks, turns: MemoryTurns, change: dict[str, Any]
) -> None:
    body = _body(**change)
    body["entry"] += _body(id="wamid.lain")["entry"]
    raw = json.dumps(body).encode()
    assert await posted(api, hooks, raw, signature(api.app_secret, raw)) == 200
    assert [inbound.text for inbound in turns.handled] == ["halo"]


async def test_another_numbers_updates_are_not_ours(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    body = _body()
    body["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "999"
    raw = json.dumps(body).encode()
    assert await posted(api, hooks, raw, signature(api.app_secret, raw)) == 200
    assert not turns.handled


async def test_text_that_no_database_takes_is_mended(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    raw = json.dumps(_body(text={"body": "a\0b\ud800c"})).encode()
    assert await posted(api, hooks, raw, signature(api.app_secret, raw)) == 200
    assert turns.handled[0].text == "ab?c"


# Reports


async def test_reports_belong_to_the_message_they_are_about(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    await hooks()
    budi = api.person(BUDI)
    budi.says("halo")
    await budi.hears()
    budi.reads()
    await eventually(lambda: len(turns.receipts) == 3)
    assert [(r.outbox_id, r.sending, r.status) for r in turns.receipts] == [
        (1, 0, "sent"),
        (1, 0, "delivered"),
        (1, 0, "read"),
    ]
    # The price stands with the first that says that it has arrived.
    assert [r.category for r in turns.receipts] == ["service", "service", None]
    assert not any(r.billable for r in turns.receipts), "an answer costs nothing"


async def test_a_report_without_our_mark_is_known_by_its_message(
    api: GraphApi, hooks: Hooks, turns: MemoryTurns
) -> None:
    """Some services between an office and WhatsApp do not pass the mark on."""
    await hooks()
    budi = api.person(BUDI)
    api.statuses = False
    budi.says("halo")
    await budi.hears()
    await eventually(lambda: turns.confirmed == [1])
    [accepted] = api.sent()
    api.statuses = True
    accepted.parameters.pop("biz_opaque_callback_data")
    api.tells(accepted, ["delivered"])
    await eventually(lambda: not api.updates.pending)
    assert [(r.outbox_id, r.status) for r in turns.receipts] == [(1, "delivered")]


@pytest.mark.parametrize("mark", [5, None, "", "x.1", "1.x", "9" * 40 + ".1", "1.1.z", ["1.1"]])
async def test_a_mark_that_is_not_ours_is_passed_over(
    api: GraphApi, hooks: Hooks, turns: MemoryTurns, mark: Any
) -> None:
    status = {"id": "wamid.lain", "status": "delivered", "biz_opaque_callback_data": mark}
    body = _body()
    value = body["entry"][0]["changes"][0]["value"]
    value["statuses"] = [status, {}, 5, status | {"status": "lain"}]
    raw = json.dumps(body).encode()
    assert await posted(api, hooks, raw, signature(api.app_secret, raw)) == 200
    assert turns.receipts == []
    assert len(turns.handled) == 1


async def test_a_report_that_is_no_news_holds_up_nobody(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    channel = await hooks()
    budi = api.person(BUDI)
    budi.says("halo")
    await budi.hears()
    turns.receipts.clear()
    errors = [{"code": 131042, "title": "contoh"}]
    status = {"id": "wamid.x", "status": "failed", "errors": errors, "biz_opaque_callback_data": "99.1"}
    body = {"entry": [{"changes": [{"value": {"metadata": {"phone_number_id": api.phone_id}, "statuses": [status]}}]}]}
    sending = Sending(7, BUDI, OutgoingMessage("halo"), heard_at=datetime.fromtimestamp(api.now(), UTC))
    known = [Receipt(99, 1, "failed", explain(131042))]
    turns.receipts += known
    await channel._intake.take(body)
    assert await channel.send(sending) is None
    turns.receipts.clear()
    await channel._intake.take(body)
    error = await channel.send(sending)
    assert error is not None
    assert error.code == "account"


async def test_a_report_that_cannot_be_kept_holds_up_no_message_beside_it(
    api: GraphApi, hooks: Hooks, turns: MemoryTurns
) -> None:
    turns.failing["report"] = 1
    body = _body()
    status = {"id": "wamid.lain", "status": "delivered", "biz_opaque_callback_data": "5.0"}
    body["entry"][0]["changes"][0]["value"]["statuses"] = [status]
    raw = json.dumps(body).encode()
    assert await posted(api, hooks, raw, signature(api.app_secret, raw)) == 500
    assert turns.heard_from(BUDI) == ["halo"]


async def test_a_failure_says_why(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    channel = await hooks()
    nobody = api.person("6281200000077", on_whatsapp=False)
    heard_at = datetime.fromtimestamp(api.now(), UTC)
    sending = Sending(7, nobody.phone, OutgoingMessage("halo"), "alert", heard_at=heard_at, sending=3)
    assert await channel.send(sending) is None, "accepted, which is not delivered"
    await eventually(lambda: turns.receipts)
    [failed] = turns.receipts
    assert (failed.outbox_id, failed.sending, failed.status) == (7, 3, "failed")
    assert failed.error is not None
    assert (failed.error.code, failed.error.then) == ("131026", Then.SWITCH_OFF)


def test_inbound_is_one_of_its_kinds() -> None:
    """The contract's promise, for what this channel makes."""
    [heard] = parse(_body(), "100000000000001", b"contoh").heard
    kinds = ("text", "choice", "contact", "media", "notice")
    assert sum(getattr(heard.inbound, kind) is not None for kind in kinds) == 1
    assert isinstance(heard.inbound, InboundMessage)


async def test_stopping_finishes_what_was_taken(api: GraphApi, turns: MemoryTurns) -> None:
    port = free_port()
    api.delays(0.2, times=3)
    people = [api.person(f"62812000001{number:02}") for number in range(3)]
    async with serving(make_channel(api, turns), port):
        await api.set_webhook(f"http://127.0.0.1:{port}{PATH}")
        for person in people:
            person.says("halo")
        await eventually(lambda: len(turns.handled) == 3)
    assert [len(person.messages) for person in people] == [1, 1, 1]
    assert sorted(turns.confirmed) == [1, 2, 3]
