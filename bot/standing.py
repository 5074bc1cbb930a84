"""Where one contact stands while its turns of a batch are taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from conversations.domain.seeker import Seeker
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
    seeker: Seeker | None
    blocked: bool
    heard_at: datetime | None = field(init=False)
    """When the person wrote last, what is being taken included."""
    linked: bool = field(init=False)
    """Whether another contact speaks for the seeker too."""
    stale: bool = False
    """Whether the session changed and must be saved."""
    erased: bool = False
    """Everything about the person was erased in the turn that is being taken."""
    registered: bool = False
    """Whether somebody was registered by a turn of this batch."""
    heard: bool = False
    """Whether a message of this batch was heard: the next one is no longer the first after a silence."""

    def __post_init__(self) -> None:
        self.linked = self.known.linked
        self.heard_at = self.known.heard_at

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
