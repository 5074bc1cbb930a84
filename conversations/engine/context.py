"""What a conversation may know besides what was said: one immutable value a turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from conversations.domain.office import Officer
from conversations.domain.region import Region
from conversations.domain.seeker import NEW, Seeker
from conversations.engine.clips import Clips
from conversations.engine.events import (
    Effect,
    EraseSeeker,
    LetGo,
    PauseSeeker,
    Prefer,
    SaveSeeker,
    SetAlerts,
    SetObjection,
    SetPin,
)
from conversations.engine.session import Frame, Json, Session
from conversations.engine.texts import Shown, Translate
from conversations.understanding import Meaning


@dataclass(frozen=True, slots=True)
class Context:
    """The world at the moment of this turn."""

    now: datetime
    """Aware, in the region's time zone."""
    region: Region
    tr: Translate
    """Renders in the contact's locale; typed words are compared with what it renders."""
    locale: str = "id"
    locales: tuple[str, ...] = ("id", "id@mudah", "en")
    channel: str = ""
    channels: tuple[str, ...] = ()
    """Where people can write to this service ("whatsapp", "web" …)."""
    phone: str | None = None
    """The telephone number somebody writes from ("+62812…"), where the channel knows it."""
    seekers: tuple[Seeker, ...] = ()
    """All whom this contact speaks for, the latest registered first."""
    about: int = NEW
    """The id of the one whom the talk is about, or NEW; known to the step from the session."""
    alerts: bool = True
    """Whether this contact wants to be told of new vacancies."""
    shared: frozenset[int] = frozenset()
    """The ids of those for whom another contact speaks too."""
    officer: Officer | None = None
    """Whose console is at this contact."""
    frozen: bool = False
    """Whether an officer keeps this contact from whom it speaks for: the telephone was lost."""
    may_be_another: bool = False
    """Whether somebody else may be writing than before, from an address that platforms hand on."""
    clips: Clips = field(default_factory=dict)
    """What is recorded in the contact's locale."""
    draft: bool = False
    """Whether a half-filled form holds answers; known to the step from the session."""

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def seeker(self) -> Seeker | None:
        """Whom the talk is about; None: nobody who is registered."""
        return next((seeker for seeker in self.seekers if seeker.id == self.about), None)

    @property
    def matched(self) -> Seeker | None:
        """Whom the talk is about, where what suits them may be looked for."""
        return self.seeker if self.seeker is not None and self.seeker.status == "active" else None

    @property
    def linked(self) -> bool:
        """Whether another contact speaks for the same seeker too."""
        return self.about in self.shared

    def after(self, effect: Effect) -> Context:
        """The world once ``effect`` will have happened: what is said next in the same step already knows it."""
        match effect:
            case SaveSeeker(values):
                return self._with((self.seeker or Seeker(NEW, "")).with_values(values))
            case PauseSeeker(paused) if self.seeker is not None:
                return self._with(replace(self.seeker, paused=paused))
            case SetPin(digits) if self.seeker is not None:
                return self._with(replace(self.seeker, pin=None if digits is None else ""))
            case SetObjection(objects) if self.seeker is not None:
                return self._with(replace(self.seeker, objects=objects))
            case LetGo(contact_id=None, since=datetime()):
                return replace(self, seekers=(), about=NEW, draft=False)
            case EraseSeeker() | LetGo(contact_id=None):
                return replace(self, seekers=tuple(s for s in self.seekers if s.id != self.about), draft=False)
            case SetAlerts(on):
                return replace(self, alerts=on)
            case Prefer(contact_id=None):
                return replace(self, alerts=True)
        return self

    def _with(self, seeker: Seeker) -> Context:
        """The world in which whom the talk is about is known to be so."""
        if self.seeker is None:
            return replace(self, seekers=(seeker, *self.seekers), about=seeker.id)
        return replace(self, seekers=tuple(seeker if s.id == seeker.id else s for s in self.seekers))


def whom(session: Session, seekers: Sequence[Seeker]) -> int:
    """Whom the talk is about, of those whom the contact speaks for: its open conversation says it, else it was said
    last, else it is the latest. An id, or NEW."""
    top = session.top
    if top is not None and top.about is not None:
        return top.about
    if any(seeker.id == session.about for seeker in seekers):
        return session.about
    return seekers[0].id if seekers else NEW


@dataclass(frozen=True, slots=True)
class Talk:
    """What a state's functions are given: the world, and where this contact is."""

    context: Context
    session: Session
    frame: Frame

    @property
    def answers(self) -> dict[str, Json]:
        return dict(self.frame.answers)

    def scratch(self, name: str, default: Json = None) -> Json:
        return self.frame.scratch.get(name, default)

    def tr(self, text: Shown) -> str:
        return self.context.tr(text)


@dataclass(frozen=True, slots=True)
class Said:
    """What the person answered, taken apart for a state."""

    text: str = ""
    choice: str | None = None
    """The value of a quick reply of the present question (its visit already checked)."""
    phone: str | None = None
    meaning: Meaning | None = field(default=None)
    """The whole message understood as a wish; None for taps and shared contacts."""
