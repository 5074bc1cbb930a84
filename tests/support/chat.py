"""A test client that reads like a chat: the real conversations, with everything else in memory.

Between turns the session goes through JSON, as it does in the service.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from conversations.catalogue import REGISTRY
from conversations.domain.kept import Given, Joined, Kept
from conversations.domain.office import Officer
from conversations.domain.region import load_region
from conversations.domain.seeker import NEW, Seeker
from conversations.domain.suits import best_first, matches
from conversations.domain.vacancy import Training, Vacancy
from conversations.engine.clips import Clips
from conversations.engine.context import Context, whom
from conversations.engine.events import (
    About,
    Answer,
    CodeMade,
    CodeTried,
    ContactsListed,
    DrawReceipt,
    Effect,
    EraseSeeker,
    Event,
    Found,
    GiveConsent,
    KeptListed,
    LetGo,
    LinkedContact,
    ListContacts,
    ListKept,
    MakeCode,
    MessageReceived,
    PauseSeeker,
    PinTried,
    Prefer,
    ReceiptDrawn,
    Request,
    SaveSeeker,
    Search,
    Send,
    SetAlerts,
    SetLocale,
    SetObjection,
    SetPin,
    TryCode,
    TryPin,
    WithdrawConsent,
)
from conversations.engine.messages import Message, OutgoingMessage, join, render
from conversations.engine.office_events import OfficeJoined, OfficeRequest
from conversations.engine.session import Session
from conversations.engine.step import step
from locales.render import LOCALES, translator
from tests.support.desk import OFFICER, Desk

ZONE = ZoneInfo("Asia/Jakarta")
CODE = "48291573"
"""What every code is here, so that a talk can be told beforehand."""
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=ZONE)


@dataclass
class Chat:
    """One person's talk. ``says`` and ``taps`` return what they get to read."""

    vacancies: Sequence[Vacancy] = ()
    trainings: Sequence[Training] = ()
    seekers: tuple[Seeker, ...] = ()
    now: datetime = NOW
    locale: str = "id"
    alerts: bool = True
    channel: str = "test"
    phone: str | None = None
    linked: bool = False
    about: int | None = None
    """Whom what is done in this step is about, where the conversation has said so."""
    codes: Mapping[str, Seeker] = field(default_factory=dict)
    """Codes that are good, and whom they join to."""
    clips: Clips = field(default_factory=dict)
    consents: tuple[Given, ...] = ()
    may_be_another: bool = False
    """The next message is the first one after a long silence."""
    officer: Officer | None = None
    desk: Desk = field(default_factory=Desk)
    session: Session = field(default_factory=Session)
    effects: list[Effect] = field(default_factory=list)
    """Everything that should have happened so far, but for what was sent and looked up."""
    heard: list[OutgoingMessage] = field(default_factory=list)
    """The messages of the last turn."""

    def says(self, text: str) -> list[OutgoingMessage]:
        return self.event(MessageReceived(text=text))

    def taps(self, label: str) -> list[OutgoingMessage]:
        """Tap the button with this label on the last message that has it."""
        buttons = {b.label: b.value for m in self.heard for b in m.quick_replies}
        assert label in buttons, f"no button {label!r} among {list(buttons)}"
        return self.event(MessageReceived(choice=buttons[label]))

    def event(self, event: Event) -> list[OutgoingMessage]:
        said: list[Message] = []
        for _ in range(5):
            self.session = Session.from_json(json.loads(json.dumps(self.session.to_json())))
            done = step(REGISTRY, self.session, event, self.context())
            self.about = whom(self.session, self.seekers)
            self.session = done.session
            for effect in done.effects:
                if isinstance(effect, Send):
                    said.append(effect.message)
                elif isinstance(effect, About):
                    self.about = effect.seeker_id
                elif not isinstance(effect, Request):
                    self.apply(effect)
            self.may_be_another = False
            if done.request is None:
                break
            event = self.answer_to(done.request)
        else:
            raise AssertionError("requests without end")
        tr = translator(self.locale)
        self.heard = [render(m, tr) for m in join(said, tr)]
        return self.heard

    @property
    def last(self) -> str:
        """All that was read after the last turn, as one text."""
        return "\n".join(message.text for message in self.heard)

    @property
    def seeker(self) -> Seeker | None:
        """Whom the talk is about."""
        about = whom(self.session, self.seekers) if self.about is None else self.about
        return next((seeker for seeker in self.seekers if seeker.id == about), None)

    @property
    def matched(self) -> Seeker | None:
        return self.seeker if self.seeker and self.seeker.status == "active" else None

    def context(self) -> Context:
        return Context(
            now=self.now,
            region=load_region("12.22"),
            tr=translator(self.locale),
            locale=self.locale,
            locales=LOCALES,
            channel=self.channel,
            channels=("whatsapp", "telegram", "web"),
            phone=self.phone,
            seekers=self.seekers,
            alerts=self.alerts,
            shared=frozenset(seeker.id for seeker in self.seekers if self.linked),
            clips=self.clips,
            officer=self.officer,
            may_be_another=self.may_be_another,
        )

    def apply(self, effect: Effect) -> None:
        self.effects.append(effect)
        match effect:
            case SaveSeeker(values):
                self.knows((self.seeker or Seeker(self.next_id, "")).with_values(values))
            case PauseSeeker(paused) if self.seeker:
                self.knows(replace(self.seeker, paused=paused))
            case EraseSeeker():
                self.forgets()
            case GiveConsent() | WithdrawConsent() | SetObjection() | SetPin():
                self.rights(effect)
            case SetAlerts(on):
                self.alerts = on
            case Prefer(contact_id=None):
                self.alerts = True
            case LetGo(contact_id=None, since=None):
                self.forgets()
            case LetGo(contact_id=None):
                self.seekers, self.linked = (), False
            case LetGo():
                self.linked = False
            case SetLocale(locale):
                self.locale = locale

    def rights(self, effect: GiveConsent | WithdrawConsent | SetObjection | SetPin) -> None:
        match effect:
            case GiveConsent(purpose, version, wording, giver, given_at):
                self.withdraw(purpose)
                self.consents += (Given(purpose, version, wording, self.channel, giver, given_at),)
            case WithdrawConsent(purpose):
                self.withdraw(purpose)
            case SetPin(digits) if self.seeker:
                self.knows(replace(self.seeker, pin=digits))
            case SetObjection(objects) if self.seeker:
                self.knows(replace(self.seeker, objects=objects))

    @property
    def next_id(self) -> int:
        return max((seeker.id for seeker in self.seekers), default=0) + 1

    def knows(self, seeker: Seeker) -> None:
        if self.seeker is None:
            self.seekers, self.about = (seeker, *self.seekers), seeker.id
            self.session = self.session.settled(seeker.id)
        self.seekers = tuple(seeker if one.id == seeker.id else one for one in self.seekers)

    def forgets(self) -> None:
        gone = self.seeker.id if self.seeker else NEW
        self.seekers = tuple(one for one in self.seekers if one.id != gone)
        self.session = self.session.without(gone)
        self.about, self.linked = None, self.linked and bool(self.seekers)

    def withdraw(self, purpose: str | None) -> None:
        """End a consent, or all of them."""
        self.consents = tuple(
            replace(one, withdrawn_at=self.now) if one.in_force and purpose in (None, one.purpose) else one
            for one in self.consents
        )

    def answer_to(self, request: Request) -> Answer:
        match request:
            case Search():
                return self.look_up(request)
            case MakeCode():
                assert self.seeker is not None
                self.codes = {CODE: self.seeker}
                return CodeMade(CODE)
            case TryCode():
                return self.tried(request)
            case ListContacts():
                here = LinkedContact(1, self.channel, here=True, told=False, open=self.alerts, may_part=True)
                others = [LinkedContact(n, "telegram", False, n == 2, open=n < 4, may_part=n < 4) for n in (2, 3, 4)]
                return ContactsListed(request, (here, *others) if self.linked else (here,))
            case TryPin(digits):
                return PinTried("good" if self.seeker and self.seeker.pin == digits else "wrong")
            case DrawReceipt():
                return ReceiptDrawn("4829 1573 6402")
            case ListKept():
                return KeptListed(request, self.kept())
            case _:
                return self.at_the_office(request)

    def kept(self) -> Kept:
        return Kept(NOW, self.consents, (Joined(self.channel, True, None),))

    def at_the_office(self, request: OfficeRequest) -> Answer:
        answer = self.desk.answer_to(request)
        if answer == OfficeJoined("joined"):
            self.officer = OFFICER
        return answer

    def tried(self, tried: TryCode) -> CodeTried:
        meant = self.codes.get(tried.code)
        if meant is None:
            return CodeTried(tried, "wrong")
        if self.seekers:
            return CodeTried(tried, "here" if meant in self.seekers else "other")
        if meant.status == "invited" and tried.registering is None:
            return CodeTried(tried, "invited")
        if tried.consent is None:
            return CodeTried(tried, "good")
        meant = meant if tried.registering is None else replace(meant, status="active")
        self.apply(tried.consent)
        self.codes = {code: seeker for code, seeker in self.codes.items() if code != tried.code}
        self.seekers, self.linked, self.about = (meant,), True, meant.id
        self.session = self.session.settled(meant.id).turned_to(meant.id)
        return CodeTried(tried, "joined")

    def look_up(self, search: Search) -> Found:
        region = load_region("12.22")
        offers: Sequence[Vacancy] | Sequence[Training]
        if search.kind == "training":
            offers = best_first(self.trainings, search.query, self.matched, region)
        else:
            seeker = self.matched
            suiting = [v for v in self.vacancies if seeker and search.query.for_me and matches(v, seeker)]
            offers = best_first(suiting or self.vacancies, search.query, seeker, region)
        wanted = [offer for offer in offers if search.id in (None, offer.id)]
        page = tuple(wanted[search.offset : search.offset + search.limit])
        return Found(search, page, len(wanted))  # type: ignore[arg-type]  # one kind, as searched
