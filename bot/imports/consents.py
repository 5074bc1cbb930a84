"""Whose yes a paper form carries, how it was given, and what follows: registered, a draft, or only an invitation.

An adult decides for themselves, whatever the ragam: a guardian's yes for an adult leaves a draft. Somebody under 18
needs a parent's or guardian's. Without a yes that can be shown later (that, how and when) there is only an invitation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from bot.imports.cells import Unreadable, parse_yes
from bot.imports.rows import Row, quoted
from conversations import consent
from conversations.domain.purposes import CHILD, MATCHING
from conversations.domain.region import Region
from conversations.domain.wording import fold
from conversations.engine.context import Context
from conversations.engine.texts import Text, t
from conversations.seeker_questions import ADULT
from locales.render import SOURCE, translator
from storage.paper import CHANNEL, Status
from storage.seekers import Consent

Way = Literal["written", "read_aloud", "signed", "guardian"]

WAYS: dict[str, Way] = {
    **dict.fromkeys(("tertulis", "tulisan", "tanda tangan", "ttd", "cap jempol"), "written"),
    **dict.fromkeys(("lisan dibacakan", "lisan", "dibacakan", "lisan di bacakan"), "read_aloud"),
    **dict.fromkeys(("bahasa isyarat", "isyarat", "bisindo", "sibi", "juru bahasa isyarat"), "signed"),
    **dict.fromkeys(("wali", "orang tua", "orangtua", "wali orang tua", "orang tua wali", "pengampu"), "guardian"),
}
_PARENTS_LINE = "ibu ibunya ayah ayahnya bapak bapaknya mama mamak emak papa orangtua"
_PARENTS = frozenset(_PARENTS_LINE.split())


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the form's consent amounts to."""

    status: Status
    way: str
    """One of WAYS' values, or "none"."""
    consents: tuple[Consent, ...] = ()


def read_agreement(
    row: Row, region: Region, now: datetime, born: date | int | None, written_on: date | None
) -> Agreement:
    """The consent in ``row``, given on ``written_on``; what is missing for it to count is warned about."""
    invited = Agreement("invited", "none")
    if not row.believed("persetujuan", _yes):
        row.warn("persetujuan", _INVITED)
        return invited
    way = row.believed("persetujuan_cara", _way)
    if way is None:
        if not row.text("persetujuan_cara"):
            row.warn("persetujuan_cara", _HOW)
        row.warn("persetujuan", _INVITED)
        return invited
    if written_on is None:
        if not row.text("tanggal_formulir"):
            row.warn("tanggal_formulir", t("Tanggal formulir kosong. Izin perlu tanggal. Contoh: 02/09/2026."))
        row.warn("persetujuan", _INVITED)
        return invited
    given_at = datetime.combine(written_on, time(), now.tzinfo)
    minor = _is_minor(born, now.date())
    if way != "guardian" and born is not None and minor is None:
        row.warn("tanggal_lahir", _AGE_UNCLEAR)
        minor = True
    return _given(row, region, way, minor, given_at)


def _given(row: Row, region: Region, way: Way, minor: bool | None, given_at: datetime) -> Agreement:
    giver = "self"
    if way == "guardian":
        giver = "parent" if _PARENTS & set(fold(row.text("pendamping_hubungan")).split()) else "guardian"
    context = Context(given_at, region, translator(SOURCE))
    consents = [_consent(MATCHING, consent.on_paper(context), giver, given_at)]
    if way == "guardian" and minor:
        consents.append(_consent(CHILD, consent.on_paper_for_a_child(context), giver, given_at))
    if way == "guardian" and not minor:
        row.warn("persetujuan_cara", _ADULT_DECIDES if minor is False else _AGE_UNCLEAR)
    elif way != "guardian" and minor:
        row.warn("persetujuan_cara", _CHILD)
    complete = minor if way == "guardian" else not minor
    return Agreement("active" if complete else "draft", way, tuple(consents))


def _consent(purpose: str, wording: tuple[int, str], giver: str, given_at: datetime) -> Consent:
    version, words = wording
    return Consent(purpose, version, words, CHANNEL, giver, given_at)


def _is_minor(born: date | int | None, today: date) -> bool | None:
    """None: it cannot be told. A year alone leaves one year of doubt."""
    if born is None:
        return None
    year = born if isinstance(born, int) else born.year
    if today.year - year != ADULT:
        return today.year - year < ADULT
    if isinstance(born, int):
        return None
    return (born.month, born.day) > (today.month, today.day)


def _yes(text: str) -> bool:
    try:
        return parse_yes(text) if fold(text) != "setuju" else True
    except Unreadable:
        raise Unreadable(t("Persetujuan {found} tidak terbaca. Tulis ya atau tidak.", found=quoted(text))) from None


def _way(text: str) -> Way:
    found = WAYS.get(fold(text))
    if found is None:
        raise Unreadable(
            t(
                "Cara persetujuan {found} tidak dikenal. Pilih: tertulis, lisan dibacakan, bahasa isyarat, atau wali.",
                found=quoted(text),
            )
        )
    return found


_HOW: Text = t("Tulis cara persetujuan diberikan: tertulis, lisan dibacakan, bahasa isyarat, atau wali.")
_INVITED: Text = t(
    "Belum ada izin yang lengkap. Ini hanya undangan: nama, umur, telepon, dan tempat disimpan paling lama 90 hari."
)
_ADULT_DECIDES: Text = t("Orang dewasa memutuskan sendiri. Ini draf sampai ia sendiri setuju.")
_AGE_UNCLEAR: Text = t("Umurnya tidak jelas, jadi ini draf. Tulis tanggal lahir lengkap. Contoh: 17/08/2010.")
_CHILD: Text = t("Di bawah 18 tahun perlu izin orang tua atau wali. Ini draf sampai izin itu ada.")
