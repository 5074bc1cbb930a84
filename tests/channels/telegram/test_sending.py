"""How sending fails, as values; and what it keeps to itself."""

from __future__ import annotations

import asyncio
import io
import json
import socket
import traceback
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs
from telegram.error import TelegramError

from bot.channels.base import SendError, Sending, Then
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.api import Api
from bot.channels.telegram.sender import Sender
from bot.limiter import Pace
from conversations.engine.messages import Attachment, Button, OutgoingMessage
from tests.channels.memory import MemoryTurns
from tests.channels.telegram.conftest import Serve, make_channel
from tests.fakes.bot_api import BotApi
from tests.fakes.people import Person
from tests.support.waiting import eventually

HALO = OutgoingMessage("Halo")


@pytest.fixture
async def channel(api: BotApi, turns: MemoryTurns) -> AsyncIterator[TelegramChannel]:
    """Able to send, and not receiving."""
    channel = make_channel(api, turns)
    await channel._api.open()
    yield channel
    await channel._api.close()


@pytest.fixture
def budi(api: BotApi) -> Person:
    budi = api.person(1001)
    budi.says("halo")
    return budi


async def test_a_message_with_buttons(channel: TelegramChannel, api: BotApi, budi: Person) -> None:
    message = OutgoingMessage("Pilih *satu* <b>ya</b> _", (Button("Kasir", "1:kasir"), Button("Menjahit", "1:jahit")))
    assert await channel.send(Sending(0, "1001", message, "alert")) is None
    (sent,) = api.sent()
    assert sent.parameters["text"] == message.text
    assert sent.parameters["reply_markup"] == {
        "inline_keyboard": [
            [{"text": "Kasir", "callback_data": "1:kasir"}],
            [{"text": "Menjahit", "callback_data": "1:jahit"}],
        ]
    }
    assert sent.parameters["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in sent.parameters


@pytest.mark.parametrize(
    ("status", "description", "expected"),
    [
        (403, "Forbidden: bot was blocked by the user", ("403", Then.SWITCH_OFF)),
        (403, "Forbidden: user is deactivated", ("403", Then.SWITCH_OFF)),
        (400, "Bad Request: chat not found", ("400", Then.SWITCH_OFF)),
        (400, "Bad Request: PEER_ID_INVALID", ("400", Then.SWITCH_OFF)),
        (400, "Bad Request: message is too long", ("400", Then.END)),
        (409, "Conflict: contoh", ("network", Then.RETRY)),
        (413, "Request Entity Too Large", ("5xx", Then.RETRY)),
        (500, "Internal Server Error", ("5xx", Then.RETRY)),
        (502, "Bad Gateway", ("5xx", Then.RETRY)),
    ],
)
async def test_refusals(
    channel: TelegramChannel,
    api: BotApi,
    budi: Person,
    status: int,
    description: str,
    expected: tuple[str, Then],
) -> None:
    api.fails("sendMessage", status, description)
    error = await channel.send(Sending(0, "1001", HALO, "alert"))
    assert error is not None
    assert (error.code, error.then) == expected
    assert await channel.send(Sending(0, "1001", HALO, "alert")) is None


async def test_a_file_comes_with_its_text(channel: TelegramChannel, api: BotApi, budi: Person) -> None:
    copy = Attachment.of_text("data-saya.txt", "Nama: Budi Contoh ✓\n")
    message = OutgoingMessage("Salinan data Anda.", (Button("Menu", "1:menu"),), attachment=copy)
    assert await channel.send(Sending(0, "1001", message)) is None
    heard = await budi.hears()
    assert (heard.text, heard.buttons) == ("Salinan data Anda.", [("Menu", "1:menu")])
    assert heard.file is not None
    assert (heard.file.filename, heard.file.data.decode()) == ("data-saya.txt", "Nama: Budi Contoh ✓\n")
    voice = Attachment("voice", "tanya.ogg", "audio/ogg; codecs=opus", b"OggS")
    assert await channel.send(Sending(0, "1001", OutgoingMessage("Dengarkan.", attachment=voice))) is None
    heard = await budi.hears()
    assert (heard.text, heard.file and heard.file.data) == ("Dengarkan.", b"OggS")
    api.fails("sendDocument", 502)
    error = await channel.send(Sending(0, "1001", message))
    assert error is not None
    assert error.then is Then.RETRY
    error = await channel.send(Sending(0, "1001", OutgoingMessage("x" * 1025, attachment=copy)))
    assert error is not None
    assert error.then is Then.END


@pytest.mark.parametrize("address", ["4242", "-100", "bukan angka", ""])
async def test_an_address_nobody_has(channel: TelegramChannel, address: str) -> None:
    error = await channel.send(Sending(0, address, HALO, "alert"))
    assert error is not None
    assert error.code == "400"
    assert error.then in (Then.END, Then.SWITCH_OFF)


async def test_somebody_who_never_wrote_cannot_be_reached(channel: TelegramChannel, api: BotApi) -> None:
    api.person(1002)
    error = await channel.send(Sending(0, "1002", HALO, "alert"))
    assert error is not None
    assert error.then is Then.SWITCH_OFF


@pytest.mark.parametrize("text", ["", " \n", "x" * 4097, "😀" * 2049])
async def test_what_telegram_would_refuse_is_not_even_asked(
    channel: TelegramChannel, api: BotApi, budi: Person, text: str
) -> None:
    error = await channel.send(Sending(0, "1001", OutgoingMessage(text), "alert"))
    assert error is not None
    assert (error.code, error.then) == ("400", Then.END)
    assert api.calls == {}
    assert await channel.send(Sending(0, "1001", OutgoingMessage("😀" * 2048), "alert")) is None


async def test_a_button_that_does_not_fit_does_not_cost_the_message(
    channel: TelegramChannel, api: BotApi, budi: Person
) -> None:
    with capture_logs() as log:
        buttons = (Button("Panjang", "é" * 33), Button("", "1:x"), Button("Ya", "é" * 32))
        assert await channel.send(Sending(0, "1001", OutgoingMessage("Pilih", buttons), "alert")) is None
    assert (await budi.hears()).buttons == [("Ya", "é" * 32)]
    assert [event["log_level"] for event in log] == ["error", "error"]
    assert await channel.send(Sending(0, "1001", OutgoingMessage("Pilih", buttons[:1]), "alert")) is None
    assert (await budi.hears()).buttons == []


async def test_silence_is_kept_when_it_is_asked_for(channel: TelegramChannel, api: BotApi, budi: Person) -> None:
    api.fails("sendMessage", 429, "Too Many Requests: retry after 7", retry_after=7)
    error = await channel.send(Sending(0, "1001", HALO, "alert"))
    assert error == SendError("429", "Too Many Requests: retry after 7", Then.WAIT, 7)
    siti = api.person(1002)
    siti.says("halo")
    push, answer = await channel.send(Sending(0, "1002", HALO, "alert")), await channel.send(Sending(0, "1002", HALO))
    assert push is not None
    assert push.code == "429"
    assert push.retry_after == pytest.approx(7, abs=0.5)
    assert answer is None
    assert api.calls["sendMessage"] == 2


async def test_the_pace_keeps_a_strict_platform_content(api: BotApi, turns: MemoryTurns) -> None:
    api.limits.bot, api.limits.chat = 30, 1
    channel = make_channel(api, turns, pace=Pace(per_second=29))
    await channel._api.open()
    people = [api.person(1000 + n) for n in range(40)]
    for person in people:
        person.says("halo")
    errors = await asyncio.gather(*(channel.send(Sending(0, str(person.id), HALO, "alert")) for person in people))
    await channel._api.close()
    assert errors == [None] * 40
    assert api.refused == []


async def test_an_unknown_outcome_is_called_timeout_and_none_is_called_network(
    channel: TelegramChannel, api: BotApi, budi: Person
) -> None:
    api.drops("sendMessage", accepted=False)
    api.drops("sendMessage", accepted=True)
    for accepted in (0, 1):
        error = await channel.send(Sending(0, "1001", HALO, "alert"))
        assert error is not None
        assert (error.code, error.then) == ("timeout", Then.RETRY)
        assert len(api.sent()) == api.accepted_but_unanswered == accepted
    await api.stop()
    error = await channel.send(Sending(0, "1001", HALO, "alert"))
    assert error is not None
    assert (error.code, error.then) == ("network", Then.RETRY)


async def test_a_slow_answer_is_a_timeout(
    channel: TelegramChannel, api: BotApi, budi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = Api.call

    async def impatient(self: Api, method: str, parameters: dict[str, object], read_timeout: float = 0.05) -> object:
        return await call(self, method, parameters, read_timeout)

    monkeypatch.setattr(Api, "call", impatient)
    api.delays("sendMessage", 1.0)
    error = await channel.send(Sending(0, "1001", HALO, "alert"))
    assert error is not None
    assert error.code == "timeout"


async def test_the_wrong_token_stops_sending_with_one_alarm(api: BotApi, budi: Person) -> None:
    now = 100.0
    ours = Api("123456789:tidak-dikenal", api.url)
    sender = Sender(ours, Pace(), "Bagikan", clock=lambda: now)
    await ours.open()
    with capture_logs() as log:
        for _ in range(3):
            error = await sender.push("1001", HALO)
            assert error is not None
            assert (error.code, error.then) == ("401", Then.WAIT)
        assert len(api.refused) == 1
        assert sender.as_answer("1001", HALO) is None
        now += 61
        assert (await sender.reply("1001", HALO)) is not None
        assert len(api.refused) == 2
        ours.bot._base_url = f"{api.url}/bot{api.token}"  # the operator has corrected it
        now += 61
        assert await sender.push("1001", HALO) is None
    await ours.close()
    assert [event["log_level"] for event in log] == ["critical"]
    assert "SETARA_TELEGRAM_TOKEN" in log[0]["event"]


async def test_connections_are_kept(channel: TelegramChannel, api: BotApi, budi: Person) -> None:
    for _ in range(20):
        assert await channel.send(Sending(0, "1001", HALO, "alert")) is None
    assert len(api._server._connections) == 1


async def test_no_error_tells_the_token(api: BotApi) -> None:
    """Neither its text, nor its causes and contexts, nor a traceback of it."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
        for base in (nowhere, "http://tidak.ada.invalid", "bukan alamat", f"{api.url}/salah", api.url):
            api.drops("getMe", accepted=False, times=2)
            ours = Api(api.token, base)
            assert api.token not in repr(ours.bot)
            await ours.open()
            for call in (ours.bot.get_me(), ours.call("getMe", {}), ours.call("sendMessage", {"chat_id": 1})):
                with pytest.raises(TelegramError) as caught:
                    await call
                error: BaseException | None = caught.value
                assert api.token not in "".join(traceback.format_exception(caught.value))
                while error is not None:
                    assert api.token not in f"{error!r} {error}"
                    error = error.__cause__ or error.__context__
            await ours.close()


async def test_no_log_tells_the_token(
    everything_logged: io.StringIO, api: BotApi, polls: Serve, turns: MemoryTurns
) -> None:
    api.fails("getUpdates", 502)
    api.drops("sendMessage", accepted=True)
    turns.failing["gagal"] = 1
    await polls()
    budi = api.person(1001)
    budi.says("rahasia saya")
    budi.says("gagal")
    assert (await budi.hears()).text == "rahasia saya"
    await eventually(lambda: turns.heard_from(1001) == ["rahasia saya", "gagal"])
    await eventually(lambda: ("commands", "en") in api.profile)
    written = everything_logged.getvalue()
    secret = api.token.partition(":")[2]
    assert '"logger": "telegram.Bot"' in written  # the library was heard in full
    assert api.token not in written
    assert secret not in written
    own = [json.loads(line) for line in written.splitlines()]
    ours = [event for event in own if str(event["logger"]).startswith("bot.")]
    assert ours
    assert "rahasia saya" not in str(ours)
    assert "1001" not in str(ours)
