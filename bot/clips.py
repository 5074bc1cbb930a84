"""The recordings an office has made of what the service asks: one folder a locale, one file a message and kind.

    data/klip/id/siapa-nama-anda-5d0f2c.ogg       words to listen to (Ogg Opus)
    data/klip/id/siapa-nama-anda-5d0f2c.mp4       a video in sign language

``setara clips`` names the file of every text. None of them has to be there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from bot.logs import get_logger
from conversations.engine.clips import Clip, ClipKind, Clips
from conversations.engine.messages import Attachment
from locales.render import LOCALES, catalogue

LARGEST = 700_000
"""Bytes of one clip: whoever pays for data is not asked to pay for more, and every channel takes it."""

SUFFIXES: Mapping[ClipKind, str] = {"voice": ".ogg", "sign": ".mp4"}
MIME: Mapping[ClipKind, str] = {"voice": "audio/ogg; codecs=opus", "sign": "video/mp4"}

log = get_logger(__name__)


def stem(msgid: str) -> str:
    """The name of a text's files: its first words, and what tells it from other texts that begin alike."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"\{.*?\}", "", msgid.lower()))[:5]
    return "-".join([*words, sha256(msgid.encode()).hexdigest()[:6]])


def every_text() -> list[str]:
    """The msgids of all texts: a catalogue has them all, which is tested."""
    return sorted(catalogue("en"))


class Recordings:
    """What lies in the folder when the service starts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._by_locale = {locale: self._found(locale) for locale in LOCALES}

    def of(self, locale: str) -> Clips:
        return self._by_locale[locale]

    def open(self, clip: Clip, locale: str) -> Attachment | None:
        """The clip as a file; None: it is not there any more."""
        file = self._file(locale, clip.msgid, clip.kind)
        try:
            content = _read(file, file.stat().st_mtime_ns)
        except OSError as error:
            log.warning("clip_unreadable", file=file.name, error=type(error).__name__)
            return None
        return Attachment("voice" if clip.kind == "voice" else "document", file.name, MIME[clip.kind], content)

    def _file(self, locale: str, msgid: str, kind: ClipKind) -> Path:
        return self._folder / locale / (stem(msgid) + SUFFIXES[kind])

    def _found(self, locale: str) -> dict[str, tuple[Clip, ...]]:
        if not (self._folder / locale).is_dir():
            return {}
        found = {msgid: tuple(self._clips(locale, msgid)) for msgid in every_text()}
        return {msgid: clips for msgid, clips in found.items() if clips}

    def _clips(self, locale: str, msgid: str) -> list[Clip]:
        clips = []
        for kind in SUFFIXES:
            file = self._file(locale, msgid, kind)
            size = file.stat().st_size if file.is_file() else 0
            if size > LARGEST:
                log.warning("clip_too_large", file=file.name, bytes=size, largest=LARGEST)
            elif size:
                clips.append(Clip(msgid, kind, -(-size // 1000)))
        return clips


@lru_cache(maxsize=32)
def _read(file: Path, changed: int) -> bytes:
    return file.read_bytes()
