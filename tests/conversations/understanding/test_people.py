"""Names as people give them, and for whom somebody speaks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.understanding.answers import for_whom, person_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ani", "Ani"),
        ("Contoh Siregar", "Contoh Siregar"),
        ("ani contoh", "ani contoh"),
        ("M. Yusuf Contoh", "M. Yusuf Contoh"),
        ("Siti Nur'aini", "Siti Nur'aini"),
        ("Ucok (asli Budi)", "Ucok (asli Budi)"),
        ("张伟", "张伟"),
        ("nama saya Ani Contoh", "Ani Contoh"),
        ("Halo, nama saya Ani", "Ani"),
        ("perkenalkan nama saya Ani", "Ani"),
        ("nama: Ani", "Ani"),
        ("namaku Ani", "Ani"),
        ("saya Budi", "Budi"),
        ("awak Ucok", "Ucok"),
        ("panggil aja Ani", "Ani"),
        ("panggil aku Ani ya kak", "Ani"),
        ("dipanggil Butet", "Butet"),
        ("saya dipanggil Ani", "Ani"),
        ("biasa dipanggil Ucok", "Ucok"),
        ("anak saya namanya Rian", "Rian"),
        ("nama anak saya Rian", "Rian"),
        ("my name is Ani", "Ani"),
        ("Budi aja", "Budi"),
        ("namanya Ani Contoh tapi dipanggil Butet", "Ani Contoh (Butet)"),
        ("Rian dipanggil Ian", "Rian (Ian)"),
        ("nama lengkap saya Ani Contoh, panggilan Ani", "Ani Contoh"),
    ],
)
def test_a_name_is_taken_out_of_its_sentence(text: str, name: str) -> None:
    assert person_name(text) == name


@pytest.mark.parametrize(
    "name",
    ["Dimas", "Bara", "Sapa Siregar", "Hidup Sitorus", "Lamar Nasution", "Mona", "Kasih", "Indah", "Anak Agung Contoh",
     "Adu", "Halim", "Dinar", "Jaka", "Bintang"],
)  # fmt: skip
def test_a_name_that_looks_like_another_word_is_left_alone(name: str) -> None:
    assert person_name(name) == name


@pytest.mark.parametrize(
    "text",
    [
        "", "...", "A", "Ani123", "saya", "nama saya", "panggilan", "ya", "tidak", "daftar", "loker admin", "halo",
        "mau cari kerja", "saya mau tanya dulu", "kenapa harus tahu", "kenapa?", "siapa namamu", "tulis nama asli?",
        "nama samaran aja boleh gak", "gak mau bilang", "rahasia", "gak tau", "skip aja", "bantuan", "x" * 200,
        "tahun lalu", "besok aja", "benar",
    ],
)  # fmt: skip
def test_what_is_no_name(text: str) -> None:
    assert person_name(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "saya", "aku", "awak", "saya kak", "saya bu", "saya sendiri", "untuk saya", "buat aku", "untuk saya sendiri",
        "diri sendiri", "saya mau daftar sendiri", "ibu rumah tangga, untuk saya sendiri",
    ],
)  # fmt: skip
def test_for_oneself(text: str) -> None:
    assert for_whom(text) == "self"


@pytest.mark.parametrize(
    "text",
    [
        "saya mamaknya", "saya ibunya", "saya kakaknya", "ibu saya", "mamakku", "anakku", "anak", "murid saya",
        "untuk adik saya", "suami saya", "daftarin suami", "tetangga saya yang tuli", "buat keponakan", "orang lain",
        "kakak", "untuk kakak", "abang awak", "temanku yg netra", "utk ank sy", "saya guru SLB", "dia",
    ],
)  # fmt: skip
def test_for_another(text: str) -> None:
    assert for_whom(text) == "other"


@pytest.mark.parametrize("text", ["", "1", "bukan saya sendiri", "saya sendiri dan orang lain", "saya tuli", "kerja"])
def test_for_whom_is_not_said(text: str) -> None:
    assert for_whom(text) is None


SAID = st.sampled_from(["nama", "saya", "Ani", "dipanggil", "tapi", ",", "(", ")", "ya", "anak"])


@given(st.one_of(st.text(max_size=200), st.lists(SAID)))
@settings(max_examples=80, deadline=None)
def test_nothing_typed_breaks_them(text: str | list[str]) -> None:
    said = text if isinstance(text, str) else " ".join(text)
    name = person_name(said)
    assert name is None or 2 <= len(name) <= 80
    assert for_whom(said) in ("self", "other", None)
