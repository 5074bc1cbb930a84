"""The same form on python-telegram-bot's ConversationHandler, written the way its examples are.

It follows conversationbot.py (a state a question, reply keyboards) and customwebhookbot (Starlette and uvicorn):

- ``queue``: the webhook puts the update into ``update_queue`` and answers 200 at once, as in the example;
- ``process``: the webhook awaits ``process_update`` and answers 200 when the update has been handled.

``concurrent_updates`` stays at its default, off: the documentation of ConversationHandler asks for that, since its
state would race. So in ``queue`` one update is handled after the other, and in ``process`` as many side by side as
the platform posts. The transport is the stock one, HTTPXRequest with its 256 connections. The access log is off, as
it is for every contender. ``--sniffio`` gives httpcore the small module whose absence makes it search the import
path at every lock, so that nobody has to wonder how much that alone costs.

``python -m tests.bench.peer queue|process --port N --api ADDRESS --token TOKEN [--persistence FILE [--flush SECONDS]]``
"""

from __future__ import annotations

import argparse
import logging
import sys
import types
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import ReplyKeyboardMarkup, ReplyKeyboardRemove, Update
from telegram.ext import (
    Application,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PersistenceInput,
    PicklePersistence,
    filters,
)

logging.basicConfig(format="%(asctime)s - %(name)s - %(levelname)s - %(message)s", level=logging.INFO)
logging.getLogger("httpx").setLevel(logging.WARNING)

App = Application[Any, Any, Any, Any, Any, Any]


class Asked(IntEnum):
    """The states: the opening two, the questions, and the review."""

    FOR_WHOM = 0
    CONSENT = 1
    NAME = 2
    BIRTH_YEAR = 3
    KECAMATAN = 4
    NEEDS = 5
    EDUCATION = 6
    FIELDS = 7
    REVIEW = 8


FOR_WHOM = ("Saya sendiri", "Orang lain")
KECAMATAN = ("Kotapinang", "Kampung Rakyat", "Torgamba", "Sungai Kanan", "Silangkitang")
NEEDS = ("Kursi roda", "Pembaca layar", "Juru bahasa isyarat", "Pendamping kerja", "Jam kerja lentur")
EDUCATION = ("SD", "SMP", "SMA", "SMK", "D1 sampai S1")
FIELDS = ("Administrasi", "Perkebunan", "Menjahit", "Dapur dan makanan", "Toko dan gudang")
REVIEW = ("Simpan", "Batal")
LABELS = {
    "name": "Nama",
    "birth_year": "Tahun lahir",
    "kecamatan": "Kecamatan",
    "needs": "Kebutuhan",
    "education": "Pendidikan",
    "fields": "Bidang",
}


def choose(said: str, options: Sequence[str]) -> str | None:
    """The option that was answered by its number or by its words."""
    said = said.strip().lower()
    if said.isdecimal() and 1 <= int(said) <= len(options):
        return options[int(said) - 1]
    return next((option for option in options if option.lower() == said), None)


def said_in(update: Update) -> str:
    assert update.message is not None
    return update.message.text or ""


def answers_of(context: ContextTypes.DEFAULT_TYPE) -> dict[str, str]:
    assert context.user_data is not None
    return context.user_data


async def ask(update: Update, question: str, options: Sequence[str] = ()) -> None:
    """Send a question; its options are buttons and numbered lines."""
    assert update.message is not None
    text = "\n".join([question, *(f"{option}: balas {number}" for number, option in enumerate(options, 1))])
    if options:
        keyboard = ReplyKeyboardMarkup([[option] for option in options], one_time_keyboard=True)
        await update.message.reply_text(text, reply_markup=keyboard)
    else:
        await update.message.reply_text(text, reply_markup=ReplyKeyboardRemove())


async def hello(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    await ask(
        update, "Ini layanan kerja setara. Anda bisa mencari lowongan dan mendaftar.\nBalas DAFTAR untuk mendaftar."
    )


async def begin(update: Update, context: ContextTypes.DEFAULT_TYPE) -> Asked:
    await ask(update, "Anda mendaftar untuk siapa?", FOR_WHOM)
    return Asked.FOR_WHOM


async def hear_for_whom(update: Update, context: ContextTypes.DEFAULT_TYPE) -> Asked:
    choice = choose(said_in(update), FOR_WHOM)
    if choice is None:
        await ask(update, "Pilih satu, ya. Anda mendaftar untuk siapa?", FOR_WHOM)
        return Asked.FOR_WHOM
    answers_of(context)["for_whom"] = choice
    await ask(
        update,
        "Dinas menyimpan data Anda untuk mencarikan kerja.\nBolehkah data Anda kami simpan?",
        ("Setuju", "Tidak"),
    )
    return Asked.CONSENT


async def hear_consent(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    choice = choose(said_in(update), ("Setuju", "Tidak"))
    if choice == "Tidak":
        return await cancel(update, context)
    if choice is None:
        await ask(update, "Balas SETUJU atau TIDAK, ya. Bolehkah data Anda kami simpan?", ("Setuju", "Tidak"))
        return Asked.CONSENT
    answers_of(context)["consent"] = choice
    await ask(update, "Siapa nama lengkap Anda?\nContoh: Budi Contoh")
    return Asked.NAME


async def hear_name(update: Update, context: ContextTypes.DEFAULT_TYPE) -> Asked:
    name = " ".join(said_in(update).split())
    if not 2 <= len(name) <= 80:
        await ask(update, "Tulis nama 2 sampai 80 huruf, ya. Contoh: Budi Contoh")
        return Asked.NAME
    answers_of(context)["name"] = name
    await ask(update, "Tahun berapa Anda lahir?\nContoh: 1990. Tidak ingat? Balas LUPA.")
    return Asked.BIRTH_YEAR


async def hear_birth_year(update: Update, context: ContextTypes.DEFAULT_TYPE) -> Asked:
    year = said_in(update).strip()
    if year.lower() != "lupa" and not (year.isdecimal() and 1900 <= int(year) <= 2100):
        await ask(update, "Tulis tahun dengan empat angka, ya. Contoh: 1990")
        return Asked.BIRTH_YEAR
    answers_of(context)["birth_year"] = year
    await ask(update, "Di kecamatan mana Anda tinggal?", KECAMATAN)
    return Asked.KECAMATAN


async def hear_kecamatan(update: Update, context: ContextTypes.DEFAULT_TYPE) -> Asked:
    choice = choose(said_in(update), KECAMATAN)
    if choice is None:
        await ask(update, "Pilih satu, ya. Di kecamatan mana Anda tinggal?", KECAMATAN)
        return Asked.KECAMATAN
    answers_of(context)["kecamatan"] = choice
    await ask(update, "Apa yang membantu Anda bekerja?", NEEDS)
    return Asked.NEEDS


async def hear_needs(update: Update, context: ContextTypes.DEFAULT_TYPE) -> Asked:
    said = said_in(update)
    answers_of(context)["needs"] = choose(said, NEEDS) or said
    await ask(update, "Apa pendidikan terakhir Anda?", EDUCATION)
    return Asked.EDUCATION


async def hear_education(update: Update, context: ContextTypes.DEFAULT_TYPE) -> Asked:
    choice = choose(said_in(update), EDUCATION)
    if choice is None:
        await ask(update, "Pilih satu, ya. Apa pendidikan terakhir Anda?", EDUCATION)
        return Asked.EDUCATION
    answers_of(context)["education"] = choice
    await ask(update, "Bidang kerja apa yang Anda minati?", FIELDS)
    return Asked.FIELDS


async def hear_fields(update: Update, context: ContextTypes.DEFAULT_TYPE) -> Asked:
    said = said_in(update)
    answers = answers_of(context)
    answers["fields"] = choose(said, FIELDS) or said
    lines = (f"{label}: {answers[name]}" for name, label in LABELS.items())
    await ask(update, "\n".join(["Apakah data ini sudah benar?", *lines]), REVIEW)
    return Asked.REVIEW


async def hear_review(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    choice = choose(said_in(update), REVIEW)
    if choice is None:
        await ask(update, "Balas SIMPAN atau BATAL, ya.", REVIEW)
        return Asked.REVIEW
    answers = answers_of(context)
    answers["registered"] = "ya"
    await ask(update, f"Pendaftaran selesai, {answers['name']}. Kami mengabari jika ada lowongan yang cocok.")
    return ConversationHandler.END


async def cancel(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    answers_of(context).clear()
    await ask(update, "Baik, pendaftaran dihentikan. Balas DAFTAR untuk mulai lagi.")
    return ConversationHandler.END


def registration(persistent: bool) -> ConversationHandler[ContextTypes.DEFAULT_TYPE]:
    """The form: a state a question, every one of them answered in text."""
    stop = filters.Regex("(?i)^batal$")
    hears = {
        Asked.FOR_WHOM: hear_for_whom,
        Asked.CONSENT: hear_consent,
        Asked.NAME: hear_name,
        Asked.BIRTH_YEAR: hear_birth_year,
        Asked.KECAMATAN: hear_kecamatan,
        Asked.NEEDS: hear_needs,
        Asked.EDUCATION: hear_education,
        Asked.FIELDS: hear_fields,
        Asked.REVIEW: hear_review,
    }
    return ConversationHandler(
        entry_points=[MessageHandler(filters.Regex("(?i)^daftar$"), begin)],
        states={asked: [MessageHandler(filters.TEXT & ~stop, hear)] for asked, hear in hears.items()},
        fallbacks=[MessageHandler(stop, cancel)],
        name="registration",
        persistent=persistent,
    )


def build(api: str, token: str, persistence: str | None, flush: float | None) -> App:
    """The application, everything at its defaults but the address of the Bot API."""
    builder = Application.builder().token(token).base_url(f"{api}/bot").updater(None)
    if persistence is not None:
        store = PersistenceInput(bot_data=False, chat_data=False, callback_data=False)
        if flush is None:
            builder = builder.persistence(PicklePersistence(persistence, store))
        else:
            builder = builder.persistence(PicklePersistence(persistence, store, update_interval=flush))
    application: App = builder.build()
    application.add_handler(registration(persistence is not None))
    application.add_handler(MessageHandler(filters.TEXT, hello))
    return application


async def serve(application: App, mode: str, port: int) -> None:
    """Run application and web server together, as customwebhookbot does, until the process is told to end."""

    async def telegram(request: Request) -> Response:
        update = Update.de_json(data=await request.json(), bot=application.bot)
        if mode == "queue":
            await application.update_queue.put(update)
        else:
            await application.process_update(update)
        return Response()

    await application.bot.set_webhook(url=f"http://127.0.0.1:{port}/telegram", allowed_updates=Update.ALL_TYPES)
    web = Starlette(routes=[Route("/telegram", telegram, methods=["POST"])])
    config = uvicorn.Config(web, port=port, loop="none", http="httptools", access_log=False, log_level="warning")
    async with application:
        await application.start()
        await uvicorn.Server(config).serve()
        await application.stop()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["queue", "process"])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--persistence")
    parser.add_argument("--flush", type=float)
    parser.add_argument("--sniffio", action="store_true")
    args = parser.parse_args()
    if args.sniffio:
        sys.modules["sniffio"] = types.ModuleType("sniffio")
        sys.modules["sniffio"].current_async_library = lambda: "asyncio"  # type: ignore[attr-defined]  # made above
    uvloop.run(serve(build(args.api, args.token, args.persistence, args.flush), args.mode, args.port))


if __name__ == "__main__":
    main()
