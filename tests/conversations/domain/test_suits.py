"""Why something suits, and who is told: only what is so, nothing hidden, nobody excluded for their ragam."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.domain import accommodations, education, fields, kinds, ragam
from conversations.domain.query import Query
from conversations.domain.region import load_region
from conversations.domain.seeker import OUTSIDE, Seeker
from conversations.domain.suits import Suitability, best_first, explain, is_remote, matches
from conversations.domain.vacancy import Training, Vacancy
from conversations.engine.texts import Listing, Text

REGION = load_region("12.22")
KOTAPINANG, _, TORGAMBA, SUNGAI_KANAN, _ = REGION.district_codes

CLERK = Vacancy(
    id=1,
    external_id="C1",
    title="Staf Tata Usaha",
    employer="Kantor Contoh",
    district=KOTAPINANG,
    place="Kotapinang",
    fields=("administrasi",),
    description="Mengelola surat dan arsip.",
    education="sma",
    ragam=("fisik", "rungu"),
    accommodations=("jalur landai",),
    wage_min=2_600_000,
    wage_max=2_900_000,
    wage_per="month",
    kinds=("penuh waktu",),
    openings=1,
    closes_on=None,
    apply_to="petugas",
)
COURSE = Training(
    id=1,
    external_id="T1",
    title="Menjahit Dasar",
    provider="BLK Contoh",
    district=TORGAMBA,
    place="Torgamba",
    fields=("menjahit",),
    description="Membuat tas.",
    starts_on=None,
    ends_on=None,
    hours="",
    places=16,
    ragam=("netra",),
    accommodations=("juru bahasa isyarat",),
    cost=0,
    allowance="",
    register_by=None,
)
SEEKER = Seeker(id=1, name="Contoh")


def judge(vacancy: Vacancy | Training = CLERK, query: Query | None = None, seeker: Seeker | None = None) -> Suitability:
    return explain(vacancy, query, seeker, REGION)


def said(texts: tuple[Text, ...]) -> list[str]:
    """The sentences with their values, in Indonesian."""
    return [text.msgid.format(**{name: plain(value) for name, value in text.values}) for text in texts]


def plain(value: object) -> str:
    if isinstance(value, Listing):
        return ", ".join(plain(item) for item in value.items)
    return value.msgid if isinstance(value, Text) else str(value)


def test_a_suiting_vacancy_says_why() -> None:
    seeker = replace(
        SEEKER, district=KOTAPINANG, fields=("administrasi",), education="sma", needs=("kursi roda",), ragam=("fisik",)
    )
    assert said(judge(seeker=seeker).reasons) == [
        "Bidangnya sesuai: administrasi.",
        "Tempatnya di Kotapinang.",
        "Tersedia: jalur landai.",
        "Menyatakan siap menerima ragam: gerak atau fisik.",
        "Syarat pendidikannya terpenuhi: SMA.",
    ]
    assert judge(seeker=seeker).missing == ()


def test_what_is_not_met_is_told_and_hides_nothing() -> None:
    seeker = replace(SEEKER, education="sd", needs=("mes", "kipas angin"), ragam=("netra",))
    verdict = judge(seeker=seeker)
    assert said(verdict.missing) == [
        "Belum disebut: mes, kipas angin. Ini boleh ditanyakan.",
        "Perusahaan belum menyebut ragam ini. Anda tetap boleh melamar.",
        "Syarat pendidikannya SMA. Ini boleh ditanyakan.",
    ]
    assert verdict.exact


FAR = replace(CLERK, id=2, district=None, place="Medan, Kota Medan", accommodations=(accommodations.FROM_HOME,))
OUTSIDER = replace(SEEKER, district=OUTSIDE)


def test_work_elsewhere_comes_after_work_here_unless_it_was_wished_for() -> None:
    assert best_first([FAR, CLERK], Query(), None, REGION) == [CLERK, FAR]
    assert best_first([FAR, CLERK], Query(), SEEKER, REGION) == [CLERK, FAR]
    assert best_first([CLERK, FAR], Query(places=("medan",)), None, REGION) == [FAR, CLERK]
    assert best_first([CLERK, FAR], Query(needs=(accommodations.FROM_HOME,)), None, REGION) == [FAR, CLERK]
    assert best_first([CLERK, FAR], Query(), OUTSIDER, REGION) == [FAR, CLERK]
    assert judge(FAR).exact


def test_that_work_can_be_done_at_home_counts_only_where_it_is_wished_for() -> None:
    here = replace(CLERK, accommodations=(*CLERK.accommodations, accommodations.FROM_HOME))
    assert judge(here).score == judge().score
    assert "Bisa dikerjakan dari rumah." in said(judge(here).reasons)
    wish = Query(needs=(accommodations.FROM_HOME,))
    assert judge(here, wish).score > judge(query=wish).score
    assert best_first([FAR, replace(here, id=1)], wish, None, REGION)[0].district == KOTAPINANG


@pytest.mark.parametrize(
    ("query", "exact"),
    [
        (Query(conditions=("malam",)), False),
        (Query(conditions=("tanpa pengalaman",)), True),
        (Query(allowance=True), False),
        (Query(month=3), False),
        (Query(order="newest"), True),
        (Query(needs=("kursi roda",)), True),
    ],
)
def test_what_nobody_can_judge_is_never_said_to_be_met(query: Query, exact: bool) -> None:
    assert judge(query=query).exact is exact


def test_a_condition_is_met_by_the_vacancys_own_words() -> None:
    wish = Query(conditions=("malam", "akhir pekan"))
    assert judge(replace(CLERK, hours="Sabtu dan Minggu, 19.00-23.00", description="Kerja malam."), wish).exact
    assert not judge(replace(CLERK, description="Kerja malam."), wish).exact
    assert not judge(replace(CLERK, experience="2 tahun"), Query(conditions=("tanpa pengalaman",))).exact
    assert judge(replace(CLERK, description="Ada uang makan."), Query(allowance=True)).exact


@pytest.mark.parametrize(
    ("training", "query", "exact", "reasons"),
    [
        (replace(COURSE, starts_on=date(2027, 2, 1)), Query(month=2), True, []),
        (replace(COURSE, starts_on=date(2027, 2, 1)), Query(month=3), False, []),
        (COURSE, Query(month=2), False, []),
        (COURSE, Query(free=True), True, ["Biaya: gratis."]),
        (replace(COURSE, cost=None), Query(free=True), False, []),
        (replace(COURSE, cost=50_000), Query(free=True), False, []),
        (COURSE, Query(allowance=True), False, []),
        (
            replace(COURSE, allowance="50000 per hari"),
            Query(allowance=True),
            True,
            ["Uang saku: 50000 per hari."],
        ),
    ],
)
def test_a_trainings_terms_are_judged(training: Training, query: Query, exact: bool, reasons: list[str]) -> None:
    verdict = judge(training, query)
    assert (verdict.exact, said(verdict.reasons)) == (exact, reasons)


def test_the_order_that_was_asked_for() -> None:
    poor, rich = replace(CLERK, id=3), replace(CLERK, id=2, wage_max=5_000_000)
    unsaid = replace(CLERK, id=4, wage_min=None, wage_max=None)
    daily = replace(CLERK, id=5, wage_min=90_000, wage_max=9_000_000, wage_per="day")
    offers = [poor, unsaid, daily, rich]
    assert [v.id for v in best_first(offers, Query(order="wage"), None, REGION)] == [2, 3, 5, 4]
    wanted = replace(SEEKER, fields=("administrasi",))
    elsewhere = replace(CLERK, id=6, fields=("kebersihan",))
    assert [v.id for v in best_first([rich, poor, elsewhere], Query(order="newest"), wanted, REGION)] == [6, 3, 2]


def test_what_meets_a_need_is_known_to_who_looks_for_it() -> None:
    for need in accommodations.CODES:
        meeting = accommodations.meeting(need)
        assert need in meeting
        assert all(accommodations.is_met(need, (other,)) == (other in meeting) for other in accommodations.CODES)
    assert accommodations.meeting("kursi roda") == {"kursi roda", "jalur landai"}
    assert accommodations.meeting("kipas angin") == {"kipas angin"}


def test_what_differs_from_the_wish_is_told() -> None:
    verdict = judge(query=Query(fields=("menjahit",), places=(TORGAMBA,), wage_min=3_000_000, kinds=("magang",)))
    assert said(verdict.differs) == [
        "Bidangnya administrasi, bukan menjahit.",
        "Tempatnya di Kotapinang, bukan Torgamba.",
        "Upahnya Money(rupiah=2600000) per bulan.",
        "Jenis kerjanya penuh waktu.",
    ]
    assert not verdict.exact


@pytest.mark.parametrize(
    ("query", "exact"),
    [
        (Query(), True),
        (Query(fields=("administrasi",)), True),
        (Query(fields=("arsip",)), True),
        (Query(fields=("menjahit",)), False),
        (Query(fields=("menjahit", "administrasi")), True),
        (Query(not_fields=("administrasi",)), False),
        (Query(places=REGION.district_codes), True),
        (Query(places=("medan",)), False),
        (Query(not_places=(KOTAPINANG,)), False),
        (Query(needs=("kursi roda",)), True),
        (Query(needs=("mes",)), False),
        (Query(ragam=("fisik",)), True),
        (Query(ragam=("netra", "rungu")), True),
        (Query(ragam=("netra",)), False),
        (Query(education="smp"), False),
        (Query(education="s1"), True),
        (Query(wage_min=2_600_000), True),
        (Query(wage_min=2_600_001), False),
        (Query(kinds=("penuh waktu",)), True),
        (Query(not_kinds=("penuh waktu",)), False),
        (Query(words=("surat",)), True),
        (Query(words=("galon",)), False),
        (Query(employer="kantor contoh"), True),
        (Query(employer="pt lain"), False),
        (Query(said=("krani",), topic="wage", for_me=True), True),
    ],
)
def test_exact_is_meeting_every_wish(query: Query, exact: bool) -> None:
    assert judge(query=query).exact is exact


def test_the_unknown_never_disqualifies() -> None:
    silent = replace(CLERK, education=None, ragam=())
    assert judge(silent, Query(education="tidak sekolah", ragam=("netra",))).exact


def test_a_place_outside_is_found_in_its_own_words() -> None:
    away = replace(CLERK, district=None, place="Medan, Kota Medan")
    assert judge(away, Query(places=("medan",))).exact
    region = said(judge(away, Query(places=REGION.district_codes)).differs)
    assert region == ["Tempatnya di Medan, Kota Medan, di luar Labuhanbatu Selatan."]


def test_work_from_home_is_near_to_everybody_who_asks_for_it() -> None:
    remote = replace(CLERK, kinds=("jarak jauh",))
    verdict = judge(remote, Query(places=(TORGAMBA,), needs=("kerja dari rumah",)))
    assert verdict.exact
    assert "Bisa dikerjakan dari rumah." in said(verdict.reasons)


def test_better_suits_rank_higher() -> None:
    query = Query(fields=("administrasi",), places=(KOTAPINANG,), said=("tata", "usaha"))
    other_title = replace(CLERK, title="Resepsionis")
    elsewhere = replace(CLERK, district=TORGAMBA)
    other_field = replace(CLERK, fields=("keuangan",))
    far_field = replace(CLERK, fields=("menjahit",), description="")
    scores = [judge(v, query).score for v in (CLERK, other_title, elsewhere, other_field, far_field)]
    assert scores[0] > scores[1]
    assert scores[0] > scores[2]
    assert scores[0] > scores[3] > scores[4]


def test_a_training_is_explained_in_its_own_words() -> None:
    verdict = judge(COURSE, Query(fields=("menjahit",), ragam=("fisik",)))
    assert said(verdict.reasons) == ["Bidangnya sesuai: menjahit."]
    assert said(verdict.missing) == ["Penyelenggara belum menyebut ragam ini. Anda tetap boleh mendaftar."]
    assert not verdict.exact


@pytest.mark.parametrize(
    ("seeker", "told"),
    [
        (SEEKER, True),
        (replace(SEEKER, paused=True), False),
        (replace(SEEKER, fields=("administrasi", "menjahit")), True),
        (replace(SEEKER, fields=("menjahit",)), False),
        (replace(SEEKER, fields=("arsip",)), True),
        (replace(SEEKER, fields=("Tata Usaha",)), True),
        (replace(SEEKER, fields=("sip",)), False),
        (replace(SEEKER, district=TORGAMBA), True),
        (replace(SEEKER, district=OUTSIDE), False),
        (replace(SEEKER, education="smp"), False),
        (replace(SEEKER, education="smk"), True),
        (replace(SEEKER, ragam=("netra",), needs=("mes",)), True),
    ],
)
def test_who_is_told(seeker: Seeker, told: bool) -> None:
    assert matches(CLERK, seeker) is told


def test_somebody_outside_is_told_of_work_from_home_only() -> None:
    outside = replace(SEEKER, district=OUTSIDE)
    assert matches(replace(CLERK, accommodations=("kerja dari rumah",)), outside)
    assert matches(replace(CLERK, kinds=("jarak jauh",), district=None), outside)
    assert not matches(replace(CLERK, district=None), SEEKER)


def some(codes: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(codes), max_size=3, unique=True).map(tuple)


PLACES = st.sampled_from((*REGION.district_codes, None))
LEVELS = st.sampled_from((*education.CODES, None))
VACANCIES = st.builds(
    replace,
    st.just(CLERK),
    district=PLACES,
    fields=some((*fields.CODES, "kata sendiri")),
    education=LEVELS,
    ragam=some(ragam.CODES),
    accommodations=some((*accommodations.CODES, "kipas angin")),
    wage_min=st.sampled_from((None, 2_000_000, 4_000_000)),
    wage_per=st.sampled_from(("month", "day", "piece")),
    kinds=some(kinds.CODES),
)
SEEKERS = st.builds(
    replace,
    st.just(SEEKER),
    district=st.sampled_from((*REGION.district_codes, OUTSIDE, None)),
    fields=some((*fields.CODES, "arsip", "kata lain")),
    needs=some((*accommodations.CODES, "kipas angin")),
    education=LEVELS,
    ragam=some(ragam.CODES),
)
QUERIES = st.builds(
    Query,
    fields=some(fields.CODES),
    not_fields=some(fields.CODES),
    places=some((*REGION.district_codes, "medan")),
    ragam=some(ragam.CODES),
    needs=some(accommodations.CODES),
    education=LEVELS,
    wage_min=st.sampled_from((None, 3_000_000)),
    kinds=some(kinds.CODES),
    words=some(("surat", "galon")),
)


@given(VACANCIES, QUERIES, SEEKERS)
@settings(max_examples=80, deadline=None)
def test_every_sentence_is_short_and_true(vacancy: Vacancy, query: Query, seeker: Seeker) -> None:
    verdict = judge(vacancy, query, seeker)
    for text in (*verdict.reasons, *verdict.missing, *verdict.differs):
        for sentence in text.msgid.split(". "):
            assert len(sentence.split()) <= 12
    reasons = said(verdict.reasons)
    assert ("Bisa dikerjakan dari rumah." in reasons) is is_remote(vacancy)
    assert any(r.startswith("Menyatakan siap") for r in reasons) is not set(vacancy.ragam).isdisjoint(
        query.ragam + seeker.ragam
    )


@given(VACANCIES, SEEKERS, some(ragam.CODES), some(accommodations.CODES))
@settings(max_examples=80, deadline=None)
def test_neither_ragam_nor_needs_decide_who_is_told(
    vacancy: Vacancy, seeker: Seeker, other: tuple[str, ...], needs: tuple[str, ...]
) -> None:
    told = matches(vacancy, seeker)
    assert matches(vacancy, replace(seeker, ragam=other, needs=needs)) is told
    assert matches(replace(vacancy, ragam=other), seeker) is told


@given(VACANCIES, SEEKERS, st.sampled_from(("fields", "district", "education")))
@settings(max_examples=80, deadline=None)
def test_what_is_skipped_never_disqualifies(vacancy: Vacancy, seeker: Seeker, skipped: str) -> None:
    empty: object = () if skipped == "fields" else None
    if matches(vacancy, seeker):
        assert matches(vacancy, replace(seeker, **{skipped: empty}))  # type: ignore[arg-type]  # a field by its name
