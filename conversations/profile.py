"""What is known of a seeker: its first part asked after registering, and changing one thing of it."""

from __future__ import annotations

from dataclasses import replace

from conversations import alerts, consent, links
from conversations import seeker_questions as about
from conversations.domain.query import Query
from conversations.domain.seeker import NEW, Seeker
from conversations.engine.context import Context, Talk
from conversations.engine.conversation import Condition, Conversation, Is, State, When
from conversations.engine.events import SaveSeeker
from conversations.engine.moves import Done, Move, Open
from conversations.engine.questions import Ask, Choice, Choose, ChooseMany
from conversations.engine.session import Json
from conversations.engine.texts import Text, t
from conversations.understanding import Meaning

FIELDS: tuple[State, ...] = (*about.BASIC, *about.DETAILS)


def values_of(seeker: Seeker) -> dict[str, Json]:
    """The seeker as answers to the questions; what is not known is absent."""
    values: dict[str, Json] = {
        "name": seeker.name,
        "birth_year": seeker.birth_year,
        "district": seeker.district,
        "needs": list(seeker.needs),
        "education": seeker.education,
        "fields": list(seeker.fields),
        "ragam": list(seeker.ragam),
        "sex": seeker.sex,
        "phone": seeker.phone,
    }
    return {name: value for name, value in values.items() if value not in (None, [])}


def lines_of(talk: Talk, seeker: Seeker) -> tuple[Text, ...]:
    """ "Label: nilai", a line each, of what is known."""
    values = values_of(seeker)
    return tuple(
        t("{label}: {value}", label=state.label, value=state.shown(talk, values[state.name]))
        for state in FIELDS
        if state.label is not None and state.name in values
    )


# The first part of the profile, offered after registering


def kept_at_once(state: State) -> State:
    """The question, its answer saved with it: who stops in the middle loses nothing."""
    assert isinstance(state, Ask | Choose | ChooseMany)
    return replace(state, keep=True)


def registered(context: Context) -> bool:
    return context.seeker is not None


def finish_details(talk: Talk) -> Move:
    given = any(talk.frame.answers.get(state.name) not in (None, []) for state in about.DETAILS)
    query = Query(for_me=True)
    said = t("Terima kasih. Data sudah disimpan.") if given else t("Baik. Data bisa dilengkapi kapan saja.")
    return Done((said,), then=Open("vacancies", {"query": query.to_json()}))


details = Conversation(
    name="details",
    version=1,
    title=t("Data tambahan"),
    states=tuple(kept_at_once(state) for state in about.DETAILS),
    finish=finish_details,
    resumes=True,
    fits=registered,
)


# Changing one thing


def which(name: str) -> Is:
    return Is("which", (name,))


def due_when(state: State, condition: Condition) -> State:
    """The same question, asked only then."""
    assert isinstance(state, Ask | Choose | ChooseMany)
    return replace(state, when=condition)


def asked(name: str) -> list[State]:
    """The question about one thing, and what follows from its answer: a child's year needs a parent's yes."""
    state = next(s for s in FIELDS if s.name == name)
    changed = due_when(state, which(name))
    if name != about.BIRTH_YEAR.name:
        return [changed]
    unclear = When("birth_year and age unclear", lambda a, c: a.get("which") == name and about.age_unclear(a, c))
    minor = When("birth_year and under 18", lambda a, c: a.get("which") == name and about.is_minor(a, c))
    return [changed, due_when(about.GROWN_UP, unclear), due_when(consent.PARENT_CONSENT, minor)]


WHICH = Choose(
    name="which",
    text=t("Apa yang ingin diubah?"),
    choices=tuple(Choice(state.name, state.label or state.name) for state in FIELDS),
    hint=t("Balas angka atau namanya. Contoh: telepon"),
)


def finish(talk: Talk) -> Move:
    name = str(talk.frame.answers["which"])
    state = next(s for s in FIELDS if s.name == name)
    value = about.to_save({name: talk.frame.answers[name]})
    if talk.frame.answers[name] is None:
        return Done((t("Baik, tidak ada yang diubah."),))
    assert state.label is not None
    shown = state.shown(talk, talk.frame.answers[name])
    said = t("Sudah diubah. {label}: {value}", label=state.label, value=shown)
    return Done((said,), (SaveSeeker(value), *consent.given(talk)))


profile = Conversation(
    name="profile",
    version=1,
    title=t("Ubah data"),
    states=(WHICH, *(state for field in FIELDS for state in asked(field.name))),
    finish=finish,
    resumes=True,
    fits=registered,
)

TOPICS = {state.name for state in FIELDS}


def opened(context: Context, meaning: Meaning, words: str) -> Move:
    """Somebody wants to change what is kept about them, the language, or where they talk with us."""
    if meaning.query.topic == "language":
        return Open("language")
    if meaning.query.topic == "news_here" and context.seeker is None:
        return alerts.turn_on(context)
    if meaning.query.topic in links.TOPICS:
        return links.opened(meaning.query.topic)
    if context.seeker is None:
        return Open("registration", about=NEW, say=(t("Anda belum terdaftar. Kita mulai dengan mendaftar."),))
    answers: dict[str, Json] = {"for_whom": context.seeker.for_whom}
    if meaning.query.topic in TOPICS:
        answers["which"] = meaning.query.topic
    return Open("profile", answers)
