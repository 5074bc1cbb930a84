"""One's own data as a PDF: whatever the words, it stays readable and means nothing to the typesetter."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.papers import typesetting
from bot.papers.own_data import Section, pdf_of
from tests.papers.reading import Paper

TITLE = "Data saya di Setara Kerja"
SECTIONS = (
    Section("Yang disimpan", (("Nama", "Ani Contoh"), ("Kecamatan", "Torgamba")), ("Anda boleh mengubahnya.",)),
    Section("Siapa yang membaca", (("Selasa, 24 November 2026", "Petugas Contoh"),)),
)


def said(value: str) -> str:
    return Paper(pdf_of(TITLE, (Section("Yang disimpan", (("Nama", value),)),))).text


def test_it_is_read_in_order_under_headings() -> None:
    paper = Paper(pdf_of(TITLE, SECTIONS))
    assert [(one.role, one.words) for one in paper.heard] == [
        ("/H1", TITLE),
        ("/H2", "Yang disimpan"),
        ("/P", "Nama: Ani Contoh"),
        ("/P", "Kecamatan: Torgamba"),
        ("/P", "Anda boleh mengubahnya."),
        ("/H2", "Siapa yang membaca"),
        ("/P", "Selasa, 24 November 2026: Petugas Contoh"),
    ]


@pytest.mark.parametrize(("locale", "language"), [("id", "id"), ("id@mudah", "id"), ("en", "en")])
def test_it_says_its_title_and_language(locale: str, language: str) -> None:
    paper = Paper(pdf_of(TITLE, SECTIONS, locale))
    assert paper.root["/Lang"] == language
    assert paper.root["/MarkInfo"]["/Marked"]
    metadata = paper.root["/Metadata"].get_object().get_data()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert TITLE.encode() in metadata
    assert min(paper.drawn.sizes) >= 16


@pytest.mark.parametrize(
    "words",
    [
        '#eval("1+1") $x^2$ *tebal* _miring_ @rujuk <label> // komentar',
        '#read("common.typ") \\u{41} `kode` = judul - butir + nomor / istilah: x ~ [isi] {kode}',
        '"},{"heading":"palsu" <script>alert(1)</script> %PDF-1.7 ) Tj',
        "'; DROP TABLE seekers; -- =HYPERLINK(1)",
    ],
)
def test_markup_is_only_words(words: str) -> None:
    assert f"Nama: {words}" in said(words)


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("Ani\u202egnatib\u202c\u200f Contoh", "Anignatib Contoh"),
        ("Ani\x00\x07\x1b[31m\nContoh\t\u2028baru", "Ani[31m Contoh baru"),
        ("漢字 \U0001f600 \ud800 Ani", "?? ? ? Ani"),
        ("\u0627\u0644 Ani \u05d0", "?? Ani ?"),
        ("Jose\u0301 Nguyễn Ωmega Иван", "José Nguyễn Ωmega Иван"),
        ("a\u0300\u0301\u0302\u0303\u0304" + "\u0305" * 50, "à"),
        ("", ""),
    ],
)
def test_what_cannot_be_printed_does_no_harm(words: str, printed: str) -> None:
    assert said(words).endswith(f"Nama: {printed}".strip())


def test_every_letter_that_is_let_through_is_in_the_fonts() -> None:
    letters = [chr(code) for first, last in typesetting.SCRIPTS for code in range(first, last + 1)]
    kept = [letter for letter in letters if typesetting.clean(letter) == letter]
    assert len(kept) > 600
    pdf_of(TITLE, [Section("Huruf", [("Semua", " ".join(kept[at : at + 500])) for at in range(0, len(kept), 500)])])


def test_ten_megabytes_are_cut_and_say_so() -> None:
    paper = Paper(pdf_of("judul " * 2_000_000, (Section("isi", (("x" * 10_000_000, "y" * 10_000_000),)),)))
    assert "…" in paper.text
    assert len(paper.reader.pages) < 20


def test_a_long_word_stays_on_the_page() -> None:
    words = said("y" * 500)
    assert max(len(word) for word in words.split()) <= typesetting.LONGEST_WORD
    assert words.count("y") >= 500


def test_starting_does_not_load_the_typesetter() -> None:
    code = "import sys, bot.cli, bot.papers.own_data, bot.papers.form; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
