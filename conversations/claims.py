"""Whoever an officer only invited agrees to be registered before their chat is joined to what the paper form said."""

from __future__ import annotations

from datetime import datetime

from conversations import consent
from conversations.domain.purposes import MATCHING
from conversations.engine.context import Said, Talk
from conversations.engine.events import GiveConsent
from conversations.engine.messages import Message
from conversations.engine.moves import Done, Goto, Move, Retry
from conversations.engine.questions import page_of, plainly
from conversations.engine.texts import t
from conversations.understanding import answers as parse


def ask(talk: Talk) -> Message:
    """The same question, in the same words, as in a registration by chat."""
    return Message(consent.consent_words(talk), page_of(consent.CHOICES, 0))


def hear(talk: Talk, said: Said) -> Move:
    wanted = plainly(talk, said, consent.CHOICES)
    agreed = {"yes": True, "no": False}.get(wanted or "", parse.yes_no(said.text))
    if agreed:
        wording = "\n".join(talk.tr(line) for line in consent.consent_words(talk))
        given = {"version": consent.CONSENT.version, "wording": wording, "at": talk.context.now.isoformat()}
        return Goto("consent", scratch={"code": talk.scratch("code"), "registering": given})
    if agreed is False:
        return Done((t("Baik, Anda tidak didaftarkan. Untuk menghapus undangan ini segera, balas PETUGAS."),))
    return Retry(t("Untuk izin, kami perlu jawaban yang jelas. Balas: ya atau tidak"), firm=True)


def registering(talk: Talk) -> GiveConsent | None:
    """The yes that was said to being registered; None: none was needed."""
    given = talk.scratch("registering")
    if given is None:
        return None
    at = datetime.fromisoformat(given["at"])
    return GiveConsent(MATCHING, given["version"], given["wording"], "self", at)
