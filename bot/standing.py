"""Where one contact stands while its turns of a batch are taken."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.domain.seeker import Seeker
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
    stale: bool = False
    """Whether the session changed and must be saved."""
    erased: bool = False
    """Everything about the person was erased in the turn that is being taken."""
