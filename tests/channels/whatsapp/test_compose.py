"""Every message that can be sent, held against what WhatsApp takes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.base import UnsendableError
from bot.channels.whatsapp.compose import compose
from conversations.engine.messages import Button, OutgoingMessage
from locales.render import LOCALES
from tests.fakes.graph_api_rules import refusals
from tests.locales.talks import everywhere

OPEN = "Pilih jawaban"


def composed(text: str, *labels: str) -> dict[str, Any]:
    return compose(OutgoingMessage(text, tuple(Button(label, f"1:{n}") for n, label in enumerate(labels))), OPEN)


def rows(message: dict[str, Any]) -> list[tuple[str, str | None]]:
    [section] = message["interactive"]["action"]["sections"]
    return [(row["title"], row.get("description")) for row in section["rows"]]


def told(message: dict[str, Any]) -> tuple[str, list[str]]:
    """The text, and the words on what can be tapped, whole."""
    if message["type"] == "text":
        return message["text"]["body"], []
    interactive = message["interactive"]
    if interactive["type"] == "button":
        words = [button["reply"]["title"] for button in interactive["action"]["buttons"]]
    else:
        words = [" ".join(filter(None, row)) for row in rows(message)]
    return interactive["body"]["text"], words


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_fits_and_no_word_is_cut(locale: str) -> None:
    problems = []
    for message in {m.text: m for heard in everywhere(locale) for m in heard.messages}.values():
        sent = compose(message, OPEN)
        labels = [button.label for button in message.quick_replies]
        problems += [f"{what} of {message.text!r}" for what in refusals(sent)]
        details = {button.label: button.detail for button in message.quick_replies}
        text, words = told(sent)
        # A row may end with what is said of it besides; nothing of its own words is missing.
        own = [
            w.removesuffix(details[la]).rstrip(" ,") if details[la] else w for w, la in zip(words, labels, strict=False)
        ]
        if text != message.text or (words and own != labels):
            problems.append(f"{labels} became {told(sent)[1]} in {message.text!r}")
    assert not problems, "\n".join(problems)


def test_up_to_three_short_ones_are_buttons_and_more_a_list() -> None:
    three = composed("Halo", "Cari lowongan", "Cari pelatihan", "Mendaftar")
    assert three["interactive"]["type"] == "button"
    assert composed("Halo", "satu", "dua", "tiga", "empat")["interactive"]["type"] == "list"
    assert composed("Halo", "Lihat lowongan yang lain")["interactive"]["type"] == "list", "too long for a button"
    assert composed("Halo", "sama", "sama")["interactive"]["type"] == "list", "two buttons may not be the same"
    assert composed("Halo") == {"type": "text", "text": {"body": "Halo", "preview_url": False}}


@pytest.mark.parametrize(
    ("label", "row"),
    [
        ("Netra (tidak melihat atau low vision)", ("Netra", "(tidak melihat atau low vision)")),
        ("Di luar Labuhanbatu Selatan", ("Di luar Labuhanbatu", "Selatan")),
        ("Sungai Kanan, sampai ke Langgapayung", ("Sungai Kanan,", "sampai ke Langgapayung")),
        ("x" * 24, ("x" * 24, None)),
        ("x" * 24 + " yz", ("x" * 24, "yz")),
    ],
)
def test_a_long_label_goes_on_in_the_description(label: str, row: tuple[str, str | None]) -> None:
    assert rows(composed("Pilih", label)) == [row]


@pytest.mark.parametrize("label", ["x" * 25, "kata " * 20, ""])
def test_what_no_row_can_carry_whole_is_typed(label: str) -> None:
    assert composed("Pilih: balas 1", "pendek", label)["type"] == "text"


def test_too_much_for_a_list_is_typed() -> None:
    assert composed("Pilih", *(f"pilihan {n}" for n in range(11)))["type"] == "text"
    assert composed("x" * 1025, "satu")["type"] == "text"
    assert compose(OutgoingMessage("Pilih", (Button("satu", "1:a"), Button("dua", "1:a"))), OPEN)["type"] == "text"


@pytest.mark.parametrize("text", ["", " \n", "x" * 4097])
def test_what_cannot_be_sent_at_all_is_said(text: str) -> None:
    with pytest.raises(UnsendableError):
        composed(text, "satu")
