"""What the Cloud API's error codes mean for a message, whether they come at once or in a report.

Codes: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
"""

from __future__ import annotations

from typing import Final

from bot.channels.base import SendError, Then

ACCOUNT_REST: Final = 60.0
"""Seconds without any sending after the account was refused."""

_ACCOUNT: Final = {
    0: "the access token is not accepted",
    3: "the app may not do this",
    10: "a permission is missing",
    33: "the phone number id is not known to this token",
    190: "the access token has expired or was withdrawn",
    368: "the account is blocked for a breach of policy",
    401: "the access token is not accepted",
    131005: "a permission is missing",
    131031: "the account is locked",
    131037: "the display name is not approved",
    131042: "there is a problem with the payment method",
    130497: "the account may not write to this country",
    131045: "the phone number is not registered rightly",
    133010: "the phone number is not registered",
}
_PACE: Final = {
    4: ("too many calls by the app", 60.0),
    429: ("too many calls", 30.0),
    80007: ("too many calls by the account", 60.0),
    130429: ("too many messages a second", 10.0),
    131048: ("messages were blocked or flagged as spam", 600.0),
    131064: ("the account's messaging limit is reached", 3600.0),
    133016: ("too many calls", 60.0),
}
"""Seconds of silence that each asks for; WhatsApp names none itself."""

_PAIR: Final = 131056
_PAIR_WAIT: Final = 30.0
"""Of one person's messages: about one in 6 seconds goes out, after a store of 45 is used up."""

_TEMPLATE: Final = range(132000, 132100)
_TEMPLATE_WAIT: Final = 3600.0
_A_DAY: Final = 24 * 3600.0

_OTHERS: Final = {
    131026: ("the number is not on WhatsApp, or takes no messages of services", Then.SWITCH_OFF),
    131047: ("more than 24 hours since the person wrote", Then.WHEN_HEARD),
    131050: ("the person stopped messages of this kind at WhatsApp", Then.STOP),
    130403: ("the person has blocked this number", Then.SWITCH_OFF),
    1: ("the API has a fault", Then.RETRY),
    2: ("the API is out of service", Then.RETRY),
    131000: ("an unknown fault of WhatsApp", Then.RETRY),
    131016: ("a service of WhatsApp is out of order", Then.RETRY),
    131057: ("the account is under maintenance", Then.RETRY),
    133004: ("the server is out of service", Then.RETRY),
    135000: ("an unknown fault of WhatsApp", Then.RETRY),
}


NO_SUCH_PHONE: Final = (100, 33)
"""Code and subcode of a phone number id that the token may not use: nothing can be sent, whatever it is."""


def explain(code: int) -> SendError:
    """What follows from an error ``code``; one that is not known ends the message, so that officers see it.

    ``SendError.code`` is "account", "pace", "pair" or "template" where more than one message is concerned.
    """
    if code in _ACCOUNT or 200 <= code < 300:
        return refused_account(ACCOUNT_REST, f"{code}: {_ACCOUNT.get(code, 'a permission is missing')}")
    if code in _PACE:
        said, seconds = _PACE[code]
        return SendError("pace", f"{code}: {said}", Then.WAIT, seconds)
    if code == _PAIR:
        return SendError("pair", f"{code}: too many messages to one person", Then.WAIT, _PAIR_WAIT)
    if code in _TEMPLATE:
        return refused_template(_TEMPLATE_WAIT, f"{code}: the template is not taken")
    if code in (130472, 131049):
        return SendError(str(code), "WhatsApp held it back for this person's sake", Then.WAIT, _A_DAY)
    said, then = _OTHERS.get(code, ("WhatsApp does not take this message", Then.END))
    return SendError(str(code), said, then)


def refused_account(left: float, why: str = "the account is refused") -> SendError:
    """Nothing at all can be sent for ``left`` seconds."""
    return SendError("account", why, Then.WAIT, left)


def refused_template(left: float, why: str = "the template is not taken") -> SendError:
    """What needs this template waits for ``left`` seconds."""
    return SendError("template", why, Then.WAIT, left)
