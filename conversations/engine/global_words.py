"""The words that work in every state, when they are the whole message (rule 10)."""

from __future__ import annotations

from conversations.engine.context import Context
from conversations.engine.events import SetAlerts
from conversations.engine.moves import Answered, Done, Open, Revise, Say
from conversations.engine.stage import Stage
from conversations.engine.texts import Shown, t
from conversations.understanding.answers import GlobalWord


def heard(word: GlobalWord, stage: Stage) -> None:
    """Do what the word says, whatever is open."""
    match word:
        case GlobalWord.BATAL:
            _cancel(stage)
        case GlobalWord.KEMBALI:
            _back(stage)
        case GlobalWord.LEWATI:
            _skip(stage)
        case GlobalWord.ULANG:
            _repeat(stage)
        case GlobalWord.BANTUAN:
            stage.say(stage.registry.help(stage.talk() if stage.session.stack else None, stage.context))
            stage.ask()
        case GlobalWord.MENU:
            stage.carry(Open(stage.registry.home))
        case GlobalWord.SELESAI:
            _finish(stage)
        case GlobalWord.PETUGAS:
            stage.carry(stage.registry.person(stage.context))
        case GlobalWord.STOP:
            stage.carry(Say(stopped(stage.context), (SetAlerts(False),)))


def stopped(context: Context) -> tuple[Shown, ...]:
    """What is said when being told is turned off: here, and nowhere else."""
    off = t("Kabar lowongan dimatikan. Untuk menyalakan lagi, balas KABARI.")
    return (off, t("Ini hanya untuk chat ini. Chat Anda yang lain tidak berubah.")) if context.linked else (off,)


def _cancel(stage: Stage) -> None:
    """End the talk on top, and only that; what is open below is said."""
    while stage.conversation is not None and stage.conversation.passing:
        stage.session = stage.session.popped()  # a menu is in nobody's way
    meant = stage.context.about
    stage.focus()
    if (conversation := stage.conversation) is None or stage.context.about != meant:
        stage.carry(Say((t("Tidak ada yang perlu dibatalkan. Untuk melihat pilihan, balas MENU."),)))
        return
    if conversation.keeps:
        ended = t("{title} ditutup. Yang sudah dijawab tetap tersimpan.", title=conversation.title)
    elif conversation.resumes:
        ended = t("{title} dibatalkan. Jawabannya tidak disimpan.", title=conversation.title)
    else:
        ended = t("{title} ditutup.", title=conversation.title)
    _end(stage, (ended,))


def _end(stage: Stage, say: tuple[Shown, ...] = ()) -> None:
    """End the talk on top; what is below is asked again, whatever it is, for the person wanted to get there."""
    stage.carry(Done(say))
    below = stage.conversation
    if below is None:
        stage.say((t("Untuk melihat pilihan, balas MENU."),))
    elif not below.resumes:
        stage.say((t("Kita lanjutkan: {title}.", title=below.title),))
        stage.ask()


def _back(stage: Stage) -> None:
    conversation = stage.conversation
    if conversation is None:
        stage.carry(Open(stage.registry.home))
    elif conversation.resumes:
        previous = conversation.before(stage.session.stack[-1], stage.context)
        stage.carry(Revise(previous.name) if previous else Say((t("Ini sudah pertanyaan pertama."),)))
    elif (move := conversation.back(stage.talk()) if conversation.back else None) is not None:
        stage.carry(move)
    elif conversation.passing and len(stage.session.stack) == 1:
        stage.carry(Say((t("Tidak ada yang sebelum ini. Untuk melihat pilihan, balas MENU."),)))
    else:
        _end(stage)


def _skip(stage: Stage) -> None:
    """Leave an optional question; a required one says why it is asked. Revising, the old answer stands."""
    state = stage.state
    if state is None or not stage.form:
        stage.carry(Say((t("Tidak ada pertanyaan yang bisa dilewati di sini."),)))
    elif stage.session.stack[-1].revising and state.name in stage.session.stack[-1].answers:
        stage.advance()
    elif state.optional:
        stage.carry(Answered(None))
    else:
        stage.say((state.required_because or t("Pertanyaan ini perlu dijawab dahulu."),))
        stage.ask()


def _repeat(stage: Stage) -> None:
    if stage.state is None:
        stage.carry(Open(stage.registry.home))
    else:
        stage.ask()


def _finish(stage: Stage) -> None:
    """What is open ends; a form keeps its answers for another day."""
    state, conversation = stage.state, stage.conversation
    if state is None or conversation is None or conversation.passing:
        stage.carry(Say((t("Baik, sampai nanti. Tulis apa saja untuk mulai lagi."),)))
    elif (move := state.done(stage.talk())) is not None:
        stage.carry(move)
    elif conversation.resumes:
        kept = t("Jawaban Anda disimpan sementara. {title} bisa dilanjutkan kapan saja.", title=conversation.title)
        stage.carry(Open(stage.registry.home, say=(kept,)))
    elif len(stage.session.stack) > 1:
        _end(stage)  # done with this talk, not with the service
    else:
        stage.carry(Done((t("Baik, sampai nanti. Tulis apa saja untuk mulai lagi."),)))
