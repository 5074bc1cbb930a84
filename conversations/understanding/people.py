"""Who somebody is and whom they speak for, from an answer in their own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

from conversations.domain.wording import fold
from conversations.understanding.manner import is_refusal, is_unsure
from conversations.understanding.reading import plain_reader

SHORTEST_NAME, LONGEST_NAME = 2, 80
"""Letters of a name, and characters."""

_MARKER = re.compile(r"(?:nama|name|(?:di)?panggil(?:an)?|call)(?:ku|nya|kan)?", re.IGNORECASE)
"""Words that announce a name: "namanya Ani, dipanggil Butet"."""
_BEFORE_LINE = (
    "saya aku awak gue ku nya ini dia beliau adalah itu is lengkap lengkapnya asli saja aja dengan me my i am i'm halo "
    "hai hi hei oh ya iya oke ok kenalkan kenalin perkenalkan maaf permisi horas biasa biasanya sering cukup tapi bisa "
    "boleh sama"
)
_BEFORE = frozenset(_BEFORE_LINE.split())
_AFTER_LINE = "aja saja kak bang kok ya yah dong deh pak bu min sih tapi biasa biasanya sering cukup atau"
_AFTER = frozenset(_AFTER_LINE.split())
"""In small letters only: "Ya" may be a name."""
_THEIRS = re.compile(r"anak (?:saya|aku|awak|kami|dia) ", re.IGNORECASE)  # "Anak Agung" is a name
_EDGE = ' .,!:;-="“”'
_NO_NAME_LINE = (
    "saya aku awak kami kamu dia orang nama namaku namanya panggil dipanggil panggilan anak ibu bapak mamak adik kakak "
    "ya iya oke ok okay tidak tdk gak ga gk nggak ngga enggak jangan belum blm bukan boleh bisa mau ingin pengen harus "
    "perlu wajib apa siapa kenapa knp mengapa bagaimana gimana gmn cemana berapa kapan dimana mana tanya bertanya "
    "nanya skip lewat lewati lewatkan rahasia privasi tolong bantu bantuan lowongan loker lowker kerja pelatihan "
    "kursus daftar mendaftar menu mulai start stop hapus lanjut lanjutkan ulang ulangi kembali batal selesai petugas "
    "admin halo hai hi selamat pagi siang sore malam terima makasih karena kalau tapi yang untuk buat nanti dulu itu "
    "ini sudah udah lagi ada sama saja aja terserah lupa help tahun bulan hari minggu lalu kemarin besok depan tadi "
    "sekarang baru lama benar salah betul"
)
_NO_NAME = frozenset(_NO_NAME_LINE.split())
_NEVER_IN_NAMES_LINE = (
    "tidak tdk gak gk nggak ngga enggak jangan belum apa siapa kenapa knp mengapa bagaimana gimana berapa kapan dimana "
    "mau ingin pengen harus perlu bisa boleh karena kalau yang untuk buat dulu lowongan loker kerja tanya nanya sudah "
    "udah skip tolong bukan contohnya maksudnya artinya"
)
_NEVER_IN_NAMES = frozenset(_NEVER_IN_NAMES_LINE.split())
_BETWEEN_LETTERS = " .,'’‘`´-()"


def person_name(text: str) -> str | None:
    """The name in ``text`` as it was written, without what leads up to it; None: no name, or longer than a name is.

    "nama saya Ani Contoh" and "panggil aja Ani" give the name alone; of "namanya Ani Contoh tapi dipanggil Butet"
    both are kept, as "Ani Contoh (Butet)". Questions, refusals and commands are no names. Nothing is corrected.
    """
    said = " ".join(text.split())
    if len(said) > 2 * LONGEST_NAME or "?" in said or is_refusal(said) or is_unsure(said):
        return None
    parts = [part for part in map(_bare, _announced(said)) if not _NO_NAME.issuperset(fold(part).split())]
    if not 1 <= len(parts) <= 2 or not all(map(_is_name, parts)):
        return None
    name = parts[0]
    if len(parts) == 2 and fold(parts[1]) not in (fold(name), *fold(name).split()):
        name = f"{name} ({parts[1]})"
    return name if len(name) <= LONGEST_NAME else None


def _announced(said: str) -> Iterator[str]:
    """What stands between the words that announce a name."""
    part: list[str] = []
    for word in said.split():
        if _MARKER.fullmatch(word.strip(_EDGE)):
            yield " ".join(part)
            part = []
        else:
            part.append(word)
    yield " ".join(part)


def _bare(part: str) -> str:
    """The part without its opening and closing words."""
    words = _THEIRS.sub("", f"{part.strip(_EDGE)} ").split()
    while words and words[0].strip(_EDGE).lower() in _BEFORE:
        words.pop(0)
    while words and words[-1].strip(_EDGE) in _AFTER:
        words.pop()
    return " ".join(words).strip(_EDGE)


def _is_name(part: str) -> bool:
    if not _NEVER_IN_NAMES.isdisjoint(fold(part).split()):
        return False
    usual = all(c.isalpha() or unicodedata.combining(c) or c in _BETWEEN_LETTERS for c in part)
    return usual and sum(map(str.isalpha, part)) >= SHORTEST_NAME


# For whom

_ME = frozenset({"saya", "sendiri", "diri", "pribadi", "me", "myself"})
_FOR = frozenset({"untuk", "buat", "daftar", "mendaftar", "mau", "yang", "ini", "itu", "iya", "ya", "oke", "saja"})
_RELATION_LINE = (
    "anak adik ibu bapak mak inang suami istri bini nenek kakek opung oppung paman tante bibi tulang keponakan ponakan "
    "sepupu cucu menantu mertua ipar saudara famili keluarga tetangga teman murid siswa pasien pacar tunangan putra "
    "putri gadis bujang orang dia mereka wali guru pendamping relawan klien warga binaan muridnya kak bang abang kakak "
    "oom om majikan pengasuh perawat"
)
_RELATION = frozenset(_RELATION_LINE.split())
_ADDRESSED = frozenset({"kak", "bang", "abang", "kakak", "ibu", "bapak", "om", "oom", "tante", "tulang", "orang"})
"""After "saya" these may be who is spoken to: "saya kakak"."""
_OF_THEM = re.compile(r"\b(\w{2,}?)(?:nya|ku|mu)\b")
_HOUSEWIFE = re.compile(r"\b(?:ibu|bapak|asisten) rumah tangga\b|\bsebatang kara\b", re.IGNORECASE)


def for_whom(text: str) -> Literal["self", "other"] | None:
    """Whether somebody speaks for themselves or for another person; None: not said, or both.

    "saya" means oneself only as the whole answer, or as "untuk saya" and "saya sendiri": "saya mamaknya" is another's.
    """
    said = _HOUSEWIFE.sub(" ", text[:200])
    words = plain_reader().read(said).words
    if not words or not _DENIES.isdisjoint(words):
        return None
    for_me = _for_oneself(words)
    for_other = _names_another(said, words)
    if for_me == for_other:
        return None
    return "self" if for_me else "other"


_DENIES = frozenset({"tidak", "bukan", "jangan", "belum"})


def _for_oneself(words: Sequence[str]) -> bool:
    spoken = f" {' '.join(words)} "
    if any(phrase in spoken for phrase in (" saya sendiri ", " untuk saya ", " diri sendiri ", " diri saya ")):
        return not any(f" untuk saya {relation}" in spoken for relation in ("yang ", "punya "))
    left = [word for word in words if word not in _FOR]
    return bool(left) and _ME.issuperset(left)


def _names_another(said: str, words: Sequence[str]) -> bool:
    folded = fold(said).split()
    owned = {found[1] for word in folded if (found := _OF_THEM.fullmatch(word))}
    if not _RELATION.isdisjoint(owned | _spelt(owned)):
        return True
    named = [at for at, word in enumerate(words) if word in _RELATION]
    if words[-1] in _ADDRESSED and len(words) > 1 and "saya" in words[:-1] and "untuk" not in words:
        named = [at for at in named if at != len(words) - 1]
    return bool(named)


def _spelt(words: set[str]) -> set[str]:
    return {spelt for word in words for spelt in plain_reader().read(word).words}
