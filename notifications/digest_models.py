"""The table of digests: who gets which one when, and how far that is done. No rules."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.database import Base, BigKey


class Digest(Base):
    """One kind of digest for one person, or the daily one of one court. `digest_at` is when it must be looked at."""

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("officer_id", "kind"),
        UniqueConstraint("court_code", "kind"),
        Index(
            "ix_digests_digest_at",
            "digest_at",
            sqlite_where=text("digest_at IS NOT NULL"),
            postgresql_where=text("digest_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: `officer`, `court`, `province` or `leader`; see `digest_plan`.
    kind: Mapped[str] = mapped_column(String(16))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    court_code: Mapped[str | None] = mapped_column(ForeignKey("courts.code", ondelete="CASCADE"))
    #: The local time that was wished for, `HH:MM`; null is the court's opening or closing.
    time: Mapped[str | None] = mapped_column(String(5))
    off: Mapped[bool] = mapped_column(default=False)
    #: Also on days on which there is nothing to say.
    when_empty: Mapped[bool] = mapped_column(default=False)
    #: The last local day whose digest was sent or passed over; null: nothing is planned yet.
    done_on: Mapped[date | None]
    #: Null while it is off.
    digest_at: Mapped[datetime | None]
    #: The outgoing message of the last one: where it is still unsent, the next takes its place.
    message: Mapped[int | None] = mapped_column(BigKey)
    changed_by: Mapped[str] = mapped_column(String(128), default="")
    changed_at: Mapped[datetime | None]
