"""What somebody has learned at school: level, way, class, subject, and whether there is a certificate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from conversations.domain import education
from conversations.domain.wording import words_of
from conversations.understanding.births import Unknown
from conversations.understanding.lexicons import lexicon
from conversations.understanding.manner import is_question, is_unsure
from conversations.understanding.reading import plain_reader
from conversations.understanding.wishes import codes_of

_LONGEST = 200  # characters that are read
_LONGEST_MAJOR = 60

_WAYS = {
    "slb": "sdlb smplb smalb slb",
    "paket": "paket pkbm",
    "pesantren": "pesantren mondok madrasah aliyah tsanawiyah mts ibtidaiyah ponpes",
    "inklusi": "inklusi inklusif",
    "rumah": "homeschooling",
}
_WAY_OF = {word: code for code, line in _WAYS.items() for word in line.split()}
_SPECIAL = {"sdlb": "sd", "smplb": "smp", "smalb": "sma"}
_MAJOR = re.compile(
    r"\b(?:jurusan|jur|program studi|prodi|bidang studi|ambil jurusan|major)\b[\s:.,]*(?:nya|saya)?\s*"
    r"(?P<major>[^\d,.;\n?]{2,60})"
    r"|\b(?:sarjana|diploma)\s+(?P<of>[^\d,.;\n?]{3,40})",
    re.IGNORECASE,
)
_AFTER_MAJOR = re.compile(
    r"\s+(?:kak|bang|pak|bu|ya|di|tahun|thn|lulus|tamat|tapi|dan saya|sudah|udah|cuma|kelas|semester|dari)\b.*$",
    re.IGNORECASE,
)
_LEFT = frozenset({"putus", "berhenti", "keluar", "sampai", "cuma", "hanya", "do"})
_NO_CERTIFICATE = re.compile(
    r"\bijazah\w*\s+(?:\w+\s+)?(?:tidak|belum|hilang|ilang|ditahan|ketinggalan|rusak|terbakar|kebakar|bakar|tahan|jangan)\b"
    r"|\b(?:tidak|belum|tanpa|hilang|ilang)\s+(?:ada |punya |pegang |dapat |ambil |bisa ambil |ditebus )?ijazah\w*\b"
)
_HAS_CERTIFICATE = re.compile(
    r"\b(?:ada|punya|pegang|dapat)\s+ijazah\w*\b|\bijazah\w*\s+(?:ada|punya|lengkap)\b|\bberijazah\b"
)
_RANGE = re.compile(r"\b(?:atau|sampai|hingga|/|kadang)\b|/|\s-\s")
_CLASS = ("kelas", "kls")
_NUMBERS = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "sepuluh": 10, "sebelas": 11, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9,
    "x": 10, "xi": 11, "xii": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Schooling:
    """What was said of somebody's schooling; what was not is None."""

    level: str | None = None
    """The last one completed, a code of ``domain.education``."""
    levels: tuple[str, ...] = ()
    """All that were named, where they are several ("SMA atau SMK"); to be shown, so that one can be put right."""
    way: str | None = None
    """A code of the ways of learning: "slb", "paket", "pesantren", "inklusi", "rumah"."""
    reached: int | None = None
    """The class somebody left or is in, 1 to 12."""
    major: str | None = None
    """The subject as it was written."""
    certificate: bool | None = None


def schooling(text: str) -> Schooling | Unknown | None:
    """What ``text`` says of schooling; None: nothing.

    "SMALB", "paket C", "putus sekolah kelas 5", "SMK jurusan mesin", "tamat SMP tapi ijazah hilang". Of a range the
    lower level is kept, because a level that is too high would bring work that a missing certificate then refuses; all
    are named in ``levels``. A lost certificate does not undo the level that was completed.
    """
    said = text[:_LONGEST]
    words = _spelt(said)
    if not words or is_question(said):
        return None
    named = _levels(said, words)
    level = _level(said, words, named)
    found = Schooling(
        level,
        named if len(named) > 1 else (),
        _way(words),
        _class(words),
        _major(said),
        _certificate(" ".join(words)),
    )
    if found != Schooling():
        return found
    return Unknown() if is_unsure(said) else None


def _spelt(said: str) -> list[str]:
    slang = lexicon().slang
    return [part for word in words_of(said) for part in slang.get(word, (word,))]


def _levels(said: str, words: Sequence[str]) -> tuple[str, ...]:
    """The levels that are named as alternatives, lowest first; one, where it is no range."""
    if not _RANGE.search(said.lower()) or any(word in _LEFT for word in words if word != "sampai"):
        return ()
    found = {code for word in words if (code := _code(word)) is not None}
    return tuple(sorted(found, key=lambda code: (education.rank(code) or 0, education.CODES.index(code))))


def _code(word: str) -> str | None:
    return _SPECIAL.get(word) or (education.EDUCATION.parse(word) if word not in ("tidak", "belum", "semua") else None)


def _level(said: str, words: Sequence[str], named: Sequence[str]) -> str | None:
    if len(named) > 1:
        return named[0]
    without = _NO_CERTIFICATE.sub(" ", " ".join(word for word in words if word != "slb"))
    if len(shorter := without.rsplit(maxsplit=2)) == 3 and shorter[2] in ("tidak", "belum"):
        without = shorter[0] if _code(shorter[1]) else without  # "SD tamat, SMP tidak"
    rest = without.split()
    if rest and (completed := education.completed(rest)) is not None:
        return completed
    if rest and (exact := education.parse(without)) is not None:
        return exact
    codes = [code for code in codes_of(plain_reader().read(without)) if code in education.CODES]
    if len(codes) == 1:
        return codes[0]
    if len(codes) > 1:  # "tamat SD, SMP tidak tamat": what was completed is the lower one
        return min(codes, key=lambda code: education.rank(code) or 0)
    return education.NONE if _certificate(" ".join(words)) is False and "hilang" not in words else None


def _way(words: Sequence[str]) -> str | None:
    return next((_WAY_OF[word] for word in words if word in _WAY_OF), None)


def _class(words: Sequence[str]) -> int | None:
    for word, number in pairwise(words):
        if word in _CLASS:
            year = int(number) if number.isdecimal() and len(number) <= 2 else _NUMBERS.get(number)
            if year is not None and 1 <= year <= 12:
                return year
    return None


def _major(said: str) -> str | None:
    found = _MAJOR.search(said)
    if found is None:
        return None
    major = _AFTER_MAJOR.sub("", (found["major"] or found["of"]).strip(" :-"))
    return major[:_LONGEST_MAJOR].strip() or None


def _certificate(spoken: str) -> bool | None:
    if _NO_CERTIFICATE.search(spoken):
        return False
    return True if _HAS_CERTIFICATE.search(spoken) else None
