"""Vacancies: what was found, one of them, why it suits, and how to apply."""

from __future__ import annotations

from conversations import alerts
from conversations.domain import accommodations, education, kinds
from conversations.domain.query import Query
from conversations.domain.vacancy import Vacancy
from conversations.engine.context import Context, Talk
from conversations.engine.moves import Move, Open
from conversations.engine.texts import Listing, Shown, Text, t
from conversations.results import Offers
from conversations.understanding import Meaning
from conversations.wording import pay_line, vacancy_detail, vacancy_line


def facts(talk: Talk, vacancy: Vacancy) -> tuple[Shown, ...]:
    lines: list[Shown] = [
        t("{title} di {employer}, {place}.", title=vacancy.title, employer=vacancy.employer, place=vacancy.place),
        pay_line(vacancy),
    ]
    if vacancy.closes_on:
        lines.append(deadline(vacancy, talk.context))
    return tuple(lines)


def deadline(vacancy: Vacancy, context: Context) -> Text:
    """The date in words, and how many days are left when they are few."""
    assert vacancy.closes_on is not None
    left = (vacancy.closes_on - context.today).days
    if left == 0:
        return t("Batas lamar: hari ini, {day}.", day=vacancy.closes_on)
    if 0 < left <= 14:
        return t("Batas lamar: {day}, {left} hari lagi.", day=vacancy.closes_on, left=left)
    return t("Batas lamar: {day}.", day=vacancy.closes_on)


def rest(talk: Talk, vacancy: Vacancy) -> tuple[Shown, ...]:
    lines: list[Shown] = [vacancy.description] if vacancy.description else []
    if vacancy.education:
        lines.append(t("Pendidikan paling rendah: {level}.", level=education.label(vacancy.education)))
    if vacancy.kinds:
        lines.append(t("Jenis kerja: {kinds}.", kinds=Listing(tuple(map(kinds.inline, vacancy.kinds)))))
    if vacancy.hours:
        lines.append(t("Jam kerja: {hours}.", hours=vacancy.hours))
    if vacancy.skills:
        lines.append(t("Keterampilan: {skills}.", skills=Listing(vacancy.skills)))
    if vacancy.experience:
        lines.append(t("Pengalaman: {experience}.", experience=vacancy.experience))
    if vacancy.accommodations:
        offered = Listing(tuple(map(accommodations.inline, vacancy.accommodations)))
        lines.append(t("Yang tersedia: {needs}.", needs=offered))
    if vacancy.openings > 1:
        lines.append(t("Dibutuhkan {count} orang.", count=vacancy.openings))
    lines.append(
        t("Pemberi kerja sudah diperiksa petugas.") if vacancy.verified else t("Pemberi kerja belum diperiksa petugas.")
    )
    return tuple(lines)


def how(talk: Talk, vacancy: Vacancy) -> tuple[Shown, ...]:
    office = talk.context.region.office_for("work")
    lines: list[Shown] = []
    if vacancy.apply_to.strip().lower() not in ("", "petugas"):
        lines.append(t("Untuk melamar {title}: {contact}.", title=vacancy.title, contact=vacancy.apply_to))
    elif office:
        lines.append(t("Untuk melamar {title}, hubungi {office}.", title=vacancy.title, office=office.name))
        lines += [t("Alamat: {address}.", address=office.address), t("Kontak: {contact}.", contact=office.contact)]
    lines.append(t("Melamar kerja itu gratis. Jangan bayar kepada siapa pun."))
    return tuple(lines)


VACANCIES: Offers[Vacancy] = Offers(
    kind="vacancy",
    prefix="job",
    conversation="vacancies",
    line=vacancy_line,
    about=vacancy_detail,
    facts=facts,
    rest=rest,
    how=how,
    how_label=t("Cara melamar"),
    how_words=("melamar", "lamar", "cara lamar", "cara daftar"),
    others_label=t("Lowongan lain"),
    heading=t("Lowongan yang ada:"),
    heading_other=t("Belum ada lowongan seperti itu. Ini lowongan yang lain:"),
    heading_near=t("Belum ada yang persis seperti itu. Ini yang hampir sesuai:"),
    nothing=t("Saat ini belum ada lowongan yang dibuka."),
    gone=t("Lowongan itu tidak ada, atau sudah ditutup."),
    instead="training",
    instead_label=t("Cari pelatihan"),
    notify=alerts.turn_on,
    hint=t("Balas nomor lowongan untuk membukanya. Contoh: 1"),
)

vacancies = VACANCIES.as_conversation(t("Pencarian lowongan"))


def opened(context: Context, meaning: Meaning, words: str) -> Move:
    """Somebody looks for work. Asking needs no registration."""
    query: Query = meaning.query
    say: tuple[Text, ...] = ()
    if query.for_me and context.seeker is None:
        say = (t("Jika Anda mendaftar, kami bisa memilihkan yang cocok. Balas DAFTAR."),)
    elif query.for_me and context.seeker is not None and context.matched is None:
        say = (t("Data {name} masih draf, jadi kami belum memilihkan.", name=context.seeker.name),)
    return Open("vacancies", {"query": query.to_json()}, say)


def opened_one(number: int) -> Move:
    return Open("vacancies", {"id": number})
