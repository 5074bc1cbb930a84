"""Conditions of the work that no column of a vacancy holds: met where the offer's own words say so, otherwise not."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.domain.wording import fold

WITHOUT_EXPERIENCE = "tanpa pengalaman"
"""Met where no experience is asked for."""

SPOKEN: Mapping[str, tuple[str, ...]] = {
    "pagi": ("pagi",),
    "siang": ("siang",),
    "sore": ("sore",),
    "malam": ("malam",),
    "akhir pekan": ("akhir pekan", "sabtu", "minggu"),
    "minggu ini": ("minggu ini",),
    "minggu depan": ("minggu depan",),
    "ringan": ("ringan",),
    "bpjs": ("bpjs", "jaminan sosial"),
    WITHOUT_EXPERIENCE: ("tanpa pengalaman", "tidak perlu pengalaman", "pengalaman tidak"),
}
"""Each condition, and the words of an offer that meet it."""

CODES = tuple(SPOKEN)


def is_met(condition: str, text: str) -> bool:
    """Whether ``text`` (as ``wording.searchable`` gives it) speaks of ``condition``; an own word means itself."""
    return any(f" {fold(words)} " in text for words in SPOKEN.get(condition, (condition,)))
