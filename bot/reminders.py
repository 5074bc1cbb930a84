"""Reminding, gently and seldom, whoever has left a registration that they had consented to."""

from __future__ import annotations

from bot.channels.base import WINDOW, WINDOWED
from bot.opening import Opened
from conversations.engine.messages import render
from conversations.registration import reminder
from locales.render import translator
from storage import outbox, reminders
from storage.outbox import NewMessage
from storage.reminders import AFTER, Left, Reach
from storage.work import Work


class Reminders:
    """Writes the reminders that are due. Safe to repeat, and for several processes at once."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.reach = Reach(tuple(WINDOWED), WINDOW, tuple(opened.settings.templated("reply")))

    def remind(self, work: Work) -> int:
        """Remind the next few; returns how many. At night nobody is."""
        now = self.opened.clock()
        if self.opened.settings.quiet_hours.is_quiet(now.astimezone(self.opened.zone).time()):
            return 0
        due = reminders.left(work, now, self.reach)
        won = reminders.mark_reminded(work, due, now)
        outbox.add(work, [_message(one) for one in due if one.contact_id in won], now)
        return len(won)


def _message(left: Left) -> NewMessage:
    last = left.reminded + 1 == len(AFTER)
    return NewMessage(left.contact_id, left.channel, render(reminder(last), translator(left.locale)).to_json())
