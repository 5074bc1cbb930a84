"""Answers to questions: what is taken, what is not, and that nothing breaks the parsers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.domain import accommodations, education, fields, ragam
from conversations.domain.vocabulary import Vocabulary
from conversations.understanding import answers
from conversations.understanding.answers import BirthYear, GlobalWord, Option, Problem, Unknown

TODAY = date(2026, 11, 24)


def options(vocabulary: Vocabulary) -> list[Option]:
    return [
        Option(term.code, term.label.msgid, number, (term.code, *term.spellings))
        for number, term in enumerate(vocabulary, start=1)
    ]


NEEDS = options(accommodations.ACCOMMODATIONS)
FIELDS = options(fields.FIELDS)
LEVELS = options(education.EDUCATION)
RAGAM = options(ragam.RAGAM)
CONSENT = [Option("yes", "Boleh", 1, ("ya", "iya", "setuju")), Option("no", "Tidak boleh", 2, ("tidak", "jangan"))]
FOR_WHOM = [
    Option("self", "Saya sendiri", 1, ("saya", "sendiri")),
    Option("other", "Orang lain", 2, ("anak saya", "anak")),
]
ALL = (NEEDS, FIELDS, LEVELS, RAGAM, CONSENT, FOR_WHOM)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("BATAL", GlobalWord.BATAL),
        ("batal.", GlobalWord.BATAL),
        (" Kembali! ", GlobalWord.KEMBALI),
        ("kembalii", GlobalWord.KEMBALI),
        ("lewati", GlobalWord.LEWATI),
        ("lewat", GlobalWord.LEWATI),
        ("ulangi", GlobalWord.ULANG),
        ("bantu", GlobalWord.BANTUAN),
        ("bantaun", GlobalWord.BANTUAN),
        ("menuu", GlobalWord.MENU),
        ("selesei", GlobalWord.SELESAI),
        ("petgas", GlobalWord.PETUGAS),
        ("setop", GlobalWord.STOP),
        ("stop.", GlobalWord.STOP),
        ("gak jadi", GlobalWord.BATAL),
        ("Tidak jadi.", GlobalWord.BATAL),
        ("nggak jadi deh", GlobalWord.BATAL),
        ("gajadi kak", GlobalWord.BATAL),
    ],
)
def test_a_global_word_is_heard(text: str, word: GlobalWord) -> None:
    assert answers.global_word(text) is word


@pytest.mark.parametrize(
    "text",
    ["", "...", "batal dong kak", "stop jgn kirim lg", "bantal", "pulang", "udang", "lewat mana", "mau menu", "back",
     "gak jadi daftar", "jadi", "gak jadi masalah"],
)  # fmt: skip
def test_other_messages_are_no_global_word(text: str) -> None:
    assert answers.global_word(text) is None


@pytest.mark.parametrize(
    ("text", "word"), [("back", GlobalWord.KEMBALI), ("Done", GlobalWord.SELESAI), ("skip", GlobalWord.LEWATI)]
)
def test_english_words_count_in_english(text: str, word: GlobalWord) -> None:
    assert answers.global_word(text, "en") is word


@pytest.mark.parametrize(
    ("text", "offered", "value"),
    [
        ("2", LEVELS, "sd"),
        ("dua", LEVELS, "sd"),
        ("nomor dua", LEVELS, "sd"),
        ("no 2", LEVELS, "sd"),
        ("no. 2", LEVELS, "sd"),
        ("yang kedua", LEVELS, "sd"),
        ("SMA", LEVELS, "sma"),
        ("smaa", LEVELS, "sma"),
        ("tamatan stm", LEVELS, "smk"),
        ("sd tidak tamat", LEVELS, "tidak sekolah"),
        ("gak punya ijazah", LEVELS, "tidak sekolah"),
        ("sarjana ekonomi", LEVELS, "s1"),
        ("low vision", RAGAM, "netra"),
        ("tunarungu", RAGAM, "rungu"),
        ("saya sendri", FOR_WHOM, "self"),
        ("untuk anak saya", FOR_WHOM, "other"),
        ("org lain", FOR_WHOM, "other"),
        ("bole", CONSENT, "yes"),
        ("tidak boleh", CONSENT, "no"),
        ("gak boleh", CONSENT, "no"),
        ("jalan landai", NEEDS, "jalur landai"),
        ("gak ada", LEVELS, "tidak sekolah"),
        ("belum", LEVELS, "tidak sekolah"),
        ("kelas 2 SMA", LEVELS, "smp"),
        ("masih sekolah SMA kelas 11", LEVELS, "smp"),
        ("SD kelas 4", LEVELS, "tidak sekolah"),
        ("kuliah semester 3", LEVELS, "sma"),
        ("berhenti kelas 2 smp", LEVELS, "sd"),
        ("SMA?", LEVELS, "sma"),
    ],
)
def test_one_is_chosen(text: str, offered: list[Option], value: str) -> None:
    assert answers.choose(text, offered) == value


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("", LEVELS),
        ("99", LEVELS),
        ("2 tahun", LEVELS),
        ("kucing", LEVELS),
        ("bukan saya sendiri", FOR_WHOM),
        ("saya sendiri dan orang lain", FOR_WHOM),
        ("sma atau smk", LEVELS),
        ("-1", LEVELS),
        ("0", LEVELS),
        ("apa itu smk?", LEVELS),
        ("belum tahu", LEVELS),
        ("bukan sma", LEVELS),
        ("tidak pakai kursi roda", NEEDS),
        ("apa itu pembaca layar?", NEEDS),
        ("kenapa harus tahu", NEEDS),
    ],
)
def test_none_is_chosen(text: str, offered: list[Option]) -> None:
    assert answers.choose(text, offered) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("boleh", "yes"), ("BOLEH.", "yes"), ("1", "yes"), ("ya kak", "yes"), ("tidak boleh", "no"), ("jangan", "no")],
)
def test_a_consent_takes_exact_words(text: str, value: str) -> None:
    assert answers.choose_exactly(text, CONSENT) == value


@pytest.mark.parametrize(
    "text", ["bole", "gak boleh", "tidak setuju", "boleh gak ya", "mungkin boleh", "ya tapi jangan"]
)
def test_a_consent_takes_nothing_else(text: str) -> None:
    assert answers.choose_exactly(text, CONSENT) is None


@pytest.mark.parametrize(
    ("text", "offered", "values", "unknown"),
    [
        ("1 dan 3", NEEDS, ("kursi roda", "pembaca layar"), ()),
        ("1,3", NEEDS, ("kursi roda", "pembaca layar"), ()),
        ("1 3 5", NEEDS, ("kursi roda", "pembaca layar", "kerja dari rumah"), ()),
        ("nomor 1 sama nomor 2", NEEDS, ("kursi roda", "juru bahasa isyarat"), ()),
        ("kursi roda sama kipas angin", NEEDS, ("kursi roda",), ("kipas angin",)),
        ("saya butuh pembaca layer, meja rendah", NEEDS, ("pembaca layar", "meja kerja rendah"), ()),
        ("kerja dari rumah dan antar jemput", NEEDS, ("kerja dari rumah", "antar jemput"), ()),
        ("masak dan katering", FIELDS, ("masak dan katering",), ()),
        ("pijat dan terapi dan krani", FIELDS, ("pijat dan terapi", "administrasi"), ()),
        ("ngelas", FIELDS, ("bengkel dan teknik",), ()),
        ("bukan kebun, menjahit", FIELDS, ("menjahit",), ()),
        ("tukang gali sumur", FIELDS, (), ("tukang gali sumur",)),
        ("tuli sama bisu", RAGAM, ("rungu", "wicara"), ()),
        ("gak pakai kursi roda tapi pembaca layar", NEEDS, ("pembaca layar",), ()),
        ("kursi roda tidak, pembaca layar ya", NEEDS, ("pembaca layar",), ()),
        ("tidak bisa naik tangga", NEEDS, ("jalur landai",), ()),
        ("bisa kerja dari rumah?", NEEDS, ("kerja dari rumah",), ()),
        ("masak sama apa aja", FIELDS, ("masak dan katering",), ()),
        ("", NEEDS, (), ()),
    ],
)
def test_several_are_chosen(
    text: str, offered: list[Option], values: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    many = answers.choose_many(text, offered)
    assert (many.values, many.unknown) == (values, unknown)


@pytest.mark.parametrize(
    ("text", "offered", "refused"),
    [
        ("tidak pakai kursi roda", NEEDS, ("kursi roda",)),
        ("bukan kebun, menjahit", FIELDS, ("perkebunan",)),
        ("gak pande komputer", FIELDS, ("teknologi informasi dan desain",)),
        ("gak perlu pembaca layar, jalur landai aja", NEEDS, ("pembaca layar",)),
    ],
)
def test_what_is_refused_is_known_and_no_own_word(text: str, offered: list[Option], refused: tuple[str, ...]) -> None:
    many = answers.choose_many(text, offered)
    assert (many.refused, many.unknown) == (refused, ())
    assert set(many.values).isdisjoint(refused)


@pytest.mark.parametrize(
    ("text", "values", "outside"),
    [
        ("99", (), ("99",)),
        ("-1", (), ("-1",)),
        ("1 dan 99", ("kursi roda",), ("99",)),
        ("1 3 99", ("kursi roda", "pembaca layar"), ("99",)),
        ("-1, 2", ("juru bahasa isyarat",), ("-1",)),
    ],
)
def test_a_number_that_is_not_offered_chooses_nothing(
    text: str, values: tuple[str, ...], outside: tuple[str, ...]
) -> None:
    many = answers.choose_many(text, NEEDS)
    assert (many.values, many.outside, many.unknown) == (values, outside, ())


@pytest.mark.parametrize(
    "text",
    ["apa itu pembaca layar?", "kursi roda itu apa", "gak tau", "apa saja yang penting halal", "gak mau bilang",
     "gak ada kok kak", "kenapa harus tahu"],
)  # fmt: skip
def test_a_question_a_shrug_or_a_refusal_names_nothing(text: str) -> None:
    assert answers.choose_many(text, NEEDS) == answers.ManyAnswer(())
    assert answers.choose_many(text, FIELDS) == answers.ManyAnswer(())


def born(year: int, month: int, day: int) -> BirthYear:
    return BirthYear(year, date(year, month, day))


def aged(year: int) -> BirthYear:
    return BirthYear(year, from_age=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1999", BirthYear(1999)),
        ("saya lahir tahun 1999 kak", BirthYear(1999)),
        ("99", BirthYear(1999)),
        ("'99", BirthYear(1999)),
        ("05", BirthYear(2005)),
        ("tahun 88", BirthYear(1988)),
        ("kelahiran 2001", BirthYear(2001)),
        ("17 ags 1990", born(1990, 8, 17)),
        ("17-08-1990", born(1990, 8, 17)),
        ("17/8/90", born(1990, 8, 17)),
        ("1990-08-17", born(1990, 8, 17)),
        ("05051988", born(1988, 5, 5)),
        ("tgl 5 mei 1988", born(1988, 5, 5)),
        ("agustus 90", BirthYear(1990, month=8)),
        ("seribu sembilan ratus delapan puluh", BirthYear(1980)),
        ("umur 25", aged(2001)),
        ("25 tahun", aged(2001)),
        ("25thn", aged(2001)),
        ("dua puluh lima tahun", aged(2001)),
        ("25", aged(2001)),
        ("lahir 1988 bulan 5", BirthYear(1988, month=5)),
        ("2000 bulan 3 tanggal 2", born(2000, 3, 2)),
        ("tgl 2 bln 3 thn 2000", born(2000, 3, 2)),
        ("tgl 2 bulan 3 tahun 90", born(1990, 3, 2)),
        ("1990an", aged(1990)),
        ("sembilan belas sembilan puluh", BirthYear(1990)),
        ("sembilan belas delapan puluh delapan", BirthYear(1988)),
        ("satu sembilan sembilan nol", BirthYear(1990)),
        ("dua puluh nol lima", BirthYear(2005)),
        ("dua ribu lima", BirthYear(2005)),
        ("antara 1990 dan 1992", None),
        ("lupa", Unknown()),
        ("gak tau kak", Unknown()),
        ("tidak ingat", Unknown()),
        ("halo", None),
        ("", None),
        ("1222015208900003", None),
        ("0812 3456 7890", None),
        ("12-12", None),
    ],
)
def test_a_birth_is_read(text: str, value: object) -> None:
    assert answers.birth_year(text, TODAY) == value


@pytest.mark.parametrize(
    "text", ["2020", "1900", "2030", "umur 10", "umur 120", "31 feb 1990", "60", "00001900", "2000an"]
)
def test_an_impossible_birth_is_told_why(text: str) -> None:
    assert isinstance(answers.birth_year(text, TODAY), Problem)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("081200000001", "+6281200000001"),
        ("0812 0000 005", "+628120000005"),
        ("+62 812-3456-7890", "+6281234567890"),
        ("62 81234567890", "+6281234567890"),
        ("81234567890", "+6281234567890"),
        ("no hp saya 0812.3456.7890 ya", "+6281234567890"),
        ("nol delapan satu dua tiga empat lima enam tujuh delapan sembilan nol", "+6281234567890"),
        ("123", None),
        ("halo", None),
        ("", None),
        ("1222015208900003", None),
    ],
)
def test_a_telephone_number_is_read(text: str, number: str | None) -> None:
    assert answers.phone(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Laki-laki", "L"),
        ("cowok", "L"),
        ("P", "P"),
        ("saya perempuan", "P"),
        ("x", None),
        ("laki atau perempuan", None),
    ],
)
def test_a_sex_is_read(text: str, code: str | None) -> None:
    assert answers.sex(text) == code


SAID = "1 2 99 dan sama kursi roda tidak boleh mei tahun umur lupa 31 1990 puluh , ."
TYPED = st.one_of(
    st.text(max_size=150),
    st.text(alphabet="0123456789 .-/+'", max_size=40),
    st.lists(st.sampled_from(SAID.split())).map(" ".join),
)


@given(TYPED)
@settings(max_examples=60, deadline=None)
def test_nothing_typed_breaks_a_parser(text: str) -> None:
    for offered in ALL:
        values = {option.value for option in offered}
        assert answers.choose(text, offered) in values | {None}
        assert answers.choose_exactly(text, offered) in values | {None}
        assert set(answers.choose_many(text, offered).values) <= values
    birth = answers.birth_year(text, TODAY)
    assert not isinstance(birth, BirthYear) or 14 <= TODAY.year - birth.year <= 100
    number = answers.phone(text)
    assert number is None or number.startswith("+")
    assert answers.sex(text) in ("L", "P", None)
    answers.global_word(text)


@given(st.sampled_from(NEEDS + FIELDS + LEVELS + RAGAM))
def test_a_label_and_its_number_always_choose_their_option(option: Option) -> None:
    offered = next(group for group in ALL if option in group)
    assert answers.choose(option.label, offered) == option.value
    assert answers.choose_exactly(str(option.number), offered) == option.value
    assert answers.choose_many(option.label, offered).values == (option.value,)
