"""Completing the profile: any portion in any order, each answer kept at once, and every field of it seen again."""

from __future__ import annotations

from dataclasses import fields

import pytest

from conversations import profile
from conversations.domain.reach import NO_CALLS, reach_of
from conversations.domain.seeker import Seeker
from conversations.engine.events import GiveConsent, MessageReceived
from conversations.engine.session import Frame, Session
from conversations.portions import PORTIONS, QUESTIONS
from locales.render import translator
from tests.locales.worst import SEEKER
from tests.support.chat import Chat

NOT_ASKED = {
    "id": "the service's own",
    "for_whom": "asked at registering; it decides how questions are worded",
    "paused": "said by 'berhenti sementara', and shown as what can be chosen",
    "paper": "the office's own, of a form on paper",
    "status": "the office's own: whether it is a draft",
    "documents": "files, which are handed in and not written",
    "pin": "a secret of the person's own, set and asked for by a talk of its own",
    "objects": "said by a talk of its own: only officers propose",
    "verified_on": "set by an officer",
    "merged": "what an officer joined",
    "identity_on": "set by an officer",
    "lowest_wage_per": "answered and shown with lowest_wage",
    "portions_done": "how far the form went",
    "portions_skipped": "how far the form went",
}
"""Fields of a Seeker that no question is about, and why."""

ASKED = sorted({field.name for field in fields(Seeker)} - NOT_ASKED.keys())


def registered(**values: object) -> Chat:
    return Chat(seekers=(Seeker(1, "Ani Contoh", birth_year=1998, district="12.22.01").with_values(values),))


def talked(chat: Chat, *words: str) -> Chat:
    for word in words:
        chat.says(word)
    return chat


@pytest.mark.parametrize("name", ASKED)
def test_every_field_is_asked_changed_seen_and_copied(name: str) -> None:
    [state] = [state for state in QUESTIONS if state.name == name]
    assert state.label is not None
    assert name in {choice.value for choice in profile.things(Chat(seekers=(SEEKER,)).context())}
    assert profile.profile.state(name) is not None
    label = translator("id")(state.label)
    chat = talked(Chat(seekers=(SEEKER,)), "data apa yang disimpan tentang saya")
    seen = [chat.last]
    while len(seen) < 60 and "Ini yang kami simpan" not in talked(chat, "LAINNYA").last:
        seen.append(chat.last)
    assert f"\n{label}: " in "\n".join(seen)
    [copy] = [m.attachment for m in talked(chat, "salinan").heard if m.attachment]
    assert f"\n{label}: " in copy.content.decode()


def test_each_portion_says_what_it_is_for_and_who_sees_it() -> None:
    for portion in PORTIONS:
        chat = talked(registered(), "lengkapi profil", portion.spellings[0])
        purpose, seen_by = chat.heard[0].text.split("\n")[:2]
        assert purpose.startswith("Gunanya: "), portion.name
        assert seen_by.startswith(("Yang melihat: ", "Hanya untuk dihitung.")), portion.name


def test_every_answer_is_kept_at_once() -> None:
    chat = talked(registered(), "lengkapi profil", "keterampilan", "menjahit, memasak", "SELESAI")
    assert chat.seeker is not None
    assert chat.seeker.skills == ("menjahit", "memasak")
    assert chat.session.stack == ()
    talked(chat, "lengkapi profil", "keterampilan")
    assert "sertifikat" in chat.last, "what is known is not asked again"


def test_what_was_skipped_counts_and_is_told_as_skipped() -> None:
    chat = talked(registered(), "lengkapi profil")
    assert "0 dari" in chat.last
    talked(chat, "alat bantu", "LEWATI")
    assert "Dilewati: Alat bantu" in chat.last
    assert f"1 dari {len(PORTIONS)}" in chat.last
    while "(dilewati)" not in talked(chat, "LAINNYA").last:
        assert "Urutannya" in chat.last
    assert "Alat bantu (dilewati)" in chat.last
    talked(chat, "alat bantu", "kursi roda sama tongkat")
    assert chat.seeker is not None
    assert chat.seeker.devices == ("kursi roda", "tongkat")
    assert chat.seeker.portions_skipped == ()


@pytest.mark.parametrize("said", ["wa aja, jangan telepon", "wa aja, janfan telepon kak", "chat. gak bisa ditelepon"])
def test_no_calls_is_promised_and_binds(said: str) -> None:
    chat = talked(registered(phone="+6281200000001"), "lengkapi profil", "telepon", "lewati", "lewati")
    talked(chat, said)
    assert "tidak akan menelepon" in chat.last
    assert chat.seeker is not None
    assert chat.seeker.contact_ways == ("chat", NO_CALLS)
    reach = reach_of(chat.seeker)
    assert reach.no_calls
    assert translator("id")(reach.lines[0]) == "Jangan ditelepon."


@pytest.mark.parametrize("way", ["lengkapi profil", "ubah tanggal lahir"])
def test_a_childs_date_of_birth_waits_for_a_parents_yes(way: str) -> None:
    words = (way, "kelamin", "LEWATI") if way.startswith("lengkapi") else ("ubah data", "tanggal lahir")
    chat = talked(registered(), *words, "17 agustus 2010")
    assert "orang tua" in chat.last
    assert chat.seeker is not None
    assert chat.seeker.birth_date is None
    talked(chat, "ya")
    assert chat.seeker.birth_date == "2010-08-17"
    assert chat.seeker.birth_year == 2010
    assert [e.giver for e in chat.effects if isinstance(e, GiveConsent)] == ["parent"]
    refused = talked(registered(), *words, "17 agustus 2010", "tidak")
    assert refused.seeker is not None
    assert (refused.seeker.birth_date, refused.seeker.birth_year) == (None, 1998)


def test_a_nik_is_doubted_never_refused_and_never_shown_whole() -> None:
    chat = talked(registered(sex="L"), "lengkapi profil", "nik", "1222 0145 0599 0001")
    assert chat.seeker is not None
    assert chat.seeker.nik == "1222014505990001"
    assert "berbeda" in chat.last, "another date of birth, and another sex"
    heard = [chat.last]
    for words in ("SELESAI", "data apa yang disimpan tentang saya", "LAINNYA", "salinan"):
        heard += [m.text + (m.attachment.content.decode() if m.attachment else "") for m in chat.says(words)]
    assert "berakhir 0001" in "\n".join(heard)
    assert "12220145" not in "\n".join(heard)


def test_moving_forgets_the_old_village() -> None:
    chat = talked(registered(village="12.22.01.2002", address="Jalan Contoh 5"), "ubah kecamatan", "torgamba")
    assert chat.seeker is not None
    assert (chat.seeker.district, chat.seeker.village, chat.seeker.address) == ("12.22.03", None, None)


def test_a_wage_is_kept_in_the_time_that_was_said() -> None:
    chat = talked(registered(), "ubah data", "upah paling rendah", "100rb sehari")
    assert "Rp100.000 per hari" in chat.last
    assert chat.seeker is not None
    assert (chat.seeker.lowest_wage, chat.seeker.lowest_wage_per) == (100_000, "hari")
    assert "Rp100.000 per hari" in talked(chat, "data apa yang disimpan tentang saya", "LAINNYA").last


def test_whoever_was_asked_more_after_registering_goes_on() -> None:
    """In the release before, three questions followed one after the other."""
    chat = registered()
    chat.session = Session((Frame("details", 1, "sex", 7, {"for_whom": "self", "ragam": ["netra"]}),), visits=7)
    chat.event(MessageReceived(choice="7:P"))
    assert chat.seeker is not None
    assert chat.seeker.sex == "P"
    assert "Tanggal berapa" in chat.last
