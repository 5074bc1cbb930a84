"""The parts of the page, found as a person with a screen reader finds them: by role and name."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Pesan Anda", exact=True)


def send_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Kirim", exact=True)


def messages(page: Page) -> Locator:
    return page.get_by_role("log", name="Percakapan").get_by_role("listitem")


def quick_replies(page: Page) -> Locator:
    """The buttons that answer the open question."""
    return page.get_by_role("group", name="Pilihan jawaban").get_by_role("button")


def own(page: Page, text: str) -> Locator:
    """The person's own messages that say just ``text``."""
    return messages(page).filter(has_text=re.compile(rf"^\s*Anda\s*{re.escape(text)}\s*(\d\d\.\d\d\s*)?$"))


def answers(page: Page) -> Locator:
    return messages(page).filter(has_text=re.compile(r"^\s*Setara Kerja"))


def focused(page: Page) -> str:
    """Tag and name of what has the focus, e.g. "button Kirim"."""
    name: str = page.evaluate(
        """() => {
            const e = document.activeElement;
            const name = e.labels?.[0]?.textContent ?? e.querySelector("legend")?.textContent ?? e.textContent;
            return e.tagName.toLowerCase() + " " + name.trim();
        }"""
    )
    return name


def say(page: Page, text: str) -> None:
    """Write and press Enter; back when the answer is there and the focus still where it was."""
    before = answers(page).count()
    field(page).fill(text)
    field(page).press("Enter")
    expect(answers(page)).to_have_count(before + 1)
    expect(field(page)).to_have_value("")
    expect(field(page)).to_be_focused()


def listening(page: Page) -> None:
    """Back when the page is told of new messages by itself."""
    expect(page.get_by_role("link", name="Periksa pesan baru")).to_be_hidden()


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return wide


def box(locator: Locator) -> dict[str, Any]:
    found = locator.bounding_box()
    assert found is not None, "it is not on the page"
    return dict(found)
