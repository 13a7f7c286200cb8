"""Forms: their questions, each court's sheet, and every answer that was given."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: SQLite numbers only plain INTEGER keys by itself.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _forms()
    _sheets()
    _answers()


def _key(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [target],
        name=op.f(f"fk_{table}_{column}_{target.partition('.')[0]}"),
        ondelete=ondelete,
    )


def _forms() -> None:
    table = "forms"
    op.create_table(
        table,
        sa.Column("id", BIG, nullable=False),
        sa.Column("notice_id", BIG, nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("template", sa.String(length=32), nullable=True),
        sa.Column("province", sa.String(length=32), nullable=True),
        sa.Column("written_by", sa.String(length=128), nullable=False),
        sa.Column("written_by_officer_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminder", sa.String(length=8), nullable=True),
        sa.Column("reminded_up_to", sa.String(length=16), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=128), nullable=True),
        _key(table, "notice_id", "notices.id", "CASCADE"),
        _key(table, "written_by_officer_id", "officers.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forms")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_forms_notice_id")),
    )
    for column in ("province", "written_by_officer_id", "due_at"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index(
        "ix_forms_remind_at",
        table,
        ["remind_at"],
        sqlite_where=sa.text("remind_at IS NOT NULL"),
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )


def _sheets() -> None:
    table = "form_sheets"
    op.create_table(
        table,
        sa.Column("form_id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("unreachable", sa.String(length=16), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filled_by", sa.String(length=128), nullable=True),
        sa.Column("filled_by_officer_id", BIG, nullable=True),
        sa.Column("inspected", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _key(table, "form_id", "forms.id", "CASCADE"),
        _key(table, "court_code", "courts.code"),
        _key(table, "filled_by_officer_id", "officers.id"),
        sa.PrimaryKeyConstraint("form_id", "court_code", name=op.f("pk_form_sheets")),
    )
    for column in ("court_code", "filled_by_officer_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _answers() -> None:
    table = "form_answers"
    op.create_table(
        table,
        sa.Column("id", BIG, nullable=False),
        sa.Column("form_id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.Column("inspected", sa.Boolean(), nullable=False),
        _key(table, "form_id", "forms.id", "CASCADE"),
        _key(table, "court_code", "courts.code"),
        _key(table, "officer_id", "officers.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_answers")),
    )
    op.create_index("ix_form_answers_form_id_court_code", table, ["form_id", "court_code"])
    op.create_index(op.f("ix_form_answers_officer_id"), table, ["officer_id"])
