"""What is not kept for ever: drafts that nobody said yes to."""

from __future__ import annotations

from datetime import datetime

from bot.logs import get_logger
from storage import seekers
from storage.work import Work

log = get_logger(__name__)

AT_A_TIME = 100
"""People erased in one transaction, for which every turn waits."""


def erase_expired(work: Work, now: datetime) -> int:
    """Erase the next few whose time is over; returns how many. Call again until none are left."""
    expired = seekers.expired_drafts(work, now, AT_A_TIME)
    for seeker_id in expired:
        seekers.erase(work, seeker_id, now)
    if expired:
        log.info("drafts_erased", count=len(expired))
    return len(expired)
