"""The tables of questions: who asked what where, who was shown it, who answers in a province, the published list. No rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.database import Base, BigKey


class Question(Base):
    """One question and all that was said about it. `next_at` is when it climbs if nobody answers.

    `state`: `open` (somebody must answer), `answered`, `solved` (the asker said so).
    """

    __tablename__ = "questions"
    __table_args__ = (
        Index(
            "ix_questions_next_at",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index("ix_questions_province_state", "province", "state"),
        Index("ix_questions_asked_by_officer_id_asked_at", "asked_by_officer_id", "asked_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: Part of callback data, so that a button cannot be guessed.
    nonce: Mapped[str] = mapped_column(String(12))
    asked_by: Mapped[str] = mapped_column(String(128))
    asked_by_officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"))
    province: Mapped[str] = mapped_column(String(32))
    #: The group in which it was asked, and the message that answers there refer to; null for a private chat,
    #: which is wherever the asker is reached by then.
    chat_id: Mapped[int | None] = mapped_column(BigKey, index=True)
    message_id: Mapped[int | None] = mapped_column(BigKey)
    #: What was asked and answered, in order: [{"kind": "asked"|"answered", "text", "who", "officer", "at"}].
    turns: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(16), default="open")
    #: Whose it is while it is open: `answerers`, `coordinator`, `nation`; null while nobody can be reached.
    stage: Mapped[str | None] = mapped_column(String(16))
    next_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    #: When anything was last said or decided about it.
    last_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(128))
    answered_by_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    #: What a coordinator decided: `published`, `linked` (to an entry that says the same), `kept`; null: nothing yet.
    decision: Mapped[str | None] = mapped_column(String(16))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("faq_entries.id", ondelete="SET NULL"))


class QuestionMessage(Base):
    """One message in which somebody is shown a question; it follows how the question stands."""

    __tablename__ = "question_messages"

    row_id: Mapped[int] = mapped_column(
        ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), index=True
    )
    #: `thread` (where it was asked), `answer` (what the asker was told), a stage of the ladder (who must
    #: answer), `past` (who had to, before it went on).
    role: Mapped[str] = mapped_column(String(16))
    #: For `answer`: the place in `Question.turns`.
    turn: Mapped[int | None]
    locale: Mapped[str] = mapped_column(String(8))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))


class QuestionAnswerer(Base):
    """An officer whom the province's coordinator appointed to answer its questions first."""

    __tablename__ = "question_answerers"

    province: Mapped[str] = mapped_column(String(32), primary_key=True)
    officer_id: Mapped[int] = mapped_column(
        ForeignKey("officers.id", ondelete="CASCADE"), primary_key=True
    )
    appointed_by: Mapped[str] = mapped_column(String(128))
    appointed_at: Mapped[datetime]


class FaqEntry(Base):
    """One published answer. `revision` grows with every change, so that other processes see it."""

    __tablename__ = "faq_entries"
    # Asked with every question whether the list changed: read from the index alone.
    __table_args__ = (Index("ix_faq_entries_withdrawn_at_revision", "withdrawn_at", "revision"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: Whose coordinator published it; its officers see it first. Null: the whole nation's.
    province: Mapped[str | None] = mapped_column(String(32))
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    #: The same in English, where somebody wrote it.
    question_en: Mapped[str | None] = mapped_column(Text)
    answer_en: Mapped[str | None] = mapped_column(Text)
    #: Ships with the demo, written by nobody in particular.
    sample: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime] = mapped_column(index=True)
    published_by: Mapped[str] = mapped_column(String(128))
    withdrawn_at: Mapped[datetime | None]
    #: How many people said that it helped.
    helpful: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)


class FaqVote(Base):
    """Somebody said that an entry helped; everybody counts once."""

    __tablename__ = "faq_votes"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("faq_entries.id", ondelete="CASCADE"), primary_key=True
    )
    officer_id: Mapped[int] = mapped_column(
        ForeignKey("officers.id", ondelete="CASCADE"), primary_key=True
    )
