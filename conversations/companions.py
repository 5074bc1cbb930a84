"""One contact speaks for several people: whom the talk is about, and turning to another."""

from __future__ import annotations

from collections import Counter

from conversations.domain.seeker import NEW
from conversations.domain.wording import words_of
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import Conversation, Menu
from conversations.engine.messages import Message
from conversations.engine.moves import Move, Open, Retry, TurnTo
from conversations.engine.questions import Choice, names_one, page_of, picked, turned_page
from conversations.engine.texts import Shown, t

ANOTHER = "another"
"""The choice to register one more."""

WAYS = frozenset({"ganti", "switch", "tentang", "about"})
"""What is said before a name to turn to that person; the first two turn by themselves."""


def names(context: Context) -> dict[int, Shown]:
    """What to call each, by id: the name, numbered where several have the same."""
    same = Counter(seeker.name for seeker in context.seekers)
    seen: Counter[str] = Counter()
    called: dict[int, Shown] = {}
    for seeker in reversed(context.seekers):  # who came first keeps the first number
        seen[seeker.name] += 1
        number = seen[seeker.name]
        called[seeker.id] = t("{name}, nomor {number}", name=seeker.name, number=number)
        if same[seeker.name] == 1:
            called[seeker.id] = seeker.name
    return called


def people(talk: Talk) -> tuple[Choice, ...]:
    """Everybody who is spoken for, who is being registered, and somebody else."""
    called = names(talk.context)
    registering = any(frame.conversation == "registration" for frame in talk.session.stack)
    return (
        *(Choice(str(id_), name) for id_, name in called.items()),
        *((Choice(str(NEW), t("Pendaftaran yang belum selesai"), ("pendaftaran",)),) if registering else ()),
        Choice(ANOTHER, t("Daftarkan orang lain"), ("orang lain", "daftar orang lain", "daftar")),
    )


def ask(talk: Talk) -> Message:
    return Message((t("Tentang siapa?"),), page_of(people(talk), int(talk.scratch("page", 0))))


def hear(talk: Talk, said: Said) -> Move:
    choices = people(talk)
    if turned := turned_page(talk, said, len(choices)):
        return turned
    wanted = picked(talk, said, choices)
    if wanted == ANOTHER:
        return Open("registration", {"for_whom": "other"}, about=NEW)
    if wanted is None or wanted not in {choice.value for choice in choices}:
        return Retry(t("Balas angka atau nama orangnya. Contoh: 1"))
    return TurnTo(int(wanted))


def claims(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, people(talk))


companions = Conversation(
    name="people",
    version=1,
    title=t("Pilihan orang"),
    states=(Menu("people", ask, hear, (), claims),),
    passing=True,
)


def turned(context: Context, text: str, own_words: bool) -> Move | None:
    """GANTI, "ganti Rina", or a name alone where it cannot be an answer; None: nothing of the kind.

    GANTI leads to a list, and with two people straight to the other one.
    """
    if len(context.seekers) < 2 and not (context.seekers and context.about == NEW):
        return None
    words = tuple(words_of(text))
    way = bool(words) and words[0] in WAYS
    if words in (("ganti",), ("switch",), ("ganti", "orang"), ("switch", "person")):
        others = [seeker.id for seeker in context.seekers if seeker.id != context.about]
        return TurnTo(others[0]) if len(context.seekers) == 2 and len(others) == 1 else Open("people")
    called = _named(context, words[1:] if way else words)
    return TurnTo(called) if called is not None and (way or not own_words) else None


def _named(context: Context, words: tuple[str, ...]) -> int | None:
    """The one person whose whole name these are, or whose name begins with them."""
    if not words:
        return None
    spelt = {seeker.id: tuple(words_of(seeker.name)) for seeker in context.seekers}
    for found in (
        [id_ for id_, name in spelt.items() if name == words],
        [id_ for id_, name in spelt.items() if name[: len(words)] == words],
    ):
        if found:
            return found[0] if len(found) == 1 else None
    return None
