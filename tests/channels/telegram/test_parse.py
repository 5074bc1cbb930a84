"""Updates as Telegram sends them, and as it never should."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import InboundMessage, Notice, SharedContact
from bot.channels.telegram.parse import COMMANDS, Group, parse, tap_of
from bot.channels.telegram.profile import MENU

USER = {"id": 1001, "is_bot": False, "first_name": "Contoh", "language_code": "id"}
CHAT = {"id": 1001, "first_name": "Contoh", "type": "private"}
GROUP = {"id": -2001, "title": "Contoh", "type": "supergroup"}


def message(**content: Any) -> dict[str, Any]:
    return {
        "update_id": 5,
        "message": {"message_id": 1, "from": USER, "chat": CHAT, "date": 1_700_000_000, **content},
    }


def membership(chat: dict[str, Any], status: str) -> dict[str, Any]:
    new = {"user": {"id": 1}, "status": status}
    return {"update_id": 5, "my_chat_member": {"chat": chat, "from": USER, "date": 1, "new_chat_member": new}}


def understood(update: Any) -> InboundMessage:
    inbound = parse(update)
    assert isinstance(inbound, InboundMessage)
    set_fields = [inbound.text, inbound.choice, inbound.contact, inbound.media, inbound.notice]
    assert sum(value is not None for value in set_fields) == 1
    return inbound


def test_a_text() -> None:
    assert parse(message(text="loker admin")) == InboundMessage(
        channel="telegram",
        address="1001",
        external_id="5",
        order=5,
        text="loker admin",
        language="id",
    )


@pytest.mark.parametrize(
    ("typed", "text", "start"),
    [
        ("/start", "halo", ""),
        ("/start job-5", "halo", "job-5"),
        ("/start@contoh_bot  job-5 ", "halo", "job-5"),
        ("/stop", "STOP", None),
        ("/STOP", "STOP", None),
        ("/lowongan kasir kotapinang", "lowongan kasir kotapinang", None),
        ("/lowongan\nkasir", "lowongan kasir", None),
        ("/help", "BANTUAN", None),
        ("/tidakada", "/tidakada", None),
        ("/ daftar", "/ daftar", None),
        ("/", "/", None),
        ("ke /start", "ke /start", None),
    ],
)
def test_commands_are_words(typed: str, text: str, start: str | None) -> None:
    inbound = understood(message(text=typed))
    assert (inbound.text, inbound.start) == (text, start)


def test_every_command_of_the_menu_is_understood() -> None:
    assert {command for command, _ in MENU} <= COMMANDS.keys()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"voice": {}}, "voice"),
        ({"audio": {}}, "voice"),
        ({"photo": [{}]}, "photo"),
        ({"photo": [{}], "caption": "ini ijazah saya"}, "photo"),
        ({"video": {}}, "video"),
        ({"video_note": {}}, "video"),
        ({"animation": {}, "document": {}}, "video"),
        ({"document": {}}, "document"),
        ({"sticker": {}}, "sticker"),
        ({"location": {}}, "location"),
        ({"location": {}, "venue": {}}, "location"),
        ({"dice": {}}, "other"),
        ({"something_of_next_year": {}}, "other"),
    ],
)
def test_what_is_not_text_is_media(content: dict[str, Any], kind: str) -> None:
    assert understood(message(**content)).media == kind


def test_the_pictures_of_an_album_share_an_id() -> None:
    first = understood(message(photo=[{}], media_group_id="77"))
    second = understood({**message(document={}, media_group_id="77"), "update_id": 6})
    assert first.external_id == second.external_id == "album:77"
    assert (first.order, second.order) == (5, 6)


@pytest.mark.parametrize(
    ("card", "contact"),
    [
        ({"phone_number": "628120000001", "user_id": 1001}, SharedContact("+628120000001", own=True)),
        ({"phone_number": "+628120000001", "user_id": 1001}, SharedContact("+628120000001", own=True)),
        ({"phone_number": "08120000001", "user_id": 1002}, SharedContact("08120000001", own=False)),
        ({"phone_number": "0812 0000 001"}, SharedContact("0812 0000 001", own=False)),
    ],
)
def test_a_contact_is_ones_own_only_if_it_is_the_senders(card: dict[str, Any], contact: SharedContact) -> None:
    assert understood(message(contact=card)).contact == contact


@pytest.mark.parametrize(
    "shown",
    [
        {"message_id": 3, "chat": CHAT, "date": 1_700_000_000, "text": "Pilih"},
        {"message_id": 3, "chat": CHAT, "date": 0},
        None,
    ],
)
def test_a_tap(shown: dict[str, Any] | None) -> None:
    query = {"id": "9", "from": USER, "chat_instance": "1", "data": "3:ya"}
    update = {"update_id": 5, "callback_query": {**query, "message": shown} if shown else query}
    inbound = understood(update)
    assert (inbound.choice, inbound.address, inbound.language) == ("3:ya", "1001", "id")
    assert tap_of(update) == "9"


@pytest.mark.parametrize("extra", [{"game_short_name": "x"}, {"data": "1:x", "message": {"chat": GROUP}}])
def test_a_tap_that_is_none_of_ours(extra: dict[str, Any]) -> None:
    update = {"update_id": 5, "callback_query": {"id": "9", "from": USER, **extra}}
    assert parse(update) is None
    assert tap_of(update) == "9"


def test_an_edited_text_is_a_notice_and_a_moving_location_is_not() -> None:
    edited = message(text="hallo", edit_date=1_700_000_060)["message"]
    assert understood({"update_id": 5, "edited_message": edited}).notice is Notice.EDITED
    moving = message(location={}, edit_date=1_700_000_060)["message"]
    assert parse({"update_id": 5, "edited_message": moving}) is None


@pytest.mark.parametrize(
    ("status", "notice"), [("kicked", Notice.BLOCKED), ("left", Notice.BLOCKED), ("member", Notice.UNBLOCKED)]
)
def test_blocking_and_unblocking(status: str, notice: Notice) -> None:
    assert understood(membership(CHAT, status)).notice is notice


@pytest.mark.parametrize(
    ("update", "result"),
    [
        (membership(GROUP, "member"), Group(-2001)),
        (membership(GROUP, "administrator"), Group(-2001)),
        (membership(GROUP, "left"), None),
        (membership(GROUP, "kicked"), None),
        (membership({**GROUP, "type": "channel"}, "administrator"), None),
        ({**message(text="halo"), "message": {**message(text="halo")["message"], "chat": GROUP}}, Group(-2001)),
        ({"update_id": 5, "channel_post": {"chat": {"type": "channel", "id": -3}}}, None),
        (message(pinned_message={}), None),
        (message(write_access_allowed={}), None),
        (message(text="halo", **{"from": {**USER, "is_bot": True}}), None),
        ({"update_id": 5, "inline_query": {}}, None),
        ({"update_id": 5}, None),
    ],
)
def test_what_needs_no_turn(update: dict[str, Any], result: Group | None) -> None:
    assert parse(update) == result


@pytest.mark.parametrize("text", ["\ud83d", "a\ud800b", "nul\0nul", "biasa é 😀"])
def test_every_text_can_be_stored(text: str) -> None:
    stored = understood(message(text=text)).text
    assert stored is not None
    assert stored.encode().decode() == stored
    assert "\0" not in stored


SAMPLES: list[dict[str, Any]] = [
    message(text="/start x"),
    message(contact={"phone_number": "1", "user_id": 1001}),
    message(photo=[{}], media_group_id="1", caption="x"),
    {"update_id": 5, "callback_query": {"id": "9", "from": USER, "data": "x", "message": message()["message"]}},
    {"update_id": 5, "edited_message": message(text="x")["message"]},
    membership(CHAT, "kicked"),
    membership(GROUP, "member"),
]
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.builds(list), st.builds(dict)
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, item in inner for path in paths(item, (*here, key)))]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_arrives_nothing_is_raised(data: st.DataObject) -> None:
    update: Any = copy.deepcopy(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(update)))
        junk = data.draw(JUNK)
        if not path:
            update = junk
            break
        place = update
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = junk
    inbound = parse(update)
    assert inbound is None or isinstance(inbound, Group | InboundMessage)
    if isinstance(inbound, InboundMessage):
        assert isinstance(inbound.address, str)
        assert isinstance(inbound.text, str | None)
        assert isinstance(inbound.choice, str | None)
    tap_of(update)
