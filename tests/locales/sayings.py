"""The texts that whoever writes can get, as opposed to those for officers and operators."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from conversations.catalogue import REGISTRY
from conversations.domain.query import Query
from conversations.engine import clips
from conversations.engine.questions import DONE, MORE
from conversations.understanding import understand
from conversations.understanding.answers import global_word
from locales.render import translator
from tests.drift import texts
from tests.locales.worst import REGION, filled
from tests.support.chat import NOW

OFFICE_WORDS = ("KANTOR",)
"""What officers type, the same in every language."""


@cache
def sayings() -> tuple[str, ...]:
    """Every msgid of the conversations, of the channels, and of a turn that failed."""
    return tuple(texts("conversations", "bot/channels", "bot/turns.py"))


@cache
def said_in(locale: str) -> dict[str, str]:
    """Each of them in one language, filled with the longest values."""
    tr = translator(locale)
    return {msgid: tr(filled(msgid)) for msgid in sayings()}


def language_of(locale: str) -> str:
    """ "id@mudah" -> "id"."""
    return locale.partition("@")[0]


CONTROLS = (MORE, DONE, *(word for word, _ in clips.WORDS.values()))


def is_to_type(word: str, locale: str) -> bool:
    """Whether a word does something in every state: a global word, a wish of its own, or that of a control."""
    wish = understand(word, REGION, NOW.date())
    wanted = wish.intent != "unknown" and replace(wish.query, topic=None) == Query()
    if word in OFFICE_WORDS or any(word.lower() in words for words in REGISTRY.standing_words.values()):
        return True
    return global_word(word, locale) is not None or wanted or word in map(translator(locale), CONTROLS)
