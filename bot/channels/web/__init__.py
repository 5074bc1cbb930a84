"""The web chat: server-rendered pages that work without JavaScript, and better with it."""

from bot.channels.web.channel import WebChannel
from bot.channels.web.transcript import Entry, Transcript

__all__ = ["Entry", "Transcript", "WebChannel"]
