"""Being told of new vacancies, unasked: the message, turning it on, turning it off."""

from __future__ import annotations

import re
from collections.abc import Sequence

from conversations import agreeing
from conversations.domain import fields
from conversations.domain.seeker import NEW
from conversations.domain.vacancy import Vacancy
from conversations.domain.wording import fold
from conversations.engine.context import Context
from conversations.engine.events import PauseSeeker, SetAlerts
from conversations.engine.global_words import stopped
from conversations.engine.messages import Message, QuickReply
from conversations.engine.moves import Move, Open, Say
from conversations.engine.texts import Shown, Text, t
from conversations.understanding import Meaning
from conversations.understanding.reading import plain_reader
from conversations.wording import pay, vacancy_detail, vacancy_line

AT_ONCE = 3
"""Vacancies in one message (rule 6)."""


def alert(vacancies: Sequence[Vacancy]) -> Message:
    """What is sent unasked. A lock screen may show it: job, place and pay, nothing of the person (rule 17).

    At most AT_ONCE vacancies. The buttons stand for ever, and so do the words "loker 5".
    """
    heading = t("Ada lowongan baru:") if len(vacancies) == 1 else t("Ada beberapa lowongan baru:")
    replies = tuple(
        QuickReply(
            discreet_title(v), f"job:{v.id}", t("LOKER {number}", number=v.id), discreet_line(v), discreet_detail(v)
        )
        for v in vacancies
    )
    return Message((heading,), replies)


def others(count: int) -> Text:
    """Below an alert: how many more there are than it shows."""
    return t("Dan {count} lowongan lain. Untuk melihatnya, tulis: lowongan yang cocok", count=count)


_TELLING = re.compile(
    r"\b(?:disab|difab|penyandang|cacat|berkebutuhan khusus|luar biasa|slb\b|kursi roda|bahasa isyarat|bisindo|braille"
    r"|deaf|blind)"
)
_INNOCENT = {("gerak",), ("perkembangan",)}
"""Names of ragam that by themselves mostly mean something else."""


def tells(words: str) -> bool:
    """Whether an employer's words name a ragam, an illness or disability, which a lock screen may not (rule 17)."""
    if _TELLING.search(fold(words)):
        return True
    reading = plain_reader().read(words)
    return any(
        wish.slot == "ragam" and tuple(reading.words[tag.start : tag.end]) not in _INNOCENT
        for tag in reading.tags
        if tag.entry
        for wish in tag.entry.wishes
    )


def discreet_title(vacancy: Vacancy) -> Shown:
    """The title; where it tells too much the field of work, and without one only that it is work."""
    if not tells(vacancy.title):
        return vacancy.title
    named = next((code for code in vacancy.fields if code in fields.FIELDS), None)
    return fields.label(named) if named else t("Lowongan kerja")


def discreet_line(vacancy: Vacancy) -> Text:
    """Job, place and pay, of which only the pay is sure to tell nothing."""
    title = discreet_title(vacancy)
    if tells(vacancy.place):
        return t("{title}, {pay}", title=title, pay=pay(vacancy))
    if title != vacancy.title:
        return t("{title}, {place}, {pay}", title=title, place=vacancy.place, pay=pay(vacancy))
    return vacancy_line(vacancy)


def discreet_detail(vacancy: Vacancy) -> Text:
    """``discreet_line`` without the job."""
    return pay(vacancy) if tells(vacancy.place) else vacancy_detail(vacancy)


def turn_on(context: Context) -> Move:
    """Only who is registered can be told: nothing else says what suits them."""
    if context.seeker is None:
        return Open(
            "registration", about=NEW, say=(t("Kami perlu tahu kerja yang cocok untuk Anda. Mari mendaftar dahulu."),)
        )
    if agreeing.is_draft(context):
        return agreeing.opened(context)
    resume = (PauseSeeker(False),) if context.seeker.paused else ()
    return Say((turned_on(),), (SetAlerts(True), *resume))


def turned_on() -> Text:
    return t("Kabar lowongan dinyalakan. Kami mengabari jika ada yang cocok. Untuk berhenti, balas STOP.")


def subscribe(context: Context, meaning: Meaning, words: str) -> Move:
    return turn_on(context)


def unsubscribe(context: Context, meaning: Meaning, words: str) -> Move:
    return Say(stopped(context), (SetAlerts(False),))
