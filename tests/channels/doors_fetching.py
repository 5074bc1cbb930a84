"""Doors of the channels whose people come for their messages: the web page without JavaScript, and the terminal."""

from __future__ import annotations

import asyncio
import io
import json
from collections import deque
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.announce import Announcer
from bot.channels.terminal import NAME, Terminal, chat_json
from tests.channels.doors import SOON, Door, Entrance, Heard, House
from tests.channels.web.browser import Html

AGAIN = 3
"""How often somebody says again what could not be taken."""


class FetchingDoor(Door):
    """What was heard lies here; who finds nothing looks once more."""

    def __init__(self, house: House, address: str) -> None:
        super().__init__(house, address)
        self._unheard: deque[Heard] = deque()
        self._values: dict[str, str] = {}

    async def looks(self) -> None:
        """Come for what waits."""
        raise NotImplementedError

    async def hears(self) -> Heard:
        async with asyncio.timeout(SOON):
            while not self._unheard:
                await self.looks()
                await asyncio.sleep(0.02)
        return self._unheard.popleft()

    async def hears_nothing(self) -> bool:
        await self.looks()
        return not self._unheard

    def _keep(self, text: str, values: Mapping[str, str]) -> None:
        self._values |= values
        self._unheard.append(Heard(text, tuple(values)))


class Page(Html):
    """The page as it is read: its messages with their lines, by their ids, and what stands below each to press."""

    def __init__(self, html: str) -> None:
        super().__init__(html)
        self.messages: dict[int, str] = {}
        self.values: dict[int, dict[str, str]] = {}
        words, buttons = "", {}
        for element in self.elements:
            match element.tag, element.attrs.get("data-id"):
                case "div", None:
                    words = element.text
                case "button", None:
                    buttons[element.text] = element.attrs.get("value", "")
                case "li", str(id_):
                    self.messages[int(id_)] = words
                case "fieldset", str(id_):
                    self.values[int(id_)] = buttons
                    buttons = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data("\n")
        super().handle_starttag(tag, attrs)


class WebDoor(FetchingDoor):
    def __init__(self, house: House) -> None:
        super().__init__(house, "")
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{house.port}", trust_env=False)
        self._page: Page | None = None
        self._heard: set[int] = set()

    async def looks(self) -> None:
        self._read(await self.http.get("/"))

    async def says(self, *words: str) -> None:
        page = await self._shown()
        for answer in [await self._post(page, text=word) for word in words]:
            self._read(answer)

    async def taps(self, label: str) -> None:
        self._read(await self._post(await self._shown(), choice=self._values[label], text=""))

    async def says_twice(self, words: str) -> None:
        """Two presses on the same form: somebody was impatient, or a browser was."""
        page = await self._shown()
        for answer in await asyncio.gather(*(self._post(page, text=words) for _ in range(2))):
            self._read(answer)

    async def _shown(self) -> Page:
        if self._page is None:
            await self.looks()
        assert self._page is not None
        return self._page

    async def _post(self, page: Page, **fields: str) -> httpx.Response:
        """Send the form; while the page says that nothing was taken, send what it has kept once more."""
        sent = {"form": page.value("form"), "seen": page.value("seen"), **fields}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        for _ in range(AGAIN):
            body = urlencode(sent, errors="surrogatepass")
            answer = await self.http.post("/say", content=body, headers=headers, follow_redirects=True)
            if answer.status_code != 503:
                return answer
            refused = Page(answer.text)
            self.complaints.append(refused.one("p", id="problem").text)
            sent |= {"form": refused.value("form"), "text": refused.one("textarea").text.strip("\n")}
        raise TimeoutError("the page says again and again that nothing was taken")

    def _read(self, answer: httpx.Response) -> None:
        self._page = page = Page(answer.text)
        for id_, text in page.messages.items():
            if id_ not in self._heard:
                self._heard.add(id_)
                self._keep(text, page.values.get(id_, {}))


class Web(Entrance):
    pushes = False

    def door(self, house: House, number: int) -> Door:
        return WebDoor(house)


class TerminalDoor(FetchingDoor):
    """By the lines of ``setara chat --json``."""

    async def says(self, *words: str) -> None:
        self._writes(*({"text": word} for word in words))

    async def taps(self, label: str) -> None:
        self._writes({"choice": self._values[label]})

    async def looks(self) -> None:
        terminal = self._terminal()
        waiting = terminal.waiting()
        for reply in waiting:
            self._keep(reply.message.text, {button.label: button.value for button in reply.message.quick_replies})
        terminal.shown(waiting)

    def _writes(self, *lines: dict[str, str]) -> None:
        for _ in range(AGAIN):
            out = io.StringIO()
            chat_json(self._terminal(), io.StringIO("".join(f"{json.dumps(line)}\n" for line in lines)), out)
            answers: list[dict[str, Any]] = [json.loads(line) for line in out.getvalue().splitlines()]
            assert answers.count({"done": True}) == len(lines)
            refused = [answer["error"] for answer in answers if "error" in answer]
            for answer in answers:
                if "text" in answer:
                    self._keep(answer["text"], {one["label"]: one["value"] for one in answer["quick_replies"]})
            if not refused:
                return
            self.complaints += refused
        raise TimeoutError("the terminal says again and again that nothing was taken")

    def _terminal(self) -> Terminal:
        opened = self.house.opened
        return Terminal(opened.turntaker(), self.address, Announcer(opened))


class AtTerminal(Entrance):
    redelivers = False
    pushes = False

    def door(self, house: House, number: int) -> Door:
        return TerminalDoor(house, f"{NAME}-{number}")
