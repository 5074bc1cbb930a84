"""What a browser sends: taken once, refused in words, and nothing typed is lost."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.channels.base import Busy, TurnFailed
from bot.channels.web import WebChannel
from bot.channels.web.forms import LARGEST_BODY, LONGEST_TEXT, clean, number_in
from bot.channels.web.visitors import FORM_SECONDS, update_id
from tests.channels.web.browser import Browser, Html
from tests.channels.web.service import MENU, Service, application, channel


async def test_a_message_becomes_a_turn(browser: Browser, service: Service) -> None:
    browser.http.headers["Accept-Language"] = "id-ID,id;q=0.9"
    await browser.open()
    await browser.say("  halo\r\nbang\x00  ")
    (inbound,) = service.received
    assert inbound.channel == "web"
    assert (inbound.text, inbound.said, inbound.choice) == ("halo\nbang", "halo\nbang", None)
    assert inbound.language == "id-ID"
    assert inbound.seen is None
    await browser.say("lagi")
    first, second = service.received
    assert second.address == first.address
    assert second.order > first.order
    assert second.external_id != first.external_id
    assert second.seen == 1


async def test_a_pressed_button_is_its_value_and_its_label_is_what_was_said(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.choose("Daftar")
    (inbound,) = service.received
    assert (inbound.text, inbound.choice, inbound.said) == (None, "menu:register", "Daftar")
    await browser.post(choice="9:no-longer-known")
    assert service.received[-1].said == "Tombol pilihan"


async def test_a_form_sent_twice_counts_once(browser: Browser, service: Service) -> None:
    await browser.open()
    form = {"form": browser.page.value("form"), "seen": "", "text": "halo"}
    answers = [await browser.http.post("/say", data=form) for _ in range(3)]
    assert [a.status_code for a in answers] == [303, 303, 303]
    together = await asyncio.gather(*(browser.http.post("/say", data={**form, "text": "lagi"}) for _ in range(3)))
    assert {a.status_code for a in together} == {303}
    assert [inbound.text for inbound in service.received] == ["halo", "lagi"]


async def test_other_words_from_the_same_form_are_another_message(browser: Browser, service: Service) -> None:
    """The answer was lost on its way back; the person changed the words and sent again."""
    await browser.open()
    form = {"form": browser.page.value("form"), "seen": ""}
    for said in ({"text": "loker"}, {"text": "loker admin"}, {"choice": "menu:jobs"}, {"text": "menu:jobs"}):
        await browser.http.post("/say", data=form | said)
    assert len(service.received) == 4


def test_an_update_id_does_not_tell_what_was_said() -> None:
    assert update_id("a", "form", "text 1234") != update_id("b", "form", "text 1234")
    assert "1234" not in update_id("a", "form", "text 1234")


async def test_what_was_not_saved_is_kept_on_the_page_and_can_be_sent_again(browser: Browser, service: Service) -> None:
    await browser.open()
    form = browser.page.value("form")
    service.failure = TurnFailed
    response = await browser.say("Rina <Contoh>\nKotapinang")
    assert response.status_code == 503
    assert browser.page.one("textarea").text.strip() == "Rina <Contoh>\nKotapinang"
    assert browser.page.one("p", role="alert").text == "Pesan Anda belum tersimpan. Coba kirim sekali lagi."
    assert browser.page.one("title").text == "Belum terkirim: Setara Kerja"
    field = browser.page.one("textarea").attrs
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", "problem")
    assert "autofocus" in field
    assert browser.page.value("form") == form, "sent again, it is still the same message"
    service.failure = Busy
    assert (await browser.say("Rina Contoh")).status_code == 503
    assert browser.page.one("p", role="alert").text.startswith("Banyak orang sedang menulis")
    assert browser.page.one("textarea").text.strip() == "Rina Contoh"
    service.failure = None
    await browser.say("Rina Contoh")
    assert [i.text for i in service.received] == ["Rina Contoh"]
    assert browser.page.one("textarea").text.strip() == ""


async def test_what_was_typed_survives_a_database_that_is_away(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("halo")
    service.failure, service.unreadable = TurnFailed, True
    response = await browser.say("Rina Contoh")
    assert response.status_code == 503
    assert browser.page.one("textarea").text.strip() == "Rina Contoh"
    response = await browser.post(choice="1:jobs", text="setengah jadi")
    assert response.status_code == 503
    assert browser.page.one("textarea").text.strip() == "setengah jadi"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Pesan Anda masih kosong."),
        (" \n\t ", "Pesan Anda masih kosong."),
        ("a" * (LONGEST_TEXT + 1), "Pesan Anda terlalu panjang: 4001 huruf. Paling banyak 4000 huruf."),
        ("a" * 20_000, "Paling banyak 4000 huruf."),
    ],
)
async def test_unusable_text(browser: Browser, service: Service, text: str, says: str) -> None:
    await browser.open()
    response = await browser.say(text)
    assert response.status_code == 422
    assert says in browser.page.one("p", role="alert").text
    assert browser.page.one("textarea").text.strip() == text.strip()
    assert not service.received


async def test_the_longest_text_is_taken(browser: Browser, service: Service) -> None:
    await browser.open()
    text = "é\n" * (LONGEST_TEXT // 2 - 1) + "éé"
    await browser.say(text.replace("\n", "\r\n"))
    assert service.received[0].text == text


async def test_a_body_without_end_is_not_read(browser: Browser, service: Service) -> None:
    await browser.open()
    response = await browser.say("a" * LARGEST_BODY)
    assert response.status_code == 413
    assert "terlalu besar" in browser.page.one("p", role="alert").text
    assert not service.received


@pytest.mark.parametrize("choice", ["x" * 65, "a\x00b"])
async def test_a_choice_that_was_never_offered(browser: Browser, service: Service, choice: str) -> None:
    await browser.open()
    assert (await browser.post(choice=choice)).status_code == 422
    assert "tidak dikenal" in browser.page.one("p", role="alert").text
    assert not service.received


async def test_a_button_pressed_while_something_is_half_written_keeps_it(browser: Browser, service: Service) -> None:
    await browser.open()
    response = await browser.post(choice="menu:register", text="Rina Con")
    assert response.status_code == 200
    assert browser.page.one("textarea").text.strip() == "Rina Con"
    assert "Siapa nama lengkap Anda?" in browser.page.said[-1]
    assert service.received[0].text is None


@pytest.mark.parametrize("form", ["", "rusak", "a.b.c"])
async def test_a_form_that_was_not_made_here(browser: Browser, service: Service, form: str) -> None:
    await browser.open()
    response = await browser.post(form=form, text="halo dari jauh")
    assert response.status_code == 403
    assert "sudah lama terbuka" in browser.page.one("p", role="alert").text
    assert browser.page.one("textarea").text.strip() == "halo dari jauh"
    assert not service.received
    assert (await browser.say("halo dari jauh")).status_code == 200, "the page that says so carries a good form"
    assert len(service.received) == 1


async def test_a_form_made_for_somebody_else(web: WebChannel, service: Service) -> None:
    async with Browser(application(web)) as one, Browser(application(web)) as other:
        await one.open()
        await other.open()
        response = await other.post(form=one.page.value("form"), text="halo")
    assert response.status_code == 403
    assert not service.received


async def test_a_form_without_the_cookie(browser: Browser, service: Service) -> None:
    await browser.open()
    browser.http.cookies.clear()
    assert (await browser.say("halo")).status_code == 403
    assert "izinkan cookie" in browser.page.one("p", role="alert").text
    assert (await browser.say("halo")).status_code == 200
    assert len(service.received) == 1


async def test_a_form_that_is_too_old(browser: Browser, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    await browser.open()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 4_000_000_000 + FORM_SECONDS)
    web = channel(service)
    form = web._seals.new_form("somebody")
    assert web._seals.open_form("somebody", form) is not None
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 4_000_000_001 + 2 * FORM_SECONDS)
    assert web._seals.open_form("somebody", form) is None


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json", "text/plain"])
async def test_only_forms_are_read(browser: Browser, service: Service, kind: str) -> None:
    await browser.open()
    response = await browser.http.post("/say", content=b"text=halo", headers={"Content-Type": kind})
    assert response.status_code == 415
    assert not service.received


async def test_a_form_with_very_many_fields(browser: Browser, service: Service) -> None:
    await browser.open()
    response = await browser.http.post("/say", data={f"f{n}": "x" for n in range(100)})
    assert response.status_code == 400
    assert not service.received


async def test_reloading_the_page_that_answered_a_form(browser: Browser) -> None:
    response = await browser.http.get("/say")
    assert (response.status_code, response.headers["Location"]) == (303, "/")


async def test_with_scripts_only_what_is_new_comes_back(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("halo")
    (address,) = service.contacts
    await browser.open()
    alert = service.push(address)
    response = await browser.post(fragment=True, text="menu")
    part = Html(response.text)
    assert response.headers["X-Fragment"] == "1"
    assert [line.split()[0] for line in part.said] == ["Anda", "Setara", "Setara"]
    assert "Lowongan baru" in part.said[1], "what came while the person was writing"
    assert part.one("li", class_="you").attrs["aria-live"] == "off"
    assert part.value("seen") == str(alert + 1)
    assert part.value("form") != browser.page.value("form")
    assert "<html" not in response.text
    assert list(part.choices) == [*(b.label for b in MENU.quick_replies), "Lihat lowongan"]


async def test_with_scripts_a_refusal_says_only_why(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("halo")
    service.failure = TurnFailed
    response = await browser.post(fragment=True, text="menu")
    assert (response.status_code, response.headers["X-Fragment"]) == (503, "1")
    part = Html(response.text)
    assert part.one("p", id="problem").text == "Pesan Anda belum tersimpan. Coba kirim sekali lagi."
    assert part.said == []
    assert part.value("form") == browser.page.value("form")


async def test_a_committed_answer_is_shown_also_when_nothing_can_be_read(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("halo")
    service.unreadable = True
    response = await browser.post(fragment=True, text="menu")
    assert response.status_code == 200
    assert ["Anda menu" in line or "Mau apa" in line for line in Html(response.text).said] == [True, True]


async def test_what_was_on_the_screen_is_confirmed(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("halo")
    (address,) = service.contacts
    alert = service.push(address)
    later = service.push(address)
    foreign = service.push("somebody else")
    response = await browser.open()
    assert "data-unseen" in response.text
    assert service.confirmed == []
    form = browser.page.value("form")
    assert (await browser.http.post("/seen", data={"form": form, "seen": str(alert)})).status_code == 204
    assert service.confirmed == [1, alert]
    await browser.http.post("/seen", data={"form": form, "seen": str(foreign + 100)})
    assert service.confirmed == [1, alert, later], "never a message of somebody else"
    assert "data-unseen" not in (await browser.open()).text
    for bad in ({"form": "", "seen": "1"}, {"form": form, "seen": ""}, {"form": form, "seen": "1e3"}):
        assert (await browser.http.post("/seen", data=bad)).status_code == 403
    assert (await browser.http.post("/seen", content=b"{}")).status_code == 415


def test_typed_text_is_cleaned_but_kept() -> None:
    assert clean(" a\r\nb\rc\td\u200d\x1b ") == "a\nb\nc\td\u200d"
    assert clean("\ud800x") == "x"


@pytest.mark.parametrize(
    ("given", "number"), [("12", 12), ("0", 0), ("", None), (None, None), ("-1", None), ("٣", None), ("9" * 19, None)]
)
def test_numbers_from_outside(given: str | None, number: int | None) -> None:
    assert number_in(given) == number


async def test_answers_are_never_cached(browser: Browser) -> None:
    await browser.open()
    responses: list[httpx.Response] = [
        await browser.http.post("/say", data={"form": browser.page.value("form"), "text": "halo"}),
        await browser.post(fragment=True, text="menu"),
        await browser.http.post("/seen", data={}),
    ]
    assert {r.headers["Cache-Control"] for r in responses} == {"no-store"}
