"""A region is data: its places are found as people write them, and broken data is refused in one line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.domain.region import Region, load_region

LABUSEL = load_region("12.22")
KOTAPINANG, KAMPUNG_RAKYAT, TORGAMBA, SUNGAI_KANAN, SILANGKITANG = LABUSEL.district_codes


def test_the_region_is_complete() -> None:
    assert (len(LABUSEL.districts), len(LABUSEL.villages)) == (5, 54)
    assert LABUSEL.short_name == "Labuhanbatu Selatan"
    assert LABUSEL.wage_minimum is not None
    assert (LABUSEL.wage_minimum.amount, LABUSEL.wage_minimum.year) == (3_690_000, 2026)
    assert {"work", "protection"} <= {topic for office in LABUSEL.offices for topic in office.topics}


def test_what_is_not_confirmed_says_so() -> None:
    assert LABUSEL.offices
    for office in LABUSEL.offices:
        assert office.as_of >= date(2026, 1, 1)
        if not office.confirmed:
            for figure in (office.address, office.hours, office.contact):
                assert "belum dikonfirmasi" in figure


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("Kotapinang", KOTAPINANG),
        ("di kota pinang", KOTAPINANG),
        ("kotapinag", KOTAPINANG),
        ("kota pinag", KOTAPINANG),
        ("kp rakyat", KAMPUNG_RAKYAT),
        ("kampung rakyat", KAMPUNG_RAKYAT),
        ("torgmba", TORGAMBA),
        ("sei kanan", SUNGAI_KANAN),
        ("sungaikanan", SUNGAI_KANAN),
        ("Kec. Sei Kanan", SUNGAI_KANAN),
        ("silangkitan", SILANGKITANG),
        ("saya tinggal di desa aek goti", SILANGKITANG),
        ("langgapayung", SUNGAI_KANAN),
        ("Langga Payung", SUNGAI_KANAN),
        ("simatahri", KOTAPINANG),
        ("tanjung medan", KAMPUNG_RAKYAT),
        ("tj medan", KAMPUNG_RAKYAT),
        ("teluk panji", KAMPUNG_RAKYAT),
        ("tlk panji 2", KAMPUNG_RAKYAT),
        ("teluk panji dua", KAMPUNG_RAKYAT),
        ("Teluk Panji IV", KAMPUNG_RAKYAT),
        ("perk tolan", KAMPUNG_RAKYAT),
        ("perkebunan teluk panji", KAMPUNG_RAKYAT),
        ("sei rumbia", KOTAPINANG),
        ("bukit 7", TORGAMBA),
        ("aek batu torgamba", TORGAMBA),
        ("kotapinang labusel", KOTAPINANG),
        ("di sampean", SUNGAI_KANAN),
        ("Sampean", SUNGAI_KANAN),
    ],
)
def test_a_place_within_leads_to_its_district(text: str, district: str) -> None:
    match = LABUSEL.find_place(text)
    assert match is not None
    assert match.district == district


@pytest.mark.parametrize(
    "text", ["labusel", "Labuhanbatu Selatan", "labuhan batu selatan", "labuan batu slatan", "Kab. Labuhanbatu Selatan"]
)
def test_the_region_itself_is_all_districts(text: str) -> None:
    match = LABUSEL.find_place(text)
    assert match is not None
    assert (match.kind, match.districts, match.district) == ("region", LABUSEL.district_codes, None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Medan", "medan"),
        ("kota medan", "medan"),
        ("rantau prapat", "rantauprapat"),
        ("labura", "labuhanbatu utara"),
        ("labuhan batu", "labuhanbatu"),
        ("jakarta", "jakarta"),
    ],
)
def test_a_place_outside_is_known_as_such(text: str, name: str) -> None:
    match = LABUSEL.find_place(text)
    assert match is not None
    assert (match.kind, match.name, match.districts) == ("outside", name, ())


@pytest.mark.parametrize("text", ["", "xyz", "tidak tahu", "kucing", "rumah", "???"])
def test_other_words_are_no_place(text: str) -> None:
    assert LABUSEL.find_place(text) is None


def test_a_misspelt_place_says_that_it_was_guessed() -> None:
    guessed, exact = LABUSEL.find_place("silangkitan"), LABUSEL.find_place("silangkitang")
    assert guessed is not None
    assert exact is not None
    assert (guessed.exact, exact.exact) == (False, True)


def test_two_districts_are_both_given() -> None:
    match = LABUSEL.find_place("kotapinang atau torgamba")
    assert match is not None
    assert (match.districts, match.district) == ((KOTAPINANG, TORGAMBA), None)


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_it(text: str) -> None:
    match = LABUSEL.find_place(text)
    assert match is None or set(match.districts) <= set(LABUSEL.district_codes)


# Another regency is another folder.

FACTS = """
code = "99.01"
name = "Kabupaten Contoh"
short_name = "Contoh"
timezone = "Asia/Makassar"
"""
PLACES = """\
code,name
99.01,Kabupaten Contoh
99.01.01,Utara
99.01.02,Selatan
99.01.01.2001,Sukamaju
99.01.02.2001,Sukamaju
"""


def written(folder: Path, facts: str = FACTS, places: str | None = PLACES) -> Path:
    home = folder / "99.01"
    home.mkdir()
    (home / "region.toml").write_text(facts)
    if places is not None:
        (home / "villages.csv").write_text(places)
    return folder


def test_another_regency_works_by_adding_a_folder(tmp_path: Path) -> None:
    region = load_region("99.01", written(tmp_path))
    assert (region.name, region.timezone, region.wage_minimum) == ("Kabupaten Contoh", "Asia/Makassar", None)
    match = region.find_place("sukamaju")
    assert match is not None
    assert (match.districts, match.district) == (("99.01.01", "99.01.02"), None)
    assert region.find_place("kotapinang") is None


@pytest.mark.parametrize("code", ["99.99", "", "../12.22", "12.22/", "..\\x"])
def test_an_unknown_region_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"^Wilayah .* tidak dikenal\. Yang tersedia: 12\.22\.$"):
        load_region(code)


@pytest.mark.parametrize(
    ("facts", "places", "reason"),
    [
        ("code = ", PLACES, "rusak"),
        ('code = "99.01"', PLACES, "timezone"),
        (FACTS.replace("99.01", "99.02"), PLACES, "99.02"),
        (FACTS.replace("Makassar", "Atlantis"), PLACES, "zona waktu"),
        (FACTS + '[districts]\n"99.01.09" = ["x"]', PLACES, "99.01.09"),
        (FACTS + "[wage_minimum]\namount = 1", PLACES, "rusak"),
        (FACTS, None, "rusak"),
        (FACTS, "code,name\n99.01,X\n", "kecamatan"),
        (FACTS, PLACES + "12.22.01,Kotapinang\n", "baris 7"),
        (FACTS, PLACES + "99.01.05.2001,Hilang\n", "99.01.05"),
    ],
)
def test_broken_files_are_refused_in_one_line(tmp_path: Path, facts: str, places: str | None, reason: str) -> None:
    with pytest.raises(ValueError, match="rusak") as refusal:
        load_region("99.01", written(tmp_path, facts, places))
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_regions_are_values() -> None:
    assert load_region("12.22") == LABUSEL
    assert isinstance(hash(LABUSEL), int)
    assert isinstance(LABUSEL, Region)
