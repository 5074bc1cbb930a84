"""How written words are brought into one shape before they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:[.,](?=\d)[\d]+)*")


def plain(text: str) -> str:
    """``text`` in lower case, full-width and accented forms made plain: "CAFÉ" -> "cafe"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def words_of(text: str) -> list[str]:
    """The words of ``text``, lower case, without punctuation; "2.500.000" and "3,5" stay one word."""
    return _WORD.findall(plain(text))


@lru_cache(maxsize=4_096)
def fold(text: str) -> str:
    """``text`` as lower-case words with single spaces: the shape in which labels and answers are compared.

    Remembered, for every answer is compared with all the labels of its question.
    """
    return " ".join(words_of(text))


def searchable(*texts: str) -> str:
    """Several texts as one line of words with a space at both ends, so that " word " is found by substring."""
    return f" {' '.join(filter(None, map(fold, texts)))} "
