"""How and when somebody wants to be reached (cara dihubungi); "jangan telepon" binds officers and employers."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.domain.seeker import Seeker
from conversations.domain.vocabulary import Term, Vocabulary
from conversations.engine.texts import Listing, Text, t

NO_CALLS = "jangan telepon"

WAYS = Vocabulary(
    (
        Term("chat", t("Lewat chat"), t("lewat chat"), ("wa", "whatsapp", "telegram", "tulisan", "pesan", "ketik")),
        Term("sms", t("Lewat SMS (pesan singkat)"), t("lewat SMS"), ("pesan singkat",)),
        Term("telepon", t("Ditelepon"), t("ditelepon"), ("telpon", "telfon", "tlp", "panggilan", "call")),
        Term("kunjungan", t("Didatangi di rumah"), t("didatangi di rumah"), ("datang", "dikunjungi", "ke rumah")),
        Term("pendamping", t("Lewat pendamping"), t("lewat pendamping"), ("keluarga", "lewat keluarga", "ibu", "ayah")),
        Term(
            NO_CALLS,
            t("Jangan ditelepon"),
            t("jangan ditelepon"),
            ("jangan telpon", "jangan telepon saya", "tidak bisa telepon", "tidak mau ditelepon", "no calls"),
        ),
    )
)

TIMES = Vocabulary(
    (
        Term("pagi", t("Pagi"), t("pagi"), ("morning", "pagi hari")),
        Term("siang", t("Siang"), t("siang"), ("noon", "siang hari")),
        Term("sore", t("Sore"), t("sore"), ("afternoon", "sore hari")),
        Term("malam", t("Malam"), t("malam"), ("evening", "malam hari")),
        Term("akhir pekan", t("Sabtu atau Minggu"), t("Sabtu atau Minggu"), ("sabtu", "minggu", "weekend")),
    )
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What whoever wants to speak with a seeker has to know, wherever a telephone number is shown."""

    phone: str | None
    """E.164; not to be called where ``no_calls`` says so."""
    other_phone: str | None
    shared: bool
    """Somebody else may answer: leave no message that tells what it is about."""
    no_calls: bool
    ways: tuple[str, ...]
    times: tuple[str, ...]
    lines: tuple[Text, ...]
    """The same in words, what binds first."""


def reach_of(seeker: Seeker) -> Reach:
    """How the seeker may be reached; ``lines`` belong beside every telephone number that is shown."""
    no_calls = NO_CALLS in seeker.contact_ways
    ways = tuple(way for way in seeker.contact_ways if way != NO_CALLS and not (no_calls and way == "telepon"))
    shared = seeker.phone_shared == "yes"
    lines = (
        *((t("Jangan ditelepon."),) if no_calls else ()),
        *((t("Telepon ini dipakai bersama orang lain."),) if shared else ()),
        *((t("Cara menghubungi: {ways}", ways=_listed(WAYS, ways)),) if ways else ()),
        *(
            (t("Waktu menghubungi: {times}", times=_listed(TIMES, seeker.contact_times)),)
            if seeker.contact_times
            else ()
        ),
    )
    return Reach(seeker.phone, seeker.other_phone, shared, no_calls, ways, seeker.contact_times, lines)


def _listed(vocabulary: Vocabulary, codes: tuple[str, ...]) -> Listing:
    return Listing(tuple(vocabulary.inline(code) for code in codes))
