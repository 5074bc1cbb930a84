"""Carrying out what was decided: the session moves on, messages and effects are gathered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from conversations.domain.seeker import NEW
from conversations.engine import clips, locked
from conversations.engine.context import Context, Talk, whom
from conversations.engine.conversation import Conversation, Registry, State
from conversations.engine.events import About, Effect, EraseSeeker, LetGo, Send, SetAlerts, SetLocale, Unlock
from conversations.engine.messages import Message
from conversations.engine.moves import (
    Amend,
    Answered,
    Do,
    Done,
    Goto,
    Move,
    Open,
    Retry,
    Revise,
    Say,
    Show,
    Stay,
    TurnTo,
)
from conversations.engine.session import Frame, Json, Session
from conversations.engine.texts import Shown, t


@dataclass(slots=True)
class Stage:
    """The making of one step. Mutable, and never leaves it."""

    registry: Registry
    context: Context
    session: Session
    effects: list[Effect] = field(default_factory=list)

    # Where we are

    def talk(self) -> Talk:
        """What the open conversation's functions are given; only while one is open."""
        return Talk(self.context, self.session, self.session.stack[-1])

    @property
    def conversation(self) -> Conversation | None:
        top = self.session.top
        return self.registry.conversations[top.conversation] if top else None

    @property
    def state(self) -> State | None:
        top, conversation = self.session.top, self.conversation
        return conversation.state(top.state) if top and conversation else None

    @property
    def form(self) -> bool:
        """Whether a form is open: a talk that is asked again after every interruption."""
        return self.conversation is not None and self.conversation.resumes

    @property
    def locked(self) -> bool:
        """Whether a PIN must be said before anything is read back or changed."""
        return locked.is_locked(self.context, self.session)

    @property
    def shut(self) -> bool:
        """Whether what is open now may not be heard before a PIN was said."""
        return self.conversation is not None and self.conversation.guarded and self.locked

    # Whom it is about

    def focus(self) -> None:
        """Talk about whom the open conversation is about; what follows in this step is done to them."""
        about = whom(self.session, self.context.seekers)
        if about != self.context.about:
            self.effects.append(About(about))
            self.context = replace(self.context, about=about)
        self.session = replace(self.session, about=about)

    def heading(self) -> Shown | None:
        """Whom it is about, where several people are spoken for."""
        new = [frame for frame in self.session.stack if frame.about == NEW]
        if len({seeker.id for seeker in self.context.seekers} | ({NEW} if new else set())) < 2:
            return None
        if self.context.seeker is not None:
            return t("Tentang {name}.", name=self.context.seeker.name)
        name = next((frame.answers["name"] for frame in new if "name" in frame.answers), None)
        return t("Tentang {name}.", name=name) if name else t("Tentang orang yang baru.")

    # What was decided

    def carry(self, move: Move) -> None:
        """Do it, until something is asked, looked up, or nothing is left to do."""
        move = self.permitted(move)
        match move:
            case Answered() | Amend():
                self.take(move)
            case Stay():
                self.say(move.say)
                self.session = self.session.with_top(replace(self.session.stack[-1], scratch=move.scratch, misses=0))
                self.ask()
            case Retry():
                self.retry(move.text)
            case Goto():
                self.say(move.say, move.effects)
                self.enter(move.state, move.scratch)
                self.ask()
            case Show():
                self.show(move)
            case Revise():
                self.enter(move.state, revising=True)
                self.ask()
            case Do():
                self.effects.append(move.request)
            case Open():
                self.open(move)
            case TurnTo():
                self.turn_to(move.about)
            case Done():
                ending = self.session.top
                self.say(move.say, move.effects)
                if self.session.top is ending:  # it may have been about somebody who was erased just now
                    self.session = self.session.popped()
                self.open(move.then) if move.then else self.reopen()
            case Say():
                self.say(move.say, move.effects)
                self.ask() if self.form and not move.hold else None

    def permitted(self, decided: Move) -> Move:
        """The move, or the question for a PIN where it would change what is kept and none was said."""
        stopped = self.locked and locked.changes(getattr(decided, "effects", ()))
        return Open(self.registry.guard) if stopped else decided

    def take(self, move: Answered | Amend) -> None:
        """Keep what was answered, and go on with the form."""
        self.say(move.say, move.effects if isinstance(move, Answered) else ())
        if isinstance(move, Answered):
            name = self.session.stack[-1].state
            frame = self.amended({**move.also, name: move.value}).answered(name, move.value)
        else:
            frame = self.amended(move.values)
        self.session = self.session.with_top(frame)
        self.advance()

    def amended(self, values: Mapping[str, Json]) -> Frame:
        """The frame with these answers, and without those that a change of one unsettles."""
        conversation, frame = self.conversation, self.session.stack[-1]
        for name, value in values.items():
            state = conversation.state(name) if conversation is not None else None
            if state is not None and state.unsettles and frame.answers.get(name, value) != value:
                frame = replace(frame, answers={k: v for k, v in frame.answers.items() if k not in state.unsettles})
        return replace(frame, answers={**frame.answers, **values}, misses=0)

    def say(self, lines: tuple[Shown, ...], effects: tuple[Effect, ...] = ()) -> None:
        concerns = any(not isinstance(effect, SetAlerts | SetLocale) for effect in effects)
        talking = self.conversation is not None and not self.conversation.passing
        about = self.heading() if concerns or talking else None
        for effect in effects:
            if isinstance(effect, Unlock):
                self.session = replace(self.session, opened=locked.opened(self.context, self.session))
                continue
            self.effects.append(effect)
            if isinstance(effect, EraseSeeker) or (isinstance(effect, LetGo) and effect.contact_id is None):
                # Whatever else was open about them would ask about somebody who is not known here any more.
                self.session = self.session.without(self.context.about)
            self.context = self.context.after(effect)
        if lines:
            self.effects.append(Send(Message(lines, about=about)))

    def send(self, message: Message) -> None:
        """A message whose quick replies belong to the present visit; those that stand for ever keep their value."""
        visit = self.session.stack[-1].visit if self.session.stack else 0
        replies = tuple(r if ":" in r.value else replace(r, value=f"{visit}:{r.value}") for r in message.quick_replies)
        about = self.heading() if message.about is None else message.about
        self.effects.append(Send(replace(message, quick_replies=replies, about=about)))

    def ask(self) -> None:
        """Ask (or ask again) what is open now; its visible buttons stay good."""
        if self.shut and self.conversation is not None:
            answers = {} if self.form else dict(self.session.stack[-1].answers)
            self.open(Open(self.registry.guard, {"then": self.conversation.name, "with": answers}))
            return
        if (state := self.state) is None:
            return
        asked = state.ask(self.talk())
        if isinstance(asked, Do):
            self.carry(asked)
        else:
            self.send(clips.offered(asked, self.context.clips))

    def plays(self, said: str) -> bool:
        """Whether ``said`` asks for a recording of what is open; then it is sent."""
        state = self.state if self.context.clips else None
        asked = state.ask(self.talk()) if state is not None else None
        if asked is None or isinstance(asked, Do):
            return False
        if (clip := clips.wanted(asked, self.context.clips, said, self.context.tr)) is None:
            return False
        self.effects.append(Send(clips.played(clip)))
        return True

    def show(self, move: Show) -> None:
        frame = self.session.stack[-1]
        if frame.state == move.state:
            # The same question, asked again or looked up: what is visible stays good, misses count on.
            self.session = self.session.with_top(replace(frame, scratch=move.scratch))
        else:
            self.enter(move.state, move.scratch)
        if move.results is not None:
            self.session = replace(self.session, results=move.results)
        self.send(move.message)

    def retry(self, text: Shown) -> None:
        frame = self.session.stack[-1]
        self.session = self.session.with_top(replace(frame, misses=frame.misses + 1))
        person = (t("Jika sulit, balas PETUGAS untuk dibantu orang."),) if frame.misses >= 1 else ()
        self.say((text, *person))
        self.ask()

    def enter(self, state: str, scratch: Mapping[str, Json] | None = None, revising: bool = False) -> None:
        """Be in a state anew: from now on buttons of earlier questions are old."""
        visit = self.session.visits + 1
        frame = replace(
            self.session.stack[-1], state=state, visit=visit, scratch=scratch or {}, misses=0, revising=revising
        )
        self.session = replace(self.session.with_top(frame), visits=visit)

    def advance(self) -> None:
        """Go to the first question that is due and unanswered, or finish."""
        conversation, frame = self.conversation, self.session.stack[-1]
        assert conversation is not None
        if (following := conversation.due(frame, self.context)) is not None:
            self.enter(following.name)
            self.ask()
        else:
            self.carry(conversation.finish(self.talk()) if conversation.finish else Done())

    def open(self, opening: Open) -> None:
        """Put a conversation on top: an open form is gone on with, anything else starts anew."""
        if self.locked and locked.guards(self.registry, opening.conversation):
            answers: dict[str, Json] = {"then": opening.conversation, "with": dict(opening.answers)}
            opening = Open(self.registry.guard, answers, about=opening.about)
        self.say(opening.say, opening.effects)
        conversation = self.registry.conversations[opening.conversation]
        aside = conversation.resumes or conversation.passing or conversation.name == self.registry.guard
        if self.form and self.conversation is not None and not aside:
            waits = t("{title} belum selesai. Setelah ini, balas SELESAI untuk lanjut.", title=self.conversation.title)
            self.say((waits,))
        if self.conversation is not None and self.conversation.passing:
            self.session = self.session.popped()
        about = self.context.about if opening.about is None else opening.about
        same = [
            f
            for f in self.session.stack
            if f.conversation == conversation.name and (f.about == about or not conversation.resumes)
        ]
        below = tuple(f for f in self.session.stack if f not in same)
        if same and conversation.resumes:
            self.session = replace(self.session, stack=(*below, same[-1]))
            frame = self.amended(opening.answers)
            self.session = self.session.with_top(frame)
            self.focus()
            self.say((t("Kita lanjutkan: {title}.", title=conversation.title),))
            self.ask() if frame.state not in opening.answers else self.advance()
            return
        frame = Frame(
            conversation.name, conversation.version, conversation.states[0].name, 0, dict(opening.answers), about=about
        )
        self.session = replace(self.session, stack=(*below, frame))
        self.focus()
        if conversation.starts is not None:
            self.carry(conversation.starts(self.talk()))
        else:
            self.advance()

    def turn_to(self, about: int) -> None:
        """Talk about this seeker: go on with what is open about them, else at the menu."""
        if self.conversation is not None and self.conversation.passing:
            self.session = self.session.popped()
        if self.form and self.conversation is not None and self.session.stack[-1].about != about:
            self.say((t("{title} belum selesai. Jawabannya tetap ada.", title=self.conversation.title),))
        forms = [f.conversation for f in self.session.stack if f.about == about]
        waiting = [name for name in forms if self.registry.conversations[name].resumes]
        self.open(Open(waiting[-1] if waiting else self.registry.home, about=about))

    def reopen(self) -> None:
        """After an end: a form below is asked again; a list below only stays, for who comes back to it."""
        self.focus()
        if self.form and self.conversation is not None:
            self.say((t("Kita lanjutkan: {title}.", title=self.conversation.title),))
            self.ask()
