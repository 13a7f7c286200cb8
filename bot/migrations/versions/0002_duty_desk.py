"""The duty desk: roster, swaps, check-ins, handovers, calendars, feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: SQLite numbers only plain INTEGER keys by itself.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of who stands at the desk when."""
    _roster()
    _swaps()
    _desk()
    _calendar()


def _roster() -> None:
    """Rotations, shifts, leave."""
    op.create_table(
        "rotations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("post", sa.String(length=16), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("officer_ids", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_rotations_court_code_courts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotations")),
    )
    op.create_index(op.f("ix_rotations_court_code"), "rotations", ["court_code"], unique=False)
    op.create_table(
        "leaves",
        sa.Column("id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_leaves_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    op.create_index(op.f("ix_leaves_officer_id"), "leaves", ["officer_id"], unique=False)
    op.create_table(
        "shifts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("post", sa.String(length=16), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_shifts_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_shifts_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_index(
        "ix_shifts_court_code_last_day", "shifts", ["court_code", "last_day"], unique=False
    )


def _swaps() -> None:
    """Swaps."""
    op.create_table(
        "swaps",
        sa.Column("id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("post", sa.String(length=16), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("from_officer_id", BIG, nullable=False),
        sa.Column("to_officer_id", BIG, nullable=False),
        sa.Column("back_first_day", sa.Date(), nullable=True),
        sa.Column("back_last_day", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=128), nullable=True),
        sa.Column("nonce", sa.String(length=12), nullable=False),
        sa.Column("shift_ids", sa.JSON(), nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_swaps_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["from_officer_id"],
            ["officers.id"],
            name=op.f("fk_swaps_from_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["to_officer_id"],
            ["officers.id"],
            name=op.f("fk_swaps_to_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swaps")),
    )
    op.create_index(op.f("ix_swaps_court_code"), "swaps", ["court_code"], unique=False)
    op.create_index(op.f("ix_swaps_expires_at"), "swaps", ["expires_at"], unique=False)


def _desk() -> None:
    """Check-ins, handovers, what a province has settled."""
    op.create_table(
        "province_rules",
        sa.Column("province", sa.String(length=32), nullable=False),
        sa.Column("check_in", sa.String(length=8), nullable=False),
        sa.Column("handover_at", sa.String(length=5), nullable=False),
        sa.Column("quiet_drill_days", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=128), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("province", name=op.f("pk_province_rules")),
    )
    op.create_table(
        "province_rounds",
        sa.Column("province", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("done_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("province", "kind", name=op.f("pk_province_rounds")),
    )
    op.create_index(
        op.f("ix_province_rounds_next_at"), "province_rounds", ["next_at"], unique=False
    )
    op.create_table(
        "check_ins",
        sa.Column("id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_check_ins_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_check_ins_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sa.UniqueConstraint(
            "court_code", "day", "officer_id", name=op.f("uq_check_ins_court_code")
        ),
    )
    op.create_index(op.f("ix_check_ins_due_at"), "check_ins", ["due_at"], unique=False)
    op.create_table(
        "handovers",
        sa.Column("id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("post", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outgoing_officer_id", BIG, nullable=True),
        sa.Column("incoming_officer_id", BIG, nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirm_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_handovers_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["incoming_officer_id"],
            ["officers.id"],
            name=op.f("fk_handovers_incoming_officer_id_officers"),
        ),
        sa.ForeignKeyConstraint(
            ["outgoing_officer_id"],
            ["officers.id"],
            name=op.f("fk_handovers_outgoing_officer_id_officers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint(
            "court_code",
            "post",
            "day",
            "incoming_officer_id",
            name=op.f("uq_handovers_court_code"),
        ),
    )
    op.create_index(op.f("ix_handovers_confirm_by"), "handovers", ["confirm_by"], unique=False)


def _calendar() -> None:
    """Imported holidays, days with other hours, feeds."""
    op.create_table(
        "holiday_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_holiday_years")),
    )
    op.create_table(
        "day_overrides",
        sa.Column("id", BIG, nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("hours", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("substitute_court", sa.String(length=16), nullable=True),
        sa.Column("substitute_officer_id", BIG, nullable=True),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["substitute_court"],
            ["courts.code"],
            name=op.f("fk_day_overrides_substitute_court_courts"),
        ),
        sa.ForeignKeyConstraint(
            ["substitute_officer_id"],
            ["officers.id"],
            name=op.f("fk_day_overrides_substitute_officer_id_officers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_overrides")),
    )
    op.create_index("ix_day_overrides_scope_day", "day_overrides", ["scope", "day"], unique=False)
    op.create_table(
        "feeds",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.Column("court_code", sa.String(length=16), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_feeds_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_feeds_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_feeds")),
    )
    op.create_index(op.f("ix_feeds_court_code"), "feeds", ["court_code"], unique=False)
    op.create_index(op.f("ix_feeds_officer_id"), "feeds", ["officer_id"], unique=False)
