"""A brake on guessing the codes that join contacts.

A code is one of a hundred million, and good for 15 minutes. However many contacts guess, they share what all of them
may get wrong: a code is found before it ends with a chance of about one in 100,000.

A code that an officer gave is good for days, so that fewer guesses may be one: a thousand a day. In a week they find
one of a hundred such codes with a chance of less than one in a hundred, and are in the log long before.
"""

from __future__ import annotations

from datetime import datetime

from bot.allowance import Allowance
from bot.logs import get_logger

OF_A_CONTACT = 5
"""Wrong codes of one contact in an hour."""

OF_ALL = 60
"""Wrong codes of all contacts together in a minute."""

OF_ALL_CLAIMS = 1_000
"""Wrong codes of all contacts together in a day, after which none of an officer's is looked at."""

log = get_logger(__name__)


class Guesses:
    """The wrong codes of one process. What is forgotten when it starts anew are a few guesses."""

    def __init__(self) -> None:
        self._now = 0.0
        self._of_contact = Allowance(OF_A_CONTACT, 3_600, clock=self._clock)
        self._of_all = Allowance(OF_ALL, 60, clock=self._clock)
        self._of_claims = Allowance(OF_ALL_CLAIMS, 86_400, clock=self._clock)
        self._warnings = Allowance(1, 60, clock=self._clock)

    def may(self, contact_id: int, now: datetime) -> bool:
        """Whether a code of this contact's is to be looked at; otherwise it is to be answered as a wrong one."""
        self._now = now.timestamp()
        whose = "all" if not self._of_all.has("all") else "contact" if not self._of_contact.has(str(contact_id)) else ""
        if whose and self._warnings.allow("all"):
            log.warning("codes_guessed", by=whose)
        return not whose

    def may_claim(self, now: datetime) -> bool:
        """Whether a code may be one that an officer gave; otherwise it is to be answered as a wrong one."""
        self._now = now.timestamp()
        return self._of_claims.has("all")

    def wrong(self, contact_id: int, now: datetime) -> None:
        """Count a code that was none."""
        self._now = now.timestamp()
        self._of_all.allow("all")
        self._of_claims.allow("all")
        self._of_contact.allow(str(contact_id))

    def _clock(self) -> float:
        return self._now
