"""People at the doors of a running service: on Telegram and at the web page; what they answer to register."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from bot.channels.whatsapp.templates import Templates
from tests.channels.web.browser import Html
from tests.fakes.bot_api import BotApi
from tests.fakes.graph_api import GraphApi
from tests.fakes.people import Person
from tests.fakes.whatsapp_people import WhatsAppPerson
from tests.support.waiting import eventually

SECRET = "rahasia-contoh-untuk-uji"
HOOK = "/telegram-contoh"

TEMPLATES = Path(__file__).parents[2] / "docs" / "whatsapp-templates.toml"

PATIENCE = 10.0
"""Seconds in which anything that is waited for must come."""


def first_pass(
    name: str,
    place: str = "Kotapinang",
    field: str = "menjahit",
    *,
    born: str = "1998",
    needs: str = "kursi roda",
    education: str = "SMA",
) -> list[str]:
    """The answers of the first pass, beginning with the wish and ending with saving."""
    return ["daftar", "saya sendiri", "ya", name, born, place, needs, education, field, "simpan"]


LATER = ("LEWATI",)
"""Leaves the rest of the profile for another day."""


def telegram_settings(api: BotApi, port: int | None = None) -> dict[str, str]:
    """The environment of a service that talks to the fake Bot API; with ``port``: by webhook."""
    settings = {"SETARA_TELEGRAM_TOKEN": api.token, "SETARA_TELEGRAM_API": api.url}
    if port is not None:
        settings["SETARA_PORT"] = str(port)
        settings["SETARA_TELEGRAM_WEBHOOK_URL"] = f"http://127.0.0.1:{port}{HOOK}"
        settings["SETARA_TELEGRAM_WEBHOOK_SECRET"] = SECRET
    return settings


def whatsapp_settings(api: GraphApi, port: int) -> dict[str, str]:
    """The environment of a service that talks to the fake Cloud API, with the templates of the documentation."""
    return {
        "SETARA_PORT": str(port),
        "SETARA_WHATSAPP_TOKEN": api.token,
        "SETARA_WHATSAPP_PHONE_ID": api.phone_id,
        "SETARA_WHATSAPP_APP_SECRET": api.app_secret,
        "SETARA_WHATSAPP_VERIFY_TOKEN": api.verify_token,
        "SETARA_WHATSAPP_API": api.url,
        "SETARA_WHATSAPP_TEMPLATES": str(TEMPLATES),
    }


def whatsapp_hook(port: int) -> str:
    """Where such a service is called."""
    return f"http://127.0.0.1:{port}/whatsapp"


def approve_templates(api: GraphApi) -> None:
    """Those of the documentation."""
    for template in Templates.load(TEMPLATES).known.values():
        api.approve(template.name, template.language, template.body)


async def told(person: Person | WhatsAppPerson, text: str, timeout: float = PATIENCE) -> str:  # noqa: ASYNC109  # a test says how long
    """Say something on Telegram or WhatsApp and read the next message."""
    person.says(text)
    return (await person.hears(timeout)).text


def chosen(what: str, values: Mapping[str, str]) -> str:
    """The value of the button with this label or (without the number of its question before it) this value."""
    (value,) = {value for label, value in values.items() if what in (label, value, value.partition(":")[2])}
    return value


class Visitor:
    """Somebody at the web page, with a browser that has no JavaScript."""

    def __init__(self, url: str) -> None:
        self.http = httpx.AsyncClient(base_url=url, timeout=PATIENCE)
        self.page = Html("")

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.http.aclose()

    async def open(self) -> str:
        """Load the page; everything that stands on it."""
        response = await self.http.get("/")
        response.raise_for_status()
        self.page = Html(response.text)
        return "\n".join(self.page.said)

    async def says(self, text: str) -> str:
        """Send the form, follow to the page, and read what stands below one's own words."""
        return await self._post(text=text)

    async def presses(self, what: str) -> str:
        """The button with this label, or with this value (the visit of its question aside)."""
        return await self._post(choice=chosen(what, self.page.choices), text="")

    async def _post(self, **fields: str) -> str:
        data = {"form": self.page.value("form"), "seen": self.page.value("seen"), **fields}
        response = await self.http.post("/say", data=data, follow_redirects=True)
        response.raise_for_status()
        self.page = Html(response.text)
        said = self.page.said
        mine = max(n for n, line in enumerate(said) if line.startswith("Anda "))
        return "\n".join(said[mine + 1 :])

    @asynccontextmanager
    async def news(self) -> AsyncIterator[News]:
        """The stream that the page's script would listen to, beginning after what is on the page."""
        (body,) = self.page.all("body")
        query = {"page": body.attrs["data-page"], "tab": "uji", "after": self.page.value("seen") or "0"}
        async with self.http.stream("GET", "/baru", params=query) as response:
            response.raise_for_status()
            yield News(response)


class News:
    """What comes over a page's stream."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self, timeout: float = PATIENCE) -> str:  # noqa: ASYNC109  # a test says how long
        """The messages of the next event that holds some, as one text."""
        data: list[str] = []
        async with asyncio.timeout(timeout):
            async for line in self._lines:
                if line.startswith("data:"):
                    data.append(line.removeprefix("data:"))
                elif not line and data:
                    return "\n".join(Html("\n".join(data)).said)
        raise ConnectionError("the stream ended")

    async def ended(self, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109  # a test says how long
        """Wait for its end."""
        async with asyncio.timeout(timeout):
            async for _ in self._lines:
                pass


COLUMNS = (
    "id",
    "judul",
    "perusahaan",
    "kecamatan",
    "kabupaten",
    "bidang",
    "deskripsi",
    "pendidikan_min",
    "ragam_disabilitas",
    "akomodasi",
    "upah_min",
    "upah_maks",
    "jenis_kerja",
    "jumlah",
    "batas_lamar",
    "kontak",
)


def vacancy_row(id: str, title: str, **given: str) -> dict[str, str]:
    """A sewing job in Kotapinang, open for years, unless said otherwise."""
    row = dict.fromkeys(COLUMNS, "") | {
        "id": id,
        "judul": title,
        "perusahaan": "Usaha Contoh",
        "kecamatan": "Kotapinang",
        "kabupaten": "Labuhanbatu Selatan",
        "bidang": "menjahit",
        "deskripsi": "Pekerjaan contoh.",
        "pendidikan_min": "SD",
        "akomodasi": "kursi roda",
        "upah_min": "3690000",
        "upah_maks": "3700000",
        "jenis_kerja": "penuh waktu",
        "jumlah": "1",
        "batas_lamar": "2099-12-31",
        "kontak": "petugas",
    }
    return row | given


def write_csv(file: Path, rows: Sequence[dict[str, str]]) -> Path:
    """A file as ``setara import`` takes it."""
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return file


async def until(condition: Callable[[], bool]) -> None:
    """Wait until it holds."""
    await eventually(condition, PATIENCE)
