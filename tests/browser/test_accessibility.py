"""What everybody needs of the page: roles, names, contrast, size, room, weight."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Page, expect

from tests.browser.conftest import WebApp
from tests.browser.screen import box, field, fits, listening, messages, own, quick_replies, say, send_button

pytestmark = pytest.mark.browser

SMALL = {"viewport": {"width": 320, "height": 568}}
WIDE = {"viewport": {"width": 1280, "height": 800}}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page) -> list[str]:
    """What axe finds, as "rule: elements"."""
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {[node['html'][:120] for node in rule['nodes']]}" for rule in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "320px"])
def test_axe_finds_nothing(new_page: Callable[..., Page], web_app: WebApp, scheme: str, size: dict[str, Any]) -> None:
    page = new_page(color_scheme=scheme, **size)
    assert violations(page) == [], "greeting"
    say(page, "menu")
    listening(page)
    web_app.alert()
    expect(page.get_by_role("group")).to_have_count(2)
    assert violations(page) == [], "a question, and an alert after it"
    field(page).press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == [], "a problem"
    send_button(page).hover()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("status")).to_contain_text("Anda sudah keluar")
    assert violations(page) == [], "after leaving"


def test_roles_and_names_in_order(page: Page) -> None:
    expect(page.locator("body")).to_match_aria_snapshot("""
        - link "Ke pesan terakhir"
        - banner:
          - heading "Setara Kerja" [level=1]
          - paragraph
        - main:
          - heading "Percakapan" [level=2]
          - log "Percakapan":
            - list:
              - listitem
          - form "Pesan Anda":
            - group "Pilihan jawaban"
            - text: Pesan Anda
            - textbox "Pesan Anda"
            - button "Kirim"
        - contentinfo:
          - form "Memakai perangkat bersama?":
            - heading "Memakai perangkat bersama?" [level=2]
            - paragraph
            - paragraph
            - button "Hapus data saya"
            - button "Keluar"
    """)
    assert page.evaluate("document.documentElement.lang") == "id"
    assert page.title() == "Setara Kerja"


def test_what_a_screen_reader_announces(page: Page, web_app: WebApp) -> None:
    """The answer, once; not the person's own words, and no buttons: a live region tells only text."""
    say(page, "menu")
    listening(page)
    web_app.alert()
    expect(messages(page)).to_have_count(4)
    client = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = client.send("Accessibility.getFullAXTree")["nodes"]

    def live(node: dict[str, Any]) -> str | None:
        return next((p["value"]["value"] for p in node.get("properties", ()) if p["name"] == "live"), None)

    regions = {node["role"]["value"]: live(node) for node in nodes if live(node) not in (None, "off")}
    assert regions == {"log": "polite", "status": "polite"}, "an empty problem is not there to be announced"
    expect(own(page, "menu")).to_have_attribute("aria-live", "off")
    expect(page.get_by_role("log").get_by_role("button")).to_have_count(0)


def test_the_focus_can_be_seen(page: Page) -> None:
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        outline, style, width = page.evaluate(
            """() => {
                const s = getComputedStyle(document.activeElement);
                return [s.outlineColor, s.outlineStyle, parseFloat(s.outlineWidth)];
            }"""
        )
        assert (style, width >= 2) == ("solid", True), page.evaluate("document.activeElement.outerHTML")
        assert outline == "rgb(11, 95, 90)"
        expect(page.locator(":focus")).to_be_in_viewport()
    else:
        pytest.fail("the focus never left the page")


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "320px"])
def test_targets_are_large_enough_and_apart(new_page: Callable[..., Page], size: dict[str, Any]) -> None:
    page = new_page(**size)
    say(page, "menu")
    controls = [*page.get_by_role("button").all(), field(page)]
    assert len(controls) > 4
    for control in controls:
        size = box(control)
        assert size["width"] >= 44
        assert size["height"] >= 44
    boxes = quick_replies(page).evaluate_all("buttons => buttons.map(b => b.getBoundingClientRect().toJSON())")
    for one, other in pairwise(boxes):
        assert max(other["top"] - one["bottom"], other["left"] - one["right"]) >= 8


@pytest.mark.parametrize("width", [320, 640, 1280])
@pytest.mark.parametrize("text_size", [100, 200])
def test_nothing_is_wider_than_the_window(
    new_page: Callable[..., Page], web_app: WebApp, width: int, text_size: int
) -> None:
    """640 is a desktop at 200 % zoom, 320 the same at 400 %; the text alone can be doubled too."""
    page = new_page(viewport={"width": width, "height": 600})
    page.evaluate("size => { document.documentElement.style.fontSize = size + '%'; }", 112.5 * text_size / 100)
    say(page, "menu")
    say(page, "https://contoh.go.id/" + "panjang" * 20)
    listening(page)
    web_app.alert()
    expect(page.get_by_role("group")).to_have_count(2)
    field(page).press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert fits(page)
    for control in [*page.get_by_role("button").all(), field(page)]:
        control.scroll_into_view_if_needed()
        edges = box(control)
        assert edges["x"] >= 0
        assert edges["x"] + edges["width"] <= width


def test_long_words_are_seen_whole_while_they_are_written(page: Page) -> None:
    before = box(field(page))["height"]
    field(page).fill("Saya mencari kerja di kantor, dekat rumah, dengan jam kerja yang lentur. " * 3)
    after = box(field(page))["height"]
    assert after > before
    assert page.evaluate("(e => e.scrollHeight <= e.clientHeight + 1)(document.getElementById('text'))")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves(new_page: Callable[..., Page], motion: str) -> None:
    page = new_page(reduced_motion=motion, **WIDE)
    say(page, "menu")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    moving = page.evaluate(
        """[...document.querySelectorAll("*")].filter(e => {
            const s = getComputedStyle(e);
            return parseFloat(s.animationDuration) || parseFloat(s.transitionDuration);
        }).length"""
    )
    assert moving == 0


def test_it_can_be_read_in_forced_colours(new_page: Callable[..., Page]) -> None:
    """High contrast of the system: what is told by colour alone would be lost."""
    page = new_page(forced_colors="active", **WIDE)
    say(page, "menu")
    for kind in ("bot", "you"):
        border = page.evaluate("c => getComputedStyle(document.querySelector(c)).borderTopWidth", f"li.{kind}")
        assert border == "1px"
    assert violations(page) == []


class Wire:
    """Counts what goes over the network, as the browser itself reports it."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        self._client = page.context.new_cdp_session(page)
        self._client.send("Network.enable")
        self._client.on("Network.loadingFinished", self._down)
        self._client.on("Network.dataReceived", self._streamed)
        self._client.on("Network.requestWillBeSentExtraInfo", self._up)
        self._streams: set[str] = set()

    def _down(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _streamed(self, event: dict[str, Any]) -> None:
        """A stream never finishes; its parts are counted as they come (again when it does: never too little)."""
        self.bytes += int(event["encodedDataLength"])

    def _up(self, event: dict[str, Any]) -> None:
        self.bytes += sum(len(name) + len(value) + 4 for name, value in event["headers"].items())

    def since(self) -> int:
        counted, self.bytes = self.bytes, 0
        return counted


def test_the_page_is_light(new_page: Callable[..., Page], web_app: WebApp) -> None:
    page = new_page(**WIDE)
    page.context.clear_cookies()
    wire = Wire(page)
    wire._client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(web_app.url, wait_until="networkidle")
    first_load = wire.since()
    assert 5_000 < first_load < 50_000
    say(page, "menu")
    listening(page)
    page.wait_for_timeout(2_500)  # until it has been noted as seen
    wire.since()
    say(page, "menu")
    page.wait_for_timeout(2_500)
    turn = wire.since()
    assert 500 < turn < 5_000
