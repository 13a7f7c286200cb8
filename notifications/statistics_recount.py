"""Everything counted again: the cells beside the filings, the filings beside their events. What differs is named and mended.

Works month by month, so memory does not grow with the years. A month whose cells hold what they should is only
read; one that does not is counted anew while no other instance counts. Years are made of their months.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import Database
from notifications import statistics_cells as cells
from notifications.models import Filing
from notifications.performance import Contribution, Tally, contribution, is_settled
from notifications.statistics_cells import Key
from notifications.statistics_filings import Seen, read_row, seen
from notifications.statistics_histories import contradictory, references
from notifications.statistics_models import CountedFiling, StatisticsCell
from notifications.statistics_reading import arrivals, state
from notifications.statistics_series import (
    ROLES,
    Role,
    cells_of,
    day_of,
    is_year,
    next_month,
    spans_within,
    start_of,
)

#: How many filings are read at a time.
_AT_ONCE = 2000

#: How often a month is read anew because a batch was counted in its midst.
_ATTEMPTS = 5

#: So many wrong cells and filings are named.
MOST_NAMED = 50

Progress = Callable[[int, int], None]

#: A cell as it is stored: filings, summary, exact, bins.
StoredCell = tuple[int, bytes, bytes | None, bytes | None]


@dataclass(slots=True)
class Recounted:
    """What a recount found, before it mended it.

    Attributes:
        filings: how many filings were counted again.
        cells: how many cells there are now.
        wrong_cells: cells that held something else than what was counted; mended.
        wrong_filings: references of filings counted as what they are not; mended.
        contradictory: references of filings whose columns say something else than their events; not mended.
        late: filings that had not been counted yet, which is no fault; counted now.
    """

    filings: int = 0
    cells: int = 0
    wrong_cells: list[str] = field(default_factory=list)
    wrong_filings: list[str] = field(default_factory=list)
    contradictory: list[str] = field(default_factory=list)
    late: int = 0
    other_zone: bool = False

    @property
    def is_equal(self) -> bool:
        """Whether everything was as it should be."""
        return not (self.wrong_cells or self.wrong_filings or self.contradictory or self.other_zone)


async def recount(
    database: Database, timezone: str, *, now: datetime, progress: Progress
) -> Recounted:
    """Compare and mend everything; `progress` hears how many months of how many are done."""
    found = Recounted()
    zone = ZoneInfo(timezone)
    async with database.reading() as session:
        counted_in, _generation = await state(session)
        found.other_zone = counted_in not in ("", timezone)
    if found.other_zone:
        await begin_anew(database, timezone, now=now)
    async with database.transaction() as session:
        if await cells.hold(session, timezone, now=now) is not None:
            await cells.follow_moves(session)
        months = await _months(session, zone)
    stale = set()
    for year in sorted({month.year for month in months}):
        if await _check_year(database, year, found):
            stale.add(year)
    for done, month in enumerate(months, 1):
        if not await _check_month(database, month, zone, now, found):
            await count_month(database, timezone, month, now=now)
            stale.add(month.year)
        progress(done, len(months))
    for year in sorted(stale):
        await count_year(database, timezone, year, now=now)
    async with database.reading() as session:
        asked = select(func.count()).select_from(StatisticsCell)
        found.cells = await session.scalar(asked) or 0
    return found


async def begin_anew(database: Database, timezone: str, *, now: datetime) -> None:
    """Forget everything counted: the desk's days begin at other instants now."""
    async with database.transaction() as session:
        held = await cells.hold(session, timezone, now=now)
        if held is None:
            return
        await session.execute(delete(StatisticsCell))
        await session.execute(delete(CountedFiling))
        await session.execute(
            update(Filing).values(uncounted=True).execution_options(synchronize_session=False)
        )
        held.zone = timezone
        held.generation += 1


async def _months(session: AsyncSession, zone: ZoneInfo) -> list[date]:
    """The first day of every month that has filings or cells."""
    spans = await session.scalars(
        select(func.substr(StatisticsCell.span, 1, 7))
        .where(func.length(StatisticsCell.span) >= 7)
        .distinct()
    )
    months = {date.fromisoformat(f"{span}-01") for span in spans}
    if (span := await arrivals(session)) is not None:
        month, last = (day_of(at, zone).replace(day=1) for at in span)
        while month <= last:
            months.add(month)
            month = next_month(month)
    return sorted(months)


# Months: the cells beside the filings


async def _check_month(
    database: Database, month: date, zone: ZoneInfo, now: datetime, found: Recounted
) -> bool:
    """Whether the month's cells hold what was counted, and nothing was counted wrongly or is to be counted."""
    for _ in range(_ATTEMPTS):
        async with database.reading() as session:
            before = await state(session)
            seen_here, tallies = Recounted(), _Tallies(zone)
            async for batch in _filings(session, month, zone):
                await _compare(session, batch, tallies, now, seen_here)
            expected = tallies.whole()
            stored = await _stored(session, month)
            seen_here.wrong_cells = [_name(key) for key in _differing(expected, stored)]
            if await state(session) == before:
                break
    found.filings += seen_here.filings
    found.late += seen_here.late
    found.wrong_cells += seen_here.wrong_cells
    found.wrong_filings += seen_here.wrong_filings
    found.contradictory += seen_here.contradictory
    return not (seen_here.wrong_cells or seen_here.wrong_filings or seen_here.late)


async def _compare(
    session: AsyncSession,
    batch: Sequence[Seen],
    tallies: "_Tallies",
    now: datetime,
    found: Recounted,
) -> None:
    """Add up what these filings were counted as; name those that should have been counted as something else."""
    wrong: list[int] = []
    for one in batch:
        found.filings += 1
        if one.counted is not None:
            tallies.add(one, one.counted.contribution, one.counted.provinces)
        settled = is_settled(one.standing.state)
        if one.uncounted:
            found.late += settled or one.counted is not None
            continue
        right = contribution(one.standing, now) if settled else None
        counted = one.counted.contribution if one.counted is not None else None
        same_place = one.counted is None or one.counted.provinces == one.provinces
        if right != counted or not same_place:
            wrong.append(one.id)
    against = await contradictory(session, [one.id for one in batch])
    names = await references(session, {*wrong, *against})
    found.wrong_filings += [names[number] for number in wrong]
    found.contradictory += [names[number] for number in against]


async def count_month(
    database: Database, timezone: str, month: date, *, now: datetime
) -> int | None:
    """Count a month's filings as they stand, whatever was counted before; returns how many. None: another counts.

    The month's cells are written whole; `count_year` has to follow.
    """
    zone, tallies, counted = ZoneInfo(timezone), _Tallies(ZoneInfo(timezone)), 0
    async with database.transaction() as session:
        held = await cells.hold(session, timezone, now=now)
        if held is None or held.zone != timezone:
            return None
        async for batch in _filings(session, month, zone):
            counted += len(batch)
            for one in batch:
                if is_settled(one.standing.state):
                    tallies.add(one, contribution(one.standing, now), one.provinces)
            await cells.remember(session, batch, now)
        await _write(session, tallies.whole(), await _stored(session, month))
        held.generation += 1
    return counted


async def _filings(session: AsyncSession, month: date, zone: ZoneInfo) -> AsyncIterator[list[Seen]]:
    """The filings of a month, so many at a time."""
    since, until = start_of(month, zone), start_of(next_month(month), zone)
    at, number = Filing.received_at, Filing.id
    asked = seen().where(at >= since, at < until).order_by(at, number).limit(_AT_ONCE)
    rows = [read_row(row) for row in await session.execute(asked)]
    while rows:
        yield rows
        last = rows[-1]
        later = or_(at > last.received_at, and_(at == last.received_at, number > last.id))
        more = asked.where(at >= last.received_at, later)
        rows = [read_row(row) for row in await session.execute(more)]


class _Tallies:
    """The cells of a month, added up."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._tallies: dict[Key, Tally] = defaultdict(Tally)

    def add(self, one: Seen, what: Contribution, provinces: Mapping[Role, str]) -> None:
        """A filing that counts as `what`, with its courts in these provinces."""
        day = day_of(one.received_at, self._zone)
        for role in ROLES:
            units = one.units(role, provinces)
            for key in cells_of(role, one.case_type, day, units, drill=one.drill):
                if not is_year(key[1]):
                    self._tallies[key].add(what)

    def whole(self) -> dict[Key, Tally]:
        """Every cell there should be."""
        return self._tallies


# Years: made of their months


async def _check_year(database: Database, year: int, found: Recounted) -> bool:
    """Whether a year's cells hold something else than its months."""
    for _ in range(_ATTEMPTS):
        differing: list[str] = []
        async with database.reading() as session:
            before = await state(session)
            for series in await _series(session, year):
                expected = await _of_months(session, series, year)
                stored = await _stored_year(session, series, year)
                differing += [_name(key) for key in _differing(expected, stored)]
            if await state(session) == before:
                break
    found.wrong_cells += differing
    return bool(differing)


async def count_year(database: Database, timezone: str, year: int, *, now: datetime) -> None:
    """Make a year's cells of its months anew."""
    async with database.transaction() as session:
        held = await cells.hold(session, timezone, now=now)
        if held is None or held.zone != timezone:
            return
        for series in await _series(session, year):
            expected = await _of_months(session, series, year)
            await _write(session, expected, await _stored_year(session, series, year))
        held.generation += 1


async def _series(session: AsyncSession, year: int) -> list[str]:
    """The series that have cells in a year."""
    spans = [str(year), *_months_of(year)]
    asked = select(StatisticsCell.series).where(StatisticsCell.span.in_(spans)).distinct()
    return sorted(await session.scalars(asked))


def _months_of(year: int) -> list[str]:
    return [f"{year}-{month:02}" for month in range(1, 13)]


async def _of_months(session: AsyncSession, series: str, year: int) -> dict[Key, Tally]:
    """What a series' cells of a year should hold."""
    tallies: dict[Key, Tally] = defaultdict(Tally)
    rows = await session.execute(
        select(
            StatisticsCell.unit, StatisticsCell.summary, StatisticsCell.exact, StatisticsCell.bins
        ).where(StatisticsCell.series == series, StatisticsCell.span.in_(_months_of(year)))
    )
    for unit, summary, exact, bins in rows:
        tallies[series, str(year), unit].add_part(summary, exact, bins)
    return tallies


# What is stored


async def _stored(session: AsyncSession, month: date) -> dict[Key, StoredCell]:
    """The cells of a month and of what lies within it."""
    return await _stored_cells(session, StatisticsCell.span.in_(spans_within(month)))


async def _stored_year(session: AsyncSession, series: str, year: int) -> dict[Key, StoredCell]:
    return await _stored_cells(
        session, and_(StatisticsCell.series == series, StatisticsCell.span == str(year))
    )


async def _stored_cells(
    session: AsyncSession, wanted: ColumnElement[bool]
) -> dict[Key, StoredCell]:
    rows = await session.execute(
        select(
            StatisticsCell.series,
            StatisticsCell.span,
            StatisticsCell.unit,
            StatisticsCell.filings,
            StatisticsCell.summary,
            StatisticsCell.exact,
            StatisticsCell.bins,
        ).where(wanted)
    )
    return {
        (series, span, unit): (filings, summary, exact, bins)
        for series, span, unit, filings, summary, exact, bins in rows
    }


def _differing(expected: Mapping[Key, Tally], stored: Mapping[Key, StoredCell]) -> Iterator[Key]:
    """The cells that are stored with something else, are missing, or should not be there."""
    for key, tally in expected.items():
        if key not in stored or not _same(tally, stored[key]):
            yield key
    yield from stored.keys() - expected.keys()


def _same(tally: Tally, stored: StoredCell) -> bool:
    filings, summary, exact, bins = stored
    right = cells.content(tally)
    if (filings, summary) != (right["filings"], right["summary"]):
        return False
    if exact is None and right["exact"] is not None:
        # A cell that was too full for its values and has lost filings since: its bins are all it has.
        return bins == tally.bins()
    return (exact, bins) == (right["exact"], right["bins"])


async def _write(
    session: AsyncSession, expected: Mapping[Key, Tally], stored: Mapping[Key, StoredCell]
) -> None:
    """Store what there should be and take away the rest."""
    gone = {key: Tally() for key in stored.keys() - expected.keys()}
    await cells.store(session, {**expected, **gone})


def _name(key: Key) -> str:
    return " ".join(filter(None, key))
