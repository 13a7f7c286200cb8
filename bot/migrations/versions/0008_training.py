"""Training: sessions, who comes and came, quizzes, the first steps of new officers, filings to practise on."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

#: SQLite numbers only plain INTEGER keys by itself.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, and mark filings that are one person's practice."""
    op.add_column(
        "filings",
        sa.Column(
            "trainee_id", BIG, sa.ForeignKey("officers.id", name="fk_filings_trainee_id_officers")
        ),
        inline_references=True,
    )
    _sessions()
    _places()
    _quizzes()
    _onboardings()


def _key(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [target],
        name=op.f(f"fk_{table}_{column}_{target.partition('.')[0]}"),
        ondelete=ondelete,
    )


def _sessions() -> None:
    table = "training_sessions"
    op.create_table(
        table,
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lasts_minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=256), nullable=False),
        sa.Column("materials", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("province", sa.String(length=32), nullable=True),
        sa.Column("made_by", sa.String(length=128), nullable=False),
        sa.Column("made_by_officer_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice_id", BIG, nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.String(length=128), nullable=True),
        sa.Column("code", sa.String(length=6), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminder", sa.String(length=16), nullable=True),
        sa.Column("reminded_up_to", BIG, nullable=False),
        _key(table, "made_by_officer_id", "officers.id"),
        _key(table, "notice_id", "notices.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_sessions")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_training_sessions_notice_id")),
    )
    for column in ("starts_at", "province", "made_by_officer_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.create_index(
        "ix_training_sessions_remind_at",
        table,
        ["remind_at"],
        unique=False,
        sqlite_where=sa.text("remind_at IS NOT NULL"),
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )


def _places() -> None:
    table = "training_places"
    op.create_table(
        table,
        sa.Column("session_id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attended_at", sa.DateTime(timezone=True), nullable=True),
        _key(table, "session_id", "training_sessions.id", "CASCADE"),
        _key(table, "officer_id", "officers.id", "CASCADE"),
        _key(table, "court_code", "courts.code"),
        sa.PrimaryKeyConstraint("session_id", "officer_id", name=op.f("pk_training_places")),
    )
    op.create_index(op.f("ix_training_places_officer_id"), table, ["officer_id"], unique=False)
    table = "training_code_tries"
    op.create_table(
        table,
        sa.Column("id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _key(table, "officer_id", "officers.id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_code_tries")),
    )
    op.create_index(
        "ix_training_code_tries_officer_id_at", table, ["officer_id", "at"], unique=False
    )


def _quizzes() -> None:
    table = "training_quizzes"
    op.create_table(
        table,
        sa.Column("session_id", BIG, autoincrement=False, nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("loaded_by", sa.String(length=128), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        _key(table, "session_id", "training_sessions.id", "CASCADE"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_training_quizzes")),
    )
    table = "training_quiz_tries"
    op.create_table(
        table,
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("nonce", sa.String(length=12), nullable=False),
        sa.Column("row_id", BIG, nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("right", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        _key(table, "session_id", "training_sessions.id", "CASCADE"),
        _key(table, "officer_id", "officers.id", "CASCADE"),
        _key(table, "court_code", "courts.code"),
        _key(table, "row_id", "outbox.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_quiz_tries")),
    )
    op.create_index(op.f("ix_training_quiz_tries_officer_id"), table, ["officer_id"], unique=False)
    op.create_index(
        "ix_training_quiz_tries_session_id_officer_id",
        table,
        ["session_id", "officer_id"],
        unique=False,
    )


def _onboardings() -> None:
    table = "onboardings"
    op.create_table(
        table,
        sa.Column("officer_id", BIG, autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("nonce", sa.String(length=12), nullable=False),
        sa.Column("row_id", BIG, nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filing_id", BIG, nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=True),
        _key(table, "officer_id", "officers.id", "CASCADE"),
        _key(table, "row_id", "outbox.id", "SET NULL"),
        _key(table, "filing_id", "filings.id"),
        sa.PrimaryKeyConstraint("officer_id", name=op.f("pk_onboardings")),
    )
    op.create_index(op.f("ix_onboardings_filing_id"), table, ["filing_id"], unique=False)
    op.create_index(
        "ix_onboardings_ends_at",
        table,
        ["ends_at"],
        unique=False,
        sqlite_where=sa.text("ends_at IS NOT NULL"),
        postgresql_where=sa.text("ends_at IS NOT NULL"),
    )
