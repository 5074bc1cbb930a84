"""The Bot API over aiohttp: the library's methods, and a short way for what is called all day.

python-telegram-bot's own transport takes three quarters of the time of a sent message, and its methods
build the sent message as objects that nobody reads. So it gets a transport of ours, and the three calls
every conversation is made of (sendMessage, answerCallbackQuery, getUpdates) go past its objects.

No address is ever put into an error: it holds the token.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import aiohttp
from telegram import Bot
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from conversations.engine.messages import Attachment

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 15.0
"""Seconds. A message is accepted within one; what takes longer has an unknown outcome."""


class NotSentError(NetworkError):
    """No connection: the request certainly did not reach the platform."""


class UnansweredError(TimedOut):
    """The request left and no answer came: the platform may have acted on it or not."""


class ServerFaultError(NetworkError):
    """The platform answered with a fault of its own (5xx)."""


class TooManyRequestsError(TelegramError):
    """The platform asks for silence. (The library's own class warns about its attribute each time.)"""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Too Many Requests: retry after {retry_after:g}")
        self.retry_after = retry_after


class AiohttpRequest(BaseRequest):
    """Transport for ``telegram.Bot``: kept-alive connections, no retries; files only by ``upload``.

    Args:
        connections: how many requests may be under way at once; more wait.
    """

    def __init__(self, connections: int = 64) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return READ_TIMEOUT

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # Shorter than the server's own keep-alive: a request on a connection that the
                # server is just closing would have an unknown outcome.
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=20, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "setara-kerja"},
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The library's door; of its timeouts only the one for reading is heeded.

        Raises ``NotSentError``, ``UnansweredError``, ``ServerFaultError`` or ``TooManyRequestsError``.
        """
        if request_data is not None and request_data.contains_files:
            raise TelegramError("This transport carries no files")
        parameters = request_data.parameters if request_data is not None else {}
        wait = read_timeout if isinstance(read_timeout, int | float) else READ_TIMEOUT
        return await self._exchange(method, url, _json(parameters), wait)

    async def call(self, url: str, parameters: Mapping[str, Any], read_timeout: float = READ_TIMEOUT) -> Any:
        """The short way: the answer's ``result`` as JSON, or the same errors as the library raises."""
        return await self._result(url, _json(parameters), read_timeout)

    async def upload(self, url: str, parameters: Mapping[str, Any], field: str, file: Attachment) -> Any:
        """``call``, with a file as the parameter ``field``."""
        form = aiohttp.FormData()
        for key, value in parameters.items():
            form.add_field(key, value if isinstance(value, str) else json.dumps(value, separators=(",", ":")))
        form.add_field(field, file.content, filename=file.name, content_type=file.mime_type)
        return await self._result(url, form, READ_TIMEOUT)

    async def _result(self, url: str, data: _Data, read_timeout: float) -> Any:
        status, body = await self._exchange("POST", url, data, read_timeout)
        answer = _read(body)
        if status == 200 and answer.get("ok"):
            return answer.get("result")
        raise _error(status, str(answer.get("description") or f"HTTP {status}"))

    async def _exchange(self, method: str, url: str, data: _Data, read_timeout: float) -> tuple[int, bytes]:
        if self._session is None:
            raise NotSentError("The connection to Telegram is closed")
        timeout = aiohttp.ClientTimeout(connect=CONNECT_TIMEOUT, sock_connect=CONNECT_TIMEOUT, sock_read=read_timeout)
        failure: TelegramError
        try:
            async with self._session.request(
                method,
                url,
                data=data,
                headers=_JSON if isinstance(data, str) else None,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                status, body = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientSSLError) as error:
            failure = NotSentError(f"No connection to Telegram ({type(error).__name__})")
        except aiohttp.InvalidURL:
            failure = NotSentError("The address of the Bot API is not an address")
        except TimeoutError:
            failure = UnansweredError("Telegram did not answer in time")
        except (aiohttp.ClientError, OSError) as error:
            failure = UnansweredError(f"Connection lost before Telegram answered ({type(error).__name__})")
        else:
            _refuse_faults(status, body)
            return status, body
        # Outside the handlers on purpose: the original holds the address, so it must not become the context.
        raise failure


_Data: TypeAlias = str | aiohttp.FormData
_JSON: Final = {"Content-Type": "application/json"}


def _json(parameters: Mapping[str, Any]) -> str:
    return json.dumps(parameters, separators=(",", ":"))


class _Bot(Bot):
    """The library's bot, without the token in its representation: tracebacks may show values."""

    def __repr__(self) -> str:
        return "Bot"


class Api:
    """The Bot API of one token.

    Args:
        token: the bot's token.
        base: address without ``/bot``, e.g. ``https://api.telegram.org``.
    """

    def __init__(self, token: str, base: str) -> None:
        self._request = AiohttpRequest()
        self.bot: Bot = _Bot(
            token, base_url=f"{base.rstrip('/')}/bot", request=self._request, get_updates_request=self._request
        )
        """For what is called rarely. Never initialised: that would need Telegram to be reachable."""

    async def open(self) -> None:
        await self._request.initialize()

    async def close(self) -> None:
        await self._request.shutdown()

    async def call(self, method: str, parameters: Mapping[str, Any], read_timeout: float = READ_TIMEOUT) -> Any:
        """Call ``method`` ("sendMessage") and return its raw result. Raises ``TelegramError``."""
        return await self._request.call(f"{self.bot.base_url}/{method}", parameters, read_timeout)

    async def upload(self, method: str, parameters: Mapping[str, Any], field: str, file: Attachment) -> Any:
        """Call ``method`` ("sendDocument") with a file as the parameter ``field``. Raises ``TelegramError``."""
        return await self._request.upload(f"{self.bot.base_url}/{method}", parameters, field, file)


def _read(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _refuse_faults(status: int, body: bytes) -> None:
    if status == 429:
        parameters = _read(body).get("parameters") or {}
        raise TooManyRequestsError(float(parameters.get("retry_after") or 1))
    if status >= 500:
        raise ServerFaultError(f"Telegram has a fault of its own (HTTP {status})")


def _error(status: int, description: str) -> TelegramError:
    match status:
        case 400:
            return BadRequest(description)
        case 401 | 404:
            return InvalidToken("Telegram does not know this bot token")
        case 403:
            return Forbidden(description)
        case 409:
            return Conflict(description)
    return ServerFaultError(description)
