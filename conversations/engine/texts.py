"""Texts that will be shown to a person: written in Indonesian, rendered later in the person's locale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of rupiah, whole rupiah, e.g. ``Money(3_690_000)`` shown as "Rp3.690.000"."""

    rupiah: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Several things named in one sentence: "kursi roda, jalur landai, dan mes"."""

    items: tuple[Text | str, ...]


Value: TypeAlias = "Text | str | int | date | Money | Listing"


@dataclass(frozen=True, slots=True)
class Text:
    """A whole sentence (or a label) in Indonesian, the gettext msgid, with named values.

    Never put two Texts together to make one sentence: grammar does not survive it.
    """

    msgid: str
    values: tuple[tuple[str, Value], ...] = ()


Shown: TypeAlias = "Text | str"
"""A Text is translated; a plain str is a person's or an office's own words and is shown as it is."""

Translate: TypeAlias = Callable[[Shown], str]
"""Renders a text in one person's locale. Pure: the catalogue is read once, before."""


def t(msgid: str, /, **values: Value) -> Text:
    """Mark ``msgid`` (Indonesian, with ``{names}``) for translation; Babel extracts the calls of ``t``."""
    return Text(msgid, tuple(values.items()))
