"""The tables of bulletins: what was published, frozen; what courts contest in it; what a province settled. No rules."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.database import Base, BigKey


class Bulletin(Base):
    """One published bulletin. Its figures never change; what was wrong in them is a decided `BulletinContest`."""

    __tablename__ = "bulletins"
    __table_args__ = (Index("ix_bulletins_province_published_at", "province", "published_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: As it is cited: 辽跨域通报〔2019〕第3期.
    number: Mapped[str] = mapped_column(String(64), unique=True)
    #: Null: the nation's.
    province: Mapped[str | None] = mapped_column(String(32))
    #: Both inclusive, days of the desk.
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    #: `states` or `measures`: in which of its layouts it was published.
    layout: Mapped[str] = mapped_column(String(16))
    #: `bulletin_figures.Sheet.as_json`, with the editions of the calendars that were counted with.
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime]
    #: A name with post.
    published_by: Mapped[str] = mapped_column(String(128))
    published_by_officer_id: Mapped[int | None] = mapped_column(
        ForeignKey("officers.id", ondelete="SET NULL")
    )
    #: Until then a court may contest its figures.
    contest_until: Mapped[datetime]


class BulletinContest(Base):
    """A court says that one filing was counted wrongly; the coordinator decides."""

    __tablename__ = "bulletin_contests"
    __table_args__ = (
        Index(
            "ix_bulletin_contests_bulletin_id_filing_id", "bulletin_id", "filing_id", unique=True
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id", ondelete="CASCADE"))
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"))
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), index=True)
    #: Checked as notices are: no number of a person. Emptied after its time (`directory.retention`).
    reason: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    raised_by: Mapped[str] = mapped_column(String(128))
    raised_by_officer_id: Mapped[int | None] = mapped_column(
        ForeignKey("officers.id", ondelete="SET NULL")
    )
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(128))
    accepted: Mapped[bool | None] = mapped_column(Boolean)
    decision: Mapped[str | None] = mapped_column(Text)
    #: The state the filing was counted as (`late`, `overdue`).
    counted_as: Mapped[str] = mapped_column(String(24))
    #: Of an accepted one: what it counts as now (`Filing.answer_counts_as`).
    counts_as: Mapped[str | None] = mapped_column(String(16))


class BulletinRules(Base):
    """What a province settled for its bulletins; the nation's under `*`."""

    __tablename__ = "bulletin_rules"

    scope: Mapped[str] = mapped_column(String(32), primary_key=True)
    #: 按期率 to be reached, in percent.
    target_percent: Mapped[int] = mapped_column(Integer)
    #: Courts with fewer decided filings are not ranked.
    least: Mapped[int] = mapped_column(Integer)
    #: Working days in which figures may be contested.
    contest_days: Mapped[int] = mapped_column(Integer)
    changed_by: Mapped[str] = mapped_column(String(128))
    changed_at: Mapped[datetime]
