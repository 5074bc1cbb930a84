"""What a cell may say, and that nothing is guessed where it could mean two things."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.cells import (
    Unreadable,
    clean,
    names_no_amount,
    parse_amount,
    parse_date,
    parse_list,
    parse_whole,
    parse_yes,
)

LAST_OF_OCTOBER = date(2027, 10, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2027-10-31",
        "2027-10-31 00:00:00",
        "2027-10-31T00:00",
        "31/10/2027",
        "31-10-2027",
        "31.10.2027",
        "31 Oktober 2027",
        "31 oktober 2027",
        "31 Okt 2027",
        "31-Oct-2027",
        "31 Okt. 2027",
        "Minggu, 31 Oktober 2027",
    ],
)
def test_dates(text: str) -> None:
    assert parse_date(text) == LAST_OF_OCTOBER


@pytest.mark.parametrize("text", ["17 Agustus 2027", "17 Ags 2027", "17 agt 2027", "17/8/2027", "2027-8-17"])
def test_dates_of_a_single_digit_month(text: str) -> None:
    assert parse_date(text) == date(2027, 8, 17)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("46326", "Excel"),
        ("46326.5", "Excel"),
        ("10/31/2027", "hari dulu"),
        ("31/10/27", "empat angka"),
        ("31/02/2027", "kalender"),
        ("31 Oktobr 2027", "tidak terbaca"),
        ("31/10-2027", "tidak terbaca"),
        ("akhir Oktober", "tidak terbaca"),
        ("Oktober 2027", "tidak terbaca"),
        ("31/10/3027", "masuk akal"),
        ("1899-12-31", "masuk akal"),
    ],
)
def test_dates_that_could_be_another_day_are_refused(text: str, told: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_date(text)
    assert told in caught.value.reason.msgid


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("3690000", 3_690_000),
        ("3.690.000", 3_690_000),
        ("3,690,000", 3_690_000),
        ("3690000.0", 3_690_000),
        ("3690000,00", 3_690_000),
        ("Rp3.690.000", 3_690_000),
        ("Rp 3.690.000,-", 3_690_000),
        ("rp. 3.690.000,00", 3_690_000),
        ("IDR 3,690,000", 3_690_000),
        ("Rp3,5 juta", 3_500_000),
        ("3.5 jt", 3_500_000),
        ("3,69 juta", 3_690_000),
        ("2 juta", 2_000_000),
        ("500rb", 500_000),
        ("500 ribu", 500_000),
        ("75.000", 75_000),
        ("350", 350),
        ("0", 0),
        ("gratis", 0),
    ],
)
def test_amounts(text: str, rupiah: int) -> None:
    assert parse_amount(text) == rupiah


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("3.690", "ribuan atau jutaan"),
        ("3,690", "ribuan atau jutaan"),
        ("3.69E+06", "rusak oleh Excel"),
        ("2-3 juta", "dua angka"),
        ("2.000.000 s/d 3.000.000", "dua angka"),
        ("2 juta sampai 3 juta", "dua angka"),
        ("-3690000", "tidak terbaca"),
        ("3.69.000", "tidak terbaca"),
        ("3.690.000 per bulan", "tidak terbaca"),
        ("banyak", "tidak terbaca"),
        ("3.500 ribu", "tidak terbaca"),
    ],
)
def test_amounts_that_could_be_another_sum_are_refused(text: str, told: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_amount(text)
    assert told in caught.value.reason.msgid


@given(st.integers(0, 10**12))
def test_an_amount_is_read_back_however_it_is_written(rupiah: int) -> None:
    dotted = f"{rupiah:,}".replace(",", ".")
    assert parse_amount(str(rupiah)) == rupiah
    if dotted.count(".") != 1 or len(dotted) > 5:
        assert parse_amount(f"Rp{dotted},00") == rupiah


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_date_is_read_back_however_it_is_written(day: date) -> None:
    assert parse_date(day.isoformat()) == parse_date(f"{day.day}/{day.month}/{day.year}") == day


@given(st.text(max_size=30))
def test_any_words_are_read_or_refused(text: str) -> None:
    cleaned, _ = clean(text)
    assert clean(cleaned) == (cleaned, False)
    for parse in (parse_date, parse_amount, parse_yes, lambda words: parse_whole(words, 0, 100)):
        with suppress(Unreadable):
            parse(cleaned)


def test_words_that_name_no_amount() -> None:
    assert names_no_amount("Nego.")
    assert names_no_amount("sesuai UMK")
    assert not names_no_amount("3690000")


def test_whole_numbers() -> None:
    assert [parse_whole(text, 1, 100) for text in ("2", "2 orang", "18 tahun", "7.0")] == [2, 2, 18, 7]
    for text in ("0", "101", "-1", "dua", "2,5", "1e9"):
        with pytest.raises(Unreadable):
            parse_whole(text, 1, 100)


def test_yes_and_no() -> None:
    assert [parse_yes(text) for text in ("Ya", "y", "1", "TRUE")] == [True] * 4
    assert [parse_yes(text) for text in ("Tidak", "0", "belum")] == [False] * 3
    with pytest.raises(Unreadable):
        parse_yes("mungkin")


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("fisik;rungu", ("fisik", "rungu")),
        ("fisik; rungu ;fisik;", ("fisik", "rungu")),
        ("fisik, rungu", ("fisik", "rungu")),
        ("kursi roda\njalur  landai", ("kursi roda", "jalur landai")),
        ("tas, dompet; sepatu", ("tas, dompet", "sepatu")),
        ("", ()),
    ],
)
def test_lists(text: str, entries: tuple[str, ...]) -> None:
    assert parse_list(text) == entries


@pytest.mark.parametrize(
    ("text", "cleaned", "changed"),
    [
        ("  Penjahit\u00a0Tas ", "Penjahit Tas", False),
        ("baris satu\r\nbaris dua", "baris satu\nbaris dua", False),
        ("-", "", False),
        ("'081200000001", "081200000001", False),
        ("+62 812-0000-0001", "+62 812-0000-0001", False),
        ("-5", "-5", False),
        ("=HYPERLINK(1)", "HYPERLINK(1)", True),
        ("=+@SUM(A1)", "SUM(A1)", True),
        ("@perintah", "perintah", True),
        ("+cmd|' /C calc'!A0", "cmd|' /C calc'!A0", True),
        ("- mencatat hasil panen", "mencatat hasil panen", True),
        ("Ka\x00s\x1bir", "Kasir", True),
        ("Kasir\u202e\u200b", "Kasir", True),
    ],
)
def test_cleaning(text: str, cleaned: str, changed: bool) -> None:
    assert clean(text) == (cleaned, changed)
