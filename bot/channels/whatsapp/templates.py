"""Templates that WhatsApp has approved: which one says what, in which locale, and with which values.

Outside the 24 hours after a person's last message WhatsApp delivers nothing else. A file names them, one
section for each kind of message and locale:

    [alert.id]
    name = "kabar_lowongan"
    body = "Kabar yang Anda minta: {{1}}. Untuk berhenti, balas STOP."
    values = ["vacancies"]

``body`` is what was submitted, so that its placeholders can be held against ``values`` before anything
is sent. ``language`` is WhatsApp's code where it is not the locale's own.

Rules: https://developers.facebook.com/docs/whatsapp/message-templates/guidelines
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.channels.base import UnsendableError
from conversations.alerts import tells
from locales.render import LOCALES, SOURCE

VALUES: Final[Mapping[str, frozenset[str]]] = {"alert": frozenset({"vacancies", "count"}), "reply": frozenset()}
"""What a template of each kind may name. "vacancies": job, place and pay of up to three, and how to see them."""

MAX_BODY: Final = 1024
"""Characters of a body, its values filled in."""

_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}")


class _Section(BaseModel):
    """One section of the file, as it is written."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,512}$")]
    body: Annotated[str, Field(min_length=1, max_length=MAX_BODY)]
    values: list[str] = []
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")] | None = None
    category: Literal["utility"] = "utility"


_FILE: Final = TypeAdapter(dict[str, dict[str, _Section]])


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template."""

    name: str
    language: str
    """WhatsApp's code: "id", "en_US", …"""
    body: str
    values: tuple[str, ...]
    """Names of the values that fill {{1}}, {{2}}, … in this order."""

    def filled(self, values: Mapping[str, str]) -> list[str]:
        """The values in their order, as WhatsApp takes them: on one line. Raises UnsendableError."""
        missing = [name for name in self.values if not values.get(name, "").strip()]
        if missing:
            raise UnsendableError(f"template {self.name} needs {', '.join(missing)}")
        filled = [" ".join(values[name].split()) for name in self.values]
        fixed = len(_PLACEHOLDER.sub("", self.body))
        if fixed + sum(map(len, filled)) > MAX_BODY:
            raise UnsendableError(f"template {self.name} becomes longer than {MAX_BODY} characters")
        return filled


@dataclass(frozen=True, slots=True)
class Templates:
    """All templates there are, by kind of message ("alert", "reply") and locale."""

    known: Mapping[tuple[str, str], Template] = field(default_factory=dict)

    def find(self, kind: str, locale: str) -> Template | None:
        """The template in ``locale``, else in its language, else in Indonesian; None: nothing can be sent."""
        tried = (locale, locale.partition("@")[0], SOURCE)
        return next((self.known[kind, one] for one in tried if (kind, one) in self.known), None)

    def locales(self, kind: str) -> tuple[str, ...]:
        """The locales of people who can be sent a template of this kind."""
        return tuple(locale for locale in LOCALES if self.find(kind, locale) is not None)

    @classmethod
    def load(cls, file: Path) -> Templates:
        """Read and check ``file``. Raises ValueError with what is wrong, in Indonesian."""
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise ValueError("bukan teks UTF-8") from None
        except OSError as error:
            raise ValueError(f"berkas tidak bisa dibaca: {error.strerror}") from None
        try:
            sections = _FILE.validate_python(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"bukan TOML: {error}") from None
        except ValidationError as error:
            raise ValueError(_mistake(error)) from None
        known = {}
        for kind, by_locale in sections.items():
            for locale, section in by_locale.items():
                if problem := _problem(kind, locale, section):
                    raise ValueError(f"[{kind}.{locale}] {problem}")
                language = section.language or locale.partition("@")[0]
                known[kind, locale] = Template(section.name, language, section.body, tuple(section.values))
        return cls(known)


def _mistake(error: ValidationError) -> str:
    first = error.errors()[0]
    place = [str(part) for part in first["loc"]]
    expected = {
        "name": "huruf kecil, angka dan garis bawah",
        "body": f"teks 1 sampai {MAX_BODY} huruf",
        "values": "daftar nama nilai",
        "language": 'kode bahasa WhatsApp, contoh "id"',
        "category": '"utility"',
    }
    if len(place) < 3:
        return f"[{'.'.join(place)}] seharusnya bagian dengan name, body dan values"
    if place[2] not in expected:
        return f"[{'.'.join(place[:2])}] {place[2]} tidak dikenal; yang ada: {', '.join(expected)}"
    return f"[{'.'.join(place[:2])}] {place[2]} seharusnya {expected[place[2]]}"


def _problem(kind: str, locale: str, section: _Section) -> str | None:
    """What WhatsApp, or a person's lock screen, would not take; None where all is well."""
    if kind not in VALUES:
        return f"jenis pesan tidak dikenal; yang ada: {', '.join(VALUES)}"
    if locale not in LOCALES:
        return f"bahasa tidak dikenal; yang ada: {', '.join(LOCALES)}"
    if unknown := [name for name in section.values if name not in VALUES[kind]]:
        return f"nilai {', '.join(unknown)} tidak ada; yang ada: {', '.join(sorted(VALUES[kind])) or 'tidak satu pun'}"
    numbers = _PLACEHOLDER.findall(section.body)
    if numbers != [str(number) for number in range(1, len(section.values) + 1)]:
        wanted = ", ".join(f"{{{{{number}}}}}" for number in range(1, len(section.values) + 1)) or "tidak satu pun"
        return f"body memuat {', '.join(f'{{{{{n}}}}}' for n in numbers) or 'tidak satu pun'}, seharusnya {wanted}"
    if section.body.startswith("{{") or section.body.endswith("}}"):
        return "body tidak boleh mulai atau berakhir dengan nilai"
    if tells(_PLACEHOLDER.sub("", section.body)):
        return "body menyebut disabilitas, padahal layar kunci bisa menampilkannya"
    return None
