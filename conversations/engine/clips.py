"""Recordings of what is asked: words to listen to, or a video in sign language. Offered, never sent by themselves.

An office records what it can; a message that nobody has recorded simply offers nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from conversations.engine.messages import Message, QuickReply
from conversations.engine.texts import Shown, Text, Translate, t
from conversations.understanding import answers as parse

ClipKind: TypeAlias = Literal["voice", "sign"]


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording there is."""

    msgid: str
    """Of the first sentence it speaks; the others of the same message are in it too."""
    kind: ClipKind
    kilobytes: int
    """Told before it is sent: data costs money."""


Clips: TypeAlias = Mapping[str, tuple[Clip, ...]]
"""What is recorded in one locale, by msgid."""

PREFIX = "clip-"
"""How the values of the buttons begin."""

WORDS: Mapping[ClipKind, tuple[Shown, tuple[str, ...]]] = {
    "voice": (t("DENGAR"), ("dengar", "dengarkan", "listen")),
    "sign": (t("VIDEO"), ("video", "lihat video")),
}
"""What is typed for each: the word that is shown, and others for it."""


def recorded(message: Message, clips: Clips) -> tuple[Clip, ...]:
    """The clips of the first line that has any."""
    msgids = (line.msgid for line in message.lines if isinstance(line, Text))
    return next((clips[msgid] for msgid in msgids if msgid in clips), ())


def offered(message: Message, clips: Clips) -> Message:
    """The message, offering its clips below its own options, their size told."""
    found = recorded(message, clips)
    return replace(message, quick_replies=(*message.quick_replies, *map(_offer, found))) if found else message


def _offer(clip: Clip) -> QuickReply:
    label = t("Dengarkan, {size} kB", size=clip.kilobytes)
    if clip.kind == "sign":
        label = t("Video isyarat, {size} kB", size=clip.kilobytes)
    return QuickReply(label, PREFIX + clip.kind, WORDS[clip.kind][0])


def wanted(message: Message, clips: Clips, said: str, tr: Translate) -> Clip | None:
    """The clip of what is asked that was tapped (a button's value) or typed."""
    found = {clip.kind: clip for clip in recorded(message, clips)}
    kind = said.removeprefix(PREFIX) if said.startswith(PREFIX) else parse.choose_exactly(said, _options(tr))
    return next((clip for clip in found.values() if clip.kind == kind), None)


@lru_cache
def _options(tr: Translate) -> tuple[parse.Option, ...]:
    return tuple(parse.Option(kind, tr(word), None, aliases) for kind, (word, aliases) in WORDS.items())


def played(clip: Clip) -> Message:
    """The clip itself. What was asked stays asked, and its buttons stay good."""
    lines = (t("Ini suaranya."),) if clip.kind == "voice" else (t("Ini video isyaratnya."),)
    return Message(lines, clip=clip)
