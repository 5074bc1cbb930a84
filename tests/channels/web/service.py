"""A small service in memory behind the web chat: turns, transcripts and alerts, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from bot.channels.base import InboundMessage, Notice, Receipt, Reply, Turn, TurnFailed
from bot.channels.web import Entry, Transcript, WebChannel
from conversations.engine.messages import Button, OutgoingMessage
from locales.render import translator
from storage.contacts import Identity

JAKARTA = ZoneInfo("Asia/Jakarta")
MENU = OutgoingMessage(
    "Mau apa sekarang?\nCari lowongan: balas 1\nCari pelatihan: balas 2\nDaftar: balas 3",
    (Button("Cari lowongan", "1:jobs"), Button("Cari pelatihan", "1:trainings"), Button("Daftar", "1:register")),
)
NAME = OutgoingMessage("Siapa nama lengkap Anda?\nContoh: Rina Contoh")
PLACE = OutgoingMessage(
    "Di kecamatan mana Anda tinggal?\nKotapinang: balas 1\nTorgamba: balas 2",
    (Button("Kotapinang", "2:kotapinang"), Button("Torgamba", "2:torgamba")),
)
ALERT = OutgoingMessage(
    "Lowongan baru: Admin Kantor di Kotapinang.\nUpah Rp3.690.000 per bulan.\nLihat: balas 1",
    (Button("Lihat lowongan", "job:5"),),
)


def greeting(locale: str) -> OutgoingMessage:
    if locale == "en":
        return OutgoingMessage("Hello. Ask about jobs here.\nFind jobs: reply 1", (Button("Find jobs", "menu:jobs"),))
    return OutgoingMessage(
        "Halo, ini Setara Kerja.\nTanya lowongan dan pelatihan di sini.\nCari lowongan: balas 1\nDaftar: balas 2",
        (Button("Cari lowongan", "menu:jobs"), Button("Daftar", "menu:register")),
    )


@dataclass
class Contact:
    locale: str = "id"
    entries: list[Entry] = field(default_factory=list)


class Service:
    """Implements ``Turns``, ``History`` and ``Newer``; remembers what it was asked."""

    def __init__(self) -> None:
        self.contacts: dict[str, Contact] = defaultdict(Contact)
        self.received: list[InboundMessage] = []
        """Each update once, in the order of their turns."""
        self.confirmed: list[int] = []
        self.left: list[str] = []
        """Addresses that nobody holds any more."""
        self.failure: type[TurnFailed] | None = None
        """Why no turn can be committed."""
        self.unreadable = False
        """Nothing can be read."""
        self.reads = 0
        self._taken: set[str] = set()
        self._outbox_id = 0

    async def handle(self, inbound: InboundMessage) -> Turn:
        if self.failure is not None:
            raise self.failure
        if inbound.external_id in self._taken:
            return Turn(1, (), repeated=True)
        self._taken.add(inbound.external_id)
        if inbound.notice is Notice.LEFT:
            self.left.append(inbound.address)
            return Turn(1, ())
        self.received.append(inbound)
        self._show(inbound.address, inbound.seen)
        contact = self.contacts[inbound.address]
        contact.entries.append(Entry("person", inbound.said or "", datetime.now(UTC)))
        message = self.answer(inbound, contact)
        return Turn(1, (Reply(self.push(inbound.address, message), message),))

    def answer(self, inbound: InboundMessage, contact: Contact) -> OutgoingMessage:
        match (inbound.choice or "").partition(":")[2] or (inbound.text or "").lower():
            case "register":
                return NAME
            case "kotapinang" | "torgamba" | "jobs" | "5":
                return OutgoingMessage("Belum ada lowongan yang cocok hari ini.\nTulis MENU untuk pilihan lain.")
            case "english":
                contact.locale = "en"
                return OutgoingMessage("From now on in English.")
            case words if words.startswith("rina"):
                return PLACE
        return MENU

    def confirm(self, outbox_ids: Sequence[int]) -> None:
        self.confirmed += outbox_ids
        for address in self.contacts:
            self._show(address, max(outbox_ids))

    def answered(self, outbox_ids: Sequence[int]) -> None:
        raise AssertionError("a page that fetches its messages is not answered in a response")

    def hold(self, outbox_ids: Sequence[int]) -> None:
        raise AssertionError("a page that fetches its messages has nothing on its way")

    def release(self, outbox_ids: Sequence[int]) -> None:
        raise AssertionError("a page that fetches its messages has nothing to give back")

    async def switched_off(self, address_of: tuple[str, str], reason: str) -> None:
        raise AssertionError("a page cannot be found to be switched off")

    async def reported(self, receipts: Sequence[Receipt]) -> list[Receipt]:
        raise AssertionError("a page says itself what it has shown")

    async def moved(self, who: Identity, to: Identity) -> None:
        raise AssertionError("a page does not move")

    async def history(self, address: str) -> Transcript | None:
        self._read()
        if address not in self.contacts:
            return None
        contact = self.contacts[address]
        return Transcript(contact.locale, tuple(contact.entries[-30:]))

    async def newer(self, address: str, after: int) -> list[Entry]:
        self._read()
        entries = self.contacts[address].entries if address in self.contacts else []
        return [entry for entry in entries if entry.outbox_id is not None and entry.outbox_id > after]

    def push(self, address: str, message: OutgoingMessage = ALERT) -> int:
        """Commit a message to somebody; its outbox id."""
        self._outbox_id += 1
        replies, now = message.quick_replies, datetime.now(UTC)
        entry = Entry("service", message.text, now, self._outbox_id, replies, attachment=message.attachment)
        self.contacts[address].entries.append(entry)
        return self._outbox_id

    def _read(self) -> None:
        self.reads += 1
        if self.unreadable:
            raise RuntimeError("the database is away")

    def _show(self, address: str, until: int | None) -> None:
        entries = self.contacts[address].entries
        entries[:] = [replace(e, shown=e.shown or (e.outbox_id or 0) <= (until or 0)) for e in entries]


def channel(service: Service, **options: Any) -> WebChannel:
    settings: dict[str, Any] = {
        "history": service.history,
        "newer": service.newer,
        "greeting": greeting,
        "secret_keys": ["kunci-contoh"],
        "region": "Labuhanbatu Selatan",
        "timezone": JAKARTA,
        "tr": lambda locale: translator("id"),  # whatever is translated by now
        **options,
    }
    return WebChannel(service, **settings)


def application(web: WebChannel) -> Starlette:
    return Starlette(routes=list(web.routes()))
