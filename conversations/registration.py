"""Registering as a seeker: the first pass, at most eight questions before the review."""

from __future__ import annotations

from dataclasses import replace

from conversations import agreeing, consent
from conversations import profile_questions as person
from conversations import seeker_questions as about
from conversations.domain.seeker import NEW
from conversations.engine.context import Context, Talk
from conversations.engine.conversation import Conversation, When
from conversations.engine.events import SaveSeeker, SetAlerts
from conversations.engine.messages import Message, QuickReply
from conversations.engine.moves import Done, Move, Open
from conversations.engine.questions import Ask, Choose, ChooseMany, agreed
from conversations.engine.review import reviewed
from conversations.engine.session import Session
from conversations.engine.texts import Shown, t
from conversations.understanding import Meaning, people

_TOLD: tuple[Ask | Choose | ChooseMany, ...] = (about.RAGAM, about.SEX, person.VILLAGE, person.HOMETOWN, about.PHONE)


def when_told(state: Ask | Choose | ChooseMany) -> Ask | Choose | ChooseMany:
    """A question of ``about.TOLD``, only ever answered before it is due: shown in the review, and changed there."""
    return replace(state, when=When(f"{state.name} was told", lambda answers, _: state.name in answers))


def finish(talk: Talk) -> Move:
    name = str(talk.frame.answers["name"])
    save = SaveSeeker(about.to_save(talk.answers))
    if not consent.settled(talk):
        return agreeing.kept_as_draft(talk, name)
    return Done(
        (finished(name), t("Kami mengabari jika ada lowongan yang cocok. Untuk berhenti dikabari, balas STOP.")),
        (save, *consent.given(talk), SetAlerts(True)),
        then=Open("portions", {"for_whom": talk.frame.answers["for_whom"], "then": "vacancies"}),
    )


def finished(name: str) -> Shown:
    """The sentence that confirms; its first words stand nowhere else."""
    return t("Pendaftaran selesai, {name}.", name=name)


def opened(context: Context, meaning: Meaning, words: str) -> Move:
    """Somebody wants to register."""
    another = meaning.query.for_other or another_wanted(words)
    if context.seeker is not None and not another:
        here = t("{name} sudah terdaftar di sini.", name=context.seeker.name)
        other = t("Untuk mendaftarkan orang lain, tulis: daftarkan orang lain")
        return Open("profile", {"for_whom": context.seeker.for_whom}, say=(here, other))
    return Open("registration", {"for_whom": "other"} if another else {}, about=NEW)


def another_wanted(words: str) -> bool:
    """ "daftarkan orang lain lagi", "daftar untuk tetangga saya": somebody besides who is registered."""
    return people.for_whom(words) == "other"


def left_at(session: Session) -> str | None:
    """The question at which a registration stands that was consented to; None: there is none.

    Before the yes nothing is known of anybody, so nobody is reminded and nothing is counted.
    """
    forms = (f for f in session.stack if f.conversation == "registration")
    return next((f.state for f in forms if agreed(f.answers.get("consent"))), None)


def reminder(last: bool) -> Message:
    """What is said, unasked, to who has left theirs. It may stand on a lock screen (rule 17)."""
    again = t("Ini pengingat terakhir dari kami.") if last else t("Tidak perlu buru-buru.")
    return Message(
        (
            t("Pendaftaran Anda belum selesai. Jawaban Anda masih kami simpan."),
            again,
            t("Untuk berhenti dan menghapus jawaban, balas BATAL."),
        ),
        (QuickReply(t("Lanjutkan pendaftaran"), "resume:1", t("DAFTAR")),),
    )


def resumed(_: int) -> Move:
    """The button of a reminder, which stands for ever."""
    return Open("registration", about=NEW)


registration = Conversation(
    name="registration",
    version=2,
    title=t("Pendaftaran"),
    states=reviewed(
        (
            about.FOR_WHOM,
            consent.CONSENT,
            consent.CHECK,
            about.NAME,
            about.BIRTH_YEAR,
            about.GROWN_UP,
            consent.PARENT_CONSENT,
            consent.GUARDIAN,
            consent.GUARDIAN_CONSENT,
            replace(about.DISTRICT, unsettles=("village", "hometown")),
            about.NEEDS,
            about.EDUCATION,
            about.FIELDS,
            *map(when_told, _TOLD),
        )
    ),
    finish=finish,
    resumes=True,
    fits=lambda context: context.seeker is None,
)
