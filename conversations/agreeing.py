"""A draft: what a companion wrote without the person's own yes, and how that yes is said later."""

from __future__ import annotations

from conversations import consent
from conversations import seeker_questions as about
from conversations.domain.wording import words_of
from conversations.engine.context import Context, Talk
from conversations.engine.conversation import Conversation
from conversations.engine.events import OpenTicket, SaveSeeker, SetAlerts
from conversations.engine.moves import Done, Move, Open
from conversations.engine.questions import Choice, Choose
from conversations.engine.texts import Shown, t


def is_draft(context: Context) -> bool:
    """Whether whom the talk is about has not agreed yet."""
    return context.seeker is not None and context.seeker.status == "draft"


def kept_as_draft(talk: Talk, name: str) -> Move:
    """The end of a registration to which not everybody has said yes whose yes it takes."""
    save = SaveSeeker({**about.to_save(talk.answers), "status": "draft"})
    consents = consent.given(talk)
    claimed = (OpenTicket("guardian", ""),) if consents else ()
    return Done(
        (t("Data {name} disimpan sebagai draf.", name=name), *meant_by_draft(), *ways(talk)),
        (save, *consents, *claimed),
        then=Open("portions", {"for_whom": talk.frame.answers["for_whom"], "then": "vacancies"}),
    )


def meant_by_draft() -> tuple[Shown, ...]:
    return (t("Draf tidak dicocokkan dengan lowongan dan tidak dibagikan. Setelah 90 hari draf dihapus."),)


def ways(talk: Talk) -> tuple[Shown, ...]:
    """How it becomes more than a draft."""
    if talk.frame.answers.get("guardian") == "yes":
        return (t("Jika surat penetapan wali sudah diperiksa petugas, draf ini berlaku."),)
    if talk.frame.answers.get("for_whom") == "other":
        return (
            t("Jika dia bisa menjawab, tulis di sini: dia setuju"),
            t("Dia juga bisa menjawab di chatnya sendiri. Untuk kodenya, tulis: sambungkan"),
            t("Atau datanglah bersama ke petugas."),
        )
    return (t("Jika sudah jelas dan Anda setuju, tulis: saya setuju"), t("Atau datanglah ke petugas."))


# Saying yes later


def speakers(context: Context) -> tuple[Choice, ...]:
    name = context.seeker.name if context.seeker else ""
    return (
        Choice("self", t("Saya {name}", name=name), ("saya", "saya sendiri", "aku", "ya")),
        Choice("other", t("Saya pendampingnya"), ("pendamping", "orang lain", "ibunya", "ayahnya", "bukan")),
    )


WHO = Choose(
    name="for_whom",
    text=t("Siapa yang menulis sekarang?"),
    choices=speakers,
    required_because=t("Ini perlu, supaya pertanyaan berikutnya sesuai."),
)


def finish(talk: Talk) -> Move:
    seeker = talk.context.seeker
    assert seeker is not None, "it fits only who is a draft"
    if not consent.settled(talk):
        consents = consent.given(talk)
        claimed = (OpenTicket("guardian", ""),) if consents else ()
        still = t("Baik. Data {name} tetap draf.", name=seeker.name)
        return Done((still, *meant_by_draft(), *ways(talk)), (*consents, *claimed))
    agreed = t("Terima kasih. Data {name} sekarang berlaku.", name=seeker.name)
    told = t("Kami mengabari jika ada lowongan yang cocok. Untuk berhenti dikabari, balas STOP.")
    return Done((agreed, told), (SaveSeeker({"status": "active"}), *consent.given(talk), SetAlerts(True)))


agreeing = Conversation(
    name="agreeing",
    version=1,
    title=t("Izin"),
    states=(
        WHO,
        consent.CONSENT,
        consent.CHECK,
        about.BIRTH_YEAR,
        about.GROWN_UP,
        consent.PARENT_CONSENT,
        consent.GUARDIAN,
        consent.GUARDIAN_CONSENT,
    ),
    finish=finish,
    resumes=True,
    fits=is_draft,
)

AGREEING = frozenset(
    {("dia", "setuju"), ("dia", "sudah", "setuju"), ("saya", "setuju"), ("beri", "izin"), ("she", "agrees")}
    | {("he", "agrees"), ("they", "agree"), ("i", "agree"), ("give", "consent")}
)


def unmistakable(context: Context, text: str, form: bool) -> Move | None:
    """ "dia setuju" about somebody whose data is a draft."""
    words = tuple(words_of(text))
    if words not in AGREEING or not is_draft(context):
        return None
    companion = words[0] in ("dia", "she", "he", "they")
    return opened(context, {"for_whom": "other"} if companion else {})


def opened(context: Context, answers: dict[str, str] | None = None) -> Open:
    """Ask for the yes; what is known of the person is not asked again."""
    assert context.seeker is not None, "only who is a draft agrees later"
    year = context.seeker.birth_year
    return Open("agreeing", {**(answers or {}), "birth_year": about.UNKNOWN if year is None else year})
