"""What a message wants: one of 17 intents, how explicit it is, and the wishes in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from conversations.domain.query import Query
from conversations.domain.region import Region
from conversations.understanding.amounts import amount_at
from conversations.understanding.lexicons import Lexicon, Rule
from conversations.understanding.reading import Reading, reader_for
from conversations.understanding.wishes import wishes_of


class Intent(StrEnum):
    """What somebody wants of the service; finer meaning is in ``query.topic``."""

    FIND_JOBS = "find_jobs"
    FIND_TRAINING = "find_training"
    REGISTER = "register"
    PROFILE = "profile"
    APPLICATIONS = "applications"
    PRIVACY = "privacy"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    PROTECTION = "protection"
    COMPLAINT = "complaint"
    HUMAN = "human"
    HELP = "help"
    GREET = "greet"
    THANKS = "thanks"
    OFFER_JOB = "offer_job"
    SAFETY = "safety"
    UNKNOWN = "unknown"


_WITH_WISHES = frozenset(
    {Intent.FIND_JOBS, Intent.FIND_TRAINING, Intent.REGISTER, Intent.PROFILE, Intent.SUBSCRIBE, Intent.OFFER_JOB}
)
"""Intents that do something with fields and places. The others keep nothing but their topic."""


_OF_THE_TERMS = frozenset({"wage", "hours"})
"""Topics of questions that name kinds of work without wishing for them: "gaji harian atau bulanan?"."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message means."""

    intent: Intent
    sure: bool
    """Explicit wording; then it wins over the answer to an open question. A bare field or place is only a hint."""
    query: Query


def understand(text: str, region: Region, today: date) -> Meaning:
    """What ``text`` wants. Never raises; what is not understood is ``unknown``.

    ``region`` gives the names of places; ``today`` decides whether its minimum wage still stands for "gaji umk".
    """
    reader = reader_for(region)
    reading = reader.read(text)
    if not reading.tokens:
        return Meaning(Intent.UNKNOWN, False, Query())
    words = reader.lexicon
    concepts = _concepts(reading, words)
    rule = next((rule for rule in words.rules if rule.holds(concepts) and _said_together(rule, reading)), None)
    if rule is None:
        return Meaning(Intent.UNKNOWN, False, Query())
    intent = Intent(rule.intent)
    return Meaning(intent, rule.sure, _query(reading, concepts, words, intent, rule, region, today))


def _said_together(rule: Rule, reading: Reading) -> bool:
    return not rule.near or reading.says_together(rule.near, rule.within)


def _query(
    reading: Reading, concepts: int, words: Lexicon, intent: Intent, rule: Rule, region: Region, today: date
) -> Query:
    def about(name: str) -> bool:
        return bool(concepts & words.bits[name])

    for_other = about("other_person")
    if intent not in _WITH_WISHES:
        return Query(topic=rule.topic, for_other=for_other)
    wishes = wishes_of(
        reading,
        region,
        today,
        training=intent == Intent.FIND_TRAINING,
        wage=about("wage_wish"),
        umk=about("minimum"),
    )
    for_me = about("fit") and not for_other and (about("me") or not wishes.ragam)
    return replace(
        wishes,
        topic=rule.topic,
        for_other=for_other,
        for_me=for_me,
        kinds=() if rule.topic in _OF_THE_TERMS and not about("exist") else wishes.kinds,
        conditions=(*wishes.conditions, *(("bpjs",) if about("bpjs") else ())),
        allowance=about("allowance"),
        free=about("free") and intent == Intent.FIND_TRAINING,
        order="wage" if about("highest") else "newest" if about("newest") else None,
    )


def _concepts(reading: Reading, words: Lexicon) -> int:
    """The bits of all that the message is about, and of the features of ``lexicons.FEATURES``."""
    bits = words.bits
    concepts = reading.concepts
    for tag in reading.tags:
        if tag.place:
            concepts |= bits["place" if tag.place.kind in ("district", "village") else tag.place.kind]
    spoken = reading.words
    if any(amount_at(spoken, n) for n in range(len(spoken))):
        concepts |= bits["amount"]
    of_pay = bits["wage"] | bits["at_least"]
    if concepts & (bits["minimum"] | bits["at_minimum"]) or (concepts & of_pay and concepts & bits["amount"]):
        concepts |= bits["wage_wish"]
    if reading.asks:
        concepts |= bits["question"]
    if not reading.unread:
        concepts |= bits["bare"]
    if len(reading.unread) > 2:
        concepts |= bits["unclear"]
    if len(reading.tokens) <= 2:
        concepts |= bits["alone"]
    return concepts
