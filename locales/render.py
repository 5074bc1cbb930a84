"""Turns a Text into words in one locale: gettext catalogues, and Babel for dates, money and lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from conversations.engine.texts import Listing, Money, Shown, Text, Translate, Value

SOURCE = "id"
"""The locale that the msgids themselves are written in; it needs no catalogue."""

LOCALES = ("id", "id@mudah", "en")

FOLDER = Path(__file__).parent


class UnknownLocaleError(ValueError):
    """No such locale is kept here."""


def catalogue_file(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / "setara.po"


@lru_cache
def catalogue(locale: str) -> Mapping[str, str]:
    """What each msgid says in ``locale``; what is missing there is said in Indonesian.

    Read straight from the .po file, so that no compiled copy can be out of step with it.
    """
    if locale == SOURCE:
        return {}
    if locale not in LOCALES:
        raise UnknownLocaleError(f"no catalogue for {locale!r}; there are {', '.join(LOCALES)}")
    from babel.messages.pofile import read_po  # read only where a person speaks something else

    with catalogue_file(locale).open("rb") as file:
        messages = read_po(file, locale=None)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string and not m.fuzzy}


def nearest(language: str | None) -> str:
    """The locale for a platform's language tag ("en-GB" -> "en"); Indonesian for every other."""
    return "en" if (language or "").lower().split("-")[0] == "en" else SOURCE


@lru_cache
def translator(locale: str) -> Translate:
    """A pure function from Text to words in ``locale``. Raises UnknownLocaleError."""
    messages = catalogue(locale)
    babel_locale = locale.partition("@")[0]

    def tr(text: Shown) -> str:
        if isinstance(text, str):
            return text
        words = messages.get(text.msgid, text.msgid)
        return words.format_map({name: value_in_words(value) for name, value in text.values}) if text.values else words

    def value_in_words(value: Value) -> str:
        match value:
            case str():
                return value
            case Text():
                return tr(value)
            case Money(rupiah):
                return f"Rp{grouped(rupiah, babel_locale)}"
            case Listing(items):
                return listed([tr(item) for item in items], babel_locale)
            case date():
                return long_date(value, babel_locale)
            case int():
                return str(value)

    return tr


@lru_cache(maxsize=2_000)
def grouped(number: int, locale: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(number, locale=locale)


@lru_cache(maxsize=2_000)
def long_date(day: date, locale: str) -> str:
    """In words, with the day of the week: "Senin, 3 Maret 2025" (rule 9)."""
    from babel.dates import format_date

    return format_date(day, "EEEE, d MMMM y", locale=locale)


def listed(items: list[str], locale: str) -> str:
    from babel.lists import format_list

    return format_list(items, locale=locale)
