"""The first schema: directory, filings, outbox, the state of the edges."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: SQLite numbers only plain INTEGER keys by itself.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "courts",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("parent_code", sa.String(length=16), nullable=True),
        sa.Column("province", sa.String(length=32), nullable=False),
        sa.Column("city", sa.String(length=64), nullable=True),
        sa.Column("county", sa.String(length=64), nullable=True),
        sa.Column("division_code", sa.String(length=12), nullable=True),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("code_status", sa.String(length=16), nullable=True),
        sa.Column("hours", sa.String(length=400), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.String(length=64), nullable=True),
        sa.Column("address", sa.String(length=256), nullable=True),
        sa.Column("group_chat_id", BIG, nullable=True),
        sa.Column("group_unreachable_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_target_min", sa.Integer(), nullable=True),
        sa.Column("result_target_min", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_courts")),
    )
    op.create_index(op.f("ix_courts_group_chat_id"), "courts", ["group_chat_id"], unique=False)
    op.create_index(op.f("ix_courts_name"), "courts", ["name"], unique=False)
    op.create_index(op.f("ix_courts_parent_code"), "courts", ["parent_code"], unique=False)
    op.create_index(op.f("ix_courts_province"), "courts", ["province"], unique=False)
    op.create_table(
        "directory_records",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_records")),
    )
    op.create_index(op.f("ix_directory_records_at"), "directory_records", ["at"], unique=False)
    op.create_index(
        op.f("ix_directory_records_subject"), "directory_records", ["subject"], unique=False
    )
    op.create_table(
        "drafts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("telegram_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("nonce", sa.String(length=12), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_chat_id"), "drafts", ["chat_id"], unique=False)
    op.create_index(op.f("ix_drafts_expires_at"), "drafts", ["expires_at"], unique=False)
    op.create_index(op.f("ix_drafts_telegram_id"), "drafts", ["telegram_id"], unique=False)
    op.create_table(
        "firings",
        sa.Column("job", sa.String(length=32), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("job", "scheduled_at", name=op.f("pk_firings")),
    )
    op.create_table(
        "link_attempts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("telegram_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_attempts")),
    )
    op.create_index(op.f("ix_link_attempts_at"), "link_attempts", ["at"], unique=False)
    op.create_index(
        op.f("ix_link_attempts_telegram_id"), "link_attempts", ["telegram_id"], unique=False
    )
    op.create_table(
        "rate_budgets",
        sa.Column("chat_id", BIG, autoincrement=False, nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recent", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_rate_budgets")),
    )
    op.create_table(
        "received_updates",
        sa.Column("update_id", BIG, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_received_updates")),
    )
    op.create_index(op.f("ix_received_updates_at"), "received_updates", ["at"], unique=False)
    op.create_table(
        "api_tokens",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=True),
        sa.Column("province", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_api_tokens_court_code_courts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_tokens_secret_hash")),
    )
    op.create_index(op.f("ix_api_tokens_name"), "api_tokens", ["name"], unique=False)
    op.create_table(
        "officers",
        sa.Column("id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=64), nullable=True),
        sa.Column("department", sa.String(length=64), nullable=True),
        sa.Column("desk_phone", sa.String(length=64), nullable=True),
        sa.Column("mobile", sa.String(length=16), nullable=True),
        sa.Column("telegram_id", BIG, nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_officers_court_code_courts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officers")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_officers_telegram_id")),
    )
    op.create_index("ix_officers_court_code_name", "officers", ["court_code", "name"], unique=False)
    op.create_index(op.f("ix_officers_name"), "officers", ["name"], unique=False)
    op.create_table(
        "filings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("reference_key", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("collaborating_court", sa.String(length=16), nullable=False),
        sa.Column("jurisdiction_court", sa.String(length=16), nullable=False),
        sa.Column("case_type", sa.String(length=32), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("filed_at_given", sa.Boolean(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by_officer_id", BIG, nullable=True),
        sa.Column("filed_by", sa.String(length=128), nullable=False),
        sa.Column("clock", sa.String(length=8), nullable=False),
        sa.Column("answer_target_seconds", sa.Integer(), nullable=False),
        sa.Column("result_target_seconds", sa.Integer(), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result_clock_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.JSON(), nullable=True),
        sa.Column("answer_wall_seconds", sa.Integer(), nullable=True),
        sa.Column("answer_working_seconds", sa.Integer(), nullable=True),
        sa.Column("answered_in_time", sa.Boolean(), nullable=True),
        sa.Column("result", sa.String(length=16), nullable=True),
        sa.Column("result_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_by", sa.JSON(), nullable=True),
        sa.Column("result_note", sa.Text(), nullable=True),
        sa.Column("result_wall_seconds", sa.Integer(), nullable=True),
        sa.Column("result_working_seconds", sa.Integer(), nullable=True),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("steps_taken", sa.JSON(), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supplements", sa.Integer(), nullable=False),
        sa.Column("snoozes", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("undo", sa.JSON(), nullable=True),
        sa.Column("previous_id", BIG, nullable=True),
        sa.Column("next_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["collaborating_court"],
            ["courts.code"],
            name=op.f("fk_filings_collaborating_court_courts"),
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_officer_id"],
            ["officers.id"],
            name=op.f("fk_filings_filed_by_officer_id_officers"),
        ),
        sa.ForeignKeyConstraint(
            ["jurisdiction_court"],
            ["courts.code"],
            name=op.f("fk_filings_jurisdiction_court_courts"),
        ),
        sa.ForeignKeyConstraint(
            ["next_id"], ["filings.id"], name=op.f("fk_filings_next_id_filings")
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["filings.id"], name=op.f("fk_filings_previous_id_filings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filings")),
        sa.UniqueConstraint("reference_key", name=op.f("uq_filings_reference_key")),
    )
    op.create_index(
        "ix_filings_collaborating_state", "filings", ["collaborating_court", "state"], unique=False
    )
    op.create_index(
        "ix_filings_jurisdiction_state", "filings", ["jurisdiction_court", "state"], unique=False
    )
    op.create_index(
        "ix_filings_next_step_at",
        "filings",
        ["next_step_at"],
        unique=False,
        sqlite_where=sa.text("next_step_at IS NOT NULL"),
        postgresql_where=sa.text("next_step_at IS NOT NULL"),
    )
    op.create_index("ix_filings_received_at_id", "filings", ["received_at", "id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_invitations_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_expires_at"), "invitations", ["expires_at"], unique=False)
    op.create_table(
        "officer_posts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("post", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_officer_posts_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_posts")),
        sa.UniqueConstraint("officer_id", "post", name=op.f("uq_officer_posts_officer_id")),
    )
    op.create_table(
        "filing_events",
        sa.Column("id", BIG, nullable=False),
        sa.Column("filing_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("who", sa.String(length=128), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filings.id"], name=op.f("fk_filing_events_filing_id_filings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_events")),
    )
    op.create_index(
        op.f("ix_filing_events_filing_id"), "filing_events", ["filing_id"], unique=False
    )
    op.create_table(
        "outbox",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.Column("court_code", sa.String(length=16), nullable=True),
        sa.Column("filing_id", BIG, nullable=True),
        sa.Column("step", sa.String(length=64), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("nonce", sa.String(length=12), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=96), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("outcome_detail", sa.String(length=256), nullable=True),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_outbox_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filings.id"], name=op.f("fk_outbox_filing_id_filings")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_outbox_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    op.create_index(
        "ix_outbox_chat_id_not_before", "outbox", ["chat_id", "not_before"], unique=False
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["priority", "not_before", "id"],
        unique=False,
        sqlite_where=sa.text("not_before IS NOT NULL"),
        postgresql_where=sa.text("not_before IS NOT NULL"),
    )
    op.create_index(op.f("ix_outbox_filing_id"), "outbox", ["filing_id"], unique=False)
    op.create_index(
        "ix_outbox_not_before",
        "outbox",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("not_before IS NOT NULL"),
        postgresql_where=sa.text("not_before IS NOT NULL"),
    )
    op.create_index(op.f("ix_outbox_outcome"), "outbox", ["outcome"], unique=False)
