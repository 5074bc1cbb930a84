"""Joining contacts of one person, as a turn does it: codes are made here, for conversations know no chance."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from bot import claiming
from bot.effects import consent_of, tell
from bot.guesses import Guesses
from bot.standing import Standing
from conversations.engine.events import (
    CodeMade,
    CodeTried,
    ContactsListed,
    GiveConsent,
    LinkedContact,
    ListContacts,
    TryCode,
)
from conversations.links import may_part, told_of
from conversations.understanding.codes import CODE_DIGITS
from storage import contacts, links, seekers
from storage.links import Speaker
from storage.work import Work

GOOD_FOR = timedelta(minutes=15)
"""How long a code can be used."""

DRAWS = 9
"""Codes drawn until one is nobody else's; with few shown at a time a second draw is rare already."""


def make_code(work: Work, standing: Standing, now: datetime) -> CodeMade:
    """A new code for the standing's seeker; the contact's older one ends."""
    assert standing.seeker is not None, "only who is registered is joined to"
    for _ in range(DRAWS):
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        if links.offer(work, standing.known.contact_id, standing.seeker.id, code, now, now + GOOD_FOR):
            return CodeMade(code)
    raise RuntimeError("every code that was drawn is somebody else's")


def try_code(work: Work, standing: Standing, tried: TryCode, now: datetime) -> CodeTried:
    """What the code is good for here; used, where the person has agreed. Who guesses is told that it is wrong."""
    guesses = _guesses.setdefault(work.connection.engine, Guesses())
    contact_id = standing.known.contact_id
    if not guesses.may(contact_id, now):
        return CodeTried(tried, "wrong")
    answer = _tried(work, standing, tried, now)
    if answer.outcome == "wrong":
        guesses.wrong(contact_id, now)
    return answer


_guesses: WeakKeyDictionary[object, Guesses] = WeakKeyDictionary()
"""Of this process, for each database (its engine) that it serves."""


def _tried(work: Work, standing: Standing, tried: TryCode, now: datetime) -> CodeTried:
    offer = links.offered(work, tried.code, now)
    if offer is None:
        may_claim = _guesses[work.connection.engine].may_claim(now)
        return _claimed(work, standing, tried, now) if may_claim else CodeTried(tried, "wrong")
    if any(seeker.id == offer.seeker_id for seeker in standing.seekers):
        return CodeTried(tried, "here")
    meant = seekers.load(work, [offer.seeker_id])[offer.seeker_id]
    if meant.for_whom == "self" and any(seeker.for_whom == "self" for seeker in standing.seekers):
        return CodeTried(tried, "other")
    if tried.consent is None:
        return CodeTried(tried, "good")
    seeker_id = links.use(work, tried.code, standing.known.contact_id, now)
    if seeker_id is None:  # somebody was faster
        return CodeTried(tried, "wrong")
    _joined(work, standing, seeker_id, tried.consent, now)
    return CodeTried(tried, "joined")


def _claimed(work: Work, standing: Standing, tried: TryCode, now: datetime) -> CodeTried:
    """As above, where the code is one that an officer gave."""
    outcome = claiming.outcome_of(work, standing.seekers, tried, now)
    if outcome != "good" or tried.consent is None:
        return CodeTried(tried, outcome)
    channel = standing.known.channel
    registering = consent_of(tried.registering, channel) if tried.registering else None
    seeker_id = claiming.use(work, tried.code, standing.known.contact_id, registering, now)
    if seeker_id is None:  # somebody was faster
        return CodeTried(tried, "wrong")
    _joined(work, standing, seeker_id, tried.consent, now)
    return CodeTried(tried, "joined")


def _joined(work: Work, standing: Standing, seeker_id: int, consent: GiveConsent, now: datetime) -> None:
    here, channel = standing.known.contact_id, standing.known.channel
    seekers.give_consent(work, seeker_id, consent_of(consent, channel))
    contacts.set_alerts(work, here, True)
    standing.alerts = True
    standing.joins(seekers.load(work, [seeker_id])[seeker_id])
    others = [other for other in links.speakers(work, seeker_id) if other.contact_id != here]
    tell(work, others, told_of(channel), now)


def list_contacts(work: Work, standing: Standing, listed: ListContacts, now: datetime) -> ContactsListed:
    """The contacts of the standing's seeker, this one first."""
    found = links.speakers(work, standing.seeker.id) if standing.seeker is not None else []
    told = next((speaker.contact_id for speaker in found if speaker.open), None)
    here = standing.known.contact_id
    own = next((speaker.joined_at for speaker in found if speaker.contact_id == here), None)

    def linked(one: Speaker) -> LinkedContact:
        own_contact, is_told = one.contact_id == here, one.contact_id == told
        may = own_contact or may_part(own, one.joined_at, now)
        return LinkedContact(one.contact_id, one.channel, own_contact, is_told, one.open, may)

    return ContactsListed(listed, tuple(sorted(map(linked, found), key=lambda one: (not one.here, one.id))))
