"""What people say unasked: who they are in one message, several answers in one, and corrections in plain words.

Nothing of it is kept without being shown: an introduction waits as unsaved answers of a registration, in which consent
is asked first; a correction of what is kept is confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conversations import profile
from conversations import seeker_questions as about
from conversations.domain import education
from conversations.domain.seeker import NEW
from conversations.engine.context import Context, Talk
from conversations.engine.moves import Amend, Answered, Move, Open, Retry, Say
from conversations.engine.session import Frame, Json, Session
from conversations.engine.texts import Listing, Text, t
from conversations.registration import registration
from conversations.understanding import Meaning
from conversations.understanding.corrections import Correction, correction
from conversations.understanding.introduction import introduction
from conversations.understanding.schooling import Schooling, schooling

_FACTS = frozenset(state.name for state in (about.FOR_WHOM, *about.BASIC, about.GROWN_UP))
"""The questions whose answers may hold others too; a consent and what belongs to it are never read that way."""
_OWN_PERSON = ("find_jobs", "find_training", "greet", "unknown", "profile")
"""Wishes beside which somebody may have introduced themselves; the others are answered first."""


def noted(talk: Talk, facts: Mapping[str, Json]) -> tuple[Text, ...]:
    """What was understood, a line each, for who said it to put it right."""
    return tuple(
        t("{label}: {value}", label=state.label, value=state.shown(talk, facts[state.name]))
        for state in registration.states
        if state.name in facts and state.label is not None
    )


def beside(lines: tuple[Text, ...]) -> tuple[Text, ...]:
    """The lines as what was noted besides the answer."""
    return lines if len(lines) < 2 else (t("Kami catat juga:"), *lines)


def introduced(context: Context, meaning: Meaning, words: str) -> Move | None:
    """A registration that begins with what somebody has told of themselves, or of whom they speak for."""
    registers = meaning.intent == "register"
    if not registers and (context.seeker is not None or meaning.intent not in _OWN_PERSON):
        return None
    if meaning.sure and meaning.intent in ("find_jobs", "find_training"):
        return None
    facts = dict(introduction(words, context.region, context.today))
    told = facts.keys() - {"for_whom"}
    if not (("name" in told and (len(told) > 1 or meaning.intent == "profile")) or (registers and told)):
        return None
    if context.seeker is not None and facts.get("for_whom") != "other":
        return None
    if meaning.query.for_other and facts.get("for_whom") is None:
        facts["for_whom"] = "other"
    talk = Talk(context, Session(), Frame(registration.name, registration.version, "", 0, facts))
    heard = (t("Ini yang kami baca. Belum kami simpan."), *noted(talk, facts))
    return Open(registration.name, facts, about=NEW, say=heard)


def besides(talk: Talk, words: str, move: Move) -> Move:
    """The move of an answer, and what its words say besides as answers to other questions of the registration.

    A consent is never read out of other words, and what was answered before stands: to put it right takes a
    correction.
    """
    asked = talk.frame.state
    if asked == about.EDUCATION.name and isinstance(move, Answered):
        move = replace(move, say=(*move.say, *_of_a_range(words)))
    if talk.frame.conversation != registration.name or asked not in _FACTS:
        return move
    facts = dict(introduction(words, talk.context.region, talk.context.today, asked))
    own = facts.pop(asked, None)
    others = {name: value for name, value in facts.items() if name not in talk.frame.answers}
    if not others:
        return Answered(own) if own is not None and isinstance(move, Retry) else move
    heard = beside(noted(talk, others))
    if own is not None:
        return Answered(own, heard, also=others)
    if isinstance(move, Answered):
        return replace(move, say=(*move.say, *heard), also=others)
    return Amend(others, heard) if isinstance(move, Retry) and not move.firm else move


def _of_a_range(words: str) -> tuple[Text, ...]:
    """Which of the levels of a range ("SMA atau SMK") was kept, for who named both."""
    found = schooling(words)
    if not isinstance(found, Schooling) or found.level is None or not found.levels:
        return ()
    named = Listing(tuple(education.inline(level) for level in found.levels))
    kept = t("Kami catat {level} dahulu. Ini bisa diubah.", level=education.inline(found.level))
    return (t("Anda menyebut {levels}.", levels=named), kept)


def corrected(talk: Talk | None, context: Context, words: str) -> Move | None:
    """What was put right: at once in a registration that is not saved yet, else shown before it is saved."""
    found = correction(words, context.region, context.today)
    if found is None:
        return None
    if talk is not None and talk.frame.conversation == registration.name:
        state = registration.state(found.field)
        assert state is not None
        values = {found.field: found.value, **found.also}
        said = t(
            "Sudah diubah. {label}: {value}", label=state.label or state.name, value=state.shown(talk, found.value)
        )
        return Amend(values, (said,))
    return _confirmed(context, found) if context.seeker is not None else None


def _confirmed(context: Context, found: Correction) -> Move:
    """Ask before what is kept is changed."""
    assert context.seeker is not None
    name = "village" if "village" in found.also else found.field
    value = found.also.get("village", found.value)
    state = profile.question(name)
    talk = Talk(context, Session(), Frame(profile.profile.name, profile.profile.version, "", 0))
    if context.seeker.values().get(name) == value and context.seeker.pin is None:  # else it would be read back unasked
        same = t("Itu sudah tercatat. {label}: {value}", label=state.label or name, value=state.shown(talk, value))
        return Say((same,))
    amends = {key: also for key, also in found.also.items() if key != "village"}
    answers = {"for_whom": context.seeker.for_whom, "which": name, name: value, "amends": amends}
    return Open(profile.profile.name, answers)
