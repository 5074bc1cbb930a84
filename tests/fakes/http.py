"""Just enough HTTP/1.1 for a fake platform, and fast enough not to be what a benchmark measures.

A server whose handler may answer at once, later, or cut the connection; and a client that keeps one
connection. Both speak real HTTP over real sockets; httptools does the parsing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, cast

import httptools

_REASONS: Final = {status.value: status.phrase.encode() for status in HTTPStatus}


@dataclass(slots=True)
class Request:
    """A request as it came."""

    method: str = ""
    target: bytes = b""
    headers: dict[bytes, bytes] = field(default_factory=dict)
    """By lower-case name."""
    body: bytes = b""

    @property
    def content_type(self) -> bytes:
        return self.headers.get(b"content-type", b"")


@dataclass(frozen=True, slots=True)
class Response:
    """What to answer; with ``cut`` the connection is closed without a word instead."""

    status: int = 200
    body: bytes = b""
    cut: bool = False
    content_type: bytes = b"application/json"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form."""

    data: bytes = b""
    filename: str = ""
    mime: str = ""


def form_of(request: Request) -> dict[str, Part]:
    """The parts of a form, by name (RFC 7578). Raises ``ValueError`` with what is wrong."""
    kind = re.fullmatch(rb"multipart/form-data;\s*boundary=\"?([^\";]+)\"?", request.content_type)
    if kind is None:
        raise ValueError("The body must be multipart/form-data")
    first, *pieces, last = (b"\r\n" + request.body).split(b"\r\n--" + kind[1])
    if first or not last.startswith(b"--"):
        raise ValueError("The form is not complete")
    parts: dict[str, Part] = {}
    for piece in pieces:
        head, _, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = re.search(rb'\bname="([^"]*)"', head)
        filename = re.search(rb'\bfilename="([^"]*)"', head)
        mime = re.search(rb"(?im)^content-type:[ \t]*([^\r\n]*)", head)
        if name is None or (key := name[1].decode()) in parts:
            raise ValueError("A part of the form has no name, or another one's")
        parts[key] = Part(data, filename[1].decode() if filename else "", mime[1].decode() if mime else "")
    return parts


Handler = Callable[[Request], Response | Awaitable[Response]]


class Server:
    """Listens on the loopback interface; ``handler`` sees every request."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._listening: asyncio.Server | None = None
        self._connections: set[_Incoming] = set()
        self.port = 0

    async def start(self, port: int = 0) -> None:
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(
            lambda: _Incoming(self._handler, self._connections), "127.0.0.1", port
        )
        self.port = self._listening.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._listening is not None:
            self._listening.close()
        for connection in tuple(self._connections):
            connection.cut()
        await asyncio.sleep(0)


class _Incoming(asyncio.Protocol):
    def __init__(self, handler: Handler, connections: set[_Incoming]) -> None:
        self._handler = handler
        self._connections = connections
        self._parser = httptools.HttpRequestParser(self)
        self._request = Request()
        self._body: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._connections.discard(self)
        if self._waiting is not None:
            self._waiting.cancel()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.cut()

    def on_message_begin(self) -> None:
        self._request, self._body = Request(), []

    def on_url(self, url: bytes) -> None:
        self._request.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._request.headers[name.lower()] = value

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self._request.body = b"".join(self._body)
        self._request.method = self._parser.get_method().decode()
        answer = self._handler(self._request)
        if isinstance(answer, Response):
            self._write(answer)
        else:
            self._waiting = asyncio.ensure_future(self._write_later(answer))

    async def _write_later(self, answer: Awaitable[Response]) -> None:
        self._write(await answer)

    def _write(self, response: Response) -> None:
        if response.cut:
            self.cut()
        elif self._transport is not None:
            self._transport.write(
                b"HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                % (response.status, _REASONS[response.status], response.content_type, len(response.body), response.body)
            )

    def cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()


@dataclass(slots=True)
class Answer:
    """What a server answered."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""


class Connection(asyncio.Protocol):
    """One kept-alive connection as a client; opened by the first request and again after a loss."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._answer = Answer()
        self._waiter: asyncio.Future[Answer] | None = None

    async def post(self, path: str, body: bytes, headers: bytes, seconds: float) -> Answer:
        """Send a request and wait for its answer; ``headers`` are whole lines. Raises ``OSError``."""
        about = b"Content-Type: application/json\r\nContent-Length: %d\r\n%s" % (len(body), headers)
        return await self._request(b"POST", path, about, body, seconds)

    async def get(self, path: str, seconds: float) -> Answer:
        """Ask for a page and wait for it. Raises ``OSError``."""
        return await self._request(b"GET", path, b"", b"", seconds)

    async def _request(self, method: bytes, path: str, headers: bytes, body: bytes, seconds: float) -> Answer:
        loop = asyncio.get_running_loop()
        if self._transport is None or self._transport.is_closing():
            self._transport, _ = await loop.create_connection(lambda: self, self._host, self._port)
        self._parser = httptools.HttpResponseParser(self)
        self._answer, self._waiter = Answer(), loop.create_future()
        late = loop.call_later(seconds, self._fail, TimeoutError("no answer in time"))
        self._transport.write(
            b"%s %s HTTP/1.1\r\nHost: %s:%d\r\n%s\r\n%s"
            % (method, path.encode(), self._host.encode(), self._port, headers, body)
        )
        try:
            return await self._waiter
        finally:
            late.cancel()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._fail(ConnectionResetError("connection lost"))

    def data_received(self, data: bytes) -> None:
        try:
            if self._parser is not None:
                self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail(ConnectionResetError("not HTTP"))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._answer.headers[name.lower()] = value

    def on_body(self, body: bytes) -> None:
        self._answer.body += body

    def on_message_complete(self) -> None:
        if self._parser is None:
            return
        self._answer.status = self._parser.get_status_code()
        if not self._parser.should_keep_alive() and self._transport is not None:
            self._transport.close()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(self._answer)

    def _fail(self, error: OSError) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error)
            self.close()
