"""What a turn's effects do to what is kept, within the turn's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.standing import Standing
from conversations.domain import education
from conversations.domain.seeker import NEW, Seeker
from conversations.engine.events import (
    Effect,
    EraseSeeker,
    GiveConsent,
    LetGo,
    OpenTicket,
    PauseSeeker,
    Prefer,
    SaveSeeker,
    SetAlerts,
    SetLocale,
    SetObjection,
    SetPin,
    WithdrawConsent,
)
from conversations.engine.messages import Message, render
from conversations.engine.session import Session
from conversations.links import may_part, told_erased, told_moved
from locales.render import translator
from storage import contacts, duplicates, erasures, links, outbox, pins, seekers, talks, tickets, tombstones
from storage.links import Speaker
from storage.outbox import NewMessage
from storage.seekers import Consent
from storage.work import Work


def apply(work: Work, standing: Standing, effect: Effect, now: datetime) -> None:
    """Do ``effect`` in the database, and bring ``standing`` in line for what follows in the same turn."""
    contact_id, seeker = standing.known.contact_id, standing.seeker
    match effect:
        case SaveSeeker(values):
            _save(work, standing, values, now)
        case GiveConsent() | WithdrawConsent() | SetObjection() | SetPin() | PauseSeeker():
            if seeker is not None:
                standing.knows(_right(work, standing, seeker, effect, now))
        case SetAlerts(on):
            contacts.set_alerts(work, contact_id, on)
            standing.alerts = on
        case EraseSeeker(receipt):
            _erase(work, standing, receipt, now)
        case SetLocale(locale):
            contacts.set_locale(work, contact_id, locale)
            standing.locale = locale
        case OpenTicket(topic, text):
            # Who asks may be somebody else than before.
            about = None if seeker is None or standing.session.held is not None else seeker.id
            tickets.open_ticket(work, contact_id, about, topic, text, now)
        case Prefer(other_id):
            _prefer(work, standing, other_id, now)
        case LetGo(other_id, since):
            _let_go(work, standing, other_id, since, now)
        case _:
            pass  # the turn itself turns to whom it is about, sends, answers and hushes


def _right(
    work: Work,
    standing: Standing,
    seeker: Seeker,
    effect: GiveConsent | WithdrawConsent | SetObjection | SetPin | PauseSeeker,
    now: datetime,
) -> Seeker:
    """What a person lets be done with their data; returns the seeker as they are then."""
    match effect:
        case GiveConsent():
            seekers.give_consent(work, seeker.id, consent_of(effect, standing.known.channel))
        case WithdrawConsent(str(purpose)):
            seekers.withdraw_consent(work, seeker.id, purpose, now)
        case WithdrawConsent():
            seekers.withdraw_all(work, seeker.id, now)
        case SetObjection(objects):
            seekers.object_to_matching(work, seeker.id, now if objects else None)
            return replace(seeker, objects=objects)
        case SetPin(digits):
            return replace(seeker, pin=pins.set_pin(work, seeker.id, digits, now))
        case PauseSeeker(paused):
            seekers.pause(work, seeker.id, now if paused else None)
            return replace(seeker, paused=paused)
    return seeker


def _save(work: Work, standing: Standing, values: Mapping[str, Any], now: datetime) -> None:
    rank = education.rank(values.get("education"))
    if standing.seeker is None:
        seeker_id = seekers.add(work, values, education_rank=rank, now=now)
        role = "companion" if values.get("for_whom") == "other" else "self"
        seekers.link(work, standing.known.contact_id, seeker_id, role)
        standing.registered = True
        seeker = Seeker(seeker_id, "").with_values(values)
    else:
        seekers.change(work, standing.seeker.id, values, education_rank=rank, now=now)
        seeker = standing.seeker.with_values(values)
    standing.knows(seeker)
    if not duplicates.TELLING.isdisjoint(values):
        # For an officer; whoever writes is told nothing of it.
        duplicates.notice(work, seeker, now, most=duplicates.MOST)


def _erase(work: Work, standing: Standing, receipt: str | None, now: datetime) -> None:
    """The one it is about; where nobody is kept, what was answered so far. Others and their talks stay."""
    contact_id, seeker = standing.known.contact_id, standing.seeker
    if receipt is not None:
        erasures.note(work, receipt, seeker.id if seeker is not None else None, now)
    if seeker is not None:
        others = [other for other in links.speakers(work, seeker.id) if other.contact_id != contact_id]
        seekers.erase(work, seeker.id, now, acting_contact_id=contact_id)
        tell(work, others, told_erased(), now)
    else:
        tombstones.bury_contacts(work, [contact_id], now)
        talks.erase(work, [contact_id], about=NEW, acting_contact_id=contact_id)
    standing.erased = True
    standing.forgets(NEW if seeker is None else seeker.id)
    if not standing.seekers:
        standing.session = Session(visits=standing.session.visits)


def _prefer(work: Work, standing: Standing, other_id: int | None, now: datetime) -> None:
    here = standing.known.contact_id
    if standing.seeker is not None:
        linked = links.speakers(work, standing.seeker.id)
        told = next((one for one in linked if one.open), None)
        chosen = next((one for one in linked if one.contact_id == (other_id or here)), None)
        links.prefer(work, other_id or here, standing.seeker.id, now)
        if told is not None and chosen is not None and told.contact_id not in (here, chosen.contact_id):
            tell(work, [told], told_moved(chosen.channel), now)
    if other_id is None:
        apply(work, standing, SetAlerts(True), now)


def _let_go(work: Work, standing: Standing, other_id: int | None, since: datetime | None, now: datetime) -> None:
    contact_id, seeker = standing.known.contact_id, standing.seeker
    if other_id is None:
        parted = None if seeker is None or since is not None else seeker.id
        links.part(work, contact_id, now, seeker_id=parted, acting_contact_id=contact_id, since=since)
        standing.erased = True
        for one in standing.seekers:
            if parted in (None, one.id):
                standing.forgets(one.id)
    elif seeker is not None:
        linked = {one.contact_id: one for one in links.speakers(work, seeker.id)}
        own, other = linked.get(contact_id), linked.get(other_id)
        # The conversation has said so already; a contact that a stolen code joined is to find no way around it.
        if own and other and other is not own and may_part(own.joined_at, other.joined_at, now):
            # Silently: a relative who reads along must not learn that somebody keeps them out. See docs/rights.md.
            links.part(work, other_id, now, seeker_id=seeker.id, acting_contact_id=contact_id)
        if len(links.speakers(work, seeker.id)) < 2:
            standing.shared -= {seeker.id}


def tell(work: Work, speakers: Iterable[Speaker], message: Message, now: datetime) -> None:
    """Let other contacts of a seeker's read what was done at this one."""
    rows = [NewMessage(o.contact_id, o.channel, render(message, translator(o.locale)).to_json()) for o in speakers]
    outbox.add(work, rows, now)


def consent_of(effect: GiveConsent, channel: str) -> Consent:
    """A consent as it goes on record, given on ``channel``."""
    return Consent(
        effect.purpose, effect.version, effect.wording, channel, effect.giver, effect.given_at, how=effect.how
    )
