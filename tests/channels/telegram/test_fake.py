"""The fake platform is strict where the platform is, and understands the library's own transport."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import telegram
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError

from tests.fakes.bot_api import BotApi
from tests.fakes.people import Person
from tests.support.waiting import eventually


@pytest.fixture
async def library(api: BotApi) -> AsyncIterator[telegram.Bot]:
    """python-telegram-bot with its own transport (form-encoded bodies)."""
    async with telegram.Bot(api.token, base_url=f"{api.url}/bot") as bot:
        yield bot


@pytest.fixture
def budi(api: BotApi) -> Person:
    budi = api.person(1001, "Budi Contoh")
    budi.says("halo")
    return budi


async def call(api: BotApi, method: str, parameters: Any, token: str | None = None) -> tuple[int, dict[str, Any]]:
    url = f"{api.url}/bot{token or api.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=parameters) as answer:
        return answer.status, await answer.json()


def button(**more: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Ya", "callback_data": "1", **more}]]}


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({}, "chat_id and text are required"),
        ({"text": 5}, "text must be of type str"),
        ({"text": "x", "chat_id": "budi"}, "chat_id must be of type int"),
        ({"text": "x", "chat_id": 77}, "chat not found"),
        ({"text": "x", "texts": "y"}, "unknown field texts of sendMessage"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply_markup as JSON"),
        ({"text": "x", "reply_markup": {}}, "exactly one kind of reply markup expected"),
        ({"text": "x", "reply_markup": {**button(), "remove_keyboard": True}}, "exactly one kind"),
        ({"text": "x", "reply_markup": button(callback_data="")}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": button(callback_data="é" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": button(text=" ")}, "text buttons"),
        ({"text": "x", "reply_markup": button(url="http://x")}, "exactly one action"),
        ({"text": "x", "reply_markup": button(colour="red")}, "unknown field colour"),
        ({"text": "x", "reply_markup": {"inline_keyboard": []}}, "non-empty arrays"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [button()["inline_keyboard"][0]] * 101}}, "too long"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [button()["inline_keyboard"][0] * 9]}}, "too long"),
        ({"text": "x", "reply_markup": {"keyboard": [["a"]], "size": 1}}, "unknown field size"),
    ],
)
async def test_a_wrong_message_is_refused(api: BotApi, budi: Person, parameters: dict[str, Any], why: str) -> None:
    status, answer = await call(api, "sendMessage", {"chat_id": 1001, **parameters} if parameters else {})
    assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert answer["description"].startswith("Bad Request: ")
    assert why in answer["description"]
    assert api.sent() == []
    assert await call(api, "sendMessage", {"chat_id": 1001, "text": "x" * 4096, "reply_markup": button()})
    assert len((await budi.hears()).text) == 4096


async def test_tokens_methods_and_bodies(api: BotApi) -> None:
    assert (await call(api, "getMe", {}, token="123456789:salah"))[0] == 401
    assert (await call(api, "getMe", {}, token="salah"))[0] == 404
    assert (await call(api, "getMee", {}))[0] == 404
    assert (await call(api, "GETME", {}))[0] == 200
    assert (await call(api, "getMe", []))[0] == 400
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{api.url}/bot{api.token}/getMe", data=b"x") as answer:
            assert answer.status == 400
        async with session.get(f"{api.url}/bot{api.token}/getUpdates?limit=5&timeout=0") as answer:
            assert await answer.json() == {"ok": True, "result": []}


async def test_the_library_talks_to_it(api: BotApi, library: telegram.Bot, budi: Person) -> None:
    keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Ya", callback_data="1:ya")]])
    sent = await library.send_message(1001, "Halo", reply_markup=keyboard)
    assert sent.chat.first_name == "Budi Contoh"
    assert sent.reply_markup == keyboard
    budi.taps("Ya")
    updates = await library.get_updates(timeout=1)
    assert [update.message and update.message.text for update in updates] == ["halo", None]
    tap = updates[1].callback_query
    assert tap is not None
    assert tap.data == "1:ya"
    assert tap.message == sent
    assert await tap.answer()
    with pytest.raises(BadRequest, match="Query is too old"):
        await library.answer_callback_query("77")
    budi.blocks()
    with pytest.raises(Forbidden, match="blocked"):
        await library.send_message(1001, "Halo")
    api.fails("sendMessage", 502)
    with pytest.raises(NetworkError):
        await library.send_message(1001, "Halo")
    with pytest.raises(InvalidToken):
        await telegram.Bot("1:salah", base_url=f"{api.url}/bot").initialize()


async def test_updates_stay_until_they_are_confirmed(api: BotApi, library: telegram.Bot, budi: Person) -> None:
    budi.says("dua")
    first, second = await library.get_updates()
    assert [u.update_id for u in await library.get_updates()] == [first.update_id, second.update_id]
    assert [u.update_id for u in await library.get_updates(limit=1)] == [first.update_id]
    assert [u.update_id for u in await library.get_updates(offset=second.update_id)] == [second.update_id]
    assert api.updates.delivered == 1
    assert await library.get_updates(offset=second.update_id + 1) == ()
    assert not api.updates.pending
    waiting = asyncio.create_task(library.get_updates(timeout=5))
    await eventually(lambda: api.calls["getUpdates"] == 6)
    budi.says("tiga")
    (third,) = await waiting
    assert third.message is not None
    assert third.message.text == "tiga"


async def test_a_second_poller_ends_the_first(api: BotApi, library: telegram.Bot) -> None:
    first = asyncio.create_task(library.get_updates(timeout=5))
    await eventually(lambda: api.calls.get("getUpdates"))
    assert (await call(api, "getUpdates", {}))[0] == 200
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    await library.set_webhook("http://127.0.0.1:9/x")
    with pytest.raises(Conflict, match="webhook is active"):
        await library.get_updates()
    assert (await library.get_webhook_info()).url == "http://127.0.0.1:9/x"
    await library.delete_webhook()
    assert (await library.get_webhook_info()).url == ""


async def test_only_what_was_asked_for_becomes_an_update(api: BotApi, library: telegram.Bot, budi: Person) -> None:
    await library.get_updates(offset=-1, allowed_updates=["message"])
    assert budi.edits("hallo") is None
    assert budi.says("ya") is not None


async def test_what_is_accepted_and_cut_is_counted_apart(api: BotApi, budi: Person) -> None:
    api.drops("sendMessage", accepted=False)
    api.drops("sendMessage", accepted=True, chat=1001)
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await call(api, "sendMessage", {"chat_id": 1001, "text": "halo"})
    assert (len(api.sent()), api.accepted_but_unanswered, api.calls["sendMessage"]) == (1, 1, 2)
    assert (await budi.hears()).text == "halo"


async def test_its_limits_are_a_second_long(api: BotApi, budi: Person) -> None:
    api.limits.chat = 2
    answers = [await call(api, "sendMessage", {"chat_id": 1001, "text": "halo"}) for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 429]
    assert answers[2][1]["parameters"] == {"retry_after": 1}


@pytest.mark.parametrize("method", ["getMe", "setWebhook", "deleteWebhook", "tidakAda", ["x"]])
async def test_a_webhooks_response_cannot_do_everything(api: BotApi, method: Any) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = json.dumps({"method": method}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        await call(api, "setWebhook", {"url": f"http://127.0.0.1:{port}/x"})
        api.person(1001).says("halo")
        await eventually(lambda: api.refused)
    assert api.updates.delivered == 1
    assert api.updates.webhook is not None
