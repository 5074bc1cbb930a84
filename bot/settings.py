"""The settings of the service: the only place that reads the environment, and the only place that documents it.

Every name starts with ``SETARA_``; an empty value counts as not set; no ``.env`` file is read. A wrong
value is refused at start with one line that says what was given, what is expected, and an example.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from json import dumps
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from bot import setting_values as values
from bot.channels.whatsapp.templates import Templates
from bot.setting_values import QuietHours

PREFIX = "SETARA_"
OFFICIAL_TELEGRAM = "https://api.telegram.org"
OFFICIAL_WHATSAPP = "https://graph.facebook.com"


class SettingsError(Exception):
    """The service cannot start like this. ``lines``: one Indonesian line a mistake, secrets left out."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Expects:
    """What a setting takes: told to whoever gave something else, and shown in the documentation."""

    words: str
    example: str
    default: str = ""
    """How the documentation shows a default that is worked out."""


class Settings(BaseModel):
    """What can be set, with its defaults. Immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    data_dir: Annotated[
        Path,
        AfterValidator(values.directory),
        Expects("nama folder", "data"),
        Field(default=Path("data"), description="Folder for the SQLite database, its backups and the key file."),
    ]
    database_url: Annotated[
        SecretStr,
        AfterValidator(values.database_url),
        Expects(
            "alamat SQLite (sqlite:///berkas) atau PostgreSQL",
            "postgresql://setara:SANDI@127.0.0.1/setara",
            "`sqlite:///` and `setara.db` in the data folder",
        ),
        Field(
            default_factory=lambda data: SecretStr(f"sqlite:///{(data.get('data_dir') or Path('data')) / 'setara.db'}"),
            description="The database: SQLite for one machine, PostgreSQL for more than one.",
        ),
    ]
    erased_file: Annotated[
        Path | None,
        Expects("nama berkas", "/srv/cadangan/erased.txt", "`erased.txt` in the data folder"),
        Field(
            default=None,
            description="List of who was erased, by random names; it is read when a backup is restored. Keep a copy "
            "with every copy of a backup.",
        ),
    ]
    host: Annotated[
        str,
        AfterValidator(values.host),
        Expects("alamat atau nama mesin", "127.0.0.1"),
        Field(
            default="127.0.0.1",
            description="Address to listen on; `0.0.0.0` when a proxy stands on another host (see `SETARA_PROXY`).",
        ),
    ]
    port: Annotated[
        int,
        Expects("angka bulat dari 0 sampai 65535", "8080"),
        Field(default=8080, ge=0, le=65535, description="Port to listen on; 0 takes any free one."),
    ]
    proxy: Annotated[
        str,
        AfterValidator(values.proxy),
        Expects("alamat IP atau jaringan, dipisah koma, atau off", "127.0.0.1,10.0.0.0/24"),
        Field(
            default="127.0.0.1,::1",
            description="Addresses of the proxies in front, whose word is taken for a visitor's own address and for "
            "https; `off` for none. Without this all visitors behind a proxy on another host count as one network.",
        ),
    ]
    key: Annotated[
        Annotated[SecretStr, AfterValidator(values.keys)] | None,
        Expects(
            "satu atau beberapa kunci 32 byte dalam base64, dipisah koma, terbaru lebih dulu",
            "$(openssl rand -base64 32)",
            "made once, for an empty SQLite database",
        ),
        Field(
            default=None,
            description="Key that encrypts identities, newest first when there are several, separated by commas. "
            "Keep a copy apart from the database's: without it nothing can be read.",
        ),
    ]
    clips: Annotated[
        Path,
        AfterValidator(values.directory),
        Expects("folder", "data/klip", "`klip` in the data folder"),
        Field(
            default_factory=lambda data: (data.get("data_dir") or Path("data")) / "klip",
            description="Recordings of what is asked, to listen to or in sign language; see `setara clips`.",
        ),
    ]
    region: Annotated[
        str,
        AfterValidator(values.region),
        Expects("kode kabupaten atau kota yang datanya ada", "12.22"),
        Field(
            default="12.22",
            description="Code of the regency served; its data must be there.",
        ),
    ]
    timezone: Annotated[
        ZoneInfo,
        PlainValidator(values.zone),
        Expects("nama zona waktu IANA", "Asia/Jakarta", "the region's"),
        Field(
            default_factory=lambda data: values.zone_of_region(data["region"]),
            description="Time zone of dates and quiet hours.",
        ),
    ]
    quiet_hours: Annotated[
        QuietHours,
        PlainValidator(lambda text: QuietHours.parse(str(text))),
        Expects("jam mulai dan selesai, atau off", "20.00-07.00"),
        Field(
            default=QuietHours(time(20), time(7)),
            description="Hours in which nobody is written to unasked; `off` for none.",
        ),
    ]
    alerts_per_day: Annotated[
        int,
        Expects("angka bulat dari 0 sampai 1000", "3"),
        Field(default=3, ge=0, le=1000, description="Most messages about new vacancies that one person gets a day."),
    ]
    telegram_token: Annotated[
        Annotated[SecretStr, AfterValidator(values.token)] | None,
        Expects("token bot dari BotFather: angka, titik dua, huruf", "123456:CONTOH-TOKEN", "no Telegram"),
        Field(default=None, description="Token of the Telegram bot; without it the service does not use Telegram."),
    ]
    telegram_api: Annotated[
        str,
        AfterValidator(values.api_address),
        Expects("alamat http atau https tanpa /bot", OFFICIAL_TELEGRAM),
        Field(default=OFFICIAL_TELEGRAM, description="Base address of the Bot API, without `/bot`."),
    ]
    telegram_webhook_url: Annotated[
        Annotated[str, AfterValidator(values.webhook_address)] | None,
        Expects("alamat http atau https dengan jalurnya sendiri", "https://contoh.go.id/telegram", "long polling"),
        Field(
            default=None,
            description="Address at which Telegram delivers updates; the service answers at this address's own path, "
            "and plain http is accepted for a proxy in front. Without it the service asks for updates itself.",
        ),
    ]
    telegram_webhook_secret: Annotated[
        Annotated[SecretStr, AfterValidator(values.webhook_secret)] | None,
        Expects("1 sampai 256 huruf A-Z, a-z, angka, _ dan -", "$(openssl rand -hex 24)", "none"),
        Field(default=None, description="Secret that Telegram shows at every delivery; needed with the webhook's URL."),
    ]
    telegram_answer: Annotated[
        Literal["webhook", "api"],
        Expects("webhook atau api", "webhook"),
        Field(
            default="webhook",
            description="How a webhook is answered: in its own response (`webhook`, one request fewer) or by a call "
            "of the Bot API (`api`, whose outcome is known).",
        ),
    ]
    whatsapp_token: Annotated[
        Annotated[SecretStr, AfterValidator(values.one_word)] | None,
        Expects("token akses Cloud API tanpa spasi", "EAAG-CONTOH-TOKEN", "no WhatsApp"),
        Field(
            default=None,
            description="Access token of a system user for WhatsApp's Cloud API; without it the service does not use "
            "WhatsApp. [Step by step](whatsapp.md).",
        ),
    ]
    whatsapp_phone_id: Annotated[
        Annotated[str, AfterValidator(values.phone_id)] | None,
        Expects("ID nomor telepon: hanya angka, bukan nomornya sendiri", "100000000000001", "none"),
        Field(default=None, description="Id of the phone number that writes, as WhatsApp Manager shows it."),
    ]
    whatsapp_app_secret: Annotated[
        Annotated[SecretStr, AfterValidator(values.one_word)] | None,
        Expects("rahasia aplikasi tanpa spasi", "0123456789abcdef0123456789abcdef", "none"),
        Field(default=None, description="Secret of the Meta app, which signs every delivery."),
    ]
    whatsapp_verify_token: Annotated[
        Annotated[SecretStr, AfterValidator(values.one_word)] | None,
        Expects("kata sandi pilihan sendiri, tanpa spasi", "$(openssl rand -hex 24)", "none"),
        Field(
            default=None,
            description="A word of your own choice, entered in the Meta app beside the webhook's address "
            "`https://…/whatsapp`.",
        ),
    ]
    whatsapp_api: Annotated[
        str,
        AfterValidator(values.api_address),
        Expects("alamat http atau https tanpa versi", OFFICIAL_WHATSAPP),
        Field(default=OFFICIAL_WHATSAPP, description="Base address of the Graph API, without its version."),
    ]
    whatsapp_templates: Annotated[
        Templates,
        PlainValidator(lambda file: Templates.load(Path(str(file)))),
        Expects("berkas TOML dengan templat yang sudah disetujui", "docs/whatsapp-templates.toml", "none"),
        Field(
            default=Templates(),
            description="File that names the approved templates. Without one, alerts wait until the person writes.",
        ),
    ]
    warnings: tuple[str, ...] = Field(default=(), exclude=True)
    """Indonesian lines about what was set and has no effect; the service starts all the same."""

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.get_secret_value().startswith("sqlite:")

    @property
    def erased_list(self) -> Path:
        return self.erased_file or self.data_dir / "erased.txt"

    @property
    def for_real_people(self) -> bool:
        """Whether real people write to this service: it has a token, and talks to a platform itself."""
        by_telegram = self.telegram_token is not None and self.telegram_api == OFFICIAL_TELEGRAM
        return by_telegram or (self.whatsapp_token is not None and self.whatsapp_api == OFFICIAL_WHATSAPP)

    def templated(self, kind: str) -> tuple[str, ...]:
        """Locales of people whom WhatsApp can bring a message of this kind at any time."""
        return self.whatsapp_templates.locales(kind)

    def secrets(self) -> tuple[str, ...]:
        """What may appear in no log: every secret given, each key apart, and the database's password."""
        found = [
            secret.get_secret_value()
            for secret in (
                self.telegram_token,
                self.telegram_webhook_secret,
                self.whatsapp_token,
                self.whatsapp_app_secret,
                self.whatsapp_verify_token,
                self.key,
            )
            if secret is not None
        ]
        if self.key is not None:
            found += values.split_keys(self.key.get_secret_value())
        password = urlsplit(self.database_url.get_secret_value()).password
        return (*found, password, unquote(password)) if password else tuple(found)

    @classmethod
    def describe(cls) -> str:
        """The settings as a Markdown table, for the documentation."""
        rows = ["| Setting | Default | Meaning | Example |", "|---|---|---|---|"]
        for name, field in _documented():
            expects = _expects(field)
            default = expects.default or f"`{field.default}`"
            rows.append(f"| `{_env_name(name)}` | {default} | {field.description} | `{expects.example}` |")
        return "\n".join(rows)


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings given in ``environ`` (the process's own environment when None).

    Raises SettingsError with one line for each wrong one.
    """
    environ = os.environ if environ is None else environ
    names = {_env_name(name): name for name, _ in _documented()}
    given = {field: environ[name].strip() for name, field in names.items() if environ.get(name, "").strip()}
    try:
        settings = Settings(**given, warnings=tuple(_unknown(environ, names)))  # type: ignore[arg-type]  # as typed
    except ValidationError as error:
        # A default that follows from a wrong setting is reported too; only what was given is a mistake.
        mistakes = [detail for detail in error.errors() if detail["loc"][0] in given]
        raise SettingsError(tuple(_refusal(detail, given) for detail in mistakes)) from None
    missing = [
        _missing(name, because)
        for because, needed in _TOGETHER.items()
        for name in needed
        if getattr(settings, because) and getattr(settings, name) is None
    ]
    if missing:
        raise SettingsError(tuple(missing))
    unused = _unused(settings)
    return settings.model_copy(update={"warnings": settings.warnings + unused}) if unused else settings


_TOGETHER = {
    "telegram_webhook_url": ("telegram_webhook_secret",),
    "whatsapp_token": ("whatsapp_phone_id", "whatsapp_app_secret", "whatsapp_verify_token"),
}
"""What is set needs these set too."""


def _documented() -> list[tuple[str, FieldInfo]]:
    return [(name, field) for name, field in Settings.model_fields.items() if not field.exclude]


def _env_name(field: str) -> str:
    return PREFIX + field.upper()


def _expects(field: FieldInfo) -> Expects:
    return next(item for item in field.metadata if isinstance(item, Expects))


def _unknown(environ: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    lines = []
    for name in sorted(environ):
        if name.upper().startswith(PREFIX) and name not in names:
            near = get_close_matches(name.upper(), names, n=1, cutoff=0.75)
            meant = f" Mungkin maksud Anda {near[0]}." if near else ""
            lines.append(f"{name}: pengaturan ini tidak dikenal dan diabaikan.{meant}")
    return lines


def _unused(settings: Settings) -> tuple[str, ...]:
    lines = []
    if settings.telegram_webhook_url and settings.telegram_token is None:
        lines.append(f"{_env_name('telegram_webhook_url')}: diabaikan, {_env_name('telegram_token')} belum diisi.")
    if settings.telegram_webhook_secret is not None and settings.telegram_webhook_url is None:
        name = _env_name("telegram_webhook_secret")
        lines.append(f"{name}: diabaikan, {_env_name('telegram_webhook_url')} belum diisi.")
    if settings.whatsapp_token is None:
        given = (settings.whatsapp_phone_id, settings.whatsapp_app_secret, settings.whatsapp_verify_token)
        needed = zip(_TOGETHER["whatsapp_token"], given, strict=True)
        idle = [name for name, value in needed if value is not None]
        idle += ["whatsapp_templates"] if settings.whatsapp_templates.known else []
        lines += [f"{_env_name(name)}: diabaikan, {_env_name('whatsapp_token')} belum diisi." for name in idle]
    return tuple(lines)


def _refusal(detail: Any, given: Mapping[str, str]) -> str:
    """One line about one of pydantic's error details."""
    name = str(detail["loc"][0])
    field = Settings.model_fields[name]
    expects = _expects(field)
    said = given.get(name, "")
    # The database's address may hold a password, so it is as secret as the rest.
    shown = "nilai yang tidak ditampilkan" if "SecretStr" in str(field.annotation) else _quoted(said)
    reason = detail.get("ctx", {}).get("error")
    why = f" ({reason})" if isinstance(reason, ValueError) else ""
    return f"{_env_name(name)}: diberi {shown}{why}, seharusnya {expects.words}. Contoh: {_assignment(name)}"


def _missing(name: str, because: str) -> str:
    expects = _expects(Settings.model_fields[name])
    return (
        f"{_env_name(name)}: belum diisi, padahal {_env_name(because)} diisi; "
        f"seharusnya {expects.words}. Contoh: {_assignment(name)}"
    )


def _assignment(name: str) -> str:
    return f"{_env_name(name)}={_expects(Settings.model_fields[name]).example}"


def _quoted(text: str) -> str:
    # As JSON, so that a line break in a value cannot make two lines of one.
    return dumps(text if len(text) <= 80 else text[:79] + "…", ensure_ascii=False)
