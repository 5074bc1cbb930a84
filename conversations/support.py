"""A person to talk to, and short answers to what this service does not do by itself yet."""

from __future__ import annotations

from conversations.domain.region import Office
from conversations.engine.context import Context
from conversations.engine.events import OpenTicket
from conversations.engine.moves import Move, Say
from conversations.engine.texts import Shown, t
from conversations.understanding import Meaning


def reach(office: Office | None) -> tuple[Shown, ...]:
    """Where, when and how an office is reached; text before telephone, for who cannot hear or speak."""
    if office is None:
        return ()
    return (
        t("Kantor: {office}, {address}.", office=office.name, address=office.address),
        t("Buka: {hours}.", hours=office.hours),
        t("Kontak: {contact}.", contact=office.contact),
    )


def wanted(context: Context, meaning: Meaning, words: str) -> Move:
    """Somebody asks for a person in a sentence of their own."""
    return person(context, words)


def person(context: Context, words: str = "") -> Move:
    """PETUGAS: the request is stored, and where people are to be found is said."""
    noted = t("Permintaan Anda sudah dicatat untuk petugas.")
    return Say((noted, *reach(context.region.office_for("work"))), (OpenTicket("human", words),))


def complaint(context: Context, meaning: Meaning, words: str) -> Move:
    return Say(
        (
            t("Melamar kerja itu gratis. Jika diminta uang, itu tanda penipuan."),
            t("Jangan kirim uang, foto kartu penduduk (KTP), atau kode rahasia."),
            t("Untuk melapor kepada petugas, balas PETUGAS."),
        )
    )


def safety(context: Context, meaning: Meaning, words: str) -> Move:
    """Danger to oneself or others: an answer written by people, and an urgent ticket (an officer reads it, later)."""
    return Say(
        (
            t("Anda tidak sendiri. Kami ingin Anda selamat."),
            t("Jika bahaya sekarang, minta tolong orang terdekat atau ke puskesmas."),
            t("Ini layanan otomatis. Petugas membaca pesan Anda pada jam kerja."),
            *(reach(context.region.office_for("social"))[2:]),
        ),
        (OpenTicket("safety", words),),
    )


def protection(context: Context, meaning: Meaning, words: str) -> Move:
    office = context.region.office_for("protection")
    if office is None:
        return Say((t("Tentang jaminan sosial pekerja, balas PETUGAS untuk bertanya."),))
    return Say(
        (t("Tentang jaminan sosial pekerja, tanyakan kepada {office}.", office=office.institution), *reach(office))
    )


def applications(context: Context, meaning: Meaning, words: str) -> Move:
    return Say(
        (
            t("Lamaran belum dicatat di sini, jadi kami tidak tahu hasilnya."),
            t("Tanyakan kepada pemberi kerja, atau balas PETUGAS."),
        )
    )


def offer_job(context: Context, meaning: Meaning, words: str) -> Move:
    noted = t("Terima kasih. Tawaran kerja Anda dicatat, dan petugas akan menghubungi Anda.")
    return Say((noted, *reach(context.region.office_for("work"))), (OpenTicket("offer_job", words),))


def thanks(context: Context, meaning: Meaning, words: str) -> Move:
    return Say((t("Sama-sama. Senang bisa membantu."),))
