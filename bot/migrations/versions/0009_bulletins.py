"""Bulletins: what was published, what was contested in it, what provinces settled."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: SQLite numbers only plain INTEGER keys by itself.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _bulletins()
    _contests()
    op.create_table(
        "bulletin_rules",
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("target_percent", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("contest_days", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=128), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_bulletin_rules")),
    )


def _bulletins() -> None:
    op.create_table(
        "bulletins",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("province", sa.String(length=32), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("layout", sa.String(length=16), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=128), nullable=False),
        sa.Column("published_by_officer_id", BIG, nullable=True),
        sa.Column("contest_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by_officer_id"],
            ["officers.id"],
            name=op.f("fk_bulletins_published_by_officer_id_officers"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletins")),
        sa.UniqueConstraint("number", name=op.f("uq_bulletins_number")),
    )
    op.create_index("ix_bulletins_province_published_at", "bulletins", ["province", "published_at"])


def _contests() -> None:
    op.create_table(
        "bulletin_contests",
        sa.Column("id", BIG, nullable=False),
        sa.Column("bulletin_id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("filing_id", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.String(length=128), nullable=False),
        sa.Column("raised_by_officer_id", BIG, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=128), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("counted_as", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"],
            ["bulletins.id"],
            name=op.f("fk_bulletin_contests_bulletin_id_bulletins"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_bulletin_contests_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filings.id"], name=op.f("fk_bulletin_contests_filing_id_filings")
        ),
        sa.ForeignKeyConstraint(
            ["raised_by_officer_id"],
            ["officers.id"],
            name=op.f("fk_bulletin_contests_raised_by_officer_id_officers"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_contests")),
    )
    op.create_index(
        "ix_bulletin_contests_bulletin_id_filing_id",
        "bulletin_contests",
        ["bulletin_id", "filing_id"],
        unique=True,
    )
    op.create_index(op.f("ix_bulletin_contests_filing_id"), "bulletin_contests", ["filing_id"])
