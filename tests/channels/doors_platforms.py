"""Doors of the channels behind a platform: Telegram by polling and by webhook, WhatsApp."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.channels.doors import A_WHILE, SOON, Door, Entrance, Heard, House, until
from tests.e2e.people import approve_templates, telegram_settings, whatsapp_hook, whatsapp_settings
from tests.fakes.bot_api import BotApi
from tests.fakes.graph_api import GraphApi
from tests.fakes.people import Person
from tests.fakes.whatsapp_people import WhatsAppPerson


class TelegramDoor(Door):
    def __init__(self, house: House, api: BotApi, person: Person, by_polling: bool) -> None:
        super().__init__(house, str(person.id))
        self._api, self.person, self._by_polling = api, person, by_polling

    async def says(self, *words: str) -> None:
        for word in words:
            self.person.says(word)

    async def taps(self, label: str) -> None:
        self.person.taps(label)

    async def sends(self, kind: str) -> None:
        self.person.sends(kind)

    async def hears(self) -> Heard:
        heard = await self.person.hears(SOON)
        return Heard(heard.text, tuple(label for label, _ in heard.buttons) or tuple(heard.keyboard))

    async def hears_nothing(self) -> bool:
        await until(lambda: not self._api.updates.pending)
        return await self.person.hears_nothing(A_WHILE)

    async def says_twice(self, words: str) -> None:
        if not self._by_polling:
            loses = iter((True,))
            self._api.updates.lose_answer = lambda: next(loses, False)
            self.person.says(words)
            return
        # What a poller has taken comes again to the next one, when the first has died before it could say so.
        id_ = self.person.says(words)
        assert id_ is not None
        pending = self._api.updates.pending
        update = pending[id_]
        await until(lambda: id_ not in pending)
        async with self.house.shut():
            pending[id_] = update
        await until(lambda: id_ not in pending)


class Telegram(Entrance):
    """``by_polling``: the service asks; otherwise it is called."""

    media = ("voice", "photo", "document", "sticker", "location")

    def __init__(self, by_polling: bool) -> None:
        self._by_polling = by_polling

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        async with BotApi() as self.api:
            self.api.updates.retry_delay = 0.01
            yield
            assert self.api.refused == []

    def settings(self, port: int) -> dict[str, str]:
        return telegram_settings(self.api, None if self._by_polling else port)

    def door(self, house: House, number: int) -> Door:
        return TelegramDoor(house, self.api, self.api.person(1000 + number), self._by_polling)

    def refuses_to_send(self) -> None:
        self.api.drops("sendMessage", accepted=False)


class WhatsAppDoor(Door):
    def __init__(self, house: House, api: GraphApi, person: WhatsAppPerson) -> None:
        super().__init__(house, person.phone)
        self._api, self.person = api, person
        self._values: dict[str, str] = {}

    async def says(self, *words: str) -> None:
        for word in words:
            self.person.says(word)

    async def taps(self, label: str) -> None:
        self.person.taps(self._values[label])

    async def sends(self, kind: str) -> None:
        self.person.sends(kind)

    async def hears(self) -> Heard:
        heard = await self.person.hears(SOON)
        # A row is read with what stands below it.
        shown = {" ".join(filter(None, (title, below))): value for title, value, below in heard.buttons}
        self._values |= shown
        return Heard(heard.text, tuple(shown))

    async def hears_nothing(self) -> bool:
        await until(lambda: not self._api.updates.pending)
        return await self.person.hears_nothing(A_WHILE)

    async def says_twice(self, words: str) -> None:
        loses = iter((True,))
        self._api.updates.lose_answer = lambda: next(loses, False)
        self.person.says(words)


class WhatsApp(Entrance):
    """``has_templates``: whether the service knows of any."""

    media = ("voice", "image", "document", "sticker", "location")

    def __init__(self, has_templates: bool = True) -> None:
        self._has_templates = has_templates

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        async with GraphApi() as self.api:
            self.api.updates.retry_delay = 0.01
            approve_templates(self.api)
            yield
            assert self.api.refused == []

    def settings(self, port: int) -> dict[str, str]:
        settings = whatsapp_settings(self.api, port)
        if not self._has_templates:
            del settings["SETARA_WHATSAPP_TEMPLATES"]
        return settings

    async def connect(self, house: House) -> None:
        if not self.api.updates.url:
            await self.api.set_webhook(whatsapp_hook(house.port))

    def door(self, house: House, number: int) -> Door:
        return WhatsAppDoor(house, self.api, self.api.person(f"62812000{number:05}"))

    def refuses_to_send(self) -> None:
        self.api.drops(accepted=False)
