"""Trainings: schedules, one of them, and how to take part."""

from __future__ import annotations

from conversations.domain import accommodations
from conversations.domain.vacancy import Training
from conversations.engine.context import Context, Talk
from conversations.engine.moves import Move, Open
from conversations.engine.texts import Listing, Money, Shown, Text, t
from conversations.results import Offers
from conversations.understanding import Meaning


def line(training: Training) -> Text:
    """One line: what, where, when."""
    if training.starts_on is None:
        return t("{title}, {place}, jadwal belum ada", title=training.title, place=training.place)
    return t("{title}, {place}, mulai {day}", title=training.title, place=training.place, day=training.starts_on)


def about(training: Training) -> Text:
    """Where and when, below its title."""
    if training.starts_on is None:
        return t("{place}, jadwal belum ada", place=training.place)
    return t("{place}, mulai {day}", place=training.place, day=training.starts_on)


def facts(talk: Talk, training: Training) -> tuple[Shown, ...]:
    lines: list[Shown] = [
        t("{title} oleh {provider}, {place}.", title=training.title, provider=training.provider, place=training.place)
    ]
    if training.starts_on and training.ends_on and training.ends_on != training.starts_on:
        lines.append(t("Mulai {first}, sampai {last}.", first=training.starts_on, last=training.ends_on))
    elif training.starts_on:
        lines.append(t("Hari pelatihan: {day}.", day=training.starts_on))
    if training.cost is not None:
        lines.append(t("Biaya: gratis.") if training.cost == 0 else t("Biaya: {cost}.", cost=Money(training.cost)))
    if training.register_by:
        lines.append(t("Batas daftar: {day}.", day=training.register_by))
    return tuple(lines)


def rest(talk: Talk, training: Training) -> tuple[Shown, ...]:
    lines: list[Shown] = [training.description] if training.description else []
    if training.hours:
        lines.append(t("Jam: {hours}.", hours=training.hours))
    if training.allowance:
        lines.append(t("Uang saku: {allowance}.", allowance=training.allowance))
    if training.accommodations:
        offered = Listing(tuple(map(accommodations.inline, training.accommodations)))
        lines.append(t("Yang tersedia: {needs}.", needs=offered))
    if training.places is not None:
        lines.append(t("Tempat untuk {count} orang.", count=training.places))
    return tuple(lines)


def how(talk: Talk, training: Training) -> tuple[Shown, ...]:
    office = talk.context.region.office_for("training")
    lines: list[Shown] = [t("Untuk ikut {title}, daftar lewat penyelenggara.", title=training.title)]
    if office:
        lines = [
            t("Untuk ikut {title}, daftar lewat {office}.", title=training.title, office=office.name),
            t("Alamat: {address}.", address=office.address),
            t("Kontak: {contact}.", contact=office.contact),
        ]
    return tuple(lines)


TRAININGS: Offers[Training] = Offers(
    kind="training",
    prefix="training",
    conversation="training",
    line=line,
    about=about,
    facts=facts,
    rest=rest,
    how=how,
    how_label=t("Cara ikut"),
    how_words=("ikut", "daftar", "cara daftar", "mendaftar"),
    others_label=t("Pelatihan lain"),
    heading=t("Pelatihan yang ada:"),
    heading_other=t("Belum ada pelatihan seperti itu. Ini pelatihan yang lain:"),
    heading_near=t("Belum ada yang persis seperti itu. Ini yang hampir sesuai:"),
    nothing=t("Saat ini belum ada pelatihan yang dibuka."),
    gone=t("Pelatihan itu tidak ada, atau sudah ditutup."),
    instead="vacancies",
    instead_label=t("Cari lowongan"),
    notify=None,
    hint=t("Balas nomor pelatihan untuk membukanya. Contoh: 1"),
)

training = TRAININGS.as_conversation(t("Pencarian pelatihan"))


def opened(context: Context, meaning: Meaning, words: str) -> Move:
    """Somebody looks for a training."""
    return Open("training", {"query": meaning.query.to_json()})


def opened_one(number: int) -> Move:
    return Open("training", {"id": number})
