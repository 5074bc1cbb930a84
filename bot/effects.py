"""What a turn's effects do to what is kept, within the turn's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.standing import Standing
from conversations.domain import education
from conversations.domain.seeker import Seeker
from conversations.engine.events import (
    Effect,
    EraseSeeker,
    GiveConsent,
    OpenTicket,
    PauseSeeker,
    SaveSeeker,
    Search,
    Send,
    SetAlerts,
    SetLocale,
)
from conversations.engine.session import Session
from storage import contacts, seekers, talks, tickets
from storage.seekers import Consent
from storage.work import Work


def apply(work: Work, standing: Standing, effect: Effect, now: datetime) -> None:
    """Do ``effect`` in the database, and bring ``standing`` in line for what follows in the same turn."""
    contact_id, seeker = standing.known.contact_id, standing.seeker
    match effect:
        case SaveSeeker(values):
            standing.seeker = _save(work, standing, values, now)
        case GiveConsent():
            if seeker is not None:
                seekers.give_consent(work, seeker.id, _consent(effect, standing.known.channel))
        case SetAlerts(on):
            contacts.set_alerts(work, contact_id, on)
            standing.alerts = on
        case PauseSeeker(paused):
            if seeker is not None:
                seekers.pause(work, seeker.id, now if paused else None)
                standing.seeker = replace(seeker, paused=paused)
        case EraseSeeker():
            if seeker is not None:
                seekers.erase(work, seeker.id, acting_contact_id=contact_id)
            else:
                talks.erase(work, [contact_id], acting_contact_id=contact_id)
            standing.erased = True
            standing.seeker, standing.session = None, Session(visits=standing.session.visits)
        case SetLocale(locale):
            contacts.set_locale(work, contact_id, locale)
            standing.locale = locale
        case OpenTicket(topic, text):
            tickets.open_ticket(work, contact_id, seeker.id if seeker else None, topic, text, now)
        case Send() | Search():
            pass  # the turn itself sends and looks up


def _save(work: Work, standing: Standing, values: Mapping[str, Any], now: datetime) -> Seeker:
    rank = education.rank(values.get("education"))
    if standing.seeker is None:
        seeker_id = seekers.add(work, values, education_rank=rank, now=now)
        role = "companion" if values.get("for_whom") == "other" else "self"
        seekers.link(work, standing.known.contact_id, seeker_id, role)
        return Seeker(seeker_id, "").with_values(values)
    seekers.change(work, standing.seeker.id, values, education_rank=rank, now=now)
    return standing.seeker.with_values(values)


def _consent(effect: GiveConsent, channel: str) -> Consent:
    return Consent(effect.purpose, effect.version, effect.wording, channel, effect.giver, effect.given_at)
