"""Which things are kept: every table, the same on SQLite and on PostgreSQL.

What tells who somebody is (names, phones, chat addresses, answers, messages) is encrypted; what is
only looked for again has a keyed hash beside it. Vacancies and trainings are public, and are not.
Everything about a seeker is sealed with a key of that seeker's own, which the service's key wraps.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from storage.types import EncryptedBytes, EncryptedJSON, EncryptedText, UtcDateTime

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigId = sa.BigInteger().with_variant(Integer, "sqlite")
Json = sa.JSON(none_as_null=True)


def _id() -> Column[Any]:
    return Column("id", BigId, primary_key=True, autoincrement=True)


def _of(table: str, *, name: str | None = None, **options: Any) -> Column[Any]:
    """A column that goes when the row it points to goes."""
    options.setdefault("nullable", False)
    return Column(name or f"{table[:-1]}_id", BigId, ForeignKey(f"{table}.id", ondelete="CASCADE"), **options)


def _partial(name: str, *columns: Column[Any], where: str) -> Index:
    """An index over only the rows that are ever looked for through it."""
    return Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


contacts = Table(
    "contacts",
    metadata,
    _id(),
    Column("channel", String, nullable=False),
    Column("address", EncryptedText("contacts.address"), nullable=False),
    # Of channel and address together: the same address on two channels is two contacts.
    Column("address_hash", sa.LargeBinary, nullable=False, unique=True),
    Column("locale", String, nullable=False),
    Column("alerts", Boolean, nullable=False),
    Column("blocked_at", UtcDateTime),
    # Why nothing can be sent any more, as officers read it.
    Column("blocked_why", Text),
    # When the person wrote last, by the platform's clock; only on channels that take messages in a window of time.
    Column("heard_at", UtcDateTime),
    # Since when it is not known whether the same person writes from there; until they were asked.
    Column("doubted_at", UtcDateTime),
    # Since when an officer keeps it from whom it speaks for: the telephone was lost or stolen.
    Column("frozen_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

contact_aliases = Table(
    "contact_aliases",
    metadata,
    # A second name of a contact's own by which its platform calls it (WhatsApp: the user id beside the number).
    Column("alias_hash", sa.LargeBinary, primary_key=True),
    Column("alias", EncryptedText("contact_aliases.alias"), nullable=False),
    _of("contacts", index=True),
)

sessions = Table(
    "sessions",
    metadata,
    _of("contacts", primary_key=True, autoincrement=False),
    Column("body", EncryptedJSON("sessions.body")),
    Column("version", Integer, nullable=False),
    # Whether a form is being filled, readable without the key of the talk: an alert waits for its end.
    Column("in_form", Boolean, nullable=False),
    # The question at which a registration stands that its person has consented to; NULL: there is none.
    Column("unfinished", String),
    # How often they were reminded of it, and when last.
    Column("reminded", Integer, nullable=False, server_default="0"),
    Column("reminded_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
)
_partial("ix_sessions_unfinished", sessions.c.updated_at, where="unfinished IS NOT NULL")

form_ends = Table(
    "form_ends",
    metadata,
    # How registrations ended, and at which question: where people are lost is where it has to become easier.
    Column("month", String, primary_key=True),
    Column("state", String, primary_key=True),
    Column("outcome", String, primary_key=True),
    Column("count", Integer, nullable=False),
    _one_of("outcome", "saved", "cancelled", "expired"),
)

inbound = Table(
    "inbound",
    metadata,
    Column("channel", String, primary_key=True),
    Column("external_id", String, primary_key=True),
    _of("contacts"),
    Column("said", EncryptedText("inbound.said")),
    Column("received_at", UtcDateTime, nullable=False),
)
# Only channels that show a person's own words again keep them, so the others pay nothing for this.
_partial("ix_inbound_said", inbound.c.contact_id, inbound.c.received_at, where="said IS NOT NULL")

seekers = Table(
    "seekers",
    metadata,
    _id(),
    # A name that no other seeker ever has, unlike an id once a backup was restored.
    Column("token", sa.LargeBinary, nullable=False, unique=True),
    # The person's own key; the body, and whatever else is kept about them alone, is sealed with it.
    Column("key", EncryptedBytes("seekers.key"), nullable=False),
    Column("body", sa.LargeBinary, nullable=False),
    Column("for_whom", String, nullable=False),
    Column("phone_hash", sa.LargeBinary, index=True),
    # Of birth year and district together: where to look for somebody who is registered twice.
    Column("likeness_hash", sa.LargeBinary, index=True),
    Column("nik_hash", sa.LargeBinary, index=True),
    Column("district", String),
    Column("education", String),
    Column("education_rank", Integer),
    Column("fields", Json, nullable=False),
    # "draft": not everybody whose yes it takes has said it; "invited": nobody has, and little is kept, for a while.
    Column("status", String, nullable=False, server_default="active"),
    Column("paused_at", UtcDateTime),
    # Since when they object to being matched by a rule (UU 27/2022 art. 10).
    Column("objects_at", UtcDateTime),
    # Since when they are left out of every list and search: somebody must not find them.
    Column("protected_at", UtcDateTime),
    # Wrong PINs in a row, and when the last of them was.
    Column("pin_misses", Integer, nullable=False, server_default="0"),
    Column("pin_missed_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    _one_of("status", "active", "draft", "invited"),
    sqlite_autoincrement=True,
)
_partial("ix_seekers_invited", seekers.c.created_at, where="status = 'invited'")

contact_seekers = Table(
    "contact_seekers",
    metadata,
    _of("contacts", primary_key=True, autoincrement=False),
    _of("seekers", primary_key=True, autoincrement=False, index=True),
    Column("role", String, nullable=False),
    # When the person chose this contact to be told at; of several the latest counts.
    Column("preferred_at", UtcDateTime),
    # When a code joined the contact; whoever registered there was not joined.
    Column("joined_at", UtcDateTime),
)

link_codes = Table(
    "link_codes",
    metadata,
    # A code that joins another contact to a seeker, once: shown at one contact, said at the other.
    Column("code_hash", sa.LargeBinary, primary_key=True),
    _of("contacts", unique=True),
    _of("seekers"),
    Column("expires_at", UtcDateTime, nullable=False),
)

claim_codes = Table(
    "claim_codes",
    metadata,
    # A code that an officer gives in person, and by which somebody's chat is joined to what was registered on paper.
    Column("code_hash", sa.LargeBinary, primary_key=True),
    _of("seekers", unique=True),
    Column("expires_at", UtcDateTime, nullable=False),
)

paper_forms = Table(
    "paper_forms",
    metadata,
    # Whose form it is; of whom everything was erased, that there was one: it is not to be taken in again.
    Column("number_hash", sa.LargeBinary, primary_key=True),
    Column("number", EncryptedText("paper_forms.number"), nullable=False),
    Column("seeker_id", BigId, ForeignKey("seekers.id", ondelete="SET NULL"), index=True),
)

documents = Table(
    "documents",
    metadata,
    # The id by which the person's own list names it; authenticated with the content.
    Column("token", sa.LargeBinary, primary_key=True),
    _of("seekers", index=True),
    # Sealed with the person's own key.
    Column("content", sa.LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

likenesses = Table(
    "likenesses",
    metadata,
    # Two seekers who may be one person, the smaller id first; until an officer says that they are two.
    _of("seekers", primary_key=True, autoincrement=False),
    _of("seekers", name="other_id", primary_key=True, autoincrement=False, index=True),
    Column("why", String, nullable=False),
    Column("noticed_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    _one_of("why", "nik", "name"),
)

seeker_fields = Table(
    "seeker_fields",
    metadata,
    # What a match finds a seeker by: a field of work, own words for one, or "any" for who named none.
    Column("kind", String, primary_key=True),
    Column("field", String, primary_key=True),
    _of("seekers", primary_key=True, autoincrement=False, index=True),
    Column("district", String),
    Column("education_rank", Integer),
    _one_of("kind", "any", "field", "words"),
)

consents = Table(
    "consents",
    metadata,
    _id(),
    _of("seekers"),
    Column("purpose", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("wording", Text, nullable=False),
    Column("channel", String, nullable=False),
    Column("giver", String, nullable=False),
    # Where it was said: in a chat of the giver's own, on a companion's phone …; NULL: not recorded in its time.
    Column("how", String),
    Column("given_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Index("ix_consents_seeker_id_purpose", "seeker_id", "purpose"),
    sqlite_autoincrement=True,
)


def _offer_columns() -> list[Any]:
    """What a vacancy and a training have in common."""
    return [
        _id(),
        Column("external_id", String, nullable=False, unique=True),
        Column("title", Text, nullable=False),
        Column("district", String),
        Column("place", Text, nullable=False),
        Column("fields", Json, nullable=False),
        Column("description", Text, nullable=False),
        Column("ragam", Json, nullable=False),
        Column("accommodations", Json, nullable=False),
        Column("hours", Text, nullable=False),
        Column("example", Boolean, nullable=False),
        Column("status", String, nullable=False),
        Column("opens_on", Date),
        Column("extra", Json, nullable=False),
        # The folded words of title, fields, description, employer and place: what wishes are looked for in.
        Column("words", Text, nullable=False),
        Column("content_hash", String, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("updated_at", UtcDateTime, nullable=False),
    ]


vacancies = Table(
    "vacancies",
    metadata,
    *_offer_columns(),
    Column("employer", Text, nullable=False),
    Column("education", String),
    Column("education_rank", Integer),
    Column("wage_min", BigId),
    Column("wage_max", BigId),
    Column("wage_per", String, nullable=False),
    Column("kinds", Json, nullable=False),
    # Work that can be done from anywhere, so that it reaches people outside the region.
    Column("remote", Boolean, nullable=False),
    Column("openings", Integer, nullable=False),
    Column("closes_on", Date),
    Column("apply_to", Text, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("age_min", Integer),
    Column("age_max", Integer),
    Column("age_reason", Text, nullable=False),
    Column("skills", Json, nullable=False),
    Column("experience", Text, nullable=False),
    Column("announced_at", UtcDateTime),
    _one_of("status", "open", "closed"),
    sqlite_autoincrement=True,
)
_partial("ix_vacancies_open", vacancies.c.district, where="status = 'open'")
_partial("ix_vacancies_unannounced", vacancies.c.id, where="status = 'open' AND announced_at IS NULL")

vacancy_fields = Table(
    "vacancy_fields",
    metadata,
    Column("field", String, primary_key=True),
    _of("vacancies", name="vacancy_id", primary_key=True, autoincrement=False, index=True),
)

trainings = Table(
    "trainings",
    metadata,
    *_offer_columns(),
    Column("provider", Text, nullable=False),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("places", Integer),
    Column("cost", BigId),
    Column("allowance", Text, nullable=False),
    Column("register_by", Date),
    _one_of("status", "open", "closed"),
    sqlite_autoincrement=True,
)
_partial("ix_trainings_open", trainings.c.district, where="status = 'open'")

training_fields = Table(
    "training_fields",
    metadata,
    Column("field", String, primary_key=True),
    _of("trainings", primary_key=True, autoincrement=False, index=True),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _of("contacts"),
    # The contact's own, so that claiming for one channel reads one index.
    Column("channel", String, nullable=False),
    Column("kind", String, nullable=False),
    # The inbound message this answers, if it answers one.
    Column("external_id", String),
    Column("dedupe_key", String, unique=True),
    Column("body", EncryptedJSON("outbox.body"), nullable=False),
    Column("state", String, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_at", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("error", Text),
    # How often it was given to be sent; unlike attempts this only grows, so that it tells one sending from another.
    Column("sendings", Integer, nullable=False, server_default="0"),
    # What the platform reported after it had accepted the message: sent, delivered, read or failed.
    Column("receipt", String),
    # What the platform counts the message as (service, utility, …), once it has told.
    Column("category", String),
    Column("created_at", UtcDateTime, nullable=False),
    _one_of("kind", "reply", "alert"),
    _one_of("state", "waiting", "claimed", "sent", "failed", "dropped"),
    Index("ix_outbox_contact_id_id", "contact_id", "id"),
    sqlite_autoincrement=True,
)
_partial(
    "ix_outbox_waiting", *(outbox.c[c] for c in ("channel", "kind", "not_before", "id")), where="state = 'waiting'"
)
_partial("ix_outbox_claimed", outbox.c.claimed_at, where="state = 'claimed'")
_partial("ix_outbox_failed", outbox.c.id, where="state = 'failed'")

message_counts = Table(
    "message_counts",
    metadata,
    # "2026-11", in the region's time zone.
    Column("month", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("category", String, primary_key=True),
    Column("billable", Boolean, primary_key=True),
    Column("count", Integer, nullable=False),
)

matches = Table(
    "matches",
    metadata,
    _of("vacancies", name="vacancy_id", primary_key=True, autoincrement=False),
    _of("seekers", primary_key=True, autoincrement=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),
    Column("outbox_id", BigId, ForeignKey("outbox.id", ondelete="SET NULL")),
    # How an officer told it, or tried; NULL: by a message.
    Column("told_how", String),
    _one_of("told_how", "called", "visited", "written", "unreachable"),
)
_partial("ix_matches_untold", matches.c.seeker_id, matches.c.vacancy_id, where="told_at IS NULL")
_partial("ix_matches_outbox_id", matches.c.outbox_id, where="outbox_id IS NOT NULL")

tickets = Table(
    "tickets",
    metadata,
    _id(),
    _of("contacts", index=True),
    _of("seekers", nullable=True, index=True),
    Column("topic", String, nullable=False),
    Column("text", EncryptedText("tickets.text"), nullable=False),
    Column("status", String, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    # The officer who answers. No foreign key: officers are revoked, never deleted.
    Column("taken_by", BigId),
    Column("closed_at", UtcDateTime),
    Column("outcome", String),
    _one_of("status", "open", "closed"),
    sqlite_autoincrement=True,
)

officers = Table(
    "officers",
    metadata,
    _id(),
    Column("name", EncryptedText("officers.name"), nullable=False),
    Column("institution", String, nullable=False),
    Column("role", String, nullable=False),
    # Where their console is; none once they are revoked, or somebody else writes from there.
    Column("contact_id", BigId, ForeignKey("contacts.id", ondelete="SET NULL"), unique=True),
    # None: by a command on the server.
    Column("invited_by", BigId, ForeignKey("officers.id", ondelete="SET NULL")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    _one_of("institution", "work", "social", "protection"),
    _one_of("role", "admin", "officer"),
    sqlite_autoincrement=True,
)

office_codes = Table(
    "office_codes",
    metadata,
    # A code that makes an officer of whoever says it in their own chat, once.
    Column("code_hash", sa.LargeBinary, primary_key=True),
    Column("name", EncryptedText("office_codes.name"), nullable=False),
    Column("institution", String, nullable=False),
    Column("role", String, nullable=False),
    Column("invited_by", BigId, ForeignKey("officers.id", ondelete="CASCADE")),
    Column("expires_at", UtcDateTime, nullable=False),
    _one_of("institution", "work", "social", "protection"),
    _one_of("role", "admin", "officer"),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False),
    # Who acted; None: a command on the server.
    Column("officer_id", BigId, ForeignKey("officers.id")),
    Column("institution", String),
    Column("act", String, nullable=False),
    # Whom it was about. No foreign key: that somebody was read stays known after they were erased.
    Column("seeker_id", BigId, index=True),
    # Numbers and codes, never anything personal: see storage.audit.
    Column("detail", Json, nullable=False),
    sqlite_autoincrement=True,
)

ticket_messages = Table(
    "ticket_messages",
    metadata,
    _id(),
    _of("tickets", index=True),
    # Whose words: the person's, an officer's to them, or an officer's note for officers.
    Column("author", String, nullable=False),
    Column("officer_id", BigId, ForeignKey("officers.id")),
    Column("text", EncryptedText("ticket_messages.text"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    _one_of("author", "person", "officer", "note"),
    sqlite_autoincrement=True,
)

tombstones = Table(
    "tombstones",
    metadata,
    # Who was erased: a seeker by their token, a contact by the hash of its address. Not to be brought back by a backup.
    Column("kind", String, primary_key=True),
    Column("name", sa.LargeBinary, primary_key=True),
    Column("erased_at", UtcDateTime, nullable=False),
    # Since when it stands in the file that outlives the database; NULL: it is still to be written there.
    Column("written_at", UtcDateTime),
    _one_of("kind", "seeker", "contact"),
)
_partial("ix_tombstones_unwritten", tombstones.c.erased_at, where="written_at IS NULL")

told_before = Table(
    "told_before",
    metadata,
    # What had been told when a backup was restored in which it stood as untold, or the vacancy not at all.
    Column("external_id", String, primary_key=True),
    Column("token", sa.LargeBinary, primary_key=True),
    Column("told_at", UtcDateTime, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    # What the person holds as proof; drawn by chance, it names nobody.
    Column("receipt", String, primary_key=True),
    Column("erased_at", UtcDateTime, nullable=False),
    # How many things of each kind went; numbers only.
    Column("counts", Json, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)
