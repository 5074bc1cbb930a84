"""``python -m tests.locales`` prints figures: what was heard, the longest of it, and labels too long for WhatsApp."""

from __future__ import annotations

from locales.render import LOCALES
from tests.locales.rules import body_and_options
from tests.locales.sayings import sayings
from tests.locales.talks import everywhere
from tests.locales.worst import TITLES

BUTTONS, BUTTON, ROW = 3, 20, 24
"""WhatsApp shows up to 3 buttons of 20 letters; more options are the rows of a list, of 24 letters each."""


def too_long(locale: str) -> dict[str, int]:
    """Our own labels (not titles of offers) that WhatsApp would cut, and how many letters it would show."""
    shown: dict[str, int] = {}
    for heard in everywhere(locale):
        for message in heard.messages:
            room = BUTTON if len(message.quick_replies) <= BUTTONS else ROW
            for label in (button.label for button in message.quick_replies):
                if len(label) > room and label not in TITLES:
                    shown[label] = min(room, shown.get(label, room))
    return shown


def main() -> None:
    print(f"{len(sayings())} texts")
    for locale in LOCALES:
        turns = everywhere(locale)
        messages = {message.text: message for turn in turns for message in turn.messages}
        longest = max((len("\n".join(body_and_options(m)[0])) for m in messages.values()), default=0)
        print(f"{locale}: {len(turns)} turns, {len(messages)} different messages, the longest of {longest} letters")
        for label, room in sorted(too_long(locale).items()):
            print(f"  {len(label)} letters where WhatsApp shows {room}: {label}")


if __name__ == "__main__":
    main()
