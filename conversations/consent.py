"""Whose yes is needed before anything is kept, in which words it is asked, and what is recorded of it."""

from __future__ import annotations

from datetime import datetime

from conversations import seeker_questions as about
from conversations.domain.purposes import CHILD, MATCHING
from conversations.engine.context import Talk
from conversations.engine.conversation import When
from conversations.engine.events import GiveConsent
from conversations.engine.moves import Done, Move
from conversations.engine.questions import Choice, Consent
from conversations.engine.session import Json
from conversations.engine.texts import Text, t

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


def refused(talk: Talk, value: Json) -> Move | None:
    """No is as easy as yes: nothing is kept, and asking about work goes on without registering."""
    if value != "no":
        return None
    return Done(
        (
            t("Baik. Tidak ada data yang disimpan."),
            t("Anda tetap boleh bertanya tentang lowongan dan pelatihan. Contoh: loker menjahit"),
            t("Jika berubah pikiran, balas DAFTAR."),
        )
    )


YES = ("ya", "iya", "setuju", "ya setuju", "ya saya setuju", "saya setuju", "y", "sudah", "dia setuju", "yes")
NO = ("tidak", "tidak setuju", "belum", "belum setuju", "tidak boleh", "gak", "nggak", "tak", "jangan", "no")
CHOICES = (Choice("yes", t("Ya, setuju"), YES), Choice("no", t("Tidak"), NO))

CONSENT = Consent(
    name="consent",
    version=1,
    text=consent_words,
    required_because=t("Tanpa izin, kami tidak boleh menyimpan data. Balas: ya atau tidak"),
    choices=CHOICES,
    refuses=refused,
    hint=t("Untuk izin, kami perlu jawaban yang jelas. Balas: ya atau tidak"),
)

PARENT_CONSENT = Consent(
    name="parent_consent",
    version=1,
    text=parent_words,
    when=When("under 18", about.is_minor),
    required_because=t("Tanpa izin orang tua atau wali, kami tidak boleh menyimpan data anak."),
    choices=CHOICES,
    refuses=refused,
    hint=t("Untuk izin, kami perlu jawaban yang jelas. Balas: ya atau tidak"),
)


def given(talk: Talk) -> tuple[GiveConsent, ...]:
    """The consents among the answers: who said yes, when, and to which words."""
    answers = talk.frame.answers
    found = []
    if "consent" in answers:
        found.append(_record(MATCHING, "self", answers["consent"]))
    if "parent_consent" in answers and about.is_minor(answers, talk.context):
        found.append(_record(CHILD, "parent", answers["parent_consent"]))
    return tuple(found)


def of_a_parent(answer: Json) -> GiveConsent:
    """A parent's or guardian's yes, as ``PARENT_CONSENT`` answers."""
    return _record(CHILD, "parent", answer)


def _record(purpose: str, giver: str, answer: Json) -> GiveConsent:
    return GiveConsent(purpose, answer["version"], answer["wording"], giver, datetime.fromisoformat(answer["at"]))
