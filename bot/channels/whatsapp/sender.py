"""Sends messages to WhatsApp and says, as a value, why one could not be sent."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

from bot.channels.base import WINDOW, SendError, Sending, Then, UnsendableError
from bot.channels.whatsapp.api import Api, ApiError, NotSentError, RefusedError
from bot.channels.whatsapp.compose import Json, compose, compose_document, compose_voice
from bot.channels.whatsapp.errors import explain, refused_account, refused_template
from bot.channels.whatsapp.templates import Template, Templates
from bot.limiter import Pace
from bot.logs import get_logger
from conversations.engine.messages import Attachment
from conversations.engine.texts import Text, Translate, t

log = get_logger(__name__)

OPEN_LIST: Final[Text] = t("Pilih jawaban")
"""The words on the button that opens a list."""

_REMEMBERED: Final = 10_000
"""Accepted messages whose platform id is remembered, for reports that come without our own mark."""

_WINDOW_CLOSED: Final = 131047
_ALARM_AGAIN: Final = 3600.0

ANNOUNCED: Final = ".w"
"""At the end of a mark: the message is a template that tells of a waiting answer, and not the answer."""


class Sender:
    """The one way out to WhatsApp.

    Args:
        api: the Cloud API of one number.
        pace: the number's pace; a refusal pauses it.
        templates: what may be sent when a person's window is closed.
        tr: gives the pure translation of a locale.
        clock: now, aware: the window is judged by it at the moment of sending.
        monotonic: seconds.
    """

    def __init__(
        self,
        api: Api,
        pace: Pace,
        templates: Templates,
        tr: Callable[[str], Translate],
        clock: Callable[[], datetime],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api
        self._pace = pace
        self._templates = templates
        self._tr = tr
        self._clock = clock
        self._monotonic = monotonic
        self._rests_until = 0.0
        self._resting: dict[str, float] = {}
        """Templates that were refused, until when they are not tried again."""
        self._accepted: OrderedDict[str, str] = OrderedDict()
        self._announced: OrderedDict[str, tuple[datetime | None]] = OrderedDict()
        """Who was told by template that an answer waits, and when they had written last."""

    async def send(self, sending: Sending) -> SendError | None:
        """Send one message as the person's window allows; None when WhatsApp accepted it.

        Waits for the number's pace, except with a reply. Being accepted is not being delivered: reports tell.
        """
        if left := self._rests():
            return refused_account(left)
        reply = sending.kind == "reply"
        if left := self._pace.reply(sending.address) if reply else await self._pace.push(sending.address):
            return SendError("pace", "the pace of the number, or of this person, is reached", Then.WAIT, left)
        try:
            return await self._send(sending)
        except UnsendableError as reason:
            return SendError("400", f"not sent: {reason}", Then.END)

    def sent_as(self, message_id: str) -> str | None:
        """The mark of the sending that the platform calls ``message_id``, where it is remembered."""
        return self._accepted.get(message_id)

    def heed(self, error: SendError, address: str | None) -> None:
        """Do what an error asks of everything that sends; ``address``: to whom the message was to go."""
        if error.code == "account":
            self._rest(error)
        elif error.code == "pace":
            self._pace.pause(error.retry_after, address)
        elif error.code == "pair" and address is not None:
            self._pace.rest(error.retry_after, address)

    async def _send(self, sending: Sending) -> SendError | None:
        template = self._templates.find(sending.kind, sending.locale)
        if not self._is_open(sending.heard_at):
            return await self._outside(sending, template)
        error = await self._call(sending, partial(self._composed, sending))
        if error is not None and error.code == str(_WINDOW_CLOSED):
            # The platform's clock counts, and the person cannot wait for ours.
            return await self._outside(sending, template)
        file = sending.message.attachment
        if error is None and file is not None and file.kind == "voice":
            # A voice carries no words beside it, so they went before; should it fail they come again.
            return await self._call(sending, partial(self._spoken, file))
        return error

    def _is_open(self, heard_at: datetime | None) -> bool:
        return heard_at is not None and self._clock() - heard_at < WINDOW

    async def _outside(self, sending: Sending, template: Template | None) -> SendError | None:
        """The window is closed: what an alert says goes by template; of an answer only that it waits, and that once."""
        said = "more than 24 hours since the person wrote"
        if template is None:
            said = f"{said}, and no template for {sending.kind} in {sending.locale}"
            return SendError(str(_WINDOW_CLOSED), said, Then.WHEN_HEARD)
        if sending.kind == "alert":
            return await self._by_template(sending, template)
        if self._announced.get(sending.address) != (sending.heard_at,):
            error = await self._by_template(sending, template)
            if error is not None:
                return error
            _remember(self._announced, sending.address, (sending.heard_at,))
        return SendError(str(_WINDOW_CLOSED), f"{said}; a template tells that it waits", Then.WHEN_HEARD)

    async def _by_template(self, sending: Sending, template: Template) -> SendError | None:
        if (left := self._resting.get(template.name, 0.0) - self._monotonic()) > 0:
            return refused_template(left)
        content: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
        if values := template.filled(sending.message.values):
            parameters = [{"type": "text", "text": value} for value in values]
            content["components"] = [{"type": "body", "parameters": parameters}]

        async def make() -> Json:
            return {"type": "template", "template": content}

        error = await self._call(sending, make, ANNOUNCED if sending.kind == "reply" else "")
        if error is not None and error.code == "template":
            log.error("WhatsApp refuses a template: look it up in WhatsApp Manager", template=template.name)
            self._resting[template.name] = self._monotonic() + error.retry_after
        return error

    async def _composed(self, sending: Sending) -> Json:
        file = sending.message.attachment
        if file is None or file.kind == "voice":
            return compose(sending.message, self._tr(sending.locale)(OPEN_LIST))
        return compose_document(sending.message, file.name, await self._uploaded(file))

    async def _spoken(self, file: Attachment) -> Json:
        return compose_voice(await self._uploaded(file))

    async def _uploaded(self, file: Attachment) -> str:
        return await self._api.upload(file.content, file.mime_type, file.name)

    async def _call(self, sending: Sending, make: Callable[[], Awaitable[Json]], about: str = "") -> SendError | None:
        mark = f"{sending.outbox_id}.{sending.sending}{about}"
        try:
            message = await make()
            kind = message["type"]
            message_id = await self._api.send(sending.address, kind, message[kind], mark)
        except RefusedError as refused:
            if refused.status >= 500 or refused.transient:
                return SendError("5xx", f"WhatsApp has a fault of its own ({refused})", Then.RETRY)
            error = explain(refused.code)
            self.heed(error, sending.address)
            return error
        except NotSentError as lost:
            return SendError("network", str(lost), Then.RETRY)
        except ApiError as lost:
            return SendError("timeout", str(lost), Then.RETRY)
        _remember(self._accepted, message_id, mark)
        return None

    def _rest(self, error: SendError) -> None:
        """Send nothing for a while; said once, for as long as it comes again before an hour has passed."""
        now = self._monotonic()
        if self._rests_until == 0.0 or now - self._rests_until > _ALARM_AGAIN:
            log.critical(
                "WhatsApp refuses this account: nothing can be sent, and messages wait. Look at SETARA_WHATSAPP_TOKEN "
                "and at the account's state in WhatsApp Manager.",
                why=error.description,
            )
        self._rests_until = now + error.retry_after

    def _rests(self) -> float:
        return max(0.0, self._rests_until - self._monotonic())


def _remember(memory: OrderedDict[str, Any], key: str, value: Any) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)
