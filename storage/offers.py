"""What vacancies and trainings have in common: being imported again and again, and being found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Generic, Protocol, TypeVar

import sqlalchemy as sa

from conversations.domain import accommodations
from conversations.domain import fields as fields_of_work
from conversations.domain.query import Query
from conversations.domain.suits import searchable_of
from conversations.domain.vacancy import Training, Vacancy
from conversations.domain.wording import fold, searchable
from storage.dialects import upsert
from storage.work import Work

Offer = TypeVar("Offer", Vacancy, Training)
Offer_co = TypeVar("Offer_co", Vacancy, Training, covariant=True)

_MOST = 500
"""Keys a statement, so that no database's limit is met."""


class Offered(Protocol[Offer_co]):
    """An offer as it comes in; its ``id`` does not count."""

    @property
    def offer(self) -> Offer_co: ...

    @property
    def open(self) -> bool:
        """Whether people may be shown it, on the days it is on show."""

    @property
    def opens_on(self) -> date | None:
        """The first day on which it is shown; None: at once."""

    @property
    def extra(self) -> Mapping[str, str]:
        """Columns of the file that nobody knows, kept as they are."""


@dataclass(frozen=True, slots=True)
class Upserted:
    """What an upsert did, by external id, in the order of the rows."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


class Offers(Generic[Offer]):
    """The vacancies, or the trainings, of the database."""

    def __init__(
        self,
        offer: type[Offer],
        table: sa.Table,
        fields_table: sa.Table,
        *,
        last_day: sa.ColumnElement[Any],
        derived: Callable[[Offer], dict[str, Any]],
    ) -> None:
        """``last_day``: the last day on which it is open; ``derived``: columns computed from the offer."""
        self._offer: type[Offer] = offer
        self._table = table
        self._fields = fields_table
        self._id_of_field = next(column for column in fields_table.c if column.foreign_keys)
        self._last_day = last_day
        self._derived: Callable[[Offer], dict[str, Any]] = derived
        self._names = [field.name for field in fields(offer)]
        self._lists = {name for name in self._names if isinstance(table.c[name].type, sa.JSON)}
        self._columns = [table.c[name] for name in self._names]
        self._listed = [name in self._lists for name in self._names]

    def upsert(self, work: Work, rows: Iterable[Offered[Offer]], now: datetime) -> Upserted:
        """Add what is new and update what changed, by external id. Of two rows with one id the later counts."""
        wanted = {row.offer.external_id: self._values(row) for row in rows}
        kept = self._hashes(work, list(wanted))
        changed = [values for key, values in wanted.items() if kept.get(key) != values["content_hash"]]
        for part in _parts(changed):
            self._write(work, [values | {"created_at": now, "updated_at": now} for values in part])
        written = [values["external_id"] for values in changed]
        return Upserted(
            added=tuple(key for key in written if key not in kept),
            updated=tuple(key for key in written if key in kept),
            unchanged=tuple(key for key in wanted if kept.get(key) == wanted[key]["content_hash"]),
        )

    def _values(self, row: Offered[Offer]) -> dict[str, Any]:
        offer = row.offer
        values: dict[str, Any] = {name: getattr(offer, name) for name in self._names if name != "id"}
        values |= {name: list(values[name]) for name in self._lists}
        values |= self._derived(offer)
        values |= {"status": "open" if row.open else "closed", "opens_on": row.opens_on, "extra": dict(row.extra)}
        by = offer.employer if isinstance(offer, Vacancy) else offer.provider
        # Fields stand in it once more, whole: "pijat dan terapi" is one wish.
        values["words"] = searchable(searchable_of(offer), by, offer.place)
        told = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
        return values | {"content_hash": sha256(told.encode()).hexdigest()}

    def _hashes(self, work: Work, external_ids: list[str]) -> dict[str, str]:
        table = self._table
        found: dict[str, str] = {}
        for part in _parts(external_ids):
            rows = work.connection.execute(
                sa.select(table.c.external_id, table.c.content_hash).where(table.c.external_id.in_(part))
            )
            found |= {row.external_id: row.content_hash for row in rows}
        return found

    def _write(self, work: Work, rows: Sequence[dict[str, Any]]) -> None:
        table, id_of_field = self._table, self._id_of_field
        insert = upsert(work, table)
        changes = {name: insert.excluded[name] for name in rows[0] if name not in ("external_id", "created_at")}
        if "announced_at" in table.c:
            # To be matched anew: who is told already is in the ledger, and is not told again.
            changes["announced_at"] = sa.null()
        statement = insert.on_conflict_do_update(index_elements=["external_id"], set_=changes)
        written = work.connection.execute(statement.returning(table.c.external_id, table.c.id), rows)
        ids = {row.external_id: row.id for row in written}
        work.connection.execute(self._fields.delete().where(id_of_field.in_(ids.values())))
        named = [
            {"field": field, id_of_field.name: ids[row["external_id"]]}
            for row in rows
            for field in dict.fromkeys(row["fields"])
        ]
        if named:
            work.connection.execute(self._fields.insert(), named)

    def get(self, work: Work, offer_id: int, today: date | None = None) -> Offer | None:
        """The offer, or None if there is none, or if it is not open on ``today`` (where given)."""
        wanted = sa.select(*self._columns).where(self._table.c.id == offer_id)
        if today is not None:
            wanted = wanted.where(self.is_open(today))
        row = work.connection.execute(wanted).one_or_none()
        return None if row is None else self._offer_of(row)

    def get_many(self, work: Work, ids: Iterable[int]) -> dict[int, Offer]:
        """Those of the offers that exist, by id, open or not."""
        found = {}
        for part in _parts(list(ids)):
            for row in work.connection.execute(sa.select(*self._columns).where(self._table.c.id.in_(part))):
                found[row.id] = self._offer_of(row)
        return found

    def _offer_of(self, row: Any) -> Offer:
        values: list[Any] = [tuple(value) if listed else value for value, listed in zip(row, self._listed, strict=True)]
        offer: Offer = self._offer(*values)
        return offer

    def is_open(self, today: date) -> sa.ColumnElement[bool]:
        """On show on ``today``, in SQL."""
        table = self._table
        return sa.and_(
            table.c.status == sa.literal_column("'open'"),
            sa.or_(table.c.opens_on.is_(None), table.c.opens_on <= today),
            sa.or_(self._last_day.is_(None), self._last_day >= today),
        )

    def find(self, work: Work, query: Query, today: date, limit: int = 200) -> list[Offer]:
        """Candidates for ``query`` among what is open on ``today``, the newest first, at most ``limit``.

        Needs and ragam never decide who is a candidate: they only say which to look at first where there are
        more than ``limit``.

        Whatever meets a wish is a candidate, and what meets more wishes comes in before the rest; if
        nothing meets any, the newest are. Ordering them by what suits is ``conversations.domain``'s.
        """
        ids: dict[int, int] = {}
        wishes = list(self._wishes(query))
        for wish in wishes or self._leanings(query):
            for offer_id in work.connection.scalars(self._newest(wish, today, max(limit * 5, 1000))):
                ids[offer_id] = ids.get(offer_id, 0) + 1
        best = sorted(ids, key=lambda offer_id: (-ids[offer_id], -offer_id))[:limit]
        if not wishes and len(best) < limit:
            best += work.connection.scalars(self._newest(sa.true(), today, limit)).all()
        if not best:
            best = list(work.connection.scalars(self._newest(sa.true(), today, limit)))
        chosen = self._table.c.id.in_(list(dict.fromkeys(best))[:limit])
        found = sa.select(*self._columns).where(chosen).order_by(self._table.c.id.desc()).limit(limit)
        return [self._offer_of(row) for row in work.connection.execute(found)]

    def _wishes(self, query: Query) -> Iterator[sa.ColumnElement[bool]]:
        """What an offer may meet, each in SQL."""
        table = self._table
        if query.fields:
            near = set(query.fields).union(*map(fields_of_work.near, query.fields))
            yield table.c.id.in_(sa.select(self._id_of_field).where(self._fields.c.field.in_(near)))
        if query.places:
            yield sa.or_(table.c.district.in_(query.places), *map(self._says, query.places))
        for word in (*query.words, *query.fields):
            yield self._says(word)
        if query.employer:
            yield self._says(query.employer)
        if query.kinds and "kinds" in table.c:
            yield self._holds(table.c.kinds, query.kinds)

    def _leanings(self, query: Query) -> Iterator[sa.ColumnElement[bool]]:
        """What would suit somebody, in SQL, where nothing but needs and ragam were named."""
        table = self._table
        if accommodations.FROM_HOME in query.needs and "remote" in table.c:
            yield table.c.remote
        meeting = sorted(set[str]().union(*map(accommodations.meeting, query.needs)))
        for column, codes in (("accommodations", meeting), ("ragam", query.ragam)):
            if codes:
                yield self._holds(table.c[column], codes)

    def _holds(self, column: sa.Column[Any], codes: Iterable[str]) -> sa.ColumnElement[bool]:
        written = sa.cast(column, sa.Text)
        return sa.or_(*(written.contains(f'"{code}"', autoescape=True) for code in codes))

    def _newest(self, wish: sa.ColumnElement[bool], today: date, limit: int) -> sa.Select[Any]:
        table = self._table
        return sa.select(table.c.id).where(self.is_open(today), wish).order_by(table.c.id.desc()).limit(limit)

    def _says(self, words: str) -> sa.ColumnElement[bool]:
        return self._table.c.words.contains(f" {fold(words)} ", autoescape=True)

    def remove_examples(self, work: Work) -> int:
        """Delete the examples; returns how many."""
        return work.connection.execute(self._table.delete().where(self._table.c.example)).rowcount

    def count(self, work: Work, today: date | None = None) -> int:
        """How many there are, or how many are open on ``today``."""
        counted = sa.select(sa.func.count()).select_from(self._table)
        return work.connection.scalar(counted if today is None else counted.where(self.is_open(today))) or 0


def _parts(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), _MOST):
        yield keys[start : start + _MOST]
