"""Digests: who gets which one when."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: SQLite numbers only plain INTEGER keys by itself.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "digests",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.Column("court_code", sa.String(length=16), nullable=True),
        sa.Column("time", sa.String(length=5), nullable=True),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("when_empty", sa.Boolean(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message", BIG, nullable=True),
        sa.Column("changed_by", sa.String(length=128), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["court_code"],
            ["courts.code"],
            name=op.f("fk_digests_court_code_courts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_digests_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("court_code", "kind", name=op.f("uq_digests_court_code")),
        sa.UniqueConstraint("officer_id", "kind", name=op.f("uq_digests_officer_id")),
    )
    op.create_index(
        "ix_digests_digest_at",
        "digests",
        ["digest_at"],
        sqlite_where=sa.text("digest_at IS NOT NULL"),
        postgresql_where=sa.text("digest_at IS NOT NULL"),
    )
