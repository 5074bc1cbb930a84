"""An address that may have been handed on: who writes is asked before anything is answered, and nothing told.

Telephone numbers that fall silent are given to somebody else. So after ``SILENCE`` the first message waits in the
session until the person has said, in exact words, whether they are the one from before.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from conversations.engine.events import LetGo, MessageReceived, Send, SetAlerts
from conversations.engine.global_words import stopped
from conversations.engine.messages import Message, QuickReply
from conversations.engine.moves import Say
from conversations.engine.questions import Choice
from conversations.engine.session import Held, Session
from conversations.engine.stage import Stage
from conversations.engine.texts import t
from conversations.understanding.answers import GlobalWord, Option, choose_exactly, global_word, yes_no

SILENCE = timedelta(days=60)
"""A number that was silent this long may belong to somebody else."""

YES = Choice("yes", t("Ya, itu saya"), ("ya saya", "ya ini saya", "iya itu saya", "itu saya", "yes"))
NO = Choice("no", t("Bukan, saya orang lain"), ("bukan saya", "bukan", "orang lain", "saya orang lain", "no"))


def certain(stage: Stage, event: MessageReceived) -> MessageReceived | None:
    """The message to answer now: this one, or the one that waited; None while it is not known who writes."""
    held = stage.session.held
    if held is not None:
        return _answered(stage, event, held)
    if not stage.context.may_be_another:
        return event
    if not stage.context.seekers and not stage.context.draft:
        # Nothing is kept about anybody; only what somebody looked for is not gone on with.
        stage.session = Session(visits=stage.session.visits)
        return event
    visit = stage.session.visits + 1
    kept = event.to_json() | ({"text": event.text[:_LONGEST]} if event.text else {})
    held = Held(kept, stage.context.now.isoformat(), visit)
    stage.session = replace(stage.session, visits=visit, held=held)
    _ask(stage, held)
    return None


_LONGEST = 1_600
"""Characters that are kept: a longer message is told to be shortened anyway."""


def _ask(stage: Stage, held: Held) -> None:
    replies = tuple(
        QuickReply(choice.label, f"{held.visit}:{choice.value}", str(n)) for n, choice in enumerate((YES, NO), start=1)
    )
    asked = (t("Nomor ini pernah memakai layanan ini."), t("Apakah itu Anda?"))
    stage.effects.append(Send(Message(asked, replies)))


def _answered(stage: Stage, event: MessageReceived, held: Held) -> MessageReceived | None:
    word = global_word(event.text, stage.context.locale) if event.text else None
    if word is GlobalWord.STOP:
        # Nobody is told yet that there are other contacts.
        stage.say(stopped(replace(stage.context, shared=frozenset())), (SetAlerts(False),))
        return None
    if word is GlobalWord.PETUGAS:
        person = stage.registry.person(stage.context)
        assert isinstance(person, Say), "a person is promised without asking anything"
        stage.say(person.say, person.effects)
        return None
    match _who(stage, event, held):
        case "yes":
            stage.session = replace(stage.session, held=None)
        case "no":
            welcome = t("Baik, selamat datang. Kita mulai dari awal.")
            stage.say((welcome,), (LetGo(since=datetime.fromisoformat(held.at)),))
            stage.session = Session(visits=stage.session.visits)
        case _:
            _missed(stage, held, helpless=word is GlobalWord.BANTUAN)
            return None
    return MessageReceived.from_json(held.message)


def _who(stage: Stage, event: MessageReceived, held: Held) -> str | None:
    """ "yes", "no", or None: not said in exact words, as with a consent."""
    if event.choice is not None:
        visit, _, choice = event.choice.partition(":")
        return choice if visit == str(held.visit) and choice in (YES.value, NO.value) else None
    if not event.text or "?" in event.text:
        return None
    tr = stage.context.tr
    offered = [Option(c.value, tr(c.label), n, c.aliases) for n, c in enumerate((YES, NO), start=1)]
    said = yes_no(event.text)
    return choose_exactly(event.text, offered) or (None if said is None else YES.value if said else NO.value)


def _missed(stage: Stage, held: Held, helpless: bool) -> None:
    held = replace(held, misses=held.misses + 1)
    stage.session = replace(stage.session, held=held)
    person = (t("Jika sulit, balas PETUGAS untuk dibantu orang."),) if helpless or held.misses > 1 else ()
    stage.say((t("Kami perlu tahu ini dahulu. Balas: ya atau tidak"), *person))
    _ask(stage, held)
