"""Who is at the page: a random token in a signed cookie, and forms sealed for that token alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from itsdangerous import BadSignature, TimestampSigner

COOKIE = "setara"
COOKIE_SECONDS = 365 * 86_400
RENEW_SECONDS = 30 * 86_400
FORM_SECONDS = 6 * 86_400
"""Deduplication remembers an update for 7 days; a form that is older could be counted twice."""

_FRESH, _KNOWN = "n", "k"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser. ``address`` is the random token that stands for its contact."""

    address: str
    fresh: bool
    """No turn of this address is known to have been taken: a first message makes a new contact."""
    returning: bool = True
    """The browser brought its cookie; False for an address made just now."""
    renew: bool = False
    """The browser is to be given a new cookie. Otherwise none is sent: an answer that comes late
    must not bring back an address that was left meanwhile."""

    def known(self) -> Visitor:
        """The same browser, now that a turn of it has been taken."""
        return replace(self, fresh=False, renew=self.fresh or self.renew)


class Seals:
    """Signs cookies and forms. Holds no state, so any number of processes can share the keys."""

    def __init__(self, secret_keys: Sequence[str | bytes]) -> None:
        """``secret_keys``: newest first; the newest signs, all are accepted. Raises ValueError without one."""
        if not secret_keys:
            raise ValueError("the web chat needs at least one secret key")
        self._keys = [key.encode() if isinstance(key, str) else key for key in reversed(secret_keys)]

    def visitor(self, cookie: str | None) -> Visitor:
        """The visitor a cookie stands for; a new one when it is missing, too old or not ours."""
        try:
            signed, at = self._signer("cookie").unsign(cookie or "", max_age=COOKIE_SECONDS, return_timestamp=True)
        except BadSignature:
            return Visitor(secrets.token_urlsafe(16), fresh=True, returning=False, renew=True)
        value, age = signed.decode(), datetime.now(UTC) - at
        return Visitor(value[1:], fresh=value[0] == _FRESH, renew=age.total_seconds() > RENEW_SECONDS)

    def cookie(self, visitor: Visitor) -> str:
        return self._signer("cookie").sign((_FRESH if visitor.fresh else _KNOWN) + visitor.address).decode()

    def new_form(self, address: str) -> str:
        """A sealed one-time form: proof that this page was made for ``address``, and the id of what it will send."""
        return self._signer(f"form.{address}").sign(secrets.token_urlsafe(16)).decode()

    def open_form(self, address: str, sealed: str) -> str | None:
        """The form's id; None when it was made for somebody else, by somebody else, or too long ago."""
        try:
            return self._signer(f"form.{address}").unsign(sealed, max_age=FORM_SECONDS).decode()
        except BadSignature:
            return None

    def page_of(self, address: str) -> str:
        """A short name for whose page it is, so that a page left open never shows the next person's messages."""
        return _short_mac(self._keys[-1], f"page.{address}", 9)

    def _signer(self, purpose: str) -> TimestampSigner:
        return TimestampSigner(
            self._keys, salt=f"setara.web.{purpose}", key_derivation="hmac", digest_method=hashlib.sha256
        )


def update_id(address: str, form: str, said: str) -> str:
    """The external id of what a form sends: the same form with the same content is the same update.

    The content is part of it because an answer can be lost on its way back: whoever then changes the
    words and sends again means something new. It is keyed with the address, which is kept encrypted,
    so that nobody can try out what was said against the id.
    """
    return f"{form}.{_short_mac(address.encode(), f'{form}.{said}', 9)}"


def _short_mac(key: bytes, message: str, size: int) -> str:
    return urlsafe_b64encode(hmac.digest(key, message.encode(), "sha256")[:size]).decode()
