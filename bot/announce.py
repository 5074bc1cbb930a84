"""Telling people, unasked, of new vacancies that suit them: once, few at a time, at a good hour.

Whichever process serves does this; every step is safe to repeat, so several may.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.logs import get_logger
from bot.opening import Opened
from conversations.alerts import AT_ONCE, alert
from conversations.domain.vacancy import Vacancy
from conversations.engine.messages import render
from locales.render import translator
from storage import matches, outbox, vacancies
from storage.matches import Manners, Untold
from storage.outbox import NewMessage
from storage.work import Work

QUIET_FORM = timedelta(minutes=30)
"""A half-filled form that has been quiet this long is no longer interrupted by an alert."""

FETCHING = ("web", "terminal")
"""Channels whose people come for their messages: no hour is a bad one there."""

log = get_logger(__name__)


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
        manners = Manners(
            today=local.date(),
            since=datetime.combine(local.date(), time(0), self.opened.zone),
            per_day=self.settings.alerts_per_day,
            form_since=now - QUIET_FORM,
            channels=FETCHING if self.settings.quiet_hours.is_quiet(local.time()) else None,
        )
        waiting = matches.untold(work, manners)
        ids = {vacancy_id for untold in waiting for vacancy_id, _ in untold.pairs}
        told = vacancies.get_many(work, ids)
        for untold in waiting:
            self._write(work, untold, told, now)
        return len(waiting)

    def _write(self, work: Work, untold: Untold, told: dict[int, Vacancy], now: datetime) -> None:
        """One message: the newest vacancies; what does not fit in it waits for the next."""
        shown = list(dict.fromkeys(vacancy_id for vacancy_id, _ in untold.pairs))[:AT_ONCE]
        message = render(alert([told[id_] for id_ in shown]), translator(untold.locale))
        row = NewMessage(untold.contact_id, untold.channel, message.to_json(), kind="alert")
        (outbox_id,) = outbox.add(work, [row], now)
        matches.mark_told(work, [pair for pair in untold.pairs if pair[0] in shown], outbox_id, now)
