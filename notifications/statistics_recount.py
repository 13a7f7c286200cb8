"""Everything counted again: the sheets beside the filings, the filings beside their events. What differs is named and mended.

Works month by month, so memory does not grow with the years. A month whose sheets hold what they should is only
read; one that does not is counted anew while no other instance counts. Years and quarters are made of their months.
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
from notifications.performance import Contribution, contribution, is_settled
from notifications.statistics_filings import Seen, read_row, seen
from notifications.statistics_histories import contradictory, references
from notifications.statistics_models import CountedFiling, StatisticsSheet
from notifications.statistics_reading import arrivals, state
from notifications.statistics_series import (
    Role,
    SheetKey,
    day_of,
    is_made_of_months,
    next_month,
    spans_of_months,
    spans_within,
    start_of,
)
from notifications.statistics_sheets import WHOLE, Part, Sheet, bins_of, stored

#: How many filings are read at a time.
_AT_ONCE = 2000

#: How often a month is read anew because a batch was counted in its midst.
_ATTEMPTS = 5

#: So many wrong cells and filings are named.
MOST_NAMED = 50

Progress = Callable[[int, int], None]

#: Sheets as they are stored.
Contents = Mapping[SheetKey, bytes]


@dataclass(slots=True)
class Recounted:
    """What a recount found, before it mended it.

    Attributes:
        filings: how many filings were counted again.
        sheets: how many sheets there are now.
        wrong_lines: lines of sheets that held something else than what was counted; mended.
        wrong_filings: references of filings counted as what they are not; mended.
        contradictory: references of filings whose columns say something else than their events; not mended.
        late: filings that had not been counted yet, which is no fault; counted now.
    """

    filings: int = 0
    sheets: int = 0
    wrong_lines: list[str] = field(default_factory=list)
    wrong_filings: list[str] = field(default_factory=list)
    contradictory: list[str] = field(default_factory=list)
    late: int = 0
    other_zone: bool = False

    @property
    def is_equal(self) -> bool:
        """Whether everything was as it should be."""
        return not (self.wrong_lines or self.wrong_filings or self.contradictory or self.other_zone)


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
        asked = select(func.count()).select_from(StatisticsSheet)
        found.sheets = await session.scalar(asked) or 0
    return found


async def begin_anew(database: Database, timezone: str, *, now: datetime) -> None:
    """Forget everything counted: the desk's days begin at other instants now."""
    async with database.transaction() as session:
        held = await cells.hold(session, timezone, now=now)
        if held is None:
            return
        await session.execute(delete(StatisticsSheet))
        await session.execute(delete(CountedFiling))
        await session.execute(
            update(Filing).values(uncounted=True).execution_options(synchronize_session=False)
        )
        held.zone = timezone
        held.generation += 1


async def _months(session: AsyncSession, zone: ZoneInfo) -> list[date]:
    """The first day of every month that has filings or sheets."""
    spans = await session.scalars(
        select(func.substr(StatisticsSheet.span, 1, 7))
        .where(func.length(StatisticsSheet.span) >= 7)
        .distinct()
    )
    months = {date.fromisoformat(f"{span}-01") for span in spans}
    if (span := await arrivals(session)) is not None:
        month, last = (day_of(at, zone).replace(day=1) for at in span)
        while month <= last:
            months.add(month)
            month = next_month(month)
    return sorted(months)


# Months: the sheets beside the filings


async def _check_month(
    database: Database, month: date, zone: ZoneInfo, now: datetime, found: Recounted
) -> bool:
    """Whether the month's sheets hold what was counted, and nothing was counted wrongly or is to be counted."""
    for _ in range(_ATTEMPTS):
        async with database.reading() as session:
            before = await state(session)
            seen_here, counting = Recounted(), SheetsOfMonth(zone)
            async for batch in _filings(session, month, zone):
                await _compare(session, batch, counting, now, seen_here)
            expected = counting.contents()
            seen_here.wrong_lines = list(_differing(expected, await _stored(session, month)))
            if await state(session) == before:
                break
    found.filings += seen_here.filings
    found.late += seen_here.late
    found.wrong_lines += seen_here.wrong_lines
    found.wrong_filings += seen_here.wrong_filings
    found.contradictory += seen_here.contradictory
    return not (seen_here.wrong_lines or seen_here.wrong_filings or seen_here.late)


async def _compare(
    session: AsyncSession,
    batch: Sequence[Seen],
    counting: "SheetsOfMonth",
    now: datetime,
    found: Recounted,
) -> None:
    """Add up what these filings were counted as; name those that should have been counted as something else."""
    wrong: list[int] = []
    for one in batch:
        found.filings += 1
        if one.counted is not None:
            counting.add(one, one.counted.contribution, one.counted.provinces)
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

    The month's sheets are written whole; `count_year` has to follow.
    """
    zone, counting, counted = ZoneInfo(timezone), SheetsOfMonth(ZoneInfo(timezone)), 0
    async with database.transaction() as session:
        held = await cells.hold(session, timezone, now=now)
        if held is None or held.zone != timezone:
            return None
        async for batch in _filings(session, month, zone):
            counted += len(batch)
            for one in batch:
                if is_settled(one.standing.state):
                    counting.add(one, contribution(one.standing, now), one.provinces)
            await cells.remember(session, batch, now)
        await _write(session, counting.contents(), await _stored(session, month))
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


class SheetsOfMonth:
    """The sheets of a month, being counted."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._sheets: dict[SheetKey, Sheet] = defaultdict(Sheet)

    def add(self, one: Seen, what: Contribution, provinces: Mapping[Role, str]) -> None:
        """A filing that counts as `what`, with its courts in these provinces."""
        for key, line in cells.lines(one, provinces, self._zone):
            if not is_made_of_months(key[1]):
                self._sheets[key].add(line, what)

    def contents(self) -> Contents:
        """Every sheet there should be."""
        return _contents(self._sheets)


def _contents(sheets: Mapping[SheetKey, Sheet]) -> Contents:
    made = {key: sheet.content() for key, sheet in sheets.items()}
    return {key: content for key, content in made.items() if content is not None}


# Years and quarters: made of their months


async def _check_year(database: Database, year: int, found: Recounted) -> bool:
    """Whether a year's own sheets hold something else than its months."""
    for _ in range(_ATTEMPTS):
        differing: list[str] = []
        async with database.reading() as session:
            before = await state(session)
            for series in await _series(session, year):
                expected = await _of_months(session, series, year)
                differing += _differing(expected, await _stored_year(session, series, year))
            if await state(session) == before:
                break
    found.wrong_lines += differing
    return bool(differing)


async def count_year(database: Database, timezone: str, year: int, *, now: datetime) -> None:
    """Make the sheets of a year and its quarters of its months anew."""
    async with database.transaction() as session:
        held = await cells.hold(session, timezone, now=now)
        if held is None or held.zone != timezone:
            return
        for series in await _series(session, year):
            expected = await _of_months(session, series, year)
            await _write(session, expected, await _stored_year(session, series, year))
        held.generation += 1


async def _series(session: AsyncSession, year: int) -> list[str]:
    """The series that have sheets in a year."""
    made = spans_of_months(year)
    spans = {*made, *(month for months in made.values() for month in months)}
    asked = select(StatisticsSheet.series).where(StatisticsSheet.span.in_(spans)).distinct()
    return sorted(await session.scalars(asked))


async def _of_months(session: AsyncSession, series: str, year: int) -> Contents:
    """What a series' sheets of a year and its quarters should hold."""
    within: dict[str, list[str]] = defaultdict(list)
    for name, months in spans_of_months(year).items():
        for month in months:
            within[month].append(name)
    sheets: dict[SheetKey, Sheet] = defaultdict(Sheet)
    rows = await session.execute(
        select(StatisticsSheet.span, StatisticsSheet.unit, StatisticsSheet.content)
        .where(StatisticsSheet.series == series, StatisticsSheet.span.in_(within))
        .order_by(StatisticsSheet.span)
    )
    for month, unit, content in rows:
        for name in within[month]:
            sheets[series, name, unit].add_sheet(content)
    return _contents(sheets)


# What is stored


async def _stored(session: AsyncSession, month: date) -> Contents:
    """The sheets of a month and of what lies within it."""
    return await _stored_sheets(session, StatisticsSheet.span.in_(spans_within(month)))


async def _stored_year(session: AsyncSession, series: str, year: int) -> Contents:
    spans = StatisticsSheet.span.in_(spans_of_months(year))
    return await _stored_sheets(session, and_(StatisticsSheet.series == series, spans))


async def _stored_sheets(session: AsyncSession, wanted: ColumnElement[bool]) -> Contents:
    table = StatisticsSheet
    rows = await session.execute(
        select(table.series, table.span, table.unit, table.content).where(wanted)
    )
    return {(series, span, unit): content for series, span, unit, content in rows}


def _differing(expected: Contents, found: Contents) -> Iterator[str]:
    """The lines that are stored with something else, are missing, or should not be there."""
    for key in expected.keys() | found.keys():
        right, told = expected.get(key), found.get(key)
        if right != told:
            of_right, of_told = _parts(right), _parts(told)
            for line in sorted(of_right.keys() | of_told.keys()):
                if not _same(of_right.get(line), of_told.get(line)):
                    yield " ".join(filter(None, (*key, line)))


def _parts(content: bytes | None) -> Mapping[str, Part]:
    if content is None:
        return {}
    sheet = stored(content)
    return sheet.lines if sheet.whole is None else sheet.lines | {WHOLE: sheet.whole}


def _same(right: Part | None, told: Part | None) -> bool:
    if right is None or told is None:
        return right is told
    if told[1] is None and right[1] is not None and told[2] is not None:
        # A line that was too full for its values and has lost filings since: its bins are all it has.
        return (right[0], bins_of(right)) == (told[0], told[2])
    return right == told


async def _write(session: AsyncSession, expected: Contents, found: Contents) -> None:
    """Store what there should be and take away the rest."""
    gone = dict.fromkeys(found.keys() - expected.keys())
    await cells.store(session, {**expected, **gone})
