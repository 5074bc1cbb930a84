"""What people see of the bot before they write: its name, descriptions and commands.

Shown on lock screens, in search and to whoever looks over a shoulder, so it says jobs, training and the
region, and nothing of the people it is for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from telegram import Bot, BotCommand
from telegram.error import TelegramError

from bot.logs import get_logger
from conversations.engine.texts import Text, Translate, t

log = get_logger(__name__)

LANGUAGES: Final = (("", "id"), ("en", "en"))
"""Telegram's language ("" for everyone else's) and the locale shown there."""

MENU: Final[tuple[tuple[str, Text], ...]] = (
    ("daftar", t("Daftar atau lanjutkan pendaftaran")),
    ("lowongan", t("Cari lowongan kerja")),
    ("pelatihan", t("Lihat jadwal pelatihan")),
    ("data", t("Lihat, ubah, atau hapus data saya")),
    ("bantuan", t("Cara memakai layanan ini")),
    ("petugas", t("Hubungi petugas")),
    ("stop", t("Berhenti menerima kabar")),
    ("bahasa", t("Ganti bahasa")),
)
"""Commands of the menu, without the slash, and what they do."""

SHARE_PHONE: Final = t("Bagikan nomor telepon saya")
FAREWELL: Final = t("Saya hanya melayani percakapan pribadi. Silakan kirim pesan langsung kepada saya.")

_LONGEST_REGION: Final = 40
"""A longer name of a region is left out: Telegram takes 64 characters for the bot's name, 120 for the short text."""


def name(region: str) -> Text:
    """The bot's name."""
    return t("Setara Kerja {region}", region=region) if _can_be_named(region) else t("Setara Kerja")


def description(region: str) -> Text:
    """Shown in an empty chat, above the button that starts it."""
    if not _can_be_named(region):
        return t("Layanan lowongan kerja dan pelatihan. Gratis. Tekan Mulai, lalu tulis yang Anda cari.")
    return t(
        "Layanan lowongan kerja dan pelatihan di {region}. Gratis. Tekan Mulai, lalu tulis yang Anda cari.",
        region=region,
    )


def short_description(region: str) -> Text:
    """Shown on the bot's page and sent along with its link."""
    if not _can_be_named(region):
        return t("Lowongan kerja dan pelatihan. Gratis.")
    return t("Lowongan kerja dan pelatihan di {region}. Gratis.", region=region)


def _can_be_named(region: str) -> bool:
    return 0 < len(region) <= _LONGEST_REGION


async def introduce(bot: Bot, tr: Callable[[str], Translate], region: str) -> None:
    """Bring the bot's name, descriptions and commands up to date.

    Only what differs is written: Telegram allows a name to be changed a few times a day. Failures are
    logged and otherwise harmless; the next start tries again.
    """
    for language, locale in LANGUAGES:
        say = tr(locale)
        try:
            await _name(bot, language, say(name(region)))
            await _descriptions(bot, language, say(description(region)), say(short_description(region)))
            await _commands(bot, language, [BotCommand(command, say(does)) for command, does in MENU])
        except TelegramError as error:
            log.warning("the bot's name or menu was not brought up to date", why=error.message)
            return


async def _name(bot: Bot, language: str, wanted: str) -> None:
    if (await bot.get_my_name(language)).name != wanted:
        await bot.set_my_name(wanted, language)


async def _descriptions(bot: Bot, language: str, wanted: str, short: str) -> None:
    if (await bot.get_my_description(language)).description != wanted:
        await bot.set_my_description(wanted, language)
    if (await bot.get_my_short_description(language)).short_description != short:
        await bot.set_my_short_description(short, language)


async def _commands(bot: Bot, language: str, wanted: list[BotCommand]) -> None:
    if list(await bot.get_my_commands(language_code=language)) != wanted:
        await bot.set_my_commands(wanted, language_code=language)
