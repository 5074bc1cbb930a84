"""Everything about a seeker under a key of their own; officers, paper, rights."""

import json
import os
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.keys import KeyRing, PersonKey
from storage.types import key_ring_of

revision = "0003"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEALED = ("name", "birth_year", "phone", "sex", "ragam", "needs")
AS_JSON = ("birth_year", "ragam", "needs")


def upgrade() -> None:
    add_sealed_columns()
    seal_seekers()
    finish_seekers()
    count_form_ends()
    add_officers()
    take_in_paper()
    remember_the_erased()
    add_rights()
    take_in_files()


def add_sealed_columns() -> None:
    for column in ("token", "key", "body", "likeness_hash", "nik_hash"):
        op.add_column("seekers", sa.Column(column, sa.LargeBinary(), nullable=True))
    op.add_column("seekers", sa.Column("status", sa.String(), nullable=False, server_default="active"))


def seal_seekers() -> None:
    """Move what each column kept under the service's key into one body under a key of the person's own."""
    connection = op.get_bind()
    ring = key_ring_of(connection.dialect)
    columns = ("id", "district", *SEALED)
    seekers = sa.table("seekers", *(sa.column(name) for name in (*columns, "token", "key", "body", "likeness_hash")))
    sealed = (
        sa.update(seekers)
        .where(seekers.c.id == sa.bindparam("of"))
        .values({name: sa.bindparam(f"new_{name}") for name in ("token", "key", "body", "likeness_hash")})
    )
    last = 0
    while True:
        some = sa.select(*(seekers.c[name] for name in columns)).where(seekers.c.id > last)
        rows = connection.execute(some.order_by(seekers.c.id).limit(1000)).mappings().all()
        if not rows:
            return
        connection.execute(sealed, [sealed_row(ring, row) for row in rows])
        last = rows[-1]["id"]


def sealed_row(ring: KeyRing, row: Any) -> dict[str, Any]:
    body = {}
    for name in SEALED:
        if row[name] is not None:
            plain = ring.open(bytes(row[name]), f"seekers.{name}".encode()).decode("utf-8", "surrogatepass")
            body[name] = json.loads(plain) if name in AS_JSON else plain
    body = {name: value for name, value in body.items() if value not in (None, [])}
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    key = PersonKey.generate()
    alike = None
    if body.get("birth_year") is not None and row["district"] is not None:
        alike = ring.hash("seekers.likeness", f"{body['birth_year']}:{row['district']}")
    return {
        "of": row["id"],
        "new_token": os.urandom(16),
        "new_key": ring.seal(key.secret, b"seekers.key"),
        "new_body": key.seal(written, b"seekers.body"),
        "new_likeness_hash": alike,
    }


def finish_seekers() -> None:
    """Without the columns that were moved. SQLite copies the table for it, and must not give an id twice afterwards."""
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    used = "SELECT seq FROM sqlite_sequence WHERE name = 'seekers'"
    highest = connection.exec_driver_sql(used).scalar() if sqlite else None
    with op.batch_alter_table("seekers", table_kwargs={"sqlite_autoincrement": True}) as seekers:
        for column in ("token", "key", "body"):
            seekers.alter_column(column, existing_type=sa.LargeBinary(), nullable=False)
        for column in SEALED:
            seekers.drop_column(column)
        seekers.create_unique_constraint(op.f("uq_seekers_token"), ["token"])
        seekers.create_check_constraint(op.f("ck_seekers_status"), "status IN ('active', 'draft', 'invited')")
    for column in ("likeness_hash", "nik_hash"):
        op.create_index(op.f(f"ix_seekers_{column}"), "seekers", [column])
    if highest is not None:
        # The copy keeps only what its rows say, and erased ones were perhaps the highest.
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'seekers'")
        connection.exec_driver_sql(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('seekers', {int(highest)})")


def count_form_ends() -> None:
    op.add_column("sessions", sa.Column("unfinished", sa.String(), nullable=True))
    op.add_column("sessions", sa.Column("reminded", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    unfinished = sa.text("unfinished IS NOT NULL")
    op.create_index(
        "ix_sessions_unfinished", "sessions", ["updated_at"], sqlite_where=unfinished, postgresql_where=unfinished
    )
    op.create_table(
        "form_ends",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome IN ('saved', 'cancelled', 'expired')", name=op.f("ck_form_ends_outcome")),
        sa.PrimaryKeyConstraint("month", "state", "outcome", name=op.f("pk_form_ends")),
    )


def add_rights() -> None:
    """Objecting, being protected, a PIN; contacts that are frozen; receipts of what was erased."""
    for column in ("objects_at", "protected_at", "pin_missed_at"):
        op.add_column("seekers", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.add_column("seekers", sa.Column("pin_misses", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("contacts", sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "erasures",
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("receipt", name=op.f("pk_erasures")),
    )


def add_officers() -> None:
    """Officers and their invitations, what they did, and what is said about a ticket."""
    op.create_table(
        "officers",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("institution", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("contact_id", BIG, nullable=True),
        sa.Column("invited_by", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        *of_an_institution("officers"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_officers_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["officers.id"], name=op.f("fk_officers_invited_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officers")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_officers_contact_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "office_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("institution", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("invited_by", BIG, nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        *of_an_institution("office_codes"),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["officers.id"], name=op.f("fk_office_codes_invited_by"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_office_codes")),
    )
    op.create_table(
        "audit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.Column("institution", sa.String(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("seeker_id", BIG, nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_audit_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_seeker_id"), "audit", ["seeker_id"])
    op.add_column("consents", sa.Column("how", sa.String(), nullable=True))
    op.add_column("tickets", sa.Column("taken_by", BIG, nullable=True))
    op.add_column("tickets", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tickets", sa.Column("outcome", sa.String(), nullable=True))
    op.create_table(
        "ticket_messages",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("author IN ('person', 'officer', 'note')", name=op.f("ck_ticket_messages_author")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_ticket_messages_officer_id")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_messages_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_messages")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ticket_messages_ticket_id"), "ticket_messages", ["ticket_id"])


def of_an_institution(table: str) -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint("institution IN ('work', 'social', 'protection')", name=op.f(f"ck_{table}_institution")),
        sa.CheckConstraint("role IN ('admin', 'officer')", name=op.f(f"ck_{table}_role")),
    )


def take_in_paper() -> None:
    invited = sa.text("status = 'invited'")
    op.create_index("ix_seekers_invited", "seekers", ["created_at"], sqlite_where=invited, postgresql_where=invited)
    with op.batch_alter_table("matches") as matches:
        matches.add_column(sa.Column("told_how", sa.String(), nullable=True))
        matches.create_check_constraint(
            op.f("ck_matches_told_how"), "told_how IN ('called', 'visited', 'written', 'unreachable')"
        )
    op.create_table(
        "claim_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("seeker_id", BIG, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        of_a_seeker("claim_codes", "seeker_id"),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_claim_codes")),
        sa.UniqueConstraint("seeker_id", name=op.f("uq_claim_codes_seeker_id")),
    )
    op.create_table(
        "paper_forms",
        sa.Column("number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("seeker_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seekers.id"], name=op.f("fk_paper_forms_seeker_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("number_hash", name=op.f("pk_paper_forms")),
    )
    op.create_index(op.f("ix_paper_forms_seeker_id"), "paper_forms", ["seeker_id"])
    op.create_table(
        "likenesses",
        sa.Column("seeker_id", BIG, autoincrement=False, nullable=False),
        sa.Column("other_id", BIG, autoincrement=False, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("why IN ('nik', 'name')", name=op.f("ck_likenesses_why")),
        of_a_seeker("likenesses", "seeker_id"),
        of_a_seeker("likenesses", "other_id"),
        sa.PrimaryKeyConstraint("seeker_id", "other_id", name=op.f("pk_likenesses")),
    )
    op.create_index(op.f("ix_likenesses_other_id"), "likenesses", ["other_id"])


def take_in_files() -> None:
    op.create_table(
        "documents",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("seeker_id", BIG, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        of_a_seeker("documents", "seeker_id"),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_seeker_id"), "documents", ["seeker_id"])


def of_a_seeker(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["seekers.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")


def remember_the_erased() -> None:
    op.create_table(
        "tombstones",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('seeker', 'contact')", name=op.f("ck_tombstones_kind")),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_tombstones")),
    )
    unwritten = sa.text("written_at IS NULL")
    op.create_index(
        "ix_tombstones_unwritten", "tombstones", ["erased_at"], sqlite_where=unwritten, postgresql_where=unwritten
    )
    op.create_table(
        "told_before",
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("external_id", "token", name=op.f("pk_told_before")),
    )
