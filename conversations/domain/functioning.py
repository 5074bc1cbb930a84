"""The Washington Group Short Set on Functioning: six questions, for counting only, never matched and never shared."""

from __future__ import annotations

from conversations.domain.vocabulary import Term, Vocabulary
from conversations.engine.texts import t

LEVELS = Vocabulary(
    (
        Term("tidak", t("Tidak ada kesulitan"), None, ("tidak", "tidak sulit", "gak", "ga", "nggak", "bisa", "lancar")),
        Term("sedikit", t("Sedikit kesulitan"), None, ("sedikit", "sedikit sulit", "agak", "agak sulit", "kadang")),
        Term("banyak", t("Banyak kesulitan"), None, ("banyak", "sulit", "susah", "sulit sekali", "susah kali")),
        Term("tidak bisa", t("Tidak bisa sama sekali"), None, ("tidak bisa", "gak bisa", "ga bisa", "nggak bisa")),
    )
)

DOMAINS = ("seeing", "hearing", "walking", "remembering", "self_care", "communicating")
"""The fields of ``Seeker`` that hold a level each."""
