"""Data and a template become PDF/UA-1: tagged, titled, with its language, in fonts that come with the typesetter.

Words reach a template as data only, never as markup, so that nothing a person wrote can mean anything there.
No font of the machine and no package of the network is used: the same data gives the same pages everywhere.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent

LONGEST = 2_000
"""Characters of one text; what is longer is cut, and says so by an ellipsis."""
MOST = 2_000
"""Texts or entries in one list."""
LONGEST_WORD = 36
"""Characters that fit on a line; a longer word may be broken there."""

UNPRINTABLE = "?"
"""Stands for a letter that the fonts do not have; PDF/UA wants a sign for every letter."""

SCRIPTS = (
    (0x20, 0x7E),  # what Indonesian needs
    (0xA0, 0x17F),  # Latin with marks: names from elsewhere
    (0x1E00, 0x1EFF),  # more of it, Vietnamese included
    (0x391, 0x3A1),  # Greek
    (0x3A3, 0x3CE),
    (0x400, 0x45F),  # Cyrillic
    (0x2010, 0x2015),  # dashes, quotation marks, the ellipsis
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x20AC, 0x20AC),
    (0x2610, 0x2612),  # boxes to tick
)
"""Letters that are printed as they are, first and last; all of them are in the fonts."""


def pdf(template: str, data: Mapping[str, Any], *, title: str, language: str) -> bytes:
    """The pages of ``template`` ("form", "own_data") as PDF/UA-1.

    ``data``: texts, numbers, lists and mappings of such, as the template reads them; ``language``: "id", "en".
    """
    import typst  # with its fonts about 30 MB of memory, which only this needs

    return typst.compile(
        FOLDER / f"{template}.typ",
        root=FOLDER,
        ignore_system_fonts=True,
        sys_inputs=_inputs(data, title, language),
        format="pdf",
        pdf_standards=["ua-1"],
    )


def _inputs(data: Mapping[str, Any], title: str, language: str) -> dict[str, str]:
    return {"data": json.dumps(_cleaned({**data, "title": title, "language": language}))}


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return clean(value)
        case Mapping():
            return {name: _cleaned(inner) for name, inner in value.items()}
        case Sequence():
            return [_cleaned(inner) for inner in value[:MOST]]
    return value


def clean(text: str) -> str:
    """What of ``text`` can be printed, on one line.

    Control characters and marks that turn the direction of writing are left out, space of any kind is one space,
    a letter without a sign becomes "?", and more than LONGEST characters are cut.
    """
    # Composing may lengthen a text; enough is taken to fill LONGEST, and 10 MB are not looked at.
    raw = unicodedata.normalize("NFC", text[: LONGEST * 4])
    spaced = " ".join("".join(_printed(letter) for letter in raw).split())
    whole = len(text) <= LONGEST * 4 and len(spaced) <= LONGEST
    return _breakable(spaced if whole else f"{spaced[: LONGEST - 1]}…")


def _printed(letter: str) -> str:
    code = ord(letter)
    if any(first <= code <= last for first, last in SCRIPTS):
        return "" if code == 0xAD else letter  # a soft hyphen is no letter
    category = unicodedata.category(letter)
    if letter.isspace() or category in ("Zs", "Zl", "Zp"):
        return " "
    return "" if category in ("Cc", "Cf") or category.startswith("M") else UNPRINTABLE


def _breakable(text: str) -> str:
    """The text, its very long words parted: without a place to break they would run off the page."""
    return " ".join(
        " ".join(word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD)) for word in text.split(" ")
    )
