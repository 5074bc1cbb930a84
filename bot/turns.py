"""A turn: an inbound message becomes an answer, a new state and outgoing messages, in one transaction.

``Turntaker`` is the turn itself, synchronous: it takes messages in batches, because the cost of a turn is
the commit, and a commit can carry many. ``bot.writer`` puts it on a thread for the channels.
"""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from bot import effects
from bot.channels.base import FETCHING, InboundMessage, Notice, Reply, Turn, TurnFailed
from bot.clips import Recordings
from bot.logs import get_logger
from bot.look_up import answer_to
from bot.standing import Standing
from conversations.domain.region import Region
from conversations.engine.context import Context, whom
from conversations.engine.conversation import Registry
from conversations.engine.events import (
    About,
    EraseSeeker,
    Event,
    Hush,
    MessageReceived,
    Request,
    Send,
    SetAlerts,
    SetPin,
    TryPin,
)
from conversations.engine.handed_on import SILENCE
from conversations.engine.messages import Message, OutgoingMessage, join, render
from conversations.engine.session import Session
from conversations.engine.step import step
from conversations.engine.texts import Translate, t
from conversations.registration import left_at
from locales.render import LOCALES, nearest, translator
from storage import answers, contacts, inbound, officers, outbox, reminders, sessions
from storage.answers import Held
from storage.bulk import Asked, together
from storage.contacts import Identity, Known
from storage.inbound import Arrival
from storage.outbox import NewMessage
from storage.problems import OperationalProblem
from storage.reminders import Outcome
from storage.sessions import SessionToSave
from storage.work import Database, Work

ROUNDS = 4
"""Requests within one turn; more would be a loop in a conversation."""

log = get_logger(__name__)


@dataclass(slots=True)
class Taken:
    """What became of one message of the batch."""

    contact_id: int
    messages: list[OutgoingMessage] = field(default_factory=list)
    repeated: bool = False
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Ids of replies that channels have handed over since the last commit."""

    confirmed: Sequence[int] = ()
    answered: Sequence[int] = ()
    """Written into the response to their own update."""

    def noting(self, work: Work, now: datetime) -> list[Asked]:
        """To be asked with the rest of a turn."""
        answered = [outbox.answering(work, self.answered, now)] if self.answered else []
        return [outbox.confirmation(work, self.confirmed, now), *answered]

    def __bool__(self) -> bool:
        return bool(self.confirmed or self.answered)


class Turntaker:
    """Takes turns. One at a time may call it; the writer thread does."""

    def __init__(
        self,
        database: Database,
        registry: Registry,
        region: Region,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        channels: Sequence[str] = ("web",),
        recordings: Recordings | None = None,
        after_erasing: Callable[[], object] = lambda: None,
        templated: Sequence[str] = (),
    ) -> None:
        """``channels``: where people can write to this service, the best known first.

        ``after_erasing`` is called when a turn that erased somebody has been committed; it must not raise.
        ``templated``: in which locales people can be told of vacancies where a window of time is closed.
        """
        self.recordings = recordings
        self.templated = tuple(templated)
        self._after_erasing = after_erasing
        self._erased = False
        self.channels = tuple(channels)
        self.database = database
        self.registry = registry
        self.region = region
        self.zone = zone
        self.clock = clock

    def take(
        self, batch: Sequence[InboundMessage], confirmed: Iterable[int] = (), answered: Iterable[int] = ()
    ) -> list[Turn | TurnFailed]:
        """One commit for all of ``batch`` and for the ids ``confirmed`` as handed over meanwhile, or ``answered``.

        A message that cannot be taken drops out alone: when the batch fails, each is taken by itself.
        Returns one value a message, in order; TurnFailed where nothing was committed.
        """
        handed = HandedOver(list(confirmed), list(answered))
        try:
            committed: list[Turn | TurnFailed] = [*self._commit(batch, handed)]
            if self._erased:
                self._erased = False
                self._after_erasing()
            return committed
        except Exception as error:
            if len(batch) == 1 and not handed:
                return [self._failed(batch[0], error)]
            log.warning("batch_failed", size=len(batch), error=type(error).__name__, at=where(error))
        self._confirm_alone(handed)
        turns = {n: self.take([batch[n]])[0] for n in _as_written(batch)}
        return [turns[n] for n in range(len(batch))]

    def _confirm_alone(self, handed: HandedOver) -> None:
        if handed:
            try:
                self._commit([], handed)
            except Exception as error:
                # They stay claimed; after a while delivery sends them again, which is the promise (at least once).
                count = len(handed.confirmed) + len(handed.answered)
                log.warning("confirm_failed", count=count, error=type(error).__name__)

    def _failed(self, message: InboundMessage, error: Exception) -> Turn | TurnFailed:
        """A database that fails may work for the next delivery; a bug would fail for ever, so it is said."""
        log.error("turn_failed", channel=message.channel, error=type(error).__name__, at=where(error))
        if isinstance(error, OperationalProblem):
            return TurnFailed(str(error))
        try:
            return self._commit([message], HandedOver(), broken=True)[0]
        except Exception as again:
            log.error("turn_failed", channel=message.channel, error=type(again).__name__, at=where(again))
            return TurnFailed(type(error).__name__)

    # One transaction

    def _commit(self, batch: Sequence[InboundMessage], handed: HandedOver, broken: bool = False) -> list[Turn]:
        now = self.clock()
        with self.database.work() as work:
            if not batch:
                together(work, *handed.noting(work, now))
                return []
            standings = self._standings(work, batch, now)
            news, late = self._record(work, batch, standings, handed, now)
            taken: dict[int, Taken] = {}
            for n in _as_written(batch):
                message, standing = batch[n], standings[n]
                key = (message.channel, message.external_id)
                earlier = late.pop(standing.known.contact_id, [])
                if key in news:
                    news.discard(key)
                    taken[n] = self._turn(work, standing, message, now, broken)
                    taken[n].replies = self._for_whom(work, standing, earlier)
                    if standing.erased:
                        self._erased = True
                        _forget(taken, n)
                        standing.erased = False
                else:
                    taken[n] = self._repeat(work, standing, message, now, earlier)
            self._write(work, batch, taken, standings, now)
        return [
            Turn(
                t.contact_id,
                t.replies,
                t.repeated,
                standings[n].locale,
                standings[n].heard_at,
                batch[n].external_id in standings[n].hushed,
            )
            for n, t in sorted(taken.items())
        ]

    def _standings(self, work: Work, batch: Sequence[InboundMessage], now: datetime) -> list[Standing]:
        """One Standing a message; messages of one contact share theirs."""
        who = [Identity(m.channel, m.address, nearest(m.language), m.alias) for m in batch]
        shared: dict[int, Standing] = {}
        found = []
        for known in contacts.recognise(work, who, now):
            if known.contact_id not in shared:
                session = Session.from_json(known.session)
                shared[known.contact_id] = Standing(known, session, known.locale, known.alerts, known.blocked)
            found.append(shared[known.contact_id])
        return found

    def _record(
        self,
        work: Work,
        batch: Sequence[InboundMessage],
        standings: Sequence[Standing],
        handed: HandedOver,
        now: datetime,
    ) -> tuple[set[tuple[str, str]], dict[int, list[Reply]]]:
        """Which messages are new; and, by contact, the answers that wait for another attempt, now claimed.

        Whoever writes can be reached: what they have not got yet goes out now, before what they get next.
        What was handed over is noted on the way, when every contact is locked: another process that gives an
        answer again holds its contact, and waits for the answer.
        """
        arrivals: dict[tuple[str, str], Arrival] = {}
        here: dict[str, dict[int, None]] = {}
        for m, s in zip(batch, standings, strict=True):
            contact_id = s.known.contact_id
            arrivals.setdefault((m.channel, m.external_id), Arrival(m.channel, m.external_id, contact_id, m.said))
            if m.channel not in FETCHING and m.notice not in (Notice.BLOCKED, Notice.STOPPED):
                here.setdefault(m.channel, {})[contact_id] = None
        heard = [(s, m.sent_at) for m, s in zip(batch, standings, strict=True) if m.sent_at is not None]
        # Not later than now: a platform's clock that runs ahead would keep a window open that is closed.
        hearing = [contacts.hearing(work, s.known.contact_id, s.hears(min(at, now)), SILENCE) for s, at in heard]
        noting = [*handed.noting(work, now), *hearing]
        late_here = [answers.late(work, channel, list(ids), now) for channel, ids in here.items()]
        *rows, news = together(work, *noting, *late_here, inbound.recording(work, arrivals.values(), now))
        late: dict[int, list[Reply]] = {}
        for one in answers.late_ones(work, list(chain.from_iterable(rows[len(noting) :]))):
            late.setdefault(one.contact_id, []).append(_reply(one))
        return inbound.recorded(news), late

    def _repeat(
        self, work: Work, standing: Standing, message: InboundMessage, now: datetime, earlier: Sequence[Reply]
    ) -> Taken:
        """Delivered again: give the stored answer again, unless it is known to have arrived or is on its way."""
        channel, external_id = message.channel, message.external_id
        if channel in FETCHING or message.grouped:
            stored = outbox.for_inbound(work, channel, external_id)
            again = [Reply(s.id, OutgoingMessage.from_json(s.body)) for s in stored if not s.confirmed]
        else:
            again = [_reply(one) for one in answers.take_over(work, channel, external_id, now)]
        once = {reply.outbox_id: reply for reply in (*earlier, *again)}
        return Taken(standing.known.contact_id, repeated=True, replies=tuple(once[id_] for id_ in sorted(once)))

    def _turn(self, work: Work, standing: Standing, message: InboundMessage, now: datetime, broken: bool) -> Taken:
        taken = Taken(standing.known.contact_id)
        if message.seen is not None:
            self._seen(work, standing.known.contact_id, message.seen, now)
        if message.notice is Notice.LEFT and not standing.seekers:
            # Whoever registered is still looked for; of anybody else there is nothing left to keep.
            effects.apply(work, standing, EraseSeeker(), now)
        if message.notice in (Notice.LEFT, Notice.BLOCKED, Notice.UNBLOCKED):
            self._reachable(work, standing, None if message.notice is Notice.UNBLOCKED else now)
            return taken
        if message.notice is Notice.STOPPED:
            effects.apply(work, standing, SetAlerts(False), now)
            return taken
        if standing.blocked:
            self._reachable(work, standing, None)  # who writes can be reached again
        said = [Message((BROKEN,))] if broken else self._converse(work, standing, message, now)
        tr = translator(standing.locale)
        taken.messages = [self._rendered(m, tr, standing.locale) for m in join(said, tr)]
        return taken

    def _rendered(self, message: Message, tr: Translate, locale: str) -> OutgoingMessage:
        rendered = render(message, tr)
        if message.clip is None or self.recordings is None:
            return rendered
        file = self.recordings.open(message.clip, locale)
        return replace(rendered, attachment=file) if file else replace(rendered, text=tr(NO_CLIP))

    def _for_whom(self, work: Work, standing: Standing, earlier: Sequence[Reply]) -> tuple[Reply, ...]:
        """Answers that still wait; not for somebody of whom it is not known whether they had asked."""
        if standing.session.held is None:
            return tuple(earlier)
        outbox.drop(work, [reply.outbox_id for reply in earlier])
        return ()

    def _reachable(self, work: Work, standing: Standing, blocked_at: datetime | None) -> None:
        contacts.set_blocked(work, standing.known.contact_id, blocked_at)
        standing.blocked = blocked_at is not None

    def _seen(self, work: Work, contact_id: int, newest: int, now: datetime) -> None:
        shown = [m.id for m in outbox.waiting_for(work, contact_id, now) if m.id <= newest]
        outbox.confirm(work, shown, now)

    def _converse(self, work: Work, standing: Standing, message: InboundMessage, now: datetime) -> list[Message]:
        """Step, answer what was asked of the service, and step again; then do what was decided."""
        said: list[Message] = []
        event: Event = event_of(message)
        stranger = standing.may_be_another(now)
        if stranger and standing.officer is not None:
            # Whoever writes now may say that they are the same. For a register that is not enough: a new code is.
            officers.leave(work, standing.known.contact_id)
            standing.officer = None
        standing.heard = True
        for _ in range(ROUNDS):
            context = self.context(standing, now, stranger)
            done = step(self.registry, standing.session, event, context)
            standing.about = whom(standing.session, standing.seekers)
            standing.session, standing.stale = done.session, True
            for effect in done.effects:
                if isinstance(effect, Send):
                    said.append(effect.message)
                elif isinstance(effect, About):
                    standing.about = effect.seeker_id
                elif not isinstance(effect, Request):
                    effects.apply(work, standing, effect, now)
            if any(isinstance(effect, SECRET) for effect in done.effects):
                inbound.hush(work, message.channel, message.external_id)
                standing.hushed.add(message.external_id)
            if done.request is None:
                if stranger:
                    # Not before: whoever comes next after a turn that failed is to be asked as well.
                    contacts.trust(work, standing.known.contact_id)
                return said
            event = answer_to(work, standing, done.request, self.region, context.now, self.templated)
        raise RuntimeError("a conversation asked for answers without end")

    def context(self, standing: Standing, now: datetime, stranger: bool = False) -> Context:
        return Context(
            now=now.astimezone(self.zone),
            region=self.region,
            tr=translator(standing.locale),
            locale=standing.locale,
            locales=LOCALES,
            channel=standing.known.channel,
            channels=self.channels,
            phone=_phone(standing.known),
            seekers=standing.seekers,
            alerts=standing.alerts,
            frozen=standing.known.frozen,
            shared=standing.shared,
            clips=self.recordings.of(standing.locale) if self.recordings else {},
            officer=standing.officer,
            may_be_another=stranger,
        )

    def _changed(self, standings: Iterable[Standing]) -> list[SessionToSave]:
        changed = {s.known.contact_id: s for s in standings if s.stale}
        return [
            SessionToSave(
                id_, s.session.to_json(), s.known.session_version, self._in_form(s.session), left_at(s.session)
            )
            for id_, s in sorted(changed.items())
        ]

    def _in_form(self, session: Session) -> bool:
        known = self.registry.conversations
        return any(f.conversation in known and known[f.conversation].resumes for f in session.stack)

    def _write(
        self,
        work: Work,
        batch: Sequence[InboundMessage],
        taken: dict[int, Taken],
        standings: Iterable[Standing],
        now: datetime,
    ) -> None:
        """Keep the changed sessions and the replies, and commit, in one round trip."""
        rows: list[NewMessage] = []
        owners: list[tuple[Taken, OutgoingMessage]] = []
        for n, one in taken.items():
            for message in one.messages:
                rows.append(
                    NewMessage(
                        one.contact_id,
                        batch[n].channel,
                        message.to_json(),
                        external_id=batch[n].external_id,
                        claimed=batch[n].channel not in FETCHING,
                    )
                )
                owners.append((one, message))
        self._note_ends(work, standings, now)
        ids = outbox.add(work, rows, now, ahead=[sessions.saving(work, self._changed(standings), now)], last=True)
        for (one, message), outbox_id in zip(owners, ids, strict=True):
            assert outbox_id is not None, "a reply has no dedupe key"
            one.replies = (*one.replies, Reply(outbox_id, message))

    def _note_ends(self, work: Work, standings: Iterable[Standing], now: datetime) -> None:
        """Count the registrations that ended in this batch: saved, or given up."""
        before = {s.known.contact_id: (s, left_at(Session.from_json(s.known.session))) for s in standings if s.stale}
        ended = [(state, s) for s, state in before.values() if state is not None and left_at(s.session) is None]
        if ended:
            month = f"{now.astimezone(self.zone):%Y-%m}"
            outcomes: list[tuple[str, Outcome]] = [(at, "saved" if s.registered else "cancelled") for at, s in ended]
            reminders.note_ends(work, month, Counter(outcomes))


def _phone(known: Known) -> str | None:
    """On WhatsApp the address is the number, unless the person hides it."""
    return f"+{known.address}" if known.channel == "whatsapp" and known.address.isdigit() else None


def _reply(held: Held) -> Reply:
    return Reply(held.id, OutgoingMessage.from_json(held.body), held.sendings)


def _as_written(batch: Sequence[InboundMessage]) -> list[int]:
    """The places of the messages in the order in which each person wrote, whatever the order of arrival."""
    return sorted(range(len(batch)), key=lambda n: batch[n].order)


def _forget(taken: dict[int, Taken], erasing: int) -> None:
    """Answers of the same batch to somebody who has had everything erased: what they hold is not kept either."""
    for n, one in taken.items():
        if one.contact_id == taken[erasing].contact_id:
            one.replies = ()
            if n != erasing:
                one.messages = []


SECRET = (Hush, SetPin, TryPin)
"""What says that the words just said are not to be kept."""

BROKEN = t("Maaf, ada gangguan di sini. Jawaban sebelumnya tetap ada. Coba lagi, atau balas PETUGAS.")


NO_CLIP = t("Rekaman itu tidak bisa dibuka sekarang. Jawab saja pertanyaannya, atau balas PETUGAS.")


def event_of(message: InboundMessage) -> MessageReceived:
    """The message as the conversations hear it."""
    return MessageReceived(
        text=message.text,
        choice=message.choice,
        phone=message.contact.phone if message.contact else None,
        phone_is_own=message.contact.own if message.contact else True,
        media=message.media,
        start=message.start,
        edited=message.notice is Notice.EDITED,
    )


def where(error: BaseException) -> str:
    """Where it was raised, without its message: that may hold a person's words."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
