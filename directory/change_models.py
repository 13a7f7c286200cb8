"""The tables of what changed in the directory, what asks whether it is still true, and who read it. No rules.

The directory itself is in `directory.models`, who stands at the desk in `directory.duty_models`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.database import Base, BigKey


class DirectoryImport(Base):
    """One import of files, which can be taken back as a whole. No person's data."""

    __tablename__ = "directory_imports"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(128))
    files: Mapped[str] = mapped_column(String(256))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(128))


class DirectoryChange(Base):
    """What one act did to one court or one person: the fields that differ, before and after.

    Numbers rise in the order of the commits (`directory.changes` sees to it), so that whoever has
    read up to one has missed none. `officer_id` is null for the court's own fields.
    """

    __tablename__ = "directory_changes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(128))
    court_code: Mapped[str] = mapped_column(String(16), index=True)
    officer_id: Mapped[int | None] = mapped_column(BigKey, index=True)
    #: added, changed, departed, returned, moved, erased, removed.
    kind: Mapped[str] = mapped_column(String(16))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("directory_imports.id"), index=True)


class Verification(Base):
    """One asking of one officer 这些还对吗?, and how it ended.

    `state`: `asked`, `leader` and `province` (silence has gone that far), `confirmed`, `changed`,
    `left` (the person says they left), `closed` (overtaken by a departure, or by the next asking).
    """

    __tablename__ = "verifications"
    __table_args__ = (Index("ix_verifications_officer_id_asked_at", "officer_id", "asked_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="asked")
    #: When silence goes a step further; null when nothing more will come of it.
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(128))


class Correction(Base):
    """号码有误: somebody found that an entry is wrong, and the responsible court is asked to mend it.

    `officer_id` is null when it concerns the court's own entry. `state`: `open`, `mended`, `refused`
    (the entry is right), `closed`.
    """

    __tablename__ = "directory_corrections"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"), index=True)
    officer_id: Mapped[int | None] = mapped_column(
        ForeignKey("officers.id", ondelete="CASCADE"), index=True
    )
    note: Mapped[str] = mapped_column(String(200), default="")
    reported_by: Mapped[str] = mapped_column(String(128))
    reported_by_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    reported_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="open")
    #: When silence goes to the province; null when nothing more will come of it.
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(128))
    #: Who was shown it by which outgoing message: [{"role", "row", "locale", "officer"}].
    messages: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class Disclosure(Base):
    """One reading of one officer's mobile number: who, when, why, and on which way it went.

    `channel`: `chat`, `page`, `http`, `export`. `viewer_id` is null when a token or an operator read.
    """

    __tablename__ = "disclosures"
    __table_args__ = (Index("ix_disclosures_officer_id_at", "officer_id", "at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    viewer: Mapped[str] = mapped_column(String(128))
    viewer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(16))


class LookUps(Base):
    """How many people one officer looked up in one hour: what copying the directory is slowed by."""

    __tablename__ = "look_ups"
    __table_args__ = (UniqueConstraint("officer_id", "hour"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    #: The beginning of the hour, UTC.
    hour: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int] = mapped_column(default=0)
