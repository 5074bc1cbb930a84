"""The keys that make stored identities unreadable, and findable only by who holds them.

A token, as a column keeps it, is ``version (1 byte) + key id (4) + nonce (12) + AES-256-GCM ciphertext``.
The column's name is authenticated with it, so a value copied into another column does not open there.

Everything about one person lies under a key of that person's (``PersonKey``), which is kept as such a token: whoever
destroys it has erased the person everywhere, also where bytes of theirs are still lying about.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from collections.abc import Iterable
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
PREFIX_BYTES = 5
"""Version and key id of a token."""

_VERSION = b"\x01"
_NONCE = 12


class KeyProblem(Exception):
    """A key cannot be used, or a stored value cannot be read with the keys there are."""


class InvalidKey(KeyProblem):
    """A configured key is not the base64 form of 32 bytes."""


class UnknownKey(KeyProblem):
    """A stored value was written under a key that is not in the ring. ``key_ids``: no secret, but tell keys apart."""

    def __init__(self, *key_ids: str) -> None:
        super().__init__(f"key {', '.join(key_ids)} is needed to read what is stored, and was not given")
        self.key_ids = key_ids


class Tampered(KeyProblem):
    """A stored value was changed, cut short, or belongs to another column."""


def generate_key() -> str:
    """A new key: 32 random bytes as URL-safe base64 (44 characters)."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode("ascii")


class KeyRing:
    """One or several keys, newest first: the newest writes, all of them read."""

    def __init__(self, keys: Iterable[str]) -> None:
        """``keys``: base64 (either alphabet) of 32 bytes each, newest first. Raises InvalidKey."""
        secrets = [_decode(key) for key in keys]
        if not secrets:
            raise InvalidKey("no key was given")
        self._ciphers: dict[bytes, AESGCM] = {}
        self._hash_keys: list[bytes] = []
        for secret in secrets:
            key_id = _derive(secret, b"setara key id", 4)
            # Two keys with one id (1 in 4,000 million) could not be told apart when reading.
            if key_id in self._ciphers:
                raise InvalidKey("a key was given twice")
            self._ciphers[key_id] = AESGCM(_derive(secret, b"setara encryption", KEY_BYTES))
            self._hash_keys.append(_derive(secret, b"setara keyed hash", KEY_BYTES))
        newest = next(iter(self._ciphers))
        self._prefix = _VERSION + newest
        self._cipher = self._ciphers[newest]

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(key_id.hex() for key_id in self._ciphers)})"

    @property
    def prefixes(self) -> tuple[bytes, ...]:
        """How the tokens of each key begin (``PREFIX_BYTES``), newest first: no secret, but tells them apart."""
        return tuple(_VERSION + key_id for key_id in self._ciphers)

    def seal(self, plain: bytes, place: bytes) -> bytes:
        """Encrypt ``plain`` for the column ``place`` (``b"table.column"``) under the newest key."""
        nonce = os.urandom(_NONCE)
        return self._prefix + nonce + self._cipher.encrypt(nonce, plain, place)

    def open(self, token: bytes, place: bytes) -> bytes:
        """Decrypt what ``seal`` made for the same ``place``. Raises UnknownKey or Tampered."""
        prefix = token[:PREFIX_BYTES]
        cipher = self._cipher if prefix == self._prefix else self._cipher_of(prefix)
        try:
            return cipher.decrypt(token[PREFIX_BYTES : PREFIX_BYTES + _NONCE], token[PREFIX_BYTES + _NONCE :], place)
        except (InvalidTag, ValueError):
            raise Tampered(f"a value of {place.decode()} cannot be read: it was changed or misplaced") from None

    def _cipher_of(self, prefix: bytes) -> AESGCM:
        if prefix[:1] != _VERSION or len(prefix) < PREFIX_BYTES:
            raise Tampered("a stored value is not an encrypted one, or is newer than this program")
        try:
            return self._ciphers[prefix[1:]]
        except KeyError:
            raise UnknownKey(prefix[1:].hex()) from None

    def hash(self, purpose: str, value: str) -> bytes:
        """A keyed hash (32 bytes) by which ``value`` can be found again; ``purpose`` keeps columns apart."""
        return _hash(self._hash_keys[0], purpose, value)

    def hashes(self, purpose: str, value: str) -> tuple[bytes, ...]:
        """The keyed hashes of ``value`` under every key, newest first, for looking up."""
        return tuple(_hash(key, purpose, value) for key in self._hash_keys)


class PersonKey:
    """One person's own key: what is kept about them is sealed with it, and gone when it is.

    A token is ``version (1 byte) + nonce (12) + AES-256-GCM ciphertext``; the column is authenticated with it.
    """

    def __init__(self, secret: bytes) -> None:
        """``secret``: 32 random bytes, as ``generate`` makes them."""
        self.secret = secret
        self._cipher = AESGCM(secret)

    @classmethod
    def generate(cls) -> PersonKey:
        return cls(os.urandom(KEY_BYTES))

    def __repr__(self) -> str:
        return "PersonKey()"

    def seal(self, plain: bytes, place: bytes) -> bytes:
        """Encrypt ``plain`` for the column ``place`` (``b"table.column"``)."""
        nonce = os.urandom(_NONCE)
        return _VERSION + nonce + self._cipher.encrypt(nonce, plain, place)

    def open(self, token: bytes, place: bytes) -> bytes:
        """Decrypt what ``seal`` made for the same ``place``. Raises Tampered."""
        try:
            if token[:1] != _VERSION:
                raise InvalidTag
            return self._cipher.decrypt(token[1 : 1 + _NONCE], token[1 + _NONCE :], place)
        except (InvalidTag, ValueError):
            raise Tampered(f"a value of {place.decode()} cannot be read: it was changed or misplaced") from None


def _decode(key: str) -> bytes:
    text = key.strip().replace("-", "+").replace("_", "/")
    try:
        secret = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidKey("a key is not base64") from None
    if len(secret) != KEY_BYTES:
        raise InvalidKey(f"a key has {len(secret)} bytes instead of {KEY_BYTES}")
    return secret


def _derive(secret: bytes, info: bytes, length: int) -> bytes:
    # One secret for two uses: HKDF keeps what the hashes show apart from what encrypts.
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(secret)


def _hash(key: bytes, purpose: str, value: str) -> bytes:
    return hmac.digest(key, f"{purpose}\0{value}".encode(), sha256)
