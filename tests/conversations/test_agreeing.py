"""Whose yes it takes: the check question, drafts, guardians and parents, and the yes that is said later."""

from __future__ import annotations

import pytest

from conversations.domain.seeker import Seeker
from conversations.engine.events import EraseSeeker, GiveConsent, OpenTicket, SaveSeeker
from tests.support.chat import Chat

REST = ("Torgamba", "LEWATI", "SD", "LEWATI", "simpan")
DRAFT = Seeker(1, "Budi Contoh", for_whom="other", birth_year=1990, status="draft")


def chat(*words: str, locale: str = "id") -> Chat:
    talk = Chat(locale=locale)
    for word in words:
        talk.says(word)
    return talk


def consents(talk: Chat) -> list[tuple[str, str, str]]:
    return [(e.purpose, e.giver, e.how) for e in talk.effects if isinstance(e, GiveConsent)]


def tickets(talk: Chat) -> list[str]:
    return [effect.topic for effect in talk.effects if isinstance(effect, OpenTicket)]


def test_who_speaks_for_themselves_in_plain_words_is_not_examined() -> None:
    assert "Siapa nama Anda?" in chat("daftar", "saya sendiri", "ya").last


@pytest.mark.parametrize(
    ("words", "locale"), [(("daftar", "saya sendiri", "ya"), "id@mudah"), (("daftarkan anak saya", "ya"), "id")]
)
def test_by_easy_read_or_with_a_companion_one_question_shows_whether_it_was_understood(
    words: tuple[str, ...], locale: str
) -> None:
    talk = chat(*words, locale=locale)
    assert "melihat data Anda?" in talk.last
    assert len(talk.heard[-1].quick_replies) == 3
    talk.says("2")
    assert "nama" in talk.last.lower()


@pytest.mark.parametrize("answer", ["1", "semua perusahaan", "tidak tahu", "gak tau"])
def test_a_wrong_answer_brings_simpler_words_once(answer: str) -> None:
    talk = chat("daftarkan anak saya", "ya", answer)
    assert "Hanya kantor Dinas yang melihat data Anda." in talk.last
    talk.says("dinas")
    assert "Siapa namanya?" in talk.last
    for word in ("Budi Contoh", "1999", *REST):
        talk.says(word)
    assert consents(talk) == [("matching", "self", "companion")]
    assert tickets(talk) == []


def test_wrong_again_is_no_refusal_but_a_draft_and_help() -> None:
    talk = chat("daftarkan anak saya", "ya", "1", "3")
    assert "Tidak apa-apa" in talk.last
    assert "Siapa namanya?" in talk.last, "the person may go on"
    assert tickets(talk) == ["understanding"]
    for word in ("Budi Contoh", "1999", *REST):
        talk.says(word)
    assert "draf" in talk.last
    assert talk.seeker is not None
    assert talk.seeker.status == "draft"
    assert consents(talk) == [], "a yes that was not understood is none"


@pytest.mark.parametrize("away", ["3", "dia belum bisa jawab", "nanti", "dia tidak di sini", "[Dia belum bisa jawab]"])
def test_without_the_persons_own_yes_it_stays_a_draft(away: str) -> None:
    talk = chat("daftarkan tetangga saya")
    talk.taps(away[1:-1]) if away.startswith("[") else talk.says(away)
    for word in ("Budi Contoh", "1999", "bukan", *REST):
        talk.says(word)
    assert "Data Budi Contoh disimpan sebagai draf." in "\n".join(message.text for message in talk.heard)
    assert talk.seeker is not None
    assert talk.seeker.status == "draft"
    assert consents(talk) == []


def test_who_speaks_for_themselves_is_not_offered_to_answer_later() -> None:
    assert "belum bisa" not in chat("daftar", "saya sendiri").last


def test_a_guardian_counts_only_once_an_officer_has_seen_the_papers() -> None:
    talk = chat("daftarkan saudara saya", "nanti", "Budi Contoh", "1999", "ya ada suratnya", "ya", *REST)
    assert talk.seeker is not None
    assert talk.seeker.status == "draft"
    assert consents(talk) == [("guardian", "guardian", "own")]
    assert tickets(talk) == ["guardian"]


def test_a_guardians_no_keeps_nothing() -> None:
    talk = chat("daftarkan saudara saya", "nanti", "Budi Contoh", "1999", "ya ada suratnya", "tidak")
    assert "Tidak ada data yang disimpan" in talk.last
    assert (talk.effects, talk.seeker) == ([], None)


def test_a_parents_yes_replaces_that_of_a_child_and_says_so() -> None:
    talk = chat("daftarkan anak saya", "nanti", "Mira Contoh", "2012", "ya", *REST)
    assert "Pendaftaran selesai" in talk.last
    assert consents(talk) == [("matching", "parent", "own"), ("child", "parent", "own")]
    [wording, _] = [effect.wording for effect in talk.effects if isinstance(effect, GiveConsent)]
    assert "mencarikan kerja" in wording, "what was read before the yes"


def test_a_child_whose_parents_are_away_is_a_draft() -> None:
    talk = chat("daftar", "saya sendiri", "ya", "Mira Contoh", "2012", "3", *REST)
    assert "disimpan sebagai draf" in talk.last
    assert consents(talk) == []


# The yes that is said later


def draft(*words: str, **known: object) -> Chat:
    talk = Chat(seekers=(Seeker(**{**{name: getattr(DRAFT, name) for name in DRAFT.__slots__}, **known}),))
    for word in words:
        talk.says(word)
    return talk


@pytest.mark.parametrize("words", [("dia setuju",), ("menu", "1", "2"), ("kabari saya", "2")])
def test_the_person_agrees_on_the_companions_phone(words: tuple[str, ...]) -> None:
    talk = draft(*words)
    assert "Untuk dia: apakah Anda setuju?" in talk.last
    talk.says("ya")
    talk.says("kantor dinas saja")
    assert consents(talk) == [("matching", "self", "companion")]
    assert [dict(e.values) for e in talk.effects if isinstance(e, SaveSeeker)] == [{"status": "active"}]
    assert "sekarang berlaku" in talk.last


def test_the_person_agrees_in_a_chat_of_their_own() -> None:
    own = Chat(codes={"48291573": DRAFT})
    for word in ("SAMBUNG 4829 1573", "ya"):
        own.says(word)
    assert "Saya Budi Contoh: balas 1" in own.last
    own.says("1")
    assert "Yang menjawab ini harus dia sendiri" not in own.last
    own.says("ya")
    assert consents(own)[-1] == ("matching", "self", "own")
    assert own.seeker is not None
    assert own.seeker.status == "active"


def test_no_said_later_erases_the_draft() -> None:
    talk = draft("dia setuju", "tidak")
    assert "Tidak ada data yang disimpan" in talk.last
    assert [effect for effect in talk.effects if isinstance(effect, EraseSeeker)]
    assert talk.seeker is None


def test_not_yet_keeps_the_draft() -> None:
    talk = draft("dia setuju", "nanti", "bukan")
    assert "tetap draf" in talk.last
    assert talk.effects == []


def test_a_draft_is_shown_no_work_that_suits_it() -> None:
    talk = draft("kerja apa yang cocok untuk saya")
    assert "masih draf" in talk.last


def test_dia_setuju_is_no_command_where_nobody_is_a_draft() -> None:
    talk = draft("dia setuju", status="active")
    assert "apakah Anda setuju" not in talk.last
