"""The tables of the edges: chat updates taken in, unfinished conversations, firings of recurring jobs. No rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.database import Base, BigKey


class ReceivedUpdate(Base):
    """An update of the chat that was handled (`done`) or given up after three tries (`failed`).

    The row commits together with what its handler did, before the chat is told: a repeated update finds it.
    """

    __tablename__ = "received_updates"

    update_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(8))
    attempts: Mapped[int] = mapped_column(default=1)
    #: What went wrong, without the text that people wrote.
    error: Mapped[str | None] = mapped_column(Text)
    #: The whole update, kept only while a failed one waits to be looked at.
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Draft(Base):
    """A conversation under way: `/file` step by step, a pasted table waiting for its tap."""

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigKey, index=True)
    telegram_id: Mapped[int] = mapped_column(BigKey, index=True)
    kind: Mapped[str] = mapped_column(String(16))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    nonce: Mapped[str] = mapped_column(String(12))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]


class Firing(Base):
    """One firing of a recurring job, claimed by whichever instance wrote the row first."""

    __tablename__ = "firings"

    job: Mapped[str] = mapped_column(String(32), primary_key=True)
    scheduled_at: Mapped[datetime] = mapped_column(primary_key=True)
    claimed_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class WebLogin(Base):
    """A one-time link to the pages, from the chat. Only the SHA-256 of its code is kept."""

    __tablename__ = "web_logins"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class WebSession(Base):
    """A browser signed in as an officer, or as a wall screen by a `board` token. Only hashes are kept."""

    __tablename__ = "web_sessions"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[int | None] = mapped_column(
        ForeignKey("officers.id", ondelete="CASCADE"), index=True
    )
    token_id: Mapped[int | None] = mapped_column(ForeignKey("api_tokens.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
