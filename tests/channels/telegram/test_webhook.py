"""Telegram calls the service: 200 means committed, and no answer is lost or said twice."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.channels.base import InboundMessage, Notice
from conversations.engine.messages import Button, OutgoingMessage
from tests.channels.memory import MemoryTurns
from tests.channels.telegram.conftest import SECRET, Serve, make_channel
from tests.fakes.bot_api import BotApi
from tests.support.waiting import eventually


async def call(url: str | None, body: bytes, secret: str | None = SECRET, method: str = "POST") -> int:
    """Call the webhook as anybody might; returns the status."""
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url or "", data=body, headers=headers) as answer,
    ):
        return answer.status


def numbered(inbound: InboundMessage) -> list[OutgoingMessage]:
    """As many messages as the text says."""
    return [OutgoingMessage(f"{inbound.text}, {n}") for n in range(int(inbound.text or "0"))]


async def test_the_answer_is_the_response_itself(api: BotApi, hooks: Serve, turns: MemoryTurns) -> None:
    await hooks()
    budi = api.person(1001)
    budi.says("loker admin")
    heard = await budi.hears()
    assert heard.text == "loker admin"
    assert heard.buttons == [("Ya", "1:ya"), ("Tidak", "1:tidak")]
    assert [sent.via for sent in api.sent()] == ["webhook"]
    await eventually(lambda: turns.confirmed == [1])
    assert api.calls.get("sendMessage", 0) == 0


async def test_the_webhook_is_set_with_its_secret_and_only_the_updates_we_read(api: BotApi, hooks: Serve) -> None:
    await hooks(max_connections=7)
    (wanted,) = (done.parameters for done in api.accepted if done.method == "setWebhook")
    assert wanted["secret_token"] == SECRET
    assert wanted["max_connections"] == 7
    assert sorted(wanted["allowed_updates"]) == ["callback_query", "edited_message", "message", "my_chat_member"]
    assert not wanted.get("drop_pending_updates")


@pytest.mark.parametrize(
    ("body", "secret", "method", "status"),
    [
        (b"{}", None, "POST", 403),
        (b"{}", "salah", "POST", 403),
        (b"{}", SECRET[:-1], "POST", 403),
        (b"{}", SECRET, "GET", 405),
        (b"{", SECRET, "POST", 400),
        (b"[]", SECRET, "POST", 400),
        (b"\xff", SECRET, "POST", 400),
        (b" " * (1 << 20) + b"{}", SECRET, "POST", 413),
        (b"{}", SECRET, "POST", 200),
        (b'{"update_id": 5, "message": {"chat": 7}}', SECRET, "POST", 200),
        (b'{"update_id": 5, "poll": {}}', SECRET, "POST", 200),
    ],
)
async def test_strangers_and_nonsense(
    hooks: Serve, turns: MemoryTurns, body: bytes, secret: str | None, method: str, status: int
) -> None:
    channel = await hooks()
    assert await call(channel.webhook_url, body, secret, method) == status
    assert turns.handled == []


async def test_several_replies_are_sent_in_order_after_the_200(api: BotApi, hooks: Serve, turns: MemoryTurns) -> None:
    turns.says = numbered
    await hooks()
    budi = api.person(1001)
    budi.says("3")
    assert [(await budi.hears()).text for _ in range(3)] == ["3, 0", "3, 1", "3, 2"]
    assert {sent.via for sent in api.sent()} == {"call"}
    await eventually(lambda: turns.confirmed == [1, 2, 3])


async def test_a_later_answer_never_overtakes_an_earlier_one(api: BotApi, hooks: Serve, turns: MemoryTurns) -> None:
    turns.says = numbered
    await hooks()
    budi, siti = api.person(1001), api.person(1002)
    api.delays("sendMessage", 0.2, chat=budi.id)
    budi.says("2")
    budi.says("1")
    siti.says("1")
    assert (await siti.hears()).text == "1, 0"
    assert [(await budi.hears()).text for _ in range(3)] == ["2, 0", "2, 1", "1, 0"]
    assert [sent.via for sent in api.sent(budi.id)] == ["call"] * 3
    assert [sent.via for sent in api.sent(siti.id)] == ["webhook"]


async def test_answers_may_all_be_calls_of_their_own(api: BotApi, hooks: Serve, turns: MemoryTurns) -> None:
    await hooks(answer_in_webhook=False)
    budi = api.person(1001)
    budi.says("halo")
    await budi.hears()
    assert [sent.via for sent in api.sent()] == ["call"]
    await eventually(lambda: turns.confirmed == [1])


async def test_a_tap_is_answered_and_acknowledged(api: BotApi, hooks: Serve, turns: MemoryTurns) -> None:
    await hooks()
    budi = api.person(1001)
    budi.says("halo")
    await budi.hears()
    budi.taps("Tidak")
    assert (await budi.hears()).text == "1:tidak"
    await eventually(lambda: len(api.acknowledged) == 1)
    assert turns.handled[-1].choice == "1:tidak"
    assert turns.handled[-1].address == str(budi.id)


async def test_a_tap_without_an_answer_is_acknowledged_in_the_response(
    api: BotApi, hooks: Serve, turns: MemoryTurns
) -> None:
    await hooks()
    turns.says = lambda inbound: []
    budi = api.person(1001)
    budi.taps_forgotten("1:ya")
    await eventually(lambda: len(api.acknowledged) == 1)
    assert api.calls.get("answerCallbackQuery", 0) == 0
    assert turns.handled[-1].choice == "1:ya"


async def test_a_failing_acknowledgement_harms_nothing(api: BotApi, hooks: Serve) -> None:
    await hooks()
    api.fails("answerCallbackQuery", 400, "Bad Request: query is too old")
    budi = api.person(1001)
    budi.says("halo")
    await budi.hears()
    budi.taps("Ya")
    assert (await budi.hears()).text == "1:ya"


async def test_a_turn_that_failed_is_delivered_again_in_its_place(
    api: BotApi, hooks: Serve, turns: MemoryTurns
) -> None:
    turns.failing["satu"] = 3
    await hooks()
    budi = api.person(1001)
    budi.says("satu")
    budi.says("dua")
    assert [(await budi.hears()).text for _ in range(2)] == ["satu", "dua"]
    assert turns.heard_from(budi.id) == ["satu", "dua"]
    assert max(api.updates.attempts.values()) == 4


async def test_an_unforeseen_exception_of_a_turn_is_a_failed_turn(
    api: BotApi, hooks: Serve, turns: MemoryTurns
) -> None:
    broken = [True]

    def says(inbound: InboundMessage) -> list[OutgoingMessage]:
        if broken.pop():
            broken.append(False)
            raise RuntimeError("contoh")
        return [OutgoingMessage("beres")]

    turns.says = says
    await hooks()
    budi = api.person(1001)
    budi.says("halo")
    assert (await budi.hears()).text == "beres"


@pytest.mark.parametrize("answer_in_webhook", [True, False])
async def test_a_lost_response_repeats_the_answer_and_not_the_turn(
    api: BotApi, hooks: Serve, turns: MemoryTurns, answer_in_webhook: bool
) -> None:
    losses = [True, True, False]
    api.updates.lose_answer = lambda: bool(losses) and losses.pop(0)
    await hooks(answer_in_webhook=answer_in_webhook)
    budi = api.person(1001)
    budi.says("halo")
    assert (await budi.hears()).text == "halo"
    await eventually(lambda: not api.updates.pending)
    assert await budi.hears_nothing()
    assert len(api.sent()) == 1
    assert turns.heard_from(budi.id) == ["halo"]
    assert turns.repeats == 2


async def test_a_reply_on_its_way_is_not_sent_again_for_a_redelivery(
    api: BotApi, hooks: Serve, turns: MemoryTurns
) -> None:
    turns.says = numbered
    losses = [True]
    api.updates.lose_answer = lambda: bool(losses) and losses.pop()
    await hooks()
    budi = api.person(1001)
    api.delays("sendMessage", 0.3)
    budi.says("2")
    await eventually(lambda: turns.repeats == 1)
    assert [(await budi.hears()).text for _ in range(2)] == ["2, 0", "2, 1"]
    assert await budi.hears_nothing()


async def test_what_could_not_be_sent_is_left_to_delivery(api: BotApi, hooks: Serve, turns: MemoryTurns) -> None:
    turns.says = numbered
    await hooks()
    budi = api.person(1001)
    api.fails("sendMessage", 502)
    budi.says("3")
    await eventually(lambda: turns.released == [1, 2, 3])
    assert turns.confirmed == []
    assert turns.off == []


async def test_who_has_gone_is_switched_off(api: BotApi, hooks: Serve, turns: MemoryTurns) -> None:
    turns.says = numbered
    await hooks()
    budi = api.person(1001)
    budi.says("2")
    budi.leaves_telegram()
    await eventually(lambda: turns.off == [("telegram", "1001")])
    await eventually(lambda: turns.released == [1, 2])


async def test_while_telegram_asks_for_silence_answers_wait_with_delivery(
    api: BotApi, hooks: Serve, turns: MemoryTurns
) -> None:
    turns.says = numbered
    await hooks()
    budi = api.person(1001)
    api.fails("sendMessage", 429, "Too Many Requests: retry after 5", retry_after=5)
    budi.says("2")
    await eventually(lambda: turns.released == [1, 2])
    budi.says("1")  # not in the response either: what becomes of that is never told
    await eventually(lambda: turns.released == [1, 2, 3])
    assert api.sent() == []


async def test_an_album_gets_one_answer(api: BotApi, hooks: Serve, turns: MemoryTurns) -> None:
    turns.says = lambda inbound: [OutgoingMessage("Tulis saja, ya.")]
    turns.failing[""] = 2
    await hooks()
    budi = api.person(1001)
    budi.sends_album(4, caption="ijazah saya")
    assert (await budi.hears()).text == "Tulis saja, ya."
    await eventually(lambda: not api.updates.pending)
    assert await budi.hears_nothing()
    (inbound,) = turns.handled
    assert inbound.media == "photo"
    assert inbound.external_id.startswith("album:")


async def test_an_album_spread_over_two_processes_gets_one_answer(
    api: BotApi, hooks: Serve, turns: MemoryTurns
) -> None:
    await hooks()
    budi = api.person(1001)
    budi.sends("photo", media_group_id="77")
    await budi.hears()
    turns.confirmed.clear()  # the confirmation is not committed yet
    await hooks()  # the next picture reaches a process that has not seen the first
    budi.sends("photo", media_group_id="77")
    await eventually(lambda: not api.updates.pending)
    assert await budi.hears_nothing()
    assert turns.repeats == 1


async def test_an_answer_to_an_album_that_was_lost_is_given_again(
    api: BotApi, hooks: Serve, turns: MemoryTurns
) -> None:
    losses = [True]
    api.updates.lose_answer = lambda: bool(losses) and losses.pop()
    await hooks()
    budi = api.person(1001)
    budi.sends_album(2)
    assert (await budi.hears()).text == "photo"
    await eventually(lambda: not api.updates.pending)
    assert await budi.hears_nothing()


async def test_edits_and_blocks_are_notices(api: BotApi, hooks: Serve, turns: MemoryTurns) -> None:
    await hooks()
    budi = api.person(1001)
    budi.says("halo")
    await budi.hears()
    budi.edits("hallo")
    assert "EDITED" in (await budi.hears()).text
    turns.says = lambda inbound: []
    budi.blocks()
    budi.unblocks()
    await eventually(lambda: not api.updates.pending)
    assert [inbound.notice for inbound in turns.handled[1:]] == [Notice.EDITED, Notice.BLOCKED, Notice.UNBLOCKED]


async def test_groups_are_left_politely_and_channels_ignored(api: BotApi, hooks: Serve, turns: MemoryTurns) -> None:
    await hooks()
    budi, group = api.person(1001), api.group(-2001)
    channel = api.group(-3001, kind="channel")
    api.delays("sendMessage", 0.1, chat=group.id)
    group.adds_bot(budi)
    assert "percakapan pribadi" in (await group.hears()).text
    for n in range(3):
        group.says(budi, f"halo semua {n}")  # the bot is still on its way out
    channel.adds_bot(budi)
    channel.says(budi, "pengumuman")
    await eventually(lambda: not group.has_bot)
    await eventually(lambda: not api.updates.pending)
    assert (api.calls["sendMessage"], api.calls["leaveChat"]) == (1, 1)
    assert turns.handled == []
    assert await group.hears_nothing()
    assert await channel.hears_nothing(0)


async def test_many_people_at_once_each_in_order(api: BotApi, hooks: Serve, turns: MemoryTurns) -> None:
    await hooks()
    people = [api.person(1000 + n) for n in range(20)]
    for n in range(10):
        for person in people:
            person.says(str(n))
    for person in people:
        assert [(await person.hears()).text for _ in range(10)] == [str(n) for n in range(10)]


async def test_starting_needs_no_telegram(turns: MemoryTurns) -> None:
    api = BotApi()
    await api.start()
    port = api.port
    await api.stop()
    channel = make_channel(api, turns, webhook_url="http://127.0.0.1:9/hook", webhook_secret=SECRET)
    async with asyncio.timeout(1):
        await channel.start()
    await asyncio.sleep(0.05)
    await api.start(port)
    await eventually(lambda: api.updates.webhook is not None and ("commands", "en") in api.profile)
    await channel.stop()
    await api.stop()


async def test_a_phone_is_asked_for_on_a_keyboard_that_is_taken_away(
    api: BotApi, hooks: Serve, turns: MemoryTurns
) -> None:
    ask = OutgoingMessage("Nomor Anda?", (Button("Lewati", "3:skip"),), wants_contact=True)
    more = OutgoingMessage("Terima kasih. Lanjut?", (Button("Ya", "4:ya"),))
    turns.says = lambda inbound: [more if inbound.contact or inbound.text == "Lewati" else ask]
    await hooks()
    budi = api.person(1001)
    budi.says("nomor")
    heard = await budi.hears()
    assert heard.keyboard == ["Bagikan nomor telepon saya", "Lewati"]
    assert heard.buttons == []
    budi.taps("Bagikan nomor telepon saya")
    heard = await budi.hears()
    await eventually(lambda: heard.buttons == [("Ya", "4:ya")])
    assert not budi.keyboard
    contact = turns.handled[-1].contact
    assert contact is not None
    assert (contact.phone, contact.own) == ("+628120000001", True)
    budi.says("nomor")
    await budi.hears()
    budi.taps("Lewati")
    await budi.hears()
    assert turns.handled[-1].text == "Lewati"


@pytest.mark.parametrize(
    ("url", "secret"),
    [("ftp://x/y", SECRET), ("127.0.0.1:80/x", SECRET), ("https://contoh.id/x", None), ("https://contoh.id/x", "a b")],
)
def test_a_webhook_that_cannot_work_is_refused(turns: MemoryTurns, url: str, secret: str | None) -> None:
    with pytest.raises(ValueError, match="webhook"):
        make_channel(BotApi(), turns, webhook_url=url, webhook_secret=secret)
