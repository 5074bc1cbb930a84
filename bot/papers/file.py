"""The form as a file of its own, and what is said when it cannot be written."""

from __future__ import annotations

from pathlib import Path

from bot.opening import Clock, system_clock
from bot.papers import form
from bot.settings import Settings, SettingsError
from conversations.domain.region import load_region
from conversations.engine.context import Context
from locales.render import translator


class FileRefused(Exception):
    """The file was not written; ``lines`` say why, in Indonesian."""

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)
        self.lines = lines


def write_form(file: Path, settings: Settings, locale: str, clock: Clock = system_clock) -> None:
    """The registration form of the region, in ``locale``. What is there already is never overwritten.

    Raises FileRefused, or SettingsError when the region's data cannot be read. No database is opened.
    """
    try:
        region = load_region(settings.region)
    except ValueError as error:
        raise SettingsError((f"SETARA_REGION: {error}",)) from None
    context = Context(clock().astimezone(settings.timezone), region, translator(locale), locale)
    if file.exists():  # asked again when it is opened; this spares the work
        raise _exists(file)
    _write_new(file, form.pdf_of(context))


def _exists(file: Path) -> FileRefused:
    return FileRefused(f"Berkas {file} sudah ada dan tidak ditimpa. Pilih nama lain dengan --out.")


def _write_new(file: Path, content: bytes) -> None:
    opened = False
    try:
        with file.open("xb") as out:
            opened = True
            out.write(content)
    except FileExistsError:
        raise _exists(file) from None
    except OSError as error:
        if opened:  # half a form is none
            file.unlink(missing_ok=True)
        raise FileRefused(f"Berkas {file} tidak bisa ditulis: {error.strerror}.") from None
