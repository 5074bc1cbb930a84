"""Every text filled with the longest values, and every message of a walk through all states, against the rules."""

from __future__ import annotations

import pytest

from conversations.catalogue import REGISTRY
from locales.render import LOCALES
from tests.locales import rules
from tests.locales.sayings import is_to_type, language_of, said_in
from tests.locales.talks import everywhere

locales = pytest.mark.parametrize("locale", LOCALES)


@locales
def test_every_text_keeps_to_the_rules(locale: str) -> None:
    problems = []
    for msgid, text in said_in(locale).items():
        broken = [*rules.words_broken(text, language_of(locale)), *rules.sentences_broken(text)]
        broken += [f"{len(text)} characters"] if len(text) > rules.MOST_LETTERS else []
        broken += [f"{text.count('?')} questions"] if text.count("?") > 1 else []
        problems += [f"{msgid!r}: {problem}" for problem in broken]
    assert not problems, "\n".join(problems)


@locales
def test_every_message_keeps_to_the_rules(locale: str) -> None:
    problems: dict[str, str] = {}
    for heard in everywhere(locale):
        for message in heard.messages:
            broken = [*rules.message_broken(message), *rules.words_broken(message.text, language_of(locale))]
            problems |= {f"{problem}\n{message.text}": str(heard) for problem in broken}
    assert not problems, "\n\n".join(problems)


@locales
def test_every_turn_is_answered(locale: str) -> None:
    """But the same tap twice: that is a trembling hand."""
    silent = [heard for heard in everywhere(locale) if not heard.messages and not heard.is_a_second_tap]
    assert not silent, "\n".join(map(str, silent))


@locales
def test_the_walk_reaches_every_state(locale: str) -> None:
    reached = {(frame.conversation, frame.state) for heard in everywhere(locale) if (frame := heard.after.session.top)}
    assert reached == {(c.name, state.name) for c in REGISTRY.conversations.values() for state in c.states}


@locales
def test_an_abbreviation_is_spelled_out_once(locale: str) -> None:
    texts = tuple(said_in(locale).values())
    unexplained = rules.abbreviations(texts) - rules.spelled_out(texts)
    assert not [word for word in unexplained if not is_to_type(word, locale)]


@pytest.mark.parametrize(("locale", "words"), [("id", "Pendaftaran selesai"), ("id@mudah", "Pendaftaran selesai")])
def test_the_words_that_confirm_are_used_nowhere_else(locale: str, words: str) -> None:
    saying = [msgid for msgid, text in said_in(locale).items() if words.lower() in text.lower()]
    assert saying == ["Pendaftaran selesai, {name}."]
    confirmed = [h for h in everywhere(locale) for m in h.messages if words.lower() in m.text.lower()]
    assert confirmed
    for heard in confirmed:
        assert heard.before.session.top is not None
        assert (heard.before.session.top.conversation, heard.before.session.top.state) == ("registration", "review")
        assert heard.after.seeker is not None
