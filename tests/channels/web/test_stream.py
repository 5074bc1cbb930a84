"""Messages that come by themselves, over a real connection on the loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channels.base import Sending
from bot.channels.web import WebChannel, stream
from bot.channels.web.stream import Place, Waiting, event
from tests.channels.web.browser import Browser, Html
from tests.channels.web.service import ALERT, Service, application, channel


@asynccontextmanager
async def serving(app: Starlette, web: WebChannel) -> AsyncIterator[str]:
    """The application on a free port; its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = asyncio.create_task(server.serve([listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            await web.stop()
            server.should_exit = True
            await asyncio.wait_for(running, 5)


async def events_of(response: httpx.Response) -> AsyncIterator[SimpleNamespace]:
    """The stream's events, as a browser would read them; comments as events named ":"."""
    name, number, data = "message", "", []
    async for line in response.aiter_lines():
        key, _, value = line.partition(":")
        match key:
            case "event":
                name = value
            case "id":
                number = value
            case "data":
                data.append(value)
            case "" if line:
                yield SimpleNamespace(name=":", id=number, html="")
            case "" if data:
                yield SimpleNamespace(name=name, id=number, html="\n".join(data))
                name, data = "message", []


@asynccontextmanager
async def listening(http: httpx.AsyncClient, url: str) -> AsyncIterator[AsyncIterator[SimpleNamespace]]:
    async with http.stream("GET", url, timeout=5) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert response.headers["X-Accel-Buffering"] == "no"
        assert response.headers["Cache-Control"] == "no-store"
        yield events_of(response)


class Visit(Browser):
    """A browser on a real connection, whose person has said hello."""

    def __init__(self, base: str) -> None:
        self.http = httpx.AsyncClient(base_url=base)
        self.page = Html("")

    async def hello(self) -> str:
        """The stream's address for the page that was then shown."""
        await self.open()
        await self.say("halo")
        return self.stream()

    def stream(self, tab: str = "a") -> str:
        whose = self.page.one("body").attrs["data-page"]
        return f"/baru?after={self.page.value('seen')}&page={whose}&tab={tab}"


async def test_an_alert_arrives_by_itself(service: Service, web: WebChannel) -> None:
    async with serving(application(web), web) as base, Visit(base) as visit:
        url = await visit.hello()
        assert "data-listening" in visit.page.one("body").attrs
        (address,) = service.contacts
        async with listening(visit.http, url) as events:
            number = service.push(address)
            arrived = await anext(events)
        part = Html(arrived.html)
        assert arrived.id == str(number)
        assert "Lowongan baru: Admin Kantor" in part.said[0]
        assert part.value("seen") == str(number)
        assert part.choices == {"Lihat lowongan": "job:5"}
        assert part.one("legend").text == "Pilihan dari pesan terbaru"
        assert not part.all("input", name="form"), "the form that is being filled in stays"
        assert service.confirmed == [], "listening writes nothing"


async def test_a_rung_page_looks_at_once(service: Service) -> None:
    web = channel(service, poll_seconds=60)
    async with serving(application(web), web) as base, Visit(base) as visit:
        url = await visit.hello()
        (address,) = service.contacts
        async with listening(visit.http, url) as events:
            waiting = asyncio.ensure_future(anext(events))
            await asyncio.sleep(0.1)
            assert not waiting.done()
            service.push(address)
            await web.send(Sending(0, address, ALERT))
            assert "Lowongan baru" in (await waiting).html


async def test_what_an_answer_brought_is_not_streamed_to_the_same_tab(service: Service) -> None:
    web = channel(service, poll_seconds=60)
    async with serving(application(web), web) as base, Visit(base) as visit:
        await visit.hello()
        (address,) = service.contacts
        async with (
            listening(visit.http, visit.stream("tab")) as same,
            listening(visit.http, visit.stream("other")) as other,
        ):
            in_same = asyncio.ensure_future(anext(same))
            in_other = asyncio.ensure_future(anext(other))
            await asyncio.sleep(0.1)
            await visit.post(fragment=True, text="rina contoh")
            assert "Di kecamatan mana" in (await in_other).html
            service.push(address)
            web.ring(address)
            assert "Di kecamatan mana" not in (await in_same).html


async def test_after_a_lost_connection_nothing_is_missed(service: Service, web: WebChannel) -> None:
    async with serving(application(web), web) as base, Visit(base) as visit:
        url = await visit.hello()
        (address,) = service.contacts
        numbers = [service.push(address) for _ in range(3)]
        async with visit.http.stream("GET", url, headers={"Last-Event-ID": str(numbers[0])}) as response:
            part = Html((await anext(events_of(response))).html)
        assert [e.attrs["data-id"] for e in part.all("li")] == [str(n) for n in numbers[1:]]


async def test_a_connection_without_news_shows_that_it_lives(
    service: Service, web: WebChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    async with serving(application(web), web) as base, Visit(base) as visit:
        url = await visit.hello()
        async with listening(visit.http, url) as events:
            assert [(await anext(events)).name for _ in range(3)] == [":", ":", ":"]


async def test_leaving_empties_every_open_page(service: Service, web: WebChannel) -> None:
    async with serving(application(web), web) as base, Visit(base) as visit:
        url = await visit.hello()
        async with listening(visit.http, url) as events:
            waiting = asyncio.ensure_future(anext(events))
            await asyncio.sleep(0.05)
            await visit.post("/keluar")
            assert (await waiting).name == "gone"
            with pytest.raises(StopAsyncIteration):
                await anext(events)


async def test_a_page_of_the_person_before_gets_nothing_of_the_next(service: Service, web: WebChannel) -> None:
    async with serving(application(web), web) as base, Visit(base) as visit:
        before = await visit.hello()
        await visit.post("/keluar")
        await visit.hello()
        _, address = service.contacts
        service.push(address)
        async with listening(visit.http, before) as events:
            assert (await anext(events)).name == "gone"


async def test_a_visitor_who_has_said_nothing_waits_for_nothing(
    service: Service, browser: Browser, web: WebChannel
) -> None:
    response = await browser.open()
    assert "data-listening" not in response.text
    whose = browser.page.one("body").attrs["data-page"]
    assert (await browser.http.get(f"/baru?after=0&page={whose}")).status_code == 204
    assert len(web._waiting) == 0


async def test_places_are_bounded_and_given_back(service: Service) -> None:
    waiting = Waiting(service.newer, most=4, per_address=2, poll_seconds=0.01)

    async def first(address: str) -> str:
        opened = waiting.events(Place(address, "", 0), lambda entries: "")
        kept.append(opened)
        return await anext(opened)

    kept: list[object] = []
    busy = "retry: 30000\n\n"
    assert [await first("a") for _ in range(3)] == ["retry: 3000\n\n", "retry: 3000\n\n", busy]
    assert [await first("b"), await first("c"), await first("d")] == ["retry: 3000\n\n", "retry: 3000\n\n", busy]
    assert len(waiting) == 4
    for opened in kept:
        await opened.aclose()  # type: ignore[attr-defined]  # a generator, typed as iterator
    assert len(waiting) == 0
    assert await first("a") == "retry: 3000\n\n"


async def test_a_closed_tab_gives_its_place_back(service: Service, web: WebChannel) -> None:
    async with serving(application(web), web) as base, Visit(base) as visit:
        url = await visit.hello()
        async with listening(visit.http, url):
            await asyncio.sleep(0.05)
            assert len(web._waiting) == 1
        for _ in range(100):
            if not len(web._waiting):
                break
            await asyncio.sleep(0.02)
        assert len(web._waiting) == 0


async def test_streams_end_when_nothing_can_be_read_or_the_service_stops(service: Service) -> None:
    waiting = Waiting(service.newer, poll_seconds=0.01)
    service.unreadable = True
    assert [e async for e in waiting.events(Place("a", "", 0), lambda entries: "")] == [
        "retry: 3000\n\n",
        "retry: 10000\n\n",
    ]
    service.unreadable = False
    opened = waiting.events(Place("a", "", 0), lambda entries: "")
    assert await anext(opened) == "retry: 3000\n\n"
    waiting.close()
    assert [e async for e in opened] == []
    assert [e async for e in waiting.events(Place("a", "", 0), lambda entries: "")] == ["retry: 30000\n\n"]
    assert len(waiting) == 0


async def test_no_connection_lasts_for_ever(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LIFETIME", 0.05)
    waiting = Waiting(service.newer, poll_seconds=0.01)
    events = [e async for e in waiting.events(Place("a", "", 0), lambda entries: "")]
    assert events == ["retry: 3000\n\n"]


async def test_many_pages_do_not_read_more_often(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "READS_PER_SECOND", 100)
    waiting = Waiting(service.newer, poll_seconds=0.001)

    async def listen(number: int) -> None:
        async for _ in waiting.events(Place(str(number), "", 0), lambda entries: ""):
            pass

    tasks = [asyncio.create_task(listen(number)) for number in range(50)]
    await asyncio.sleep(0.75)
    waiting.close()
    await asyncio.gather(*tasks)
    assert 50 <= service.reads <= 50 + 100, "one at the beginning, then one every half second"


def test_no_line_end_can_break_out_of_an_event() -> None:
    assert event("<p>a</p>\r<p>b</p>\n\n<p>c</p>\u2028d", 7) == (
        "id:7\ndata:<p>a</p>\ndata:<p>b</p>\ndata:<p>c</p>\ndata:d\n\n"
    )
