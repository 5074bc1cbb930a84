"""What the crash test has to know of a platform: who writes there, and what became of what they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import sqlalchemy as sa

from bot.channels.whatsapp.parse import key_of
from storage.models import message_counts, outbox
from storage.work import Work
from tests.e2e.installation import Serving
from tests.e2e.people import telegram_settings, whatsapp_hook, whatsapp_settings
from tests.fakes.bot_api import BotApi
from tests.fakes.bot_api_updates import Updates as TelegramUpdates
from tests.fakes.graph_api import GraphApi
from tests.fakes.graph_api_updates import Updates as WhatsAppUpdates
from tests.fakes.people import Person
from tests.fakes.whatsapp_people import WhatsAppPerson

FIRST = 40_001
"""The first person's number."""


class Platform(Protocol):
    """One platform with its people."""

    channel: str

    @property
    def settings(self) -> Mapping[str, str]:
        """Of a service that uses it; with a port of its own where it is called."""
        ...

    @property
    def updates(self) -> TelegramUpdates | WhatsAppUpdates: ...

    @property
    def is_called(self) -> bool:
        """Whether updates are brought to the service, which otherwise fetches them."""
        ...

    def person(self, number: int) -> Person | WhatsAppPerson: ...

    def address(self, person: Person | WhatsAppPerson) -> str:
        """As the service keeps it."""
        ...

    def phone(self, person: Person | WhatsAppPerson) -> str | None:
        """The number that the service knows of anybody who writes."""
        ...

    def says(self, person: Person | WhatsAppPerson, word: str) -> str:
        """Have somebody say it; returns the key by which the service knows the message again."""
        ...

    def pending(self) -> set[str]:
        """Keys of messages that the service has not acknowledged."""
        ...

    def reports(self) -> set[int]:
        """Ids of answers of which the service is still to be told that the platform has them."""
        ...

    async def connect(self, serving: Serving) -> None:
        """The service was launched for the first time."""
        ...

    def check(self, work: Work) -> None:
        """What must hold of what the platform has reported, in the end."""
        ...


class Telegram:
    """``port``: the service is called there; None: it asks."""

    channel = "telegram"

    def __init__(self, api: BotApi, port: int | None = None, **settings: str) -> None:
        self.api = api
        self.settings = telegram_settings(api, port) | settings

    @property
    def updates(self) -> TelegramUpdates:
        return self.api.updates

    @property
    def is_called(self) -> bool:
        return self.api.updates.webhook is not None

    def person(self, number: int) -> Person:
        return self.api.person(FIRST + number, "Contoh")

    def address(self, person: Person | WhatsAppPerson) -> str:
        assert isinstance(person, Person)
        return str(person.id)

    def phone(self, person: Person | WhatsAppPerson) -> str | None:
        return None

    def says(self, person: Person | WhatsAppPerson, word: str) -> str:
        return str(person.says(word))

    def pending(self) -> set[str]:
        return set(map(str, self.api.updates.pending))

    def reports(self) -> set[int]:
        return set()

    async def connect(self, serving: Serving) -> None:
        """The service itself says where it is to be called."""

    def check(self, work: Work) -> None:
        """Nothing is reported."""


class WhatsApp:
    """Besides messages the platform tells how far each answer came, which must not be lost either."""

    channel = "whatsapp"
    is_called = True

    def __init__(self, api: GraphApi, port: int) -> None:
        self.api = api
        self.settings = whatsapp_settings(api, port)

    @property
    def updates(self) -> WhatsAppUpdates:
        return self.api.updates

    def person(self, number: int) -> WhatsAppPerson:
        return self.api.person(f"62812{FIRST + number:08}")

    def address(self, person: Person | WhatsAppPerson) -> str:
        assert isinstance(person, WhatsAppPerson)
        return person.phone

    def phone(self, person: Person | WhatsAppPerson) -> str | None:
        return f"+{self.address(person)}"

    def says(self, person: Person | WhatsAppPerson, word: str) -> str:
        return self._key(str(person.says(word)))

    def pending(self) -> set[str]:
        return {self._key(id_) for id_, update in self.api.updates.pending.items() if "messages" in update.value}

    def reports(self) -> set[int]:
        told = [update.value["statuses"] for update in self.api.updates.pending.values() if "statuses" in update.value]
        return {int(status["biz_opaque_callback_data"].partition(".")[0]) for [status] in told}

    async def connect(self, serving: Serving) -> None:
        await serving.ready()
        await self.api.set_webhook(whatsapp_hook(serving.port))

    def check(self, work: Work) -> None:
        """Of every answer it is known that it has arrived, and each is counted once."""
        rows = work.connection.execute(sa.select(outbox.c.receipt, outbox.c.category)).all()
        assert {tuple(row) for row in rows} == {("delivered", "service")}
        columns = message_counts.c["channel", "category", "billable", "count"]
        counted = [tuple(row) for row in work.connection.execute(sa.select(*columns))]
        assert counted == [("whatsapp", "service", False, len(rows))]

    def _key(self, message_id: str) -> str:
        return key_of(message_id, self.api.app_secret.encode())
