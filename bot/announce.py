"""Telling people, unasked, of new vacancies that suit them: once, few at a time, at a good hour.

Every step is safe to repeat, and for several processes to take at once; one that serves does it for all.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as wall

from bot.channels.base import FETCHING, WINDOW, WINDOWED
from bot.logs import get_logger
from bot.opening import Opened
from conversations.alerts import AT_ONCE, alert, others
from conversations.domain.vacancy import Vacancy
from conversations.engine.messages import option_line, render
from locales.render import translator
from storage import matches, outbox, telling, vacancies
from storage.outbox import NewMessage
from storage.telling import Manners, Untold
from storage.work import Work

QUIET_FORM = timedelta(minutes=30)
"""A half-filled form that has been quiet this long is no longer interrupted by an alert."""

GAP = timedelta(seconds=5)
"""Between two alerts of a contact whose channel rings: what comes meanwhile is gathered in one."""

LOOK_EVERY = 5.0
"""Seconds between two looks for whom to tell while nothing is new."""

AT_A_TIME = 20
"""Vacancies matched in one transaction."""

log = get_logger(__name__)


class Announcer:
    """Matches what became open, and writes the alerts that are due."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.settings = opened.settings
        self._look_again = 0.0

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

    def worth_looking(self, news: bool) -> bool:
        """Whether to look for whom to tell: at once where there is ``news``, else now and then, for an hour or a
        form also ends without any. Looking takes at most a twentieth of the time, however many cannot be told."""
        return news or time.monotonic() >= self._look_again

    def untold(self, work: Work, only: int | None = None) -> list[Untold]:
        """Whom to tell of what; it may be read on a snapshot. ``only``: nobody but this contact."""
        begun = time.monotonic()
        found = telling.untold(work, self.manners(), only=only)
        took = time.monotonic() - begun
        self._look_again = 0.0 if found else begun + max(LOOK_EVERY, 20 * took)
        return found

    def manners(self) -> Manners:
        """When somebody may be told, now."""
        now = self.opened.clock()
        local = now.astimezone(self.opened.zone)
        return Manners(
            today=local.date(),
            since=datetime.combine(local.date(), wall.min, self.opened.zone),
            per_day=self.settings.alerts_per_day,
            form_since=now - QUIET_FORM,
            channels=FETCHING if self.settings.quiet_hours.is_quiet(local.time()) else None,
            gap_since=now - GAP,
            silent=FETCHING,
            windowed=WINDOWED,
            window_since=now - WINDOW,
            templated=self.settings.templated("alert"),
        )

    def tell(self, work: Work, waiting: Sequence[Untold] | None = None) -> int:
        """Write one message to each contact that is ``waiting`` (by default ``untold``); returns how many.

        Of several who tell at the same time only one gets a pair: so nobody is told twice, and a list that
        was read a moment ago will do.
        """
        now = self.opened.clock()
        waiting = self.untold(work) if waiting is None else waiting
        won = matches.mark_told(work, (pair for untold in waiting for pair in untold.pairs), None, now)
        mine = [(untold, [pair for pair in untold.pairs if pair in won]) for untold in waiting]
        mine = [(untold, pairs) for untold, pairs in mine if pairs]
        news = [list(dict.fromkeys(vacancy_id for vacancy_id, _ in pairs)) for _, pairs in mine]
        shown = vacancies.get_many(work, {id_ for ids in news for id_ in ids[:AT_ONCE]})
        rows = [_message(untold, ids, shown) for (untold, _), ids in zip(mine, news, strict=True)]
        written = outbox.add(work, rows, now)
        matches.told_with(work, {id_: pairs for id_, (_, pairs) in zip(written, mine, strict=True) if id_ is not None})
        return len(rows)


def _message(untold: Untold, news: Sequence[int], shown: Mapping[int, Vacancy]) -> NewMessage:
    """One message: the newest vacancies, and how to see the rest."""
    tr = translator(untold.locale)
    said = alert([shown[id_] for id_ in news[:AT_ONCE]])
    message = render(said, tr)
    lines = [tr(option_line(reply)) for reply in said.quick_replies]
    if len(news) > AT_ONCE:
        lines.append(tr(others(len(news) - AT_ONCE)))
        message = replace(message, text=f"{message.text}\n{lines[-1]}")
    message = replace(message, values={"vacancies": "; ".join(lines), "count": str(len(news))})
    return NewMessage(untold.contact_id, untold.channel, message.to_json(), kind="alert")
