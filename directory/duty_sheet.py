"""The duty sheet of a province: who stands at each court's desk on a day, and who rings whom when no machine does.

Only desk phones are on it: it hangs on walls. It is written as a workbook by `directory.duty_sheet_file`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import duty
from directory.errors import ProvinceNotFound
from directory.models import Court
from directory.roster import COORDINATOR, Duty, OnDutyOfficer

#: How far ahead a change of post A is looked for.
_AHEAD = timedelta(days=60)
_DAY = timedelta(days=1)

_TOP = frozenset({"high", "supreme"})


@dataclass(frozen=True, slots=True)
class SheetPerson:
    """Somebody on duty. `away` says that the roster knows the person is on leave that day."""

    name: str
    phone: str | None
    away: bool = False


@dataclass(frozen=True, slots=True)
class SheetCourt:
    """One court's desk on the day."""

    code: str
    name: str
    level: str
    parent_code: str | None
    phone: str | None
    a: tuple[SheetPerson, ...]
    b: tuple[SheetPerson, ...]
    leader: tuple[SheetPerson, ...]
    #: The last day on which the same people stand at A; None when no change is known.
    until: date | None

    @property
    def ringing(self) -> str | None:
        """The number by which the desk is rung first: A's, B's, the court's own."""
        numbers = [person.phone for person in (*self.a, *self.b) if not person.away]
        return next((number for number in numbers if number), self.phone)


@dataclass(frozen=True, slots=True)
class Call:
    """One edge of the phone tree: `caller` (None: the coordinator) rings `court`."""

    caller: SheetCourt | None
    court: SheetCourt


@dataclass(frozen=True, slots=True)
class DutySheet:
    """A province's desks on a day."""

    province: str
    day: date
    coordinators: tuple[SheetPerson, ...]
    courts: tuple[SheetCourt, ...]

    @property
    def tree(self) -> tuple[Call, ...]:
        """Who rings whom: the coordinator the courts at the top, each of those the courts below it."""
        # The coordinator sits at the high court, and rings whatever stands directly below it.
        known = {court.code: court for court in self.courts if court.level not in _TOP}
        calls = [Call(known.get(court.parent_code or ""), court) for court in self.courts]
        return tuple(sorted(calls, key=_by_caller))

    def below(self, caller: SheetCourt | None) -> tuple[SheetCourt, ...]:
        """Those whom `caller` rings."""
        return tuple(call.court for call in self.tree if call.caller == caller)


def _by_caller(call: Call) -> tuple[str, str]:
    return (call.caller.code if call.caller is not None else "", call.court.code)


async def provinces(session: AsyncSession) -> Sequence[str]:
    """Every province that has a court."""
    return (await session.scalars(select(Court.province).distinct().order_by(Court.province))).all()


async def load(
    session: AsyncSession, province: str, day: date | None, *, now: datetime, default_timezone: str
) -> DutySheet:
    """The sheet of `province` for a local day; None is today.

    Raises:
        ProvinceNotFound: no court lies there.
    """
    found = await session.scalars(
        select(Court).where(Court.province == province).order_by(Court.code)
    )
    served = found.all()
    if not served:
        raise ProvinceNotFound(province=province)
    on = day or duty.local_day(served[0], now, default_timezone)
    rosters = await duty.rosters(session, served, on, on + _AHEAD, now=now)
    rows: list[SheetCourt] = []
    coordinators: dict[int, SheetPerson] = {}
    for court in served:
        roster = rosters[court.code]
        today = roster.on(on)
        coordinators |= {one.officer_id: _person(one) for one in today.of(COORDINATOR)}
        change = roster.change_after(on, on + _AHEAD, ("A",))
        rows.append(
            SheetCourt(
                court.code,
                court.name,
                court.level,
                court.parent_code,
                court.phone,
                _people(today, "A"),
                _people(today, "B"),
                _people(today, "leader"),
                change - _DAY if change is not None else None,
            )
        )
    return DutySheet(province, on, tuple(coordinators.values()), tuple(rows))


def _people(today: Duty, post: str) -> tuple[SheetPerson, ...]:
    return tuple(_person(one) for one in today.of(post) if one.unreachable != "left")


def _person(one: OnDutyOfficer) -> SheetPerson:
    return SheetPerson(one.name, one.desk_phone, one.unreachable == "on_leave")
