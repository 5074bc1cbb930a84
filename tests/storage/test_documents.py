"""Files people handed in: sealed with the person's own key, bounded, given back as they came, gone with the person."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from conversations.domain.documents import MOST_BYTES, MOST_FILES
from storage import documents, models, seekers
from storage.documents import Document, Refused
from storage.keys import Tampered
from storage.work import Work

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 isi contoh yang rahasia"


@pytest.fixture
def ani(work: Work) -> int:
    return seekers.add(work, {"name": "Ani Contoh"}, education_rank=None, now=NOW)


def listed(work: Work, seeker_id: int) -> tuple[str, ...]:
    return tuple(one["name"] for one in seekers.load(work, [seeker_id])[seeker_id].documents)


@pytest.mark.parametrize(
    ("called", "content", "name", "mime_type"),
    [
        ("ijazah saya.pdf", PDF, "ijazah saya.pdf", "application/pdf"),
        ("foto.pdf", b"\xff\xd8\xff\xe0 foto", "foto.jpg", "image/jpeg"),
        ("../../etc/pass wd", b"\x89PNG\r\n\x1a\n gambar", "pass wd.png", "image/png"),
        ("\u202egnp.exe", PDF, "gnp.pdf", "application/pdf"),
        ("", PDF, "ijazah.pdf", "application/pdf"),
    ],
)
def test_a_file_comes_back_as_it_was(
    work: Work, ani: int, called: str, content: bytes, name: str, mime_type: str
) -> None:
    entry = documents.keep(work, ani, "ijazah", called, content, NOW)
    assert (entry["name"], entry["size"]) == (name, len(content))
    assert listed(work, ani) == (name,)
    assert documents.load(work, ani, entry["id"]) == Document("ijazah", name, mime_type, content)


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("besar.txt", b"0" * 50_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (PDF + b"0" * MOST_BYTES, "too_big"),
        (b"MZ\x90\x00 program", "type"),
        (b"<svg onload=alert(1)>", "type"),
        (bomb(), "type"),
    ],
    ids=["empty", "too big", "program", "picture with a script", "zip bomb"],
)
def test_what_is_not_taken_changes_nothing(work: Work, ani: int, content: bytes, why: str) -> None:
    kept = documents.keep(work, ani, "ktp", "ktp.pdf", PDF, NOW)
    with pytest.raises(Refused) as refused:
        documents.keep(work, ani, "ktp", "baru.pdf", content, NOW)
    assert refused.value.why == why
    assert listed(work, ani) == ("ktp.pdf",)
    assert documents.load(work, ani, kept["id"]) is not None


def test_as_many_as_one_person_may_have(work: Work, ani: int) -> None:
    for n in range(MOST_FILES):
        documents.keep(work, ani, "lain", f"berkas {n}.pdf", PDF, NOW)
    with pytest.raises(Refused, match="too_many"):
        documents.keep(work, ani, "lain", "lagi.pdf", PDF, NOW)
    first = seekers.load(work, [ani])[ani].documents[0]
    assert documents.remove(work, ani, first["id"], NOW)
    assert not documents.remove(work, ani, first["id"], NOW)
    documents.keep(work, ani, "lain", "lagi.pdf", PDF, NOW)
    assert listed(work, ani)[-1] == "lagi.pdf"
    assert work.connection.scalar(sa.select(sa.func.count()).select_from(models.documents)) == MOST_FILES


def test_nobody_opens_somebody_elses(work: Work, ani: int) -> None:
    budi = seekers.add(work, {"name": "Budi Contoh"}, education_rank=None, now=NOW)
    hers = documents.keep(work, ani, "ktp", "ktp.pdf", PDF, NOW)
    assert documents.load(work, budi, hers["id"]) is None
    assert not documents.remove(work, budi, hers["id"], NOW)
    other = documents.keep(work, ani, "ijazah", "ijazah.pdf", PDF, NOW)
    rows = models.documents
    content = work.connection.scalar(sa.select(rows.c.content).where(rows.c.token == bytes.fromhex(hers["id"])))
    work.connection.execute(rows.update().where(rows.c.token == bytes.fromhex(other["id"])).values(content=content))
    with pytest.raises(Tampered):
        documents.load(work, ani, other["id"])


def test_nothing_of_a_file_is_readable_and_all_of_it_goes_with_the_person(work: Work, ani: int) -> None:
    documents.keep(work, ani, "ktp", "rahasia.pdf", PDF, NOW)
    [row] = work.connection.execute(sa.select(models.documents)).all()
    assert all(b"rahasia" not in bytes(value) for value in row if isinstance(value, bytes | memoryview))
    seekers.erase(work, ani, NOW)
    assert work.connection.scalar(sa.select(sa.func.count()).select_from(models.documents)) == 0
