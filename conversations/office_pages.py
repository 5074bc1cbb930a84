"""Lists in the officers' console: a page of entries, each opened by its number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conversations.engine.context import Said, Talk
from conversations.engine.messages import Message, QuickReply
from conversations.engine.moves import Goto, Move, Retry, Show
from conversations.engine.questions import MORE, SEE_MORE, wants_more
from conversations.engine.session import Json
from conversations.engine.texts import Text, t
from conversations.understanding import answers as parse

PAGE = 3
"""Entries on a page (rule 6)."""

HINT = t("Balas angka atau kata pilihannya. Contoh: 1")


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be opened: its id, what its button says, and how it reads."""

    id: int
    label: Text
    line: Text


def listing(
    talk: Talk, state: str, heading: Text, entries: Sequence[Entry], offset: int, total: int, **kept: Json
) -> Move:
    """A page of ``entries``, those from ``offset`` of ``total``; numbers run on across pages. ``kept`` with it."""
    numbered = list(enumerate(entries, start=offset + 1))
    replies = [QuickReply(one.label, str(one.id), str(n), one.line) for n, one in numbered]
    following = offset + len(entries)
    if following < total:
        replies.append(QuickReply(SEE_MORE, f"+{following}", MORE))
    shown = [[n, one.id, talk.tr(one.label)] for n, one in numbered]
    kept |= {"offset": offset, "following": following if following < total else 0, "shown": shown}
    return Show(state, Message((heading,), tuple(replies)), kept)


def chosen(talk: Talk, said: Said, state: str, opens: Callable[[int], Move]) -> Move:
    """The next page of ``state``, or what ``opens`` makes of the id of the entry that was meant."""
    if (said.choice or "").startswith("+") or (said.choice is None and wants_more(talk, said.text)):
        return Goto(state, scratch={**talk.frame.scratch, "offset": int(talk.scratch("following", 0))})
    meant = said.choice if said.choice is not None else parse.choose(said.text, _numbered(talk))
    ids = {str(id_) for _, id_, _ in talk.scratch("shown", [])}
    return opens(int(meant)) if meant is not None and meant in ids else Retry(HINT)


def claims_entry(talk: Talk, said: Said) -> bool:
    """Whether the words are the number of an entry, or ask for the next page."""
    return parse.choose_exactly(said.text, _numbered(talk)) is not None or wants_more(talk, said.text)


def _numbered(talk: Talk) -> list[parse.Option]:
    return [parse.Option(str(id_), str(label), int(n), ()) for n, id_, label in talk.scratch("shown", [])]
