"""Who may see what of somebody, and with which yes."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from conversations.domain.office import Institution
from conversations.domain.purposes import (
    MATCHING,
    REMINDERS,
    employer,
    sharing,
    visible_to,
    visible_to_employer,
)

INSTITUTIONS: tuple[Institution, ...] = ("work", "social", "protection")
PURPOSES = (MATCHING, REMINDERS, sharing("social"), sharing("protection"), employer(7))
HEALTH = {"ragam", "needs"}


def sets_of_consents() -> list[frozenset[str]]:
    sizes = range(len(PURPOSES) + 1)
    return [frozenset(some) for some in chain.from_iterable(combinations(PURPOSES, size) for size in sizes)]


@pytest.mark.parametrize("institution", ["social", "protection"])
def test_without_its_own_yes_an_institution_sees_nothing(institution: Institution) -> None:
    for consents in sets_of_consents():
        assert bool(visible_to(institution, consents)) == (sharing(institution) in consents)


def test_the_insurer_never_sees_a_ragam_or_a_need_whatever_was_agreed_to() -> None:
    for consents in sets_of_consents():
        assert not visible_to("protection", consents) & HEALTH
    assert {"name", "nik", "birth_year", "education"} <= visible_to("protection", {sharing("protection")})
    assert visible_to("social", {sharing("social")}) >= HEALTH


def test_the_office_that_keeps_the_register_reaches_a_person_without_their_yes_and_sees_no_more() -> None:
    reached = visible_to("work", ())
    assert {"name", "phone"} <= reached
    assert not reached & {*HEALTH, "nik", "birth_year", "education", "fields"}
    assert visible_to("work", {MATCHING}) >= {*HEALTH, "nik", *reached}


def test_each_has_a_purpose_of_its_own() -> None:
    assert len({sharing(one) for one in INSTITUTIONS}) == len(INSTITUTIONS)


def test_an_employer_sees_how_to_reach_only_who_said_yes_to_that_employer() -> None:
    assert visible_to_employer(7, {MATCHING, employer(8)}) == frozenset()
    seen = visible_to_employer(7, {employer(7)})
    assert seen
    assert not seen & HEALTH
