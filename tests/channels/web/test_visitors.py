"""Cookies, leaving, and how many may come."""

from __future__ import annotations

import time
from datetime import date

import pytest

from bot.channels.base import FETCHING, Channel, Sending, Then, TurnFailed
from bot.channels.web import WebChannel
from bot.channels.web.limits import network_of
from bot.channels.web.visitors import COOKIE_SECONDS, RENEW_SECONDS, Seals
from bot.channels.web.wording import WORDS
from conversations.domain.region import load_region
from conversations.understanding import understand
from locales.render import LOCALES, translator
from tests.channels.web.browser import Browser, Html
from tests.channels.web.service import MENU, Service, application, channel


async def test_the_cookie_is_signed_and_out_of_reach_of_scripts(browser: Browser, service: Service) -> None:
    cookie = (await browser.open()).headers["Set-Cookie"]
    for attribute in ("HttpOnly", "SameSite=lax", "Path=/", f"Max-Age={COOKIE_SECONDS}"):
        assert attribute in cookie
    assert "Secure" not in cookie
    await browser.say("halo")
    (address,) = service.contacts
    assert len(address) >= 22
    response = await browser.open()
    assert address not in response.text, "the page itself does not tell the cookie's token"


async def test_over_https_the_cookie_stays_there(web: WebChannel) -> None:
    async with Browser(application(web), scheme="https") as browser:
        assert "Secure" in (await browser.open()).headers["Set-Cookie"]


async def test_a_known_browser_is_not_given_its_cookie_again(browser: Browser) -> None:
    await browser.open()
    await browser.say("halo")
    assert "Set-Cookie" not in (await browser.open()).headers
    assert "Set-Cookie" not in (await browser.post(fragment=True, text="menu")).headers


async def test_a_forged_cookie_is_a_new_visitor(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("halo")
    (address,) = service.contacts
    genuine = browser.http.cookies["setara"]
    for forged in (
        address,
        "k" + address,
        genuine[:-9] + ("A" if genuine[-9] != "A" else "B") + genuine[-8:],
        "x" * 5_000,
    ):
        browser.http.cookies.clear()
        response = await browser.http.get("/", headers={"Cookie": f"setara={forged}"})
        assert "Anda" not in [line.split()[0] for line in Html(response.text).said]
        assert "Set-Cookie" in response.headers


def test_keys_can_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    old, both, new = Seals(["lama"]), Seals([b"baru", "lama"]), Seals(["baru"])
    visitor = old.visitor(None)
    assert both.visitor(old.cookie(visitor)).address == visitor.address
    assert new.visitor(both.cookie(visitor)).address == visitor.address, "the newest key signs"
    assert new.visitor(old.cookie(visitor)).address != visitor.address
    form = old.new_form("a")
    assert both.open_form("a", form) is not None
    assert new.open_form("a", form) is None
    assert both.open_form("b", form) is None
    with pytest.raises(ValueError, match="at least one"):
        Seals([])


def test_a_cookie_is_renewed_while_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    seals = Seals(["kunci"])
    cookie = seals.cookie(seals.visitor(None).known())
    assert not seals.visitor(cookie).renew
    assert not seals.visitor(cookie).fresh
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now - RENEW_SECONDS - 60)
    assert seals.visitor(seals.cookie(seals.visitor(None).known())).renew
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + COOKIE_SECONDS + 60)
    assert seals.visitor(cookie).returning is False


async def test_leaving_forgets_everything_here(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("rahasia saya")
    address, cookie = next(iter(service.contacts)), browser.http.cookies["setara"]
    response = await browser.post("/keluar")
    assert str(response.url) == "http://chat.test/?keluar=1"
    assert browser.page.one("p", role="status").text.startswith("Anda sudah keluar.")
    assert "rahasia" not in response.text
    assert browser.http.cookies["setara"] != cookie
    assert service.left == [address]
    await browser.say("halo")
    assert len(service.contacts) == 2
    assert "rahasia" not in (await browser.open()).text


async def test_who_leaves_is_told_before_what_stays_and_can_have_it_erased_first(
    browser: Browser, service: Service
) -> None:
    await browser.open()
    await browser.say("halo")
    page = browser.page
    form = page.one("form", action="/keluar")
    assert "tetap kami simpan" in form.text
    erase = page.one("button", formaction="/say")
    assert form.text.index("tetap kami simpan") < form.text.index(erase.text) < form.text.rindex("Keluar")
    assert erase.attrs["name"] == "text"
    await browser.post("/say", text=erase.attrs["value"])
    assert service.received[-1].text == "Hapus data saya"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_words_that_erase_are_understood_in_every_language(locale: str) -> None:
    meaning = understand(translator(locale)(WORDS["erase"]), load_region("12.22"), date(2026, 9, 1))
    assert (meaning.intent, meaning.sure, meaning.query.topic) == ("privacy", True, "erase")


async def test_somebody_who_said_nothing_leaves_no_trace(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.post("/keluar")
    assert service.left == []
    assert not service.contacts


async def test_leaving_works_also_when_nothing_can_be_stored(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("rahasia saya")
    service.failure = TurnFailed
    assert "rahasia" not in (await browser.post("/keluar")).text


async def test_nobody_else_can_make_somebody_leave(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("halo")
    response = await browser.post("/keluar", form="rusak")
    assert response.status_code == 403
    assert "Coba sekali lagi" in browser.page.one("p", role="alert").text
    assert (await browser.http.get("/keluar")).headers["Location"] == "/"
    await browser.open()
    assert len(browser.page.said) == 3


async def test_new_contacts_are_limited_and_known_ones_are_not(service: Service) -> None:
    app = application(channel(service, new_contacts_per_minute=2))
    async with (
        Browser(app) as known,
        Browser(app) as second,
        Browser(app) as third,
        Browser(app, host="2001:db8::1") as far,
    ):
        for browser in (known, second, third, far):
            await browser.open()
        assert (await known.say("halo")).status_code == 200
        assert (await second.say("halo")).status_code == 200
        response = await third.say("halo saja")
        assert response.status_code == 429
        assert "Tunggu satu menit" in third.page.one("p", role="alert").text
        assert third.page.one("textarea").text.strip() == "halo saja"
        assert (await far.say("halo")).status_code == 200
        for number in range(10):
            assert (await known.say(f"lagi {number}")).status_code == 200
    assert len(service.contacts) == 3


async def test_a_browser_that_sends_without_end_is_slowed_down_and_loses_nothing(service: Service) -> None:
    app = application(channel(service, messages_per_minute=3))
    async with Browser(app) as hasty, Browser(app) as other:
        for browser in (hasty, other):
            await browser.open()
        assert [(await hasty.say(f"halo {n}")).status_code for n in range(3)] == [200] * 3
        response = await hasty.say("yang keempat")
        assert response.status_code == 429
        assert "Tunggu sebentar" in hasty.page.one("p", role="alert").text
        assert hasty.page.one("textarea").text.strip() == "yang keempat"
        assert (await other.say("halo")).status_code == 200
    assert [message.text for message in service.received] == ["halo 0", "halo 1", "halo 2", "halo"]


def test_a_subscriber_counts_once() -> None:
    assert network_of("2001:db8:1:2:3::1") == network_of("2001:db8:1:2::ffff") != network_of("2001:db8:1:3::1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")


async def test_it_is_a_channel_whose_messages_are_fetched(web: WebChannel) -> None:
    as_channel: Channel = web
    assert as_channel.name in FETCHING
    await as_channel.start()
    error = await as_channel.send(Sending(0, "somebody", MENU))
    assert error is not None, "it never says that something was delivered before it was on a screen"
    assert error.then is Then.RETRY
