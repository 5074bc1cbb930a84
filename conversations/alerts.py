"""Being told of new vacancies, unasked: the message, turning it on, turning it off."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.domain.vacancy import Vacancy
from conversations.engine.context import Context
from conversations.engine.events import PauseSeeker, SetAlerts
from conversations.engine.global_words import stopped
from conversations.engine.messages import Message, QuickReply
from conversations.engine.moves import Move, Open, Say
from conversations.engine.texts import Text, t
from conversations.understanding import Meaning
from conversations.wording import vacancy_line

AT_ONCE = 3
"""Vacancies in one message (rule 6)."""


def alert(vacancies: Sequence[Vacancy]) -> Message:
    """What is sent unasked. A lock screen may show it: job, place and pay, nothing of the person (rule 17).

    At most AT_ONCE vacancies. The buttons stand for ever, and so do the words "loker 5".
    """
    heading = t("Ada lowongan baru:") if len(vacancies) == 1 else t("Ada beberapa lowongan baru:")
    replies = tuple(
        QuickReply(v.title, f"job:{v.id}", t("LOKER {number}", number=v.id), vacancy_line(v)) for v in vacancies
    )
    return Message((heading,), replies)


def turn_on(context: Context) -> Move:
    """Only who is registered can be told: nothing else says what suits them."""
    if context.seeker is None:
        return Open("registration", say=(t("Kami perlu tahu kerja yang cocok untuk Anda. Mari mendaftar dahulu."),))
    resume = (PauseSeeker(False),) if context.seeker.paused else ()
    return Say((turned_on(),), (SetAlerts(True), *resume))


def turned_on() -> Text:
    return t("Kabar lowongan dinyalakan. Kami mengabari jika ada yang cocok. Untuk berhenti, balas STOP.")


def subscribe(context: Context, meaning: Meaning, words: str) -> Move:
    return turn_on(context)


def unsubscribe(context: Context, meaning: Meaning, words: str) -> Move:
    return Say((stopped(),), (SetAlerts(False),))
