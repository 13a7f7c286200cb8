"""The directory's tables: courts, officers and their posts, invitations, access tokens. No rules.

Who stands at the desk when is in `directory.duty_models`, what changed and who read it in
`directory.change_models`.

Sized for 3,500 courts and 50,000 people; every column that is looked up by has an index.
"""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.database import Base, BigKey


class Court(Base):
    """A court, keyed by its 法院代字: names are ambiguous, codes outlive changes of divisions."""

    __tablename__ = "courts"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(128), index=True)
    level: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(32), default="general")
    parent_code: Mapped[str | None] = mapped_column(String(16), index=True)
    province: Mapped[str] = mapped_column(String(32), index=True)
    city: Mapped[str | None] = mapped_column(String(64))
    county: Mapped[str | None] = mapped_column(String(64))
    division_code: Mapped[str | None] = mapped_column(String(12))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    code_status: Mapped[str | None] = mapped_column(String(16))
    hours: Mapped[str | None] = mapped_column(String(400))
    timezone: Mapped[str | None] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(256))
    group_chat_id: Mapped[int | None] = mapped_column(BigKey, index=True)
    #: Since when the group cannot be reached (bot removed, group gone); null while it can.
    group_unreachable_at: Mapped[datetime | None]
    answer_target_min: Mapped[int | None]
    result_target_min: Mapped[int | None]
    #: When somebody responsible last said that the entry is right, and who.
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None] = mapped_column(String(128))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    officers: Mapped[list["Officer"]] = relationship(back_populates="court")


class Officer(Base):
    """A person of one court. Holds posts; links to at most one chat account."""

    __tablename__ = "officers"
    __table_args__ = (Index("ix_officers_court_code_name", "court_code", "name"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"))
    name: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str | None] = mapped_column(String(64))
    department: Mapped[str | None] = mapped_column(String(64))
    desk_phone: Mapped[str | None] = mapped_column(String(64))
    mobile: Mapped[str | None] = mapped_column(String(16))
    telegram_id: Mapped[int | None] = mapped_column(BigKey, unique=True)
    linked_at: Mapped[datetime | None]
    #: Since when the chat account cannot be written to (blocked, deleted); null while it can.
    blocked_at: Mapped[datetime | None]
    #: zh_CN or en; null means the installation's language.
    language: Mapped[str | None] = mapped_column(String(8))
    #: Set when the person left the court; a person who left is never paged and may do nothing.
    left_at: Mapped[datetime | None]
    #: When somebody responsible last said that the card is right, and who.
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None] = mapped_column(String(128))
    #: When the person is next asked whether the card is still right (or whether to ask); null: not planned yet.
    verify_next_at: Mapped[datetime | None] = mapped_column(index=True)
    #: Set when the person's data were erased; the row stays for the filings that name it.
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    court: Mapped[Court] = relationship(back_populates="officers")
    posts: Mapped[list["OfficerPost"]] = relationship(
        back_populates="officer", cascade="all, delete-orphan"
    )


class OfficerPost(Base):
    """A post held by an officer: A, B, leader, technician or coordinator, for a time."""

    __tablename__ = "officer_posts"
    __table_args__ = (UniqueConstraint("officer_id", "post"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    post: Mapped[str] = mapped_column(String(16))
    #: First and last local day on which the post is held; null means open.
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    officer: Mapped[Officer] = relationship(back_populates="posts")


class Invitation(Base):
    """A one-time code by which an officer links a chat account. Only its SHA-256 is kept."""

    __tablename__ = "invitations"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class LinkAttempt(Base):
    """A failed `/start CODE`: what guessing is slowed by, per account and overall."""

    __tablename__ = "link_attempts"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    telegram_id: Mapped[int] = mapped_column(BigKey, index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base):
    """A bearer token of the HTTP API. Only the SHA-256 of its secret is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    court_code: Mapped[str | None] = mapped_column(ForeignKey("courts.code"))
    province: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class DirectoryRecord(Base):
    """What was done to the directory and by whom: imports, links, unlinks, groups, tokens."""

    __tablename__ = "directory_records"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(128), index=True)
    detail: Mapped[str] = mapped_column(Text, default="")
