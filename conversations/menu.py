"""The first hello, the menu, help, and the language."""

from __future__ import annotations

from conversations import agreeing, support
from conversations.domain.seeker import NEW
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import Conversation, Menu
from conversations.engine.events import SetLocale
from conversations.engine.messages import Message
from conversations.engine.moves import Done, Move, Open, Retry, Say
from conversations.engine.questions import Choice, names_one, page_of, picked
from conversations.engine.texts import Shown, t
from conversations.understanding import Meaning

JOBS = Choice("jobs", t("Cari lowongan"), ("lowongan", "loker", "kerja", "cari kerja"))
SUITING = Choice("suiting", t("Lowongan yang cocok"), ("lowongan", "loker", "cocok", "kerja"))
TRAINING = Choice("training", t("Cari pelatihan"), ("pelatihan", "kursus", "latihan"))
REGISTER = Choice("register", t("Mendaftar"), ("daftar", "mendaftar", "pendaftaran"))
DATA = Choice("privacy", t("Data saya"), ("data", "profil"))
PERSON = Choice("person", t("Hubungi petugas"), ("petugas", "orang", "bicara dengan petugas"))
AGREE = Choice("agree", t("Beri izin"), ("izin", "setuju", "dia setuju", "saya setuju"))
PEOPLE = Choice("people", t("Orang lain"), ("ganti", "ganti orang", "orang", "tentang orang lain"))
LANGUAGE = Choice("language", t("Ganti bahasa"), ("bahasa", "language"))

FOR_ANYBODY = (JOBS, TRAINING, REGISTER, PERSON, LANGUAGE)
FOR_SEEKERS = (SUITING, TRAINING, DATA, PERSON, LANGUAGE)
FOR_COMPANIONS = (SUITING, DATA, PEOPLE, TRAINING, PERSON)


def choices(context: Context) -> tuple[Choice, ...]:
    if context.seeker is None:
        return FOR_ANYBODY
    if agreeing.is_draft(context):
        return (AGREE, *FOR_COMPANIONS[1:])
    speaks = len(context.seekers) > 1 or context.seeker.for_whom == "other"
    return FOR_COMPANIONS if speaks else FOR_SEEKERS


def ask(talk: Talk) -> Message:
    return Message((t("Balas angka, atau tulis dengan kata Anda sendiri."),), page_of(choices(talk.context), 0))


def hear(talk: Talk, said: Said) -> Move:
    match picked(talk, said, choices(talk.context)):
        case "jobs":
            return Open("vacancies", {"query": {}})
        case "suiting":
            return Open("vacancies", {"query": {"for_me": True}})
        case "training":
            return Open("training", {"query": {}})
        case "register":
            return Open("registration", about=NEW)
        case "agree":
            return agreeing.opened(talk.context)
        case "people":
            return Open("people")
        case "privacy":
            return Open("privacy")
        case "person":
            return support.person(talk.context)
        case "language":
            return Open("language")
    return Retry(t("Maaf, kami belum mengerti. Contoh: loker menjahit"))


def claims(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, choices(talk.context))


menu = Conversation(
    name="menu",
    version=1,
    title=t("Menu"),
    states=(Menu("menu", ask, hear, (), claims),),
    starts=None,
    passing=True,
)


def greeting(context: Context) -> tuple[Shown, ...]:
    """What this is, in two lines; the menu's own line says what to reply."""
    office = context.region.office_for("work")
    return (
        t(
            "Halo, ini Setara Kerja dari {office}. Gratis.",
            office=office.institution if office else context.region.name,
        ),
        t("Cari kerja dan pelatihan di sini. Layanan ini ramah disabilitas."),
    )


def greet(context: Context, meaning: Meaning, words: str) -> Move:
    return Open("menu", say=greeting(context))


# Help


def help_lines(talk: Talk | None, context: Context) -> tuple[Shown, ...]:
    """The words that always work; the present question follows by itself."""
    return (
        t("Jawab dengan angka atau kata. Salah ketik tidak apa-apa."),
        t("KEMBALI: pertanyaan sebelumnya. LEWATI: tidak menjawab. ULANG: tanyakan lagi."),
        t("SELESAI: lanjut lain kali. BATAL: berhenti tanpa menyimpan. MENU: pilihan."),
        t("PETUGAS: minta bantuan orang. STOP: jangan dikabari lagi."),
    )


def asked_help(context: Context, meaning: Meaning, words: str) -> Move:
    if meaning.query.topic == "who":
        return Open("menu", say=greeting(context))
    if meaning.query.topic == "ak1":
        card = t("Kartu kuning untuk pencari kerja itu gratis. Anda mengurusnya di kantor ini.")
        return Say((card, *support.reach(context.region.office_for("ak1"))))
    return Say(help_lines(None, context))


# Language

LANGUAGES = {
    "id": Choice("id", "Bahasa Indonesia", ("indonesia", "biasa")),
    "id@mudah": Choice("id@mudah", "Bahasa mudah", ("mudah", "sederhana", "bahasa indonesia mudah")),
    "en": Choice("en", "English", ("inggris", "bahasa inggris")),
}


UNTESTED = t("Bahasa mudah ini belum diuji. Jika masih sulit, balas PETUGAS.")
"""Said on choosing it: nobody it is meant for has reviewed it yet (rule 18)."""


def languages(context: Context) -> tuple[Choice, ...]:
    return tuple(LANGUAGES[locale] for locale in context.locales if locale in LANGUAGES)


def ask_language(talk: Talk) -> Message:
    return Message((t("Pilih bahasa."),), page_of(languages(talk.context), 0))


def hear_language(talk: Talk, said: Said) -> Move:
    chosen = picked(talk, said, languages(talk.context))
    if chosen not in LANGUAGES:
        return Retry(t("Balas angka atau nama bahasanya. Contoh: 1"))
    untested = (UNTESTED,) if chosen == "id@mudah" else ()
    return Done((t("Bahasa sudah diganti."), *untested), (SetLocale(chosen),), then=Open("menu"))


def claims_language(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, languages(talk.context))


language = Conversation(
    name="language",
    version=1,
    title=t("Pilihan bahasa"),
    states=(Menu("choose", ask_language, hear_language, (), claims_language),),
)
