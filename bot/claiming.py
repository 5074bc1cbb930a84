"""Codes by which people claim in a chat what an officer registered from paper: made at the counter, used once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from conversations.domain.seeker import Seeker
from conversations.engine.events import TryCode
from conversations.seeker_questions import ADULT
from conversations.understanding.codes import CODE_DIGITS
from storage import claims, links, seekers
from storage.seekers import Consent
from storage.work import Work

GOOD_FOR = timedelta(days=7)
"""How long a code can be used. It names nobody, and is given into the person's own hand."""

_DRAWS = 9
"""Codes drawn until one is nobody else's."""

Outcome = Literal["good", "wrong", "here", "other", "invited", "officer"]


def make_code(work: Work, seeker_id: int, now: datetime) -> str | None:
    """A new code for the seeker, eight digits; an older one ends. None: there is no such seeker."""
    if seeker_id not in seekers.load(work, [seeker_id]):
        return None
    for _ in range(_DRAWS):
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        # One that a chat shows at this moment would be taken for that one.
        if links.offered(work, code, now) is None and claims.offer(work, seeker_id, code, now, now + GOOD_FOR):
            return code
    raise RuntimeError("every code that was drawn is somebody else's")


def outcome_of(work: Work, speaks_for: Iterable[Seeker], tried: TryCode, now: datetime) -> Outcome:
    """What the code is good for at a contact that speaks for these seekers."""
    seeker_id = claims.offered(work, tried.code, now)
    if seeker_id is None:
        return "wrong"
    already = list(speaks_for)
    if any(seeker.id == seeker_id for seeker in already):
        return "here"
    meant = seekers.load(work, [seeker_id])[seeker_id]
    if meant.for_whom == "self" and any(seeker.for_whom == "self" for seeker in already):
        return "other"
    if meant.status != "invited":  # whose yes a draft still takes is asked once the chat is joined
        return "good"
    if _may_be_minor(meant, now):
        return "officer"
    return "good" if tried.registering is not None else "invited"


def _may_be_minor(seeker: Seeker, now: datetime) -> bool:
    """Whether a parent's or guardian's yes may be needed too; a year alone leaves one year of doubt."""
    return seeker.birth_year is None or now.year - seeker.birth_year <= ADULT


def use(work: Work, code: str, contact_id: int, registering: Consent | None, now: datetime) -> int | None:
    """Let the contact speak for the code's seeker; who had not agreed to be registered yet has now, by ``registering``.

    Returns the seeker's id; None: the code is not good any more.
    """
    seeker_id = claims.use(work, code, contact_id, now)
    if seeker_id is not None and registering is not None:
        seekers.give_consent(work, seeker_id, registering)
        seekers.change(work, seeker_id, {"status": "active"}, education_rank=None, now=now)
    return seeker_id
