"""What somebody can do, has done, and wants to earn, in the words people use for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from conversations.domain.region import WageMinimum
from conversations.domain.wording import words_of
from conversations.engine.texts import t
from conversations.understanding.amounts import amount_at, number_of, split_unit
from conversations.understanding.births import Problem, Unknown
from conversations.understanding.lexicons import lexicon
from conversations.understanding.manner import is_nothing, is_pleasantry, is_question, is_refusal, is_unsure

Per: TypeAlias = Literal["bulan", "minggu", "hari", "jam", "satuan"]

_LONGEST = 500  # characters that are read
_LONGEST_THING = 60  # characters of one skill
_MOST = 20  # things in one answer

_LEAST, _HIGHEST = 1_000, 100_000_000  # rupiah that are taken for a wage, of whatever time
_LEAST_A_MONTH = 50_000
_PER: tuple[tuple[Per, re.Pattern[str]], ...] = (
    ("hari", re.compile(r"\b(?:sehari|perhari|per hari|harian|satu hari|hari|sehari2|sedino)\b")),
    ("minggu", re.compile(r"\b(?:seminggu|perminggu|per minggu|mingguan)\b")),
    ("jam", re.compile(r"\b(?:sejam|perjam|per jam|satu jam)\b")),
    ("satuan", re.compile(r"\b(?:per (?:potong|kilo|kg|buah|biji|ton|janjang)|sepotong|sekilo|borongan|satuan)\b")),
)
_ANY_WAGE = re.compile(
    r"\b(?:berapa (?:saja|pun)|terserah|bebas|seikhlasnya|seadanya|ikut aturan|sesuai aturan|standar|nego|"
    r"yang penting kerja|asal kerja|asal (?:ada )?gaji|tidak masalah)\b"
)
_MINIMUM = re.compile(r"\b(?:umk|umr|ump|upah minimum|gaji minimum)\b")


@dataclass(frozen=True, slots=True)
class Wage:
    """The least somebody would work for: rupiah in the time that was said, never reckoned into another."""

    amount: int
    per: Per = "bulan"


@dataclass(frozen=True, slots=True)
class AnyWage:
    """ "berapa aja": an answer; nothing is left out because of its pay."""


def lowest_wage(text: str, minimum: WageMinimum | None = None) -> Wage | AnyWage | Unknown | Problem | None:
    """The lowest wage in ``text``: "minimal 2 juta", "2-3 juta", "UMK", "100rb sehari", "berapa aja".

    Of a range the lower amount counts, for it is what would be accepted. ``minimum``: what "UMK" stands for. A bare
    small number ("2") is asked for in full: it may be millions. None: nothing of the kind.
    """
    said = text[:_LONGEST]
    words = _spelt(said)
    spoken = " ".join(words)
    per = _per(spoken, said.lower())
    amounts = list(_amounts(words))
    if amounts:
        amount = min(amounts)
        if not _LEAST <= amount <= _HIGHEST or (per == "bulan" and amount < _LEAST_A_MONTH):
            return _in_full()
        return Wage(amount, per)
    if _MINIMUM.search(spoken):
        return Wage(minimum.amount) if minimum else AnyWage()
    if _ANY_WAGE.search(spoken):
        return AnyWage()
    if any(word.isdecimal() for word in words) or number_of(words) is not None:
        return _in_full()
    return Unknown() if is_unsure(said) else None


def _per(*spoken: str) -> Per:
    for name, pattern in _PER:
        if any(map(pattern.search, spoken)):
            return name
    return "bulan"


def _in_full() -> Problem:
    return Problem(t("Tulis upah untuk satu bulan. Contoh: 2.000.000"))


_RANGE = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:-|–|sampai|s/d|sd|hingga|atau)\s*(\d+(?:[.,]\d+)?)\s*(jt|juta|rb|ribu)\b", re.IGNORECASE
)


_HALF = re.compile(r"\b(\w+) setengah (jt|juta)\b", re.IGNORECASE)  # "dua setengah juta"


def _spelt(said: str) -> list[str]:
    slang = lexicon().slang
    filled = _RANGE.sub(r"\1 \3 sampai \2 \3", _HALF.sub(r"\1 \2 setengah", said))
    words = [
        part
        for word in words_of(filled.replace("Rp", " ").replace("rp", " "))
        for part in (split_unit(word) or (word,))
    ]
    return [part for word in words for part in slang.get(word, (word,))]


def _amounts(words: Sequence[str]) -> Iterator[int]:
    at = 0
    while at < len(words):
        found = amount_at(words, at)
        if found is None:
            at += 1
            continue
        end, amount = found
        if words[end : end + 1] == ["setengah"] and amount % 1_000_000 == 0:  # "dua juta setengah"
            amount, end = amount + 500_000, end + 1
        yield amount
        at = end


# What somebody can do

_PARTS = re.compile(r"[,;/&+\n]+|\.(?=\s|$)|\b(?:dan|sama|serta|juga|terus|trus|plus|and)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:kalau|kalo|ya|saya|aku|awak|kami|dia|anak|sudah|udah|pernah|pande|pandai|bisa|bs|bisanya|pintar|mampu|ahli|"
    r"hobi|suka|sedikit|dikit|paling|cuma|hanya|belajar|punya|ada|sertifikat|piagam|keahlian(?:nya)?|keterampilan(?:nya)?|"
    r"ikut|kursus|pelatihan)\s+)+",
    re.IGNORECASE,
)
_LEAD_CERTIFICATE = re.compile(r"^(?:(?:saya|aku|awak|sudah|udah|pernah|ada|punya|ikut)\s+)+", re.IGNORECASE)
_TAIL = re.compile(
    r"\s+(?:kak|bang|pak|bu|min|ya|aja|saja|dong|sih|lah|kok|bisa|pandai|pande|dikit|sedikit|juga)[.! ]*$",
    re.IGNORECASE,
)
_SAID_NOT = re.compile(r"^(?:tidak|gak|ga|gk|nggak|belum|blm|tak|bukan|tdk)\b", re.IGNORECASE)


def things(text: str, certificates: bool = False) -> tuple[str, ...] | Unknown | None:
    """The skills (or ``certificates``) that ``text`` lists, in the person's own words; "gak ada": none.

    "bisa jahit sama masak" -> ("jahit", "masak"). What is denied ("gak bisa komputer") is no skill. None: no answer.
    """
    said = text[:_LONGEST]
    if is_question(said) or is_refusal(said) or is_pleasantry(said):
        return None
    if is_unsure(said):
        return Unknown()
    if is_nothing(said):
        return ()
    found: dict[str, None] = {}
    for part in _PARTS.split(said):
        thing = part.strip(" .!-:")
        if not thing or _SAID_NOT.match(thing):
            continue
        thing = (_LEAD_CERTIFICATE if certificates else _LEAD).sub("", f"{thing} ").strip()
        while (shorter := _TAIL.sub("", thing)) != thing:
            thing = shorter
        if any(letter.isalnum() for letter in thing):
            found[thing[:_LONGEST_THING].strip()] = None
    return tuple(found)[:_MOST] or None


# What somebody has done

_HOW_LONG = re.compile(
    r"\b(?P<half>setengah tahun)|\b(?P<number>\d{1,2}(?:[.,]\d)?|\w+)\s*"
    r"(?P<unit>tahunan|tahun|thn|th|bulan|bln|minggu)\b(?P<more>\s+(?:lebih|setengah))?"
)
_ONE = {"setahun": 12, "sebulan": 1, "setaun": 12}


@dataclass(frozen=True, slots=True)
class Experience:
    """One thing somebody has done, as they said it, unpaid and informal work like any other."""

    what: str
    months: int | None = None
    """How long, where that was said."""


def experiences(text: str) -> tuple[Experience, ...] | Unknown | None:
    """What somebody has done: "bantu ibu jualan 3 tahun, pernah jahit di konveksi"; "belum pernah": nothing yet."""
    said = text[:_LONGEST]
    if is_question(said) or is_refusal(said) or is_pleasantry(said):
        return None
    if is_unsure(said):
        return Unknown()
    words = _spelt(said)
    if is_nothing(said) or _never(words):
        return ()
    found: list[Experience] = []
    for part in re.split(
        r"[,;\n]+|\.(?=\s|$)|\b(?:terus|trus|lalu|habis itu|abis itu|setelah itu|dan pernah|sama pernah)\b", said
    ):
        what = " ".join(part.split()).strip(" .!-:")
        if any(letter.isalpha() for letter in what):
            found.append(Experience(what[: 2 * _LONGEST_THING].strip(), _months(what)))
    return tuple(found[:_MOST]) or None


def _never(words: Sequence[str]) -> bool:
    spoken = " ".join(words)
    return (
        re.search(
            r"\b(?:belum|tidak) (?:pernah|ada|punya)(?: (?:kerja|bekerja|pengalaman|sama sekali|apa apa))*$", spoken
        )
        is not None
    )


def _months(what: str) -> int | None:
    lower = " ".join(words_of(what))
    for word, whole in _ONE.items():
        if re.search(rf"\b{word}\b", lower):
            return whole + (6 if re.search(rf"\b{word} setengah\b", lower) else 0)
    for found in _HOW_LONG.finditer(lower):
        if found["half"]:
            return 6
        number = found["number"].replace(",", ".")
        value = float(number) if number[0].isdecimal() else number_of(number.split())
        if value is None:
            continue
        more = 6 if (found["more"] or "").strip() == "setengah" else 0
        unit = found["unit"]
        in_months = 12 if unit.startswith("t") else 1 if unit.startswith("b") else 0.25
        length = value * in_months + more
        return max(1, round(length)) if length <= 60 * 12 else None
    return None
