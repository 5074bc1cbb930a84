"""Every conversation there is, and which wish opens which."""

from __future__ import annotations

from conversations import (
    agreeing,
    alerts,
    companions,
    links,
    menu,
    office,
    permissions,
    pin,
    portions,
    privacy,
    profile,
    registration,
    safety,
    support,
    tickets,
    training,
    vacancies,
    volunteered,
)
from conversations.domain.query import Query
from conversations.domain.wording import words_of
from conversations.engine.context import Context
from conversations.engine.conversation import Registry
from conversations.engine.moves import Move
from conversations.understanding import Meaning

ASKING = frozenset(["loker", "lowongan", "lowker", "loker2", "pelatihan", "kursus"])
"""Words that no name, need or field of work holds: who writes one of them asks."""


ALWAYS = frozenset(["erase", "view", "shared_with", "connected", "lost_phone", *permissions.TOPICS])
"""What people want about their data that no answer to a question says."""


def interrupts(meaning: Meaning, text: str) -> bool:
    """What is heard even while a question takes own words: danger, and what cannot be an answer."""
    match meaning.intent:
        case "safety" | "register":
            return True
        case "find_jobs" | "find_training":
            words = words_of(text)
            return not ASKING.isdisjoint(words) or ("cari" in words and meaning.query == Query())
        case "privacy":
            return meaning.query.topic in ALWAYS
        case "profile":
            return meaning.query.topic in links.TOPICS
        case "subscribe" | "unsubscribe":
            return not {"kabar", "kabari", "kirim", "stop", "setop"}.isdisjoint(words_of(text))
    return False


def unmistakable(context: Context, text: str, form: bool) -> Move | None:
    """Codes, a PIN, and the word that opens an officer's console."""
    return (
        office.unmistakable(context, text)
        or agreeing.unmistakable(context, text, form)
        or links.unmistakable(context, text, form)
        or pin.unmistakable(text)
    )


REGISTRY = Registry(
    conversations={
        c.name: c
        for c in (
            menu.menu,
            menu.language,
            companions.companions,
            registration.registration,
            agreeing.agreeing,
            portions.portions,
            profile.profile,
            vacancies.vacancies,
            training.training,
            privacy.privacy,
            permissions.permissions_talk,
            pin.pin,
            links.linking,
            office.office,
            office.joining,
            tickets.ticket,
        )
    },
    intents={
        "find_jobs": vacancies.opened,
        "find_training": training.opened,
        "register": registration.opened,
        "profile": profile.opened,
        "applications": support.applications,
        "privacy": privacy.opened,
        "subscribe": alerts.subscribe,
        "unsubscribe": alerts.unsubscribe,
        "protection": support.protection,
        "complaint": support.complaint,
        "human": support.wanted,
        "help": menu.asked_help,
        "greet": menu.greet,
        "thanks": support.thanks,
        "offer_job": support.offer_job,
        "safety": support.safety,
    },
    home="menu",
    standing={
        "job": vacancies.opened_one,
        "training": training.opened_one,
        "ticket": tickets.opened,
        "resume": registration.resumed,
    },
    standing_words={
        "job": ("loker", "lowongan", "lowker", "job"),
        "training": ("pelatihan", "kursus", "training"),
        "ticket": ("tiket", "ticket"),
    },
    help=menu.help_lines,
    person=support.person,
    interrupts=interrupts,
    turned=companions.turned,
    unmistakable=unmistakable,
    guard="pin",
    frozen=safety.FROZEN,
    corrected=volunteered.corrected,
    introduced=volunteered.introduced,
    besides=volunteered.besides,
    heirs={"details": portions.heir_of_details},
)
