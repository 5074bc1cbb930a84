"""Everything that is kept about somebody as a file: to read, and for another program (UU 27/2022 art. 7, 13)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from conversations import links, permissions, profile
from conversations.domain.kept import Given, Kept
from conversations.domain.office import INSTITUTIONS
from conversations.engine.context import Talk
from conversations.engine.messages import Attachment
from conversations.engine.texts import Shown, Text, t


def as_text(talk: Talk, kept: Kept) -> Attachment:
    """All of it in whole sentences, in the person's language."""
    written = "\n".join(talk.tr(line) for line in lines(talk, kept))
    return Attachment.of_text("data-saya.txt", f"{written}\n")


def as_json(talk: Talk, kept: Kept) -> Attachment:
    """All of it by the names of its fields, times in ISO 8601."""
    seeker = talk.context.seeker
    data = {"at": talk.context.now, "profile": seeker.values() if seeker else {}, "kept": asdict(kept)}
    written = json.dumps(data, ensure_ascii=False, indent=2, default=_plain)
    return Attachment("document", "data-saya.json", "application/json", written.encode("utf-8", "replace"))


def _plain(value: Any) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def lines(talk: Talk, kept: Kept) -> Iterator[Shown]:
    """Profile, permissions with their wording, chats, vacancies, requests, documents and who read it, a line each."""
    seeker = talk.context.seeker
    yield t("Data saya di Setara Kerja, {day}", day=talk.context.today)
    if seeker is not None:
        yield from profile.lines_of(talk, seeker)
        for document in seeker.documents:
            yield t("Dokumen: {name}", name=str(document.get("name", "")))
    for given in kept.consents:
        yield from _consent(talk, given)
    for contact in kept.contacts:
        yield t("Chat yang terhubung: {channel}", channel=links.channel_name(contact.channel))
    for found in kept.told:
        yield t(
            "Lowongan yang cocok: {title}, {employer}, {day}",
            title=found.title,
            employer=found.employer,
            day=_day(talk, found.matched_at),
        )
    for asked in kept.asked:
        yield t(
            "Permintaan kepada petugas, {day}: {words}",
            day=_day(talk, asked.opened_at),
            words=asked.text or asked.topic,
        )
    for one in kept.readers:
        office = INSTITUTIONS[one.institution] if one.institution else t("pengelola layanan")
        yield t("Dibaca {day}: {name}, {office}", day=_day(talk, one.at), name=one.officer or "", office=office)
    if not kept.readers:
        yield t("Belum ada petugas yang membaca data Anda.")


def _consent(talk: Talk, given: Given) -> Iterator[Text]:
    named = {one.purpose: one.label for one in permissions.permissions(talk.context.region)}
    label = named.get(given.purpose, given.purpose)
    yield t("Izin, {day}: {label}", day=_day(talk, given.given_at), label=label)
    if given.withdrawn_at is not None:
        yield t("Dicabut: {day}", day=_day(talk, given.withdrawn_at))
    yield t("Kata-katanya: {words}", words=" ".join(given.wording.split("\n")))


def _day(talk: Talk, moment: datetime) -> Any:
    return moment.astimezone(talk.context.now.tzinfo).date()
