"""Registering: who is asked what, whose yes it is, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.engine.events import GiveConsent, MessageReceived, SaveSeeker
from tests.support.chat import Chat
from tests.support.offers import VACANCIES

FIRST_PASS = ("daftar", "saya sendiri", "ya", "Ani Contoh", "1998", "Kotapinang", "kursi roda", "SMA", "menjahit")


def chat(*words: str) -> Chat:
    talk = Chat()
    for word in words:
        talk.says(word)
    return talk


def saved(talk: Chat) -> dict[str, object]:
    (save,) = [effect for effect in talk.effects if isinstance(effect, SaveSeeker)]
    return dict(save.values)


def test_at_most_eight_questions_before_the_review() -> None:
    talk = chat(FIRST_PASS[0])
    questions = 0
    for word in FIRST_PASS[1:]:
        questions += 1
        talk.says(word)
    assert "Periksa" in talk.last
    assert questions <= 8


def test_nothing_is_kept_before_the_persons_word() -> None:
    talk = chat(*FIRST_PASS)
    assert talk.effects == []
    talk.says("simpan")
    assert saved(talk)["name"] == "Ani Contoh"
    consents = [effect for effect in talk.effects if isinstance(effect, GiveConsent)]
    assert [(c.purpose, c.giver) for c in consents] == [("matching", "self")]
    assert "menyimpan" in consents[0].wording


@pytest.mark.parametrize("word", ["tidak", "tidak setuju", "2", "belum"])
def test_no_is_as_easy_as_yes(word: str) -> None:
    talk = chat("daftar", "saya sendiri", word)
    assert "Tidak ada data yang disimpan" in talk.last
    assert talk.effects == []
    assert talk.session.stack == ()


@pytest.mark.parametrize("word", ["tidak yakin", "boleh jadi", "mungkin", "yakin?", "setuju?", "ya?", "setuju tapi"])
def test_a_consent_takes_exact_words_only(word: str) -> None:
    talk = chat("daftar", "saya sendiri", word)
    assert "ya atau tidak" in talk.last
    assert talk.effects == []


@pytest.mark.parametrize(("year", "asked"), [("1998", False), ("2010", True), ("2008", None), ("lupa", None)])
def test_a_parents_yes_under_eighteen(year: str, asked: bool | None) -> None:
    talk = chat("daftar", "saya sendiri", "ya", "Ani Contoh", year)
    if asked is None:
        assert "18 tahun" in talk.last, "the year alone leaves it open"
        talk.says("sudah")
        asked = False
    assert ("orang tua" in talk.last) is asked
    if asked:
        for word in ("ya", "Kotapinang", "LEWATI", "LEWATI", "LEWATI", "simpan"):
            talk.says(word)
        givers = [effect.giver for effect in talk.effects if isinstance(effect, GiveConsent)]
        assert givers == ["self", "parent"]


def test_speaking_for_somebody_else_asks_for_that_persons_own_yes() -> None:
    talk = chat("daftarkan anak saya")
    assert "Untuk dia" in talk.last
    for word in ("ya", "kantor dinas saja", "Budi Contoh", "1999", "Torgamba", "LEWATI", "SD", "LEWATI", "simpan"):
        talk.says(word)
    assert saved(talk)["for_whom"] == "other"
    assert [(e.giver, e.how) for e in talk.effects if isinstance(e, GiveConsent)] == [("self", "companion")]


def test_changing_for_whom_asks_for_the_other_yes() -> None:
    talk = chat(*FIRST_PASS)
    talk.says("ubah")
    talk.says("mendaftar untuk")
    talk.says("orang lain")
    assert "Untuk dia" in talk.last
    talk.says("ya")
    talk.says("kantor dinas saja")
    assert "Periksa" in talk.last, "all other answers are kept"
    talk.says("simpan")
    assert saved(talk)["for_whom"] == "other"


def test_an_old_button_is_never_an_answer_to_another_question() -> None:
    talk = chat("daftar")
    old = talk.heard[-1].quick_replies[1].value  # "Orang lain"
    talk.says("saya sendiri")
    talk.event(MessageReceived(choice=old))
    assert "sudah lewat" in talk.last
    assert "setuju" in talk.last, "the present question is asked again"
    talk.event(MessageReceived(choice=old))
    assert talk.heard == [], "a trembling hand is not told twice"


def test_buttons_stay_good_when_the_question_is_repeated() -> None:
    talk = chat("daftar")
    button = talk.heard[-1].quick_replies[0].value
    for word in ("ULANG", "BANTUAN", "makasih", "xyzzy"):
        talk.says(word)
    talk.event(MessageReceived(choice=button))
    assert "setuju" in talk.last


def test_skipping_a_required_question_says_why_it_is_asked() -> None:
    talk = chat("daftar", "saya sendiri", "ya", "LEWATI")
    assert "Nama perlu" in talk.last


def test_two_failures_in_a_row_offer_a_person() -> None:
    talk = chat("daftar", "saya sendiri", "ya", "Ani Contoh", "pada suatu hari")
    assert "PETUGAS" not in talk.last
    talk.says("dulu sekali")
    assert "PETUGAS" in talk.last
    talk.says("1998")
    assert "PETUGAS" not in talk.last


def test_a_form_of_an_older_version_goes_on() -> None:
    talk = chat(*FIRST_PASS[:6])
    frame = talk.session.to_json()
    frame["stack"][0] |= {"v": 0, "s": "a_state_that_is_gone"}
    talk.session = type(talk.session).from_json(frame)
    talk.says("ULANG")
    assert "membantu" in talk.last, "the first question that is due and unanswered"
    talk.says("kursi roda")
    assert "pendidikan" in talk.last


def test_what_goes_on_record_is_what_was_shown() -> None:
    talk = chat("daftar", "saya sendiri", "ya")
    talk.locale = "en"
    for word in ("Ani Contoh", "1998", "Kotapinang", "skip", "skip", "skip", "save"):
        talk.says(word)
    (consent,) = [effect for effect in talk.effects if isinstance(effect, GiveConsent)]
    assert "Apakah Anda setuju?" in consent.wording, "the yes was said to the Indonesian words"


def test_finish_in_the_review_saves_nothing() -> None:
    talk = chat(*FIRST_PASS)
    talk.says("SELESAI")
    assert talk.effects == []
    talk.says("daftar")
    assert "Periksa" in talk.last


def test_becoming_a_child_by_a_corrected_year_needs_a_parents_yes() -> None:
    talk = chat(*FIRST_PASS, "simpan", "LEWATI", "LEWATI", "LEWATI", "ubah tahun lahir", "2012")
    assert "orang tua" in talk.last
    talk.says("tidak")
    assert talk.seeker is not None
    assert talk.seeker.birth_year == 1998, "nothing was changed"


def test_the_same_standing_button_works_again_later() -> None:
    talk = Chat(VACANCIES)
    tap = MessageReceived(choice="job:2")
    assert talk.event(tap)
    assert talk.event(tap) == [], "a trembling hand"
    talk.now += timedelta(minutes=1)
    assert talk.event(tap), "a wish to see it again"


def test_one_after_the_other_until_selesai_by_tap_and_by_word() -> None:
    talk = chat(*FIRST_PASS[:6])
    talk.taps("Pembaca layar")
    talk.says("1")
    assert "Ada lagi?" in talk.last
    talk.says("SELESAI")
    assert "pendidikan" in talk.last


def test_a_number_that_is_not_offered_is_told_and_loses_nothing() -> None:
    talk = chat(*FIRST_PASS[:6], "1 dan 33")
    assert "Nomor 33 tidak ada." in talk.last
    assert "Sudah dipilih: akses kursi roda." in talk.last
    talk.says("selesai")
    assert "pendidikan" in talk.last


def test_daftar_beside_a_vacancy_is_registering_here() -> None:
    talk = Chat(vacancies=VACANCIES)
    for word in ("loker", "1", "daftar"):
        talk.says(word)
    assert "untuk siapa" in talk.last


@pytest.mark.parametrize("said", ["1", "nomor ini", "[Pakai nomor ini]", "pake nomor ini", "0812 0000 0001"])
def test_the_number_somebody_writes_from_need_not_be_typed(said: str) -> None:
    talk = chat(*FIRST_PASS, "simpan", "telepon")
    assert "Pakai nomor ini" not in talk.last, "a channel that knows no number"
    talk = Chat(phone="+6281200000001")
    for word in (*FIRST_PASS, "simpan", "telepon"):
        talk.says(word)
    assert "Pakai nomor ini: balas 1" in talk.last
    talk.taps(said[1:-1]) if said.startswith("[") else talk.says(said)
    assert talk.seeker is not None
    assert talk.seeker.phone == "+6281200000001"


@pytest.mark.parametrize("said", ["halo", "ok", "iya kak", "terima kasih", "saya mau cari kerja"])
@pytest.mark.parametrize("asked", [3, 6, 8])
def test_what_people_say_when_they_come_back_is_no_answer(said: str, asked: int) -> None:
    """After a day they begin with a hello; a name, a need or a field of work it is not."""
    talk = chat(*FIRST_PASS[:asked])
    question = talk.heard[-1].text.split("\n")[0]
    talk.says(said)
    assert "Dicatat" not in talk.last
    if "kerja" in said:
        assert "balas SELESAI untuk lanjut" in talk.last
        talk.says("selesai")
    else:
        assert question in talk.last or "Contoh" in talk.last
    for word in FIRST_PASS[asked:]:
        talk.says(word)
    talk.says("simpan")
    assert saved(talk)["name"] == "Ani Contoh"
    assert (saved(talk)["needs"], saved(talk)["fields"]) == (["kursi roda"], ["menjahit"])
