"""Whose yes is needed before anything is kept, in which words it is asked, and what is recorded of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from conversations import seeker_questions as about
from conversations.domain.purposes import CHILD, MATCHING
from conversations.domain.purposes import GUARDIAN as CLAIMED
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import Is, When
from conversations.engine.events import EraseSeeker, GiveConsent, OpenTicket
from conversations.engine.moves import Answered, Done, Goto, Move
from conversations.engine.questions import LATER, Choice, Choose, Consent, agreed
from conversations.engine.session import Frame, Json, Session
from conversations.engine.texts import Text, t
from conversations.understanding import manner

TO_THE_PERSON = t("Yang menjawab ini harus dia sendiri. Berikan ponsel ini, atau bacakan untuknya.")
TO_THE_PARENT = t("Berikan ponsel ini kepada mereka, atau bacakan.")
HAND_OVER = (TO_THE_PERSON, TO_THE_PARENT)
"""How the telephone comes to whoever must answer; no part of what is agreed to."""


def telling(channel: str) -> str:
    """The purpose of a yes to being told at another contact, on ``channel``; each channel has its own."""
    return f"telling:{channel}"


def consent_words(talk: Talk) -> tuple[Text, ...]:
    """Controller, purpose, data, how long, and rights (UU 27/2022 art. 21).

    Every adult decides for themselves, whoever holds the phone: the question goes to the person.
    """
    office = talk.context.region.office_for("work")
    controller = office.institution if office else talk.context.region.name
    asked = (
        t("{controller} menyimpan jawaban Anda, juga tentang disabilitas.", controller=controller),
        t("Gunanya mencarikan kerja dan pelatihan, lalu mengabari."),
        t("Pemberi kerja tidak melihatnya tanpa izin Anda."),
        t("Data disimpan sampai Anda hapus, kapan saja. Anda boleh melihatnya."),
    )
    if talk.frame.answers.get("for_whom") == "other":
        return (TO_THE_PERSON, *asked, t("Untuk dia: apakah Anda setuju?"))
    return (*asked, t("Apakah Anda setuju?"))


def parent_words(talk: Talk) -> tuple[Text, ...]:
    return (
        t("Di bawah 18 tahun perlu izin orang tua atau wali."),
        TO_THE_PARENT,
        t("Untuk orang tua atau wali: apakah Anda setuju?"),
    )


def guardian_words(talk: Talk) -> tuple[Text, ...]:
    return (
        t("Petugas nanti memeriksa surat penetapan Anda."),
        t("Sebelum itu, data dia tidak dipakai."),
        t("Untuk wali: apakah Anda setuju?"),
    )


def refused(talk: Talk, value: Json) -> Move | None:
    """No is as easy as yes: nothing is kept, and asking about work goes on without registering."""
    if value != "no":
        return None
    kept = talk.context.seeker is not None and talk.context.seeker.status == "draft"
    return Done(
        (
            t("Baik. Tidak ada data yang disimpan."),
            t("Anda tetap boleh bertanya tentang lowongan dan pelatihan. Contoh: loker menjahit"),
            t("Jika berubah pikiran, balas DAFTAR."),
        ),
        (EraseSeeker(),) if kept else (),
    )


YES = ("ya", "iya", "setuju", "ya setuju", "ya saya setuju", "saya setuju", "y", "sudah", "dia setuju", "yes")
NO = ("tidak", "tidak setuju", "belum", "belum setuju", "tidak boleh", "gak", "nggak", "tak", "jangan", "no")
CHOICES = (Choice("yes", t("Ya, setuju"), YES), Choice("no", t("Tidak"), NO))
AWAY = (
    *("nanti", "nanti dulu", "nanti saja", "belum bisa", "tidak bisa jawab", "dia belum bisa jawab", "dia belum bisa"),
    *("dia tidak bisa jawab", "dia tidak di sini", "dia gak di sini", "tidak di sini", "dia tidak ada", "dia tidur"),
    *("dia lagi tidur", "dia sedang tidur", "dia lagi keluar", "dia sedang keluar", "dia lagi kerja", "later"),
    *("dia tidak ada di sini", "orangnya tidak di sini", "orangnya gak ada", "belum bisa ditanya", "not here"),
)


def away(talk: Talk) -> Choice | None:
    """Whoever must say yes is somebody else than who writes, and may not be there."""
    spoken_for = talk.frame.answers.get("for_whom") == "other"
    return Choice(LATER, t("Dia belum bisa jawab"), AWAY) if spoken_for else None


def parent_away(talk: Talk) -> Choice | None:
    """Where a whole registration waits for it: a change of one thing is made with a yes, or not at all."""
    return Choice(LATER, t("Mereka tidak di sini"), AWAY) if "consent" in talk.frame.answers else None


UNCLEAR = t("Untuk izin, kami perlu jawaban yang jelas. Balas: ya atau tidak")

CONSENT = Consent(
    name="consent",
    version=1,
    text=consent_words,
    required_because=t("Tanpa izin, kami tidak boleh menyimpan data. Balas: ya atau tidak"),
    choices=CHOICES,
    later=away,
    refuses=refused,
    hint=UNCLEAR,
)

PARENT_CONSENT = Consent(
    name="parent_consent",
    version=1,
    text=parent_words,
    when=When("under 18", about.is_minor),
    required_because=t("Tanpa izin orang tua atau wali, kami tidak boleh menyimpan data anak."),
    choices=CHOICES,
    later=parent_away,
    refuses=refused,
    hint=UNCLEAR,
)


# Whether it was understood


def is_to_check(answers: Json, context: Context) -> bool:
    """Where somebody else may have answered, or simple words are wanted."""
    return agreed(answers.get("consent")) and (answers.get("for_whom") == "other" or context.locale == "id@mudah")


def check_words(talk: Talk) -> tuple[Text, ...]:
    explained = (
        t("Kami jelaskan lagi dengan singkat."),
        t("Hanya kantor Dinas yang melihat data Anda."),
        t("Perusahaan melihatnya hanya jika Anda bilang ya."),
    )
    question = about.by_whom(
        t("Siapa yang boleh melihat data Anda?"), t("Untuk dia: siapa yang boleh melihat data Anda?")
    )
    return (*(explained if talk.scratch("wrong") else ()), question(talk))


def misunderstood(talk: Talk, value: Json) -> Move | None:
    """The first wrong answer brings simpler words. The second is no refusal: somebody will help, and it goes on."""
    if value == "office":
        return None
    if not talk.scratch("wrong"):
        return Goto(
            "check", scratch={"wrong": True}
        )  # asked anew: a wrong button tapped again is an answer, not a tremor
    helped = (
        t("Tidak apa-apa. Ini memang tidak mudah."),
        t("Petugas akan membantu menjelaskan. Orang pilihan Anda juga boleh membantu."),
        t("Sampai jelas, data Anda hanya disimpan sebagai draf."),
    )
    return Answered("unclear", helped, (OpenTicket("understanding", ""),))


def not_known(_: Talk, said: Said) -> str | None:
    """Who does not know has it explained, like whoever is wrong."""
    return "unknown" if manner.is_unsure(said.text) or manner.is_refusal(said.text) else None


CHECK = Choose(
    name="check",
    text=check_words,
    when=When("agreed, by easy-read or with a companion", is_to_check),
    required_because=t("Kami bertanya supaya yakin bahwa penjelasan kami jelas. Balas angka. Contoh: 1"),
    choices=(
        Choice("everybody", t("Semua orang"), ("siapa saja", "semua")),
        Choice("office", t("Kantor Dinas saja"), ("dinas", "dinas saja", "kantor dinas", "petugas dinas", "disnaker")),
        Choice("companies", t("Semua perusahaan"), ("perusahaan", "bos", "pemberi kerja")),
    ),
    other=not_known,
    refuses=misunderstood,
)


# A guardian


def is_spoken_for(answers: Json, context: Context) -> bool:
    """An adult who has not answered, and for whom only a guardian whom a court appointed may."""
    return "consent" in answers and not agreed(answers["consent"]) and not about.is_minor(answers, context)


def guardian_said(_: Talk, said: Said) -> str | None:
    answer = manner.yes_no(said.text)
    return None if answer is None else "yes" if answer else "no"


GUARDIAN = Choose(
    name="guardian",
    text=t("Apakah Anda walinya, yang ditetapkan pengadilan?"),
    when=When("an adult has not answered", is_spoken_for),
    required_because=t("Orang dewasa memutuskan sendiri. Hanya wali dari pengadilan boleh menggantikannya."),
    choices=(
        Choice("no", t("Bukan"), ("tidak", "bukan wali", "no", "saya ibunya", "saya ayahnya", "saya tetangganya")),
        Choice("yes", t("Ya, ada suratnya"), ("ya", "iya", "ada", "yes")),
    ),
    exact=True,
    other=guardian_said,
)

GUARDIAN_CONSENT = Consent(
    name="guardian_consent",
    version=1,
    text=guardian_words,
    when=Is("guardian", ("yes",)),
    required_because=UNCLEAR,
    choices=CHOICES,
    refuses=refused,
    hint=UNCLEAR,
)


# What follows


def settled(talk: Talk) -> bool:
    """Whether everybody has said yes whose yes it takes; otherwise it is a draft."""
    answers = talk.frame.answers
    if about.is_minor(answers, talk.context):
        return agreed(answers.get("parent_consent"))
    return agreed(answers.get("consent")) and answers.get("check") != "unclear"


def given(talk: Talk) -> tuple[GiveConsent, ...]:
    """The consents among the answers that count: who said yes, when, and to which words.

    A parent's yes for somebody under 18 replaces one that could not be given. Of a draft nothing is recorded but what
    an officer has to look at: the yes of a guardian.
    """
    answers = talk.frame.answers
    own, parent, guardian = (answers.get(name) for name in ("consent", "parent_consent", "guardian_consent"))
    how = "companion" if answers.get("for_whom") == "other" else "own"
    minor = about.is_minor(answers, talk.context)
    if own is not None and not settled(talk):
        claims = agreed(guardian) and is_spoken_for(answers, talk.context)
        return (_record(CLAIMED, "guardian", guardian, shown=own),) if claims else ()
    found = [_record(MATCHING, "self", own, how)] if agreed(own) else []
    if minor and agreed(parent):
        found += [_record(MATCHING, "parent", parent, shown=own)] if own is not None and not found else []
        found.append(_record(CHILD, "parent", parent))
    return tuple(found)


def of_a_parent(answer: Json) -> GiveConsent:
    """A parent's or guardian's yes, as ``PARENT_CONSENT`` answers."""
    return _record(CHILD, "parent", answer)


def _record(purpose: str, giver: str, answer: Json, how: str = "own", shown: Json = None) -> GiveConsent:
    """``shown``: the question that was read before, and is answered by this yes as well."""
    wording = answer["wording"] if shown is None else f"{shown['wording']}\n{answer['wording']}"
    given_at = datetime.fromisoformat(answer["at"])
    return GiveConsent(purpose, answer["version"], wording, giver, given_at, how)


def on_paper(context: Context) -> tuple[int, str]:
    """The version and the words of CONSENT as the paper form has them, where the person is asked themselves."""
    return CONSENT.version, _printed(consent_words, context)


def on_paper_for_a_child(context: Context) -> tuple[int, str]:
    """The version and the words of PARENT_CONSENT as the paper form has them."""
    return PARENT_CONSENT.version, _printed(parent_words, context)


def _printed(words: Callable[[Talk], tuple[Text, ...]], context: Context) -> str:
    talk = Talk(context, Session(), Frame("registration", 1, "", 0, {"for_whom": "self"}))
    return "\n".join(context.tr(line) for line in words(talk) if line not in HAND_OVER)
