"""Registering as a seeker: the first pass, at most eight questions before the review."""

from __future__ import annotations

from datetime import datetime

from conversations import seeker_questions as about
from conversations.engine.context import Context, Talk
from conversations.engine.conversation import Conversation, When
from conversations.engine.events import Effect, GiveConsent, SaveSeeker
from conversations.engine.moves import Done, Move, Open
from conversations.engine.questions import Choice, Consent
from conversations.engine.review import reviewed
from conversations.engine.session import Json
from conversations.engine.texts import Shown, Text, t
from conversations.understanding import Meaning

MATCHING = "matching"
"""The purpose of the first consent: keeping the data, finding suitable work, and telling of it."""

CONSENT_VERSION = 1


def consent_words(talk: Talk) -> tuple[Text, ...]:
    """Controller, purpose, data, how long, and rights (UU 27/2022 art. 21)."""
    office = talk.context.region.office_for("work")
    controller = office.institution if office else talk.context.region.name
    if talk.frame.answers.get("for_whom") == "other":
        return (
            t("{controller} menyimpan jawaban tentang dia, juga tentang disabilitasnya.", controller=controller),
            t("Gunanya mencarikan kerja dan pelatihan, lalu mengabari."),
            t("Pemberi kerja tidak melihatnya tanpa izin."),
            t("Data disimpan sampai dihapus, kapan saja. Anda berdua boleh melihatnya."),
            t("Apakah dia sendiri sudah setuju?"),
        )
    return (
        t("{controller} menyimpan jawaban Anda, juga tentang disabilitas.", controller=controller),
        t("Gunanya mencarikan kerja dan pelatihan, lalu mengabari."),
        t("Pemberi kerja tidak melihatnya tanpa izin Anda."),
        t("Data disimpan sampai Anda hapus, kapan saja. Anda boleh melihatnya."),
        t("Apakah Anda setuju?"),
    )


def parent_words(talk: Talk) -> Text:
    if talk.frame.answers.get("for_whom") == "other":
        return t("Di bawah 18 tahun perlu izin orang tua atau wali. Apakah orang tua atau walinya setuju?")
    return t("Di bawah 18 tahun perlu izin orang tua atau wali. Apakah orang tua atau wali Anda setuju?")


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


YES = (
    "ya",
    "iya",
    "setuju",
    "ya setuju",
    "ya saya setuju",
    "saya setuju",
    "y",
    "sudah",
    "ya sudah",
    "dia setuju",
    "yes",
)
NO = ("tidak", "tidak setuju", "belum", "belum setuju", "tidak boleh", "gak", "nggak", "tak", "jangan", "no")

CONSENT = Consent(
    name="consent",
    text=consent_words,
    required_because=t("Tanpa izin, kami tidak boleh menyimpan data. Balas: ya atau tidak"),
    choices=(Choice("yes", t("Ya, setuju"), YES), Choice("no", t("Tidak"), NO)),
    refuses=refused,
    hint=t("Untuk izin, kami perlu jawaban yang jelas. Balas: ya atau tidak"),
)

PARENT_CONSENT = Consent(
    name="parent_consent",
    text=parent_words,
    when=When("under 18", about.is_minor),
    required_because=t("Tanpa izin orang tua atau wali, kami tidak boleh menyimpan data anak."),
    choices=(Choice("yes", t("Ya, setuju"), YES), Choice("no", t("Belum"), NO)),
    refuses=refused,
    hint=t("Untuk izin, kami perlu jawaban yang jelas. Balas: ya atau tidak"),
)


def given(talk: Talk) -> tuple[Effect, ...]:
    """The consents on record: who said yes, when, and to which words."""
    answers = talk.frame.answers
    wording = "\n".join(talk.tr(line) for line in consent_words(talk))
    giver = "companion" if answers.get("for_whom") == "other" else "self"
    effects = [GiveConsent(MATCHING, CONSENT_VERSION, wording, giver, datetime.fromisoformat(answers["consent"]))]
    if about.is_minor(answers, talk.context):
        at = datetime.fromisoformat(answers["parent_consent"])
        effects.append(GiveConsent("child", CONSENT_VERSION, talk.tr(parent_words(talk)), "parent", at))
    return tuple(effects)


def finish(talk: Talk) -> Move:
    name = str(talk.frame.answers["name"])
    save = SaveSeeker(about.to_save(talk.answers))
    return Done(
        (finished(name), t("Kami mengabari jika ada lowongan yang cocok. Untuk berhenti dikabari, balas STOP.")),
        (save, *given(talk)),
        then=Open("details", {"for_whom": talk.frame.answers["for_whom"]}),
    )


def finished(name: str) -> Shown:
    """The sentence that confirms; its first words stand nowhere else."""
    return t("Pendaftaran selesai, {name}.", name=name)


def opened(context: Context, meaning: Meaning, words: str) -> Move:
    """Somebody wants to register."""
    if context.seeker is not None:
        other = (t("Untuk mendaftarkan orang lain, balas PETUGAS."),) if meaning.query.for_other else ()
        return Open("profile", say=(t("{name} sudah terdaftar di sini.", name=context.seeker.name), *other))
    answers = {"for_whom": "other"} if meaning.query.for_other else {}
    return Open("registration", answers)


registration = Conversation(
    name="registration",
    version=1,
    title=t("Pendaftaran"),
    states=reviewed(
        (
            about.FOR_WHOM,
            CONSENT,
            about.NAME,
            about.BIRTH_YEAR,
            about.GROWN_UP,
            PARENT_CONSENT,
            about.DISTRICT,
            about.NEEDS,
            about.EDUCATION,
            about.FIELDS,
        )
    ),
    finish=finish,
    resumes=True,
)
