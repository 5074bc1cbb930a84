"""Files that people handed in: sealed with the person's own key, and gone with it.

What there is of somebody stands in ``Seeker.documents`` too, so that a talk lists it without opening a file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from conversations.domain.documents import KINDS, MOST_BYTES, MOST_FILES, type_of
from storage import seekers
from storage.keys import PersonKey
from storage.models import documents
from storage.models import seekers as kept
from storage.work import Work

_LONGEST_NAME = 80


class Refused(ValueError):
    """A file was not taken; nothing was changed. ``why``: "empty", "too_big", "type", "too_many"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Document:
    """One file, opened."""

    kind: str
    """A code of ``domain.documents.KINDS``."""
    name: str
    mime_type: str
    content: bytes


def keep(work: Work, seeker_id: int, kind: str, name: str, content: bytes, now: datetime) -> Mapping[str, Any]:
    """Keep a file; returns its entry in ``Seeker.documents``. Raises Refused, or ValueError for an unknown ``kind``.

    Its type is what its first bytes say, whatever it is called; nothing in it is unpacked or drawn.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of document is called {kind}")
    if not content:
        raise Refused("empty")
    if len(content) > MOST_BYTES:
        raise Refused("too_big")
    if (known := type_of(content)) is None:
        raise Refused("type")
    key, seeker = _locked(work, seeker_id)
    if len(seeker.documents) >= MOST_FILES:
        raise Refused("too_many")
    mime_type, ending = known
    token = os.urandom(16)
    entry = {
        "id": token.hex(),
        "kind": kind,
        "name": _named(name, kind, ending),
        "mime_type": mime_type,
        "size": len(content),
    }
    # The file's own name is authenticated with it: one cannot be put in the place of another.
    sealed = key.seal(content, _place(entry["id"]))
    row = {"token": token, "seeker_id": seeker_id, "content": sealed, "created_at": now}
    work.connection.execute(documents.insert().values(row))
    _list(work, seeker_id, [*seeker.documents, entry], now)
    return entry


def load(work: Work, seeker_id: int, document_id: str) -> Document | None:
    """The file, opened; None: the person has none of that ``document_id``."""
    key, seeker = _locked(work, seeker_id, lock=False)
    entry = next((one for one in seeker.documents if one["id"] == document_id), None)
    if entry is None:
        return None
    token = bytes.fromhex(document_id)
    theirs = documents.c.token == token, documents.c.seeker_id == seeker_id
    sealed = work.connection.scalar(sa.select(documents.c.content).where(*theirs))
    if sealed is None:
        return None
    content = key.open(bytes(sealed), _place(document_id))
    return Document(entry["kind"], entry["name"], entry["mime_type"], content)


def remove(work: Work, seeker_id: int, document_id: str, now: datetime) -> bool:
    """Delete one file; returns whether there was one."""
    _, seeker = _locked(work, seeker_id)
    left = [one for one in seeker.documents if one["id"] != document_id]
    if len(left) == len(seeker.documents):
        return False
    theirs = documents.c.token == bytes.fromhex(document_id), documents.c.seeker_id == seeker_id
    work.connection.execute(documents.delete().where(*theirs))
    _list(work, seeker_id, left, now)
    return True


def move(work: Work, seeker_id: int, to_id: int) -> None:
    """Seal the seeker's files with the key of ``to_id``, whose they are from now on. Their lists are the caller's."""
    old, _ = _locked(work, seeker_id)
    new, _ = _locked(work, to_id)
    found = sa.select(documents.c.token, documents.c.content).where(documents.c.seeker_id == seeker_id)
    for token, sealed in work.connection.execute(found).all():
        place = _place(bytes(token).hex())
        moved = documents.update().where(documents.c.token == token)
        content = new.seal(old.open(bytes(sealed), place), place)
        work.connection.execute(moved.values(seeker_id=to_id, content=content))


def _place(document_id: object) -> bytes:
    return f"documents.content {document_id}".encode()


def _locked(work: Work, seeker_id: int, *, lock: bool = True) -> tuple[PersonKey, Any]:
    """The person's key and the person. Locked, so that of two files at once none is forgotten."""
    found = sa.select(*seekers.COLUMNS).where(kept.c.id == seeker_id)
    row = work.connection.execute(found.with_for_update(key_share=True) if lock else found).one()
    return PersonKey(row.key), seekers.seeker_of(row)


def _list(work: Work, seeker_id: int, entries: list[Mapping[str, Any]], now: datetime) -> None:
    seekers.change(work, seeker_id, {"documents": entries}, education_rank=None, now=now)


def _named(name: str, kind: str, ending: str) -> str:
    """What a file is called when it is given back: as it came, without folders and signs, with its true ending."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    plain = "".join(letter for letter in stem if letter.isalnum() or letter in " -_").strip()
    return f"{plain[:_LONGEST_NAME] or kind}{ending}"
