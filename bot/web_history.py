"""What the web chat shows of a contact's talk, read from the inbound words and the outbox."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.web.transcript import SHOWN, Entry, Transcript
from bot.opening import Opened
from bot.writer import Writer
from conversations.catalogue import REGISTRY
from conversations.engine.context import Context
from conversations.engine.events import MessageReceived, Send
from conversations.engine.messages import OutgoingMessage, join, render
from conversations.engine.session import Session
from conversations.engine.step import step
from locales.render import LOCALES, translator
from storage import contacts, outbox, talks
from storage.outbox import Line
from storage.work import Work

CHANNEL = "web"


class WebHistory:
    """Reads transcripts; writes nothing."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    async def history(self, address: str) -> Transcript | None:
        """The newest entries of an address, oldest first; None when nobody has written from it."""

        def read(work: Work) -> Transcript | None:
            known = contacts.locale_of(work, CHANNEL, address)
            if known is None:
                return None
            contact_id, locale = known
            return Transcript(locale, tuple(map(entry_of, outbox.transcript(work, contact_id, SHOWN))))

        return await self.writer.read(read)

    async def newer(self, address: str, after: int) -> Sequence[Entry]:
        """What the service said to an address after an outbox id."""

        def read(work: Work) -> list[Entry]:
            contact_id = contacts.find(work, CHANNEL, address)
            if contact_id is None:
                return []
            return [entry_of(line) for line in talks.answered_after(work, contact_id, after, SHOWN)]

        return await self.writer.read(read)


def entry_of(line: Line) -> Entry:
    if line.body is None:
        return Entry("person", line.said or "", line.at)
    message = OutgoingMessage.from_json(line.body)
    return Entry(
        "service",
        message.text,
        line.at,
        line.outbox_id,
        message.quick_replies,
        shown=line.confirmed,
        attachment=message.attachment,
    )


def greeting(opened: Opened, locale: str) -> OutgoingMessage:
    """What "halo" would be answered: shown to a visitor before anything is kept about them."""
    tr = translator(locale)
    context = Context(opened.local_now(), opened.region, tr, locale, LOCALES, CHANNEL)
    done = step(REGISTRY, Session(), MessageReceived(text="halo"), context)
    messages = join([effect.message for effect in done.effects if isinstance(effect, Send)], tr)
    return render(messages[-1], tr)
