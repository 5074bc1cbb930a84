"""Turns a transcript into HTML: the whole page, the new part of it, and one event of the stream."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.channels.web import wording
from bot.channels.web.assets import Assets
from bot.channels.web.transcript import SHOWN, Entry, Translators, newest, offered, unread
from conversations.engine.messages import Button
from conversations.engine.texts import Shown, Text

_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")


@dataclass(frozen=True, slots=True)
class Bubble:
    """One entry, ready for the template."""

    mine: bool
    id: int | None
    html: Markup
    time: str
    """ "09.14", as clocks are written in Indonesian; empty for the greeting."""
    stamp: str
    """The same for machines (ISO 8601 with offset)."""
    lang: str | None
    """Only where it differs from the page's."""
    day: str | None
    """The date in words, where a new day begins above this entry."""
    anchor: bool
    """Whether the newest part of the conversation begins here."""
    file: str | None = None
    """The words on the link to a file that came with it …"""
    voice: bool = False
    """… which can be listened to."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The quick replies of one message. ``later``: it came after the question that is to be answered."""

    id: int | None
    later: bool
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Everything a page or a part of it shows. ``problem`` and ``notice`` are already in words."""

    locale: str
    entries: Sequence[Entry]
    form: str
    """The sealed form this page will send."""
    page: str = ""
    """Whose page it is (Seals.page_of)."""
    listening: bool = False
    """Whether news may come for this visitor."""
    since: int | None = None
    """The newest outbox id the person had seen, when they ask for what came after it."""
    typed: str = ""
    problem: str | None = None
    notice: str | None = None


class Pages:
    """Renders views. Pure but for the clock of "today", which is handed in."""

    def __init__(self, *, tr: Translators, region: str, timezone: tzinfo, assets: Assets) -> None:
        self._tr = tr
        self._region = region
        self._timezone = timezone
        self._words: dict[str, Mapping[str, str]] = {}
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals["asset"] = assets.url
        self._page = environment.get_template("page.html")
        self._part = environment.get_template("part.html")

    def say(self, locale: str, text: Shown) -> str:
        return self._tr(locale)(text)

    def page(self, view: View, today: date) -> str:
        """The whole page."""
        entries = view.entries[-SHOWN:]
        bubbles = self._bubbles(entries, view.locale, today, start=unread(entries, view.since))
        unseen = any(entry.outbox_id is not None and not entry.shown for entry in entries)
        return self._page.render(
            view=view,
            w=self._in(view.locale),
            lang=lang_of(view.locale),
            bubbles=bubbles,
            choices=_choices(entries, later=False),
            seen=newest(entries),
            unseen=unseen,
        )

    def answer(self, view: View) -> str:
        """What the page adds after something was sent: the new entries, their quick replies, the next form."""
        return self._render_part(view, later=False)

    def news(self, locale: str, entries: Sequence[Entry]) -> str:
        """What the page adds when messages came by themselves; the form on the page stays as it is."""
        return self._render_part(View(locale, entries, form=""), later=True)

    def _render_part(self, view: View, *, later: bool) -> str:
        return self._part.render(
            view=view,
            w=self._in(view.locale),
            bubbles=self._bubbles(view.entries[-SHOWN:], view.locale),
            choices=_choices(view.entries, later=later),
            seen=newest(view.entries),
        )

    def _in(self, locale: str) -> Mapping[str, str]:
        if locale not in self._words:
            tr = self._tr(locale)
            words = {name: tr(text) for name, text in wording.WORDS.items()}
            self._words[locale] = {**words, "about": tr(wording.about(self._region))}
        return self._words[locale]

    def _bubbles(
        self, entries: Sequence[Entry], locale: str, today: date | None = None, start: int | None = None
    ) -> list[Bubble]:
        """``today`` None: no dates between the entries, for they all happen now."""
        bubbles, day, lang = [], today, lang_of(locale)
        for position, entry in enumerate(entries):
            at = entry.at.astimezone(self._timezone) if entry.at else None
            begins = self._day(at.date(), locale) if at and today and at.date() != day else None
            day = at.date() if at else day
            own = lang_of(entry.locale) if entry.locale else lang
            bubbles.append(
                Bubble(
                    mine=entry.who == "person",
                    id=entry.outbox_id,
                    html=paragraphs(entry.text, links=entry.who == "service"),
                    time=f"{at:%H.%M}" if at else "",
                    stamp=at.isoformat(timespec="minutes") if at else "",
                    lang=own if own != lang else None,
                    day=begins,
                    anchor=position == start,
                    file=self.say(locale, wording.download(entry.attachment.name)) if entry.attachment else None,
                    voice=entry.attachment is not None and entry.attachment.kind == "voice",
                )
            )
        return bubbles

    def _day(self, day: date, locale: str) -> str:
        return self.say(locale, Text("{day}", (("day", day),)))  # not t(): there is nothing to translate but the value


def lang_of(locale: str) -> str:
    """The language tag of a locale: "id@mudah" is written in "id"."""
    return locale.partition("@")[0].replace("_", "-")


def paragraphs(text: str, *, links: bool) -> Markup:
    """A message's lines as HTML. Its line breaks are real ones, so they hold without a style sheet too."""
    blocks = [block.split("\n") for block in re.split(r"\n\s*\n", text.strip("\n"))]
    show = _linked if links else escape
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(show(line) for line in lines)) for lines in blocks
    )


def _linked(line: str) -> Markup:
    html, end = Markup(""), 0
    for found in _ADDRESS.finditer(line):
        html += escape(line[end : found.start()])
        html += Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>').format(found.group())
        end = found.end()
    return html + escape(line[end:])


def _choices(entries: Sequence[Entry], *, later: bool) -> list[Choices]:
    asking = offered(entries)
    return [
        Choices(entry.outbox_id, later or position < len(asking) - 1, entry.quick_replies)
        for position, entry in enumerate(asking)
    ]
