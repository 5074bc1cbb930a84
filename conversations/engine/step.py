"""One step of any conversation: (session, event, context) -> (session, effects). Pure.

What a message means is decided in one order: a global word, an answer that is exactly one of those
offered, words that are no answer anywhere (a code), a sure wish, the present state's own parser, an unsure
wish. Otherwise "loker admin" becomes a name. Before all that it must be clear whose message it is (``handed_on``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from conversations.domain.seeker import NEW
from conversations.engine import clips, global_words, handed_on
from conversations.engine.context import Context, Said, whom
from conversations.engine.conversation import Registry, State
from conversations.engine.events import Effect, Event, MessageReceived, Request
from conversations.engine.moves import Move, Open, Retry, Revise, Say
from conversations.engine.session import Session
from conversations.engine.stage import Stage
from conversations.engine.texts import t
from conversations.understanding import Meaning, manner, understand
from conversations.understanding.answers import GlobalWord, global_word

LONGEST_TEXT = 1_500
"""Characters that are read; nobody answers a question with more, and reading on would cost everybody's time."""


@dataclass(frozen=True, slots=True)
class Step:
    """The session after the step, and what should happen. A request among the effects wants its Answer."""

    session: Session
    effects: tuple[Effect, ...]

    @property
    def request(self) -> Request | None:
        return next((e for e in self.effects if isinstance(e, Request)), None)


def step(registry: Registry, session: Session, event: Event, context: Context) -> Step:
    """Hear one event. Raises for nothing that a person can send; only a bug in a conversation raises."""
    context = replace(context, about=whom(session, context.seekers))
    session = up_to_date(registry, session, context)
    draft = any(registry.conversations[f.conversation].resumes and f.answers for f in session.stack)
    stage = Stage(registry, replace(context, draft=True) if draft else context, session)
    stage.focus()
    if not isinstance(event, MessageReceived):
        if stage.conversation is not None and stage.conversation.found is not None:
            stage.carry(stage.conversation.found(stage.talk(), event))
    elif context.frozen:
        _at_a_frozen_contact(stage, event)
    elif (message := handed_on.certain(stage, event)) is not None:
        _received(stage, message)
    return Step(stage.session, tuple(stage.effects))


def up_to_date(registry: Registry, session: Session, context: Context) -> Session:
    """The session in today's conversations: states that are gone have heirs, answers are kept.

    What does not fit any more is closed: a form about somebody whom this contact speaks for no longer.
    """
    frames = []
    latest = context.seekers[0].id if context.seekers else NEW
    known = {NEW, *(seeker.id for seeker in context.seekers)}
    for kept in session.stack:
        one = registry.heirs[kept.conversation](kept) if kept.conversation in registry.heirs else kept
        about = latest if one.about is None else one.about
        frame = replace(one, about=about)
        conversation = registry.conversations.get(frame.conversation)
        if conversation is None or about not in known:
            continue
        if conversation.fits is not None and not conversation.fits(replace(context, about=about)):
            continue
        current = conversation.current(frame, context)
        frames.append(
            current if current.version == conversation.version else replace(current, version=conversation.version)
        )
    return replace(session, stack=tuple(frames))


def _at_a_frozen_contact(stage: Stage, event: MessageReceived) -> None:
    """Whoever has somebody's telephone now learns nothing, and may call a person."""
    wants_person = event.text is not None and global_word(event.text, stage.context.locale) is GlobalWord.PETUGAS
    stage.carry(stage.registry.person(stage.context) if wants_person else stage.registry.frozen)


BESIDE_A_PIN = (GlobalWord.BATAL, GlobalWord.MENU, GlobalWord.PETUGAS, GlobalWord.STOP)
"""Words that are heard though a PIN must be said first: they read nothing back."""


def _kept_shut(stage: Stage, event: MessageReceived) -> bool:
    """Whether what is open waits for a PIN, which is asked for now."""
    word = global_word(event.text, stage.context.locale) if event.text else None
    if not stage.shut or word in BESIDE_A_PIN:
        return False
    stage.ask()
    return True


def _received(stage: Stage, event: MessageReceived) -> None:
    if _kept_shut(stage, event):
        return
    if event.choice is not None:
        _tapped(stage, event.choice)
        return
    stage.session = replace(stage.session, last_tap=None)
    if event.edited:
        stage.carry(Say((t("Pesan yang diubah tidak kami baca. Tulis saja jawaban yang baru."),)))
    elif event.media is not None:
        stage.carry(Say((t("Kami hanya bisa membaca tulisan. Tulis jawabannya, atau balas PETUGAS."),)))
    elif event.phone is not None:
        _phone_shared(stage, event.phone, event.phone_is_own)
    elif event.start and (move := _standing(stage, *_prefix_and_number(event.start, "-"))):
        stage.carry(move)
    elif event.text and event.text.strip():
        _written(stage, event.text.strip())
    else:
        stage.carry(Say((t("Pesan itu kosong. Tulis jawaban dengan kata atau angka."),)))


def _phone_shared(stage: Stage, phone: str, own: bool) -> None:
    state = stage.state
    if state is None or not state.wants_contact:
        stage.carry(Say((t("Nomor telepon tidak kami simpan, karena belum ditanyakan."),)))
    elif not own:
        stage.carry(Retry(t("Itu nomor orang lain. Bagikan nomor Anda sendiri, atau tulis nomornya.")))
    else:
        stage.carry(state.hear(stage.talk(), Said(phone=phone)))


TREMOR = 10
"""Seconds within which the same tap is a trembling hand; later it is a wish to see the same thing again."""


def _tapped(stage: Stage, value: str) -> None:
    prefix, number = _prefix_and_number(value, ":")
    standing = _standing(stage, prefix, number)
    now = int(stage.context.now.timestamp())
    if value == stage.session.last_tap and (standing is None or now - stage.session.tapped_at < TREMOR):
        return
    stage.session = replace(stage.session, last_tap=value, tapped_at=now)
    if standing is not None:
        stage.carry(standing)
        return
    if stage.session.visits == 0:
        # A page may show the menu before anybody has said anything: then its buttons are the menu's.
        unsaid = len(stage.effects)
        stage.carry(Open(stage.registry.home))
        del stage.effects[unsaid:]
    visit, _, choice = value.partition(":")
    top, state = stage.session.top, stage.state
    if top is not None and state is not None and visit == str(top.visit):
        if choice.startswith(clips.PREFIX) and stage.plays(choice):
            return
        stage.carry(state.hear(stage.talk(), Said(choice=choice)))
    elif state is not None:
        stage.say((t("Maaf, pilihan itu untuk pertanyaan yang sudah lewat."),))
        stage.ask()
    else:
        stage.carry(Open(stage.registry.home, say=(t("Maaf, pilihan itu untuk pertanyaan yang sudah lewat."),)))


def _written(stage: Stage, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        stage.carry(Say((t("Pesan itu terlalu panjang. Tulis yang penting saja, dengan beberapa kata."),)))
        return
    if (word := global_word(text, stage.context.locale)) is not None:
        global_words.heard(word, stage)
        return
    if stage.plays(text):
        return
    state = stage.state
    if (move := _plain(stage, text)) is not None:
        stage.carry(move)
        return
    meaning = understand(text, stage.context.region, stage.context.today)
    if not stage.form and (move := stage.registry.introduced(stage.context, meaning, text)) is not None:
        stage.carry(move)
        return
    wish = _wish(stage, meaning, text)
    if state is None:
        stage.carry(wish or _lost(stage))
        return
    said = Said(text=text, meaning=meaning)
    if state.takes(stage.talk(), said):
        stage.carry(state.hear(stage.talk(), said))
    elif wish is not None and _comes_first(stage, state, meaning, text):
        stage.carry(wish)
    else:
        move = state.hear(stage.talk(), said)
        if stage.form:
            move = stage.registry.besides(stage.talk(), text, move)
        # A form is not left for what only may be a wish: it is an answer that was not understood.
        free = isinstance(move, Retry) and not move.firm and (meaning.sure or not stage.form)
        stage.carry(wish if free and wish is not None else move)


def _plain(stage: Stage, text: str) -> Move | None:
    """What words do that need not be understood as a wish: they turn, tap, correct, answer exactly, or are a code."""
    state, said = stage.state, Said(text=text)
    own_words = state is not None and state.own_words
    if move := stage.registry.turned(stage.context, stage.session, text, own_words):
        return move
    if move := _standing(stage, *_typed_standing(stage.registry, text)):
        return move
    if move := stage.registry.corrected(stage.talk() if stage.form else None, stage.context, text):
        return move
    if state is not None and state.claims(stage.talk(), said):
        return state.hear(stage.talk(), said)
    return stage.registry.unmistakable(stage.context, text, stage.form)


def _comes_first(stage: Stage, state: State, meaning: Meaning, text: str) -> bool:
    """Whether a wish is heard before the question that is open.

    In a talk, whenever it is in explicit words. A form's question is asked first, for its answers are made of
    the same words ("kerja dari rumah" is a need); one that takes own words would take anything, so there only
    what cannot be an answer comes first. Neither can a question be.
    """
    if not meaning.sure:
        return False
    if not stage.form:
        return True
    return (state.own_words or manner.is_question(text)) and stage.registry.interrupts(meaning, text)


def _wish(stage: Stage, meaning: Meaning, text: str) -> Move | None:
    if (corrected := _correction(stage, meaning)) is not None:
        return corrected
    opener = stage.registry.intents.get(meaning.intent)
    move = opener(stage.context, meaning, text) if opener else None
    if isinstance(move, Open) and move.conversation == stage.registry.home and stage.form and stage.conversation:
        # A hello in the middle of a form is a hello, not a wish to leave it.
        return Say((t("Halo. Kita lanjutkan: {title}.", title=stage.conversation.title),))
    return move


def _correction(stage: Stage, meaning: Meaning) -> Move | None:
    """ "ganti nama" while a form is open means the form's own answer."""
    conversation, topic = stage.conversation, meaning.query.topic
    if not stage.form or conversation is None or meaning.intent != "profile" or topic is None:
        return None
    known = conversation.state(topic) is not None and topic in stage.session.stack[-1].answers
    return Revise(topic) if known else None


def _lost(stage: Stage) -> Move:
    """Nothing is open and nothing was understood: say what can be done here, and offer a person."""
    return Open(stage.registry.home, say=(t("Maaf, kami belum mengerti."),))


def _standing(stage: Stage, prefix: str, number: int | None) -> Move | None:
    opener = stage.registry.standing.get(prefix)
    return opener(number) if opener and number is not None else None


def _typed_standing(registry: Registry, text: str) -> tuple[str, int | None]:
    """ "loker 5": how a button that stands for ever is typed."""
    word, _, number = text.lower().strip(" .").partition(" ")
    prefix = next((p for p, words in registry.standing_words.items() if word in words), "")
    return _prefix_and_number(f"{prefix}:{number.strip()}", ":")


def _prefix_and_number(value: str, separator: str) -> tuple[str, int | None]:
    prefix, _, number = value.partition(separator)
    usable = number.isascii() and number.isdecimal() and len(number) <= 9
    return prefix, int(number) if usable else None
