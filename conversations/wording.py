"""Wording that several conversations share: how a vacancy and its pay are said."""

from __future__ import annotations

from conversations.domain.vacancy import Vacancy
from conversations.engine.texts import Money, Text, t


def pay(vacancy: Vacancy) -> Text:
    """In words and in full: "Rp2.600.000 sampai Rp2.900.000 per bulan" (rule 9)."""
    low = vacancy.wage_min if vacancy.wage_min is not None else vacancy.wage_max
    high = vacancy.wage_max if vacancy.wage_max is not None else vacancy.wage_min
    if low is None or high is None:
        return t("upah tidak disebutkan")
    if low == high:
        one = {
            "month": t("{wage} per bulan", wage=Money(low)),
            "day": t("{wage} per hari", wage=Money(low)),
            "piece": t("{wage} per satuan", wage=Money(low)),
        }
        return one[vacancy.wage_per]
    span = {
        "month": t("{low} sampai {high} per bulan", low=Money(low), high=Money(high)),
        "day": t("{low} sampai {high} per hari", low=Money(low), high=Money(high)),
        "piece": t("{low} sampai {high} per satuan", low=Money(low), high=Money(high)),
    }
    return span[vacancy.wage_per]


def pay_line(vacancy: Vacancy) -> Text:
    """The pay as a line of its own."""
    if vacancy.wage_min is None and vacancy.wage_max is None:
        return t("Upah tidak disebutkan.")
    return t("Upah: {pay}.", pay=pay(vacancy))


def vacancy_detail(vacancy: Vacancy) -> Text:
    """Place and pay, below its title."""
    return t("{place}, {pay}", place=vacancy.place, pay=pay(vacancy))


def vacancy_line(vacancy: Vacancy) -> Text:
    """One line: job, place, pay."""
    return t("{title}, {place}, {pay}", title=vacancy.title, place=vacancy.place, pay=pay(vacancy))
