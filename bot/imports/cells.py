"""What a cell may say: dates, amounts, whole numbers and lists, as offices write them. Nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from conversations.engine.texts import Text, t


class Unreadable(Exception):  # reads as what happened
    """A cell that cannot be taken. ``reason`` says what was expected."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.msgid)
        self.reason = reason


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb pebruari peb february",
            "maret mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu ags agt aug august",
            "september sep sept",
            "oktober okt oct october",
            "november nov nop nopember",
            "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_FORMULA = re.compile(r"^(?:[=@]|[+-](?![\d\s(.-]*$))")
"""How a formula begins; a phone number or an amount with its sign is none."""

_UNITS = {"ribu": 1_000, "rb": 1_000, "k": 1_000, "juta": 1_000_000, "jt": 1_000_000}
_UNSAID = frozenset(
    (
        *("nego", "negosiasi", "kompetitif", "rahasia", "dirahasiakan", "umk", "umr", "ump", "kesepakatan"),
        *("sesuai umk", "sesuai umr", "sesuai ump", "sesuai kesepakatan", "tidak disebutkan", "tergantung pengalaman"),
    )
)
"""Words in an amount's place that name no amount."""


def clean(text: str) -> tuple[str, bool]:
    """The cell's words, and whether something that does not belong into a text was removed.

    Control and invisible characters go, and so does what would make the cell a formula when somebody opens
    an export of it. A lone dash means nothing at all.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    # An apostrophe in front is how a spreadsheet keeps a number as text.
    text = re.sub(r"^\s*'(?=[\d=+@-])", "", text)
    kept = _INVISIBLE.sub("", "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc"))
    changed = kept != text
    kept = re.sub(r"[^\S\n]+", " ", kept).strip()
    if kept in ("-", "–", "—"):
        return "", changed
    while _FORMULA.match(kept):
        kept, changed = kept[1:].lstrip(), True
    return kept, changed


def parse_list(text: str) -> tuple[str, ...]:
    """The entries of "fisik;rungu" (or with commas, slashes or lines), without repetition."""
    separator = r"[;\n|]" if re.search(r"[;\n|]", text) else r","
    entries = (" ".join(entry.split()) for entry in re.split(separator, text))
    return tuple(dict.fromkeys(entry for entry in entries if entry))


def parse_date(text: str) -> date:
    """ "2027-10-31", "31 Oktober 2027" or "31/10/2027" (the day first). Raises Unreadable."""
    if _SERIAL.fullmatch(text):
        raise Unreadable(
            t("Ini nomor tanggal dari Excel, bukan tanggal. Ubah format selnya menjadi tanggal. Contoh: 31/10/2027.")
        )
    found = _calendar(text)
    if not 2000 <= found.year <= 2100:
        raise Unreadable(t("Tahun {year} tidak masuk akal. Contoh: 31/10/2027.", year=str(found.year)))
    return found


_SERIAL = re.compile(r"\d{4,6}([.,]\d+)?")
"""How a spreadsheet counts days, once the cell is no date any more."""


def _calendar(text: str) -> date:
    """A day of any year, as ``parse_date`` reads it. Raises Unreadable."""
    expected = t("Tanggal ini tidak terbaca. Contoh: 31/10/2027 atau 31 Oktober 2027.")
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{2}:\d{2}(?::\d{2})?)?", text):
        year, month, day = map(int, match.groups())
    elif match := re.fullmatch(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", text):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
        if month > 12 >= day:
            raise Unreadable(t("Bulan ke-{month} tidak ada. Tulis hari dulu. Contoh: 31/10/2027.", month=month))
    elif match := re.fullmatch(r"(?:[a-z']+\s*,\s*)?(\d{1,2})[\s-]+([a-z]+)\.?[\s-]+(\d{4})", text.lower()):
        if match[2] not in _MONTHS:
            raise Unreadable(expected)
        day, month, year = int(match[1]), _MONTHS[match[2]], int(match[3])
    elif re.fullmatch(r"\d{1,2}([/.-])\d{1,2}\1\d{2}", text):
        raise Unreadable(t("Tulis tahun dengan empat angka. Contoh: 31/10/2027."))
    else:
        raise Unreadable(expected)
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(t("Tanggal ini tidak ada di kalender. Contoh: 31/10/2027.")) from None


def parse_birth(text: str, today: date) -> date | int:
    """A day of birth, or its year where no more is written. Raises Unreadable, also for what is no age of a person."""
    if re.fullmatch(r"\d{4}", text):
        born: date | int = int(text)
    elif _SERIAL.fullmatch(text):
        reason = t("{found} adalah nomor tanggal dari Excel. Tulis tanggalnya. Contoh: 17/08/1990.", found=text)
        raise Unreadable(reason)
    else:
        try:
            born = _calendar(text)
        except Unreadable:
            shown = f'"{text[:40]}"'
            raise Unreadable(
                t("{found} bukan tanggal lahir. Tulis hari, bulan, dan tahun. Contoh: 17/08/1990.", found=shown)
            ) from None
    year = born if isinstance(born, int) else born.year
    if not today.year - 100 <= year <= today.year - 5:
        raise Unreadable(t("Tahun lahir {year} tidak masuk akal. Contoh: 17/08/1990.", year=str(year)))
    return born


def parse_nik(text: str) -> str:
    """The 16 digits of a NIK. Raises Unreadable for one that a spreadsheet has damaged; the digits are never shown."""
    digits = re.sub(r"[\s.'-]", "", text)
    if re.fullmatch(r"\d[\d,]*[eE]\+?\d+", digits):
        raise Unreadable(
            t(
                "NIK tertulis {found}: rusak oleh Excel. Ubah sel menjadi teks, lalu salin dari formulir. "
                "Contoh: 1222014505990001.",
                found=re.sub(r"0+(?=E)", "", text.upper()),
            )
        )
    if not digits.isdecimal():
        raise Unreadable(t("NIK hanya berisi angka. Salin lagi dari formulir. Contoh: 1222014505990001."))
    if len(digits) != 16:
        raise Unreadable(
            t(
                "NIK ini {count} angka, seharusnya 16. Salin lagi sebagai teks. Contoh: 1222014505990001.",
                count=len(digits),
            )
        )
    if digits.endswith("0000"):
        raise Unreadable(
            t("Angka terakhir NIK hilang di Excel. Salin lagi dari formulir sebagai teks. Contoh: 1222014505990001.")
        )
    return digits


def names_no_amount(text: str) -> bool:
    """Whether words stand where an amount is expected that name none: "nego", "sesuai UMK"."""
    return text.lower().strip(". ") in _UNSAID


def parse_amount(text: str) -> int:
    """Rupiah: "3690000", "3.690.000", "Rp3.690.000,00", "3,5 juta", "500rb", "gratis". Raises Unreadable."""
    said = re.sub(r"\s+", " ", text.lower()).strip()
    if said in ("gratis", "cuma-cuma", "tidak dipungut biaya", "bebas biaya"):
        return 0
    said = re.sub(r"^(rp\.?|idr)\s*", "", said)
    said = re.sub(r"(,-+|,00|\.00?|,0)$", "", said)
    if re.fullmatch(r"\d+", said):
        return int(said)
    if re.fullmatch(r"\d{1,3}(\.\d{3}){2,}|\d{1,3}(,\d{3}){2,}|\d{2,3}[.,]\d{3}", said):
        return int(re.sub(r"[.,]", "", said))
    if match := re.fullmatch(r"(\d{1,4})(?:[.,](\d{1,2}))? ?(ribu|rb|k|juta|jt)", said):
        whole, part, unit = match[1], match[2] or "", _UNITS[match[3]]
        return int(whole) * unit + (int(part) * unit // 10 ** len(part) if part else 0)
    if re.search(r"\d.*(-|–|s/?d|sampai|hingga).*\d", said):
        raise Unreadable(t("Ada dua angka. Tulis yang terendah dan yang tertinggi di kolomnya masing-masing."))
    if re.fullmatch(r"[\d.,]+e\+?\d+", said):
        raise Unreadable(t("Angka ini rusak oleh Excel. Tulis lengkap. Contoh: 3690000."))
    if re.fullmatch(r"\d[.,]\d{3}", said):
        raise Unreadable(t("Angka ini bisa berarti ribuan atau jutaan. Tulis lengkap. Contoh: 3690000."))
    raise Unreadable(t("Jumlah uang ini tidak terbaca. Contoh: 3690000 atau 3.690.000."))


def parse_whole(text: str, lowest: int, highest: int) -> int:
    """A whole number, a unit after it allowed ("2 orang", "18 tahun"). Raises Unreadable outside the bounds."""
    match = re.fullmatch(r"(\d{1,9})(?:[.,]0+)?(?: ?(?:orang|tahun|thn|th|peserta))?", text.lower())
    if match is None or not lowest <= int(match[1]) <= highest:
        raise Unreadable(t("Tulis angka bulat dari {lowest} sampai {highest}.", lowest=lowest, highest=highest))
    return int(match[1])


def parse_yes(text: str) -> bool:
    """ "ya" or "tidak", in the forms files have. Raises Unreadable."""
    said = text.lower()
    if said in ("ya", "y", "iya", "1", "true", "benar", "sudah", "yes"):
        return True
    if said in ("tidak", "t", "0", "false", "salah", "belum", "no", "n", "tdk"):
        return False
    raise Unreadable(t("Tulis ya atau tidak."))
