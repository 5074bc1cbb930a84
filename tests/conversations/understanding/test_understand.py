"""Understanding beyond single queries: what is explicit, what is denied, what can never go wrong."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.domain.query import Query
from conversations.domain.region import load_region
from conversations.understanding import Intent, Meaning, understand

REGION = load_region("12.22")
TODAY = date(2026, 11, 24)


def read(text: str) -> Meaning:
    return understand(text, REGION, TODAY)


@pytest.mark.parametrize(
    "answer",
    [
        "Contoh Siregar", "Budi", "Siti Aminah", "ibu", "tetangga", "saya sendiri", "untuk anak saya", "1998",
        "umur 25", "kotapinang", "di torgamba", "aek batu", "kursi roda", "butuh juru bahasa isyarat",
        "kerja dari rumah", "jam kerja lentur", "lift sama toilet duduk", "sma", "belum punya ijazah",
        "tamatan smk jurusan mesin",
        "menjahit", "kerja kantor", "kasir atau admin", "mau kerja di bengkel", "kerja apa saja", "jualan online",
        "tuli", "tidak bisa melihat", "laki-laki", "0812 3456 7890", "ya", "tidak", "boleh", "tidak boleh", "lupa",
        "gak tau", "nomor dua", "1 dan 3", "ada teman yang bantu", "pengin kerja yang duduk", "perlu dijemput",
        "gak ada", "Hidup Sitorus", "Lamar Nasution", "gak mau bilang", "tempatnya jangan berisik", "petunjuk",
        "dipanggil Butet", "gak mau kasih tau",
        "ruang yang gak berisik", "petunjuk gambar", "Dimas", "dimas", "Dimas Contoh",
        "Selamat", "Adu Siregar", "pendidikan terakhir saya sma",
    ],
)  # fmt: skip
def test_an_answer_to_a_question_is_no_explicit_wish(answer: str) -> None:
    assert not read(answer).sure


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("loker", "find_jobs"),
        ("ada lowongan?", "find_jobs"),
        ("daftar", "register"),
        ("hapus data saya", "privacy"),
        ("mau mati aja", "safety"),
        ("pelatihan apa aja", "find_training"),
        ("mau ngomong sama petugas", "human"),
    ],
)
def test_explicit_words_are_sure(text: str, intent: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.sure) == (intent, True)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("SAMBUNG", "link"), ("sambungkan", "link"), ("hubungkan whatsapp", "link"), ("pakai telegram juga", "link"),
        ("pindah ke whatsapp", "link"), ("ganti nomor wa", "link"), ("bisa pakai wa gak kak", "link"),
        ("connect another chat", "link"), ("PUTUSKAN", "unlink"), ("putuskan chat lain", "unlink"),
        ("kabar di sini", "news_here"), ("kabari ke sini aja", "news_here"),
    ],
)  # fmt: skip
def test_talking_with_us_somewhere_else_as_well(text: str, topic: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.sure, meaning.query.topic) == (Intent.PROFILE, True, topic)


@pytest.mark.parametrize(
    "text",
    [
        "sambung rambut", "mau sambung sekolah", "menyambung hidup", "sambungkan ke petugas", "putus kontrak",
        "putus asa", "lamar lewat wa bisa?", "jangan kabari di sini", "kabari lewat wa", "Putus Sekolah",
        "no wa ku udah ganti",
    ],
)  # fmt: skip
def test_what_only_sounds_like_that(text: str) -> None:
    assert read(text).query.topic not in ("link", "unlink", "news_here")


@pytest.mark.parametrize(
    "text",
    [
        "mati lampu", "lampu mati terus", "hp saya mau mati", "listrik mati di kampung", "harga mati",
        "biaya hidup mahal", "hidup mandiri", "aku gak mau hidup dari bantuan terus", "capek cari kerja",
        "tidak sanggup angkat berat",
        "pelatihan pukul berapa", "buka pukul 8", "obat bunuh rumput",
        "tangan mati rasa", "matikan notifikasi", "jaminan kematian", "Hidup Sitorus", "capek kali kerja di kebun",
    ],
)  # fmt: skip
def test_everyday_talk_is_not_danger(text: str) -> None:
    assert read(text).intent != Intent.SAFETY


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("jangan di medan, yang di kotapinang aja", Query(places=("12.22.01",), not_places=("medan",))),
        ("bukan kebun atau pabrik", Query(not_fields=("perkebunan", "produksi pabrik"))),
        ("kerja apa aja selain jahit", Query(not_fields=("menjahit",))),
        ("kebun tidak mau", Query(not_fields=("perkebunan",))),
        ("pabrik malam kerja tidak mau", Query(not_fields=("produksi pabrik",), not_kinds=("sif",))),
        ("torgamba mau, medan tidak", Query(places=("12.22.03",), not_places=("medan",))),
    ],
)
def test_what_is_denied_is_not_wished_for(text: str, query: Query) -> None:
    got = read(text).query
    assert (got.fields, got.not_fields, got.places, got.not_places, got.not_kinds) == (
        query.fields, query.not_fields, query.places, query.not_places, query.not_kinds,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["boleh kerja dari rumah gak", "ada loker jahit gak", "bisa kerja dari rumah tidak", "gak ada loker kasir ya"],
)
def test_a_question_tag_denies_nothing(text: str) -> None:
    got = read(text).query
    assert (got.not_fields, got.not_places, got.not_kinds) == ((), (), ())
    assert got.fields or got.needs


@pytest.mark.parametrize(
    ("text", "ragam"),
    [
        ("loker utk cacat kaki", ("fisik",)),
        ("anak saya idiot", ("intelektual",)),
        ("kerja untuk orang bisu tuli", ("rungu", "wicara")),
        ("loker disabilitas mental", ("psikososial", "perkembangan")),
        ("lowongan disabilitas sensorik", ("netra", "rungu", "wicara")),
        ("saya odgj", ("psikososial",)),
        ("epilepsi boleh kerja?", ("penyakit kronis",)),
    ],
)
def test_old_words_and_diagnoses_are_understood(text: str, ragam: tuple[str, ...]) -> None:
    assert set(ragam) <= set(read(text).query.ragam)


@pytest.mark.parametrize(
    ("text", "wage"),
    [
        ("gaji minimal 3 jt", 3_000_000),
        ("gaji di atas 2,5 juta", 2_500_000),
        ("gaji 2.800.000", 2_800_000),
        ("gaji minimal Rp 3.000.000", 3_000_000),
        ("gaji 900rb", 900_000),
        ("gaji tiga juta lima ratus ribu", 3_500_000),
        ("loker gaji umk", 3_690_000),
        ("gaji 100 ribu sehari", None),
        ("diminta bayar 500rb", None),
    ],
)
def test_wages(text: str, wage: int | None) -> None:
    assert read(text).query.wage_min == wage


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("gajinya berapa", "wage"), ("ada gajinya?", "wage"), ("gaji harian atau bulanan?", "wage"),
        ("syaratnya apa", "requirement"),
        ("umur maksimal berapa", "requirement"), ("cara lamarnya gimana", "apply"), ("lamarnya kemana", "apply"),
        ("bisa pakai kursi roda?", "need"), ("terima tuli gak", "need"), ("ada liftnya?", "need"),
        ("alamatnya dimana", "place"), ("di mana itu", "place"), ("kapan terakhir", "deadline"),
        ("tutupnya kapan", "deadline"), ("masuk jam berapa", "hours"),
    ],
)  # fmt: skip
def test_a_question_about_an_open_vacancy_wishes_for_nothing_else(text: str, topic: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.sure, meaning.query.topic) == (Intent.FIND_JOBS, False, topic)
    assert replace(meaning.query, topic=None, needs=(), ragam=()) == Query()


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("ibu rumah tangga mau kerja", Query()),
        ("kerja yang bisa jemput anak", Query()),
        ("kerja sambil jaga anak", Query()),
        ("kerja sambil ngurus anak", Query()),
        ("saya penderita jantung, cari kerja ringan", Query(ragam=("penyakit kronis",), conditions=("ringan",))),
        ("gak pande komputer", Query(not_fields=("teknologi informasi dan desain",))),
        ("PT Kebun Contoh masih buka?", Query(employer="kebun contoh")),
        ("CV Jahit Contoh ada lowongan?", Query(employer="jahit contoh")),
        ("loker pt sawit", Query(fields=("perkebunan",), said=("sawit",))),
        ("pelatihan yang dapat uang saku", Query(allowance=True, topic="allowance")),
        ("pelatihan gratis", Query(free=True, topic="cost")),
        ("loker gratis kan", Query()),
        ("pelatihan bulan depan", Query(month=12)),
        ("pelatihan maret", Query(month=3)),
        ("loker bulan ini", Query()),
        ("kerja malam", Query(kinds=("sif",), conditions=("malam",))),
        ("kerja sabtu minggu aja", Query(conditions=("akhir pekan",))),
        ("loker terbaru", Query(order="newest")),
        ("baru tamat sma, ada loker", Query(education="sma")),
        ("loker gaji paling tinggi", Query(order="wage")),
        ("gaji umr tamatan sma", Query(education="sma", wage_min=3_690_000)),
        ("gaji di atas umk", Query(wage_min=3_690_000)),
        ("anakku masih kelas 2 sma, ada kerja?", Query(education="smp", for_other=True)),
    ],
)
def test_what_is_wished_for_and_nothing_more(text: str, query: Query) -> None:
    assert read(text).query == query


def test_the_mothers_long_sentence_is_about_work() -> None:
    meaning = read(
        "anak awak down sindrom umur 20 rajin nyapu, cuci piring bisa, klo di suruh hitung2 duit gak bisa dia, "
        "ada kerja?"
    )
    assert (meaning.intent, meaning.query.for_other, meaning.query.ragam) == ("find_jobs", True, ("intelektual",))
    assert (meaning.query.fields, meaning.query.not_fields) == (("kebersihan", "masak dan katering"), ("keuangan",))


def test_an_old_minimum_wage_is_no_wish() -> None:
    assert understand("loker gaji umk", REGION, date(2028, 1, 2)).query.wage_min is None


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("loker labusel", REGION.district_codes),
        ("loker labuan batu slatan", REGION.district_codes),
        ("loker torgamba labusel", ("12.22.03",)),
        ("loker tanjung medan", ("12.22.02",)),
        ("loker medan", ("medan",)),
        ("loker dikotapinang", ("12.22.01",)),
        ("loker kp rakyat", ("12.22.02",)),
        ("loker langgapayung", ("12.22.04",)),
        ("loker tlk panji 2", ("12.22.02",)),
        ("loker silangkitng atau torgmba", ("12.22.05", "12.22.03")),
    ],
)
def test_places(text: str, places: tuple[str, ...]) -> None:
    assert read(text).query.places == places


def test_an_everyday_word_is_a_village_only_after_a_preposition() -> None:
    assert read("loker di sampean").query.places == ("12.22.04",)
    assert read("sampean buka lowongan?").query.places == ()


def test_a_setting_beside_the_work_says_where() -> None:
    assert read("krani kebun").query.fields == ("administrasi",)
    assert read("krani kebun").query.words == ("kebun",)
    assert read("kerja di kebun").query.fields == ("perkebunan",)


def test_an_employer_is_named() -> None:
    assert read("loker pt maju bersinar ada?").query.employer == "maju bersinar"


def test_what_is_not_recognised_is_kept_as_words() -> None:
    assert read("loker tukang galon kotapinang").query.words == ("galon",)


def test_an_address_says_nothing_in_words() -> None:
    assert read('=HYPERLINK("http://contoh.invalid")').intent == Intent.UNKNOWN
    assert read("www.loker.invalid/jahit").intent == Intent.UNKNOWN
    assert read("ada loker jahit? https://contoh.invalid/kasir").query.fields == ("menjahit",)


@given(st.text(max_size=200))
@settings(max_examples=80, deadline=None)
def test_no_text_breaks_it(text: str) -> None:
    meaning = read(text)
    assert Query.from_json(meaning.query.to_json()) == meaning.query


SAID = (
    "loker tidak mau kotapinang gaji 3 jt rb juta bukan selain di medan jahit malam data saya hapus jangan kirim pt "
    "kursi roda tuli 1.000.000 2,5 tiga ratus puluh , . ? kalau ada sampean umk"
)
WORDS = st.sampled_from(SAID.split())


@given(st.lists(WORDS, max_size=25).map(" ".join))
@settings(max_examples=80, deadline=None)
def test_no_order_of_words_breaks_it(text: str) -> None:
    query = read(text).query
    assert set(query.not_places).isdisjoint(query.places)


def test_a_message_is_understood_within_a_fifth_of_a_millisecond() -> None:
    texts = ["ada loker admin di kotapinang?", "krj jahit dr rumah", "awak pakai kursi roda, ada kerja kantor?"] * 20
    for text in texts:
        read(text)
    took = []
    for text in texts:
        start = time.perf_counter()
        read(text)
        took.append(time.perf_counter() - start)
    assert sorted(took)[len(took) // 2] < 0.0002


def test_a_long_message_costs_little() -> None:
    start = time.perf_counter()
    read(" ".join(f"xq{n}zplmt" for n in range(2000)))
    assert time.perf_counter() - start < 0.2
