"""Who is told of a vacancy: the rule in SQL is the rule that explains itself in Python."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.domain import education, suits
from conversations.domain.seeker import OUTSIDE
from conversations.domain.vacancy import Vacancy
from storage import contacts, links, matches, models, outbox, seekers, sessions, telling, vacancies
from storage.contacts import Identity
from storage.seekers import Consent
from storage.sessions import SessionToSave
from storage.work import Database, Work
from tests.storage.offers import VACANCY, Offered

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
MANNERS = telling.Manners(
    today=TODAY, since=NOW - timedelta(hours=9), per_day=3, form_since=NOW - timedelta(minutes=30)
)


def _vacancy(work: Work, vacancy: Vacancy = VACANCY, **offered: Any) -> int:
    vacancies.upsert(work, [Offered(vacancy, **offered)], NOW)
    kept = models.vacancies.c
    found = sa.select(kept.id).where(kept.external_id == vacancy.external_id)
    return int(work.connection.scalars(found).one())


def _seeker(work: Work, consents: bool = True, **values: Any) -> int:
    rank = education.rank(values.get("education"))
    seeker_id = seekers.add(work, {"name": "Contoh"} | values, education_rank=rank, now=NOW)
    if consents:
        seekers.give_consent(work, seeker_id, Consent("matching", 1, "Boleh?", "telegram", "self", NOW))
    return seeker_id


def _speaker(work: Work, address: str, *seeker_ids: int) -> int:
    [known] = contacts.recognise(work, [Identity("telegram", address)], NOW)
    for seeker_id in seeker_ids:
        seekers.link(work, known.contact_id, seeker_id, "self")
    return known.contact_id


def _matched(work: Work, vacancy_id: int) -> set[int]:
    return set(
        work.connection.scalars(sa.select(models.matches.c.seeker_id).where(models.matches.c.vacancy_id == vacancy_id))
    )


FIELDS = st.lists(
    st.sampled_from(["administrasi", "menjahit", "budidaya lele", "Arsip", "surat masuk", "*", "", "LAS %"]), max_size=3
)
DISTRICTS = st.sampled_from(["12.22.01", "12.22.03", OUTSIDE, None])
SEEKERS = st.fixed_dictionaries(
    {
        "fields": FIELDS,
        "district": DISTRICTS,
        "education": st.sampled_from([None, "tidak sekolah", "smp", "sma", "smk", "s1"]),
    }
)
VACANCIES = st.builds(
    replace,
    st.just(VACANCY),
    fields=FIELDS.map(tuple),
    district=st.sampled_from(["12.22.01", None]),
    education=st.sampled_from([None, "tidak sekolah", "sma", "s1"]),
    kinds=st.sampled_from([(), ("penuh waktu",), ("jarak jauh",)]),
    accommodations=st.sampled_from([(), ("kerja dari rumah",)]),
    description=st.sampled_from(["Mengelola surat masuk dan arsip.", "Las % besi.", ""]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(vacancy=VACANCIES, people=st.lists(SEEKERS, max_size=6), pauses=st.lists(st.booleans(), min_size=6, max_size=6))
def test_sql_selects_exactly_whom_python_explains(
    database: Database, vacancy: Vacancy, people: list[dict[str, Any]], pauses: list[bool]
) -> None:
    with _undone(database) as work:
        ids = [_seeker(work, **values) for values in people]
        for seeker_id, paused in zip(ids, pauses, strict=False):
            seekers.pause(work, seeker_id, NOW if paused else None)
        vacancy_id = _vacancy(work, vacancy)
        kept = vacancies.get(work, vacancy_id)
        assert kept is not None
        suited = {seeker.id for seeker in seekers.load(work, ids).values() if suits.matches(kept, seeker)}
        assert matches.match_vacancy(work, vacancy_id, NOW, TODAY) == len(suited)
        assert _matched(work, vacancy_id) == suited


@contextmanager
def _undone(database: Database) -> Iterator[Work]:
    """A transaction that is rolled back, so that the next example finds nothing."""
    with database.work() as work:
        yield work
        work.connection.rollback()


def test_without_consent_nobody_is_matched(work: Work) -> None:
    _seeker(work, consents=False)
    withdrew, agreed = _seeker(work), _seeker(work)
    seekers.withdraw_consent(work, withdrew, "matching", NOW)
    other_purpose = _seeker(work, consents=False)
    seekers.give_consent(work, other_purpose, Consent("sharing", 1, "Boleh?", "telegram", "self", NOW))
    vacancy_id = _vacancy(work)
    assert matches.match_vacancy(work, vacancy_id, NOW, TODAY) == 1
    assert _matched(work, vacancy_id) == {agreed}


def test_matching_again_tells_nobody_twice_and_reaches_who_suits_after_a_change(work: Work) -> None:
    anybody, sewing = _seeker(work), _seeker(work, fields=("menjahit",))
    _speaker(work, "1", anybody)
    vacancy_id = _vacancy(work)
    assert vacancies.unannounced(work, TODAY) == [vacancy_id]
    assert matches.match_vacancy(work, vacancy_id, NOW, TODAY) == 1
    assert vacancies.unannounced(work, TODAY) == []
    matches.mark_told(work, [(vacancy_id, anybody)], None, NOW)
    _vacancy(work)  # the same file again
    assert vacancies.unannounced(work, TODAY) == []
    _vacancy(work, replace(VACANCY, fields=("administrasi", "menjahit")))
    assert vacancies.unannounced(work, TODAY) == [vacancy_id]
    assert matches.match_vacancy(work, vacancy_id, NOW, TODAY) == 1
    assert _matched(work, vacancy_id) == {anybody, sewing}
    assert [told.contact_id for told in telling.untold(work, MANNERS)] == []
    _speaker(work, "2", sewing)
    assert [told.pairs for told in telling.untold(work, MANNERS)] == [((vacancy_id, sewing),)]


@pytest.mark.parametrize(
    ("vacancy", "is_open"),
    [(VACANCY, False), (replace(VACANCY, example=True), True), (replace(VACANCY, closes_on=date(2026, 1, 1)), True)],
)
def test_closed_vacancies_and_examples_match_nobody(work: Work, vacancy: Vacancy, is_open: bool) -> None:
    _seeker(work)
    vacancy_id = _vacancy(work, vacancy, open=is_open)
    assert matches.match_vacancy(work, vacancy_id, NOW, TODAY) == 0
    assert _matched(work, vacancy_id) == set()
    assert matches.match_vacancy(work, 999, NOW, TODAY) == 0


def test_what_is_untold_comes_by_contact(work: Work) -> None:
    first, second = _seeker(work), _seeker(work)
    companion = _speaker(work, "1", first, second)
    one, two = _vacancy(work), _vacancy(work, replace(VACANCY, external_id="L02"))
    for vacancy_id in (one, two):
        matches.match_vacancy(work, vacancy_id, NOW, TODAY)
    [untold] = telling.untold(work, MANNERS)
    assert untold == telling.Untold(
        companion, "telegram", "id", ((two, second), (two, first), (one, second), (one, first))
    )
    [outbox_id] = outbox.add(work, [outbox.NewMessage(companion, "telegram", {"text": "x"}, kind="alert")], NOW)
    matches.mark_told(work, untold.pairs[:3], outbox_id, NOW)
    assert [left.pairs for left in telling.untold(work, MANNERS)] == [((one, first),)]


def test_who_cannot_be_told_just_now_waits_and_is_not_forgotten(work: Work) -> None:
    seeker_id = _seeker(work)
    contact_id = _speaker(work, "1", seeker_id)
    matches.match_vacancy(work, _vacancy(work), NOW, TODAY)
    sessions.save(work, [SessionToSave(contact_id, {"stack": []}, 0, in_form=True)], NOW)
    assert telling.untold(work, MANNERS) == [], "a form is being filled"
    assert len(telling.untold(work, replace(MANNERS, form_since=NOW))) == 1, "the form has been quiet"
    sessions.save(work, [SessionToSave(contact_id, {"stack": []}, 1)], NOW)
    assert len(telling.untold(work, MANNERS)) == 1, "the form has ended"
    assert telling.untold(work, replace(MANNERS, channels=("web",))) == [], "a bad hour for this channel"
    outbox.add(work, [outbox.NewMessage(contact_id, "telegram", {"text": "x"}, kind="alert")] * 3, NOW)
    assert telling.untold(work, MANNERS) == [], "enough for today"
    assert len(telling.untold(work, replace(MANNERS, since=NOW + timedelta(hours=1)))) == 1, "another day"


def test_nobody_is_told_more_a_day_than_allowed(work: Work) -> None:
    seeker_id = _seeker(work)
    contact_id = _speaker(work, "1", seeker_id)
    matches.match_vacancy(work, _vacancy(work), NOW, TODAY)

    def due(per_day: int, since: datetime = NOW) -> list[int]:
        return [one.contact_id for one in telling.untold(work, replace(MANNERS, per_day=per_day, since=since))]

    assert (due(0), due(1)) == ([], [contact_id])
    alert = outbox.NewMessage(contact_id, "telegram", {"text": "x"}, kind="alert")
    reply = outbox.NewMessage(contact_id, "telegram", {"text": "x"})
    _, dropped, _ = outbox.add(work, [alert, alert, reply], NOW)
    outbox.drop(work, [dropped or 0])
    assert (due(1), due(2)) == ([], [contact_id])
    assert due(1, since=NOW + timedelta(seconds=1)) == [contact_id]


def test_who_waited_longest_is_told_first_and_only_on_the_channels_asked_for(work: Work) -> None:
    first, second = _seeker(work), _seeker(work, fields=("menjahit",))
    two, one = _speaker(work, "2", second), _speaker(work, "1", first)
    matches.match_vacancy(work, _vacancy(work), NOW, TODAY)
    everything = replace(VACANCY, external_id="L02", fields=("menjahit",))
    matches.match_vacancy(work, _vacancy(work, everything), NOW + timedelta(hours=1), TODAY)
    assert [untold.contact_id for untold in telling.untold(work, MANNERS)] == [one, two]
    [longest] = telling.untold(work, MANNERS, limit=1)
    assert (longest.contact_id, len(longest.pairs)) == (one, 2)
    assert len(telling.untold(work, replace(MANNERS, channels=("web", "telegram")))) == 2


def test_a_seeker_with_several_contacts_is_told_at_one(work: Work) -> None:
    seeker_id = _seeker(work)
    old, new = _speaker(work, "1", seeker_id), _speaker(work, "2", seeker_id)
    matches.match_vacancy(work, _vacancy(work), NOW, TODAY)
    assert [untold.contact_id for untold in telling.untold(work, MANNERS)] == [new]
    contacts.set_alerts(work, new, False)
    assert [untold.contact_id for untold in telling.untold(work, MANNERS)] == [old]
    contacts.set_blocked(work, old, NOW)
    assert telling.untold(work, MANNERS) == []
    contacts.set_alerts(work, new, True)
    assert [untold.contact_id for untold in telling.untold(work, MANNERS)] == [new]


def test_a_seeker_is_told_at_the_contact_chosen_last_while_it_can_be_told(work: Work) -> None:
    seeker_id = _seeker(work)
    old, middle, new = (_speaker(work, address, seeker_id) for address in ("1", "2", "3"))
    matches.match_vacancy(work, _vacancy(work), NOW, TODAY)

    def told() -> list[int]:
        return [untold.contact_id for untold in telling.untold(work, MANNERS)]

    links.prefer(work, middle, seeker_id, NOW)
    assert told() == [middle]
    links.prefer(work, old, seeker_id, NOW + timedelta(minutes=1))
    assert told() == [old]
    assert [u.contact_id for u in telling.untold(work, MANNERS, only=old)] == [old]
    assert telling.untold(work, MANNERS, only=new) == []
    contacts.set_alerts(work, old, False)
    assert told() == [middle]
    contacts.set_blocked(work, middle, NOW)
    assert told() == [new]
    assert [s.contact_id for s in links.speakers(work, seeker_id) if s.open] == [new]
    contacts.set_alerts(work, old, True)
    assert told() == [old]
    assert links.speakers(work, seeker_id)[0].contact_id == old
    seekers.pause(work, seeker_id, NOW)
    assert told() == [], "a pause holds wherever the seeker is"


def test_who_paused_or_withdrew_is_not_told_and_a_closed_vacancy_is_not_told_of(work: Work) -> None:
    seeker_id = _seeker(work)
    _speaker(work, "1", seeker_id)
    vacancy_id = _vacancy(work)
    matches.match_vacancy(work, vacancy_id, NOW, TODAY)
    seekers.pause(work, seeker_id, NOW)
    assert telling.untold(work, MANNERS) == []
    seekers.pause(work, seeker_id, None)
    assert len(telling.untold(work, MANNERS)) == 1
    assert telling.untold(work, replace(MANNERS, today=date(2027, 1, 1))) == []
    seekers.withdraw_consent(work, seeker_id, "matching", NOW + timedelta(hours=1))
    assert telling.untold(work, MANNERS) == []
