"""The errors of WhatsApp's Cloud API that the fake knows, as an answer and as part of a status.

Codes and words: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes.
The documentation asks to go by codes alone and no longer names the HTTP status of each; where it does not, the status
is the one that is seen in practice, and a test may ask for another.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

HREF: Final = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class _Known(NamedTuple):
    http: int
    title: str
    details: str = ""


_KNOWN: Final[dict[int, _Known]] = {
    1: _Known(500, "An unknown error occurred", "Invalid request or possible server error"),
    2: _Known(503, "Service temporarily unavailable", "Temporary due to downtime or due to being overloaded"),
    4: _Known(429, "Application request limit reached", "The app has reached its API call rate limit"),
    10: _Known(403, "Application does not have permission for this action", "Permission was removed"),
    100: _Known(400, "Invalid parameter"),
    190: _Known(401, "Error validating access token", "The access token has expired or was withdrawn"),
    368: _Known(403, "Temporarily blocked for policies violations", "The account was restricted"),
    2500: _Known(400, "Unknown path components"),
    80007: _Known(429, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit"),
    130429: _Known(
        429, "Rate limit hit", "Too many messages were sent from this phone number in a short period of time"
    ),
    130497: _Known(403, "Business account is restricted from messaging users in this country"),
    131000: _Known(500, "Something went wrong", "Message failed to send due to an unknown error"),
    131005: _Known(403, "Access denied", "Permission is either not granted or has been removed"),
    131008: _Known(400, "Required parameter is missing"),
    131009: _Known(400, "Parameter value is not valid"),
    131016: _Known(500, "Service unavailable", "A service is temporarily unavailable"),
    131021: _Known(400, "Recipient cannot be sender", "Sender and recipient phone number is the same"),
    131026: _Known(400, "Message undeliverable", "Message undeliverable"),
    131031: _Known(403, "Business account has been locked", "The account was restricted or disabled"),
    131042: _Known(400, "Business eligibility payment issue", "There were errors related to your payment method"),
    131047: _Known(
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    ),
    131048: _Known(400, "Spam rate limit hit", "Too many previous messages were blocked or flagged as spam"),
    131049: _Known(
        400,
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    131050: _Known(
        400,
        "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp.",
        "Do not retry sending",
    ),
    131051: _Known(400, "Message type unknown", "Message type is currently not supported."),
    131053: _Known(400, "Media upload error", "Unable to upload the media used in the message"),
    131056: _Known(
        400,
        "(Business Account, Consumer Account) pair rate limit hit",
        "Too many messages sent from the sender phone number to the same recipient phone number in a short time",
    ),
    131057: _Known(500, "Account in maintenance mode", "Business Account is in maintenance mode"),
    132000: _Known(400, "Number of parameters does not match the expected number of params"),
    132001: _Known(404, "Template name does not exist in the translation"),
    132005: _Known(400, "Translated text too long"),
    132012: _Known(400, "Parameter format does not match format in the created template"),
    132015: _Known(400, "Template is paused", "Template is paused due to low quality"),
    132016: _Known(400, "Template is disabled", "Template has been paused too many times due to low quality"),
    132018: _Known(400, "There's an issue with the parameters in your template"),
    135000: _Known(400, "Generic user error", "Message failed to send because of an unknown error with the request"),
}


class GraphError(Exception):
    """What the platform says when it does not do what was asked.

    Args:
        code: the platform's own code, which is what a client goes by.
        details: what exactly was wrong; the documented words when empty.
        http: the status of the answer; the usual one of the code when None.
        subcode: as the oldest errors still carry it.
    """

    def __init__(self, code: int, details: str = "", http: int | None = None, subcode: int | None = None) -> None:
        known = _KNOWN.get(code, _Known(400, "Unknown error"))
        self.code = code
        self.title = known.title
        self.details = details or known.details
        self.http = http or known.http
        self.subcode = subcode
        super().__init__(f"(#{code}) {self.title}: {self.details}")

    def answer(self, trace: str) -> dict[str, Any]:
        """The body of an answer."""
        error: dict[str, Any] = {"message": f"(#{self.code}) {self.title}", "type": "OAuthException", "code": self.code}
        if self.subcode is not None:
            error |= {"message": self.details, "type": "GraphMethodException", "error_subcode": self.subcode}
        elif self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": {**error, "fbtrace_id": trace}}

    def in_status(self) -> dict[str, Any]:
        """One of the ``errors`` of a status or of a message that cannot be shown."""
        return {
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": {"details": self.details},
            "href": HREF,
        }
