"""Copies of notices are found by notice and reader: by the notice alone, one of twelve thousand was looked for among all."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the one index in the other's place; whatever asks by notice alone uses it as well."""
    op.create_index(
        "ix_notice_copies_notice_id_officer_id", "notice_copies", ["notice_id", "officer_id"]
    )
    op.drop_index("ix_notice_copies_notice_id", table_name="notice_copies")
