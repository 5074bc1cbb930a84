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
    """Somebody asks for a person in a sentence of their own, or only where the office is."""
    if meaning.query.topic == "office":
        return Say(reach(context.region.office_for("work")) or (NO_OFFICE,))
    return person(context, words)


NO_OFFICE = t("Alamat kantornya belum kami punya. Balas PETUGAS untuk bertanya.")


def person(context: Context, words: str = "") -> Move:
    """PETUGAS: the request is stored, and where people are to be found is said."""
    noted = t("Permintaan Anda sudah dicatat untuk petugas.")
    return Say((noted, *reach(context.region.office_for("work"))), (OpenTicket("human", words),))


def complaint(context: Context, meaning: Meaning, words: str) -> Move:
    """Fraud is warned of; a wrong suffered is for people to hear."""
    report = t("Untuk melapor kepada petugas, balas PETUGAS.")
    office = context.region.office_for("complaint")
    match meaning.query.topic:
        case "fraud":
            warning = t("Melamar kerja itu gratis. Jika diminta uang, itu tanda penipuan.")
            return Say((warning, t("Jangan kirim uang, foto kartu penduduk (KTP), atau kode rahasia."), report))
        case "unpaid":
            heard = t("Upah yang sudah menjadi hak Anda harus dibayar.")
        case "discrimination":
            heard = t("Menolak orang karena disabilitas dilarang undang-undang.")
        case "harassment":
            heard = t("Itu tidak boleh terjadi, dan itu bukan salah Anda.")
        case _:
            heard = t("Kami menyesal Anda mengalami itu.")
    return Say((heard, report, *reach(office)[2:]))


def safety(context: Context, meaning: Meaning, words: str) -> Move:
    """Danger to oneself or others: an answer written by people, and a ticket. Nothing else is asked now."""
    office = context.region.office_for("social")
    contact = (t("Kontak {office}: {contact}.", office=office.institution, contact=office.contact),) if office else ()
    return Say(
        (
            t("Anda tidak sendiri. Kami ingin Anda selamat."),
            t("Jika bahaya sekarang, minta tolong orang terdekat atau ke puskesmas."),
            t("Ini layanan otomatis. Pesan Anda sudah dicatat untuk petugas."),
            *contact,
        ),
        (OpenTicket("safety", words),),
        hold=True,
    )


def protection(context: Context, meaning: Meaning, words: str) -> Move:
    """Who knows: the insurer for its benefits, the social office for assistance, the labour office for rights."""
    match meaning.query.topic:
        case "assistance":
            office = context.region.office_for("social")
            about = t("Kami belum bisa menjanjikan apa pun tentang bantuan sosial.")
        case "quota" | "rights" | "wage_minimum":
            office = context.region.office_for("work")
            about = t("Tentang hak pekerja, tanyakan kepada yang berwenang.")
        case _:
            office = context.region.office_for("protection")
            about = t("Tentang jaminan sosial pekerja, tanyakan kepada yang berwenang.")
    if office is None:
        return Say((about, NO_OFFICE))
    ask = t("Tanyakan kepada {office}.", office=office.institution)
    return Say((about, *((ask,) if meaning.query.topic == "assistance" else ()), *reach(office)))


def applications(context: Context, meaning: Meaning, words: str) -> Move:
    return Say(
        (
            t("Lamaran belum dicatat di sini, jadi kami tidak tahu hasilnya."),
            t("Tanyakan kepada pemberi kerja, atau balas PETUGAS."),
        )
    )


def offer_job(context: Context, meaning: Meaning, words: str) -> Move:
    noted = t("Terima kasih. Tawaran kerja Anda sudah dicatat untuk petugas.")
    return Say((noted, *reach(context.region.office_for("work"))), (OpenTicket("offer_job", words),))


def thanks(context: Context, meaning: Meaning, words: str) -> Move:
    return Say((t("Sama-sama. Senang bisa membantu."),))
