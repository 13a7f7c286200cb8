"""Statistics counted in cells: the cells, what each filing was counted as, and which are still to be counted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: SQLite numbers only plain INTEGER keys by itself.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables; every filing there is has yet to be counted."""
    op.create_table(
        "counted_courts",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("province", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["courts.code"], name=op.f("fk_counted_courts_code_courts")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_counted_courts")),
    )
    op.create_table(
        "counted_filings",
        sa.Column("filing_id", BIG, autoincrement=False, nullable=False),
        sa.Column("jurisdiction_province", sa.String(length=32), nullable=False),
        sa.Column("collaborating_province", sa.String(length=32), nullable=False),
        sa.Column("contribution", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filings.id"], name=op.f("fk_counted_filings_filing_id_filings")
        ),
        sa.PrimaryKeyConstraint("filing_id", name=op.f("pk_counted_filings")),
    )
    op.create_table(
        "statistics_cells",
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("span", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("filings", sa.Integer(), nullable=False),
        sa.Column("summary", sa.LargeBinary(), nullable=False),
        sa.Column("bins", sa.LargeBinary(), nullable=True),
        sa.Column("exact", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("series", "span", "unit", name=op.f("pk_statistics_cells")),
    )
    op.create_table(
        "statistics_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("generation", BIG, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_state")),
    )
    op.add_column(
        "filings",
        sa.Column("uncounted", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_index(
        "ix_filings_uncounted",
        "filings",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("uncounted = 1"),
        postgresql_where=sa.text("uncounted"),
    )
