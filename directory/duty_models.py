"""The tables of the duty desk: shifts, rotations, leave, swaps, check-ins, calendars, feeds. No rules.

The directory itself (courts, people, posts) is in `directory.models`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.database import Base, BigKey


class Shift(Base):
    """From `first_day` to `last_day` (local, inclusive) this officer stands at a post of the court.

    `source`: `plan` (imported or entered), `swap` (two officers changed places), `assigned` (a leader
    said so). What was said last holds.
    """

    __tablename__ = "shifts"
    __table_args__ = (Index("ix_shifts_court_code_last_day", "court_code", "last_day"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"))
    post: Mapped[str] = mapped_column(String(16))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    source: Mapped[str] = mapped_column(String(16), default="plan")
    created_by: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime]
    #: Taken back: it counts no more, but stays for the record.
    cancelled_at: Mapped[datetime | None]


class Rotation(Base):
    """A weekly rotation: from `starts_on` the officers take turns of `days` days each, in order."""

    __tablename__ = "rotations"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"), index=True)
    post: Mapped[str] = mapped_column(String(16))
    starts_on: Mapped[date]
    #: The last day, inclusive; null while it goes on.
    ends_on: Mapped[date | None]
    days: Mapped[int] = mapped_column(default=7)
    officer_ids: Mapped[list[int]] = mapped_column(JSON)
    created_by: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime]


class Leave(Base):
    """An officer is away from `first_day` to `last_day` (local, inclusive). The reason is nobody's business."""

    __tablename__ = "leaves"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    officer_id: Mapped[int] = mapped_column(
        ForeignKey("officers.id", ondelete="CASCADE"), index=True
    )
    first_day: Mapped[date]
    last_day: Mapped[date]
    created_by: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class Swap(Base):
    """A 换班 on its way: `asked` → `accepted` → `approved`; or `refused`, `withdrawn`, `expired`, `cancelled`.

    Without days given in return the colleague stands in; with them the two change places.
    """

    __tablename__ = "swaps"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"), index=True)
    post: Mapped[str] = mapped_column(String(16))
    first_day: Mapped[date]
    last_day: Mapped[date]
    from_officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    to_officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    #: The colleague's days that the asker takes in return; null where the colleague only stands in.
    back_first_day: Mapped[date | None]
    back_last_day: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    #: When the step under way lapses; null once nothing waits for anybody.
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    accepted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    #: Who approved, refused or took it back.
    decided_by: Mapped[str | None] = mapped_column(String(128))
    nonce: Mapped[str] = mapped_column(String(12))
    #: The shifts that its approval made, for taking them back.
    shift_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    #: Who was shown it by which outgoing message: [{"role", "row", "officer"}].
    messages: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class CheckIn(Base):
    """到岗: the officer on duty was asked at opening, and when they confirmed."""

    __tablename__ = "check_ins"
    __table_args__ = (UniqueConstraint("court_code", "day", "officer_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    court_code: Mapped[str] = mapped_column(ForeignKey("courts.code"))
    #: The court's local day.
    day: Mapped[date]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    #: From when B stands in if nobody confirmed; null once it was confirmed or missed.
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]
    #: Since when the officer counts as absent; null again after a late confirmation.
    missed_at: Mapped[datetime | None]
    #: The outgoing message that asks.
    message: Mapped[int | None] = mapped_column(BigKey)


class ProvinceRules(Base):
    """What a province has settled for its courts' desks."""

    __tablename__ = "province_rules"

    province: Mapped[str] = mapped_column(String(32), primary_key=True)
    #: `off`, `weekly` (the first working day of the week) or `daily`.
    check_in: Mapped[str] = mapped_column(String(8), default="off")
    #: Local time of the automatic handover, `HH:MM`; an empty text turns it off.
    handover_at: Mapped[str] = mapped_column(String(5), default="08:20")
    #: After how many days without a filing a court gets a quiet drill; 0 never.
    quiet_drill_days: Mapped[int] = mapped_column(default=30)
    #: After how many days each card is asked about again; 0 never.
    verify_days: Mapped[int] = mapped_column(default=90, server_default="90")
    changed_by: Mapped[str] = mapped_column(String(128), default="")
    changed_at: Mapped[datetime | None]


class ProvinceRound(Base):
    """When a province's courts are next looked at for a `handover` or a `check_in`."""

    __tablename__ = "province_rounds"

    province: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    #: Everything up to here was done; what a court's clock struck later is still to do.
    done_until: Mapped[datetime]
    #: Null while the province wants none.
    next_at: Mapped[datetime | None] = mapped_column(index=True)


class Feed(Base):
    """A calendar feed at a secret address, of one officer or one court. Only the SHA-256 is kept."""

    __tablename__ = "feeds"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[int | None] = mapped_column(
        ForeignKey("officers.id", ondelete="CASCADE"), index=True
    )
    court_code: Mapped[str | None] = mapped_column(ForeignKey("courts.code"), index=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class HolidayYear(Base):
    """A year's holidays that an administrator brought in; it replaces the shipped year of its number."""

    __tablename__ = "holiday_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    imported_at: Mapped[datetime]
    imported_by: Mapped[str] = mapped_column(String(128))


class DayOverride(Base):
    """A day on which a province or one court keeps other hours than the calendar says.

    `kind`: `off` (closed), `work` (open although the calendar says otherwise), `hours` (open at `hours`).
    While a court is closed its pages may go to another court's desk or to one officer.
    """

    __tablename__ = "day_overrides"
    __table_args__ = (Index("ix_day_overrides_scope_day", "scope", "day"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: A province's name or a court's code.
    scope: Mapped[str] = mapped_column(String(32))
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(8))
    hours: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(64), default="")
    substitute_court: Mapped[str | None] = mapped_column(ForeignKey("courts.code"))
    substitute_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    created_by: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
