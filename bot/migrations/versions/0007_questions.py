"""Questions, who was shown them, who answers them, and the published list."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: SQLite numbers only plain INTEGER keys by itself.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables: the list first, which questions point at."""
    _list()
    _questions()
    _shown()


def _list() -> None:
    """Entries and who said that they helped."""
    op.create_table(
        "faq_entries",
        sa.Column("id", BIG, nullable=False),
        sa.Column("province", sa.String(length=32), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("question_en", sa.Text(), nullable=True),
        sa.Column("answer_en", sa.Text(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=128), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helpful", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_entries")),
    )
    op.create_index(op.f("ix_faq_entries_published_at"), "faq_entries", ["published_at"])
    op.create_index(
        "ix_faq_entries_withdrawn_at_revision", "faq_entries", ["withdrawn_at", "revision"]
    )
    op.create_table(
        "faq_votes",
        sa.Column("entry_id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["faq_entries.id"],
            name=op.f("fk_faq_votes_entry_id_faq_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_faq_votes_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", "officer_id", name=op.f("pk_faq_votes")),
    )


def _questions() -> None:
    """Questions, when they climb, and how they ended."""
    op.create_table(
        "questions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("nonce", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.String(length=128), nullable=False),
        sa.Column("asked_by_officer_id", BIG, nullable=False),
        sa.Column("court_code", sa.String(length=16), nullable=False),
        sa.Column("province", sa.String(length=32), nullable=False),
        sa.Column("chat_id", BIG, nullable=True),
        sa.Column("message_id", BIG, nullable=True),
        sa.Column("turns", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=128), nullable=True),
        sa.Column("answered_by_officer_id", BIG, nullable=True),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("entry_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_officer_id"],
            ["officers.id"],
            name=op.f("fk_questions_asked_by_officer_id_officers"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_officer_id"],
            ["officers.id"],
            name=op.f("fk_questions_answered_by_officer_id_officers"),
        ),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_questions_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["faq_entries.id"],
            name=op.f("fk_questions_entry_id_faq_entries"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(
        "ix_questions_asked_by_officer_id_asked_at",
        "questions",
        ["asked_by_officer_id", "asked_at"],
    )
    op.create_index(op.f("ix_questions_chat_id"), "questions", ["chat_id"])
    op.create_index(op.f("ix_questions_last_at"), "questions", ["last_at"])
    op.create_index(
        "ix_questions_next_at",
        "questions",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index("ix_questions_province_state", "questions", ["province", "state"])


def _shown() -> None:
    """Messages that show questions, and appointed officers."""
    op.create_table(
        "question_messages",
        sa.Column("row_id", BIG, autoincrement=False, nullable=False),
        sa.Column("question_id", BIG, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("officer_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["row_id"],
            ["outbox.id"],
            name=op.f("fk_question_messages_row_id_outbox"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_messages_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_question_messages_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_question_messages")),
    )
    op.create_index(op.f("ix_question_messages_question_id"), "question_messages", ["question_id"])
    op.create_table(
        "question_answerers",
        sa.Column("province", sa.String(length=32), nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("appointed_by", sa.String(length=128), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_question_answerers_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("province", "officer_id", name=op.f("pk_question_answerers")),
    )
