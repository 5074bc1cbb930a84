"""Recordings of what is asked: offered where there are any, with their size, and sent only when wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.clips import LARGEST, Recordings, every_text, stem
from conversations.engine.clips import Clip
from storage.work import Database
from tests.support.chat import Chat
from tests.support.registered import the_only_one
from tests.support.service import Office, read

NAME = "Siapa nama Anda? Nama panggilan juga boleh."
DISTRICT = "Anda tinggal di kecamatan mana? Nama desa juga boleh."
VOICE, SIGN = b"OggS" + b"\0" * 12_000, b"\0\0\0\x18ftyp" + b"\0" * 300_500


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "id").mkdir()
    (tmp_path / "id" / f"{stem(NAME)}.ogg").write_bytes(VOICE)
    (tmp_path / "id" / f"{stem(NAME)}.mp4").write_bytes(SIGN)
    (tmp_path / "id" / f"{stem(DISTRICT)}.ogg").write_bytes(VOICE)
    return tmp_path


@pytest.fixture
def office(database: Database, folder: Path) -> Office:
    office = Office(database)
    office.turntaker.recordings = Recordings(folder)
    for word in ("daftar", "saya sendiri"):
        office.says("1", word)
    return office


def test_they_are_offered_with_their_size_and_nothing_is_sent_unasked(office: Office) -> None:
    turn = office.says("1", "ya")
    assert read(turn).splitlines()[-2:] == ["Dengarkan, 13 kB: balas DENGAR", "Video isyarat, 301 kB: balas VIDEO"]
    assert all(reply.message.attachment is None for reply in turn.replies)


@pytest.mark.parametrize(("word", "kind", "content"), [("dengar", "voice", VOICE), ("Video", "document", SIGN)])
def test_a_word_plays_it_and_the_question_stays(office: Office, word: str, kind: str, content: bytes) -> None:
    office.says("1", "ya")
    (reply,) = office.says("1", word).replies
    assert reply.message.attachment is not None
    assert (reply.message.attachment.kind, reply.message.attachment.content) == (kind, content)
    assert "kecamatan" not in read(office.says("1", "Ani Contoh"))
    assert "DENGAR" in read(office.says("1", "1998"))


def test_a_button_plays_it_and_the_buttons_stay_good(office: Office) -> None:
    for word in ("ya", "Ani Contoh"):
        office.says("1", word)
    (asked,) = office.says("1", "1998").replies
    buttons = {button.label: button.value for button in asked.message.quick_replies}
    (played,) = office.says("1", None, choice=buttons["Dengarkan, 13 kB"]).replies
    assert played.message.attachment is not None
    assert "membantu" in read(office.says("1", None, choice=buttons["Torgamba"]))


def test_where_nothing_is_recorded_the_words_are_an_answer_like_others(office: Office) -> None:
    for word in ("ya", "Ani Contoh", "1998", "Kotapinang", "dengar", "SMA", "video", "simpan"):
        office.says("1", word)
    ani = the_only_one(office.database)
    assert (ani.needs, ani.fields) == (("dengar",), ("video",))


def test_another_locale_has_its_own(office: Office) -> None:
    office.says("2", "bahasa mudah")
    office.says("2", "2")
    for word in ("daftar", "saya sendiri", "ya"):
        turn = office.says("2", word)
    assert "DENGAR" not in read(turn)


def test_one_that_is_gone_or_too_large_costs_nobody_their_talk(office: Office, folder: Path) -> None:
    office.says("1", "ya")
    (folder / "id" / f"{stem(NAME)}.ogg").unlink()
    (reply,) = office.says("1", "dengar").replies
    assert "tidak bisa dibuka" in reply.message.text
    assert "lahir" in read(office.says("1", "Ani Contoh"))
    (folder / "id" / f"{stem(NAME)}.ogg").write_bytes(b"\0" * (LARGEST + 1))
    assert [clip.kind for clip in Recordings(folder).of("id")[NAME]] == ["sign"]


def test_no_folder_is_no_failure(tmp_path: Path) -> None:
    assert Recordings(tmp_path / "none").of("id") == {}


def test_every_text_has_a_file_of_its_own() -> None:
    names = [stem(msgid) for msgid in every_text()]
    assert len(names) == len(set(names)) > 300
    assert all(name.isascii() and len(name) < 80 and "/" not in name for name in names)


def test_a_whole_registration_offers_a_recording_of_every_question() -> None:
    chat = Chat(clips={msgid: (Clip(msgid, "voice", 60),) for msgid in every_text()})
    words = ["halo", "daftar", "saya sendiri", "ya", "Ani Contoh", "1998", "Kotapinang", "kursi roda", "SMA", "jahit"]
    for word in words:
        chat.says(word)
        assert chat.last.count("balas DENGAR") == 1, chat.last
        assert chat.says("dengar")[0].text == "Ini suaranya."
