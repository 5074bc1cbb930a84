"""What holds at every channel alike: the real service, its database, and people at each door.

Each test is one promise of ``bot.channels.base`` to the person. What only one channel does is tested beside it.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import sqlalchemy as sa

import bot.turns
from conversations.engine.step import step
from storage import outbox, tickets
from storage.models import contact_seekers, contacts
from storage.models import outbox as outbox_table
from storage.problems import OperationalProblem
from storage.work import Work
from tests.channels.doors import Door, Entrance, Heard, House, at_once
from tests.channels.doors_fetching import AtTerminal, Web
from tests.channels.doors_platforms import Telegram, WhatsApp
from tests.e2e.people import first_pass
from tests.support.offers import vacancy
from tests.support.registered import everybody

ENTRANCES: dict[str, Callable[[], Entrance]] = {
    "telegram by polling": lambda: Telegram(by_polling=True),
    "telegram by webhook": lambda: Telegram(by_polling=False),
    "whatsapp": WhatsApp,
    "web": Web,
    "terminal": AtTerminal,
}
SEWING = vacancy(1, "Penjahit Seragam", fields=("menjahit",), education=None)


def where(true: Callable[[Entrance], object]) -> pytest.MarkDecorator:
    """The channels of which it is true; of the others there is nothing to promise."""
    return pytest.mark.parametrize("name", [name for name, make in ENTRANCES.items() if true(make())])


@pytest.fixture(params=ENTRANCES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def house(
    name: str, tmp_path: Path, _sqlite_template: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    at_once(monkeypatch)
    shutil.copy(_sqlite_template, tmp_path / "setara.db")
    entrance = ENTRANCES[name]()
    async with entrance.opened(), House(entrance, tmp_path, key) as house:
        yield house


@pytest.fixture
def door(house: House) -> Door:
    return house.door()


# Words and taps


async def test_words_are_answered(door: Door) -> None:
    heard = await door.asks("halo")
    assert "Setara Kerja" in heard.text
    assert list(heard.answers) == list(heard.labels), "whatever can be tapped can be typed"
    assert len(heard.labels) >= 4
    assert await door.hears_nothing()


Way: TypeAlias = Callable[[Door, Heard, int], Awaitable[Heard]]
"""How somebody takes the option at this place among those of a message."""


ENOUGH = "Selesai memilih"


async def tapping(door: Door, heard: Heard, place: int) -> Heard:
    answer = await door.tries(heard.labels[place])
    # Where several may be chosen one tap says one of them, and one message all.
    return await door.tries(ENOUGH) if ENOUGH in answer.labels else answer


async def by_number(door: Door, heard: Heard, place: int) -> Heard:
    return await door.asks([*heard.answers.values()][place])


async def by_word(door: Door, heard: Heard, place: int) -> Heard:
    label = heard.labels[place]
    answer = heard.answers[label]
    return await door.asks(answer.lower() if answer.isalpha() else label.lower())


async def test_every_option_can_be_tapped_and_typed_by_number_and_by_word(house: House) -> None:
    async def through_the_menu(way: Way) -> list[Heard]:
        door, heard = house.door(), []
        for place in range(len((await door.asks("MENU")).labels)):
            heard.append(await way(door, await door.asks("MENU"), place))
        return heard

    by_taps, by_numbers, by_words = await asyncio.gather(*map(through_the_menu, (tapping, by_number, by_word)))
    assert by_taps == by_numbers == by_words
    assert len({heard.text for heard in by_taps}) == len(by_taps) >= 4


async def test_a_registration_is_the_same_by_taps_by_numbers_and_by_words(house: House) -> None:
    talks = await asyncio.gather(*(_registers(house.door(), way) for way in (tapping, by_number, by_word)))
    assert talks[0] == talks[1] == talks[2]
    kept = await house.reads(_everybody)
    assert len(kept) == 3
    assert kept[0] == kept[1] == kept[2]


async def _registers(door: Door, way: Way) -> list[Heard]:
    """Register for oneself, taking the second option of each question; all that was heard."""
    heard = [await door.asks("daftar"), await door.asks("1"), await door.asks("ya")]
    said = {"Siapa nama": "Tini Contoh", "Tahun berapa": "1998", "Periksa jawaban": "simpan"}
    while "Pendaftaran selesai" not in heard[-1].text:
        assert len(heard) < 30, heard[-1]
        word = next((answer for question, answer in said.items() if question in heard[-1].text), None)
        assert word or heard[-1].labels, heard[-1]
        heard.append(await door.asks(word) if word else await way(door, heard[-1], 1))
    return heard


async def test_an_old_button_does_not_answer_the_new_question(house: House, door: Door) -> None:
    agree = (await door.asks("daftar", "saya sendiri")).labels[0]
    asked = await door.tries(agree)
    assert "nama" in asked.text
    await door.taps(agree)
    assert await door.hears_nothing(), "tapped twice is tapped once"
    asked = await door.asks("Tini Contoh")
    late = await door.tries(agree)
    assert "sudah lewat" in late.text
    assert late.text.endswith(asked.text), "the question that is open is asked once more"


# Several at once


async def test_ten_at_once_are_taken_in_the_order_in_which_they_were_written(house: House, door: Door) -> None:
    words = first_pass("Tini Contoh")
    patient = house.door()
    expected = [await patient.asks(word) for word in words]
    await door.says(*words)
    assert [await door.hears() for _ in words] == expected
    assert await door.hears_nothing()
    first, second = await house.reads(_everybody)
    assert first == second


async def test_two_people_at_once_do_not_mix(house: House) -> None:
    names = [f"Contoh {syllable}" for syllable in ("Bolmir", "Cetlum", "Dupkal")]
    doors = [house.door() for _ in names]
    finished = await asyncio.gather(*(door.registers(name) for door, name in zip(doors, names, strict=True)))
    for heard, own in zip(finished, names, strict=True):
        assert [name for name in names if name in heard.text] == [own]
    assert [await door.hears_nothing() for door in doors] == [True] * len(doors)
    kept = await house.reads(_by_address)
    assert sorted(kept.values()) == sorted(names)
    for door, name in zip(doors, names, strict=True):
        assert kept.get(door.address, name) == name


# Once, and not lost


@where(lambda entrance: entrance.redelivers)
async def test_what_comes_twice_has_no_second_effect_and_no_second_answer(house: House, door: Door) -> None:
    await door.asks("halo")
    await door.says_twice("saya mau bicara dengan orang")
    heard = await door.hears()
    assert await door.hears_nothing()
    wanted = await house.reads(tickets.list_open)
    assert len(wanted) == 1
    assert await door.asks("halo") != heard, "and the talk goes on"


async def test_what_could_not_be_committed_is_not_lost(
    house: House, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes again by itself, or the person is told and says it again."""
    await door.asks("daftar", "saya sendiri", "ya")
    failures = iter((OperationalProblem("full", "disk"),))
    real = outbox.add

    def add(*given: Any, **named: Any) -> Any:
        for failure in failures:
            raise failure
        return real(*given, **named)

    monkeypatch.setattr(outbox, "add", add)
    assert "lahir" in (await door.asks("Tini Contoh")).text
    assert next(failures, None) is None
    assert await door.hears_nothing()
    assert len(door.complaints) == (0 if house.entrance.pushes else 1)
    assert all("belum tersimpan" in complaint for complaint in door.complaints)
    await door.asks(*first_pass("")[4:])
    assert [row["name"] for row in await house.reads(_everybody)] == ["Tini Contoh"]


async def test_a_mistake_of_ours_is_said_and_the_talk_goes_on(
    house: House, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(registry: Any, session: Any, event: Any, context: Any) -> Any:
        if event.text == "Rusak Contoh":
            raise RuntimeError("a mistake")
        return step(registry, session, event, context)

    monkeypatch.setattr(bot.turns, "step", mistaken)
    await door.asks("daftar", "saya sendiri", "ya")
    assert "gangguan" in (await door.asks("Rusak Contoh")).text
    assert await door.hears_nothing(), "said once, not at each try"
    assert "lahir" in (await door.asks("Tini Contoh")).text, "what was answered before is still there"


async def test_after_a_restart_the_same_question_waits(house: House, door: Door) -> None:
    asked = await door.asks(*first_pass("Tini Contoh")[:5])
    async with house.shut():
        pass
    again = await door.asks("halo")
    assert asked.text.splitlines()[0] in again.text
    assert again.labels == asked.labels
    assert "Pendaftaran selesai" in (await door.asks(*first_pass("")[5:])).text


@where(lambda entrance: entrance.pushes)
async def test_what_was_said_while_nobody_served_is_answered(house: House, door: Door) -> None:
    await door.asks("halo")
    async with house.shut():
        await door.says("daftar", "saya sendiri")
    assert "untuk siapa" in (await door.hears()).text
    assert "setuju" in (await door.hears()).text
    assert await door.hears_nothing()


@where(lambda entrance: entrance.pushes)
async def test_an_answer_that_could_not_be_sent_comes_later(house: House, door: Door) -> None:
    other = house.door()
    for one in (door, other):
        await one.asks("daftar", "saya sendiri")
    expected = await everything(other, "BANTUAN")
    assert len(expected) > 1, "one alone may go back in the platform's own call"
    house.entrance.refuses_to_send()
    assert await everything(door, "BANTUAN") == expected


async def everything(door: Door, words: str) -> list[Heard]:
    """Say something, and hear until there is nothing more."""
    await door.says(words)
    heard = [await door.hears()]
    while not await door.hears_nothing():
        heard.append(await door.hears())
    return heard


# Whatever is said

STRANGE = (
    "a\0b",
    "\ud800 \udfff",
    "\U0001f9d1\u200d\U0001f9bd\U0001f44d\U0001f3fe" * 20,
    "\u202e\u0650" + "ا" * 50,
    "x" * 4_000,
    "loker " * 600,
    "'; DROP TABLE seekers; -- <b>{name}</b> %s {0} \\",
)


async def test_whatever_is_said_is_answered_and_does_no_harm(house: House, door: Door) -> None:
    for words in STRANGE:
        assert all(heard.text.strip() for heard in await everything(door, words)), words[:20]
    asked = await door.asks("daftar", "saya sendiri", "ya")
    for words in ("\0 \ud800", "\U0001f44d"):
        assert all(heard.text.strip() for heard in await everything(door, words))
    heard = await door.asks("MENU", "daftar")
    assert asked.text in heard.text, "nobody is called so"
    name = "Tini \0O'Contoh"
    assert "Pendaftaran selesai, Tini O'Contoh." in (await door.asks(*first_pass(name)[3:])).text


@where(lambda entrance: entrance.media)
async def test_what_is_no_text_is_answered(house: House, door: Door) -> None:
    asked = await door.asks("daftar")
    for kind in house.entrance.media:
        await door.sends(kind)
        heard = await door.hears()
        assert asked.text in heard.text, "what it can do, and the question again"
        assert heard.labels == asked.labels
        assert await door.hears_nothing()


# Unasked


async def test_what_comes_unasked_arrives_once(house: House, door: Door) -> None:
    await door.registers("Tini Contoh")
    await house.comes(SEWING)
    heard = await door.hears()
    assert "Penjahit Seragam, Kotapinang" in heard.text
    assert heard.labels == ("Penjahit Seragam",)
    await house.service.announce()
    assert "Usaha Contoh" in (await door.tries("Penjahit Seragam")).text, "its button stands for ever"
    async with house.shut():
        pass
    await house.comes(SEWING)
    assert await door.hears_nothing()
    assert await house.reads(_alerts) == 1


async def test_stop_ends_what_comes_unasked_until_it_is_wanted_again(house: House, door: Door) -> None:
    await door.registers("Tini Contoh")
    assert "KABARI" in (await door.asks("STOP")).text, "how to have it again"
    await house.comes(SEWING)
    assert await door.hears_nothing()
    await door.asks("KABARI")
    await house.service.announce()
    assert "Penjahit Seragam" in (await door.hears()).text


async def test_who_had_everything_erased_is_a_stranger(house: House, door: Door) -> None:
    stranger = await door.asks("halo")
    await door.registers("Tini Contoh")
    await door.asks("hapus data saya", "ya")
    await house.comes(SEWING)
    assert await door.hears_nothing()
    assert await house.reads(_everybody) == []
    said = await house.reads(_said)
    assert not any("Tini" in text for text in said), "what was said to them goes with them"
    assert await door.asks("halo") == stranger


# What is kept


def _everybody(work: Work) -> list[dict[str, Any]]:
    """Everything that people have answered, in the order of their names."""
    return sorted((asdict(seeker) | {"id": 0} for seeker in everybody(work)), key=lambda seeker: str(seeker["name"]))


def _by_address(work: Work) -> dict[str, str]:
    names = {seeker.id: seeker.name for seeker in everybody(work)}
    speaking = sa.select(contacts.c.address, contact_seekers.c.seeker_id).join_from(contacts, contact_seekers)
    return {row.address: names[row.seeker_id] for row in work.connection.execute(speaking)}


def _alerts(work: Work) -> int:
    return sum(kind == "alert" for kind in work.connection.scalars(sa.select(outbox_table.c.kind)))


def _said(work: Work) -> Sequence[str]:
    return [body["text"] for body in work.connection.scalars(sa.select(outbox_table.c.body))]
