"""The directory kept true: changes, imports that can be undone, verification, corrections, disclosures."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: SQLite numbers only plain INTEGER keys by itself.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, then the columns."""
    _changes()
    _corrections()
    _verifications()
    _readings()
    _columns()


def _changes() -> None:
    """Imports and what changed."""
    op.create_table(
        "directory_imports",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=128), nullable=False),
        sa.Column("files", sa.String(length=256), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=128), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_imports")),
    )
    op.create_index(op.f("ix_directory_imports_at"), "directory_imports", ["at"], unique=False)
    op.create_table(
        "directory_changes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=128), nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("import_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["directory_imports.id"],
            name=op.f("fk_directory_changes_import_id_directory_imports"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_directory_changes_at"), "directory_changes", ["at"], unique=False)
    op.create_index(
        op.f("ix_directory_changes_court_code"), "directory_changes", ["court_code"], unique=False
    )
    op.create_index(
        op.f("ix_directory_changes_import_id"), "directory_changes", ["import_id"], unique=False
    )
    op.create_index(
        op.f("ix_directory_changes_officer_id"), "directory_changes", ["officer_id"], unique=False
    )


def _corrections() -> None:
    """Entries said to be wrong."""
    op.create_table(
        "directory_corrections",
        sa.Column("id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("reported_by", sa.String(length=128), nullable=False),
        sa.Column("reported_by_officer_id", BIG, nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=128), nullable=True),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_directory_corrections_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_directory_corrections_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reported_by_officer_id"],
            ["officers.id"],
            name=op.f("fk_directory_corrections_reported_by_officer_id_officers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_corrections")),
    )
    op.create_index(
        op.f("ix_directory_corrections_court_code"),
        "directory_corrections",
        ["court_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_directory_corrections_next_at"), "directory_corrections", ["next_at"], unique=False
    )
    op.create_index(
        op.f("ix_directory_corrections_officer_id"),
        "directory_corrections",
        ["officer_id"],
        unique=False,
    )


def _verifications() -> None:
    """Askings whether a card is still right."""
    op.create_table(
        "verifications",
        sa.Column("id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=128), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_verifications_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
    )
    op.create_index(op.f("ix_verifications_next_at"), "verifications", ["next_at"], unique=False)
    op.create_index(
        "ix_verifications_officer_id_asked_at",
        "verifications",
        ["officer_id", "asked_at"],
        unique=False,
    )


def _readings() -> None:
    """Who read mobile numbers, and how often people were looked up."""
    op.create_table(
        "disclosures",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("viewer", sa.String(length=128), nullable=False),
        sa.Column("viewer_id", BIG, nullable=True),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_disclosures_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["viewer_id"], ["officers.id"], name=op.f("fk_disclosures_viewer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
    )
    op.create_index(op.f("ix_disclosures_at"), "disclosures", ["at"], unique=False)
    op.create_index(
        "ix_disclosures_officer_id_at", "disclosures", ["officer_id", "at"], unique=False
    )
    op.create_index(op.f("ix_disclosures_viewer_id"), "disclosures", ["viewer_id"], unique=False)
    op.create_table(
        "look_ups",
        sa.Column("id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_look_ups_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_ups")),
        sa.UniqueConstraint("officer_id", "hour", name=op.f("uq_look_ups_officer_id")),
    )
    op.create_index(op.f("ix_look_ups_hour"), "look_ups", ["hour"], unique=False)


def _columns() -> None:
    """When entries were last said to be right, when they are next asked about."""
    op.add_column("courts", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("courts", sa.Column("verified_by", sa.String(length=128), nullable=True))
    op.add_column("officers", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("officers", sa.Column("verified_by", sa.String(length=128), nullable=True))
    op.add_column(
        "officers", sa.Column("verify_next_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("officers", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f("ix_officers_verify_next_at"), "officers", ["verify_next_at"], unique=False
    )
    op.add_column(
        "province_rules",
        sa.Column("verify_days", sa.Integer(), nullable=False, server_default="90"),
    )
