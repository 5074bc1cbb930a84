"""The examples: invented, marked, dated from the day of loading, and gone when asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.examples import MARK, Examples, load_examples, load_examples_once, read_examples, remove_examples
from bot.imports import Kind
from bot.imports.vacancies import read_vacancy
from conversations.domain.fields import FIELDS
from conversations.domain.query import Query
from conversations.domain.region import load_region
from storage import contacts, trainings, vacancies
from storage.contacts import Identity
from storage.work import Database
from tests.storage.offers import TRAINING, VACANCY, Offered

REGION = load_region("12.22")
NOW = datetime(2026, 9, 1, 3, tzinfo=UTC)
TODAY = date(2026, 9, 1)


@pytest.mark.parametrize("kind", ["vacancies", "trainings"])
def test_the_examples_are_good_rows(kind: Kind) -> None:
    examples = list(read_examples(kind, REGION, TODAY))
    assert [problem for _, row in examples for problem in row.problems] == []
    assert len({imported.offer.external_id for imported, _ in examples}) == len(examples)
    assert {imported.offer.district for imported, _ in examples} == set(REGION.district_codes)
    assert all(imported.offer.title.endswith(MARK) and imported.offer.example for imported, _ in examples)
    assert all(field in FIELDS for imported, _ in examples for field in imported.offer.fields)
    assert all("Contoh" in (row.text("perusahaan") or row.text("penyelenggara")) for _, row in examples)


def test_the_examples_are_of_many_kinds() -> None:
    offers = [imported.offer for imported, _ in read_examples("vacancies", REGION, TODAY)]
    assert len(offers) == 12
    assert len({field for offer in offers for field in offer.fields}) >= 10
    assert {offer.wage_per for offer in offers} == {"month", "day", "piece"}
    assert {kind for offer in offers for kind in offer.kinds} >= {"penuh waktu", "paruh waktu", "harian", "borongan"}
    assert any(offer.wage_min is None and offer.wage_max is None for offer in offers)


def test_they_are_open_on_the_day_of_loading_and_for_weeks_after(database: Database) -> None:
    assert load_examples(database, REGION, NOW) == Examples(12, 5)
    with database.read() as work:
        for days in (0, 14):
            assert vacancies.count(work, TODAY + timedelta(days=days)) == 12
            assert trainings.count(work, TODAY + timedelta(days=days)) == 5
        assert {offer.title.endswith(MARK) for offer in vacancies.find(work, Query(), TODAY)} == {True}


def test_they_are_never_announced(database: Database) -> None:
    load_examples(database, REGION, NOW)
    with database.read() as work:
        assert vacancies.unannounced(work, TODAY) == []


def test_they_can_be_removed_and_nothing_else_goes(database: Database) -> None:
    load_examples(database, REGION, NOW)
    _, row = next(read_examples("vacancies", REGION, TODAY))
    row.cells = {**row.cells, "id": "C1"}
    with database.work() as work:
        vacancies.upsert(work, [read_vacancy(row, REGION, TODAY)], NOW)
    assert remove_examples(database) == Examples(12, 5)
    assert remove_examples(database) == Examples(0, 0)
    with database.read() as work:
        (left,) = vacancies.find(work, Query(), TODAY)
        assert trainings.count(work) == 0
    assert left.external_id == "C1"
    assert not left.example


def test_loading_them_again_moves_their_days_on(database: Database) -> None:
    load_examples(database, REGION, NOW)
    load_examples(database, REGION, NOW + timedelta(days=200))
    with database.read() as work:
        assert vacancies.count(work) == 12
        assert vacancies.count(work, TODAY + timedelta(days=205)) == 12


def test_they_are_loaded_once_and_never_come_back_by_themselves(database: Database) -> None:
    assert load_examples_once(database, REGION, NOW) == Examples(12, 5)
    assert load_examples_once(database, REGION, NOW) is None
    remove_examples(database)
    assert load_examples_once(database, REGION, NOW) is None


@pytest.mark.parametrize("who", ["vacancy", "training", "contact"])
def test_they_are_not_loaded_where_there_is_anything(database: Database, who: str) -> None:
    with database.work() as work:
        if who == "vacancy":
            vacancies.upsert(work, [Offered(VACANCY)], NOW)
        elif who == "training":
            trainings.upsert(work, [Offered(TRAINING, open=False)], NOW)
        else:
            contacts.recognise(work, [Identity("web", "1")], NOW)
    assert load_examples_once(database, REGION, NOW) is None
    with database.read() as work:
        assert vacancies.count(work) + trainings.count(work) <= 1


def test_their_days_are_counted_in_the_settings_zone(database: Database) -> None:
    late = datetime(2026, 9, 1, 23, tzinfo=ZoneInfo("Asia/Jakarta")).astimezone(ZoneInfo("Asia/Jayapura"))
    load_examples(database, REGION, late)
    with database.read() as work:
        (one, *_) = vacancies.find(work, Query(words=("loket",)), TODAY)
    assert one.closes_on == date(2026, 9, 2) + timedelta(days=45)
