"""The tables in which statistics are kept counted. What is counted is in `performance`, how in `statistics_sheets`.

Everything here is made from filings and can be made again from them: `statistics recount` does.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.database import Base, BigKey


class CountedFiling(Base):
    """What a filing was counted as, so that it can be taken out again when it changes."""

    __tablename__ = "counted_filings"

    filing_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("filings.id"), primary_key=True, autoincrement=False
    )
    #: Where its courts lay when it was counted; a court may come to another province.
    jurisdiction_province: Mapped[str] = mapped_column(String(32))
    collaborating_province: Mapped[str] = mapped_column(String(32))
    #: `performance.Contribution` as bytes.
    contribution: Mapped[bytes] = mapped_column(LargeBinary)


class StatisticsSheet(Base):
    """The counted filings of one unit that arrived in one span, by what its series says; in the order in which they are read."""

    __tablename__ = "statistics_sheets"

    #: Whose and which filings by what, as `statistics_series` writes it: role, drill, kind of unit, what makes a line.
    series: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: `2019`, `2019q3`, `2019-08`, `2019-08b` (its second third) or `2019-08-18` in the desk's zone.
    span: Mapped[str] = mapped_column(String(10), primary_key=True)
    #: A province's name, or an empty text for the nation.
    unit: Mapped[str] = mapped_column(String(32), primary_key=True)
    #: The lines, as `statistics_sheets` writes them.
    content: Mapped[bytes] = mapped_column(LargeBinary)


class CountedCourt(Base):
    """The province in which a court's filings were counted; where the directory says another, they are counted anew."""

    __tablename__ = "counted_courts"

    code: Mapped[str] = mapped_column(ForeignKey("courts.code"), primary_key=True)
    province: Mapped[str] = mapped_column(String(32))


class StatisticsState(Base):
    """One row: with which days the sheets were counted, how often, and when the next batch is due."""

    __tablename__ = "statistics_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: IANA name of the zone whose days the sheets hold.
    zone: Mapped[str] = mapped_column(String(64))
    #: Grows with every change of the sheets: who read it twice alike has read one state.
    generation: Mapped[int] = mapped_column(BigKey, default=0)
    next_at: Mapped[datetime]
