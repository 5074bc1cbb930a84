"""Everything in one message, several answers in one, and corrections in plain words."""

from __future__ import annotations

import pytest

from conversations.domain.seeker import Seeker
from conversations.engine.events import GiveConsent, SaveSeeker
from tests.support.chat import Chat
from tests.support.offers import VACANCIES

EVERYTHING = "saya Budi Contoh 25 tahun dari aek batu tamat SMP bisa jahit hp 0812 0000 0001"


def chat(*words: str, seekers: tuple[Seeker, ...] = ()) -> Chat:
    talk = Chat(VACANCIES, seekers=seekers)
    for word in words:
        talk.says(word)
    return talk


def registered(**values: object) -> Chat:
    known = Seeker(1, "Ani Contoh").with_values({"birth_year": 1998, "district": "12.22.01", **values})
    return chat(seekers=(known,))


def test_who_tells_everything_at_once_is_asked_only_what_is_left() -> None:
    talk = chat(EVERYTHING)
    assert "Belum kami simpan." in talk.last
    assert "apakah anda setuju" in talk.last.lower(), "consent comes before any other question"
    assert talk.effects == []
    talk.says("ya")
    assert "membantu" in talk.last
    for word in ("lewati", "simpan"):
        talk.says(word)
    assert talk.seeker is not None
    known = talk.seeker.values()
    assert (known["name"], known["birth_year"], known["district"]) == ("Budi Contoh", 2001, "12.22.03")
    assert (known["village"], known["education"], known["fields"]) == ("12.22.03.2006", "smp", ["menjahit"])
    assert known["phone"] == "+6281200000001"
    assert [c.purpose for c in talk.effects if isinstance(c, GiveConsent)] == ["matching"]


def test_a_no_keeps_nothing_of_what_was_told() -> None:
    talk = chat(EVERYTHING, "tidak")
    assert talk.effects == []
    assert "Budi" not in str(talk.session.to_json())


def test_a_mother_speaks_of_her_daughter_and_the_daughter_is_asked() -> None:
    talk = chat("anak saya Rina Contoh 19 tahun down syndrome tamat SMPLB tinggal di sisumut")
    assert "Yang menjawab ini harus dia sendiri." in talk.last
    for word in ("ya", "kantor dinas saja", "lewati", "lewati", "simpan"):
        talk.says(word)
    assert talk.seeker is not None
    assert talk.seeker.for_whom == "other"
    assert talk.seeker.ragam == ("intelektual",)


def test_whose_yes_is_needed_is_asked_where_it_was_not_said() -> None:
    talk = chat("nama Budi umur 25 torgamba tinggal sekolah smp tamat kerja mau jahit")
    assert "untuk siapa" in talk.last
    assert "Nama: Budi" in talk.last


def test_a_child_told_of_still_needs_a_parents_yes() -> None:
    talk = chat("saya Budi 16 tahun dari torgamba", "ya")
    assert "orang tua" in talk.last


@pytest.mark.parametrize(
    "words",
    ["saya mau kerja di Torgamba", "loker jahit di torgamba umur 25", "saya tuli, ada kerja?", "halo", "saya pusing"],
)
def test_a_wish_is_no_introduction(words: str) -> None:
    assert all(frame.conversation != "registration" for frame in chat(words).session.stack)


def test_one_answer_may_hold_several_and_what_was_noted_is_said_back() -> None:
    talk = chat("daftar", "saya", "ya", "Budi Contoh, 25 tahun, Torgamba, SMP")
    assert "Kami catat juga:" in talk.last
    assert "Kecamatan: Torgamba" in talk.last
    assert "membantu" in talk.last
    talk.says("kursi roda")
    assert "minati" in talk.last


def test_what_answers_another_question_is_noted_and_the_question_stays() -> None:
    talk = chat("daftar", "saya", "ya", "umur 25")
    assert "Tahun lahir: 2001" in talk.last
    assert "nama" in talk.last
    talk.says("Budi Contoh")
    assert "tinggal" in talk.last


@pytest.mark.parametrize("words", ["SMA atau SMK", "sma atau smk kak"])
def test_of_a_range_of_schools_the_lower_is_kept_and_both_are_said_back(words: str) -> None:
    talk = chat("daftar", "saya", "ya", "Budi Contoh", "1998", "torgamba", "lewati", words)
    assert "Anda menyebut SMA dan SMK." in talk.last
    assert "Kami catat SMA dahulu." in talk.last
    for word in ("lewati", "simpan"):
        talk.says(word)
    assert talk.seeker is not None
    assert talk.seeker.education == "sma"


def test_no_consent_is_read_out_of_an_introduction() -> None:
    talk = chat("daftar", "saya", "nama saya Budi umur 25 dari torgamba, setuju aja")
    assert "Balas: ya atau tidak" in talk.last
    assert "consent" not in talk.session.stack[-1].answers


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("nama saya bukan Budi tapi Andi", "Nama: Andi"),
        ("eh salah, saya lulusan SMA", "Pendidikan: SMA (menengah atas)"),
        ("umur saya 26 bukan 25", "Tahun lahir: 2000"),
        ("saya pindah ke kotapinang", "Kecamatan: Kotapinang"),
        ("ubah nomor hp jadi 0813 0000 0002", "Telepon: 0813 0000 0002"),
    ],
)
@pytest.mark.parametrize("at", [2, 3])
def test_a_correction_in_an_open_form_is_made_at_once_and_the_form_goes_on(words: str, line: str, at: int) -> None:
    talk = chat(*(EVERYTHING, "ya", "lewati")[:at])
    question = talk.heard[-1].text.split("\n")[0]
    talk.says(words)
    assert f"Sudah diubah. {line}" in talk.last
    assert question in talk.last
    assert talk.effects == []


def test_another_district_takes_the_village_with_it() -> None:
    talk = chat(EVERYTHING, "ya", "lewati", "saya pindah ke kotapinang", "simpan")
    assert talk.seeker is not None
    assert (talk.seeker.district, talk.seeker.village) == ("12.22.01", None)


def test_becoming_a_child_by_a_correction_needs_a_parents_yes_before_the_review() -> None:
    talk = chat(EVERYTHING, "ya", "lewati", "umur saya 16 bukan 25")
    assert "orang tua" in talk.last


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("ubah nomor hp jadi 0813 0000 0002", "phone", "+6281300000002"),
        ("saya pindah ke Torgamba", "district", "12.22.03"),
        ("nama saya salah, yang benar Ina Contoh", "name", "Ina Contoh"),
        ("eh salah, saya lulusan SMA", "education", "sma"),
        ("umur saya 26 bukan 25", "birth_year", 2000),
    ],
)
def test_what_is_kept_changes_only_on_a_yes(words: str, field: str, value: object) -> None:
    talk = registered()
    talk.says(words)
    assert "Kami ubah?" in talk.last
    assert talk.effects == []
    talk.says("ya")
    (save,) = [effect for effect in talk.effects if isinstance(effect, SaveSeeker)]
    assert save.values[field] == value
    assert "Sudah diubah." in talk.last


@pytest.mark.parametrize("no", ["tidak", "2", "jangan", "BATAL"])
def test_a_no_changes_nothing(no: str) -> None:
    talk = registered()
    talk.says("saya pindah ke Torgamba")
    talk.says(no)
    assert talk.effects == []


def test_moving_away_keeps_the_place() -> None:
    talk = registered(village="12.22.01.2005")
    talk.says("saya sudah pindah ke medan")
    talk.says("ya")
    assert talk.seeker is not None
    assert (talk.seeker.district, talk.seeker.village, talk.seeker.hometown) == ("outside", None, "medan")


def test_what_is_so_already_is_said_and_not_asked() -> None:
    talk = registered()
    talk.says("saya pindah ke kotapinang")
    assert "Itu sudah tercatat. Kecamatan: Kotapinang" in talk.last
    assert talk.effects == []


@pytest.mark.parametrize("words", ["saya pindah ke kotapinang", "saya pindah ke Torgamba"])
def test_a_correction_reads_nothing_back_before_the_pin(words: str) -> None:
    talk = chat(seekers=(Seeker(1, "Ani Contoh", birth_year=1998, district="12.22.01", pin="4071"),))
    talk.says(words)
    assert "Kotapinang" not in talk.last
    assert "PIN" in talk.last
    talk.says("4071")
    assert "Kecamatan yang tersimpan: Kotapinang" in talk.last


def test_a_second_correction_takes_the_place_of_the_first() -> None:
    talk = registered()
    for words in ("umur saya 26 bukan 25", "nama saya salah, yang benar Ina Contoh", "ya"):
        talk.says(words)
    assert talk.seeker is not None
    assert (talk.seeker.name, talk.seeker.birth_year) == ("Ina Contoh", 1998)


def test_somebody_corrected_into_a_child_needs_a_parents_yes() -> None:
    talk = registered()
    talk.says("tahun lahir saya salah, harusnya 2010")
    assert "orang tua" in talk.last
    talk.says("tidak")
    assert talk.effects == []


@pytest.mark.parametrize("words", ["ubah data saya", "pindah kerja", "saya mau kerja di Torgamba", "ganti nama"])
def test_a_wish_is_no_correction(words: str) -> None:
    talk = registered()
    talk.says(words)
    assert "Kami ubah?" not in talk.last
    assert talk.effects == []
