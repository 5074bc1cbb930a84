"""Where an offer is: the region's district if it is one, and the words to show."""

from __future__ import annotations

from dataclasses import dataclass

from bot.imports.rows import LONGEST_PLACE, Row, quoted
from conversations.domain.region import Region
from conversations.engine.texts import t


@dataclass(frozen=True, slots=True)
class Place:
    """``district``: code, or None outside the region. ``words``: e.g. "Kotapinang" or "Medan, Kota Medan"."""

    district: str | None
    words: str


def read_place(row: Row, region: Region) -> Place:
    """The place in the columns ``kecamatan`` and ``kabupaten``. What is not known is kept and warned about."""
    near, far = row.line("kecamatan"), row.line("kabupaten")
    if not near and not far:
        row.refuse("kecamatan", t("Kolom ini wajib diisi."))
        return Place(None, "")
    as_written = ", ".join(filter(None, (near, far)))
    row.bound("kecamatan", as_written, LONGEST_PLACE)
    regency = region.find_place(far) if far else None
    if far and (regency is None or regency.kind == "outside"):
        row.warn("kabupaten", t("Tempat {place} di luar {region}.", place=quoted(as_written), region=region.short_name))
        return Place(None, as_written)
    found = region.find_place(near) if near else None
    if found is None or found.district is None:
        reason = t("Kecamatan {place} tidak dikenal di {region}.", place=quoted(near), region=region.short_name)
        row.warn("kecamatan", reason)
        return Place(None, as_written)
    district = region.district(found.district)
    assert district is not None  # the region's own code
    if not found.exact:
        row.warn("kecamatan", t("{written} dibaca sebagai {place}.", written=quoted(near), place=found.name))
    if found.kind == "village":
        return Place(district.code, f"{found.name}, {district.name}")
    return Place(district.code, district.name)
