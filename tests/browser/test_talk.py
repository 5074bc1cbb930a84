"""Talking through the page: by keyboard, by pointer, without scripts, without a connection."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import WebApp
from tests.browser.screen import (
    answers,
    box,
    field,
    focused,
    listening,
    messages,
    own,
    quick_replies,
    say,
    send_button,
)

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}


def test_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    assert focused(page) == "a Ke pesan terakhir"
    for label in quick_replies(page).all_text_contents():
        page.keyboard.press("Tab")
        assert focused(page) == f"button {label}"
    page.keyboard.press("Tab")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Tab")
    assert focused(page) == "button Kirim"
    page.keyboard.press("Shift+Tab")

    page.keyboard.type("menu")
    page.keyboard.press("Enter")
    expect(own(page, "menu")).to_have_count(1)
    expect(answers(page)).to_have_count(2)
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("")

    page.keyboard.type("menu")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(own(page, "menu")).to_have_count(2)
    expect(answers(page)).to_have_count(3)

    field(page).focus()
    page.keyboard.press("Shift+Tab")
    expect(quick_replies(page).last).to_be_focused()
    label = quick_replies(page).last.text_content() or ""
    page.keyboard.press("Space")
    expect(own(page, label)).to_have_count(1)
    expect(answers(page)).to_have_count(4)
    expect(page.locator(":focus")).to_have_count(1)
    assert focused(page).split()[0] in ("fieldset", "textarea"), "the pressed button has gone; the focus has not"


def test_a_new_line_does_not_send(page: Page) -> None:
    field(page).press_sequentially("satu")
    field(page).press("Shift+Enter")
    field(page).press_sequentially("dua")
    expect(field(page)).to_have_value("satu\ndua")
    expect(answers(page)).to_have_count(1)
    field(page).press("Enter")
    expect(messages(page).filter(has_text="satu")).to_have_count(1)


def test_quick_replies_lead_to_the_next_ones(page: Page) -> None:
    say(page, "menu")
    quick_replies(page).first.focus()
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(3)
    say(page, "menu")
    offered = quick_replies(page).all_text_contents()
    quick_replies(page).nth(1).focus()
    page.keyboard.press("Enter")
    expect(own(page, offered[1])).to_have_count(1)
    expect(answers(page)).to_have_count(5)


def test_a_half_written_answer_survives_a_button(page: Page) -> None:
    field(page).fill("setengah")
    quick_replies(page).first.click()
    expect(answers(page)).to_have_count(2)
    expect(field(page)).to_have_value("setengah")


def test_pressing_twice_counts_once(page: Page) -> None:
    field(page).fill("menu")
    send_button(page).dblclick()
    expect(answers(page)).to_have_count(2)
    label = quick_replies(page).first.text_content() or ""
    quick_replies(page).first.dblclick()
    expect(own(page, label)).to_have_count(1)
    expect(answers(page)).to_have_count(3)
    page.wait_for_timeout(600)
    page.reload()
    expect(own(page, "menu")).to_have_count(1)
    expect(own(page, label)).to_have_count(1)
    expect(answers(page)).to_have_count(3)


def test_words_sent_while_an_answer_is_on_its_way_follow_it(page: Page) -> None:
    on_its_way: list[Route] = []
    page.route("**/say", lambda route: on_its_way.append(route) if not on_its_way else route.continue_())
    field(page).press_sequentially("menu")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type(" loker penjahit")
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(1)
    on_its_way[0].continue_()
    expect(own(page, "loker penjahit")).to_have_count(1)
    expect(own(page, "menu")).to_have_count(1)
    expect(field(page)).to_have_value("")


def test_words_that_could_not_follow_are_kept(page: Page) -> None:
    on_its_way: list[Route] = []

    def keep(route: Route) -> None:
        on_its_way.append(route)

    page.route("**/say", keep)
    field(page).press_sequentially("menu")
    page.keyboard.press("Enter")
    page.keyboard.type(" loker penjahit")
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(1)
    on_its_way[0].abort()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(field(page)).to_have_value("menu loker penjahit")
    assert len(on_its_way) == 1, "not tried again by itself"


def test_an_alert_arrives_without_reload_and_disturbs_nobody(page: Page, web_app: WebApp) -> None:
    say(page, "menu")
    listening(page)
    offered = quick_replies(page).all_text_contents()
    field(page).press_sequentially("sedang menulis")
    for _ in range(4):
        field(page).press("ArrowLeft")
    before = box(field(page))
    first_button = box(quick_replies(page).first)
    page.evaluate("window.stillTheSamePage = true")

    words = web_app.alert()
    expect(messages(page).last).to_contain_text(words)
    assert page.evaluate("window.stillTheSamePage")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("sedang menulis")
    assert page.evaluate("document.activeElement.selectionStart") == 10
    assert box(field(page))["y"] == pytest.approx(before["y"], abs=1)
    assert box(quick_replies(page).first)["y"] == pytest.approx(first_button["y"], abs=1)
    assert quick_replies(page).all_text_contents() == offered, "the open question can still be answered"
    newer = page.get_by_role("group", name="Pilihan dari pesan terbaru").get_by_role("button")
    newer.first.click()
    expect(messages(page).last).not_to_contain_text(words)


def test_an_alert_comes_once_in_every_open_tab(page: Page, web_app: WebApp) -> None:
    say(page, "menu")
    other = page.context.new_page()
    other.goto(web_app.url)
    for tab in (page, other):
        tab.bring_to_front()
        listening(tab)
    words = web_app.alert()
    for tab in (page, other):
        tab.bring_to_front()
        expect(messages(tab).filter(has_text=words)).to_have_count(1)
    say(page, "menu")
    expect(messages(other).last).not_to_contain_text(words)
    expect(messages(page).filter(has_text=words)).to_have_count(1)


def test_without_scripts(new_page: Callable[..., Page], web_app: WebApp) -> None:
    page = new_page(java_script_enabled=False, **PHONE)
    field(page).fill("menu")
    send_button(page).click()
    assert page.url == f"{web_app.url}#terakhir"
    expect(own(page, "menu")).to_have_count(1)
    label = quick_replies(page).first.text_content() or ""
    quick_replies(page).first.click()
    expect(own(page, label)).to_have_count(1)
    send_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text("Pesan Anda masih kosong")
    expect(field(page)).to_be_focused()
    field(page).fill("menu")
    send_button(page).click()
    expect(own(page, "menu")).to_have_count(2)
    page.get_by_role("link", name="Periksa pesan baru").click()
    expect(page.get_by_role("status")).to_have_text("Belum ada pesan baru.")
    words = web_app.alert()
    page.get_by_role("link", name="Periksa pesan baru").click()
    expect(messages(page).last).to_contain_text(words)
    expect(messages(page).last).to_be_in_viewport()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("status")).to_contain_text("Anda sudah keluar")
    expect(messages(page)).to_have_count(1)


def test_without_a_connection_nothing_written_is_lost(page: Page) -> None:
    say(page, "menu")
    page.route("**/say", lambda route: route.abort())
    field(page).fill("loker kotapinang")
    field(page).press("Enter")
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("Belum terkirim")
    expect(field(page)).to_have_value("loker kotapinang")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_accessible_description(problem.text_content() or "")
    page.unroute("**/say")
    field(page).press("Enter")
    expect(own(page, "loker kotapinang")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(field(page)).to_have_value("")


def test_an_answer_lost_on_its_way_is_given_when_the_message_is_sent_again(page: Page) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/say", lose)
    field(page).fill("menu")
    field(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Belum terkirim")
    page.unroute("**/say")
    field(page).press("Enter")
    expect(own(page, "menu")).to_have_count(1)
    expect(answers(page)).to_have_count(2)
    page.reload()
    expect(own(page, "menu")).to_have_count(1)
    expect(answers(page)).to_have_count(2)


def test_a_strange_answer_from_a_proxy_is_not_shown(page: Page) -> None:
    page.route("**/say", lambda route: route.fulfill(status=200, body="<h1>Masuk Wi-Fi</h1>", content_type="text/html"))
    field(page).fill("menu")
    field(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Belum terkirim")
    expect(page.get_by_text("Masuk Wi-Fi")).to_have_count(0)
    expect(field(page)).to_have_value("menu")


def test_a_refusal_says_why_and_keeps_the_words(page: Page) -> None:
    long = "panjang " * 600
    field(page).fill(long)
    field(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Paling banyak 4000 huruf")
    expect(field(page)).to_have_value(long)
    expect(answers(page)).to_have_count(1)


def test_leaving_shows_nothing_also_after_going_back(page: Page, web_app: WebApp) -> None:
    say(page, "rahasia saya")
    other = page.context.new_page()
    other.goto(web_app.url)
    expect(other.get_by_text("rahasia saya")).to_have_count(1)
    listening(other)
    page.bring_to_front()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("status")).to_contain_text("Anda sudah keluar")
    expect(page.get_by_text("rahasia saya")).to_have_count(0)
    page.go_back()
    expect(answers(page)).to_have_count(1)
    expect(page.get_by_text("rahasia saya")).to_have_count(0)
    other.bring_to_front()
    expect(other.get_by_text("rahasia saya")).to_have_count(0)


def test_a_page_left_open_does_not_speak_for_the_next_person(page: Page, web_app: WebApp) -> None:
    say(page, "rahasia saya")
    page.route("**/baru*", lambda route: route.abort())
    page.context.clear_cookies()
    next_person = page.context.new_page()
    next_person.goto(web_app.url)
    say(next_person, "menu")
    field(page).fill("halo")
    field(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Halaman ini sudah lama terbuka")
    expect(page.get_by_text("rahasia saya")).to_have_count(0)
    expect(field(page)).to_have_value("halo")


@pytest.mark.parametrize("height", [480, 900])
def test_the_answer_and_the_field_are_in_sight(new_page: Callable[..., Page], web_app: WebApp, height: int) -> None:
    page = new_page(viewport={"width": 320, "height": height})
    for _ in range(4):
        say(page, "menu")
    expect(own(page, "menu").last).to_be_in_viewport(ratio=0.95)
    expect(answers(page).last).to_be_in_viewport(ratio=0.5)
    if height == 900:
        expect(send_button(page)).to_be_in_viewport(ratio=0.95)
    listening(page)
    field(page).press_sequentially("a")
    expect(field(page)).to_be_in_viewport(ratio=0.5)
    web_app.alert()
    expect(page.get_by_role("group")).to_have_count(2)
    expect(field(page)).to_be_in_viewport(ratio=0.5)
    field(page).fill("")
    field(page).press("Enter")
    expect(page.get_by_role("alert")).to_be_in_viewport(ratio=0.95)
    expect(send_button(page)).to_be_in_viewport(ratio=0.95)


def test_a_returning_person_begins_at_the_end(new_page: Callable[..., Page], web_app: WebApp) -> None:
    page = new_page(**PHONE)
    for _ in range(6):
        say(page, "menu")
    page.goto(web_app.url)
    expect(field(page)).to_be_in_viewport()
    assert page.evaluate("scrollY") > 0
    assert focused(page).startswith("body"), "the focus is the person's to move"
