"""One contact speaks for several people: whom the talk is about, and turning to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from conversations.domain.seeker import NEW
from conversations.domain.wording import words_of
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import Conversation, Menu
from conversations.engine.messages import Message
from conversations.engine.moves import Move, Open, Retry, TurnTo
from conversations.engine.questions import Choice, names_one, page_of, picked, turned_page
from conversations.engine.session import Session
from conversations.engine.texts import Shown, t

ANOTHER = "another"
"""The choice to register one more."""

WAYS = frozenset({"ganti", "switch", "tentang", "about"})
"""What is said before a name to turn to that person; the first two turn by themselves."""


def known(context: Context, session: Session) -> dict[int, str]:
    """The name of each who is spoken for or being registered, by id; "" where that is not known yet."""
    registering = (f for f in session.stack if f.conversation == "registration" and f.about == NEW)
    new = {frame.about or NEW: str(frame.answers.get("name", "")) for frame in registering}
    # Who came first keeps the first number.
    return {seeker.id: seeker.name for seeker in reversed(context.seekers)} | new


def people(talk: Talk) -> tuple[Choice, ...]:
    """Everybody who is spoken for or being registered, and somebody else; who has the same name has a number too."""
    named = known(talk.context, talk.session)
    same = Counter(named.values())
    seen: Counter[str] = Counter()
    choices: list[Choice] = []
    for id_, name in named.items():
        seen[name] += 1
        label: Shown = name or t("Pendaftaran yang belum selesai")
        if name and same[name] > 1:
            label = t("{name}, nomor {number}", name=name, number=seen[name])
        choices.append(Choice(str(id_), label, () if name else ("pendaftaran",)))
    another = Choice(ANOTHER, t("Daftarkan orang lain"), ("orang lain", "daftar orang lain", "daftar"))
    return (*choices, another)


def ask(talk: Talk) -> Message:
    return Message((t("Tentang siapa?"),), page_of(people(talk), int(talk.scratch("page", 0))), about="")


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


def turned(context: Context, session: Session, text: str, own_words: bool) -> Move | None:
    """GANTI, "ganti Rina", or a name alone where it cannot be an answer; None: nothing of the kind.

    GANTI leads to a list, and with two people straight to the other one.
    """
    named = known(context, session)
    if len(named) < 2:
        return None
    words = tuple(words_of(text))
    way = bool(words) and words[0] in WAYS
    if words in (("ganti",), ("switch",), ("ganti", "orang"), ("switch", "person")):
        others = [id_ for id_ in named if id_ != context.about]
        return TurnTo(others[0]) if len(others) == 1 else Open("people")
    called = _meant(named, words[1:] if way else words)
    return TurnTo(called) if called is not None and (way or not own_words) else None


def _meant(named: Mapping[int, str], words: tuple[str, ...]) -> int | None:
    """The one person whose whole name these are, or whose name begins with them."""
    if not words:
        return None
    spelt = {id_: tuple(words_of(name)) for id_, name in named.items()}
    whole = [id_ for id_, name in spelt.items() if name == words]
    found = whole or [id_ for id_, name in spelt.items() if name[: len(words)] == words]
    return found[0] if len(found) == 1 else None
