"""Whether somebody is the person from before is taken in exact words, and nothing is told until then."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.domain.seeker import Seeker
from conversations.engine.events import EraseSeeker, LetGo, MessageReceived, SaveSeeker
from tests.support.chat import Chat
from tests.support.offers import VACANCIES

ANI = Seeker(1, "Anisah Contohwati", phone="+6281200000001", needs=("kursi roda",))
QUESTION = "Apakah itu Anda?"


def asked(first: str = "data saya") -> Chat:
    chat = Chat(seekers=(ANI,), may_be_another=True, linked=True)
    chat.says(first)
    assert QUESTION in chat.last
    return chat


@pytest.mark.parametrize("word", ["ya", "1", "iya", "Ya, itu saya", "YA ITU SAYA", "itu saya", "iya kak", "betul ya"])
def test_a_yes(word: str) -> None:
    chat = asked()
    chat.says(word)
    assert (QUESTION in chat.last) == (word == "betul ya")


@pytest.mark.parametrize(
    "word", ["tidak", "2", "bukan", "bukan saya", "Bukan, saya orang lain", "enggak", "orang lain"]
)
def test_a_no(word: str) -> None:
    chat = asked()
    chat.says(word)
    assert QUESTION not in chat.last
    assert chat.seeker is None
    assert [type(effect) for effect in chat.effects] == [LetGo]


@pytest.mark.parametrize("word", ["ya tidak", "mungkin", "boleh jadi", "saya?", "bukan begitu maksudnya", "3", "ya?"])
def test_what_is_unclear_is_neither(word: str) -> None:
    chat = asked()
    chat.says(word)
    assert QUESTION in chat.last
    assert "PETUGAS" not in chat.last
    chat.says(word)
    assert "PETUGAS" in chat.last
    assert chat.effects == []


WORDS = ("data saya", "MENU", "hapus data saya", "SAMBUNG 4829 1573", "BATAL", "loker 1", "nama saya", "SELESAI")


@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from(WORDS)), max_size=8))
@settings(max_examples=100, deadline=None)
def test_nothing_of_the_person_is_told_or_changed_before_a_yes(words: list[str]) -> None:
    chat = Chat(seekers=(ANI,), may_be_another=True, linked=True)
    for word in words:
        chat.says(word)
        if chat.session.held is None:
            return  # it was an answer, or the first message
        for secret in ("Anisah", "Contohwati", "6281200000001", "kursi roda"):
            assert secret not in chat.last
    assert not [effect for effect in chat.effects if isinstance(effect, SaveSeeker | EraseSeeker | LetGo)]


def test_half_a_form_is_kept_for_a_yes_and_gone_with_a_no() -> None:
    for answer, kept in (("ya", True), ("tidak", False)):
        chat = Chat()
        for word in ("daftar", "saya sendiri", "ya", "Ani Contoh"):
            chat.says(word)
        chat.may_be_another = True
        chat.says("1998")
        chat.says(answer)
        assert ("kecamatan mana" in chat.last) == kept
        assert bool(chat.session.stack and chat.session.stack[0].answers) == kept


def test_what_nobody_known_looked_for_is_closed_unasked() -> None:
    chat = Chat(VACANCIES)
    chat.says("loker untuk tuli")
    assert chat.session.results is not None
    assert "rungu" in chat.session.results.query.ragam
    chat.may_be_another = True
    chat.says("LAINNYA")
    assert QUESTION not in chat.last
    assert "rungu" not in chat.session.results.query.ragam
    assert chat.session.results.offset == 0


@pytest.mark.parametrize(
    "event",
    [
        MessageReceived(media="voice"),
        MessageReceived(edited=True),
        MessageReceived(phone="+6281200000009"),
        MessageReceived(text="/start", start="job-2"),
        MessageReceived(),
        MessageReceived(choice="1:x"),
    ],
)
def test_any_message_waits_as_it_came(event: MessageReceived) -> None:
    assert MessageReceived.from_json(event.to_json()) == event
    now, later = Chat(seekers=(ANI,)), Chat(seekers=(ANI,))
    for chat in (now, later):
        chat.says("MENU")
    later.may_be_another = True
    now.event(event)
    later.event(event)
    assert QUESTION in later.last
    later.says("ya")
    assert later.last == now.last


def test_the_language_stays_that_of_the_contact() -> None:
    chat = Chat(seekers=(ANI,), may_be_another=True, locale="en")
    chat.says("jobs")
    assert "Was that you?" in chat.last
    chat.says("yes, that was me")
    assert chat.session.held is None
