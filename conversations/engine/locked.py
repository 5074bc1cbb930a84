"""When stored data is not read back or changed: a contact that is frozen, and a PIN that was not said yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from conversations.engine.context import Context
from conversations.engine.conversation import Registry
from conversations.engine.events import Effect, EraseSeeker, LetGo, Prefer, SaveSeeker
from conversations.engine.session import Session

OPEN_FOR = timedelta(minutes=15)
"""How long a PIN that was said opens a person's data, in one contact's talk."""

CHANGING = (SaveSeeker, EraseSeeker, Prefer)
"""Effects that change what is kept; pausing, objecting and taking a consent back never wait for a PIN."""


def is_locked(context: Context, session: Session) -> bool:
    """Whether the PIN of whom the talk is about must be said before their data is read back or changed."""
    seeker = context.seeker
    if seeker is None or seeker.pin is None:
        return False
    opened = session.opened
    return opened is None or opened[0] != seeker.id or not _fresh(context.now, opened[1])


def _fresh(now: datetime, at: int) -> bool:
    return 0 <= now.timestamp() - at < OPEN_FOR.total_seconds()


def opened(context: Context, session: Session) -> tuple[int, int] | None:
    """Whose data is open from now on, and since when (seconds since 1970), as ``Session.opened``."""
    return (context.seeker.id, int(context.now.timestamp())) if context.seeker is not None else session.opened


def guards(registry: Registry, conversation: str) -> bool:
    """Whether the conversation reads stored data back, or changes it."""
    return registry.conversations[conversation].guarded


def changes(effects: tuple[Effect, ...]) -> bool:
    """Whether one of the effects changes what is kept. Leaving with this contact is everybody's own."""
    return any(isinstance(e, CHANGING) or (isinstance(e, LetGo) and e.contact_id is not None) for e in effects)
