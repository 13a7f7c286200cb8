"""A form whose due time was moved knows what was promised first, and who moved it when."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; a form that has not left yet gets its sheets when it does."""
    op.add_column("forms", sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("forms", sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("forms", sa.Column("moved_by", sa.String(length=128), nullable=True))
    unsent = (
        "SELECT f.id FROM forms f JOIN notices n ON n.id = f.notice_id WHERE n.written_up_to = 0"
    )
    op.execute(f"DELETE FROM form_sheets WHERE form_id IN ({unsent})")  # noqa: S608 -- no value of anybody's
