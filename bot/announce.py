"""Telling people, unasked, of new vacancies that suit them: once, few at a time, at a good hour.

Whichever process serves does this; every step is safe to repeat, so several may.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.channels.base import FETCHING
from bot.logs import get_logger
from bot.opening import Opened
from conversations.alerts import AT_ONCE, alert
from conversations.domain.vacancy import Vacancy
from conversations.engine.messages import render
from locales.render import translator
from storage import matches, meta, outbox, vacancies
from storage.matches import Manners, Untold
from storage.outbox import NewMessage
from storage.work import Work

QUIET_FORM = timedelta(minutes=30)
"""A half-filled form that has been quiet this long is no longer interrupted by an alert."""

AT_A_TIME = 20
"""Vacancies matched in one transaction."""

log = get_logger(__name__)


class Announcer:
    """Matches what became open, and writes the alerts that are due."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.settings = opened.settings

    def match(self, work: Work) -> int:
        """Match the next few vacancies that became open; returns how many. Call again until there are none.

        Few, because every turn waits for the transaction that this is part of.
        """
        now = self.opened.clock()
        today = now.astimezone(self.opened.zone).date()
        fresh = vacancies.unannounced(work, today)[:AT_A_TIME]
        for vacancy_id in fresh:
            count = matches.match_vacancy(work, vacancy_id, now, today)
            log.info("vacancy_matched", vacancy=vacancy_id, seekers=count)
        return len(fresh)

    def tell(self, work: Work) -> int:
        """Write the alerts that are due, one a contact at most; returns how many."""
        now = self.opened.clock()
        local = now.astimezone(self.opened.zone)
        manners = Manners(
            today=local.date(),
            since=datetime.combine(local.date(), time(0), self.opened.zone),
            per_day=self.settings.alerts_per_day,
            form_since=now - QUIET_FORM,
            channels=FETCHING if self.settings.quiet_hours.is_quiet(local.time()) else None,
        )
        if not matches.untold(work, manners):
            return 0
        # Another process may be telling just now (a terminal beside the service). Only one at a time can write
        # this row: whoever waited for it finds that those are told.
        meta.put(work, "telling", now.isoformat())
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
