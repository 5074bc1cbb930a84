"""``python -m tests.locales`` prints figures: what was heard, and the longest of it."""

from __future__ import annotations

from locales.render import LOCALES
from tests.locales.rules import body_and_options
from tests.locales.sayings import sayings
from tests.locales.talks import everywhere


def main() -> None:
    print(f"{len(sayings())} texts")
    for locale in LOCALES:
        turns = everywhere(locale)
        messages = {message.text: message for turn in turns for message in turn.messages}
        longest = max((len("\n".join(body_and_options(m)[0])) for m in messages.values()), default=0)
        print(f"{locale}: {len(turns)} turns, {len(messages)} different messages, the longest of {longest} letters")


if __name__ == "__main__":
    main()
