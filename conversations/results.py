"""The talk about what was found: a page of three, one of them opened, its text in portions, how to go on.

Vacancies and trainings differ only in their words; those are an ``Offers`` value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from conversations import support
from conversations.domain.query import Query
from conversations.domain.seeker import Seeker
from conversations.domain.suits import Suitability, explain, matches
from conversations.domain.vacancy import Training, Vacancy
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import Conversation, Menu
from conversations.engine.events import Answer, Found, Search
from conversations.engine.messages import MAX_CHARACTERS, MAX_LINES, Message, QuickReply, cut
from conversations.engine.moves import Do, Done, Goto, Move, Open, Retry, Show
from conversations.engine.questions import MORE, SEE_MORE, Choice, names_one, page_of, picked, wants_more
from conversations.engine.session import Results
from conversations.engine.texts import Listing, Shown, Text, t
from conversations.understanding import answers as parse

ABOUT = frozenset({"wage", "requirement", "apply", "need", "place", "deadline"})
"""Topics of questions that the open vacancy or training answers."""

PAGE = 3
"""Entries on a page (rule 6)."""

Offer = TypeVar("Offer", bound=Vacancy | Training)


@dataclass(frozen=True, slots=True)
class Offers(Generic[Offer]):
    """What is said about one kind of offer."""

    kind: str
    """"vacancy" or "training": what is searched."""
    prefix: str
    """Of the buttons that open one and stand for ever: "job"."""
    conversation: str
    line: Callable[[Offer], Text]
    """One line: what, where, pay or when."""
    about: Callable[[Offer], Text]
    """The same without what it is, for rows that name that already."""
    facts: Callable[[Talk, Offer], tuple[Shown, ...]]
    """The key facts, first of all (rule 4)."""
    rest: Callable[[Talk, Offer], tuple[Shown, ...]]
    """Everything else, read in portions."""
    how: Callable[[Talk, Offer], tuple[Shown, ...]]
    """How to apply or enrol."""
    how_label: Text
    how_words: tuple[str, ...]
    """Other words for it, lower case. "daftar" alone is one only where one enrols: else it is registering here."""
    others_label: Text
    heading: Text
    heading_other: Text
    """Nothing has anything of what was wished for; this is what there is."""
    heading_near: Text
    """Nothing meets all wishes: these come nearest."""
    nothing: Text
    gone: Text
    instead: str
    """The conversation to try where nothing is open."""
    instead_label: Text
    notify: Callable[[Context], Move] | None
    """Asks to be told when there is something."""
    hint: Text

    # Pages

    def search(self, talk: Talk) -> Do:
        query = Query.from_json(talk.frame.answers.get("query", {}))
        return Do(Search(self.kind, query, offset=int(talk.scratch("offset", 0)), limit=PAGE))

    def page(self, talk: Talk, found: Found, offers: tuple[Offer, ...]) -> Move:
        query, offset = found.search.query, found.search.offset
        if not offers:
            return Show("nothing", self.asked_nothing(talk), {}, Results(self.kind, query, ()))
        replies = [
            QuickReply(offer.title, f"{self.prefix}:{offer.id}", str(n), self.line(offer), self.about(offer))
            for n, offer in enumerate(offers, start=offset + 1)
        ]
        following = offset + len(offers)
        if following < found.total:
            replies.append(QuickReply(SEE_MORE, f"+{following}", MORE))
        heading = self.headed(talk, query, offers, offset)
        before = self.remembered(talk, query).ids[:offset]
        results = Results(self.kind, query, (*before, *(o.id for o in offers)), offset, found.total)
        titles = [[offer.id, offer.title] for offer in offers]
        return Show("results", Message((heading,), tuple(replies)), {"offset": offset, "titles": titles}, results)

    def headed(self, talk: Talk, query: Query, offers: tuple[Offer, ...], offset: int) -> Text:
        """What the page holds: all that was wished for, only what comes near, or first the one and then the other."""
        verdicts = [self.suits(talk, offer, query) for offer in offers]
        exact = sum(verdict.exact for verdict in verdicts)
        if exact == len(offers):
            return self.heading
        if exact == 0 and offset > 0:
            return t("Yang lain:")
        if exact == 0:
            near = any(verdict.score > 0 for verdict in verdicts)
            return self.heading_near if near else self.heading_other
        if exact == 1:
            return t("Nomor {number} sesuai. Yang lain hampir sesuai:", number=offset + 1)
        return t("Nomor {first} sampai {last} sesuai. Yang lain hampir sesuai:", first=offset + 1, last=offset + exact)

    def remembered(self, talk: Talk, query: Query) -> Results:
        """The pages of this search so far."""
        results = talk.session.results
        return (
            results
            if results and (results.kind, results.query) == (self.kind, query)
            else Results(self.kind, query, ())
        )

    def hear_page(self, talk: Talk, said: Said) -> Move:
        if said.choice is not None and said.choice.startswith("+") and said.choice[1:].isdigit():
            return Goto("results", scratch={"offset": int(said.choice[1:])})
        if wants_more(talk, said.text):
            return self.following(talk)
        number = parse.choose(said.text, self.numbered(talk))
        return Goto("detail", scratch={"id": int(number), "part": 0}) if number else Retry(self.hint)

    def following(self, talk: Talk) -> Move:
        """The next page, and after the last the first again."""
        results, offset = talk.session.results, int(talk.scratch("offset", 0)) + PAGE
        return Goto("results", scratch={"offset": offset if results and offset < results.total else 0})

    def numbered(self, talk: Talk) -> list[parse.Option]:
        """Everything shown so far by its number, this page also by its title."""
        titles = {int(id_): str(title) for id_, title in talk.scratch("titles", [])}
        results = talk.session.results
        ids = results.ids if results and results.kind == self.kind else tuple(titles)
        return [parse.Option(str(id_), titles.get(id_, ""), n, ()) for n, id_ in enumerate(ids, start=1)]

    def claims_page(self, talk: Talk, said: Said) -> bool:
        return parse.choose_exactly(said.text, self.numbered(talk)) is not None or wants_more(talk, said.text)

    # Nothing found

    def empty_choices(self, talk: Talk) -> tuple[Choice, ...]:
        """What else there is: the other kind, and to be told, for who is not told already."""
        told = talk.context.matched is not None and talk.context.alerts and not talk.context.matched.paused
        notify = Choice("notify", t("Kabari jika ada"), ("kabari", "kabari saya", "beri tahu"))
        other = Choice("other", self.instead_label, ("pelatihan", "kursus", "lowongan", "loker"))
        return (notify, other) if self.notify and not told else (other,)

    def asked_nothing(self, talk: Talk) -> Message:
        return Message((self.nothing,), page_of(self.empty_choices(talk), 0))

    def hear_nothing(self, talk: Talk, said: Said) -> Move:
        wanted = picked(talk, said, self.empty_choices(talk))
        if wanted == "other":
            return Open(self.instead, {"query": {}})
        if wanted == "notify" and self.notify:
            return self.notify(talk.context)
        return Retry(t("Balas angka atau kata pilihannya. Contoh: 1"))

    def claims_nothing(self, talk: Talk, said: Said) -> bool:
        return names_one(talk, said, self.empty_choices(talk))

    # One of them

    def detail(self, talk: Talk, offer: Offer) -> Move:
        part = int(talk.scratch("part", 0))
        parts = self.parts(talk, offer)
        part = min(part, len(parts) - 1)
        more = part + 1 < len(parts)
        scratch = {"id": offer.id, "part": part, "more": more}
        about = "" if self.suited(talk, offer) else None  # the lines name whom they are about
        return Show("detail", Message(parts[part], page_of(self.detail_choices(more), 0), about=about), scratch)

    def parts(self, talk: Talk, offer: Offer) -> list[tuple[Shown, ...]]:
        """The facts, what is missing or differs, what suits, and the rest, in portions that keep to rule 1.

        What is missing comes before what suits: nobody should apply and learn it later.
        """
        results = talk.session.results
        query = results.query if results and results.kind == self.kind else None
        if suited := self.suited(talk, offer):
            names = Listing(tuple(one.name for one in suited))
            facts = (*self.facts(talk, offer), t("Cocok untuk: {people}.", people=names))
            reasons = [page for one in suited for page in portions(talk, self.reasons_for(talk, offer, one))]
            return [*portions(talk, facts), *reasons, *portions(talk, self.rest(talk, offer))]
        why = self.suits(talk, offer, query)
        lines = (*self.facts(talk, offer), *why.missing, *(why.differs if query else ()), *why.reasons)
        return portions(talk, tuple(dict.fromkeys((*lines, *self.rest(talk, offer)))))

    def reasons_for(self, talk: Talk, offer: Offer, seeker: Seeker) -> tuple[Shown, ...]:
        """What is missing for one of several people, and why it suits them."""
        why = explain(offer, None, seeker, talk.context.region)
        lines = (*why.missing, *why.reasons)
        return (t("Untuk {name}:", name=seeker.name), *lines) if lines else ()

    def suits(self, talk: Talk, offer: Offer, query: Query | None) -> Suitability:
        return explain(offer, query, talk.context.matched, talk.context.region)

    def suited(self, talk: Talk, offer: Offer) -> tuple[Seeker, ...]:
        """Of several people who are spoken for, those whom it suits."""
        if len(talk.context.seekers) < 2 or not isinstance(offer, Vacancy):
            return ()
        looking = (one for one in talk.context.seekers if one.status == "active" and not one.paused)
        return tuple(one for one in looking if matches(offer, one))

    def detail_choices(self, more: bool) -> tuple[Choice, ...]:
        reading = (Choice("part", t("Selengkapnya"), ("lengkap", "lagi", "lanjut", "detail", "info lengkap")),)
        how = Choice("how", self.how_label, self.how_words)
        others = Choice("others", self.others_label, ("lain", "yang lain", "lainnya", "kembali ke daftar"))
        return (how, others, *(reading if more else ()))  # the last, so that no number ever moves

    def hear_detail(self, talk: Talk, said: Said) -> Move:
        # Whether there is more to read is known only with the offer; a number means what was shown.
        more = bool(talk.scratch("more", True))
        if said.meaning is not None and self.takes_detail(talk, said):
            return self.answered_about(talk, str(said.meaning.query.topic))
        wanted = picked(talk, said, self.detail_choices(more))
        here = {"id": talk.scratch("id"), "part": int(talk.scratch("part", 0))}
        match wanted:
            case "part":
                return Goto("detail", scratch={**here, "part": here["part"] + 1})
            case "how":
                return Goto("how", scratch=here)
            case "others":
                return self.others(talk)
        return Retry(t("Balas angka atau kata pilihannya. Contoh: 1"))

    def takes_detail(self, talk: Talk, said: Said) -> bool:
        """A question about the one that is open ("gajinya berapa?"), and not a new search."""
        query = said.meaning.query if said.meaning else Query()
        return query.topic in ABOUT and not (query.fields or query.places or query.employer or query.kinds)

    def answered_about(self, talk: Talk, topic: str) -> Move:
        """How to apply for "apply"; for anything else it is read from the beginning, or on where it was begun."""
        here = {"id": talk.scratch("id"), "part": 0}
        if topic == "apply":
            return Goto("how", scratch=here)
        unread = topic == "requirement" and bool(talk.scratch("more"))
        return Goto("detail", scratch={**here, "part": int(talk.scratch("part", 0)) + 1 if unread else 0})

    def claims_detail(self, talk: Talk, said: Said) -> bool:
        choices = self.detail_choices(bool(talk.scratch("more", True)))
        return names_one(talk, said, choices)

    def others(self, talk: Talk) -> Move:
        """Back to the page that was read last, or to everything."""
        results = talk.session.results
        if results and results.kind == self.kind and results.ids:
            return Open(self.conversation, {"query": results.query.to_json(), "offset": results.offset})
        return Open(self.conversation, {"query": {}})

    # How to go on with it

    def told_how(self, talk: Talk, offer: Offer) -> Move:
        here = {"id": offer.id, "part": 0}
        return Show("how", Message(self.how(talk, offer), page_of(self.how_choices(), 0)), here)

    def how_choices(self) -> tuple[Choice, ...]:
        return (
            Choice("others", self.others_label, ("lain", "yang lain", "lainnya", "kembali ke daftar")),
            Choice("person", t("Hubungi petugas"), ("petugas",)),
        )

    def hear_how(self, talk: Talk, said: Said) -> Move:
        wanted = picked(talk, said, self.how_choices())
        if wanted == "others":
            return self.others(talk)
        if wanted == "person":
            return support.person(talk.context)
        return Retry(t("Balas angka atau kata pilihannya. Contoh: 1"))

    def claims_how(self, talk: Talk, said: Said) -> bool:
        return names_one(talk, said, self.how_choices())

    # The conversation

    def starts(self, talk: Talk) -> Move:
        if "id" in talk.frame.answers:
            return Goto("detail", scratch={"id": talk.frame.answers["id"], "part": 0})
        return Goto("results", scratch={"offset": int(talk.frame.answers.get("offset", 0))})

    def look_up(self, talk: Talk) -> Do:
        return Do(Search(self.kind, id=int(talk.scratch("id", 0))))

    def found(self, talk: Talk, found: Answer) -> Move:
        assert isinstance(found, Found), "the only request is a search"
        offers: tuple[Offer, ...] = found.items  # type: ignore[assignment]  # the search asked for this kind
        if found.search.id is None:
            return self.page(talk, found, offers)
        if not offers:
            return Done((self.gone,), then=Open(self.conversation, {"query": {}}) if talk.session.results else None)
        return self.told_how(talk, offers[0]) if talk.frame.state == "how" else self.detail(talk, offers[0])

    def back(self, talk: Talk) -> Move | None:
        if talk.frame.state == "how":
            return Goto("detail", scratch={"id": talk.scratch("id"), "part": 0})
        return self.others(talk) if talk.frame.state == "detail" else None

    def as_conversation(self, title: Text) -> Conversation:
        return Conversation(
            name=self.conversation,
            version=1,
            title=title,
            states=(
                Menu("results", self.search, self.hear_page, ("detail", "nothing"), self.claims_page),
                Menu("nothing", self.asked_nothing, self.hear_nothing, ("results",), self.claims_nothing),
                Menu(
                    "detail", self.look_up, self.hear_detail, ("results", "how"), self.claims_detail, self.takes_detail
                ),
                Menu("how", self.look_up, self.hear_how, ("results", "detail"), self.claims_how),
            ),
            starts=self.starts,
            found=self.found,
            back=self.back,
        )


def portions(talk: Talk, lines: tuple[Shown, ...]) -> list[tuple[Shown, ...]]:
    """The lines in messages that each keep to rule 1; a long line is cut between words."""
    pages: list[tuple[Shown, ...]] = []
    used = 0
    for line in lines:
        words = talk.tr(line)
        for piece in [line] if len(words) <= MAX_CHARACTERS else cut(words):
            size = len(talk.tr(piece)) + 1
            if pages and len(pages[-1]) < MAX_LINES and used + size <= MAX_CHARACTERS + 1:
                pages[-1] = (*pages[-1], piece)
                used += size
            else:
                pages.append((piece,))
                used = size
    return pages
