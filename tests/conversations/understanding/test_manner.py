"""How an answer is meant: as a question back, a shrug, a refusal, nothing, a yes or a no."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.understanding.answers import is_nothing, is_question, is_refusal, is_unsure, yes_no
from conversations.understanding.manner import is_pleasantry

QUESTIONS = [
    "apa itu pembaca layar?", "pembaca layar itu apa", "apa maksudnya", "mksudnya?", "contohnya apa", "contohnya",
    "kenapa harus tahu", "knp nanya itu", "harus diisi ya?", "emang harus?", "gimana isinya", "siapa yang lihat",
    "ini buat apa", "apa saja pilihannya", "yang mana", "bedanya apa", "boleh dilewati?",
]  # fmt: skip
SHRUGS = [
    "gak tau", "gatau kak", "belum tau", "gk ngerti", "bingung", "terserah", "terserah kakak", "terserahh", "entahlah",
    "apa aja boleh", "apapun boleh", "apa pun boleh", "apa saja", "kerja apa aja", "yang mana aja", "semua boleh",
    "apa saja yang penting halal", "bebas", "bebas aja bang", "lupa",
]  # fmt: skip
REFUSALS = [
    "gak mau bilang", "saya gak mau bilang", "rahasia", "rahasia dong", "privasi", "gak mau jawab", "malas jawab kak",
    "males ngisi", "gak mau kasih tau", "gak usah tau", "gak mau cerita soal itu", "gak mau", "skip aja", "lewat aja",
    "nanti aja", "malu kak",
]  # fmt: skip
NOTHINGS = ["gak ada", "gak ada kok kak", "tidak perlu apa-apa", "gak butuh apa apa", "belum ada", "tidak", "gak usah"]
PLAIN = [
    "menjahit", "kursi roda", "kursi roda?", "SMA?", "Contoh Siregar", "bisa kerja dari rumah", "jam bebas",
    "gak tau, mungkin menjahit", "kerja apa aja dari rumah", "tidak mau kerja malam", "gak mau kebun", "lewat tulisan",
    "tidak bisa bicara", "tidak ada tangga", "tidak bisa berdiri",
]  # fmt: skip


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_heard(text: str) -> None:
    assert is_question(text)
    assert not is_unsure(text)
    assert not is_refusal(text)


@pytest.mark.parametrize("text", SHRUGS)
def test_a_shrug_is_heard(text: str) -> None:
    assert is_unsure(text)
    assert not is_question(text)
    assert not is_refusal(text)


@pytest.mark.parametrize("text", REFUSALS)
def test_a_refusal_is_heard(text: str) -> None:
    assert is_refusal(text)
    assert not is_question(text)
    assert not is_unsure(text)


@pytest.mark.parametrize("text", NOTHINGS)
def test_nothing_is_heard(text: str) -> None:
    assert is_nothing(text)


@pytest.mark.parametrize("text", PLAIN)
def test_an_answer_is_none_of_these(text: str) -> None:
    assert [judge(text) for judge in (is_question, is_unsure, is_refusal, is_nothing)] == [False] * 4


@pytest.mark.parametrize("text", ["jangan sampai tahu orang?", "rahasia kan data saya?", "apa ini aman?"])
def test_who_asks_refuses_nothing(text: str) -> None:
    assert not is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "oke", "ok", "OKE.", "boleh", "ya boleh", "iya setuju", "oke setuju", "yaa", "iyaaa kak", "okelah", "oke 👍",
        "setuju!", "setuju bu", "saya setuju", "ibu sudah setuju", "mamak udah setuju kok", "boleh boleh", "ya kak",
        "bolehh deh", "silakan", "yes",
    ],
)  # fmt: skip
def test_a_plain_yes(text: str) -> None:
    assert yes_no(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "tidak", "tdk", "gak", "nggak deh", "ga setuju", "gak boleh", "tidak boleh", "saya tidak setuju", "belum",
        "mamak belum setuju", "jangan", "jangan dulu", "gamau", "tidak, terima kasih", "no",
    ],
)  # fmt: skip
def test_a_plain_no(text: str) -> None:
    assert yes_no(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "", "👍", "mungkin", "yakin?", "boleh?", "boleh tidak ya?", "boleh gak ya", "setuju gak", "setuju tapi",
        "boleh, tapi jangan kasih bos", "ya tidak", "tidak apa apa", "tidak keberatan", "gak tau", "ya sudah", "sudah",
        "ya udah boleh", "bole", "siap", "mamak boleh", "bukan begitu", "apa boleh buat", "ya kenapa",
    ],
)  # fmt: skip
def test_a_doubt_is_neither(text: str) -> None:
    assert yes_no(text) is None


DENIALS = ("tidak", "tdk", "gak", "ga", "nggak", "enggak", "tak", "jangan", "belum", "bukan", "no", "gamau", "gaboleh")
WORDS = st.sampled_from(["ya", "oke", "boleh", "setuju", "mamak", "sudah", "kok", "kak", "tapi", "mau", "👍", ",", "?"])


@given(st.lists(WORDS), st.sampled_from(DENIALS), st.lists(WORDS))
@settings(max_examples=200, deadline=None)
def test_no_denial_is_ever_a_yes(before: list[str], denial: str, after: list[str]) -> None:
    said = " ".join((*before, denial, *after))
    assert yes_no(said) is not True
    assert yes_no(said.upper()) is not True


@given(st.text(max_size=120))
@settings(max_examples=80, deadline=None)
def test_nothing_typed_breaks_them(text: str) -> None:
    for judge in (is_question, is_unsure, is_refusal, is_nothing):
        assert judge(text) in (True, False)
    if yes_no(text) is True:
        assert re.search(r"\w", text)


@pytest.mark.parametrize(
    "text",
    [
        "halo",
        "Halo kak",
        "p",
        "ok",
        "oke siap",
        "iya",
        "iya kak",
        "terima kasih bang",
        "makasih",
        "Assalamualaikum",
        "tes",
    ],
)
def test_pleasantries_answer_nothing(text: str) -> None:
    assert is_pleasantry(text)


@pytest.mark.parametrize(
    "text", ["Siapa", "Baiq Ani", "Tia", "menjahit, makasih", "halo nama saya Ani", "1", "", "...", "Salamah"]
)
def test_what_holds_an_answer_is_no_pleasantry(text: str) -> None:
    assert not is_pleasantry(text)
