"""Languages and ways of writing that somebody uses (bahasa): an open list."""

from __future__ import annotations

from conversations.domain.vocabulary import Term, Vocabulary
from conversations.engine.texts import t

LANGUAGES = Vocabulary(
    (
        Term("indonesia", t("Bahasa Indonesia"), None, ("indonesia", "bhs indonesia", "indo")),
        Term(
            "bisindo",
            t("BISINDO (bahasa isyarat Indonesia)"),
            t("BISINDO"),
            ("bahasa isyarat", "isyarat", "bhs isyarat"),
        ),
        Term("sibi", t("SIBI (sistem isyarat sekolah)"), t("SIBI"), ("sistem isyarat",)),
        Term("braille", t("Huruf Braille"), t("huruf Braille"), ("braile", "brel", "braille")),
        Term("batak", t("Bahasa Batak"), None, ("batak", "toba", "mandailing", "angkola", "batak toba")),
        Term("melayu", t("Bahasa Melayu"), None, ("melayu", "malay")),
        Term("jawa", t("Bahasa Jawa"), None, ("jawa", "java")),
        Term("minang", t("Bahasa Minang"), None, ("minang", "padang")),
        Term("inggris", t("Bahasa Inggris"), None, ("inggris", "english")),
    )
)

CODES = LANGUAGES.codes
