"""Sends messages to Telegram and says, as a value, why one could not be sent."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot.channels.base import SendError, Then, UnsendableError
from bot.channels.telegram.api import Api, NotSentError, ServerFaultError, TooManyRequestsError, UnansweredError
from bot.channels.telegram.compose import NO_KEYBOARD, compose, compose_file
from bot.limiter import Pace
from bot.logs import get_logger
from conversations.engine.messages import Attachment, OutgoingMessage

log = get_logger(__name__)

TOKEN_REST: Final = 60.0
"""Seconds without any sending after Telegram refused the token."""

_KEYBOARDS: Final = 10_000
"""Chats remembered to have a reply keyboard open."""

# Telegram answers 400 to these, though it is the person who is gone.
_GONE: Final = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "input_user_deactivated")


class Sender:
    """The one way out to Telegram.

    Args:
        api: the Bot API.
        pace: the bot's pace; a refusal (429) pauses it.
        share_label: the words on the button that shares a phone number, rendered.
        clock: seconds, monotonic.
    """

    def __init__(self, api: Api, pace: Pace, share_label: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._pace = pace
        self._share_label = share_label
        self._clock = clock
        self._rests_until = 0.0
        self._keyboards: OrderedDict[str, None] = OrderedDict()

    async def push(self, address: str, message: OutgoingMessage) -> SendError | None:
        """Send an unasked message when the pace allows; None when Telegram accepted it."""
        if left := self._token_rests():
            return _refused(left)
        if left := await self._pace.push(address):
            return _paused(left)
        return await self._send(address, message)

    async def reply(self, address: str, message: OutgoingMessage) -> SendError | None:
        """Send an answer at once; None when Telegram accepted it."""
        if left := self._token_rests():
            return _refused(left)
        if left := self._pace.reply(address):
            return _paused(left)
        return await self._send(address, message)

    def as_answer(self, address: str, message: OutgoingMessage) -> dict[str, Any] | None:
        """The message as the body of a webhook's answer; None when it needs a call of its own.

        What becomes of such an answer is never told, so it is used only where nothing speaks against it.
        """
        if self._token_rests() or message.attachment is not None:
            return None
        try:
            body = compose(address, message, self._share_label)
        except UnsendableError:
            return None
        if self._needs_two_steps(address, body) or self._pace.reply(address):
            return None
        self._remember(address, message)
        return {"method": "sendMessage", **body}

    async def acknowledge(self, tap: str) -> None:
        """Stop the waiting sign on a tapped button. Failures are harmless: the answer is a message."""
        try:
            await self._api.call("answerCallbackQuery", {"callback_query_id": tap})
        except TelegramError as error:
            log.debug("a tap was not acknowledged", why=error.message)

    async def leave(self, chat_id: int, farewell: str) -> None:
        """Say ``farewell`` in a group and leave it."""
        for method, parameters in (("sendMessage", {"text": farewell}), ("leaveChat", {})):
            try:
                await self._api.call(method, {"chat_id": chat_id, **parameters})
            except TelegramError as error:
                log.info("leaving a group failed", method=method, why=error.message)

    async def _send(self, address: str, message: OutgoingMessage) -> SendError | None:
        try:
            if message.attachment is None:
                await self._deliver(address, message, compose(address, message, self._share_label))
            else:
                await self._upload(address, message, message.attachment)
        except UnsendableError as reason:
            return SendError("400", f"Not sent: {reason}", Then.END)
        except TelegramError as error:
            return self._explain(error, address)
        self.accept_token()
        return None

    async def _deliver(self, address: str, message: OutgoingMessage, body: dict[str, Any]) -> None:
        if not self._needs_two_steps(address, body):
            await self._api.call("sendMessage", body)
            self._remember(address, message)
            return
        sent = await self._api.call("sendMessage", {**body, "reply_markup": NO_KEYBOARD})
        self._remember(address, message)
        try:
            place = {"chat_id": body["chat_id"], "message_id": sent["message_id"]}
            await self._api.call("editMessageReplyMarkup", {**place, "reply_markup": body["reply_markup"]})
        except (TelegramError, KeyError, TypeError) as error:
            log.info("a message went out without its buttons", error=type(error).__name__)

    async def _upload(self, address: str, message: OutgoingMessage, file: Attachment) -> None:
        body = compose_file(address, message, self._share_label)
        method = {"document": "sendDocument", "voice": "sendVoice"}[file.kind]
        await self._api.upload(method, body, file.kind, file)
        self._remember(address, message)

    def _needs_two_steps(self, address: str, body: dict[str, Any]) -> bool:
        """Whether a keyboard is still open in this chat and this message cannot take it away by itself.

        Only a message without inline buttons can; so it goes out without them and they follow. If that
        fails nothing is lost, for the text says how to answer.
        """
        return address in self._keyboards and "inline_keyboard" in body["reply_markup"]

    def _remember(self, address: str, message: OutgoingMessage) -> None:
        if not message.wants_contact:
            self._keyboards.pop(address, None)
            return
        self._keyboards[address] = None
        if len(self._keyboards) > _KEYBOARDS:
            self._keyboards.popitem(last=False)

    def refuse_token(self) -> None:
        """Telegram does not know the token: rest, and say so once."""
        if not self._rests_until:
            log.critical(
                "Telegram refuses SETARA_TELEGRAM_TOKEN: nothing can be received or sent. "
                "Take the right one from @BotFather; messages wait until then."
            )
        self._rests_until = self._clock() + TOKEN_REST

    def accept_token(self) -> None:
        """Telegram knows the token."""
        self._rests_until = 0.0

    def _token_rests(self) -> float:
        return max(0.0, self._rests_until - self._clock())

    def _explain(self, error: TelegramError, address: str) -> SendError:
        said = error.message
        match error:
            case TooManyRequestsError():
                self._pace.pause(error.retry_after, address)
                return SendError("429", said, Then.WAIT, error.retry_after)
            case InvalidToken():
                self.refuse_token()
                return _refused(TOKEN_REST)
            case Forbidden():
                return SendError("403", said, Then.SWITCH_OFF)
            case BadRequest() | ChatMigrated():
                gone = any(sign in said.lower() for sign in _GONE)
                return SendError("400", said, Then.SWITCH_OFF if gone else Then.END)
            case UnansweredError():
                return SendError("timeout", said, Then.RETRY)
            case NotSentError():
                return SendError("network", said, Then.RETRY)
            case ServerFaultError():
                return SendError("5xx", said, Then.RETRY)
        return SendError("network", said, Then.RETRY)


def _paused(left: float) -> SendError:
    return SendError("429", "Telegram asked for silence", Then.WAIT, left)


def _refused(left: float) -> SendError:
    return SendError("401", "Telegram refuses the bot's token", Then.WAIT, left)
