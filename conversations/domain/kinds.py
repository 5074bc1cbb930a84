"""Kinds of work (jenis kerja)."""

from __future__ import annotations

from conversations.domain.vocabulary import Term, Vocabulary
from conversations.engine.texts import Shown, t

REMOTE = "jarak jauh"

KINDS = Vocabulary(
    (
        Term("penuh waktu", t("Penuh waktu"), t("penuh waktu"), ("full time", "fulltime", "tetap", "full_time", "sku")),
        Term("paruh waktu", t("Paruh waktu"), t("paruh waktu"), ("part time", "parttime", "part_time", "sambilan")),
        Term("harian", t("Harian"), t("harian"), ("bhl", "harian lepas", "buruh harian lepas", "lepas")),
        Term("borongan", t("Borongan"), t("borongan"), ("satuan", "upah borongan")),
        Term("bagi hasil", t("Bagi hasil"), t("bagi hasil"), ("komisi",)),
        Term("magang", t("Magang"), t("magang"), ("pkl", "internship", "intern")),
        Term("sif", t("Sif"), t("sif"), ("shift", "sip", "shif")),
        Term(REMOTE, t("Jarak jauh"), t("jarak jauh"), ("remote", "daring", "online", "wfh")),
    )
)

CODES = KINDS.codes


def label(code: str) -> Shown:
    return KINDS.label(code)


def inline(code: str) -> Shown:
    return KINDS.inline(code)


def parse(text: str) -> str | None:
    return KINDS.parse(text)
