"""What a setting's value may be: each function returns the value to use, or raises ValueError.

The error says what is wrong in a few Indonesian words, without the value, which may be a secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from conversations.domain.region import load_region
from storage.keys import InvalidKey, KeyRing


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours in which nobody is written to unasked. The same start and end: never quiet."""

    starts: time
    ends: time

    @classmethod
    def parse(cls, text: str) -> QuietHours:
        """Read "20.00-07.00" (or with colons), or "off". Raises ValueError with what is wrong, in Indonesian."""
        if text.strip().lower() == "off":
            return NEVER_QUIET
        match = re.fullmatch(r"\s*(\d{1,2})[.:](\d{2})\s*[-–]\s*(\d{1,2})[.:](\d{2})\s*", text)
        if match is None:
            raise ValueError("bentuknya lain")
        hours = [int(part) for part in match.groups()]
        if max(hours[0], hours[2]) > 23 or max(hours[1], hours[3]) > 59:
            raise ValueError("jamnya tidak ada")
        starts, ends = time(hours[0], hours[1]), time(hours[2], hours[3])
        if starts == ends:
            raise ValueError("jam mulai dan selesai sama; tulis off bila memang tidak ada jam tenang")
        return cls(starts, ends)

    def is_quiet(self, now: time) -> bool:
        """Whether ``now``, a wall-clock time in the service's zone, lies within; the end does not."""
        if self.starts <= self.ends:
            return self.starts <= now < self.ends
        return now >= self.starts or now < self.ends

    def over_at(self, moment: datetime) -> datetime:
        """The first moment, at or after the aware ``moment``, that is not quiet in ``moment``'s own zone."""
        if not self.is_quiet(moment.time()):
            return moment
        day = moment.date() if moment.time() < self.ends else moment.date() + timedelta(days=1)
        return datetime.combine(day, self.ends, moment.tzinfo)

    def __str__(self) -> str:
        return "off" if self == NEVER_QUIET else f"{self.starts:%H.%M}-{self.ends:%H.%M}"


NEVER_QUIET = QuietHours(time(0), time(0))


def split_keys(text: str) -> tuple[str, ...]:
    """The keys of ``text``, newest first, checked. Raises ValueError with what is wrong, in Indonesian."""
    keys = tuple(part.strip() for part in text.split(",") if part.strip())
    for number, key in enumerate(keys, 1):
        try:
            KeyRing([key])
        except InvalidKey:
            raise ValueError(f"kunci ke-{number} dari {len(keys)} bukan 32 byte dalam base64") from None
    try:
        KeyRing(keys)
    except InvalidKey:
        raise ValueError("tidak ada kunci, atau satu kunci ditulis dua kali") from None
    return keys


def keys(secret: SecretStr) -> SecretStr:
    split_keys(secret.get_secret_value())
    return secret


def database_url(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    # Many hosts still hand out the old scheme, which SQLAlchemy no longer takes.
    text = re.sub(r"^postgres(?=:)", "postgresql", text)
    scheme = text.partition(":")[0]
    if scheme == "sqlite":
        path = text.removeprefix("sqlite:///")
        if path in (text, "", ":memory:"):
            raise ValueError("SQLite perlu nama berkas")
        if "?" in path:
            raise ValueError("SQLite tidak memakai pilihan sesudah tanda tanya")
    elif scheme in ("postgresql", "postgresql+psycopg"):
        parts = _split(text)
        if "//" not in text or parts.path in ("", "/"):
            raise ValueError("nama basis datanya tidak ada")
        if parts.query:
            _check_postgresql_options(text)
    else:
        raise ValueError("hanya SQLite dan PostgreSQL")
    return SecretStr(text)


def _check_postgresql_options(text: str) -> None:
    """The options are those of libpq; it alone knows their names."""
    import psycopg  # only where it is used: start-up is measured, and hardly anybody gives options
    from psycopg.conninfo import conninfo_to_dict

    try:
        conninfo_to_dict(text.replace("+psycopg", "", 1))
    except psycopg.Error:
        raise ValueError("pilihan sesudah tanda tanya tidak dikenal PostgreSQL") from None


def directory(path: Path) -> Path:
    path = path.expanduser()
    if path.exists() and not path.is_dir():
        raise ValueError("itu berkas, bukan folder")
    return path


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:  # an IPv6 address without its bracket, a port beyond 65535
        raise ValueError("alamatnya tidak lengkap atau portnya tidak ada") from None
    return parts


def _web_address(text: str) -> str:
    parts = _split(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", text):
        raise ValueError("bukan alamat http atau https")
    if parts.username or parts.password:
        raise ValueError("nama pengguna dan kata sandi tidak boleh di dalamnya")
    return text


def api_address(text: str) -> str:
    address = _web_address(text).rstrip("/")
    if address.endswith("/bot"):
        raise ValueError("tanpa /bot di belakang")
    if re.search(r"/v\d+(\.\d+)?$", address):
        raise ValueError("tanpa versi di belakang")
    if urlsplit(address).query or urlsplit(address).fragment:
        raise ValueError("tanpa tanda tanya dan tanda pagar")
    return address


OWN_PATHS = ("/say", "/keluar", "/seen", "/baru", "/berkas", "/statis", "/healthz", "/whatsapp")
"""Where the service itself answers, besides "/"; beneath them too."""


def webhook_address(text: str) -> str:
    parts = urlsplit(_web_address(text))
    # The web chat answers at "/", so Telegram needs a path of its own.
    if parts.path.strip("/") == "":
        raise ValueError("jalurnya belum ada")
    if any(f"{parts.path}/".startswith(f"{own}/") for own in OWN_PATHS):
        raise ValueError("jalur itu dipakai layanan ini sendiri")
    # Braces would make a pattern of it; what is escaped would be compared with what is not.
    if not re.fullmatch(r"[A-Za-z0-9/._~:@!$&'()*+,;=-]+", parts.path):
        raise ValueError("jalurnya memuat tanda yang tidak bisa dipakai")
    if parts.fragment:
        raise ValueError("tanpa tanda pagar")
    return text


def proxy(text: str) -> str:
    """Addresses and networks, separated by commas; "off" becomes none."""
    if text.lower() == "off":
        return ""
    given = [part.strip() for part in text.split(",")]
    for one in given:
        try:
            ip_network(one)
        except ValueError:
            raise ValueError("ada yang bukan alamat IP atau jaringan") from None
    return ",".join(given)


def token(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", secret.get_secret_value()):
        raise ValueError("bentuknya bukan token bot")
    return secret


def webhook_secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("ada huruf lain, atau terlalu panjang")
    return secret


def one_word(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!-~]+", secret.get_secret_value()):
        raise ValueError("ada spasi, atau tanda yang tidak ada di papan ketik")
    return secret


def phone_id(text: str) -> str:
    if not re.fullmatch(r"\d{6,20}", text):
        raise ValueError("bukan ID nomor telepon")
    return text


def zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError; a folder of zones is an OSError
        raise ValueError("bukan nama zona waktu") from None
    except KeyError:
        raise ValueError("zona waktu itu tidak ada di mesin ini") from None


def host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", text):
        raise ValueError("bukan nama atau alamat")
    return text


def region(code: str) -> str:
    if not re.fullmatch(r"\d{2}\.\d{2}", code):
        raise ValueError("bukan kode wilayah")
    try:
        load_region(code)
    except ValueError as error:
        raise ValueError(str(error).rstrip(".")) from None
    return code


def zone_of_region(code: str) -> ZoneInfo:
    """The time zone that the region's data names."""
    return ZoneInfo(load_region(code).timezone)
