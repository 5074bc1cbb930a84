"""Channels with a window of time and reports of delivery; one seeker at several contacts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("contacts", sa.Column("blocked_why", sa.Text(), nullable=True))
    op.add_column("contacts", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contacts", sa.Column("doubted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contact_seekers", sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contact_seekers", sa.Column("preferred_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("sendings", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("receipt", sa.String(), nullable=True))
    op.add_column("outbox", sa.Column("category", sa.String(), nullable=True))
    op.create_table(
        "contact_aliases",
        sa.Column("alias_hash", sa.LargeBinary(), nullable=False),
        sa.Column("alias", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contacts.id"],
            name=op.f("fk_contact_aliases_contact_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("alias_hash", name=op.f("pk_contact_aliases")),
    )
    op.create_index(op.f("ix_contact_aliases_contact_id"), "contact_aliases", ["contact_id"])
    op.create_table(
        "link_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", BIG, nullable=False),
        sa.Column("seeker_id", BIG, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_link_codes_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seekers.id"], name=op.f("fk_link_codes_seeker_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_link_codes_contact_id")),
    )
    op.create_table(
        "message_counts",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("billable", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "channel", "category", "billable", name=op.f("pk_message_counts")),
    )
