"""The turn and the step without HTTP: what the service itself costs, and what its conversations do."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bot import logs
from bot.channels.base import InboundMessage, Turns
from bot.opening import Opened, open_everything
from bot.settings import load_settings
from bot.writer import Writer
from conversations.catalogue import REGISTRY
from conversations.engine.context import Context
from conversations.engine.conversation import Registry
from conversations.engine.events import MessageReceived, Send
from conversations.engine.messages import render
from conversations.engine.session import Session
from conversations.engine.step import step
from locales.render import translator
from storage.keys import generate_key
from tests.bench.figures import Counted
from tests.bench.people import FIRST_CHAT, WrongAnswerError
from tests.bench.talks import Talk


def opened(folder: Path, database_url: str) -> Opened:
    """The service's own parts on an empty database, brought up to date."""
    given = {"DATA_DIR": str(folder), "DATABASE_URL": database_url, "KEY": generate_key()}
    settings = load_settings({f"SETARA_{name}": value for name, value in given.items()})
    logs.configure(secrets=settings.secrets())
    return open_everything(settings, migrate=True)


def steps(parts: Opened, talk: Talk, seconds: float) -> Counted:
    """``step_alone`` in the context of a person who is new on Telegram."""
    context = Context(parts.local_now(), parts.region, translator("id"), channel="telegram")
    return step_alone(REGISTRY, context, talk, seconds)


async def turns(parts: Opened, talk: Talk, people: int, seconds: float) -> Counted:
    """``turn_alone`` through the writer, committed as the service commits."""
    writer = Writer(parts.turntaker())
    writer.start()
    try:
        return await turn_alone(writer, talk, people, seconds)
    finally:
        await writer.stop()


def step_alone(registry: Registry, context: Context, talk: Talk, seconds: float) -> Counted:
    """Fill the form again and again through ``step`` alone: nothing is read, kept, rendered or sent.

    Raises WrongAnswerError; the answers are checked once, before the count.
    """
    events = [MessageReceived(text=exchange.said) for exchange in talk]
    session = Session()
    for exchange, event in zip(talk, events, strict=True):
        stepped = step(registry, session, event, context)
        said = [render(effect.message, context.tr).text for effect in stepped.effects if isinstance(effect, Send)]
        _check(exchange.said, "\n".join(said), exchange.expected)
        session = stepped.session
    turns, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        session = Session()
        for event in events:
            session = step(registry, session, event, context).session
        turns += len(events)
    return Counted(turns, time.perf_counter() - began)


async def turn_alone(turns: Turns, talk: Talk, people: int, seconds: float) -> Counted:
    """``people`` fill the form again and again through ``turns`` in this process; every answer is checked.

    Raises WrongAnswerError.
    """
    began = time.perf_counter()
    # Numbers that no other run on this database has used: a crowd's size, the person, the turn.
    firsts = [(people * 1_000 + person) * 1_000_000 for person in range(people)]
    done = await asyncio.gather(*(_fill(turns, talk, first, began + seconds) for first in firsts))
    return Counted(sum(done), time.perf_counter() - began)


async def _fill(turns: Turns, talk: Talk, first: int, until: float) -> int:
    """One person's forms, each in a new chat; returns the number of turns."""
    update = first
    while time.perf_counter() < until:
        address = str(FIRST_CHAT + update)
        for exchange in talk:
            update += 1
            turn = await turns.handle(InboundMessage("telegram", address, str(update), update, text=exchange.said))
            turns.confirm([reply.outbox_id for reply in turn.replies])
            _check(exchange.said, "\n".join(reply.message.text for reply in turn.replies), exchange.expected)
    return update - first


def _check(said: str, heard: str, expected: str) -> None:
    if expected not in heard:
        raise WrongAnswerError(f"after {said!r} came {heard!r}, without {expected!r}")
