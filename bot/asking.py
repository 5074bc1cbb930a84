"""``setara ask``: one question understood and answered, without a contact and without keeping anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.look_up import look_up
from conversations.domain.region import Region
from conversations.domain.suits import explain
from conversations.domain.vacancy import Training, Vacancy
from conversations.engine.events import Search
from conversations.engine.texts import Translate
from conversations.understanding import Meaning, understand
from storage.work import Work

MOST = 10
"""Results of one question."""

SEARCHED = {"find_jobs": "vacancy", "find_training": "training"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was understood, and what was found, best first."""

    meaning: Meaning
    found: tuple[Vacancy, ...] | tuple[Training, ...]

    def to_json(self, region: Region, tr: Translate) -> dict[str, Any]:
        results = []
        for offer in self.found:
            why = explain(offer, self.meaning.query, None, region)
            reasons = [tr(text) for text in (*why.reasons, *why.missing, *why.differs)]
            results.append({"id": offer.external_id, "title": offer.title, "exact": why.exact, "reasons": reasons})
        return {"intent": self.meaning.intent, "query": self.meaning.query.to_json(), "results": results}


def ask(work: Work, text: str, region: Region, today: date) -> Answer:
    """Understand ``text`` and look up what it asks for."""
    meaning = understand(text, region, today)
    kind = SEARCHED.get(meaning.intent)
    if kind is None:
        return Answer(meaning, ())
    found, _ = look_up(work, Search(kind, meaning.query, limit=MOST), None, region, today)
    return Answer(meaning, found)
