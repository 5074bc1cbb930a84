"""A person's PIN: kept as a slow salted hash in what their own key seals, and guesses are braked.

Four to six digits are few: the hash makes each guess cost, also for who has the database and the person's key; the
brake is what keeps out who guesses in the chat.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Final, Literal

import sqlalchemy as sa
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from storage import seekers
from storage.models import seekers as kept
from storage.work import Work

MOST: Final = 5
"""Wrong PINs in a row, from whichever contact, until the brake."""

BRAKE: Final = timedelta(hours=1)
"""From the last wrong one on."""

COST: Final = 14
"""scrypt's N as a power of two: about a twentieth of a second and 16 MiB a guess."""


def _scrypt(salt: bytes, cost: int) -> Scrypt:
    return Scrypt(salt=salt, length=32, n=2**cost, r=8, p=1)


def made_of(digits: str) -> str:
    """What is kept of a PIN: "scrypt:14:salt:hash"."""
    salt = os.urandom(16)
    made = _scrypt(salt, COST).derive(digits.encode())
    return f"scrypt:{COST}:{b64encode(salt).decode()}:{b64encode(made).decode()}"


def _is(digits: str, pin: str) -> bool:
    _, cost, salt, made = pin.split(":")
    try:
        _scrypt(b64decode(salt), int(cost)).verify(digits.encode(), b64decode(made))
    except InvalidKey:
        return False
    return True


def set_pin(work: Work, seeker_id: int, digits: str | None, now: datetime) -> str | None:
    """Ask for this PIN from now on (None: for none any more); returns what is kept of it."""
    pin = made_of(digits) if digits is not None else None
    seekers.change(work, seeker_id, {"pin": pin}, education_rank=None, now=now)
    work.connection.execute(kept.update().where(kept.c.id == seeker_id).values(pin_misses=0, pin_missed_at=None))
    return pin


def try_pin(work: Work, seeker_id: int, digits: str, now: datetime) -> Literal["good", "wrong", "braked"]:
    """Whether it is the PIN. After MOST wrong ones nothing is compared until BRAKE has passed."""
    counted = sa.select(kept.c.pin_misses, kept.c.pin_missed_at).where(kept.c.id == seeker_id)
    misses, missed_at = work.connection.execute(counted.with_for_update(key_share=True)).one()
    if misses >= MOST and missed_at is not None and now - missed_at < BRAKE:
        return "braked"
    pin = seekers.load(work, [seeker_id])[seeker_id].pin
    good = pin is None or _is(digits, pin)
    values = {"pin_misses": 0 if good else misses % MOST + 1, "pin_missed_at": None if good else now}
    work.connection.execute(kept.update().where(kept.c.id == seeker_id).values(values))
    if good:
        return "good"
    return "braked" if values["pin_misses"] == MOST else "wrong"
