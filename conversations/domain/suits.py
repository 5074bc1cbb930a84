"""Why a vacancy or a training suits somebody, and which vacancies they are told of.

Ragam never selects and never hides: it raises rank and counts towards ``exact``. What is unknown, on either
side, never disqualifies. ``matches`` is the rule of alerts; its parts (``education.rank``, ``reachable``,
``searchable_of``, ``own_words``) are what the same rule is made of in SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from conversations.domain import accommodations, conditions, education, fields, kinds, ragam
from conversations.domain.query import Query
from conversations.domain.region import Region
from conversations.domain.seeker import OUTSIDE, Seeker
from conversations.domain.vacancy import Training, Vacancy
from conversations.domain.wording import fold, searchable
from conversations.engine.texts import Listing, Money, Shown, Text, t

Offer = TypeVar("Offer", Vacancy, Training)

OUTSIDE_THE_REGION = 25
"""Points that work elsewhere is behind work within the region, where neither was asked for."""

ALLOWANCES = ("uang makan", "uang saku", "uang transport", "tunjangan")


@dataclass(frozen=True, slots=True)
class Suitability:
    """How a vacancy or training answers a query, and what speaks for it. Every text is one whole sentence."""

    reasons: tuple[Text, ...]
    """What speaks for it; only what is so."""
    missing: tuple[Text, ...]
    """Needs that are not met or not mentioned, and what the person does not have yet."""
    differs: tuple[Text, ...]
    """What differs from the wishes."""
    exact: bool
    """Whether it meets all wishes of the query."""
    score: int
    """Higher is better; comparable only for one query and seeker."""


def explain(offer: Vacancy | Training, query: Query | None, seeker: Seeker | None, region: Region) -> Suitability:
    """Hold ``offer`` against what is asked (``query``) and what is known of the person (``seeker``)."""
    verdict = _Verdict()
    asked = query or Query()
    _field(verdict, offer, asked, seeker)
    _place(verdict, offer, asked, seeker, region)
    _needs(verdict, offer, asked, seeker)
    _ragam(verdict, offer, asked, seeker)
    _words(verdict, offer, asked)
    _conditions(verdict, offer, asked)
    if isinstance(offer, Vacancy):
        _education(verdict, offer, asked, seeker)
        _wage(verdict, offer, asked)
        _kinds(verdict, offer, asked)
    else:
        _terms(verdict, offer, asked)
    return Suitability(
        tuple(verdict.reasons), tuple(verdict.missing), tuple(verdict.differs), verdict.exact, verdict.score
    )


def best_first(offers: Iterable[Offer], query: Query, seeker: Seeker | None, region: Region) -> list[Offer]:
    """Those that meet all wishes before the others; then in the order that was asked for, or by what speaks for them.

    Among equals the newest (the highest ``id``) comes first.
    """

    def place(offer: Offer) -> tuple[bool, int, int, int]:
        verdict = explain(offer, query, seeker, region)
        first = offer.id if query.order == "newest" else _pay(offer) if query.order == "wage" else 0
        return not verdict.exact, -first, -verdict.score, -offer.id

    return sorted(offers, key=place)


def _pay(offer: Vacancy | Training) -> int:
    """Rupiah a month at most, to put in order; 0 where it is not said, or said of something else than a month."""
    monthly = isinstance(offer, Vacancy) and offer.wage_per == "month"
    return (offer.wage_max or offer.wage_min or 0) if monthly and isinstance(offer, Vacancy) else 0


def matches(vacancy: Vacancy, seeker: Seeker) -> bool:
    """Whether ``seeker`` is told of ``vacancy``: a field they named, within reach, and enough education.

    Whether the vacancy is open, and whether the person agreed to be told, is judged elsewhere.
    """
    return (
        not seeker.paused
        and wants_field(vacancy, seeker)
        and reachable(vacancy, seeker)
        and education.at_least(seeker.education, vacancy.education)
    )


def wants_field(vacancy: Vacancy, seeker: Seeker) -> bool:
    """A code they named is the vacancy's, or an own word stands in its title or description; none named: any."""
    if not seeker.fields:
        return True
    if not set(seeker.fields).isdisjoint(vacancy.fields):
        return True
    text = searchable_of(vacancy)
    return any(word in text for word in own_words(seeker.fields))


def reachable(vacancy: Vacancy, seeker: Seeker) -> bool:
    """Within the region, which counts as near as a whole, or from home; from outside the region only from home."""
    return is_remote(vacancy) or (vacancy.district is not None and seeker.district != OUTSIDE)


def is_remote(offer: Vacancy | Training) -> bool:
    """Whether it can be done from home."""
    return accommodations.FROM_HOME in offer.accommodations or (
        isinstance(offer, Vacancy) and kinds.REMOTE in offer.kinds
    )


def searchable_of(offer: Vacancy | Training) -> str:
    """Title, fields and description as folded words, a space at both ends."""
    return searchable(offer.title, *offer.fields, offer.description)


def own_words(values: Iterable[str]) -> tuple[str, ...]:
    """The values that are no field's code, each as `` word `` to be found within ``searchable_of``."""
    own = (fold(value) for value in values if value not in fields.FIELDS)
    return tuple(f" {words} " for words in own if words)


@dataclass(slots=True)
class _Verdict:
    """What the judges below have found so far."""

    reasons: list[Text] = field(default_factory=list)
    missing: list[Text] = field(default_factory=list)
    differs: list[Text] = field(default_factory=list)
    exact: bool = True
    score: int = 0

    def holds(self, points: int, reason: Text | None = None) -> None:
        self.score += points
        if reason:
            self.reasons.append(reason)

    def fails(self, points: int, differs: Text | None = None) -> None:
        """A wish of the query is not met."""
        self.exact = False
        self.score -= points
        if differs:
            self.differs.append(differs)


def _listing(items: Iterable[Shown]) -> Listing:
    return Listing(tuple(items))


def _field(verdict: _Verdict, offer: Vacancy | Training, asked: Query, seeker: Seeker | None) -> None:
    named = _listing(fields.inline(code) for code in offer.fields)
    wished = asked.fields or (seeker.fields if seeker else ())
    found = [code for code in wished if code in offer.fields]
    text = searchable_of(offer)
    found += [words.strip() for words in own_words(wished) if words in text and words.strip() not in found]
    if found:
        known = _listing(fields.inline(code) for code in found)
        verdict.holds(40, t("Bidangnya sesuai: {fields}.", fields=known))
    elif asked.fields:
        near = any(other in offer.fields for code in asked.fields for other in fields.near(code))
        wanted = _listing(fields.inline(code) for code in asked.fields)
        differs = t("Bidangnya {field}, bukan {wanted}.", field=named, wanted=wanted) if offer.fields else None
        verdict.fails(-10 if near else 0, differs)
    elif any(other in offer.fields for code in wished for other in fields.near(code)):
        verdict.holds(10)
    if not set(asked.not_fields).isdisjoint(offer.fields):
        verdict.fails(60, t("Bidangnya {field}.", field=named))


def _place(verdict: _Verdict, offer: Vacancy | Training, asked: Query, seeker: Seeker | None, region: Region) -> None:
    district = region.district(offer.district)
    name = district.name if district else offer.place
    here = t("Tempatnya di {place}.", place=name)
    if is_remote(offer):
        verdict.holds(5 if _wishes_home(asked, seeker) else 0, t("Bisa dikerjakan dari rumah."))
    if not asked.places:
        if seeker and district and seeker.district == district.code:
            verdict.holds(15, here)
        elif district is None:
            nearby = is_remote(offer) and _wishes_home(asked, seeker)
            verdict.holds(-1 if nearby else -OUTSIDE_THE_REGION)
    elif _is_at(offer, asked.places):
        verdict.holds(30, here)
    elif accommodations.FROM_HOME in asked.needs and is_remote(offer):
        verdict.holds(10)
    elif set(region.district_codes) <= set(asked.places):
        verdict.fails(10, t("Tempatnya di {place}, di luar {region}.", place=name, region=region.short_name))
    else:
        wanted = _listing(region.place_name(place) for place in asked.places)
        verdict.fails(0, t("Tempatnya di {place}, bukan {wanted}.", place=name, wanted=wanted))
    if asked.not_places and _is_at(offer, asked.not_places):
        verdict.fails(60, here)


def _wishes_home(asked: Query, seeker: Seeker | None) -> bool:
    """Whether work at home is wished for, or the only work within reach."""
    needs = (*asked.needs, *(seeker.needs if seeker else ()))
    far = seeker is not None and seeker.district == OUTSIDE
    return accommodations.FROM_HOME in needs or kinds.REMOTE in asked.kinds or far


def _is_at(offer: Vacancy | Training, places: Iterable[str]) -> bool:
    """Whether it is in one of ``places``: a district's code, or the name of a place outside the region."""
    written = searchable(offer.place)
    return any(
        place == offer.district or (offer.district is None and f" {fold(place)} " in written) for place in places
    )


def _needs(verdict: _Verdict, offer: Vacancy | Training, asked: Query, seeker: Seeker | None) -> None:
    offered = {*offer.accommodations, *({accommodations.FROM_HOME} if is_remote(offer) else ())}
    wished = dict.fromkeys((*asked.needs, *(seeker.needs if seeker else ())))
    met = [need for need in wished if accommodations.is_met(need, offered)]
    unmet = [need for need in wished if need not in met]
    # "Bisa dikerjakan dari rumah." has been said of its own accord.
    spoken = [need for need in met if need != accommodations.FROM_HOME]
    if spoken:
        there = sorted({_offered_for(need, offered) for need in spoken})
        verdict.reasons.append(t("Tersedia: {needs}.", needs=_listing(map(accommodations.inline, there))))
    verdict.score += 12 * len(met)
    if unmet:
        names_unmet = _listing(map(accommodations.inline, unmet))
        verdict.missing.append(t("Belum disebut: {needs}. Ini boleh ditanyakan.", needs=names_unmet))
    if any(need in unmet for need in asked.needs):
        verdict.exact = False


def _offered_for(need: str, offered: set[str]) -> str:
    """What is offered that meets ``need``: the thing itself before its equivalent."""
    return need if need in offered else next(other for other in sorted(offered) if accommodations.is_met(need, {other}))


def _ragam(verdict: _Verdict, offer: Vacancy | Training, asked: Query, seeker: Seeker | None) -> None:
    own = dict.fromkeys((*asked.ragam, *(seeker.ragam if seeker else ())))
    ready = [code for code in own if code in offer.ragam]
    if ready:
        names = _listing(map(ragam.inline, ready))
        verdict.holds(15, t("Menyatakan siap menerima ragam: {ragam}.", ragam=names))
    elif own and offer.ragam:
        verdict.missing.append(
            t("Perusahaan belum menyebut ragam ini. Anda tetap boleh melamar.")
            if isinstance(offer, Vacancy)
            else t("Penyelenggara belum menyebut ragam ini. Anda tetap boleh mendaftar.")
        )
    if asked.ragam and offer.ragam and set(asked.ragam).isdisjoint(offer.ragam):
        verdict.exact = False


def _words(verdict: _Verdict, offer: Vacancy | Training, asked: Query) -> None:
    employer = offer.employer if isinstance(offer, Vacancy) else offer.provider
    skills = offer.skills if isinstance(offer, Vacancy) else ()
    title, rest = searchable(offer.title), searchable(employer, *offer.fields, *skills, offer.description)
    in_title = sum(_mentions(title, word) for word in asked.words)
    in_rest = sum(_mentions(rest, word) for word in asked.words)
    verdict.score += 15 * in_title + 6 * in_rest
    verdict.score += sum(8 * _mentions(title, word) or 3 * _mentions(rest, word) for word in asked.said)
    if asked.words and not (in_title or in_rest):
        verdict.exact = False
    if asked.employer:
        if f" {fold(asked.employer)} " in searchable(employer):
            verdict.holds(40, t("Pemberi kerjanya {employer}.", employer=employer))
        else:
            verdict.fails(0, t("Pemberi kerjanya {employer}.", employer=employer))


def _mentions(text: str, word: str) -> bool:
    """Whether a searchable text has ``word``, from four letters on also inside another: "jahit" in "penjahit"."""
    return f" {fold(word)} " in text or (len(word) > 3 and fold(word) in text)


def _conditions(verdict: _Verdict, offer: Vacancy | Training, asked: Query) -> None:
    """What only the offer's own words can tell, and what nobody can: then it cannot be said to meet all wishes."""
    if not asked.conditions and not (isinstance(offer, Vacancy) and (asked.allowance or asked.month)):
        return
    by_vacancy = (*offer.kinds, offer.experience) if isinstance(offer, Vacancy) else ()
    text = searchable(offer.title, offer.description, offer.hours, *by_vacancy)
    for condition in asked.conditions:
        unasked = condition == conditions.WITHOUT_EXPERIENCE and isinstance(offer, Vacancy) and not offer.experience
        if unasked or conditions.is_met(condition, text):
            verdict.holds(15)
        else:
            verdict.fails(0)
    if isinstance(offer, Vacancy):
        # A vacancy has no column for either; of "uang makan" its own words may tell.
        if asked.allowance and not any(f" {words} " in text for words in ALLOWANCES):
            verdict.fails(0)
        if asked.month is not None:
            verdict.fails(0)


def _terms(verdict: _Verdict, training: Training, asked: Query) -> None:
    """When a training begins, what it costs and what it gives."""
    if asked.month is not None:
        if training.starts_on is not None and training.starts_on.month == asked.month:
            verdict.holds(20)
        else:
            verdict.fails(0)
    if asked.free:
        if training.cost == 0:
            verdict.holds(10, t("Biaya: gratis."))
        else:
            verdict.fails(10)
    if asked.allowance:
        if training.allowance:
            verdict.holds(15, t("Uang saku: {allowance}.", allowance=training.allowance))
        else:
            verdict.fails(5)


def _education(verdict: _Verdict, vacancy: Vacancy, asked: Query, seeker: Seeker | None) -> None:
    own = asked.education or (seeker.education if seeker else None)
    if own is None or vacancy.education is None:
        return
    required = education.inline(vacancy.education)
    short = education.short_by(own, vacancy.education)
    if not short:
        closeness = max(0, 6 - education.short_by(vacancy.education, own))
        verdict.holds(closeness, t("Syarat pendidikannya terpenuhi: {level}.", level=required))
        return
    verdict.missing.append(t("Syarat pendidikannya {level}. Ini boleh ditanyakan.", level=required))
    verdict.score -= 10 + 5 * short
    if asked.education:
        verdict.exact = False


def _wage(verdict: _Verdict, vacancy: Vacancy, asked: Query) -> None:
    if asked.order == "wage":
        verdict.holds(_pay(vacancy) // 100_000) if _pay(vacancy) else verdict.fails(0)
    if asked.wage_min is None:
        return
    offered = vacancy.wage_min if vacancy.wage_min is not None else vacancy.wage_max
    if offered is None or vacancy.wage_per != "month":
        verdict.fails(5, t("Upah per bulannya tidak disebutkan."))
    elif offered >= asked.wage_min:
        verdict.holds(20, t("Upahnya {wage} per bulan.", wage=Money(offered)))
    else:
        verdict.fails(15, t("Upahnya {wage} per bulan.", wage=Money(offered)))


def _kinds(verdict: _Verdict, vacancy: Vacancy, asked: Query) -> None:
    named = _listing(map(kinds.inline, vacancy.kinds))
    if asked.kinds:
        if not set(asked.kinds).isdisjoint(vacancy.kinds):
            verdict.holds(15, t("Jenis kerjanya {kind}.", kind=named))
        else:
            verdict.fails(0, t("Jenis kerjanya {kind}.", kind=named) if vacancy.kinds else None)
    if not set(asked.not_kinds).isdisjoint(vacancy.kinds):
        verdict.fails(40, t("Jenis kerjanya {kind}.", kind=named))
