"""Joining contacts by chat: what is read as a code, who must agree to what, and what goes to whom."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from conversations.domain.seeker import Seeker
from conversations.engine.events import GiveConsent, LetGo, Prefer, SetAlerts
from conversations.links import TRUST, may_part
from conversations.understanding.codes import code_in
from tests.support.chat import CODE, NOW, Chat

ANI, BUDI = Seeker(1, "Ani Contoh"), Seeker(2, "Budi Contoh")


@pytest.mark.parametrize(
    "text",
    [
        "SAMBUNG 4829 1573", "sambung 48291573", "Sambung: 4829-1573.", "sambungkan 4 8 2 9 1 5 7 3",
        "SAMBUNG\n4829\n1573",
        "sambung kode 4829.1573 ya kak", "sambung empat delapan dua sembilan satu lima tujuh tiga",
        "４８２９ １５７３ sambung",
        "hubungkan 4829 1573", "connect 4829 1573",
    ],
)  # fmt: skip
def test_a_code_is_read_however_it_is_said(text: str) -> None:
    found = code_in(text)
    assert found is not None
    assert (found.digits, found.named) == (CODE, True)


@pytest.mark.parametrize("text", ["4829 1573", "4829-1573", "kodenya 48291573"])
def test_bare_digits_are_a_code_that_is_not_named(text: str) -> None:
    found = code_in(text)
    assert found is not None
    assert (found.digits, found.named) == (CODE, False)


@pytest.mark.parametrize(
    "text",
    ["", "sambung", "1998", "17081998 lahir", "0812 3456 7890", "loker 48291573", "Sambung Siregar", "sambung 1",
     "5 orang", "4829 157", "sambung ke 4829 1573 nomor petugas"],
)  # fmt: skip
def test_what_is_no_code(text: str) -> None:
    assert code_in(text) is None


@pytest.mark.parametrize("digits", ["4829157", "482915733", "4829"])
def test_a_miscopied_code_is_answered_as_a_wrong_one(digits: str) -> None:
    chat = Chat(codes={CODE: ANI})
    chat.says(f"SAMBUNG {digits}")
    assert "Kode itu tidak berlaku." in chat.last


def test_in_a_form_eight_digits_are_an_answer() -> None:
    chat = Chat(codes={CODE: ANI})
    for word in ("daftar", "1", "ya", "Budi Contoh", "17081998"):
        chat.says(word)
    assert chat.session.stack[0].answers["birth_year"] == 1998
    other = Chat(codes={"17081998": ANI})
    other.says("17081998")
    assert "Kode benar." in other.last


@pytest.mark.parametrize("word", ["boleh jadi", "mungkin", "ya tapi", "setuju?", "terserah"])
def test_being_told_here_needs_an_exact_yes(word: str) -> None:
    chat = Chat(codes={CODE: ANI})
    chat.says("SAMBUNG 4829 1573")
    chat.says(word)
    assert (chat.seeker, chat.effects) == (None, [])
    assert "ya atau tidak" in chat.last


def test_no_is_as_easy_and_joins_nothing() -> None:
    chat = Chat(codes={CODE: ANI})
    chat.says("SAMBUNG 4829 1573")
    chat.says("tidak")
    assert (chat.seeker, chat.effects, chat.session.stack) == (None, [], ())


def test_the_consent_on_record_is_what_was_read() -> None:
    chat = Chat(codes={CODE: ANI}, channel="whatsapp")
    chat.says("SAMBUNG 4829 1573")
    read = chat.heard[-1].text
    chat.says("ya")
    (given,) = [effect for effect in chat.effects if isinstance(effect, GiveConsent)]
    assert (given.purpose, given.giver, given.given_at) == ("telling:whatsapp", "self", chat.now)
    assert read.startswith(given.wording)
    assert "WhatsApp" in given.wording


@pytest.mark.parametrize(
    ("words", "effects"),
    [
        (("kabar di sini",), [Prefer()]),
        (("chat lain", "MENU"), []),
        (("putuskan", "chat ini"), [LetGo()]),
        (("putuskan", "2"), [LetGo(3)]),
        (("putuskan", "3"), []),
        (("putuskan", "jangan putuskan"), []),
        (("putuskan", "entahlah"), []),
        (("lihat data saya", "3", "kabar di sini"), [Prefer()]),
        (("lihat data saya", "3", "2"), [Prefer(3)]),
        (("lihat data saya", "3", "putuskan chat", "1"), [LetGo(2)]),
    ],
)
def test_what_is_chosen_of_several_contacts_happens(words: tuple[str, ...], effects: list[object]) -> None:
    chat = Chat(seekers=(ANI,), linked=True)
    for word in words:
        chat.says(word)
    assert chat.effects == effects


@pytest.mark.parametrize(
    ("own", "other", "may"),
    [
        (None, None, True),
        (None, NOW, True),
        (NOW, None, False),
        (NOW, NOW - timedelta(minutes=1), False),
        (NOW, NOW + timedelta(minutes=1), True),
        (NOW - TRUST, None, True),
        (NOW - TRUST, NOW - TRUST * 2, True),
    ],
)
def test_which_contact_may_part_which(own: datetime | None, other: datetime | None, may: bool) -> None:
    assert may_part(own, other, NOW) == may


def test_that_everything_is_erased_everywhere_is_said_where_there_is_more_than_here() -> None:
    for linked in (False, True):
        chat = Chat(seekers=(ANI,), linked=linked)
        chat.says("hapus data saya")
        assert ("semua chat yang tersambung" in chat.last) == linked


def test_where_nothing_is_joined_nothing_is_parted_and_news_are_turned_on() -> None:
    chat = Chat(seekers=(ANI,), alerts=False)
    chat.says("putuskan")
    assert "tidak tersambung" in chat.last
    chat.says("kabar di sini")
    assert chat.effects == [SetAlerts(True)]


def test_who_is_not_registered_is_told_where_a_code_comes_from() -> None:
    chat = Chat()
    chat.says("sambungkan")
    assert "Minta kode" in chat.last
    chat.says("kabar di sini")
    assert "Mari mendaftar dahulu." in chat.last


@pytest.mark.parametrize("words", ["sambungkan saya dengan petugas", "hubungkan ke orang", "sambungkan ke admin dinas"])
def test_a_person_is_meant_where_one_is_named(words: str) -> None:
    chat = Chat(seekers=(ANI,))
    chat.says(words)
    assert "dicatat untuk petugas" in chat.last or "Kantor" in chat.last


def test_a_form_about_somebody_who_was_parted_elsewhere_is_closed() -> None:
    chat = Chat(seekers=(ANI,))
    chat.says("ubah nama")
    chat.seekers = ()
    chat.says("Orang Lain")
    assert chat.effects == []
    assert all(frame.conversation != "profile" for frame in chat.session.stack)
