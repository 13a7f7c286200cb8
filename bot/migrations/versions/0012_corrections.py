"""Corrections: what a contested answer counts as since a coordinator decided so."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; contests accepted before this count from now on, as they were annotated."""
    op.add_column("filings", sa.Column("answer_counts_as", sa.String(length=16), nullable=True))
    op.add_column(
        "filings", sa.Column("answer_corrected_at", sa.DateTime(timezone=True), nullable=True)
    )
    # The few filings that bulletins count otherwise than they were measured.
    few = "outage_id IS NOT NULL OR answer_counts_as IS NOT NULL"
    op.create_index(
        "ix_filings_apart",
        "filings",
        ["received_at"],
        sqlite_where=sa.text(few),
        postgresql_where=sa.text(few),
    )
    op.add_column("bulletin_contests", sa.Column("counts_as", sa.String(length=16), nullable=True))
    op.execute("UPDATE bulletin_contests SET counts_as = 'in_time' WHERE accepted")
    decided = (
        "SELECT min(decided_at) FROM bulletin_contests WHERE filing_id = filings.id AND accepted"
    )
    op.execute(
        f"UPDATE filings SET answer_counts_as = 'in_time', answer_corrected_at = ({decided}), uncounted = true "  # noqa: S608 -- no value of anybody's
        "WHERE id IN (SELECT filing_id FROM bulletin_contests WHERE accepted)"
    )
