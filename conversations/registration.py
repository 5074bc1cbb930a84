"""Registering as a seeker: the first pass, at most eight questions before the review."""

from __future__ import annotations

from conversations import consent
from conversations import seeker_questions as about
from conversations.engine.context import Context, Talk
from conversations.engine.conversation import Conversation
from conversations.engine.events import SaveSeeker, SetAlerts
from conversations.engine.moves import Done, Move, Open
from conversations.engine.review import reviewed
from conversations.engine.texts import Shown, t
from conversations.understanding import Meaning


def finish(talk: Talk) -> Move:
    name = str(talk.frame.answers["name"])
    save = SaveSeeker(about.to_save(talk.answers))
    return Done(
        (finished(name), t("Kami mengabari jika ada lowongan yang cocok. Untuk berhenti dikabari, balas STOP.")),
        (save, *consent.given(talk), SetAlerts(True)),
        then=Open("details", {"for_whom": talk.frame.answers["for_whom"]}),
    )


def finished(name: str) -> Shown:
    """The sentence that confirms; its first words stand nowhere else."""
    return t("Pendaftaran selesai, {name}.", name=name)


def opened(context: Context, meaning: Meaning, words: str) -> Move:
    """Somebody wants to register."""
    if context.seeker is not None:
        here = t("{name} sudah terdaftar di sini.", name=context.seeker.name)
        return Open("profile", say=(here, t("Untuk mendaftarkan orang lain, balas PETUGAS.")))
    answers = {"for_whom": "other"} if meaning.query.for_other else {}
    return Open("registration", answers)


registration = Conversation(
    name="registration",
    version=1,
    title=t("Pendaftaran"),
    states=reviewed(
        (
            about.FOR_WHOM,
            consent.CONSENT,
            about.NAME,
            about.BIRTH_YEAR,
            about.GROWN_UP,
            consent.PARENT_CONSENT,
            about.DISTRICT,
            about.NEEDS,
            about.EDUCATION,
            about.FIELDS,
        )
    ),
    finish=finish,
    resumes=True,
    fits=lambda context: context.seeker is None,
)
