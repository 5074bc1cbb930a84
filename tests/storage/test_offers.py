"""Vacancies and trainings: imported again and again, shown while they are open, found by what is wished for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from conversations.domain.query import Query
from conversations.domain.vacancy import Vacancy
from storage import trainings, vacancies
from storage.offers import Upserted
from storage.work import Work
from tests.storage.offers import TRAINING, VACANCY, Offered

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def _import(work: Work, *offers: Offered[Vacancy]) -> None:
    vacancies.upsert(work, offers, NOW)


def _found(work: Work, query: Query, today: date = TODAY, limit: int = 200) -> list[str]:
    return [vacancy.external_id for vacancy in vacancies.find(work, query, today, limit)]


def test_a_vacancy_comes_back_as_it_was_imported(work: Work) -> None:
    _import(work, Offered(VACANCY, extra={"catatan": "é"}))
    [found] = vacancies.find(work, Query(), TODAY)
    assert found == replace(VACANCY, id=found.id)
    assert vacancies.get(work, found.id) == found
    assert vacancies.get_many(work, [found.id, 999]) == {found.id: found}
    assert vacancies.get(work, 999) is None


def test_a_training_comes_back_as_it_was_imported(work: Work) -> None:
    trainings.upsert(work, [Offered(TRAINING)], NOW)
    [found] = trainings.find(work, Query(fields=("menjahit",)), TODAY)
    assert found == replace(TRAINING, id=found.id)


def test_importing_again_adds_nothing_and_says_what_changed(work: Work) -> None:
    other = replace(VACANCY, external_id="L02", title="Krani Kebun")
    first = vacancies.upsert(work, [Offered(VACANCY), Offered(other)], NOW)
    assert first == Upserted(added=("L01", "L02"))
    [ids] = [{v.external_id: v.id for v in vacancies.find(work, Query(), TODAY)}]
    again = [
        Offered(VACANCY),
        Offered(replace(other, wage_min=3_690_000)),
        Offered(replace(VACANCY, external_id="L03")),
    ]
    assert vacancies.upsert(work, again, NOW) == Upserted(("L03",), ("L02",), ("L01",))
    changed = vacancies.get(work, ids["L02"])
    assert changed is not None
    assert changed.wage_min == 3_690_000
    # Of two rows with one id the later counts.
    twice = [Offered(replace(VACANCY, title="Satu")), Offered(replace(VACANCY, title="Dua"))]
    assert vacancies.upsert(work, twice, NOW).updated == ("L01",)
    assert vacancies.get_many(work, [ids["L01"]])[ids["L01"]].title == "Dua"


@pytest.mark.parametrize(
    ("offered", "shown"),
    [
        (Offered(VACANCY), True),
        (Offered(VACANCY, open=False), False),
        (Offered(VACANCY, opens_on=TODAY + timedelta(days=1)), False),
        (Offered(VACANCY, opens_on=TODAY), True),
        (Offered(replace(VACANCY, closes_on=TODAY)), True),
        (Offered(replace(VACANCY, closes_on=TODAY - timedelta(days=1))), False),
        (Offered(replace(VACANCY, closes_on=None)), True),
    ],
)
def test_a_vacancy_is_shown_on_its_days(work: Work, offered: Offered[Vacancy], shown: bool) -> None:
    _import(work, offered)
    assert _found(work, Query()) == (["L01"] if shown else [])
    assert _found(work, Query(fields=("administrasi",))) == (["L01"] if shown else [])
    assert vacancies.count(work, TODAY) == int(shown)
    assert vacancies.count(work) == 1
    assert vacancies.unannounced(work, TODAY) == [v.id for v in vacancies.find(work, Query(), TODAY)]


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({}, True),
        ({"register_by": date(2026, 3, 1)}, False),
        ({"register_by": None}, True),
        ({"register_by": None, "starts_on": date(2026, 3, 1)}, False),
        ({"register_by": None, "starts_on": None, "ends_on": None}, True),
    ],
)
def test_a_training_is_shown_while_one_can_register(work: Work, change: dict[str, date | None], shown: bool) -> None:
    trainings.upsert(work, [Offered(replace(TRAINING, **change))], NOW)  # type: ignore[arg-type]  # fields by name
    assert len(trainings.find(work, Query(), TODAY)) == int(shown)
    assert trainings.count(work, TODAY) == int(shown)


def test_what_meets_a_wish_is_found_and_the_newest_if_nothing_does(work: Work) -> None:
    sewing = replace(VACANCY, external_id="L02", title="Penjahit", fields=("menjahit",), district="12.22.03")
    away = replace(
        VACANCY, external_id="L03", title="Kasir", district=None, place="Medan, Kota Medan", employer="Toko 9%"
    )
    home = replace(VACANCY, external_id="L04", title="Admin Toko", kinds=("jarak jauh",), accommodations=(), ragam=())
    _import(work, Offered(VACANCY), Offered(sewing), Offered(away), Offered(home))
    assert _found(work, Query(fields=("menjahit",))) == ["L02"]
    assert _found(work, Query(places=("12.22.03",))) == ["L02"]
    assert _found(work, Query(places=("medan",))) == ["L03"]
    assert _found(work, Query(words=("kasir",))) == ["L03"]
    assert _found(work, Query(employer="Toko 9%")) == ["L03"]
    assert _found(work, Query(kinds=("jarak jauh",))) == ["L04"]
    everything = ["L04", "L03", "L02", "L01"]
    assert _found(work, Query(needs=("kerja dari rumah",))) == everything, "a need hides nothing"
    assert _found(work, Query(ragam=("fisik",), needs=("kursi roda",))) == everything, "nor does ragam"
    few = [v.external_id for v in vacancies.find(work, Query(ragam=("fisik",)), TODAY, limit=3)]
    assert sorted(few) == ["L01", "L02", "L03"], "where not all can be looked at, those who say they are ready first"
    ramp = [v.external_id for v in vacancies.find(work, Query(needs=("jalur landai",)), TODAY, limit=3)]
    assert sorted(ramp) == ["L01", "L02", "L03"], "a place for wheelchairs has in practice what a ramp is for"
    assert _found(work, Query(fields=("menjahit",), words=("kasir",))) == ["L03", "L02"]
    assert _found(work, Query(words=("tidak", "ada"))) == ["L04", "L03", "L02", "L01"]
    assert _found(work, Query(), limit=2) == ["L04", "L03"]


def test_what_meets_more_wishes_comes_in_before_the_newest(work: Work) -> None:
    here = replace(VACANCY, fields=("menjahit",))
    elsewhere = [
        Offered(replace(here, external_id=f"L{n}", district="12.22.03", place="Torgamba")) for n in range(10, 20)
    ]
    _import(work, Offered(here), *elsewhere)
    found = _found(work, Query(fields=("menjahit",), places=("12.22.01",)), limit=3)
    assert found == ["L19", "L18", "L01"]


def test_a_field_changed_is_found_by_the_new_one_alone(work: Work) -> None:
    _import(work, Offered(VACANCY))
    _import(work, Offered(replace(VACANCY, fields=("budidaya lele",), title="Pekerja", description="")))
    _import(work, Offered(replace(VACANCY, external_id="L02", title="Lain", fields=())))
    assert _found(work, Query(fields=("budidaya lele",))) == ["L01"]
    assert _found(work, Query(fields=("keuangan",))) == ["L02", "L01"]


def test_examples_are_never_announced_and_can_be_removed(work: Work) -> None:
    _import(work, Offered(replace(VACANCY, example=True)), Offered(replace(VACANCY, external_id="L02")))
    [real] = vacancies.unannounced(work, TODAY)
    trainings.upsert(work, [Offered(replace(TRAINING, example=True))], NOW)
    assert vacancies.remove_examples(work) == 1
    assert trainings.remove_examples(work) == 1
    assert [v.id for v in vacancies.find(work, Query(), TODAY)] == [real]
    assert trainings.count(work) == 0
