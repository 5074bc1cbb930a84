"""What somebody wishes for: the phrases and places of a message as a Query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from conversations.domain import education
from conversations.domain.fields import GENERAL
from conversations.domain.query import Query
from conversations.domain.region import Region
from conversations.understanding.amounts import amount_at
from conversations.understanding.lexicons import Slot, Wish
from conversations.understanding.reading import Reading, Tag

_NEGATORS = frozenset({"tidak", "bukan", "jangan", "kecuali", "selain", "tanpa"})
_FORWARD = _NEGATORS - {"tidak"}
_MODALS = frozenset({"mau", "bisa", "suka", "boleh", "perlu", "sanggup", "usah", "kuat"})
_VERBS = _MODALS | {"pakai", "punya", "pandai", "paham", "minat", "tertarik", "cocok", "cari", "pilih", "pernah"}
"""What may stand between "tidak" and what it denies: "tidak pakai kursi roda"."""
_ASKING = frozenset(
    {"ada", "bisa", "boleh", "mau", "masih", "sudah", "buka", "terima", "perlu", "loker", "lowongan", "cari"}
)
_CONTRAST = frozenset({"tapi", "cuma", "hanya", "maunya", "kalau"})
_BETWEEN = frozenset({"di", "ke", "kerja", "yang", "untuk", "lagi"})
_TOGETHER = frozenset({"dan", "atau", "sama", "di", "ke"})
_SUBJECTS = frozenset({"saya", "kami", "dia", "kamu", "kita", "yang", "kalau", "tapi", "karena"})
_AT = frozenset({"di", "ke", "bagian", "untuk", "dari", "yang"})
_TEACHES = frozenset({"guru", "ajar", "ngajar", "pengajar", "tutor"})
_COMPANIES = frozenset({"pt", "cv", "ud", "perusahaan", "ptpn"})
_FUNCTION_LINE = "di ke dari yang untuk dan atau ini itu dengan sama lagi saja sudah masih sedang akan juga"
_FUNCTION = frozenset(_FUNCTION_LINE.split())

_MONTH_LINE = "januari februari maret april mei juni juli agustus september oktober november desember"
_MONTHS = {name: number for number, name in enumerate(_MONTH_LINE.split(), start=1)}

_NEVER_NAMES = (
    _FUNCTION | _ASKING | _SUBJECTS | _NEGATORS | {"kapan", "dimana", "apa", "mana", "berapa", "gaji", "kasih"}
)

_WAGE_LEAST, _WAGE_MOST = 300_000, 100_000_000  # rupiah a month; anything else is no monthly wage


def wishes_of(reading: Reading, region: Region, today: date, *, training: bool, wage: bool, umk: bool) -> Query:
    """The wishes in a message.

    ``training``: it is about trainings, where interviews and the like are a subject. ``wage``: it speaks of pay,
    so that an amount is a wish. ``umk``: it names the minimum wage.
    """
    denied = denied_in(reading)
    employer, named = _employer(reading)
    meant = [tag for tag in reading.tags if tag.is_wish and tag.start not in named]
    wanted = [tag for tag in meant if tag not in denied]
    refused = [tag for tag in meant if tag in denied]
    beside = _settings_beside_work(reading, wanted)
    general = [tag for tag in wanted if training and any(wish.code == GENERAL for wish in _all_wishes(tag))]
    own = [at for at in reading.unread if at not in named]
    spoken = sorted({*own, *(at for tag in (*beside, *general) for at in range(tag.start, tag.end))})
    completed = _completed(reading)
    levels = [completed] if completed else list(_codes(wanted, "education", beside))
    places = _places(wanted)
    return Query(
        fields=tuple(code for code in _codes(wanted, "fields", beside) if training or code != GENERAL),
        not_fields=tuple(code for code in _codes(refused, "fields", ()) if code != GENERAL),
        places=places,
        not_places=tuple(place for place in _places(refused) if place not in places),
        ragam=tuple(_codes(reading.tags, "ragam", ())),
        needs=tuple(_codes(wanted, "needs", ())),
        education=max(levels, key=lambda code: education.rank(code) or 0, default=None),
        wage_min=_wage(reading, region, today, umk) if wage else None,
        kinds=tuple(_codes(wanted, "kinds", ())),
        not_kinds=tuple(_codes(refused, "kinds", ())),
        conditions=tuple(_codes(wanted, "conditions", ())),
        month=_month(reading, today, training),
        employer=employer,
        words=tuple(dict.fromkeys(reading.tokens[at].word for at in spoken)),
        said=_said(reading, wanted, beside),
    )


def codes_of(reading: Reading) -> tuple[str, ...]:
    """The codes of all that is wished for, of whatever slot, and not taken back again."""
    denied = denied_in(reading)
    wanted = [tag for tag in reading.tags if tag.is_wish and tag not in denied]
    beside = _settings_beside_work(reading, wanted)
    slots: tuple[Slot, ...] = ("fields", "ragam", "needs", "education", "kinds")
    completed = _completed(reading)
    codes = (code for slot in slots if slot != "education" for code in _codes(wanted, slot, beside))
    return tuple(dict.fromkeys((*codes, *((completed,) if completed else _codes(wanted, "education", beside)))))


def _completed(reading: Reading) -> str | None:
    """What somebody has completed who is still at school; a class somebody teaches is none."""
    words = reading.words
    return education.completed(words) if _TEACHES.isdisjoint(words) else None


def _month(reading: Reading, today: date, training: bool) -> int | None:
    """The month somebody names, "bulan depan" included: 1 to 12. Work is there "bulan ini" as ever."""
    for one, other in pairwise(("", *reading.words)):
        if one == "bulan" and other in ("ini", "depan"):
            following = today.month % 12 + 1 if other == "depan" else None
            return today.month if training and following is None else following
        if other in _MONTHS and (training or one in ("bulan", "awal", "akhir", "mulai")):  # elsewhere also a name
            return _MONTHS[other]
    return None


def _all_wishes(tag: Tag) -> Iterable[Wish]:
    return tag.entry.wishes if tag.entry else ()


def _codes(tags: Iterable[Tag], slot: Slot, without: Iterable[Tag]) -> Iterator[str]:
    skipped = list(without)
    seen: set[str] = set()
    for tag in tags:
        for wish in _all_wishes(tag):
            if wish.slot == slot and wish.code not in seen and tag not in skipped:
                seen.add(wish.code)
                yield wish.code


def _said(reading: Reading, wanted: Sequence[Tag], beside: Sequence[Tag]) -> tuple[str, ...]:
    tags = [tag for tag in wanted if tag not in beside and any(wish.slot == "fields" for wish in _all_wishes(tag))]
    words = (reading.tokens[at].word for tag in tags for at in range(tag.start, tag.end))
    return tuple(dict.fromkeys(word for word in words if len(word) > 2 and word not in _BETWEEN | _SUBJECTS))


def _places(tags: Iterable[Tag]) -> tuple[str, ...]:
    """District codes and names of places outside; the whole region only where nothing narrower is named."""
    matches = [tag.place for tag in tags if tag.place]
    narrower = [match for match in matches if match.kind != "region"]
    codes = (code for match in narrower or matches for code in (match.districts or (match.name,)))
    return tuple(dict.fromkeys(codes))


def _settings_beside_work(reading: Reading, wanted: Sequence[Tag]) -> list[Tag]:
    """Settings next to a word for the work ("krani kebun"): they say where, not what."""
    beside: list[Tag] = []
    fields = [tag for tag in wanted if any(wish.slot == "fields" for wish in _all_wishes(tag))]
    for one, other in pairwise(fields):
        if not all(token.word in _AT for token in reading.tokens[one.end : other.start]):
            continue
        settings = [tag for tag in (one, other) if all(wish.setting for wish in _all_wishes(tag))]
        if len(settings) == 1:
            beside += settings
    return beside


def denied_in(reading: Reading) -> list[Tag]:
    """The wishes that a "tidak", "bukan", "selain" … takes back."""
    inside = {at for tag in reading.tags if tag.is_wish for at in range(tag.start, tag.end)}
    denied: list[Tag] = []
    for at, token in enumerate(reading.tokens):
        if token.word in _NEGATORS and at not in inside:
            denied += _scope(reading, at)
    return denied


def _scope(reading: Reading, at: int) -> list[Tag]:
    """What the negation at ``at`` denies: what follows it, or in sign-language order what went before."""
    tokens, clause = reading.tokens, reading.tokens[at].clause
    within = [tag for tag in reading.tags if tag.is_wish and tokens[tag.start].clause == clause]
    after = [tag for tag in within if tag.start > at]
    rest = [token.word for token in tokens[at + 1 :] if token.clause == clause]
    asked = any(token.word in _ASKING for token in tokens[:at] if token.clause == clause)
    direct = bool(rest) and (rest[0] in _VERBS or (rest[0] in ("di", "ke") and not asked))
    direct = direct or bool(after and after[0].start == at + 1)
    if tokens[at].word == "tidak" and rest and not direct:
        return []  # "tidak ada loker?" denies no wish
    if tokens[at].word == "tidak" and not rest and any(t.word in _ASKING for t in tokens if t.clause == clause):
        return []  # "ada loker tidak" asks
    skipped = at + 1
    while skipped < len(tokens) and tokens[skipped].word in _VERBS | _BETWEEN:
        skipped += 1
    if _denied_before(reading, within, after, at):
        return _before(reading, within, at)
    if after and after[0].start <= skipped + 1 and after[0].start >= at + 1:
        return _group(reading, after)
    if any(word not in _VERBS | _BETWEEN for word in rest) and tokens[at].word in _FORWARD:
        return []
    return _before(reading, within, at)


def _denied_before(reading: Reading, within: Sequence[Tag], after: Sequence[Tag], at: int) -> bool:
    """ "kebun tidak mau | kantor mau": something to deny right before, and a modal of its own for what follows."""
    tokens = reading.tokens
    before = tokens[at - 1] if at else None
    if not after or before is None or before.clause != tokens[at].clause or before.word in _SUBJECTS:
        return False
    following = after[0].end
    while following < len(tokens) and tokens[following].word in ("saya", "kerja"):
        following += 1
    accepted = following < len(tokens) and tokens[following].word in ("mau", "bisa", "suka")
    return accepted and not any(tag.start == following + 1 for tag in within)


def _group(reading: Reading, after: Sequence[Tag]) -> list[Tag]:
    """The first wish and those joined to it: "bukan kebun atau pabrik"."""
    group = [after[0]]
    for tag in after[1:]:
        between = [token.word for token in reading.tokens[group[-1].end : tag.start]]
        joined = bool(between) and all(word in _TOGETHER for word in between)
        if not joined or (tag.place is None) != (group[0].place is None):
            break
        group.append(tag)
    return group


def _before(reading: Reading, within: Sequence[Tag], at: int) -> list[Tag]:
    """Back to the last word that began something else: "kasir bisa | malam kerja tidak mau"."""
    begin = at
    while begin > 0 and reading.tokens[begin - 1].clause == reading.tokens[at].clause:
        if reading.tokens[begin - 1].word in _MODALS | _CONTRAST:
            break
        begin -= 1
    return [tag for tag in within if begin <= tag.start < at]


def _employer(reading: Reading) -> tuple[str | None, set[int]]:
    """The name after "pt", "cv" …, and where its words stand.

    A field may begin it ("PT Kebun Contoh"), but is none by itself: "pt sawit" is any.
    """
    tag_at = {tag.start: tag for tag in reading.tags}
    for at, token in enumerate(reading.tokens[:-1]):
        if token.word not in _COMPANIES:
            continue
        first = tag_at.get(at + 1)
        end = first.end if first and _names_field(first) else at + 1
        fields_end = end
        while end < at + 5 and end not in tag_at and end < len(reading.tokens) and _may_name(reading.tokens[end].word):
            end += 1
        if end > fields_end:
            named = range(at + 1, end)
            return " ".join(dict.fromkeys(reading.tokens[n].raw for n in named)), set(named)
    return None, set()


def _names_field(tag: Tag) -> bool:
    return any(wish.slot == "fields" for wish in _all_wishes(tag))


def _may_name(word: str) -> bool:
    return word.isalpha() and word not in _NEVER_NAMES


def _wage(reading: Reading, region: Region, today: date, umk: bool) -> int | None:
    """Rupiah a month; "gaji umk" is the region's minimum wage while its figure is not older than a year."""
    words = reading.words
    for at in range(len(words)):
        found = amount_at(words, at)
        if found and _WAGE_LEAST <= found[1] <= _WAGE_MOST:
            return found[1]
    minimum = region.wage_minimum
    return minimum.amount if umk and minimum and today.year - minimum.year <= 1 else None
