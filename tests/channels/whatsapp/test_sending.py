"""What goes out, what does not, and what follows: windows, templates, limits, faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from bot.channels.base import Sending, Then
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.errors import explain
from bot.channels.whatsapp.templates import Templates
from bot.limiter import Pace
from conversations.engine.messages import Attachment, Button, OutgoingMessage
from tests.channels.memory import MemoryTurns
from tests.channels.whatsapp.conftest import Hooks, make_channel
from tests.fakes.graph_api import GraphApi
from tests.fakes.whatsapp_people import WhatsAppPerson

BUDI = "6281200000001"
VALUES = {"vacancies": "Penjahit Contoh, Kotapinang: balas LOKER 5", "count": "1"}
NEWS = OutgoingMessage("Ada lowongan baru", (Button("Penjahit Contoh", "job:5"),), values=VALUES)


def alert(
    to: str, message: OutgoingMessage = NEWS, heard_at: datetime | None = None, locale: str = "id", sending: int = 1
) -> Sending:
    return Sending(7, to, message, "alert", locale, heard_at, sending)


def reply(to: str, text: str = "halo", heard_at: datetime | None = None) -> Sending:
    return Sending(8, to, OutgoingMessage(text), "reply", "id", heard_at)


@pytest.fixture
async def channel(api: GraphApi, turns: MemoryTurns, templates: Templates) -> AsyncIterator[WhatsAppChannel]:
    channel = make_channel(api, turns, templates=templates)
    yield channel
    await channel.stop()


@pytest.fixture
async def untemplated(api: GraphApi, turns: MemoryTurns) -> AsyncIterator[WhatsAppChannel]:
    channel = make_channel(api, turns)
    yield channel
    await channel.stop()


@pytest.fixture
def budi(api: GraphApi) -> WhatsAppPerson:
    """He wrote just now."""
    budi = api.person(BUDI)
    budi.says("halo")
    return budi


def now(api: GraphApi) -> datetime:
    return datetime.fromtimestamp(api.now(), UTC)


# The window


async def test_within_the_window_it_is_free_text(channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson) -> None:
    heard_at = now(api)
    api.moves(hours=23, minutes=59)
    assert await channel.send(alert(BUDI, heard_at=heard_at)) is None
    heard = await budi.hears()
    assert (heard.kind, heard.text, heard.buttons) == ("button", NEWS.text, [("Penjahit Contoh", "job:5", "")])


@pytest.mark.parametrize(
    ("locale", "begins"), [("id", "Kabar yang Anda minta"), ("id@mudah", "Ada kerja"), ("en", "The news")]
)
async def test_outside_the_window_it_is_a_template_in_the_persons_words(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson, locale: str, begins: str
) -> None:
    heard_at = now(api)
    api.moves(hours=24, minutes=1)
    assert await channel.send(alert(BUDI, heard_at=heard_at, locale=locale)) is None
    heard = await budi.hears()
    assert heard.kind == "template"
    assert heard.text.startswith(begins)
    assert VALUES["vacancies"] in heard.text


async def test_who_was_never_heard_has_no_open_window(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson
) -> None:
    assert await channel.send(alert(BUDI)) is None
    assert (await budi.hears()).kind == "template"


async def test_without_a_template_it_waits_for_the_person(
    untemplated: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson
) -> None:
    error = await untemplated.send(alert(BUDI, heard_at=now(api) - timedelta(hours=25)))
    assert error is not None
    assert (error.code, error.then) == ("131047", Then.WHEN_HEARD)
    assert "no template for alert" in error.description
    assert api.calls == {}, "what the platform would refuse is not even asked"


async def test_the_platforms_own_clock_counts(channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson) -> None:
    """The window closed there a moment before it does here."""
    api.refuses_late = False
    api.moves(hours=25)
    assert await channel.send(alert(BUDI, heard_at=now(api) - timedelta(hours=23))) is None
    assert (await budi.hears()).kind == "template"
    assert [code for code, _ in api.refused] == [131047]


async def test_of_late_answers_it_is_told_once_that_they_wait(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson
) -> None:
    heard_at = now(api)
    api.moves(hours=25)
    for text in ("satu", "dua", "dua"):
        error = await channel.send(reply(BUDI, text, heard_at))
        assert error is not None
        assert (error.code, error.then) == ("131047", Then.WHEN_HEARD), "nobody has read it yet"
    assert [heard.text for heard in budi.messages] == ["Ada jawaban untuk Anda. Balas pesan ini untuk membacanya."]
    [accepted] = api.sent()
    assert accepted.parameters["biz_opaque_callback_data"].endswith(".w"), "what is reported is not of the answer"
    budi.says("ya?")
    assert await channel.send(reply(BUDI, "satu", now(api))) is None
    api.moves(hours=25)
    assert await channel.send(reply(BUDI, "tiga", now(api) - timedelta(hours=25))) is not None
    assert len(budi.messages) == 3, "another window, and it is told once more"


async def test_a_template_that_lacks_a_value_is_an_end(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson
) -> None:
    error = await channel.send(alert(BUDI, OutgoingMessage("tanpa nilai")))
    assert error is not None
    assert error.then is Then.END


async def test_a_template_that_was_paused_is_said_and_waits(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson, everything_logged: StringIO
) -> None:
    api.templates["kabar_lowongan", "id"].status = "paused"
    for _ in range(3):
        error = await channel.send(alert(BUDI))
        assert error is not None
        assert (error.code, error.then) == ("template", Then.WAIT)
        assert error.retry_after >= 600
    assert len(api.refused) == 1, "many wait for it, and one is enough to know"
    assert everything_logged.getvalue().count("WhatsApp Manager") == 1
    assert await channel.send(alert(BUDI, locale="en")) is None, "another one goes on"


# Shapes


async def test_many_options_are_a_list_and_more_are_text(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson
) -> None:
    heard_at = now(api)
    options = [Button(f"Pilihan nomor {n}", f"1:{n}") for n in range(11)]
    for count, kind in ((3, "button"), (4, "list"), (10, "list"), (11, "text")):
        message = OutgoingMessage("Pilih: balas angka", tuple(options[:count]))
        assert await channel.send(alert(BUDI, message, heard_at)) is None
        heard = await budi.hears()
        assert (heard.kind, len(heard.buttons)) == (kind, 0 if kind == "text" else count)


@pytest.mark.parametrize("text", ["", " \n", "x" * 4097])
async def test_what_whatsapp_would_refuse_is_not_even_asked(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson, text: str
) -> None:
    error = await channel.send(alert(BUDI, OutgoingMessage(text), now(api)))
    assert error is not None
    assert (error.code, error.then) == ("400", Then.END)
    assert api.calls == {}


async def test_a_user_id_is_a_recipient(channel: WhatsAppChannel, api: GraphApi) -> None:
    hidden = api.person(BUDI, username=True)
    hidden.says("halo")
    assert await channel.send(alert(hidden.user_id, heard_at=now(api))) is None
    assert (await hidden.hears()).raw["recipient"] == hidden.user_id


async def test_a_file_comes_with_its_text(channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson) -> None:
    heard_at = now(api)
    copy = Attachment.of_text("data-saya.txt", "Nama: Budi Contoh ✓\n")
    message = OutgoingMessage("Salinan data Anda.", attachment=copy)
    assert await channel.send(alert(BUDI, message, heard_at)) is None
    heard = await budi.hears()
    assert (heard.kind, heard.text) == ("document", "Salinan data Anda.")
    assert heard.media is not None
    assert (heard.media.filename, heard.media.data.decode()) == ("data-saya.txt", "Nama: Budi Contoh ✓\n")
    api.fails(131053, what="media")
    error = await channel.send(alert(BUDI, message, heard_at))
    assert error is not None
    assert error.then is Then.END
    api.drops(accepted=True, what="media")
    error = await channel.send(alert(BUDI, message, heard_at))
    assert error is not None
    assert error.then is Then.RETRY


async def test_a_voice_follows_its_words(channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson) -> None:
    voice = Attachment("voice", "tanya.ogg", "audio/ogg; codecs=opus", b"OggS")
    message = OutgoingMessage("Siapa nama Anda?", (Button("Lewati", "1:skip"),), attachment=voice)
    assert await channel.send(alert(BUDI, message, now(api))) is None
    words, spoken = await budi.hears(), await budi.hears()
    assert (words.kind, words.text, len(words.buttons)) == ("button", "Siapa nama Anda?", 1)
    assert (spoken.kind, spoken.media and spoken.media.data) == ("audio", b"OggS")
    api.fails(131053, what="media")
    error = await channel.send(alert(BUDI, message, now(api)))
    assert error is not None
    assert error.then is Then.END


# Refusals


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (131026, ("131026", Then.SWITCH_OFF)),
        (131050, ("131050", Then.STOP)),
        (130429, ("pace", Then.WAIT)),
        (131048, ("pace", Then.WAIT)),
        (131056, ("pair", Then.WAIT)),
        (190, ("account", Then.WAIT)),
        (131042, ("account", Then.WAIT)),
        (131009, ("131009", Then.END)),
        (131049, ("131049", Then.WAIT)),
    ],
)
async def test_refusals(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson, code: int, expected: tuple[str, Then]
) -> None:
    api.fails(code)
    error = await channel.send(alert(BUDI, heard_at=now(api)))
    assert error is not None
    assert (error.code, error.then) == expected
    assert (error.retry_after > 0) == (error.then is Then.WAIT)
    assert BUDI not in error.description


async def test_a_phone_id_that_is_not_ours_is_the_accounts_trouble(
    api: GraphApi, turns: MemoryTurns, budi: WhatsAppPerson, everything_logged: StringIO
) -> None:
    api.phone_id, right = "100000000000009", api.phone_id
    channel = make_channel(api, turns)
    api.phone_id = right
    error = await channel.send(reply(BUDI, heard_at=now(api)))
    assert error is not None
    assert (error.code, error.then) == ("account", Then.WAIT)
    assert "33: the phone number id" in everything_logged.getvalue()
    await channel.stop()


@pytest.mark.parametrize("code", [1, 2, 131000, 131016, 133004])
async def test_faults_of_the_platform_are_tried_again(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson, code: int
) -> None:
    api.fails(code, 500)
    error = await channel.send(alert(BUDI, heard_at=now(api)))
    assert error is not None
    assert (error.code, error.then) == ("5xx", Then.RETRY)
    assert await channel.send(alert(BUDI, heard_at=now(api))) is None


@pytest.mark.parametrize("http", [500, 502, 503])
async def test_a_page_instead_of_an_answer(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson, http: int
) -> None:
    api.fails(None, http)
    error = await channel.send(alert(BUDI, heard_at=now(api)))
    assert error is not None
    assert (error.code, error.then) == ("5xx", Then.RETRY)


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_lost_connection_has_an_unknown_outcome(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson, accepted: bool
) -> None:
    api.drops(accepted=accepted)
    error = await channel.send(alert(BUDI, heard_at=now(api)))
    assert error is not None
    assert (error.code, error.then) == ("timeout", Then.RETRY)
    assert api.accepted_but_unanswered == accepted


async def test_no_connection_is_certain(channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson) -> None:
    heard_at = now(api)
    await api.stop()
    error = await channel.send(alert(BUDI, heard_at=heard_at))
    assert error is not None
    assert (error.code, error.then) == ("network", Then.RETRY)


async def test_a_refused_token_rests_everything_and_is_said_once(
    api: GraphApi, turns: MemoryTurns, budi: WhatsAppPerson, everything_logged: StringIO
) -> None:
    api.token, right = "another", api.token
    channel = make_channel(api, turns)
    api.token = right
    for _ in range(3):
        error = await channel.send(reply(BUDI, heard_at=now(api)))
        assert error is not None
        assert (error.code, error.then) == ("account", Then.WAIT)
        assert 0 < error.retry_after <= 60
    assert api.calls == {}, "the fake counts no call without its token"
    assert len(api.refused) == 1, "nothing more is asked while it rests"
    said = everything_logged.getvalue()
    assert said.count("SETARA_WHATSAPP_TOKEN") == 1
    for secret in (right, "another", BUDI):
        assert secret not in said
    await channel.stop()


async def test_an_account_refused_by_reports_again_and_again_is_said_once(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson, everything_logged: StringIO
) -> None:
    """Each message is accepted and then reported to have failed: a minute's rest between, and one alarm."""
    seconds = 0.0
    channel._sender._monotonic = lambda: seconds
    for minute in range(30):
        seconds = 60.0 * minute
        assert await channel.send(reply(BUDI, heard_at=now(api))) is None
        channel._sender.heed(explain(131042), BUDI)
        held = await channel.send(reply(BUDI, heard_at=now(api)))
        assert held is not None
        assert held.code == "account"
    assert everything_logged.getvalue().count("SETARA_WHATSAPP_TOKEN") == 1
    seconds += 2 * 3600
    channel._sender.heed(explain(131042), BUDI)
    assert everything_logged.getvalue().count("SETARA_WHATSAPP_TOKEN") == 2, "another time it is said again"


async def test_one_person_who_got_too_much_holds_up_nobody_else(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson
) -> None:
    ani = api.person("6281200000002")
    ani.says("halo")
    api.fails(131056, to=BUDI)
    heard_at = now(api)
    refused = await channel.send(alert(BUDI, heard_at=heard_at))
    assert refused is not None
    again = await channel.send(reply(BUDI, heard_at=heard_at))
    assert again is not None
    assert again.code == "pace"
    assert await channel.send(alert(ani.phone, heard_at=heard_at)) is None
    assert api.calls == {"message": 2}


async def test_a_numbers_limit_pauses_what_is_unasked(
    channel: WhatsAppChannel, api: GraphApi, budi: WhatsAppPerson
) -> None:
    ani = api.person("6281200000002")
    ani.says("halo")
    heard_at = now(api)
    api.fails(130429, to=BUDI)
    assert await channel.send(alert(BUDI, heard_at=heard_at)) is not None
    held = await channel.send(alert(ani.phone, heard_at=heard_at))
    assert held is not None
    assert (held.code, held.then) == ("pace", Then.WAIT)
    assert await channel.send(reply(ani.phone, heard_at=heard_at)) is None, "who waits for an answer gets it"


async def test_the_pace_keeps_a_strict_platform_content(
    api: GraphApi, turns: MemoryTurns, budi: WhatsAppPerson
) -> None:
    api.limits.number, api.limits.pair = 80, True
    channel = make_channel(api, turns, pace=Pace(80, 1 / 6.0))
    people = [api.person(f"628120001{number:04}") for number in range(120)]
    for person in people:
        person.says("halo")
    heard_at = now(api)
    errors = await asyncio.gather(*(channel.send(alert(person.phone, heard_at=heard_at)) for person in people))
    assert errors == [None] * 120
    assert api.refused == []
    second = await channel.send(alert(people[0].phone, heard_at=heard_at))
    assert second is not None
    assert 1 < second.retry_after <= 6, "nobody holds a message for so long"
    await channel.stop()


async def test_a_reply_that_cannot_go_now_is_left_to_delivery(api: GraphApi, hooks: Hooks, turns: MemoryTurns) -> None:
    await hooks()
    api.fails(131016, 503)
    budi = api.person(BUDI)
    budi.says("halo")
    for _ in range(100):
        if turns.released:
            break
        await asyncio.sleep(0.01)
    assert turns.released == [1]
    assert turns.confirmed == []


def test_every_code_has_an_answer() -> None:
    for code in range(140_000):
        error = explain(code)
        assert error.description
        assert (error.retry_after > 0) == (error.then is Then.WAIT)
