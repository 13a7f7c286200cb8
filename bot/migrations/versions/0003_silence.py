"""Drills, outages, signed links, signing in to the pages, and what filings say of them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: SQLite numbers only plain INTEGER keys by itself.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, then the columns that point at them."""
    _outages()
    _drills()
    _web()
    _filings()


def _outages() -> None:
    """Outages, signs of life, signed links."""
    op.create_table(
        "outages",
        sa.Column("id", BIG, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
    )
    op.create_table(
        "signs_of_life",
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_signs_of_life")),
    )
    op.create_table(
        "signed_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("filing_id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filings.id"], name=op.f("fk_signed_links_filing_id_filings")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_signed_links_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_signed_links")),
    )
    op.create_index(
        op.f("ix_signed_links_expires_at"), "signed_links", ["expires_at"], unique=False
    )
    op.create_index(op.f("ix_signed_links_filing_id"), "signed_links", ["filing_id"], unique=False)


def _drills() -> None:
    """Drills and their filings."""
    op.create_table(
        "drills",
        sa.Column("id", BIG, nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("province", sa.String(length=32), nullable=True),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("ordered_by", sa.String(length=128), nullable=False),
        sa.Column("ordered_by_officer_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spread_seconds", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["ordered_by_officer_id"],
            ["officers.id"],
            name=op.f("fk_drills_ordered_by_officer_id_officers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drills")),
    )
    op.create_index(op.f("ix_drills_ends_at"), "drills", ["ends_at"], unique=False)
    op.create_table(
        "drill_filings",
        sa.Column("drill_id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filing_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_drill_filings_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["drill_id"],
            ["drills.id"],
            name=op.f("fk_drill_filings_drill_id_drills"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filings.id"], name=op.f("fk_drill_filings_filing_id_filings")
        ),
        sa.PrimaryKeyConstraint("drill_id", "court_code", name=op.f("pk_drill_filings")),
    )
    op.create_index(
        "ix_drill_filings_due_at",
        "drill_filings",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("filing_id IS NULL"),
        postgresql_where=sa.text("filing_id IS NULL"),
    )


def _web() -> None:
    """Signing in to the pages."""
    op.create_table(
        "web_logins",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_web_logins_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_web_logins")),
    )
    op.create_index(op.f("ix_web_logins_expires_at"), "web_logins", ["expires_at"], unique=False)
    op.create_table(
        "web_sessions",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.Column("token_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_web_sessions_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_tokens.id"], name=op.f("fk_web_sessions_token_id_api_tokens")
        ),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_web_sessions")),
    )
    op.create_index(
        op.f("ix_web_sessions_expires_at"), "web_sessions", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_web_sessions_officer_id"), "web_sessions", ["officer_id"], unique=False
    )
    op.create_index(op.f("ix_web_sessions_token_id"), "web_sessions", ["token_id"], unique=False)


def _filings() -> None:
    """What a filing says of the desk, column by column: to write the table anew would touch its events."""
    texts = {"return_reason": 24, "calendar_version": 128}
    columns: list[sa.Column[Any]] = [
        sa.Column(name, sa.String(length=size)) for name, size in texts.items()
    ]
    columns += [
        sa.Column("supervised_at", sa.DateTime(timezone=True)),
        sa.Column(
            "proposed_court",
            sa.String(length=16),
            sa.ForeignKey("courts.code", name=op.f("fk_filings_proposed_court_courts")),
        ),
        sa.Column(
            "outage_id",
            BIG,
            sa.ForeignKey("outages.id", name=op.f("fk_filings_outage_id_outages")),
        ),
    ]
    for column in columns:
        op.add_column("filings", column, inline_references=True)
