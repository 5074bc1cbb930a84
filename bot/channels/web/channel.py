"""The web chat as a channel: pages out, forms in, and a stream of what comes by itself."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.allowance import Allowance
from bot.channels.base import Busy, InboundMessage, Notice, SendError, Sending, Then, Turn, TurnFailed, Turns
from bot.channels.web import wording
from bot.channels.web.assets import Assets
from bot.channels.web.forms import Refused, number_in, read_form, said_in
from bot.channels.web.limits import network_of
from bot.channels.web.pages import Pages, View
from bot.channels.web.stream import EventStream, Place, Waiting, gone, only
from bot.channels.web.transcript import (
    SHOWN,
    Entry,
    Greeting,
    History,
    Newer,
    Transcript,
    Translators,
    label_of,
    newest,
)
from bot.channels.web.visitors import COOKIE, COOKIE_SECONDS, Seals, Visitor, update_id
from conversations.engine.texts import Text
from locales.render import nearest, translator
from storage.inbound import HIDDEN

SECURITY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
FRAGMENT = "x-fragment"
"""Header of a request that wants only what is new, and of the answer that holds it; its value names the tab."""

log = structlog.get_logger(__name__)


class WebChannel:
    """Implements ``Channel``. Nothing is pushed: a person's page fetches what waits for it.

    ``turns``      takes what people say.
    ``history``    and ``newer`` read what was said (see ``transcript``); they write nothing.
    ``greeting``   what somebody who has said nothing yet is shown.
    ``secret_keys`` newest first; derived for the web chat alone.
    ``new_contacts_per_minute`` and ``…_per_hour`` a network may make, ``messages_per_minute`` a browser may send.
    ``region``     the regency's name, as the page's head shows it.
    ``timezone``   in which times are shown.
    """

    name = "web"

    def __init__(
        self,
        turns: Turns,
        *,
        history: History,
        newer: Newer,
        greeting: Greeting,
        secret_keys: Sequence[str | bytes],
        region: str,
        timezone: tzinfo,
        tr: Translators = translator,
        new_contacts_per_minute: int = 30,
        new_contacts_per_hour: int = 120,
        messages_per_minute: int = 60,
        most_waiting: int = 500,
        poll_seconds: float = 1.0,
    ) -> None:
        self._turns = turns
        self._history = history
        self._greeting = greeting
        self._timezone = timezone
        self._seals = Seals(secret_keys)
        self._assets = Assets()
        self._pages = Pages(tr=tr, region=region, timezone=timezone, assets=self._assets)
        self._new_contacts = Allowance(new_contacts_per_minute)
        self._new_this_hour = Allowance(new_contacts_per_hour, 3_600)
        self._messages = Allowance(messages_per_minute)
        self._waiting = Waiting(newer, most=most_waiting, poll_seconds=poll_seconds)
        self._last_order = 0

    # The channel

    def routes(self) -> Sequence[BaseRoute]:
        return (
            Route("/", self.page, methods=["GET"]),
            Route("/say", self.say, methods=["POST"]),
            Route("/keluar", self.leave, methods=["POST"]),
            Route("/seen", self.seen, methods=["POST"]),
            Route("/baru", self.news, methods=["GET"]),
            Route("/say", self.back, methods=["GET"]),
            Route("/keluar", self.back, methods=["GET"]),
            Route("/berkas/{id:int}", self.file, methods=["GET"]),
            Route("/statis/{name}", self.static, methods=["GET"]),
        )

    async def start(self) -> None:
        """Nothing to begin: requests come by themselves."""

    async def stop(self) -> None:
        """End the waiting pages' streams. Call it before the server waits for its connections to close."""
        self._waiting.close()

    async def send(self, sending: Sending) -> SendError | None:
        """Wakes the page. Never claims delivery: that is known when the page says what was on the screen."""
        self.ring(sending.address)
        return SendError("pull", "the page fetches its own messages", Then.RETRY)

    def ring(self, address: str | None = None) -> None:
        """New messages may wait for ``address`` (None: anybody): pages look at once, not at their next poll."""
        self._waiting.ring(address)

    # What a browser asks for

    async def page(self, request: Request) -> Response:
        """The conversation. Writes nothing."""
        visitor = self._visitor(request)
        conversation = await self._read(request, visitor)
        if conversation is None:
            return await self._refusal(request, visitor, {}, Refused(503, wording.NOT_READ))
        asked, since = request.query_params, number_in(request.query_params.get("setelah"))
        notice = None
        if "keluar" in asked:
            notice = wording.WORDS["left"]
        elif "setelah" in asked and (newest(conversation.entries) or 0) <= (since or 0):
            notice = wording.WORDS["nothing_new"]
        return self._html(request, visitor, self._view(visitor, conversation, since=since, notice=notice))

    async def say(self, request: Request) -> Response:
        """Take one message; answer with the new entries (JavaScript) or go back to the page."""
        visitor = self._visitor(request)
        fields: Mapping[str, str] = {}
        try:
            fields = await read_form(request)
            said, turn = await self._take(request, visitor, fields)
        except Refused as refused:
            return await self._refusal(request, visitor, fields, refused)
        known = visitor.known()
        self._waiting.ring(visitor.address)
        if FRAGMENT in request.headers:
            return await self._answer(request, known, fields, said, turn)
        draft = fields.get("text", "") if fields.get("choice") else ""
        if draft.strip() and (conversation := await self._read(request, known)):
            # A button was pressed while something stood half written: a redirect would lose it.
            return self._html(request, known, self._view(known, conversation, typed=draft))
        return self._with_cookie(request, known, self._redirect("/#terakhir"))

    async def seen(self, request: Request) -> Response:
        """What stands on the page has been on a screen."""
        visitor = self._visitor(request)
        try:
            fields = await read_form(request)
        except Refused as refused:
            return Response(status_code=refused.status, headers=SECURITY)
        until = number_in(fields.get("seen"))
        if self._seals.open_form(visitor.address, fields.get("form", "")) is None or until is None:
            return Response(status_code=403, headers=SECURITY)
        transcript = await self._history(visitor.address)
        # Only ids read from this person's own transcript: the number itself comes from outside.
        ids = [
            entry.outbox_id
            for entry in (transcript.entries if transcript else ())
            if entry.outbox_id is not None and entry.outbox_id <= until and not entry.shown
        ]
        if ids:
            self._turns.confirm(ids)
        return Response(status_code=204, headers=SECURITY)

    async def news(self, request: Request) -> Response:
        """The stream of messages that come by themselves. Writes nothing."""
        visitor = self._visitor(request)
        query = request.query_params
        if query.get("page") != self._seals.page_of(visitor.address):
            return EventStream(only(gone()))
        if visitor.fresh:
            return Response(status_code=204, headers=SECURITY)
        after = max(number_in(query.get("after")) or 0, number_in(request.headers.get("last-event-id")) or 0)
        transcript = await self._history(visitor.address)
        locale = transcript.locale if transcript else nearest(_language(request))
        place = Place(visitor.address, query.get("tab", "")[:16], after)
        return EventStream(self._waiting.events(place, partial(self._pages.news, locale)))

    async def file(self, request: Request) -> Response:
        """A file that came with a message of this person's own talk."""
        visitor = self._visitor(request)
        transcript = await self._history(visitor.address) if visitor.returning else None
        for entry in transcript.entries if transcript else ():
            if entry.outbox_id == request.path_params["id"] and entry.attachment is not None:
                name = quote(entry.attachment.name)
                attached = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
                headers = SECURITY | attached | {"Content-Type": entry.attachment.mime_type}
                return Response(entry.attachment.content, headers=headers)
        return Response(status_code=404, headers=SECURITY)

    async def leave(self, request: Request) -> Response:
        """Forget this browser: on a shared computer the next person must find nothing."""
        visitor = self._visitor(request)
        try:
            fields = await read_form(request)
            form = self._seals.open_form(visitor.address, fields.get("form", ""))
            if form is None:
                raise Refused(403, wording.OLD_PAGE)
        except Refused as refused:
            return await self._refusal(request, visitor, {}, refused)
        if not visitor.fresh:
            try:
                # Nobody holds this address any more, so nothing need wait for it.
                await self._turns.handle(
                    InboundMessage(
                        channel=self.name,
                        address=visitor.address,
                        external_id=update_id(visitor.address, form, "leave"),
                        order=self._next_order(),
                        notice=Notice.LEFT,
                    )
                )
            except TurnFailed:
                log.warning("web.left_not_recorded")
        self._waiting.leave(visitor.address)
        response = self._redirect("/?keluar=1")
        response.delete_cookie(COOKIE, path="/", secure=_secure(request), httponly=True, samesite="lax")
        return response

    async def back(self, request: Request) -> Response:
        """Somebody reloads the page that answered a form."""
        return self._redirect("/")

    async def static(self, request: Request) -> Response:
        return self._assets.response(request.path_params["name"])

    # Steps of these

    async def _take(self, request: Request, visitor: Visitor, fields: Mapping[str, str]) -> tuple[Entry, Turn]:
        """The turn of what was posted, and the entry that shows it. Raises Refused."""
        form = self._seals.open_form(visitor.address, fields.get("form", ""))
        if form is None:
            raise Refused(403, wording.OLD_PAGE)
        text, choice = said_in(fields)
        network = network_of(request.client.host if request.client else "")
        if visitor.fresh and not (self._new_contacts.allow(network) and self._new_this_hour.allow(network)):
            raise Refused(429, wording.TOO_MANY)
        if not self._messages.allow(visitor.address):
            raise Refused(429, wording.TOO_FAST)
        now = datetime.now(UTC)
        try:
            said = text or await self._label(request, visitor, choice or "")
            inbound = InboundMessage(
                channel=self.name,
                address=visitor.address,
                external_id=update_id(visitor.address, form, f"choice {choice}" if choice else f"text {text}"),
                order=self._next_order(),
                text=text,
                choice=choice,
                language=_language(request),
                said=said,
                seen=number_in(fields.get("seen")),
            )
            turn = await self._turns.handle(inbound)
            return Entry("person", HIDDEN if turn.hushed else said, now), turn
        except Busy:
            raise Refused(503, wording.BUSY) from None
        except TurnFailed:
            raise Refused(503, wording.NOT_SAVED) from None

    async def _label(self, request: Request, visitor: Visitor, choice: str) -> str:
        """The words on the button that was pressed: what the transcript will show. Raises TurnFailed."""
        conversation = await self._read(request, visitor)
        if conversation is None:
            raise TurnFailed
        return label_of(choice, conversation.entries) or self._pages.say(conversation.locale, wording.A_CHOICE)

    async def _answer(
        self, request: Request, visitor: Visitor, fields: Mapping[str, str], said: Entry, turn: Turn
    ) -> Response:
        """Everything since what stood on the page: also what came while the person was writing."""
        since = number_in(fields.get("seen")) or 0
        conversation = await self._read(request, visitor)
        if conversation is None:  # the turn itself is committed
            conversation = Transcript(
                nearest(_language(request)),
                tuple(
                    Entry(
                        "service",
                        reply.message.text,
                        said.at,
                        reply.outbox_id,
                        reply.message.quick_replies,
                        attachment=reply.message.attachment,
                    )
                    for reply in turn.replies
                ),
            )
        entries = [entry for entry in conversation.entries if entry.outbox_id and entry.outbox_id > since]
        if (latest := newest(entries)) is not None:
            self._waiting.handed(visitor.address, request.headers[FRAGMENT], latest)
        return self._html(request, visitor, self._view(visitor, Transcript(conversation.locale, (said, *entries))))

    async def _refusal(
        self, request: Request, visitor: Visitor, fields: Mapping[str, str], refused: Refused
    ) -> Response:
        """The page again, saying what happened and keeping what was typed, also when there is no transcript to show."""
        conversation = await self._read(request, visitor) or Transcript(nearest(_language(request)))
        if FRAGMENT in request.headers:
            conversation = Transcript(conversation.locale)
        view = self._view(
            visitor, conversation, typed=fields.get("text", ""), problem=refused.why, form=fields.get("form", "")
        )
        return self._html(request, visitor, view, status=refused.status)

    async def _read(self, request: Request, visitor: Visitor) -> Transcript | None:
        """The conversation, from the greeting on where its beginning is still shown; None if it cannot be read."""
        try:
            transcript = await self._history(visitor.address) if visitor.returning else None
        except Exception as error:  # whatever storage raises: each page says in its own way what is missing
            log.warning("web.history_not_read", error=type(error).__name__)
            return None
        transcript = transcript or Transcript(nearest(_language(request)))
        if len(transcript.entries) >= SHOWN:
            return transcript
        greeting = self._greeting(transcript.locale)
        hello = Entry("service", greeting.text, quick_replies=greeting.quick_replies)
        return Transcript(transcript.locale, (hello, *transcript.entries))

    def _view(
        self,
        visitor: Visitor,
        conversation: Transcript,
        *,
        since: int | None = None,
        typed: str = "",
        problem: Text | None = None,
        notice: Text | None = None,
        form: str = "",
    ) -> View:
        """``form``: the sealed form that was refused; where it is still good, sending again stays the same update."""
        good = form and self._seals.open_form(visitor.address, form)
        return View(
            conversation.locale,
            conversation.entries,
            form=form if good else self._seals.new_form(visitor.address),
            page=self._seals.page_of(visitor.address),
            listening=not visitor.fresh,
            since=since,
            typed=typed,
            problem=self._pages.say(conversation.locale, problem) if problem else None,
            notice=self._pages.say(conversation.locale, notice) if notice else None,
        )

    def _visitor(self, request: Request) -> Visitor:
        return self._seals.visitor(request.cookies.get(COOKIE))

    def _next_order(self) -> int:
        """Later than every earlier one, also within the same nanosecond and after the clock was set back."""
        self._last_order = max(self._last_order + 1, time.time_ns())
        return self._last_order

    def _html(self, request: Request, visitor: Visitor, view: View, status: int = 200) -> Response:
        headers = dict(SECURITY)
        if FRAGMENT in request.headers:
            headers[FRAGMENT] = "1"
            html = self._pages.answer(view)
        else:
            html = self._pages.page(view, datetime.now(self._timezone).date())
        return self._with_cookie(request, visitor, HTMLResponse(html, status, headers))

    def _with_cookie(self, request: Request, visitor: Visitor, response: Response) -> Response:
        if visitor.renew:
            response.set_cookie(
                COOKIE,
                self._seals.cookie(visitor),
                max_age=COOKIE_SECONDS,
                path="/",
                secure=_secure(request),
                httponly=True,
                samesite="lax",
            )
        return response

    def _redirect(self, to: str) -> Response:
        return RedirectResponse(to, status_code=303, headers=SECURITY)


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _language(request: Request) -> str | None:
    """The first language the browser names ("id-ID")."""
    first = request.headers.get("accept-language", "").split(",")[0].partition(";")[0].strip()
    return first[:35] or None
