"""Corrections in plain words: "ubah nomor hp jadi 0812…", "saya pindah ke Torgamba", "umur saya 26 bukan 25".

Only what says both that something is to be changed and what it is to be. "ubah data saya" says not what, "pindah kerja"
and "saya mau kerja di Torgamba" are wishes; a bare fact is an answer or an introduction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from conversations.domain.region import Region
from conversations.domain.wording import fold
from conversations.understanding.addresses import Address, address
from conversations.understanding.answers import sex
from conversations.understanding.births import BirthYear, birth_year
from conversations.understanding.introduction import introduction
from conversations.understanding.manner import is_question
from conversations.understanding.people import person_name
from conversations.understanding.reaching import phones
from conversations.understanding.schooling import Schooling, schooling


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that is to be changed."""

    field: str
    """The name of the registration's answer."""
    value: Any
    """What it is to be, as JSON holds an answer."""
    also: Mapping[str, Any]
    """What follows from it: the village with a district."""


_LONGEST = 300  # characters that are read

_FIELDS = {
    "phone": r"(?:no(?:mor|mer)?\.?\s*)?(?:hp|handphone|telepon|telpon|tlp|telp|wa|whatsapp)\w*"
    r"|no(?:mor|mer)(?:ku|nya| saya)?",
    "name": r"nama\w*",
    "birth_year": r"(?:tahun |thn |tanggal |tgl )?lahir\w*|umur\w*|usia\w*",
    "district": r"alamat\w*|tempat tinggal\w*|kecamatan\w*|desa\w*|domisili\w*|rumah\w*",
    "education": r"pendidikan\w*|sekolah\w*|ijazah\w*|lulusan",
    "sex": r"jenis kelamin\w*|kelamin\w*",
}
_MINE = r"(?:\s+(?:saya|aku|awak|sy|dia|nya|yang|yg|lama|hp|anak|tadi|itu))*"
_CHANGE = r"(?:ubah|ganti|rubah|betulkan|betulin|perbaiki|koreksi|edit|gantikan|ralat|benerin|update)\w*"
_NEW = r"(?:jadi|menjadi|ke|dengan|sama|yang baru|yang benar|yang betul|seharusnya|harusnya|adalah|:|=|->|,)"
_RIGHT = r"(?:yang (?:benar|betul|bener)\w*|seharusnya|harusnya|mestinya|maksud(?:nya| saya|ku)?|benarnya|betulnya)"
_WRONG = r"(?:salah\w*|keliru|kliru|typo|ralat|maaf|sori|sorry|eh|oh|bukan itu|lupa)"
_SHAPES = (
    # "ubah nomor hp jadi …", "ganti alamat ke …"; "nama diganti jadi …"
    r"\b{change}\s+(?:data\s+)?(?:{words}){mine}\s*{new}?\s*(?P<new>.+)",
    r"\b(?:{words}){mine}\s*(?:di|tolong |mau |minta )?{change}\s*{new}\s*(?P<new>.+)",
    # "nama saya salah, yang benar Ani", "nama saya bukan Ani tapi Ina", "umur saya 26 bukan 25"
    r"\b(?:{words}){mine}\s*{wrong}\b.*?\b{right}\s*(?:itu|adalah|:|=)?\s*(?P<new>.+)",
    r"\b(?:{words}){mine}\s*(?:bukan|bkn)\s+\S+(?:\s\S+)?\s*,?\s*(?:tapi|tp|melainkan|{right}|yang)\s*(?P<new>.+)",
    r"\b(?:{words}){mine}\s*(?P<new>\S+(?:\s\S+){{0,3}}?)\s*,?\s*\b(?:bukan|bkn)\s+(?P<old>\S+)",
    # "yang benar nama saya Siti", "salah kak, umur saya 26"
    r"\b{right}\s+(?:{words}){mine}\s*(?:itu|adalah|:|=)?\s*(?P<new>.+)",
    r"\b{wrong}\b[\s,.!]*(?:{words}){mine}\s*(?:salah|{right}|itu|adalah|:|=|,)*\s*(?P<new>.+)",
)
_PATTERNS = {
    name: tuple(
        re.compile(
            shape.format(words=words, change=_CHANGE, mine=_MINE, new=_NEW, wrong=_WRONG, right=_RIGHT), re.IGNORECASE
        )
        for shape in _SHAPES
    )
    for name, words in _FIELDS.items()
}
_BEGUN = re.compile(
    r"(?:maaf|sori|sorry|eh|oh|aduh|kak|bang|tadi|,|\s)*"
    r"\b(?:salah|keliru|ralat|maksud\w*|(?<=eh )bukan|(?<=oh )bukan|bukan(?=,))\b[\s,.!:]*(?P<new>.+)",
    re.IGNORECASE,
)
_MAY_CORRECT = re.compile(
    rf"\b(?:{_CHANGE}|{_RIGHT}|{_WRONG}|pindah\w*|berpindah|bukan|bkn|sekarang|skrg|sudah|udah|baru|hilang)\b",
    re.IGNORECASE,
)
"""Without one of these nothing is put right; most messages have none, and are not looked at further."""
_OPEN = re.compile(
    r"\b(?:besok|nanti|kalau|kalo|kalu|bisa gak|bisakah|apakah|gimana|bagaimana|cara|rencana|mau pindah)\b"
)
"""What is not so yet, or only asked."""
_WORK_LINE = "kerja kerjaan loker lowongan pelatihan kursus jadwal kontrak majikan bos perusahaan pabrik"
_WORK = frozenset(_WORK_LINE.split())
_MOVED = re.compile(
    r"(?<!tidak )(?<!tidak lagi )(?<!gak )(?<!gak lagi )(?<!bukan )"
    r"\b(?:sudah |udah |baru |sekarang |skrg |udh |telah )*(?:pindah|pindahan|berpindah|tinggal di|tinggalnya di)\s*"
    r"(?:rumah|tinggal|alamat)?\s*(?:ke|di)?\s+(?P<new>[^,.;]+)",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:sekarang|skrg|udah|sudah|baru|pindah\w*)\b", re.IGNORECASE)
_NEW_NUMBER = re.compile(
    r"\b(?:nomor|nomer|no|hp|wa)\w*(?:\s+(?:hp|wa|saya|sy|aku))*\s+(?:yang |yg |sudah |udah )?"
    r"(?:baru|ganti|berubah|hilang)\b|\b(?:ganti|baru) (?:nomor|nomer|no|hp)\b",
    re.IGNORECASE,
)


def correction(text: str, region: Region, today: date) -> Correction | None:
    """The one thing that ``text`` puts right, and what it is to be; None: it says no such thing."""
    said = " ".join(text[:_LONGEST].split())
    if _MAY_CORRECT.search(said) is None or is_question(said) or _OPEN.search(fold(said)):
        return None
    for name, new, old in _parts(said):
        found = _read(name, new, region, today)
        if found is not None and (old is None or _read(name, old, region, today) is not None):
            return found
    return None


def _parts(said: str) -> Iterator[tuple[str, str, str | None]]:
    """(field, the words that give it anew, what it is said not to be) as the message may mean it, explicit ones first.

    "umur 25 bukan masalah" says of no age that it is not so.
    """
    for name, patterns in _PATTERNS.items():
        for pattern in patterns:
            if found := pattern.search(said):
                yield name, found["new"], found.groupdict().get("old")
    if _NEW_NUMBER.search(said):
        yield "phone", said, None
    if _NOW.search(said) and _WORK.isdisjoint(fold(said).split()):
        yield from (("district", moved["new"], None) for moved in _MOVED.finditer(said))
    if begun := _BEGUN.match(said):
        yield "any", begun["new"], None


def _read(name: str, new: str, region: Region, today: date) -> Correction | None:
    reader = _READERS.get(name)
    if reader is not None:
        return reader(new.strip(" .,:=!"), region, today)
    facts = dict(introduction(new, region, today))
    facts.pop("for_whom", None)
    village = facts.pop("village", None)
    if len(facts) != 1:
        return None
    ((field, value),) = facts.items()
    return Correction(field, value, {"village": village} if village else {})


def _phone(new: str, region: Region, today: date) -> Correction | None:
    found = phones(new)
    if not isinstance(found, tuple) or not found or re.search(r"\d{6}", re.sub(r"\D", "", new)) is None:
        return None
    return Correction("phone", found[-1].number, {})


def _name(new: str, region: Region, today: date) -> Correction | None:
    bare = re.split(r"[,.;]|\b(?:bukan|bkn|ya|kak|bang|bu|pak)\b", new, maxsplit=1, flags=re.IGNORECASE)[0].strip()
    name = person_name(bare)
    return Correction("name", name, {}) if name and len(name.split()) <= 6 else None


def _birth(new: str, region: Region, today: date) -> Correction | None:
    bare = re.split(r"\b(?:bukan|bkn)\b", new, maxsplit=1, flags=re.IGNORECASE)[0].strip(" ,")
    found = birth_year(bare, today)
    if not isinstance(found, BirthYear):
        found = birth_year(f"umur {bare}", today)
    return Correction("birth_year", found.year, {}) if isinstance(found, BirthYear) else None


def _district(new: str, region: Region, today: date) -> Correction | None:
    bare = re.split(r"\b(?:bukan|bkn|dari)\b", new, maxsplit=1, flags=re.IGNORECASE)[0]
    found = address(bare, region)
    if not isinstance(found, Address) or found.district is None:
        return None
    also = {key: value for key, value in (("village", found.village), ("hometown", found.place)) if value}
    return Correction("district", found.district, also)


def _education(new: str, region: Region, today: date) -> Correction | None:
    bare = re.split(r"\b(?:bukan|bkn)\b", new, maxsplit=1, flags=re.IGNORECASE)[0]
    found = schooling(bare)
    if not isinstance(found, Schooling) or found.level is None or found.levels:
        return None
    return Correction("education", found.level, {})


def _sex(new: str, region: Region, today: date) -> Correction | None:
    found = sex(re.split(r"\b(?:bukan|bkn)\b", new, maxsplit=1, flags=re.IGNORECASE)[0])
    return Correction("sex", found, {}) if found else None


_READERS: Mapping[str, Callable[[str, Region, date], Correction | None]] = {
    "phone": _phone,
    "name": _name,
    "birth_year": _birth,
    "district": _district,
    "education": _education,
    "sex": _sex,
}
