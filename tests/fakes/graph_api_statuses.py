"""What the fake Cloud API says of a message that it accepted: its price, and how far it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fakes.graph_api_faults import Accepted
from tests.fakes.graph_api_templates import Template

if TYPE_CHECKING:
    from tests.fakes.whatsapp_people import WhatsAppPerson

WINDOW_SECONDS: Final = 24 * 3600


def window_is_open(person: WhatsAppPerson | None, now: float) -> bool:
    """Whether the last message is less than 24 hours old, so that anything may be answered."""
    return person is not None and person.last_message_at is not None and now < person.last_message_at + WINDOW_SECONDS


def price(template: Template | None, is_open: bool) -> dict[str, Any]:
    """Per-message pricing: free are answers, and within the window templates of the utility category.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/pricing
    """
    category = template.category if template else "service"
    free = template is None or (is_open and category == "utility")
    return {
        "billable": not free,
        "pricing_model": "PMP",
        "category": category,
        "type": "free_customer_service" if free else "regular",
    }


def status(message: Accepted, name: str, timestamp: str, contacts: bool) -> dict[str, Any]:
    """The part of an update that tells a status: ``{"contacts": […], "statuses": […]}``.

    Args:
        message: which was accepted before.
        name: ``sent``, ``delivered``, ``read`` or ``failed``.
        timestamp: Unix seconds.
        contacts: whether it says who it is about, as the platform does since usernames exist.
    """
    person = message.person if message.person is not None and message.person.on_whatsapp else None
    told: dict[str, Any] = {"id": message.id, "status": name, "timestamp": timestamp}
    told |= person.ids("recipient_id", "recipient_user_id") if person else {"recipient_id": message.to}
    if (data := message.parameters.get("biz_opaque_callback_data")) is not None:
        told["biz_opaque_callback_data"] = data
    if message.error is not None:
        told["errors"] = [message.error.in_status()]
    elif name != "read" or (person is not None and person.has_chat_open):
        # The price comes once when it is sent, and once with the first word of its arrival.
        told["pricing"] = message.pricing
    if not contacts:
        return {"statuses": [told]}
    return {"contacts": [person.contact() if person else {"wa_id": message.to}], "statuses": [told]}
