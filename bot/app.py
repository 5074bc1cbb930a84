"""The only wiring: which parts the running service is made of, and how they start and stop."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import FrameType
from typing import Any

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from bot import retention
from bot.announce import Announcer
from bot.channels.base import Channel
from bot.channels.web.channel import WebChannel
from bot.delivery import Delivery
from bot.logs import get_logger
from bot.opening import Opened
from bot.reminders import Reminders
from bot.settings import Settings, SettingsError
from bot.web_history import WebHistory, greeting
from bot.writer import Writer
from locales.render import translator
from storage import matches, meta, outbox, paper, talks
from storage.duty import Duty
from storage.work import Work

ANNOUNCE_SECONDS = 1
"""How often new vacancies are looked for; an import is another process, and tells nobody but the database."""

PURGE = timedelta(hours=1)

REMIND = timedelta(minutes=10)
"""How often left registrations are looked for."""

HEALTH_SECONDS = 5
"""In which the writing thread must get to a transaction; turns that wait and locks of other processes count."""

PATIENCE = 3
"""Seconds that each of these may take when stopping: requests under way, messages on their way out."""

log = get_logger(__name__)


@dataclass(slots=True)
class Service:
    """The running parts of one process."""

    opened: Opened
    writer: Writer
    announcer: Announcer
    reminders: Reminders
    web: WebChannel
    channels: list[Channel]
    delivery: Delivery
    announcing: Duty
    delivering: Duty
    scheduler: AsyncIOScheduler
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _news: bool = False
    """Whether something was matched and nobody was told yet."""
    _stopping: bool = False

    def application(self) -> Starlette:
        """Every channel's routes in one application."""

        async def healthz(request: Request) -> JSONResponse:
            ok = await self.healthy()
            return JSONResponse({"ok": ok}, 200 if ok else 503)

        @asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            await self.start()
            yield
            await self.stop()

        routes: list[BaseRoute] = [Route("/healthz", healthz)]
        for channel in self.channels:
            routes += channel.routes()
        return Starlette(routes=routes, lifespan=lifespan)

    async def start(self) -> None:
        self.writer.start()
        for channel in self.channels:
            await channel.start()
        self.scheduler.add_job(
            self.announce,
            "interval",
            seconds=ANNOUNCE_SECONDS,
            # At once: by the duty that it takes other commands know that a service is running.
            next_run_time=self.opened.clock(),
            misfire_grace_time=None,
            max_instances=1,
            coalesce=True,
            id="announce",
        )
        self.scheduler.add_job(
            self.purge,
            "interval",
            seconds=PURGE.total_seconds(),
            # At once too: a service that is started anew every day would otherwise keep what it should not.
            next_run_time=self.opened.clock(),
            misfire_grace_time=None,
            coalesce=True,
            id="purge",
        )
        self.scheduler.add_job(
            self.remind, "interval", seconds=REMIND.total_seconds(), max_instances=1, coalesce=True, id="remind"
        )
        self.scheduler.start()
        self.tasks = [asyncio.create_task(self.delivery.run(), name="delivery")]

    async def stop(self) -> None:
        """Stop delivering, then receiving; what was taken is finished, what was not waits in the database."""
        self._stopping = True
        self.scheduler.shutdown(wait=False)
        # Before the channels, through which it sends.
        self.delivery.stop()
        _, late = await asyncio.wait(self.tasks, timeout=PATIENCE)
        for task in late:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for channel in self.channels:
            try:
                await channel.stop()
            except Exception as error:
                log.error("channel_not_stopped", channel=channel.name, error=type(error).__name__)
        await self.writer.stop()
        for duty in (self.announcing, self.delivering):
            duty.leave()
        self.opened.database.close()

    async def healthy(self) -> bool:
        """Whether a turn could be taken now: the writing thread lives, and reaches the database before long."""
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                # With a statement in it: only that makes a transaction go to a PostgreSQL server.
                await self.writer.write(lambda work: meta.get(work, "health"))
        except Exception as error:
            log.error("unhealthy", error=type(error).__name__)
            return False
        return True

    async def announce(self) -> None:
        """Match what became open, and write the messages that are due; one process does it for all."""
        if not await self._quietly("duty", lambda: asyncio.to_thread(self.announcing.take)):
            return
        clock = asyncio.get_running_loop().time
        until = clock() + ANNOUNCE_SECONDS / 2
        while await self._quietly("match", lambda: self.writer.write(self.announcer.match)):
            self._news = True
            if clock() > until:
                # The rest next time, and then the telling, so that it gathers all. Until then others have the
                # database: an import that finds SQLite always taken would give up after a while.
                return
        if self.announcer.worth_looking(self._news) and await self._quietly("tell", self._tell):
            self.web.ring()
        self._news = False

    async def _tell(self) -> int:
        # Looking may take a while, and holds up no turn.
        waiting = await self.writer.read(self.announcer.untold)
        return await self.writer.write(lambda work: self.announcer.tell(work, waiting)) if waiting else 0

    async def remind(self) -> None:
        """Remind whoever has left a registration; one process does it for all."""
        if await self._quietly("duty", lambda: asyncio.to_thread(self.announcing.take)):
            while await self._quietly("remind", lambda: self.writer.write(self.reminders.remind)):
                self.web.ring()

    async def purge(self) -> None:
        await self._quietly("purge", lambda: self.writer.write(self._purge))
        while await self._quietly("drafts", lambda: self.writer.write(self._erase_expired)):
            pass
        await self._quietly("erased", lambda: asyncio.to_thread(self.opened.erased().write))

    def _purge(self, work: Work) -> int:
        now = self.opened.clock()
        today = now.astimezone(self.opened.zone).date()
        matches.untell_expired(work, now - outbox.KEEP)
        if ended := paper.end_invitations(work, now):
            log.info("invitations_ended", count=ended)
        return outbox.purge(work, now) + talks.empty_quiet(work, now) + matches.retire(work, today)

    def _erase_expired(self, work: Work) -> int:
        return retention.erase_expired(work, self.opened.clock())

    async def _quietly(self, what: str, do: Callable[[], Awaitable[int]]) -> int:
        """A job that fails is tried again at its next time; it must not end the scheduler."""
        if self._stopping:
            return 0
        try:
            return await do()
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            return 0  # by the scheduler; what was begun is finished by the writer
        except Exception as error:
            # The database's own problems have a name: locked, full …
            log.error("job_failed", job=what, error=getattr(error, "kind", type(error).__name__))
            return 0


def build(opened: Opened) -> Service:
    """Wire the service; nothing is started yet."""
    settings, region = opened.settings, opened.region
    writer = Writer(opened.turntaker())
    history = WebHistory(writer)
    web = WebChannel(
        writer,
        history=history.history,
        newer=history.newer,
        greeting=lambda locale: greeting(opened, locale),
        secret_keys=opened.database.key_ring.hashes("web", "cookies and forms"),
        region=region.short_name,
        timezone=opened.zone,
    )
    channels: list[Channel] = [web]
    if settings.telegram_token is not None:
        # First: routes are tried in order, and what a platform calls with every message is tried most.
        channels.insert(0, telegram(opened, writer))
    if settings.whatsapp_token is not None:
        channels.insert(0, whatsapp(opened, writer))
    announcing, delivering = Duty(opened.database, "announcing"), Duty(opened.database, "delivering")
    delivery = Delivery(writer, channels, opened.clock, settings.quiet_hours, delivering)
    scheduler = AsyncIOScheduler(timezone=opened.zone)
    # It warns of every run that is left out because the one before still goes on: while much is matched, each second.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    return Service(
        opened, writer, Announcer(opened), Reminders(opened), web, channels, delivery, announcing, delivering, scheduler
    )


def telegram(opened: Opened, writer: Writer) -> Channel:
    from bot.channels.telegram import TelegramChannel  # a fifth of the start-up, and only where it is used

    settings = opened.settings
    assert settings.telegram_token is not None
    secret = settings.telegram_webhook_secret
    return TelegramChannel(
        settings.telegram_token.get_secret_value(),
        settings.telegram_api,
        writer,
        tr=translator,
        webhook_url=settings.telegram_webhook_url,
        webhook_secret=secret.get_secret_value() if secret else None,
        region_name=opened.region.short_name,
        answer_in_webhook=settings.telegram_answer == "webhook",
    )


def whatsapp(opened: Opened, writer: Writer) -> Channel:
    from bot.channels.whatsapp.channel import WhatsAppChannel  # a third of a second, and only where it is used

    settings = opened.settings
    # The settings take none of these without the others.
    assert settings.whatsapp_token is not None
    assert settings.whatsapp_phone_id is not None
    assert settings.whatsapp_app_secret is not None
    assert settings.whatsapp_verify_token is not None
    return WhatsAppChannel(
        settings.whatsapp_token.get_secret_value(),
        settings.whatsapp_phone_id,
        settings.whatsapp_app_secret.get_secret_value(),
        settings.whatsapp_verify_token.get_secret_value(),
        settings.whatsapp_api,
        writer,
        tr=translator,
        templates=settings.whatsapp_templates,
        clock=opened.clock,
    )


class Server(uvicorn.Server):
    """Uvicorn, which waits for its connections to close: those of waiting pages never would by themselves."""

    def __init__(self, config: uvicorn.Config, web: WebChannel) -> None:
        super().__init__(config)
        self._web = web

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._web.stop()
        await super().shutdown(sockets)


def listen(settings: Settings) -> list[socket.socket]:
    """The sockets to serve at, bound to every address of the host; raises SettingsError when there are none."""
    port, sockets, refused = settings.port, [], OSError()
    try:
        addresses = socket.getaddrinfo(settings.host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise SettingsError((_not_listening(settings, error),)) from None
    for family, *_, (host, _, *rest) in addresses:
        try:
            sockets.append(_bound(family, (host, port, *rest)))
            port = sockets[0].getsockname()[1]  # for any free one (0): the same everywhere
        except OSError as error:
            refused = error
    # A name may have an address that this machine lacks (::1 of "localhost"), but none may be another's.
    if not sockets or refused.errno == errno.EADDRINUSE:
        raise SettingsError((_not_listening(settings, refused),))
    return sockets


def _bound(family: int, address: tuple[Any, ...]) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind(address)
    except OSError:
        one.close()
        raise
    return one


def _not_listening(settings: Settings, error: OSError) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"SETARA_HOST: alamat {settings.host} tidak ada di mesin ini. Contoh: SETARA_HOST=127.0.0.1"
    why = {
        errno.EADDRINUSE: "sudah dipakai proses lain",
        errno.EACCES: "hanya boleh dipakai oleh pengelola mesin",
    }.get(error.errno or 0, f"tidak bisa dipakai ({error.strerror})")
    return f"SETARA_PORT: {settings.port} {why}. Pilih yang lain. Contoh: SETARA_PORT=8081"


def server_config(service: Service) -> uvicorn.Config:
    """How the application is served; what uvicorn would read from the environment by itself is said here."""
    return uvicorn.Config(
        service.application(),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
        ws="none",
        workers=1,
        forwarded_allow_ips=service.opened.settings.proxy,
    )


def serve(service: Service, sockets: list[socket.socket]) -> None:
    """Run until SIGINT or SIGTERM, then finish everything taken; ends the process with 0."""
    config = server_config(service)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Uvicorn raises the signal that stopped it once more when it has finished.
        signal.signal(number, _ended)
    Server(config, service.web).run(sockets)


def _ended(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
