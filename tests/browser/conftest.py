"""A real browser (Debian's chromium) and the application that it opens."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.channels.web.service import ALERT, Service, application, channel

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 10_000
"""Milliseconds that anything may take to appear."""


class WebApp(Protocol):
    """The application under test. Its conversation greets with buttons, and answers "menu" with buttons."""

    url: str
    """Where its page is, with the slash at the end."""

    def alert(self) -> str:
        """Send a message, unasked, to everybody who has said something; words that it contains."""
        ...


class InMemory:
    """The web chat in front of a small service in memory, served from a thread."""

    def __init__(self) -> None:
        self._service = Service()
        self._web = channel(self._service, poll_seconds=0.1, new_contacts_per_minute=1_000)
        config = uvicorn.Config(application(self._web), log_level="warning", lifespan="off")
        self._server = uvicorn.Server(config)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()

    async def _serve(self) -> None:
        stopping = asyncio.create_task(self._stop_first())
        await self._server.serve([self._listener])
        await stopping

    async def _stop_first(self) -> None:
        """Waiting pages would keep the server from ending."""
        while not self._server.should_exit:  # noqa: ASYNC110  # set by another thread
            await asyncio.sleep(0.05)
        await self._web.stop()

    def alert(self) -> str:
        for address in list(self._service.contacts):
            self._service.push(address)
        return ALERT.text.splitlines()[0]

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._listener.close()
        assert not self._thread.is_alive()


@pytest.fixture
def web_app() -> Iterator[WebApp]:
    """The only place that knows which application is tested."""
    app = InMemory()
    yield app
    app.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM.exists(), f"{CHROMIUM} is missing: make test-browser installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(chromium: Browser, web_app: WebApp) -> Iterator[NewPage]:
    """Opens the application in a browser of its own: ``new_page(**options of Playwright's new_context)``.

    At the end no page may have complained: a file the policy blocks or a script that fails is a failure.
    (Refusals and lost connections are in the tests' own hands.)
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def complained(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    def open_page(**options: Any) -> Page:
        context = chromium.new_context(locale="id-ID", **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", complained)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(web_app.url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """The application, just opened on a desktop."""
    return new_page(viewport={"width": 1280, "height": 800})
