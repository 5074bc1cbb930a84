"""Telling people, unasked, of new vacancies that suit them: once, few at a time, at a good hour.

Whichever process serves does this; every step is safe to repeat, so several may.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

import structlog

from bot.opening import Opened
from conversations.alerts import AT_ONCE, alert
from conversations.catalogue import REGISTRY
from conversations.domain.vacancy import Vacancy
from conversations.engine.messages import render
from conversations.engine.session import Session
from locales.render import translator
from storage import matches, outbox, vacancies
from storage.matches import Untold
from storage.outbox import NewMessage
from storage.work import Work

QUIET_FORM = timedelta(minutes=30)
"""A half-filled form that has been quiet this long is no longer interrupted by an alert."""

FETCHING = ("web", "terminal")
"""Channels whose people come for their messages: no hour is a bad one there."""

MOST = 500
"""Contacts told in one transaction."""

log = structlog.get_logger()


class Announcer:
    """Matches what became open, and writes the alerts that are due."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.settings = opened.settings

    def run_now(self, work: Work) -> int:
        return self.run(work, self.opened.clock())

    def run(self, work: Work, now: datetime) -> int:
        """Match, then tell; returns how many messages were written. Part of the caller's transaction."""
        today = now.astimezone(self.opened.zone).date()
        for vacancy_id in vacancies.unannounced(work, today):
            count = matches.match_vacancy(work, vacancy_id, now, today)
            log.info("vacancy_matched", vacancy=vacancy_id, seekers=count)
        return self._tell(work, now)

    def _tell(self, work: Work, now: datetime) -> int:
        local = now.astimezone(self.opened.zone)
        midnight = datetime.combine(local.date(), time(0), self.opened.zone)
        only = FETCHING if self.settings.quiet_hours.is_quiet(local.time()) else None
        due = matches.untold(
            work, now, per_day=self.settings.alerts_per_day, since=midnight, channels=only, limit=MOST
        )
        waiting = [untold for untold in due if not in_a_form(untold, now)]
        open_ones = self._open(work, waiting, local)
        written = 0
        for untold in waiting:
            written += self._write(work, untold, open_ones, now)
        return written

    def _open(self, work: Work, waiting: list[Untold], local: datetime) -> dict[int, Vacancy]:
        """Those of the vacancies that are still open: what closed meanwhile is not announced."""
        ids = {vacancy_id for untold in waiting for vacancy_id, _ in untold.pairs}
        return {v.id: v for v in vacancies.get_many(work, ids, local.date())} if ids else {}

    def _write(self, work: Work, untold: Untold, open_ones: dict[int, Vacancy], now: datetime) -> int:
        closed = [pair for pair in untold.pairs if pair[0] not in open_ones]
        matches.mark_told(work, closed, None, now)
        told = [pair for pair in untold.pairs if pair[0] in open_ones]
        shown = list(dict.fromkeys(vacancy_id for vacancy_id, _ in told))[:AT_ONCE]
        if not shown:
            return 0
        message = render(alert([open_ones[id_] for id_ in shown]), translator(untold.locale))
        row = NewMessage(untold.contact_id, untold.channel, message.to_json(), kind="alert")
        (outbox_id,) = outbox.add(work, [row], now)
        matches.mark_told(work, [pair for pair in told if pair[0] in shown], outbox_id, now)
        return 1


def in_a_form(untold: Untold, now: datetime) -> bool:
    """Whether the contact is filling a form just now."""
    if untold.session is None or untold.session_at is None or now - untold.session_at > QUIET_FORM:
        return False
    frames = Session.from_json(untold.session).stack
    return any(REGISTRY.conversations[f.conversation].resumes for f in frames if f.conversation in REGISTRY.conversations)
