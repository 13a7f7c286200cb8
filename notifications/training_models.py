"""The tables of training: sessions, who comes and came, quizzes and their tries, the first steps of new officers. No rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.database import Base, BigKey


class TrainingSession(Base):
    """One session, announced as a notice. `remind_at` is when its next reminders are written."""

    __tablename__ = "training_sessions"
    __table_args__ = (
        Index(
            "ix_training_sessions_remind_at",
            "remind_at",
            sqlite_where=text("remind_at IS NOT NULL"),
            postgresql_where=text("remind_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    lasts_minutes: Mapped[int]
    #: A room, or a link.
    place: Mapped[str] = mapped_column(String(256))
    #: [{"kind": "document"|"photo"|"video", "file_id", "name"}]; they go with the notice.
    materials: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: `notice_audience.Audience.as_json`.
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The province whose coordinators look after it; null for the nation's.
    province: Mapped[str | None] = mapped_column(String(32), index=True)
    made_by: Mapped[str] = mapped_column(String(128))
    made_by_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"), index=True)
    created_at: Mapped[datetime]
    notice_id: Mapped[int | None] = mapped_column(
        ForeignKey("notices.id", ondelete="SET NULL"), unique=True
    )
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(String(128))
    #: The attendance code, six digits, made when somebody asks for it.
    code: Mapped[str | None] = mapped_column(String(6))
    remind_at: Mapped[datetime | None]
    #: Which is next: `day`, `soon`, `moved` or `cancelled`; null after the last.
    reminder: Mapped[str | None] = mapped_column(String(16))
    #: The last person (by number) who has this reminder.
    reminded_up_to: Mapped[int] = mapped_column(BigKey, default=0)


class TrainingPlace(Base):
    """One person's answer to a session, and whether they came."""

    __tablename__ = "training_places"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("training_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    officer_id: Mapped[int] = mapped_column(
        ForeignKey("officers.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    #: The court as it stood when the person first answered or came.
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"))
    #: `coming` or `declined`; null for who came without an answer.
    answer: Mapped[str | None] = mapped_column(String(8))
    answered_at: Mapped[datetime | None]
    attended_at: Mapped[datetime | None]


class CodeTry(Base):
    """A wrong attendance code: the brake on guessing counts these."""

    __tablename__ = "training_code_tries"
    __table_args__ = (Index("ix_training_code_tries_officer_id_at", "officer_id", "at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    at: Mapped[datetime]


class Quiz(Base):
    """The questions of a session, from a spreadsheet."""

    __tablename__ = "training_quizzes"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("training_sessions.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    #: [{"text", "choices": [text…], "right": index}] in the file's order.
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    loaded_by: Mapped[str] = mapped_column(String(128))
    loaded_at: Mapped[datetime]


class QuizTry(Base):
    """One go of one person at a quiz; open while `ended_at` is null."""

    __tablename__ = "training_quiz_tries"
    __table_args__ = (
        Index("ix_training_quiz_tries_session_id_officer_id", "session_id", "officer_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_sessions.id", ondelete="CASCADE"))
    officer_id: Mapped[int] = mapped_column(
        ForeignKey("officers.id", ondelete="CASCADE"), index=True
    )
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"))
    #: Part of callback data, so that a button cannot be guessed.
    nonce: Mapped[str] = mapped_column(String(12))
    #: The outgoing message in which it is taken.
    row_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))
    #: The chosen answer to each question so far, by its place in the question's choices.
    answers: Mapped[list[int]] = mapped_column(JSON, default=list)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: Questions answered rightly; null while it is open.
    right: Mapped[int | None]
    passed: Mapped[bool | None]


class Onboarding(Base):
    """The first steps of a newly linked officer.

    `stage`: `offered`, then the number of the message shown (`1`…`3`), `drill` while the practice filing is
    open, `finished` or `skipped`.
    """

    __tablename__ = "onboardings"
    __table_args__ = (
        Index(
            "ix_onboardings_ends_at",
            "ends_at",
            sqlite_where=text("ends_at IS NOT NULL"),
            postgresql_where=text("ends_at IS NOT NULL"),
        ),
    )

    officer_id: Mapped[int] = mapped_column(
        ForeignKey("officers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    stage: Mapped[str] = mapped_column(String(8))
    #: Part of callback data, so that a button cannot be guessed.
    nonce: Mapped[str] = mapped_column(String(12))
    #: The outgoing message whose buttons lead on.
    row_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))
    offered_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filings.id"), index=True)
    #: When what is still open of the practice filing is taken back; null when nothing is.
    ends_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    skipped_at: Mapped[datetime | None]
