"""The tables of forms (填报): the questions, each court's sheet, and what was answered by whom. No rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.database import Base, BigKey


class Form(Base):
    """A few questions that ride on a notice, answered once for each court. It goes when its notice goes."""

    __tablename__ = "forms"
    __table_args__ = (
        Index(
            "ix_forms_remind_at",
            "remind_at",
            sqlite_where=text("remind_at IS NOT NULL"),
            postgresql_where=text("remind_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: Carries audience, text, copies and recall; written in the same transaction.
    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notices.id", ondelete="CASCADE"), unique=True
    )
    title: Mapped[str] = mapped_column(String(80))
    #: [{"key", "kind": "yes_no"|"choice"|"number"|"text"|"picture", "text", "options", "unit", "least", "most",
    #: "required", "hint", "heading"}] in their order; see `form_rules.Question`.
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    #: The shipped form it was made from; null for one of somebody's own.
    template: Mapped[str | None] = mapped_column(String(32))
    #: The province whose coordinators look after it; null for the nation's.
    province: Mapped[str | None] = mapped_column(String(32), index=True)
    written_by: Mapped[str] = mapped_column(String(128))
    written_by_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"), index=True)
    created_at: Mapped[datetime]
    #: Until when courts answer and correct.
    due_at: Mapped[datetime] = mapped_column(index=True)
    #: What its notice promised when it left; null while that stands. Then who moved it last, a name with post.
    first_due_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    moved_by: Mapped[str | None] = mapped_column(String(128))
    #: When the next batch of reminders or lists is written; null when there is nothing more to say.
    remind_at: Mapped[datetime | None]
    #: Which is next: `day` before the end, `due` at the end, `now` when somebody asks for it; null after the last.
    reminder: Mapped[str | None] = mapped_column(String(8))
    #: The last court (by code) that has this reminder.
    reminded_up_to: Mapped[str] = mapped_column(String(16), default="")
    #: When courts were last reminded.
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(128))


class FormSheet(Base):
    """One court's answers. There is a row for every court of the audience, as it is when the notice leaves.

    Whether the notice has come to somebody of the court by now is asked of its copies (`forms.reached`).
    """

    __tablename__ = "form_sheets"

    form_id: Mapped[int] = mapped_column(
        ForeignKey("forms.id", ondelete="CASCADE"), primary_key=True
    )
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"), primary_key=True, index=True)
    #: Why nobody there could be written to when it was sent (`nobody`, `unlinked`, `blocked`); null when somebody could.
    unreachable: Mapped[str | None] = mapped_column(String(16))
    #: {key: value}: a bool, the option's text, a number, a text, {"file_id", "name"} of a picture.
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    begun_at: Mapped[datetime | None]
    filled_at: Mapped[datetime | None]
    #: A name with post.
    filled_by: Mapped[str | None] = mapped_column(String(128))
    filled_by_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"), index=True)
    #: Handed in by somebody of another court who inspects (督查代填).
    inspected: Mapped[bool] = mapped_column(default=False)
    #: Grows with every answer.
    version: Mapped[int] = mapped_column(default=0)


class FormAnswer(Base):
    """One answer as it was given, also those that were replaced later. `value` null: it was taken back."""

    __tablename__ = "form_answers"
    __table_args__ = (Index("ix_form_answers_form_id_court_code", "form_id", "court_code"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("forms.id", ondelete="CASCADE"))
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"))
    key: Mapped[str] = mapped_column(String(32))
    value: Mapped[Any] = mapped_column(JSON)
    at: Mapped[datetime]
    #: A name with post.
    by: Mapped[str] = mapped_column(String(128))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"), index=True)
    inspected: Mapped[bool] = mapped_column(default=False)
