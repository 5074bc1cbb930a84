"""The wiring: which paths are the service's own, whom it believes, and what it says of its health."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from starlette.routing import Route

from bot.app import build, server_config
from bot.opening import Opened, open_everything
from bot.setting_values import OWN_PATHS
from bot.settings import load_settings
from storage import contacts, outbox
from storage.contacts import Identity
from storage.outbox import NewMessage
from storage.problems import OperationalProblem
from storage.work import Work


@pytest.fixture
def settings() -> dict[str, str]:
    """More of the environment; a test may add to it before it asks for ``opened``."""
    return {}


@pytest.fixture
def opened(tmp_path: Path, settings: dict[str, str]) -> Iterator[Opened]:
    service = open_everything(load_settings({"SETARA_DATA_DIR": str(tmp_path), **settings}))
    yield service
    service.database.close()


def test_every_path_of_its_own_is_kept_from_the_webhook(opened: Opened) -> None:
    names = ("token", "app_secret", "verify_token")
    given: dict[str, object] = {f"whatsapp_{name}": SecretStr("contoh") for name in names}
    given["whatsapp_phone_id"] = "100000000000001"
    everything = replace(opened, settings=opened.settings.model_copy(update=given))
    paths = [route.path for route in build(everything).application().routes if isinstance(route, Route)]
    assert len(paths) > len(OWN_PATHS)
    for path in paths:
        assert path == "/" or any(f"{path}/".startswith(f"{own}/") for own in OWN_PATHS), path
    for own in OWN_PATHS:
        assert any(f"{path}/".startswith(f"{own}/") for path in paths), own


@pytest.mark.parametrize(
    ("settings", "believed", "not_believed"),
    [
        ({}, ["127.0.0.1", "::1"], ["10.0.0.2"]),
        ({"SETARA_PROXY": "10.0.0.0/24, 2001:db8::1"}, ["10.0.0.2", "2001:db8::1"], ["127.0.0.1", "10.0.1.2"]),
        ({"SETARA_PROXY": "off"}, [], ["127.0.0.1", "10.0.0.2"]),
    ],
)
async def test_only_the_proxies_that_are_set_are_believed(
    opened: Opened, believed: list[str], not_believed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    monkeypatch.setenv("WEB_CONCURRENCY", "banyak")
    config = server_config(build(opened))
    config.load()
    for proxy in (*believed, *not_believed):
        transport = httpx.ASGITransport(config.loaded_app, client=(proxy, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as browser:
            cookie = (await browser.get("/", headers={"X-Forwarded-Proto": "https"})).headers["Set-Cookie"]
        assert ("Secure" in cookie) == (proxy in believed), proxy


async def test_health_is_that_of_the_writer_and_its_database(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.HEALTH_SECONDS", 0.2)
    service = build(opened)
    service.writer.start()
    transport = httpx.ASGITransport(service.application())
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as watch:

        async def health() -> tuple[int, dict[str, bool]]:
            response = await watch.get("/healthz")
            return response.status_code, response.json()

        assert await health() == (200, {"ok": True})
        held = threading.Event()
        stuck = asyncio.ensure_future(service.writer.write(lambda work: held.wait()))
        await asyncio.sleep(0)
        assert await health() == (503, {"ok": False}), "the writer does not get to it"
        held.set()
        await stuck
        assert await health() == (200, {"ok": True})
        with monkeypatch.context() as patched:
            patched.setattr(service.writer.database, "work", full)
            assert await health() == (503, {"ok": False}), "the database fails"
        assert await health() == (200, {"ok": True})
        await service.writer.stop()
        assert await health() == (503, {"ok": False}), "there is no writer any more"


def full() -> Work:
    raise OperationalProblem("full", "disk")


async def test_what_is_too_old_goes_when_the_service_starts(opened: Opened) -> None:
    with opened.database.work() as work:
        [known] = contacts.recognise(work, [Identity("web", "w")], opened.clock())
        old = opened.clock() - timedelta(days=8)
        (outbox_id,) = outbox.add(work, [NewMessage(known.contact_id, "web", {"text": "lama"})], old)
        assert outbox_id is not None
        outbox.confirm(work, [outbox_id], old)
    service = build(opened)
    await service.start()
    for _ in range(1_000):
        left = await service.writer.read(lambda work: outbox.transcript(work, known.contact_id, 1))
        if not left:
            break
        await asyncio.sleep(0.01)
    await service.stop()
    assert left == []
