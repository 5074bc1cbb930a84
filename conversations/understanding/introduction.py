"""Everything in one message: "saya Budi 25 tahun dari Torgamba tamat SMP". What was clearly said, and no more.

Each kind of fact is looked for by the words that announce it, before it or, as Deaf people sign it, behind it
("torgamba tinggal", "smp tamat"). A place where somebody wants to work, a school's place, a relative's work are none
of the person's own, and two that contradict each other are both left to be asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from conversations.domain import education
from conversations.domain.region import Region
from conversations.domain.seeker import OUTSIDE
from conversations.domain.wording import fold
from conversations.understanding.addresses import Address, address
from conversations.understanding.answers import sex
from conversations.understanding.births import BirthYear, birth_date
from conversations.understanding.introduced import TELLS, name_in, speaks_of_self, whom
from conversations.understanding.lexicons import Slot
from conversations.understanding.manner import is_question
from conversations.understanding.reaching import phones
from conversations.understanding.reading import Reading, Tag, Token, reader_for
from conversations.understanding.schooling import Schooling, schooling
from conversations.understanding.wishes import denied_in

Facts: TypeAlias = Mapping[str, Any]
"""Names of registration's answers, and the answers as JSON holds them."""

_LONGEST = 600  # characters that are read
_SPACES = re.compile(r"[^\S\n]+")
_FEWEST = 2  # words; one alone introduces nobody, but a village says its district too
_OFFERED_LINE = "loker lowongan lowker syarat minimal maksimal maks dicari dibutuhkan"
_OFFERED = frozenset(_OFFERED_LINE.split())
"""Words of what is offered: "lulusan SMA umur 25" is somebody only where a name or "saya" is said beside them."""


def introduction(text: str, region: Region, today: date, asked: str | None = None) -> Facts:
    """What ``text`` says of a person, as answers of the registration; empty: nothing that is clear.

    Among them may be: for_whom ("self", "other"), name, birth_year, district, village, education, needs, fields,
    ragam, phone, sex. ``asked``: the question that is open; to "name" the first words of a list are the name ("Budi,
    25 tahun, Torgamba").
    """
    said = _SPACES.sub(" ", text[:_LONGEST]).strip()
    if asked != "district" and (len(said.split()) < _FEWEST or not TELLS.search(said)):
        return {}
    if is_question(said):
        return {}
    other, about = whom(said)
    facts: dict[str, Any] = {}
    name = name_in(about, region, listed=asked == "name", theirs=about is not said)
    facts["name"] = name
    facts["birth_year"] = _birth_year(about, today)
    reading = reader_for(region).read(about)
    facts.update(_home(reading, region))
    facts["education"] = _education(about)
    facts.update(_wished(reading))
    facts["phone"] = _phone(about)
    facts["sex"] = _sex(about)
    known = name is not None or facts["birth_year"] is not None
    facts["for_whom"] = other or ("self" if known and about is said and speaks_of_self(said, name) else None)
    if not facts["for_whom"] and not name and not _OFFERED.isdisjoint(fold(said).split()):
        return {}
    return {key: value for key, value in facts.items() if value not in (None, [], "")}


# Birth

_AGED = re.compile(
    r"\b(?:umur|usia|umr|berumur|berusia|age)(?:ku|nya|saya)?\b"
    r"(?:\s+(?:saya|aku|awak|dia|sekarang|baru|sudah|udah|kurang lebih|sekitar))*\s*[:=]?\s*"
    r"(?P<age>\d{1,3}\b|(?:\w+\s+){0,3}(?:tahun|thn|th)\b|(?:dua |tiga |empat |lima |enam )?\w+(?:\s+\w+)?)",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?P<before>\b\w+\s+)?\b(?P<age>\d{2})\s*(?:tahun|thn|th)\b(?P<after>\s+\w+)?", re.IGNORECASE)
_BORN = re.compile(r"\b(?:lahir(?:an)?|kelahiran|tgl lahir|tanggal lahir|ttl)\b(?P<when>[^\n;]{0,60})", re.IGNORECASE)
_LIMITS_LINE = "minimal maksimal maks minimum maksimum di sampai antara berapa"
_LIMITS = frozenset(_LIMITS_LINE.split())
"""After "umur" these say how old somebody may be, not how old they are."""
_WORKED_LINE = (
    "selama sudah udah pengalaman lebih kerja jualan jahit bantu jadi pernah sejak hampir sekitar tiap per masa kontrak"
)
_WORKED = frozenset(_WORKED_LINE.split())
_WORKING_LINE = "pengalaman kerja lalu yang lamanya jualan jadi di bantu menjahit jahit bekerja lebih"
_WORKING = frozenset(_WORKING_LINE.split())


def _birth_year(about: str, today: date) -> int | None:
    """The year, where one is told and only one."""
    years = {year for said in _births(about) if (year := _year(said, today)) is not None}
    return years.pop() if len(years) == 1 else None


def _births(about: str) -> Iterator[str]:
    for aged in _AGED.finditer(about):
        if _LIMITS.isdisjoint(fold(aged["age"]).split()):
            yield f"umur {aged['age']}"
    for born in _BORN.finditer(about):
        yield f"lahir {_PLACE_OF_BIRTH.sub(' ', born['when'])}"
    if _AGED.search(about) is None:
        for years in _YEARS.finditer(about):
            before, after = fold(years["before"] or ""), fold(years["after"] or "")
            if before not in _WORKED and after not in _WORKING:
                yield f"umur {years['age']}"


_PLACE_OF_BIRTH = re.compile(
    r"^\s*(?:saya |di )?[^\W\d]+(?:\s+[^\W\d]+)?\s*,", re.IGNORECASE
)  # "lahir Kotapinang, 5 Mei"


def _year(said: str, today: date) -> int | None:
    found = birth_date(said, today)
    return found.year if isinstance(found, BirthYear) else None


# Home

_HOME_LINE = (
    "tinggal asal alamat alamatnya domisili berdomisili dari warga orang rumah saking seko rumahku omah omahku menetap"
)
_HOME = frozenset(_HOME_LINE.split())
_BETWEEN_LINE = "di saya aku awak dia nya desa kelurahan kecamatan kec kampung daerah sekarang ini dusun kami"
_BETWEEN = frozenset(_BETWEEN_LINE.split())
_NOT_HOME_LINE = (
    "kerja bekerja loker lowongan cari mau ingin pabrik sekolah slb sd smp sma smk kuliah lahir kelahiran pelatihan "
    "kursus pindah jualan pt toko kantor pernah lulusan tamat tamatan lulus jurusan merantau ke dekat ktp nik"
)
_NOT_HOME = frozenset(_NOT_HOME_LINE.split())
_BIRTH = frozenset({"lahir", "kelahiran"})
_OF_A_VILLAGE = frozenset({"desa", "kelurahan"})
_FORMER = frozenset({"pernah", "dulu", "dulunya"})
_DENIES = frozenset({"tidak", "bukan", "belum"})
_HOME_REACH = 4  # words between what announces a place and the place


def _home(reading: Reading, region: Region) -> dict[str, Any]:
    """Where somebody lives, where that is told; several places that do not fit together are none."""
    told: list[Address] = []
    bare: list[Address] = []
    for tag in reading.tags:
        if tag.place is None or tag.place.kind == "region":
            continue
        announced = _announced(reading, tag)
        if announced is None:
            continue
        begin = tag.start - 1 if tag.start and reading.words[tag.start - 1] in _OF_A_VILLAGE else tag.start
        found = address(" ".join(token.raw for token in reading.tokens[begin : tag.end]), region)
        if isinstance(found, Address):
            (told if announced else bare).append(found)
    return _one_home(told) or _one_home(bare)


def _announced(reading: Reading, tag: Tag) -> bool | None:
    """Whether words say that it is home; False: they say nothing; None: it is something else."""
    words = reading.words
    if not _FORMER.isdisjoint(words):
        return None
    if words[tag.end : tag.end + 1] == ["tinggal"]:
        return True
    for at in range(tag.start - 1, max(-1, tag.start - _HOME_REACH - 1), -1):
        word = words[at]
        if word in _HOME:
            return True if _DENIES.isdisjoint(words[max(0, at - 2) : at]) else None
        if word in _NOT_HOME:
            return None
        if word not in _BETWEEN and word not in _names_before(reading, tag):
            break
    clause = [token.word for token in reading.tokens[: tag.start] if token.clause == reading.tokens[tag.start].clause]
    return None if not (_NOT_HOME - _BIRTH).isdisjoint(clause) else False


def _names_before(reading: Reading, tag: Tag) -> set[str]:
    """Words of other places before it: "tinggal di aek batu torgamba"."""
    return {reading.tokens[at].word for other in reading.tags if other.place for at in range(other.start, other.end)}


def _one_home(found: Sequence[Address]) -> dict[str, Any]:
    districts = {place.district for place in found if place.district}
    if len(districts) != 1:
        return {}
    villages = {village for place in found if (village := place.village)}
    (district,) = districts
    home: dict[str, Any] = {"district": district}
    if len(villages) == 1 and all(place.village or not place.villages for place in found):
        home["village"] = villages.pop()
    if district == OUTSIDE and (place := next((one.place for one in found if one.place), None)):
        home["hometown"] = place
    return home


# Schooling

_SCHOOL_REACH = 3  # words around a level that belong to it
_SCHOOL_WORDS_LINE = "tamat tamatan lulus lulusan sekolah ijazah pendidikan kelas kls putus berhenti kuliah masih"
_SCHOOL_WORDS = frozenset(_SCHOOL_WORDS_LINE.split())
_TEACHES_LINE = "guru ngajar mengajar pengajar ajar penjaga satpam kantin"
_TEACHES = frozenset(_TEACHES_LINE.split())


def _education(about: str) -> str | None:
    """The last school, where its level is told as somebody's own."""
    spoken = re.split(r"[,;.\n]+", about)
    found: list[Schooling] = []
    for clause in spoken:
        words = clause.split()
        at = [n for n, word in enumerate(words) if _is_school(fold(word))]
        if not at or not _TEACHES.isdisjoint(map(fold, words)):
            continue
        window = words[max(0, at[0] - _SCHOOL_REACH) : at[-1] + _SCHOOL_REACH + 1]
        read = schooling(" ".join(window))
        if isinstance(read, Schooling) and read.level is not None:
            found.append(read)
    levels = {read.level for read in found}
    return levels.pop() if len(levels) == 1 and not any(read.levels for read in found) else None


def _is_school(word: str) -> bool:
    return word in _SCHOOL_WORDS or word in ("paket", "sdlb", "smplb", "smalb") or education.rank(word) is not None


# Needs, fields, ragam

_DEVICE_WORDS_LINE = "tongkat kruk palsu alat abd putih"
_DEVICE_WORDS = frozenset(_DEVICE_WORDS_LINE.split())
"""Words of what somebody uses, which the lexicon reads as a ragam too: that would be a guess here."""
_NEEDS_LINE = "pakai butuh perlu bantu bantuan harus memakai pake menggunakan gunakan"
_NEEDS = frozenset(_NEEDS_LINE.split())
_ABLE_LINE = "bisa pandai minat mau ingin suka hobi keahlian keterampilan cari kerja bakat pengen"
_ABLE = frozenset(_ABLE_LINE.split())


def _wished(reading: Reading) -> dict[str, Any]:
    denied = denied_in(reading)
    tags = [tag for tag in reading.tags if tag.entry and tag.is_wish and tag not in denied and _certain(reading, tag)]
    return {
        "needs": _codes(reading, [tag for tag in tags if _near(reading, tag, _NEEDS)], "needs"),
        "fields": _codes(reading, [tag for tag in tags if _near(reading, tag, _ABLE)], "fields"),
        "ragam": _codes(reading, [tag for tag in tags if _DEVICE_WORDS.isdisjoint(_words(reading, tag))], "ragam"),
    }


def _codes(reading: Reading, tags: Sequence[Tag], slot: Slot) -> list[str]:
    found = (
        wish.code for tag in tags if tag.entry for wish in tag.entry.wishes if wish.slot == slot and not wish.setting
    )
    return list(dict.fromkeys(code for code in found if code != "kerja dari rumah" or slot != "needs"))


def _certain(reading: Reading, tag: Tag) -> bool:
    """Whether no letter of it had to be guessed: "pinang" is no "pincang"."""
    return not any(token.guessed for token in reading.tokens[tag.start : tag.end])


def _words(reading: Reading, tag: Tag) -> set[str]:
    return {token.word for token in reading.tokens[tag.start : tag.end]}


def _near(reading: Reading, tag: Tag, markers: frozenset[str]) -> bool:
    """Whether one of ``markers`` stands before it in the same part of the message, or right behind it."""
    clause = reading.tokens[tag.start].clause
    before: list[Token] = [token for token in reading.tokens[: tag.end] if token.clause == clause]
    after = reading.tokens[tag.end : tag.end + 2]
    return any(token.word in markers for token in (*before[-8:], *after))


# Telephone and sex


def _phone(about: str) -> str | None:
    """The person's own number, where one is told."""
    found = phones(about)
    own = [one.number for one in found if one.whose == "own"] if isinstance(found, tuple) else []
    return own[0] if len(own) == 1 and re.search(r"\d{3}", about) else None


_SEX = re.compile(
    r"\b(?<!anak )(?:perempuan|prempuan|wanita|cewek|laki[- ]?laki|lelaki|cowok|pria)\b(?! (?:saya|itu|lain))",
    re.IGNORECASE,
)


def _sex(about: str) -> str | None:
    found = {sex(said) for said in _SEX.findall(about)}
    return found.pop() if len(found) == 1 else None
