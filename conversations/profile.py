"""What is known of a seeker, in lines, and changing one thing of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conversations import alerts, consent, links, portions, safety
from conversations import profile_questions as person
from conversations import seeker_questions as about
from conversations.domain.seeker import NEW, Seeker
from conversations.engine.context import Context, Talk
from conversations.engine.conversation import Condition, Conversation, Is, State, When
from conversations.engine.events import SaveSeeker
from conversations.engine.moves import Done, Move, Open
from conversations.engine.questions import Ask, Choice, Choose, ChooseMany
from conversations.engine.session import Json
from conversations.engine.texts import Text, t
from conversations.portions import QUESTIONS
from conversations.understanding import Meaning


def lines_of(talk: Talk, seeker: Seeker) -> tuple[Text, ...]:
    """ "Label: nilai", a line each, of what is known."""
    values = seeker.values()
    return tuple(
        t("{label}: {value}", label=state.label, value=state.shown(talk, values[state.name]))
        for state in QUESTIONS
        if state.label is not None and state.name in values
    )


def registered(context: Context) -> bool:
    return context.seeker is not None


# Changing one thing


def question(name: str) -> Ask | Choose | ChooseMany:
    """The question whose answer is the field ``name``."""
    state = next(s for s in QUESTIONS if s.name == name)
    assert isinstance(state, Ask | Choose | ChooseMany)
    return state


def declined(talk: Talk, value: Json) -> Move | None:
    """A parent's no: nothing is changed."""
    return Done((t("Baik, tidak ada yang diubah."),)) if value == "no" else None


def which(name: str) -> Is:
    return Is("which", (name,))


def due_when(state: State, condition: Condition) -> State:
    """The same question, asked only then."""
    assert isinstance(state, Ask | Choose | ChooseMany)
    return replace(state, when=condition)


def asked(name: str) -> list[State]:
    """The question about one thing, and what follows from its answer: a child's year needs a parent's yes."""
    state = question(name)
    changed = due_when(state, which(name))
    if name == person.BIRTH_DATE.name:
        born = When("birth_date and under 18", lambda a, c: a.get("which") == name and person.born_a_minor(a, c))
        return [changed, replace(consent.PARENT_CONSENT, name="parent_consent_by_date", when=born, refuses=declined)]
    if name != about.BIRTH_YEAR.name:
        return [changed]
    unclear = When("birth_year and age unclear", lambda a, c: a.get("which") == name and about.age_unclear(a, c))
    minor = When("birth_year and under 18", lambda a, c: a.get("which") == name and about.is_minor(a, c))
    return [changed, due_when(about.GROWN_UP, unclear), due_when(consent.PARENT_CONSENT, minor)]


def things(context: Context) -> tuple[Choice, ...]:
    """Everything that can be changed, what is known first."""
    known = context.seeker.values() if context.seeker else {}
    ordered = sorted(QUESTIONS, key=lambda state: state.name not in known)
    return tuple(Choice(state.name, state.label or state.name) for state in ordered)


WHICH = Choose(
    name="which",
    text=t("Apa yang ingin diubah?"),
    choices=things,
    hint=t("Balas angka atau namanya. Contoh: telepon"),
)


def was_said(answers: Mapping[str, Json], _: Context) -> bool:
    """Whether the new value was said in passing, so that nobody has seen yet what it would change."""
    return "amends" in answers


def change_words(talk: Talk) -> tuple[Text, ...]:
    """What is kept, and what it would become."""
    name = str(talk.frame.answers["which"])
    state, known = question(name), talk.context.seeker.values() if talk.context.seeker else {}
    label, new = state.label or name, state.shown(talk, talk.frame.answers[name])
    becomes = (t("{label} yang baru: {value}", label=label, value=new), t("Kami ubah?"))
    if name not in known:
        return becomes
    return (t("{label} yang tersimpan: {value}", label=label, value=state.shown(talk, known[name])), *becomes)


SURE = Choose(
    name="sure",
    text=change_words,
    when=When("said in passing", was_said),
    exact=True,
    choices=(
        Choice("yes", t("Ya, ubah"), ("ya", "iya", "ubah", "benar", "betul", "setuju", "ok", "oke")),
        Choice("no", t("Jangan diubah"), ("tidak", "jangan", "gak", "nggak", "batal", "bukan")),
    ),
    other=lambda _, said: person.yes_no(said.text),
    refuses=declined,
    required_because=t("Kami hanya mengubah data dengan izin Anda. Balas: ya atau tidak"),
    hint=t("Balas: ya atau tidak"),
)
"""A correction in plain words is shown before it is saved (rule 14)."""


def finish(talk: Talk) -> Move:
    name = str(talk.frame.answers["which"])
    state, value = question(name), talk.frame.answers[name]
    if value is None:
        return Done((t("Baik, tidak ada yang diubah."),))
    amends = talk.frame.answers.get("amends") or {}
    values = {**state.to_save(talk, value), **about.to_save({name: value}), **amends}
    said = t("Sudah diubah. {label}: {value}", label=state.label or name, value=state.shown(talk, value))
    by_date = talk.frame.answers.get("parent_consent_by_date")
    consents = (consent.of_a_parent(by_date),) if by_date else consent.given(talk)
    remarks = state.remark(talk, value) if state.remark and not isinstance(state, ChooseMany | Choose) else ()
    return Done((said, *remarks), (SaveSeeker(values), *consents))


profile = Conversation(
    name="profile",
    version=1,
    title=t("Ubah data"),
    guarded=True,
    states=(WHICH, *(state for one in QUESTIONS for state in asked(one.name)), SURE),
    finish=finish,
    resumes=True,
    fits=registered,
)

TOPICS = {state.name for state in QUESTIONS}


def opened(context: Context, meaning: Meaning, words: str) -> Move:
    """Somebody wants to change what is kept about them, the language, or where they talk with us."""
    if meaning.query.topic == "language":
        return Open("language")
    if meaning.query.topic == "news_here" and context.seeker is None:
        return alerts.turn_on(context)
    if meaning.query.topic in links.TOPICS:
        return links.opened(meaning.query.topic)
    if context.seeker is None and meaning.query.topic == "phone":
        # Somebody who is not known here has another number now: perhaps the old one is in wrong hands.
        return safety.lost_phone(context, words)
    if context.seeker is None:
        return Open("registration", about=NEW, say=(t("Anda belum terdaftar. Kita mulai dengan mendaftar."),))
    if meaning.query.topic == "portions":
        return portions.opened(context)
    answers: dict[str, Json] = {"for_whom": context.seeker.for_whom}
    if meaning.query.topic in TOPICS:
        answers["which"] = meaning.query.topic
    return Open("profile", answers)
