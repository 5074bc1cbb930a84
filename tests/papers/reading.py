"""A PDF as a screen reader meets it: its tags, in their order, and the words under each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream


@dataclass(frozen=True)
class Heard:
    """One tagged piece: the role of its nearest element that is not a mere span, and its words."""

    role: str
    words: str


@dataclass(frozen=True)
class Marked:
    """An open piece of marked content: the mark that a tag points to, and what is read instead of its glyphs."""

    mark: int | None = None
    instead: str | None = None

    @classmethod
    def of(cls, properties: Any, kind: str) -> Marked:
        return cls(None if kind == "/Artifact" else properties.get("/MCID"), properties.get("/ActualText"))


@dataclass
class Drawn:
    """What the pages draw: words by (page, mark), the sizes of letters in points, words outside all tags."""

    marked: dict[tuple[int, int], str] = field(default_factory=lambda: defaultdict(str))
    sizes: set[float] = field(default_factory=set)
    colours: set[float] = field(default_factory=set)
    """Grey of the letters: 0 is black."""
    untagged: int = 0

    def say(self, page: int, opened: list[Marked], words: str) -> None:
        """Under the innermost tag; decoration has none, and is not read."""
        mark = next((one.mark for one in reversed(opened) if one.mark is not None), None)
        if mark is not None:
            self.marked[page, int(mark)] += words


class Paper:
    """A PDF, parsed."""

    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(BytesIO(content))
        self.root: Any = self.reader.trailer["/Root"]

    @cached_property
    def text(self) -> str:
        return " ".join(one.words for one in self.heard)

    def headings(self) -> list[tuple[str, str]]:
        return [(one.role, one.words) for one in self.heard if one.role in ("/H1", "/H2", "/H3")]

    @cached_property
    def heard(self) -> list[Heard]:
        """Everything in logical order, pieces of one element together."""
        drawn = self.drawn
        pages = {
            page.indirect_reference.idnum: n for n, page in enumerate(self.reader.pages) if page.indirect_reference
        }
        found: list[tuple[int, str, str]] = []
        for owner, role, page, mark in self._marks(self.root["/StructTreeRoot"], "", 0, None):
            words = drawn.marked.get((pages[page], mark), "")
            if found and found[-1][0] == owner:
                found[-1] = (owner, role, found[-1][2] + words)
            else:
                found.append((owner, role, words))
        return [Heard(role, " ".join(words.split())) for _, role, words in found if words.strip()]

    def _marks(self, node: Any, role: str, owner: int, page: int | None) -> Iterator[tuple[int, str, int, int]]:
        node = node.get_object()
        if isinstance(node, int):
            assert page is not None
            yield owner, role, page, int(node)
            return
        if isinstance(node, list):
            for kid in node:
                yield from self._marks(kid, role, owner, page)
            return
        if "/Pg" in node:
            page = node.raw_get("/Pg").idnum
        if node.get("/Type") == "/MCR":
            yield from self._marks(node["/MCID"], role, owner, page)
            return
        if "/S" in node and node["/S"] not in ("/Span", "/Strong", "/Em"):
            role, owner = str(node["/S"]), id(node)
        if "/K" in node:
            yield from self._marks(node["/K"], role, owner, page)

    @cached_property
    def drawn(self) -> Drawn:
        drawn = Drawn()
        for number, page in enumerate(self.reader.pages):
            self._draw(number, page, drawn)
        return drawn

    def _draw(self, number: int, page: Any, drawn: Drawn) -> None:
        fonts = {
            name: letters(font.get_object()["/ToUnicode"].get_data().decode())
            for name, font in page["/Resources"]["/Font"].items()
        }
        opened: list[Marked] = []
        scale, font, matrix, grey = 0.0, "", 1.0, 1.0
        for operands, operator in ContentStream(page.get_contents(), self.reader).operations:
            match operator:
                case b"BDC":
                    opened.append(Marked.of(operands[1], operands[0]))
                    drawn.say(number, opened, opened[-1].instead or "")
                case b"BMC":
                    opened.append(Marked())
                case b"EMC":
                    opened.pop()
                case b"Tf":
                    font, scale = operands
                case b"Tm":
                    matrix = abs(float(operands[3]))
                case b"scn":
                    grey = float(operands[0])
                case b"Tj" | b"TJ":
                    drawn.colours.add(grey)
                    drawn.sizes.add(round(float(scale) * matrix, 2))
                    drawn.untagged += not opened
                    if all(one.instead is None for one in opened):
                        pieces = operands if operator == b"Tj" else operands[0]
                        words = [words_of(piece, fonts[font]) for piece in pieces if isinstance(piece, str | bytes)]
                        drawn.say(number, opened, "".join(words))


def letters(cmap: str) -> dict[int, str]:
    """What each glyph of a font says, from its ToUnicode map, which lists glyphs one by one."""
    assert "beginbfrange" not in cmap
    return {
        int(glyph, 16): bytes.fromhex(said).decode("utf-16-be")
        for glyph, said in re.findall(r"^<([0-9A-F]{4})> <([0-9A-F]+)>$", cmap, re.MULTILINE)
    }


def words_of(piece: Any, font: dict[int, str]) -> str:
    raw = piece if isinstance(piece, bytes) else piece.original_bytes
    return "".join(font[int.from_bytes(raw[at : at + 2])] for at in range(0, len(raw), 2))
