"""Telegram: the only place that knows python-telegram-bot and the Bot API.

An update goes parse -> intake -> turns, and its replies intake -> sender -> compose -> api. ``webhook``
and ``polling`` are the two ways in; ``channel`` wires them.
"""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.parse import parse

__all__ = ["TelegramChannel", "parse"]
