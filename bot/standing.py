"""Where one contact stands while its turns of a batch are taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from conversations.domain.office import Officer
from conversations.domain.seeker import Seeker
from conversations.engine.context import whom
from conversations.engine.handed_on import SILENCE
from conversations.engine.session import Session
from storage.contacts import Known


@dataclass(slots=True)
class Standing:
    """Where one contact stands while its turns of this batch are taken, one after the other."""

    known: Known
    session: Session
    locale: str
    alerts: bool
    blocked: bool
    seekers: tuple[Seeker, ...] = field(init=False)
    """Whom the contact speaks for, the latest registered first."""
    about: int = field(init=False)
    """Whom what is being done now is about: the id of one of them, or NEW."""
    heard_at: datetime | None = field(init=False)
    """When the person wrote last, what is being taken included."""
    shared: frozenset[int] = field(init=False)
    """The ids of those for whom another contact speaks too."""
    officer: Officer | None = field(init=False)
    """Whose console is here."""
    stale: bool = False
    """Whether the session changed and must be saved."""
    erased: bool = False
    """Everything about the person was erased in the turn that is being taken."""
    registered: bool = False
    """Whether somebody was registered by a turn of this batch."""
    hushed: set[str] = field(default_factory=set)
    """The ids of messages of this batch whose words are not kept."""
    heard: bool = False
    """Whether a message of this batch was heard: the next one is no longer the first after a silence."""

    def __post_init__(self) -> None:
        self.seekers, self.shared = self.known.seekers, self.known.shared
        self.about = whom(self.session, self.seekers)
        self.officer = self.known.officer
        self.heard_at = self.known.heard_at

    @property
    def seeker(self) -> Seeker | None:
        """Whom what is being done now is about; None: nobody who is kept."""
        return next((seeker for seeker in self.seekers if seeker.id == self.about), None)

    @property
    def matched(self) -> Seeker | None:
        """As ``Context.matched``."""
        return self.seeker if self.seeker is not None and self.seeker.status == "active" else None

    def knows(self, seeker: Seeker) -> None:
        """Note how the one it is about is kept now; one who was NEW is kept from now on."""
        if self.seeker is None:
            self.seekers, self.about = (seeker, *self.seekers), seeker.id
            self.session = self.session.settled(seeker.id)
        else:
            self.seekers = tuple(seeker if one.id == seeker.id else one for one in self.seekers)

    def joins(self, seeker: Seeker) -> None:
        """Note that the contact speaks, like others, for the seeker too, whom the talk is about from now on."""
        if not self.seekers:  # what was answered so far by who is nobody else's companion was about them
            self.session = self.session.settled(seeker.id)
        self.seekers = tuple(sorted((seeker, *self.seekers), key=lambda one: one.id, reverse=True))
        self.shared |= {seeker.id}
        self.session = self.session.turned_to(seeker.id)
        self.about = seeker.id

    def forgets(self, seeker_id: int) -> None:
        """Note that the contact does not speak for the seeker any more."""
        self.seekers = tuple(one for one in self.seekers if one.id != seeker_id)
        self.shared -= {seeker_id}
        self.session = self.session.without(seeker_id)
        self.about = whom(self.session, self.seekers)

    def hears(self, at: datetime) -> datetime:
        """Note that the person wrote at ``at``."""
        self.heard_at = max(self.heard_at or at, at)
        return at

    def may_be_another(self, now: datetime) -> bool:
        """Whether somebody else may be writing than before: the address was silent long, or goes by another name."""
        if self.heard:
            return False
        silent = self.known.heard_at is not None and now - self.known.heard_at > SILENCE
        return silent or self.known.stranger
