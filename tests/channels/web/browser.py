"""A browser without JavaScript: keeps cookies, reads the page's forms and posts them."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from types import TracebackType
from typing import Any, Self

import httpx
from starlette.applications import Starlette


@dataclass(frozen=True)
class Element:
    tag: str
    attrs: dict[str, str]
    text: str = ""


class Html(HTMLParser):
    """The elements of a page, each with the text directly and deeper inside it."""

    VOID = frozenset({"meta", "link", "img", "input", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.elements: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in self.VOID:
            self.elements.append(Element(tag, values))
        else:
            self._open.append((tag, values, []))

    def handle_data(self, data: str) -> None:
        for _, _, texts in self._open:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, values, texts = self._open.pop()
            self.elements.append(Element(name, values, "".join(texts)))
            if name == tag:
                return

    def all(self, tag: str, **attrs: str) -> list[Element]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [e for e in self.elements if e.tag == tag and wanted.items() <= e.attrs.items()]

    def one(self, tag: str, **attrs: str) -> Element:
        found = self.all(tag, **attrs)
        assert len(found) == 1, (tag, attrs, found)
        return found[0]

    def value(self, name: str) -> str:
        """Of the hidden field ``name``, which has the same value in every form of the page."""
        (value,) = {element.attrs["value"] for element in self.all("input", name=name)}
        return value

    @property
    def said(self) -> list[str]:
        """What each message says, on one line: who speaks, the words, the time."""
        return [" ".join(e.text.split()) for e in self.elements if e.attrs.get("class") in ("bot", "you")]

    @property
    def choices(self) -> dict[str, str]:
        """Label -> value of the quick replies that can be pressed."""
        return {e.text: e.attrs["value"] for e in self.all("button", type="submit", name="choice")}


class Browser:
    """One person's browser."""

    def __init__(
        self, app: Starlette, *, scheme: str = "http", host: str = "203.0.113.7", headers: dict[str, str] | None = None
    ) -> None:
        transport = httpx.ASGITransport(app, client=(host, 50_000))
        self.http = httpx.AsyncClient(transport=transport, base_url=f"{scheme}://chat.test", headers=headers)
        self.page = Html("")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.http.aclose()

    async def open(self, path: str = "/") -> httpx.Response:
        response = await self.http.get(path)
        self.page = Html(response.text)
        return response

    async def post(self, path: str = "/say", *, fragment: bool = False, **fields: Any) -> httpx.Response:
        """Send the page's form with ``fields`` set, and follow where it leads."""
        data = {"form": self.page.value("form"), "seen": self.page.value("seen"), **fields}
        headers = {"X-Fragment": "tab"} if fragment else {}
        response = await self.http.post(path, data=data, headers=headers, follow_redirects=True)
        if not fragment:
            self.page = Html(response.text)
        return response

    async def say(self, text: str) -> httpx.Response:
        return await self.post(text=text)

    async def choose(self, label: str) -> httpx.Response:
        return await self.post(choice=self.page.choices[label], text="")
