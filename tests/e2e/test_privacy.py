"""What people say, who they are, and the service's own secrets are in no line of a log and no byte of the storage."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import httpx
import sqlalchemy as sa

from storage.models import tickets
from storage.work import Database
from tests.e2e.installation import Installation, Serving, free_port
from tests.e2e.people import (
    HOOK,
    LATER,
    PATIENCE,
    SECRET,
    Visitor,
    first_pass,
    telegram_settings,
    told,
    until,
    whatsapp_hook,
    whatsapp_settings,
)
from tests.fakes.bot_api import BotApi
from tests.fakes.graph_api import GraphApi
from tests.fakes.graph_api_updates import signature
from tests.fakes.people import Person
from tests.fakes.whatsapp_people import WhatsAppPerson
from tests.support.registered import everybody

CHAT = 7706123450991
FIRST_NAME = "Panggilanrahasia"
PHONE = "6281299887766"
TYPED_PHONE = "081277665544"
WHATSAPP_PHONE = "6281366554433"
NAMES = ("Contohwati Tersimpul", "Contohman Tertutup", "Contohsari Rahayu", "Contohdin Terlipat")
"""On Telegram, on the page, in the terminal and on WhatsApp."""
NEED = "tongkat lipat ungu berpita"
TICKET = "mau ngomong sama orang soal gelang merah jambu"
NONSENSE = "zxqvplanted ngawur sekali"


async def on_telegram(api: BotApi, person: Person) -> None:
    """Register while the platform fails in every way it knows."""
    words = first_pass(NAMES[0], needs=NEED)
    for word in words[:4]:
        await told(person, word)
    api.fails("sendMessage", 500)
    await told(person, words[4])
    api.fails("sendMessage", 502)
    await told(person, words[5])
    api.fails("sendMessage", 429, retry_after=0.5)
    await told(person, words[6])
    api.drops("sendMessage", accepted=False)
    await told(person, words[7])
    api.drops("sendMessage", accepted=True)
    await told(person, words[8])
    before = len(person.messages)
    person.says(words[9])
    await until(lambda: any("Pendaftaran selesai" in heard.text for heard in person.messages[before:]))
    for word in ("kelamin", "perempuan", "LEWATI", "telepon"):
        await told(person, word)
    person.shares_contact(phone=PHONE)
    await person.hears(PATIENCE)
    await told(person, TICKET)
    await told(person, NONSENSE)
    person.edits(NAMES[0])
    await person.hears(PATIENCE)


async def on_whatsapp(api: GraphApi, person: WhatsAppPerson) -> None:
    """Register while the platform fails, and tells of failures late."""
    words = first_pass(NAMES[3], needs=NEED)
    for word in words[:4]:
        await told(person, word)
    api.fails(http=503)
    await told(person, words[4])
    api.fails(131000)
    await told(person, words[5])
    api.drops(accepted=False)
    await told(person, words[6])
    api.drops(accepted=True)
    await told(person, words[7])
    before = len(person.messages)
    person.says(words[8])
    person.says(words[9])
    await until(lambda: any("Pendaftaran selesai" in heard.text for heard in person.messages[before:]))
    for word in ("kelamin", "perempuan", "LEWATI", "telepon", "nomor ini", TICKET, NONSENSE):
        await told(person, word)
    person.edits(NAMES[3])
    person.shares_contact(PHONE, own=False)
    person.has_chat_open = True
    await told(person, "BANTUAN")


async def on_the_page(serving: Serving) -> str:
    """Register, send broken forms, leave; returns the cookie."""
    async with Visitor(serving.url) as visitor:
        for word in (*first_pass(NAMES[1], needs=NEED), "kelamin", "laki-laki", "LEWATI", "telepon", TYPED_PHONE):
            await visitor.says(word)
        await visitor.says(TICKET)
        cookie = visitor.http.cookies["setara"]
        form = visitor.page.value("form")
        for data in ({"form": "x", "text": NAMES[1]}, {"form": form, "text": NAMES[1] * 1_000}, {"form": form}):
            refused = await visitor.http.post("/say", data=data)
            assert refused.status_code in (403, 422)
        await visitor.open()
        async with visitor.news():
            pass
        return cookie


async def in_the_terminal(installation: Installation) -> str:
    async with installation.chat("kontak-rahasia-uji") as terminal:
        for word in (*first_pass(NAMES[2], needs=NEED), *LATER, TICKET, NONSENSE):
            await terminal.says(word)
    return terminal.complaints


async def at_the_hook(serving: Serving) -> None:
    """Somebody who is not the platform, and a platform that sends what nobody understands."""
    name = "X-Telegram-Bot-Api-Secret-Token"
    async with httpx.AsyncClient(base_url=serving.url) as http:
        forged = await http.post(HOOK, json={"message": {"text": NAMES[0]}}, headers={name: "salah"})
        broken = await http.post(HOOK, content=NAMES[0].encode(), headers={name: SECRET})
        strange = {"update_id": 5, "message": {"text": NAMES[0], "chat": {"id": "x"}}}
        odd = await http.post(HOOK, json=strange, headers={name: SECRET})
    assert [forged.status_code, broken.status_code, odd.status_code] == [403, 400, 200]


async def at_the_other_hook(api: GraphApi, port: int) -> None:
    """The same at WhatsApp's."""
    message = {"type": "text", "text": NAMES[3], "from": WHATSAPP_PHONE}
    value = {"metadata": {"phone_number_id": api.phone_id}, "messages": [message]}
    strange = {"entry": [{"changes": [{"value": value}]}]}
    bodies = (json.dumps(strange).encode(), NAMES[3].encode())
    answers = []
    async with httpx.AsyncClient() as http:
        for body in bodies:
            for secret in (api.app_secret, "salah"):
                signed = {"X-Hub-Signature-256": signature(secret, body)}
                answers.append((await http.post(whatsapp_hook(port), content=body, headers=signed)).status_code)
    assert answers == [200, 403, 400, 403]


async def test_nothing_planted_is_found(on_both: list[Installation]) -> None:
    async with asyncio.TaskGroup() as together:
        for installation in on_both:
            together.create_task(plant_and_look(installation))


async def plant_and_look(installation: Installation) -> None:
    async with BotApi() as api, GraphApi() as graph_api:
        await plant(installation, api, graph_api)


async def plant(installation: Installation, api: BotApi, graph_api: GraphApi) -> None:
    folder = installation.folder.parent
    person, another = api.person(CHAT, FIRST_NAME), graph_api.person(WHATSAPP_PHONE, FIRST_NAME)
    port = free_port()
    settings = whatsapp_settings(graph_api, port) | telegram_settings(api, port) | {"SETARA_TELEGRAM_ANSWER": "api"}
    for method in ("getMe", "setWebhook", "setMyCommands"):
        api.drops(method, accepted=False)
        api.fails(method, 502)
    async with installation.serving(**settings) as serving:
        await graph_api.set_webhook(whatsapp_hook(port))
        async with asyncio.TaskGroup() as together:
            page = together.create_task(on_the_page(serving))
            terminal = together.create_task(in_the_terminal(installation))
            together.create_task(on_telegram(api, person))
            together.create_task(on_whatsapp(graph_api, another))
            together.create_task(at_the_hook(serving))
            together.create_task(at_the_other_hook(graph_api, port))
        person.blocks()
        cookie = page.result()
        planted = [*NAMES, FIRST_NAME, str(CHAT), PHONE, TYPED_PHONE[1:], NEED, TICKET, NONSENSE, "kontak-rahasia-uji"]
        # The platform's ids of messages hold the number of whoever they are from or to.
        planted += [WHATSAPP_PHONE, another.user_id, *another.said, *(heard.id for heard in another.messages)]
        secrets = [api.token, quote(api.token), SECRET, cookie, str(installation.key)]
        secrets += [graph_api.token, graph_api.app_secret, graph_api.verify_token]
        secrets.append(cookie.partition(".")[0][1:])  # the address that the cookie signs
        # While it runs, with what has not left SQLite's log yet, and after its end.
        find_nothing(installation, folder, [*planted, *secrets])
    find_nothing(installation, folder, [*planted, *secrets])
    written = serving.written()
    for event in ("an answer is left to delivery", "Telegram cannot be asked yet", "of unknown shape"):
        assert event in written, "the failures were real, and said"
    assert terminal.result() == ""
    kept_after_all(installation)


def find_nothing(installation: Installation, folder: Path, planted: list[str]) -> None:
    """Look into every file, logs among them, and on PostgreSQL into every row."""
    database = installation.database()
    places = {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    if database.postgresql:
        places |= dump(database)
    database.close()
    everything = b"".join(places.values())
    assert b"telegram" in everything
    assert b"Telegram" in everything, "logs are among them"
    for value in planted:
        plain = (value, value.lower(), value.upper(), value.encode().hex())
        for form in (*(text.encode() for text in plain), value.encode("utf-16-le")):
            found = [place for place, content in places.items() if form in content]
            assert not found, value


def dump(database: Database) -> dict[str, bytes]:
    """Every row of every table, with binary values as they are."""
    tables = {}
    names = sa.inspect(database.engine).get_table_names()
    with closing(database.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        for name in names:
            cursor.execute(f"SELECT t::text FROM {name} t")
            rows = [row for (row,) in cursor.fetchall()]
            binary = [bytes.fromhex(written) for row in rows for written in re.findall(r"\\x([0-9a-f]+)", row)]
            tables[name] = b"\n".join([*(row.encode() for row in rows), *binary])
    assert len(tables) > 10
    return tables


def kept_after_all(installation: Installation) -> None:
    """With the key it is all there."""
    database = installation.database()
    with database.read() as work:
        people = everybody(work)
        words = set(work.connection.scalars(sa.select(tickets.c.text)))
    database.close()
    assert {one.name for one in people} == set(NAMES)
    assert {one.phone for one in people} == {f"+{PHONE}", f"+62{TYPED_PHONE[1:]}", f"+{WHATSAPP_PHONE}", None}
    assert all(one.needs == (NEED,) for one in people)
    assert words == {TICKET}
