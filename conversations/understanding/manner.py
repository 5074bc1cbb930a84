"""How an answer is meant, whatever it says: as a question back, a shrug, a refusal, or a plain yes or no.

Pure; none of these raises. A question asks them where its own parser found nothing, or, for a consent, first of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from conversations.domain.wording import words_of
from conversations.understanding.reading import Reading, plain_reader

_LONGEST = 200  # characters that are read

_PUN = re.compile(r"\b(apa|mana) pun\b", re.IGNORECASE)  # otherwise "pun" is colour, and "apa" asks

# Questions

_ASKING_LINE = "apa siapa kenapa kapan dimana kemana mana berapa maksud maksudnya arti artinya beda bedanya"
_ASKING = frozenset(_ASKING_LINE.split())
_ASKING_HOW = frozenset({"bagaimana", "cara"})
_ASKING_PHRASES = ("kasih contoh", "minta contoh", "contoh apa", "apa contoh", "tidak ada contoh")
_ASKED = re.compile(r"\b(?:contohnya|maksudnya|artinya|jelaskan|jelasin)\b", re.IGNORECASE)
_MAY_ASK_LINE = "harus wajib perlu boleh bisa memang ada masa itu ini benar betul aman yakin nanti mau kok kan"
_MAY_ASK = frozenset(_MAY_ASK_LINE.split())
_NO_QUESTION = frozenset({"tidak", "jangan", "sembarang"})
"""Before "apa": "tidak apa-apa"."""


def is_question(text: str) -> bool:
    """Whether ``text`` asks something back: "apa itu pembaca layar?", "kenapa harus tahu", "harus diisi ya?".

    A question mark alone is none ("SMA?"): people put it after an answer they are not sure of.
    """
    reading = _read(text)
    words = reading.words
    if _asks(text, words) or not _ASKING_HOW.isdisjoint(words):
        return True
    return reading.asks and len(words) > 1 and (words[0] in _MAY_ASK or words[-1] in _MAY_ASK)


def _asks(text: str, words: Sequence[str]) -> bool:
    """Whether ``words`` ask what something is, or why: how is left open."""
    if _shrugs(words):
        return False
    asking = any(word in _ASKING and (at == 0 or words[at - 1] not in _NO_QUESTION) for at, word in enumerate(words))
    return asking or _says(words, _ASKING_PHRASES) or _ASKED.search(text) is not None


# Shrugs

_UNSURE = (
    "tidak tahu", "belum tahu", "kurang tahu", "tidak paham", "belum paham", "kurang paham", "bingung", "terserah",
    "sembarang", "sembarangan", "ikut saja", "tidak yakin", "kurang yakin", "belum yakin", "ragu", "seadanya",
    "apapun", "manapun", "lupa", "tidak ingat", "manut", "tidak ada ide",
)  # fmt: skip
_ANYTHING = (
    "apa saja", "mana saja", "semua boleh", "semua bisa", "semua mau", "boleh semua", "penting kerja",
    "penting halal", "asal kerja", "asal halal",
)  # fmt: skip
_OFFERED = frozenset(["ada", "pilihan", "contoh", "syarat", "lowongan", "loker", "pelatihan", "gaji", "isi"])
"""Beside these "apa saja" asks for a list."""
_FREE_LINE = "bebas saja kerja apa yang kamu dia mau terserah boleh"
_FREE = frozenset(_FREE_LINE.split())


def is_unsure(text: str) -> bool:
    """Whether ``text`` leaves it open: "gak tau", "bingung", "terserah kakak", "apa aja boleh", "bebas".

    Not when it names a wish beside it: "gak tau, mungkin menjahit".
    """
    return _leaves_open(_read(text))


def _leaves_open(reading: Reading) -> bool:
    return _shrugs(reading.words) and not _wishes(reading)


def _shrugs(words: Sequence[str]) -> bool:
    if _says(words, _UNSURE):
        return True
    if "bebas" in words and _FREE.issuperset(words):
        return True
    return _says(words, _ANYTHING) and _OFFERED.isdisjoint(words)


# Refusals

# "gak usah" reads "tidak jangan": both words of it are slang.
_REFUSES = re.compile(
    r"\b(?:(?:tidak|jangan|belum) (?:mau|perlu|jangan|ingin|enak)|malas|segan|malu|sungkan|keberatan) "
    r"(?:untuk )?(?:jawab|bilang|kasih|cerita|sebut|isi|bicara|jelas|tulis|buka|tahu)\b"
    r"(?: (?:tahu|itu|ini|soal|tentang|dulu|saja|sekarang|ke|sama kamu|kamu|siapa|di sini|saya)\b.*)?$"
)
_SECRET = ("rahasia", "privasi", "tidak bersedia", "tidak nyaman", "jangan tanya", "tidak perlu tahu", "bukan urusan")
_REFUSED_LINE = (
    "tidak mau|tidak ingin|lewat saja|lewat dulu|lewati saja|lewati dulu|skip|skip saja|skip dulu|nanti saja|"
    "nanti dulu|malu|segan|sungkan|keberatan|tidak jangan|tidak jangan dulu|kosong|kosong saja|kosongkan|"
    "kosongkan saja|pass|no comment|tidak jawab|mau lewat|mau skip|minta lewat|malas"
)
_REFUSED = frozenset(_REFUSED_LINE.split("|"))
_OF_ONESELF = frozenset({"saya", "kami", "maaf", "itu", "ini", "yang", "oh"})


def is_refusal(text: str) -> bool:
    """Whether ``text`` will not answer: "gak mau bilang", "rahasia", "skip aja". A refused wish is none."""
    return _declines(_read(text))


def _declines(reading: Reading) -> bool:
    if reading.asks or _wishes(reading):
        return False
    words = [word for word in reading.words if word not in _OF_ONESELF]
    spoken = " ".join(words)
    return spoken in _REFUSED or _says(words, _SECRET) or _REFUSES.search(spoken) is not None


# Pleasantries

_GREETING_LINE = (
    "halo hai hay hei hi hello helo p ping tes test cek assalamualaikum assalamu alaikum waalaikumsalam salam horas "
    "selamat pagi siang sore malam permisi misi punten numpang tanya"
)
_ASSENT_LINE = "ok oke okey okay okeh oce siap sip baik baiklah iya ya yes yoi yup betul benar setuju lanjut mari ayo"
_THANKS_LINE = "terima kasih makasih trimakasih thanks thank you tq thx sama"
_POLITE = frozenset(" ".join((_GREETING_LINE, _ASSENT_LINE, _THANKS_LINE)).split())


def is_pleasantry(text: str) -> bool:
    """Whether ``text`` only greets, thanks or nods: "halo kak", "ok siap", "terima kasih". It answers nothing."""
    words = [word for word in _read(text).words if word not in _COLOUR]
    # What colours speech is not even read: "iya kak" is left without a word.
    return any(map(str.isalpha, text)) and _POLITE.issuperset(words)


# Nothing of it

_NOTHING = re.compile(
    r"(?:(?:tidak|belum) (?:ada|perlu|punya|butuh)|tidak|tidak jangan|jangan|tanpa|kosong|nol|nihil|none|nothing)"
    r"(?: (?:ada|perlu|apa|yang|khusus|itu|ini|semua|saja|saya|satu|di sini|sekarang|dulu|untuk))*"
)


def is_nothing(text: str) -> bool:
    """Whether ``text`` says that there is none: "gak ada kok kak", "tidak perlu apa-apa", "belum ada"."""
    return _has_none(_read(text))


def _has_none(reading: Reading) -> bool:
    words = [word for word in reading.words if word not in _OF_ONESELF]
    return not reading.asks and _NOTHING.fullmatch(" ".join(words)) is not None


def names_nothing(text: str) -> bool:
    """Whether ``text`` is one of the above, and so names none of the things it could choose from.

    Asking how is not: it names what it asks about ("cara lamarnya gimana").
    """
    reading = _read(text)
    return _asks(text, reading.words) or _leaves_open(reading) or _declines(reading) or _has_none(reading)


# Yes and no

_RUN = re.compile(r"([^\W\d_])\1+")
_GLUED_NO = re.compile(r"(?:tidak|tdk|gak|ga|gk|nggak|ngga|enggak|tak|ndak)(?:mau|boleh|setuju|usah|bisa)")
_COLOUR_LINE = (
    "kak kakak kk bang abang bg pak bapak bu ibu min admin mas mbak om tante deh kok dong lah sih kan nah loh lho aja "
    "saja banget sekali sangat ah eh oh aduh nih to lo kok juga"
)
_COLOUR = frozenset(_COLOUR_LINE.split())
_YES_LINE = (
    "ya iya iyo yo yup yes oke ok okay okey okeh boleh setuju setujui disetujui menyetujui sepakat silakan silahkan "
    "nggih inggih sure agree iye"
)
_YES = frozenset(_YES_LINE.split())
_AGREED = frozenset(["setuju", "setujui", "disetujui", "menyetujui", "sepakat", "agree"])
_WHO_LINE = (
    "saya aku awak kami kita dia i mamak mama emak ibu bapak ayah suami istri anak wali orang tua nenek kakek abang "
    "kakak adik kakak adek paman orangnya anaknya mamaknya ibunya bapaknya ayahnya suaminya istrinya"
)
_WHO = frozenset(_WHO_LINE.split())
_DONE = frozenset(["sudah", "udah", "udh", "sdh", "dah"])
_NO_LINE = (
    "tidak tdk tdak gak ga gk g nggak ngga enggak engga kagak tak ndak ndk ora indak jangan jgn belum blm blom bukan "
    "no not nope ogah emoh tolak menolak"
)
_NO = frozenset(_NO_LINE.split())
_NO_BESIDE_LINE = (
    "boleh setuju mau bersedia izin izinkan mengizinkan diizinkan usah perlu dulu sekarang terima kasih makasih maaf "
    "kasi ijin sudi agree"
)
_NO_BESIDE = frozenset(_NO_BESIDE_LINE.split()) | _WHO
_COUNTS = _COLOUR | _YES | _WHO | _DONE | _NO | _NO_BESIDE


def yes_no(text: str) -> bool | None:
    """A consent: True for a plain yes, False for a plain no, None for anything else, and for every doubt.

    Exact words only, with the colour of talk taken off ("oke kak", "iya setuju", "mamak udah setuju kok"). Never True
    where a word denies ("boleh tidak ya?", "setuju tapi jangan …").
    """
    if "?" in text or len(text) > _LONGEST:
        return None
    words = [word for word in map(_plain, words_of(text)) if word]
    words = [word for at, word in enumerate(words) if word not in _COLOUR or _is_somebody(words, at)]
    if not words:
        return None
    if any(_denies(word) for word in words):
        return False if _is_no(words) else None
    if _YES.issuperset(words):
        return True
    beside = [word for word in words if word not in _YES]
    agreed = not _AGREED.isdisjoint(words)
    return True if agreed and all(word in _WHO or word in _DONE for word in beside) else None


def _plain(word: str) -> str:
    """ "yaaa" -> "ya", "okelah" -> "oke"; a word that is none of those that count stays as it is."""
    squeezed = _RUN.sub(r"\1", word)
    spellings = (word, squeezed, word.removesuffix("lah"), squeezed.removesuffix("lah"))
    return next((spelling for spelling in spellings if spelling in _COUNTS), word)


def _is_somebody(words: Sequence[str], at: int) -> bool:
    """ "ibu" in "ibu sudah setuju" is who agreed; in "setuju bu" it is who is spoken to."""
    return words[at] in _WHO and at + 1 < len(words) and words[at + 1] in (*_DONE, *_AGREED, *_WHO, *_NO)


def _denies(word: str) -> bool:
    return word in _NO or _GLUED_NO.fullmatch(word) is not None


def _is_no(words: Sequence[str]) -> bool:
    """A denial that comes first and is followed by nothing that turns it: "tidak", "saya belum setuju"."""
    said = list(words)
    while said and said[0] in _WHO:
        said.pop(0)
    return bool(said) and _denies(said[0]) and all(word in _NO_BESIDE or _denies(word) for word in said[1:])


def _read(text: str) -> Reading:
    return plain_reader().read(_PUN.sub(r"\1pun", text[:_LONGEST]))


def _says(words: Sequence[str], phrases: Iterable[str]) -> bool:
    spoken = f" {' '.join(words)} "
    return any(f" {phrase} " in spoken for phrase in phrases)


def _wishes(reading: Reading) -> bool:
    return any(tag.is_wish for tag in reading.tags)
