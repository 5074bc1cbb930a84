"""What people write, in many voices, and what it should be understood as."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conversations.domain import accommodations, education, fields, kinds, ragam
from conversations.domain.query import Query
from conversations.domain.region import Region, load_region
from conversations.domain.suits import explain
from conversations.domain.vacancy import Training, Vacancy
from conversations.understanding import Intent, understand

HERE = Path(__file__).parent
TODAY = date(2026, 11, 24)


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


QUERIES = lines("queries.jsonl")
WANTED = lines("wanted.jsonl")


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("12.22")


def test_the_collection_is_broad() -> None:
    voices = Counter(query.get("voice", "") for query in QUERIES)
    assert {Intent(query["intent"]) for query in QUERIES} == set(Intent)
    assert voices["deaf"] >= 70
    assert voices["dictated"] >= 20
    assert len({query["q"] for query in QUERIES}) == len(QUERIES)


@pytest.mark.parametrize("intent", Intent)
def test_queries_get_their_intent_and_wishes(intent: Intent, region: Region) -> None:
    wrong: list[tuple[str, str]] = []
    for expected in QUERIES:
        if expected["intent"] != intent:
            continue
        meaning = understand(expected["q"], region, TODAY)
        if meaning.intent != intent:
            wrong.append((expected["q"], meaning.intent))
        for name in expected.keys() - {"q", "intent", "voice"}:
            value: Any = expected[name]
            got: Any = meaning.sure if name == "sure" else getattr(meaning.query, name)
            if not (set(value) <= set(got) if isinstance(value, list) else got == value):
                wrong.append((expected["q"], f"{name}: {got}"))
    assert wrong == []


@pytest.mark.parametrize("expected", WANTED, ids=lambda query: query["q"])
def test_a_wanted_query_gets_its_intent(expected: dict[str, Any], region: Region) -> None:
    assert understand(expected["q"], region, TODAY).intent == expected["intent"]


def codes(cell: str, parse: Any) -> tuple[str, ...]:
    return tuple(parse(entry) or entry for entry in cell.split(";") if entry)


def shared(row: dict[str, str], region: Region) -> dict[str, Any]:
    regency = region.find_place(row["kabupaten"])
    inside = regency is not None and regency.kind == "region"
    near = region.find_place(row["kecamatan"]) if inside else None
    return {
        "external_id": row["id"],
        "title": row["judul"],
        "district": near.district if near else None,
        "place": row["kecamatan"] if inside else f"{row['kecamatan']}, {row['kabupaten']}",
        "fields": codes(row["bidang"], fields.parse),
        "description": row["deskripsi"],
        "ragam": tuple(code for entry in row["ragam_disabilitas"].split(";") for code in ragam.expand(entry) or ()),
        "accommodations": codes(row["akomodasi"], accommodations.parse),
    }


@pytest.fixture(scope="module")
def offers(region: Region) -> dict[str, list[Vacancy] | list[Training]]:
    vacancies = [
        Vacancy(
            id=n,
            employer=row["perusahaan"],
            education=education.parse(row["pendidikan_min"]),
            wage_min=int(row["upah_min"]) if row["upah_min"] else None,
            wage_max=int(row["upah_maks"]) if row["upah_maks"] else None,
            wage_per="month",
            kinds=codes(row["jenis_kerja"], kinds.parse),
            openings=int(row["jumlah"]),
            closes_on=None,
            apply_to=row["kontak"],
            **shared(row, region),
        )
        for n, row in enumerate(csv.DictReader((HERE / "vacancies.csv").open(encoding="utf-8")), start=1)
    ]
    trainings = [
        Training(
            id=n,
            provider=row["penyelenggara"],
            starts_on=None,
            ends_on=None,
            hours=row["jam"],
            places=None,
            cost=0,
            allowance="",
            register_by=None,
            **shared(row, region),
        )
        for n, row in enumerate(csv.DictReader((HERE / "trainings.csv").open(encoding="utf-8")), start=1)
    ]
    return {"find_jobs": vacancies, "find_training": trainings}


def best_first(query: Query, offers: Any, region: Region) -> list[tuple[bool, str]]:
    verdicts = {offer.external_id: explain(offer, query, None, region) for offer in offers}
    ranked = sorted(verdicts.items(), key=lambda item: (not item[1].exact, -item[1].score))
    return [(verdict.exact, id_) for id_, verdict in ranked]


@pytest.mark.parametrize("expected", [query for query in WANTED if query["want"]], ids=lambda query: query["q"])
def test_what_is_wanted_comes_first(
    expected: dict[str, Any], offers: dict[str, list[Vacancy] | list[Training]], region: Region
) -> None:
    query = understand(expected["q"], region, TODAY).query
    ranked = best_first(query, offers[expected["intent"]], region)
    want = set(expected["want"])
    assert {id_ for _, id_ in ranked[: len(want)]} == want
    assert {id_ for exact, id_ in ranked if exact} in (want, set())
