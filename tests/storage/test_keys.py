"""Keys: what they hide, and what they refuse to open."""

from __future__ import annotations

import base64

import pytest

from storage.keys import InvalidKey, KeyRing, Tampered, UnknownKey, generate_key

OLD, NEW = generate_key(), generate_key()
PLACE = b"seekers.name"


def test_what_was_sealed_opens_with_every_ring_that_has_its_key() -> None:
    token = KeyRing([OLD]).seal(b"Contoh", PLACE)
    assert b"Contoh" not in token
    assert KeyRing([OLD]).open(token, PLACE) == b"Contoh"
    assert KeyRing([NEW, OLD]).open(token, PLACE) == b"Contoh"
    assert KeyRing([NEW, OLD]).seal(b"Contoh", PLACE)[:5] == KeyRing([NEW]).prefixes[0]


def test_equal_values_are_sealed_differently_and_hashed_alike() -> None:
    ring = KeyRing([OLD])
    assert ring.seal(b"Contoh", PLACE) != ring.seal(b"Contoh", PLACE)
    assert ring.hash("phone", "0812") == KeyRing([OLD]).hash("phone", "0812")
    assert ring.hash("phone", "0812") != ring.hash("address", "0812")
    assert ring.hash("phone", "0812") != KeyRing([NEW]).hash("phone", "0812")
    assert KeyRing([NEW, OLD]).hashes("phone", "0812") == (
        KeyRing([NEW]).hash("phone", "0812"),
        ring.hash("phone", "0812"),
    )


def test_a_missing_key_is_named_and_tampering_is_noticed() -> None:
    token = KeyRing([OLD]).seal(b"Contoh", PLACE)
    with pytest.raises(UnknownKey, match=KeyRing([OLD]).prefixes[0][1:].hex()):
        KeyRing([NEW]).open(token, PLACE)
    ring = KeyRing([OLD])
    for wrong in (token[:-1] + bytes([token[-1] ^ 1]), token[:10], b"", b"\x02" + token[1:]):
        with pytest.raises(Tampered):
            ring.open(wrong, PLACE)
    with pytest.raises(Tampered, match=r"seekers\.phone"):
        ring.open(token, b"seekers.phone")


@pytest.mark.parametrize("keys", [[], ["tidak"], ["****"], [base64.b64encode(b"x" * 31).decode()], [OLD, OLD], [""]])
def test_a_key_that_is_none_is_refused_without_being_shown(keys: list[str]) -> None:
    with pytest.raises(InvalidKey) as refused:
        KeyRing(keys)
    assert not any(key and key in str(refused.value) for key in keys)


def test_both_base64_alphabets_make_the_same_key() -> None:
    secret = bytes(range(224, 256))
    standard, urlsafe = base64.b64encode(secret).decode(), base64.urlsafe_b64encode(secret).decode()
    assert standard != urlsafe
    token = KeyRing([standard]).seal(b"x", PLACE)
    assert KeyRing([f" {urlsafe.rstrip('=')}\n"]).open(token, PLACE) == b"x"
    assert repr(KeyRing([standard])) == f"KeyRing({KeyRing([standard]).prefixes[0][1:].hex()})"


def test_the_format_of_a_token_stays_readable() -> None:
    """Written by the first version: a change that cannot read it would lose everybody's data."""
    ring = KeyRing([base64.b64encode(bytes(range(32))).decode()])
    token = bytes.fromhex(TOKEN)
    assert ring.open(token, PLACE) == b"Contoh"
    assert ring.hash("phone", "0812").hex() == HASH


TOKEN = "01b0603e56812681b8a04e656854c87e25d1aa9e0253687130e09c11e412655adafc30305b04f2"
HASH = "8b510cb43cacdf562b4b9ee74f1c4e43370914d50ebd24604c8652949549c167"
