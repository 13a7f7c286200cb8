"""The tables of notices: what was written to whom, each person's copy and confirmation. No rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.database import Base, BigKey


class Notice(Base):
    """One notice, from 发送 to its recall. What is still to be done for it has an instant of its own."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(
            "ix_notices_write_at",
            "write_at",
            sqlite_where=text("write_at IS NOT NULL"),
            postgresql_where=text("write_at IS NOT NULL"),
        ),
        Index(
            "ix_notices_remind_at",
            "remind_at",
            sqlite_where=text("remind_at IS NOT NULL"),
            postgresql_where=text("remind_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: Telegram HTML of the few tags in `notice_text`; checked, never a number of a person.
    text: Mapped[str] = mapped_column(Text)
    #: [{"kind": "document"|"photo"|"video", "file_id", "name"}], sent before the text.
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: `notice_audience.Audience.as_json`.
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The province whose coordinators look after it; null for the nation's.
    province: Mapped[str | None] = mapped_column(String(32), index=True)
    written_by: Mapped[str] = mapped_column(String(128))
    written_by_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"), index=True)
    created_at: Mapped[datetime]
    #: When it begins to leave.
    send_at: Mapped[datetime]
    #: Until when everybody should have pressed 已阅; null without such an instant.
    confirm_by: Mapped[datetime | None]
    #: Grows with every change of the text.
    version: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime | None]
    recalled_at: Mapped[datetime | None]
    recalled_by: Mapped[str | None] = mapped_column(String(128))
    #: When the next batch of copies is written; null once everybody has one.
    write_at: Mapped[datetime | None]
    #: The last person (by number) who has a copy.
    written_up_to: Mapped[int] = mapped_column(BigKey, default=0)
    #: When the next batch of reminders is written; null when there is nothing to remind of.
    remind_at: Mapped[datetime | None]
    #: When those missing had been reminded and the coordinators been told.
    reminded_at: Mapped[datetime | None]


class NoticeRecipient(Base):
    """One person to whom a notice is addressed, once however many posts they hold."""

    __tablename__ = "notice_recipients"
    __table_args__ = (
        Index("ix_notice_recipients_notice_id_court_code", "notice_id", "court_code"),
    )

    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True
    )
    officer_id: Mapped[int] = mapped_column(
        ForeignKey("officers.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    #: The court and the posts ("A,leader") as they stood when the copy was written.
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"))
    posts: Mapped[str] = mapped_column(String(64))
    #: Why no copy was written (`unlinked`, `blocked`); null when one was.
    unreachable: Mapped[str | None] = mapped_column(String(16))
    confirmed_at: Mapped[datetime | None]
    #: A name with post: the person's own, or that of whoever confirmed for them (代签).
    confirmed_by: Mapped[str | None] = mapped_column(String(128))
    #: Who confirmed, when it was somebody else.
    confirmed_for_by_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    reminded_at: Mapped[datetime | None]


class NoticeCopy(Base):
    """Which outgoing message carries which part of a notice to whom: they follow it, edited or recalled.

    `part`: 0 the text, 1 and more the attachments, -1 the reminder.
    """

    __tablename__ = "notice_copies"
    __table_args__ = (Index("ix_notice_copies_notice_id_officer_id", "notice_id", "officer_id"),)

    row_id: Mapped[int] = mapped_column(
        ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    part: Mapped[int]
