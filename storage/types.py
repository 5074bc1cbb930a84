"""Column types: encrypted text and JSON, and times in UTC.

The key ring belongs to an engine, not to the process: a type asks the dialect, of which every
engine has its own, so two databases with different keys live side by side.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.types import TypeDecorator

from storage.keys import KeyRing

_RINGS: WeakKeyDictionary[Dialect, KeyRing] = WeakKeyDictionary()
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def key_ring_of(dialect: Dialect) -> KeyRing:
    """The ring that ``use_key_ring`` made the one of the dialect's engine."""
    return _RINGS[dialect]


def use_key_ring(engine: Engine, key_ring: KeyRing) -> None:
    """Make ``key_ring`` the one that the encrypted columns of ``engine`` are written and read with."""
    _RINGS[engine.dialect] = key_ring


class Encrypted(TypeDecorator[Any]):
    """What the encrypted types have in common. ``place`` ("table.column") is authenticated with every value."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    # SQLAlchemy keeps these per dialect, so the ring is looked up once per engine and not per value.
    def bind_processor(self, dialect: Dialect) -> Callable[[Any], bytes | None]:
        seal, place, encode = _RINGS[dialect].seal, self.place.encode(), self._encode
        return lambda value: None if value is None else seal(encode(value), place)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        unseal, place, decode = _RINGS[dialect].open, self.place.encode(), self._decode
        return lambda token: None if token is None else decode(unseal(bytes(token), place))

    def coerce_compared_value(self, op: Any, value: Any) -> Encrypted:
        return self

    @staticmethod
    def _encode(value: Any) -> bytes:
        raise NotImplementedError

    @staticmethod
    def _decode(plain: bytes) -> Any:
        raise NotImplementedError


class EncryptedText(Encrypted):
    """A str, kept encrypted."""

    cache_ok = True

    @staticmethod
    def _encode(value: Any) -> bytes:
        # Half a surrogate pair, which some phones send, is no UTF-8, and must not cost a person their answer.
        return str(value).encode("utf-8", "surrogatepass")

    @staticmethod
    def _decode(plain: bytes) -> Any:
        return plain.decode("utf-8", "surrogatepass")


def json_bytes(value: Any) -> bytes:
    """``value`` as it is sealed; half a surrogate pair is kept as in ``EncryptedText``."""
    return _to_json(value).encode("utf-8", "surrogatepass")


def from_json_bytes(plain: bytes) -> Any:
    """What ``json_bytes`` was given."""
    return json.loads(plain.decode("utf-8", "surrogatepass"))


class EncryptedJSON(Encrypted):
    """Anything JSON holds, kept encrypted."""

    cache_ok = True
    _encode = staticmethod(json_bytes)
    _decode = staticmethod(from_json_bytes)


class EncryptedBytes(Encrypted):
    """Bytes, kept encrypted: a person's own key."""

    cache_ok = True

    @staticmethod
    def _encode(value: Any) -> bytes:
        return bytes(value)

    @staticmethod
    def _decode(plain: bytes) -> Any:
        return plain


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime; kept in UTC, to the microsecond, and comes back in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
