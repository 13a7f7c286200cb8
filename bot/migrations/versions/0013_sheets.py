"""Statistics are kept in sheets, one for all courts of a province: everything is to be counted anew."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put sheets in the place of cells; what was counted is forgotten, `statistics recount` counts it at once."""
    op.create_table(
        "statistics_sheets",
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("span", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("series", "span", "unit", name=op.f("pk_statistics_sheets")),
    )
    op.drop_table("statistics_cells")
    op.execute(sa.text("DELETE FROM counted_filings"))
    op.execute(sa.text("DELETE FROM counted_courts"))
    op.execute(sa.text("DELETE FROM statistics_state"))
    filings = sa.table("filings", sa.column("uncounted", sa.Boolean))
    op.execute(filings.update().where(~filings.c.uncounted).values(uncounted=True))
