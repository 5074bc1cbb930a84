"""Who counts as one, where what a network may take is bounded."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv6Address


def network_of(host: str) -> str:
    """An IPv6 subscriber holds a whole /64, so that is what counts; anything else counts as it is."""
    try:
        return IPv6Address(host).exploded[:19]
    except AddressValueError:
        return host
