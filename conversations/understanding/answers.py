"""Parsers for answers to questions. Pure; each returns a value or None and never raises."""

from __future__ import annotations

import re
from enum import Enum

from rapidfuzz.distance import OSA

from conversations.domain.wording import fold, words_of
from conversations.understanding.amounts import digits_of
from conversations.understanding.births import BirthYear, Problem, Unknown, birth_year
from conversations.understanding.choices import ManyAnswer, Option, choose, choose_exactly, choose_many
from conversations.understanding.manner import is_nothing, is_question, is_refusal, is_unsure, yes_no
from conversations.understanding.people import for_whom, person_name

__all__ = [
    "BirthYear",
    "GlobalWord",
    "ManyAnswer",
    "Option",
    "Problem",
    "Unknown",
    "birth_year",
    "choose",
    "choose_exactly",
    "choose_many",
    "for_whom",
    "global_word",
    "is_nearly",
    "is_nothing",
    "is_question",
    "is_refusal",
    "is_unsure",
    "person_name",
    "phone",
    "sex",
    "yes_no",
]


class GlobalWord(Enum):
    """The words that work in every state, when they are the whole message (rule 10)."""

    BATAL = "BATAL"
    KEMBALI = "KEMBALI"
    LEWATI = "LEWATI"
    ULANG = "ULANG"
    BANTUAN = "BANTUAN"
    MENU = "MENU"
    SELESAI = "SELESAI"
    PETUGAS = "PETUGAS"
    STOP = "STOP"


_SPELLINGS = {
    GlobalWord.BATAL: "batal batalkan btal batl dibatalkan",
    GlobalWord.KEMBALI: "kembali kmbali kembli kmbli",
    GlobalWord.LEWATI: "lewati lewat lwati lewatin lewatkan skip",
    GlobalWord.ULANG: "ulang ulangi ulg ulangin",
    GlobalWord.BANTUAN: "bantuan bantu bntuan help",
    GlobalWord.MENU: "menu mnu menunya",
    GlobalWord.SELESAI: "selesai slesai selesei",
    GlobalWord.PETUGAS: "petugas ptugas petgas",
    GlobalWord.STOP: "stop setop stopp berhenti brhenti",
}
_ENGLISH = {
    GlobalWord.BATAL: "cancel",
    GlobalWord.KEMBALI: "back",
    GlobalWord.LEWATI: "skip",
    GlobalWord.ULANG: "repeat again",
    GlobalWord.BANTUAN: "help",
    GlobalWord.SELESAI: "done finish finished",
    GlobalWord.PETUGAS: "officer",
    GlobalWord.STOP: "stop unsubscribe",
}
_BY_SPELLING = {spelling: word for word, line in _SPELLINGS.items() for spelling in line.split()}
_IN_ENGLISH = {spelling: word for word, line in _ENGLISH.items() for spelling in line.split()}
_LONG = tuple(word for word in GlobalWord if len(word.value) >= 6)
"""Long enough that a wrong letter leads to no other word."""
_RUN = re.compile(r"(.)\1+")
_POLITELY_LINE = "kak kaka bang abang bu ibu pak bapak mas mbak dek ya yah dong deh lah aja saja dulu please pls"
_POLITELY = frozenset(_POLITELY_LINE.split())
"""Behind a word that is the whole message these change nothing: "lewati aja kak"."""
_STRICT = frozenset({GlobalWord.BATAL, GlobalWord.STOP})
"""They end something, so they stand alone."""
_NEVER_MIND = re.compile(
    r"(?:(?:tidak|tdk|gak|ga|gk|nggak|ngga|enggak|tak|ndak|nda) jadi|(?:tdk|gak|ga|gk|nggak|tak)jadi)"
    r"(?: (?:deh|lah|kak|bang|ah|aja|saja|pak|bu|min|ya|kok|dulu|maaf))*"
)
""" "gak jadi", "nggak jadi deh kak"."""


def global_word(text: str, locale: str = "id") -> GlobalWord | None:
    """The global word that is the whole of ``text``; case, punctuation and common misspellings do not matter.

    English words count only where ``locale`` is English: elsewhere they may be somebody's name.
    """
    if len(text) > 40:
        return None
    words = words_of(text)
    if _NEVER_MIND.fullmatch(" ".join(words)):
        return GlobalWord.BATAL
    alone = _without_politeness(words)
    found = _spelt(alone[0], locale) if len(alone) == 1 else None
    return None if found in _STRICT and alone != words else found


def _without_politeness(words: list[str]) -> list[str]:
    while len(words) > 1 and words[-1] in _POLITELY:
        words = words[:-1]
    return words


def _spelt(word: str, locale: str) -> GlobalWord | None:
    if locale.startswith("en") and word in _IN_ENGLISH:
        return _IN_ENGLISH[word]
    for spelling in (word, _RUN.sub(r"\1", word)):
        if spelling in _BY_SPELLING:
            return _BY_SPELLING[spelling]
    near = [w for w in _LONG if word[0] == w.value[0].lower() and OSA.distance(word, w.value.lower()) <= 1]
    return near[0] if len(near) == 1 else None


def is_nearly(text: str, word: str) -> bool:
    """Whether ``text`` is this one long ``word`` with at most one letter wrong, as global words are read."""
    words = _without_politeness(words_of(text)) if len(text) <= 40 else []
    if len(words) != 1 or len(word) < 6:
        return False
    return any(OSA.distance(spelling, word.lower()) <= 1 for spelling in (words[0], _RUN.sub(r"\1", words[0])))


_DIGITS = re.compile(r"\+?\d[\d\s().-]{6,}\d")


def phone(text: str) -> str | None:
    """A telephone number in E.164 ("+6281234567890"), Indonesian where no country is named. None: no such number."""
    # Sixteen milliseconds to import, and only this question needs it.
    import phonenumbers

    written = _DIGITS.search(text[:200])
    number = written[0] if written else _dictated(text[:200])
    digits = re.sub(r"\D", "", number)
    if not number.startswith("+") and digits.startswith("62"):
        number = f"+{digits}"
    elif not number.startswith("+") and digits.startswith("8"):
        number = f"0{digits}"
    try:
        parsed = phonenumbers.parse(number, "ID")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _dictated(text: str) -> str:
    """ "nol delapan satu dua …" as digits."""
    digits = (digits_of(word) for word in words_of(text))
    return "".join(str(digit) for digit in digits if digit is not None)


_SEXES = {
    "L": "l lk laki lakilaki pria cowok cowo male man lanang jantan",
    "P": "p pr perempuan prempuan wanita cewek cewe female woman wedok padusi boru",
}
_SEX_OF = {word: code for code, line in _SEXES.items() for word in line.split()}


def sex(text: str) -> str | None:
    """ "L" or "P", as the officers' files write it; None: neither, or both."""
    found = {_SEX_OF[word] for word in fold(text[:80]).replace("laki laki", "laki").split() if word in _SEX_OF}
    return found.pop() if len(found) == 1 else None
