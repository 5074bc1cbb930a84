"""Who introduces whom, and by what name: "anak saya Rina 19 tahun", "saya Budi, 25 tahun", "nama Budi umur 25"."""

from __future__ import annotations

import re

from conversations.domain.region import Region
from conversations.domain.wording import fold
from conversations.understanding.lexicons import lexicon
from conversations.understanding.people import person_name

_RELATION = (
    "anak|adik|adek|kakak|abang|ibu|mamak|mama|bapak|ayah|suami|istri|keponakan|ponakan|sepupu|tetangga|teman|kawan|"
    "saudara|sodara|cucu|menantu|ipar|paman|tante|bibi|nenek|kakek|opung|murid|siswa|klien|warga"
)
_OTHER = re.compile(
    r"\b(?P<lead>(?:mau |tolong |ingin |bisa )?"
    r"(?:daftarkan|daftarin|daftar|mendaftarkan|untuk|buat|utk|ini|perkenalkan|kenalkan)\s+(?:untuk |buat )?)?"
    rf"(?:si )?(?P<who>{_RELATION})(?P<mine>\s?(?:saya|aku|awak|ku|kami|gue|nya))?\b"
    rf"(?P<named>\s*(?:yang )?(?:bernama|nama(?:nya)?|[,:])?)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"\b(?:nama|name|panggil|jeneng)(?:ku|nya|saya)?\b(?:\s+(?:lengkap|panggilan|asli|saya|aku|awak|dia|(?:{_RELATION})(?:\s+saya|ku)?|saya))*"
    r"\s*(?:adalah|itu|ialah|[:=,])?\s*",
    re.IGNORECASE,
)
_HELLO = "halo|hai|hi|kak|bang|pak|bu|min|kenalkan|perkenalkan|kenalin|assalamualaikum|horas|permisi"
_I_AM = re.compile(
    rf"(?:^|[.,!;\n]|\b(?:{_HELLO})\b)\s*(?:perkenalkan |kenalkan |kenalin )?(?:saya|aku|awak|gue|kulo|ini)\s+"
    r"(?:adalah |ini |itu |si )?",
    re.IGNORECASE,
)
_STOPS_LINE = (
    "salah ketik tulis ganti ubah benar saking seko umur umurku umurnya umr usia usiaku usianya berumur berusia lahir "
    "kelahiran dari tinggal di alamat asal domisili tamat tamatan lulus lulusan sekolah pendidikan ijazah hp no nomor "
    "nomer wa telepon telpon tlp mau ingin pengen bisa pandai pande pakai pake punya kerja bekerja anak jenis laki "
    "perempuan cowok cewek pria wanita dan yang dengan dgn saya aku awak minat butuh perlu tidak gak ga belum "
    "disabilitas difabel tuli netra tunanetra daksa tunarungu orang warga rumah desa kecamatan kec kampung sekarang "
    "ini itu kak bang pak bu ya sudah udah status pendidikannya cari nyari daftar mendaftar thn tahun smp sma smk sd "
    "slb ktp nik"
)
_STOPS = frozenset(_STOPS_LINE.split())
INTRODUCES = re.compile(rf"{_NAMED.pattern}|{_I_AM.pattern}", re.IGNORECASE)
TELLS = re.compile(
    r"[,;\n\d]|\b(?:nama|name|jeneng|saya|aku|awak|gue|kulo|umur|usia|umr|lahir|kelahiran|tinggal|asal|alamat|domisili|"
    rf"tamat|lulus|{_RELATION})",
    re.IGNORECASE,
)
"""What an introduction has at least one of; a short answer mostly has none, and is not looked at further."""
_MOST_NAMES = 5  # words of a name


def whom(said: str) -> tuple[str | None, str]:
    """ "other" or "self", and the part of the message that is about that person; None: not said.

    Of "ibu saya Ani umur 20" it stays open: it may be "Ibu, saya Ani".
    """
    for found in _OTHER.finditer(said):
        if not found["mine"] and "daftar" not in (found["lead"] or "").lower():
            continue
        before, rest = said[: found.start()], said[found.end() :].lstrip(" ,:")
        led, named = bool(found["lead"]), bool(found["named"].strip(" ,:"))
        begins = not before or led or before.rstrip().endswith((",", ".", "\n"))
        if named or led or (begins and (_proper(rest) or _fact_follows(rest) or not rest)):
            spoken_to = not named and not led and not before and fold(found["who"]) in _SPOKEN_TO
            return None if spoken_to else "other", rest
    if mine := _NAME_OF_THEIRS.search(said):
        return "other", said[mine.start() :]
    return None, said


def speaks_of_self(said: str, name: str | None) -> bool:
    """Whether who writes is whom it is about: "nama saya", "saya Budi"; or "saya", and nobody else is spoken of.

    "nama Budi umur 25" and "namanya Budi" leave it open: whose yes is needed depends on it.
    """
    if _ME.search(said) is None or _THIRD.search(said):
        return False
    return (name is not None and INTRODUCES.search(said) is not None) or _KIN.isdisjoint(fold(said).split())


_SPOKEN_TO_LINE = "ibu bapak kakak abang tante paman mama"
_SPOKEN_TO = frozenset(_SPOKEN_TO_LINE.split())
_NAME_OF_THEIRS = re.compile(rf"\bnama\s+(?:{_RELATION})\s*(?:saya|ku|aku|awak)\b", re.IGNORECASE)
_SIGNED_NAME = re.compile(r"(?P<name>[^\W\d]+(?: [^\W\d]+)?) nama(?:ku|saya)?\b", re.IGNORECASE)
"""The name before its word, as one signs it: "siti nama umur 30"."""
_KIN = frozenset(_RELATION.split("|"))
_ME = re.compile(r"\b(?:saya|aku|awak|gue|kulo|i|my|(?:nama|umur|usia|jeneng|alamat|rumah|omah)ku)\b", re.IGNORECASE)
_THIRD = re.compile(r"\b(?:namanya|umurnya|usianya|dia|beliau)\b", re.IGNORECASE)


def _proper(rest: str) -> bool:
    """Whether a name follows, with its capital letter or before a fact."""
    words = rest.split()
    if not words:
        return False
    first = words[0].strip(".,:;!")
    if not first.isalpha() or fold(first) in _STOPS:
        return False
    return _capital(first) or (_is_strange(first) and _fact_follows(" ".join(words[1:4])))


_FACT = re.compile(
    r"\b(?:umur|usia|berumur|\d{1,3}\s*(?:tahun|thn|th)|lahir|tamat\w*|lulus\w*|tinggal|dari|tuli|netra|down|autis)\b",
    re.IGNORECASE,
)


def _fact_follows(rest: str) -> bool:
    """Whether within the next words something is told that only a person has."""
    return _FACT.search(" ".join(rest.split()[:4])) is not None


def _capital(word: str) -> bool:
    """Whether it begins with a capital letter that says something: in a message all in capitals none does."""
    return word[0].isupper() and not word.isupper()


def _is_strange(word: str) -> bool:
    """Whether it is no word of the language as the lexicon knows it, so that it can only be a name."""
    folded = fold(word)
    words = lexicon()
    return (
        folded not in words.common
        and folded not in words.meaningful
        and folded not in words.slang
        and folded not in _STOPS
    )


# Name


def name_in(about: str, region: Region, listed: bool, theirs: bool) -> str | None:
    """The name; ``theirs``: the words begin behind "anak saya"."""
    if (found := _NAMED.search(about)) and (named := _name_at(about[found.end() :], region, announced=True)):
        return named
    if found := _I_AM.search(about):
        return _name_after_i(about[found.end() :], region)
    if signed := _SIGNED_NAME.match(about):
        return _name_at(signed["name"], region, announced=True)
    if theirs and _proper(about):
        return _name_at(about, region, announced=False)
    if about and (
        listed or _capital(about.split(maxsplit=1)[0]) or _is_strange(about.split(maxsplit=1)[0].strip(".,:;"))
    ):
        first = re.split(r"[,;\n]|\d", about, maxsplit=1)
        if len(first) > 1 and (listed or _fact_follows(about[len(first[0]) :])):
            return _name_at(first[0], region, announced=listed)
    return None


def _name_after_i(rest: str, region: Region) -> str | None:
    """ "saya Budi 25 tahun": of "saya pusing" it is none, so it needs its capital, or a fact behind it."""
    name = _name_at(rest, region, announced=False)
    if name is None:
        return None
    behind = rest[len(name) :].strip(" ,.!")
    return name if _fact_follows(behind) or (_capital(name) and not behind) else None


def _name_at(rest: str, region: Region, announced: bool) -> str | None:
    """The name that begins there. Where no word announces it, each word of it must be strange, or have its capital."""
    taken: list[str] = []
    for word in re.findall(r"[^\s,;!?()]+|[,;!?()]", rest)[: _MOST_NAMES + 1]:
        bare = word.strip(".:")
        if not bare or not all(c.isalpha() or c in "'’`-." for c in bare) or fold(bare) in _STOPS:
            break
        if not announced and not (_is_strange(bare) or _capital(bare)):
            break
        if taken and region.gazetteer.at([fold(bare)], 0):
            break
        taken.append(bare)
        if len(taken) == _MOST_NAMES or (word.endswith(".") and len(bare) > 2):
            break
    return person_name(" ".join(taken)) if taken else None
