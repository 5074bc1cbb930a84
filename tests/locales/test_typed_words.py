"""What a text tells to type is understood, in that language and in that place; a button has its number and word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversations.catalogue import REGISTRY
from conversations.engine.events import Effect, MessageReceived, OpenTicket
from conversations.engine.questions import ChooseMany
from conversations.engine.texts import t
from locales.render import LOCALES, translator
from tests.locales import rules
from tests.locales.sayings import is_to_type, said_in
from tests.locales.talks import Heard, everywhere, say, start, state_of
from tests.support.chat import Chat

locales = pytest.mark.parametrize("locale", LOCALES)


def abbreviations(locale: str) -> set[str]:
    return rules.spelled_out(tuple(said_in(locale).values()))


def understood(before: Chat, text: str) -> bool:
    """Whether ``text`` is taken: neither asked again as a miss, nor answered with being at a loss."""
    after = say(before, text)
    if before.session.held is not None:
        # What waited is answered now, understood or not; or something else was done, and the question stands.
        return after.session.held is None or after.session.held.misses == before.session.held.misses
    tr = translator(before.locale)
    lost = tr(t("Maaf, kami belum mengerti."))
    missed = after.session.top is not None and after.session.top.misses > 0
    return not missed and lost.rstrip(".") not in after.last


def takes_several(chat: Chat) -> bool:
    """Whether what is tapped is gathered, while what is typed ("1 dan 3") is the whole answer."""
    top = chat.session.top
    return top is not None and isinstance(REGISTRY.conversations[top.conversation].state(top.state), ChooseMany)


def once_a_state(locale: str) -> list[Heard]:
    """For each state the turn that asked it first, and the one that asked it again after a miss."""
    firsts: dict[tuple[object, ...], Heard] = {}
    for heard in everywhere(locale):
        if heard.messages and heard.after.locale == locale:
            missed = heard.after.session.top is not None and heard.after.session.top.misses > 0
            buttons = len(heard.messages[-1].quick_replies)
            firsts.setdefault((*state_of(heard.after), missed, buttons), heard)
    return list(firsts.values())


@locales
def test_words_in_capitals_are_understood_by_whoever_reads_them(locale: str) -> None:
    words = {word for text in said_in(locale).values() for word in rules.told_to_type(text)}
    assert not [word for word in words - abbreviations(locale) if not is_to_type(word, locale)]


@locales
def test_what_a_message_tells_to_type_is_understood_there(locale: str) -> None:
    problems: list[str] = []
    tried: set[tuple[tuple[object, ...], str]] = set()
    explained = abbreviations(locale)
    for heard in once_a_state(locale):
        lines = [line for message in heard.messages for line in rules.body_and_options(message)[0]]
        told = {*rules.examples(lines), *(w for line in lines for w in rules.told_to_type(line))} - explained
        new = {(state_of(heard.after), text) for text in told} - tried
        tried |= new
        problems += [
            f"{text!r} is not understood after\n{heard}" for _, text in new if not understood(heard.after, text)
        ]
    assert not problems, "\n\n".join(problems)


@locales
def test_a_button_its_number_and_its_words_do_the_same(locale: str) -> None:
    problems = []
    for heard in once_a_state(locale):
        chat, last = heard.after, heard.messages[-1]
        _, options = rules.body_and_options(last)
        for button, line in zip(last.quick_replies, options, strict=True):
            tapped = outcome(say(chat, MessageReceived(choice=button.value)))
            answer = line.rpartition(": ")[2].partition(" ")[2]
            for typed in (answer, button.label, button.label.upper()):
                gathered = takes_several(chat) and not button.value.endswith(":done") and understood(chat, typed)
                if not gathered and (typed_to := outcome(say(chat, typed))) != tapped:
                    problems.append(f"{typed!r} is not [{button.label}] after\n{heard}\nbut\n{typed_to}")
    assert not problems, "\n\n".join(problems)


def outcome(chat: Chat) -> tuple[str, list[Effect]]:
    """What is read and what happens; the words that a request for a person quotes may differ."""
    return chat.last, [replace(e, text="") if isinstance(e, OpenTicket) else e for e in chat.effects]


@locales
def test_a_page_names_words_that_are_understood(locale: str) -> None:
    """What the web page and Telegram's menu say outside of any state."""
    wishes = [text for msgid, text in said_in(locale).items() if "Contoh: lo" in msgid]
    assert wishes
    for example in rules.examples(wishes):
        assert understood(start(locale), example)
