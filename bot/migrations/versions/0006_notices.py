"""Notices: their text and audience, who was written to and confirmed, which message is whose copy."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: SQLite numbers only plain INTEGER keys by itself.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _notices()
    _recipients()
    _copies()


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("province", sa.String(length=32), nullable=True),
        sa.Column("written_by", sa.String(length=128), nullable=False),
        sa.Column("written_by_officer_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirm_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recalled_by", sa.String(length=128), nullable=True),
        sa.Column("write_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_up_to", BIG, nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["written_by_officer_id"],
            ["officers.id"],
            name=op.f("fk_notices_written_by_officer_id_officers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_province"), "notices", ["province"], unique=False)
    op.create_index(
        op.f("ix_notices_written_by_officer_id"), "notices", ["written_by_officer_id"], unique=False
    )
    for column in ("write_at", "remind_at"):
        op.create_index(
            f"ix_notices_{column}",
            "notices",
            [column],
            unique=False,
            sqlite_where=sa.text(f"{column} IS NOT NULL"),
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )


def _recipients() -> None:
    op.create_table(
        "notice_recipients",
        sa.Column("notice_id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("posts", sa.String(length=64), nullable=False),
        sa.Column("unreachable", sa.String(length=16), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=128), nullable=True),
        sa.Column("confirmed_for_by_id", BIG, nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notices.id"],
            name=op.f("fk_notice_recipients_notice_id_notices"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_notice_recipients_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_notice_recipients_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_for_by_id"],
            ["officers.id"],
            name=op.f("fk_notice_recipients_confirmed_for_by_id_officers"),
        ),
        sa.PrimaryKeyConstraint("notice_id", "officer_id", name=op.f("pk_notice_recipients")),
    )
    op.create_index(
        op.f("ix_notice_recipients_officer_id"), "notice_recipients", ["officer_id"], unique=False
    )
    op.create_index(
        "ix_notice_recipients_notice_id_court_code",
        "notice_recipients",
        ["notice_id", "court_code"],
        unique=False,
    )


def _copies() -> None:
    op.create_table(
        "notice_copies",
        sa.Column("row_id", BIG, autoincrement=False, nullable=False),
        sa.Column("notice_id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["row_id"],
            ["outbox.id"],
            name=op.f("fk_notice_copies_row_id_outbox"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notices.id"],
            name=op.f("fk_notice_copies_notice_id_notices"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_notice_copies_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_notice_copies")),
    )
    op.create_index(
        op.f("ix_notice_copies_notice_id"), "notice_copies", ["notice_id"], unique=False
    )
