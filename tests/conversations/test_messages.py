"""A message as it is kept in the outbox is the message that goes out."""

from __future__ import annotations

import json

import pytest

from conversations.engine.messages import Attachment, Button, Message, OutgoingMessage, join, render
from locales.render import translator

PLAIN = OutgoingMessage("halo")
FULL = OutgoingMessage(
    "halo",
    (Button("Ya", "1:yes"),),
    wants_contact=True,
    values={"vacancies": "Penjahit"},
    attachment=Attachment("voice", "tanya.ogg", "audio/ogg; codecs=opus", bytes(range(256))),
)


@pytest.mark.parametrize("message", [PLAIN, FULL])
def test_what_is_kept_comes_back(message: OutgoingMessage) -> None:
    assert OutgoingMessage.from_json(json.loads(json.dumps(message.to_json()))) == message


def test_what_nobody_set_takes_no_room() -> None:
    assert PLAIN.to_json() == {"text": "halo"}


def test_a_file_stays_with_its_own_words() -> None:
    copy = Attachment.of_text("data-saya.txt", "Nama: Ani \ud800Contoh\n")
    tr = translator("id")
    said = [Message(("Baik.",)), Message(("Ini salinannya.",), attachment=copy), Message(("Ada lagi?",))]
    heard = [render(message, tr) for message in join(said, tr)]
    assert [(one.text, one.attachment) for one in heard] == [("Baik.", None), ("Ini salinannya.\nAda lagi?", copy)]
    assert copy.content == b"Nama: Ani ?Contoh\n"
