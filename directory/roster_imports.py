"""Brings files of shifts, rotations and leave in: loads what they are checked against, writes all or nothing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from directory import shifts
from directory.duty_models import Leave, Rotation, Shift
from directory.import_people import Term
from directory.import_tables import Record, Table
from directory.models import Court, Officer
from directory.roster_files import Entry, Known, Person, Planned, RosterPlan, plan, read

#: So many values in one statement.
_BATCH = 500


async def preview(
    session: AsyncSession, tables: Iterable[Table], *, replace: bool = False
) -> RosterPlan:
    """What `bring_in` would write of these tables now."""
    records, faults = read(tables)
    return plan(records, faults, await load(session, records), replace=replace)


async def bring_in(
    session: AsyncSession,
    tables: Iterable[Table],
    *,
    replace: bool = False,
    who: str,
    now: datetime,
) -> RosterPlan:
    """Write the tables' shifts, rotations and leave, or nothing of them when there is any fault.

    Args:
        session: a writing transaction.
        tables: what `import_files.read_files` gave.
        replace: the files hold over what was planned before.
        who: under whose name each entry is recorded.
        now: when; UTC.
    """
    planned = await preview(session, tables, replace=replace)
    for entry in planned.entries:
        await _write(session, entry, replace=replace, who=who, now=now)
    return planned


async def _write(
    session: AsyncSession, entry: Entry, *, replace: bool, who: str, now: datetime
) -> None:
    if entry.kind == "rotation":
        await shifts.rotate(
            session, entry.court_code, entry.post, entry.officer_ids, entry.first_day,
            days=entry.days, ends_on=entry.last_day, by=who, now=now,
        )  # fmt: skip
        return
    (officer,) = entry.officer_ids
    last = entry.last_day or entry.first_day
    if entry.kind == "leave":
        await shifts.leave(session, officer, entry.first_day, last, by=who, now=now)
        return
    await shifts.assign(
        session, entry.court_code, entry.post, officer, entry.first_day, last,
        source=shifts.PLAN, by=who, now=now, over_plans=replace,
    )  # fmt: skip


async def load(session: AsyncSession, records: Sequence[Record]) -> Known:
    """The people and the plans of the courts that the rows name, on the days that they name."""
    codes = sorted({r.values["court_code"] for r in records if r.values.get("court_code")})
    days = [r.values["first_day"] for r in records if r.values.get("first_day")]
    people: dict[str, list[Person]] = {}
    planned: dict[str, list[Planned]] = {}
    if not days:
        return Known(people)
    for start in range(0, len(codes), _BATCH):
        batch = codes[start : start + _BATCH]
        for code in await session.scalars(select(Court.code).where(Court.code.in_(batch))):
            people[code] = []
            planned[code] = []
        names: dict[int, tuple[str, str]] = {}
        found = await session.scalars(
            select(Officer)
            .options(selectinload(Officer.posts))
            .where(Officer.court_code.in_(batch))
            .order_by(Officer.id)
        )
        for officer in found:
            names[officer.id] = (officer.court_code, officer.name)
            if officer.left_at is None:
                posts = {held.post: Term(held.valid_from, held.valid_to) for held in officer.posts}
                people[officer.court_code].append(Person(officer.id, officer.name, posts))
        for one in await _stored(session, batch, names, min(days)):
            planned[one.entry.court_code].append(one)
    return Known(people, planned)


async def _stored(
    session: AsyncSession,
    codes: Sequence[str],
    names: dict[int, tuple[str, str]],
    first: date,
) -> list[Planned]:
    """Shifts, rotations and leave of these courts that do not end before `first`."""
    found: list[Planned] = []
    for shift in await session.scalars(
        select(Shift)
        .where(Shift.court_code.in_(codes), Shift.last_day >= first, Shift.cancelled_at.is_(None))
        .order_by(Shift.id)
    ):
        name = names.get(shift.officer_id, ("", "—"))[1]
        found.append(
            Planned(
                Entry(
                    "shift", shift.court_code, shift.post, (shift.officer_id,), (name,),
                    shift.first_day, shift.last_day,
                ),
                shift.source,
            )
        )  # fmt: skip
    found += await _rotations(session, codes, names, first)
    for away in await session.scalars(
        select(Leave)
        .join(Officer, Officer.id == Leave.officer_id)
        .where(Officer.court_code.in_(codes), Leave.last_day >= first, Leave.cancelled_at.is_(None))
    ):
        code, name = names.get(away.officer_id, ("", "—"))
        found.append(
            Planned(
                Entry("leave", code, "", (away.officer_id,), (name,), away.first_day, away.last_day)
            )
        )
    return found


async def _rotations(
    session: AsyncSession,
    codes: Sequence[str],
    names: dict[int, tuple[str, str]],
    first: date,
) -> list[Planned]:
    found: list[Planned] = []
    for turns in await session.scalars(
        select(Rotation).where(
            Rotation.court_code.in_(codes),
            or_(Rotation.ends_on.is_(None), Rotation.ends_on >= first),
        )
    ):
        people = tuple(turns.officer_ids)
        called = tuple(names.get(n, ("", "—"))[1] for n in people)
        found.append(
            Planned(
                Entry(
                    "rotation", turns.court_code, turns.post, people, called,
                    turns.starts_on, turns.ends_on, turns.days,
                )
            )
        )  # fmt: skip
    return found
