"""What is kept about a person, as a PDF that they can read, keep and show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.papers import typesetting


@dataclass(frozen=True, slots=True)
class Section:
    """A part of it under its own heading, in the person's language: what is kept, who read it, who may see it."""

    heading: str
    lines: Sequence[tuple[str, str]] = ()
    """(label, value), in the order they are read."""
    texts: Sequence[str] = ()
    """Whole sentences, after the lines."""


def pdf_of(title: str, sections: Sequence[Section], locale: str = "id") -> bytes:
    """PDF/UA-1 with the title, the language of ``locale`` ("id", "id@mudah", "en") and a heading for each section.

    Any words are taken: what cannot be printed is left out or becomes "?", very long values are cut
    (``typesetting.clean``).
    """
    data = {
        "sections": [
            {
                "heading": section.heading,
                "lines": [{"label": label, "value": value} for label, value in section.lines],
                "texts": list(section.texts),
            }
            for section in sections
        ]
    }
    return typesetting.pdf("own_data", data, title=title, language=locale.partition("@")[0])
