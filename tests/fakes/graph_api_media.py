"""Media at the fake Cloud API: uploaded as a form, kept thirty days, and sent by their id."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.fakes.graph_api_errors import GraphError
from tests.fakes.http import Part, Request, form_of

_MIB: Final = 2**20
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "audio": ("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "audio/opus"),
    "document": (
        "application/vnd.ms-powerpoint",
        "application/msword",
        f"{_OFFICE}.wordprocessingml.document",
        f"{_OFFICE}.presentationml.presentation",
        f"{_OFFICE}.spreadsheetml.sheet",
        "application/pdf",
        "text/plain",
        "application/vnd.ms-excel",
    ),
    "image": ("image/jpeg", "image/png"),
}
SIZES: Final[Mapping[str, int]] = {"audio": 16 * _MIB, "document": 100 * _MIB, "image": 5 * _MIB}
"""Bytes at most."""
KEPT_SECONDS: Final = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Media:
    """A file that was uploaded."""

    id: str
    kind: str
    mime: str
    filename: str
    data: bytes
    at: float
    """Seconds, by the platform's clock."""

    def described(self) -> dict[str, Any]:
        """What the platform tells of it."""
        return {
            "messaging_product": "whatsapp",
            "id": self.id,
            "mime_type": self.mime,
            "sha256": hashlib.sha256(self.data).hexdigest(),
            "file_size": len(self.data),
        }


def uploaded(request: Request, id: str, now: float) -> Media:
    """The file of an upload; raises ``GraphError``."""
    try:
        parts = form_of(request)
    except ValueError as error:
        raise GraphError(100, str(error)) from None
    if parts.get("messaging_product", Part()).data != b"whatsapp":
        raise GraphError(100, "The parameter messaging_product is required.")
    for name in sorted(parts.keys() - {"messaging_product", "type", "file"}):
        raise GraphError(100, f'Unexpected key "{name}"')
    for name in ("file", "type"):
        if name not in parts:
            raise GraphError(100, f"The parameter {name} is required.")
    file, named = parts["file"], parts["type"].data.decode()
    mime = file.mime.partition(";")[0].strip()
    kind = next((kind for kind, types in TYPES.items() if mime in types), None)
    if kind is None or not file.filename:
        known = ", ".join(mime for types in TYPES.values() for mime in types)
        raise GraphError(
            100,
            f"Param file must be a file with one of the following types: {known}. Received file of type '{mime}'.",
        )
    if named.partition(";")[0].strip() != mime:
        raise GraphError(100, f"Param type is {named!r}, but the file is {mime!r}")
    if not 0 < len(file.data) <= SIZES[kind]:
        raise GraphError(131053, f"File of {len(file.data)} bytes, at most {SIZES[kind]} are allowed")
    return Media(id, kind, file.mime, file.filename, file.data, now)


def check_media(kind: str, message: dict[str, Any], media: Media | None, now: float) -> None:
    """Whether a message of this kind can carry the file; raises ``GraphError``."""
    if media is None or now >= media.at + KEPT_SECONDS:
        raise GraphError(131009, f"Media ID {message['id']} is not valid or has expired")
    if kind not in {"document", media.kind}:
        raise GraphError(131053, f"Media of type {media.mime} cannot be sent as {kind}")
    if message.get("voice") and not media.mime.startswith("audio/ogg"):
        raise GraphError(131053, "A voice message must be audio/ogg with the opus codec")
