"""Where somebody lives, from the columns of a paper form: district and village, or a place elsewhere."""

from __future__ import annotations

from typing import Any

from bot.imports.rows import Row, quoted
from conversations.domain.region import Region, Village
from conversations.domain.seeker import OUTSIDE
from conversations.domain.wording import fold
from conversations.engine.texts import t


def read_home(row: Row, region: Region) -> dict[str, Any]:
    """``district``, ``village`` and ``hometown`` of a ``Seeker``; what cannot be read is warned about and left out."""
    written = row.line("kecamatan")
    match = region.find_place(written) if written else None
    if written and match is None:
        reason = t("Kecamatan {place} tidak dikenal di {region}.", place=quoted(written), region=region.short_name)
        row.warn("kecamatan", reason)
    if match is not None and match.kind == "outside":
        return {"district": OUTSIDE, "hometown": ", ".join(filter(None, (row.line("desa"), written)))}
    district = match.district if match is not None else None
    if match is not None and district is not None and not match.exact:
        row.warn("kecamatan", t("{written} dibaca sebagai {place}.", written=quoted(written), place=match.name))
    village = _village(row, region, district)
    return {
        "district": district or (village.district if village else None),
        "village": village.code if village else None,
    }


def _village(row: Row, region: Region, district: str | None) -> Village | None:
    written = row.line("desa")
    if not written:
        return None
    named = [village for village in region.villages if fold(village.name) == fold(written)]
    match = None if named else region.find_place(written)
    if match is not None and match.kind == "village":
        named = [village for village in region.villages if village.name == match.name]
    near = [village for village in named if village.district == district] if district else named
    if len(near) == 1:
        if match is not None and not match.exact:
            row.warn("desa", t("{written} dibaca sebagai {place}.", written=quoted(written), place=near[0].name))
        return near[0]
    if named and district and not near:
        reason = t("Desa {place} tidak ada di kecamatan itu. Cocokkan dengan formulir.", place=quoted(written))
    else:
        reason = t("Desa {place} tidak dikenal. Tulis seperti di daftar desa. Contoh: Aek Batu.", place=quoted(written))
    row.warn("desa", reason)
    return None
