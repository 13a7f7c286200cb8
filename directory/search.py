"""The search of one process: fills the index from the database, keeps it fresh, and answers.

Fresh means: whatever was committed is found by the next question that brings its session, and by any other within
a second. The index itself is in `directory.search_index`.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from directory import aliases, changes, courts, readings
from directory.change_models import DirectoryChange
from directory.court_codes import normalise
from directory.courts import Resolution
from directory.database import Database
from directory.models import Court, Officer
from directory.outages import is_outage
from directory.search_courts import CourtFacts
from directory.search_index import CourtHit, DirectoryIndex, Found, PersonHit
from directory.search_people import PersonFacts

__all__ = ["CourtHit", "Found", "PersonHit", "Searcher", "resolve"]

log = structlog.get_logger(__name__)

#: So long (seconds) a question waits for the first index; after that only codes are known.
PATIENCE = 5.0
#: The pause (seconds) after the database could not be reached.
OUTAGE_PAUSE = 5.0
#: So many rows are read at once, and so many put into the index before others may run.
PAGE, SLICE = 2000, 25
#: With more changes than this the index is built anew beside the old one.
MOST_RENEWED = 2000
#: From so many people on an index is kept from the garbage collector.
MANY = 5000
#: So many choices are offered where a name may mean several courts.
MOST_CHOICES = 50

#: Rows of any columns.
_Any = tuple[Any, ...]

_COURTS = select(
    Court.code,
    Court.name,
    Court.level,
    Court.province,
    Court.city,
    Court.county,
    Court.kind,
    Court.aliases,
)
_PEOPLE = select(Officer.id, Officer.name, Officer.court_code).where(
    Officer.left_at.is_(None), Officer.erased_at.is_(None)
)
#: What tells that something changed: the last recorded change, and rows that were written past the record.
_TRACE = select(
    select(func.max(DirectoryChange.id)).scalar_subquery(),
    select(func.max(Officer.id)).scalar_subquery(),
    select(func.count(Court.code)).scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class _Trace:
    change: int
    officer: int
    courts: int


class Searcher:
    """One a process. `run` keeps it fresh while the product runs; without it each question does so itself."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._index: DirectoryIndex | None = None
        self._trace = _Trace(0, 0, 0)
        #: One renewal at a time; a question that finds the index old waits for it.
        self._renewing = asyncio.Lock()
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether the first index is whole."""
        return self._index is not None

    async def run(self) -> None:
        """Build the index, then renew it after each change, until cancelled."""
        wake = self._database.wakeups.event(changes.TOPIC)
        while True:
            try:
                await self.refresh()
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("search_waits_for_the_database")
                await asyncio.sleep(OUTAGE_PAUSE)
                continue
            await wake.wait()
            wake.clear()

    async def find(
        self,
        words: str,
        *,
        province: str | None = None,
        courts: bool = True,
        people: bool = False,
        limit: int = 20,
        of_province: str | None = None,
        of_level: str | None = None,
        session: AsyncSession | None = None,
    ) -> Found:
        """What `words` may mean, best first; nobody who has left is among the people.

        Args:
            words: as somebody typed them.
            province: the asker's; it comes first among equals.
            courts: whether courts are wanted.
            people: whether officers are; only for askers who may see them.
            limit: how many of each.
            of_province: only courts and officers of this province.
            of_level: only courts of this level.
            session: with it the answer holds whatever was committed before; without it at most a
                second is missing.
        """
        index = await self._fresh(session)
        if index is None:
            # Not whole yet: a code is known all the same, from the row itself.
            return await self._by_code(words, session) if courts else Found()
        return index.find(
            words,
            province=province,
            courts=courts,
            people=people,
            limit=limit,
            of_province=of_province,
            of_level=of_level,
        )

    async def refresh(self) -> None:
        """Bring the index up to what is stored."""
        async with self._renewing:
            async with self._database.reading() as session:
                trace = await _trace(session)
            if self._index is None or trace.change - self._trace.change > MOST_RENEWED:
                self._index = await self._built()
            elif trace != self._trace:
                await self._renew(self._index, trace)
            self._trace = trace

    async def _fresh(self, session: AsyncSession | None) -> DirectoryIndex | None:
        """The index as it should be now; None when it is not whole in time."""
        old = self._index is None
        if session is not None and not old:
            old = await _trace(session) != self._trace
        if old:
            # Whoever asks may give up waiting; the work goes on for the next who asks.
            task = asyncio.create_task(self.refresh(), name="search index")
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            done, _waiting = await asyncio.wait({task}, timeout=PATIENCE)
            for finished in done:
                finished.result()
        return self._index

    async def _by_code(self, words: str, session: AsyncSession | None) -> Found:
        if session is None:
            async with self._database.reading() as own:
                return await self._by_code(words, own)
        row = (await session.execute(_COURTS.where(Court.code == normalise(words)))).one_or_none()
        if row is None:
            return Found()
        return _index_of([row]).find(words)

    async def _built(self) -> DirectoryIndex:
        """A whole index beside the old one, made in slices so that everything else goes on."""
        index = DirectoryIndex()
        async with self._database.reading() as session:
            for number, court in enumerate(await session.execute(_COURTS)):
                index.courts.put(_court(court))
                if number % SLICE == 0:
                    await asyncio.sleep(0)
            async for page in _people(session):
                for number, person in enumerate(page):
                    index.people.put(_person(person))
                    if number % (4 * SLICE) == 0:
                        await asyncio.sleep(0)
        for _step in index.settling():
            await asyncio.sleep(0)
        readings.sounds_of_place.cache_clear()
        if len(index.people) > MANY:
            # The collector would walk through all of it, a tenth of a second each time; nothing in it
            # refers in a circle, so that what goes later is freed all the same.
            gc.freeze()
        log.info("search_index_built", courts=len(index.courts), people=len(index.people))
        return index

    async def _renew(self, index: DirectoryIndex, trace: _Trace) -> None:
        """Read what changed since, and what was added past the record; put it in without a pause."""
        async with self._database.reading() as session:
            touched = await session.execute(
                select(DirectoryChange.court_code, DirectoryChange.officer_id)
                .where(DirectoryChange.id > self._trace.change)
                .distinct()
            )
            codes, ids = set(), set()
            for code, officer_id in touched:
                if officer_id is None:
                    codes.add(code)
                else:
                    ids.add(officer_id)
            if trace.officer != self._trace.officer:
                ids |= set(
                    await session.scalars(
                        select(Officer.id).where(Officer.id > self._trace.officer)
                    )
                )
            if trace.courts != self._trace.courts:
                codes |= set(await session.scalars(select(Court.code))) ^ set(index.courts)
            court_rows = await _rows(session, _COURTS, Court.code, codes)
            people_rows = await _rows(session, _PEOPLE, Officer.id, ids)
        _put(index, codes, court_rows, ids, people_rows)


def _put(
    index: DirectoryIndex,
    codes: set[str],
    court_rows: Iterable[Row[*_Any]],
    ids: set[int],
    people_rows: Iterable[Row[*_Any]],
) -> None:
    """Renew these courts and people; those without a row have gone."""
    courts_now = {row.code: _court(row) for row in court_rows}
    people_now = {row.id: _person(row) for row in people_rows}
    for code in codes - courts_now.keys():
        index.courts.drop(code)
    for officer_id in ids - people_now.keys():
        index.people.drop(officer_id)
    for court in courts_now.values():
        index.courts.put(court)
    for person in people_now.values():
        index.people.put(person)
    index.settle()


async def _trace(session: AsyncSession) -> _Trace:
    change, officer, count = (await session.execute(_TRACE)).one()
    return _Trace(change or 0, officer or 0, count)


async def _people(session: AsyncSession) -> AsyncIterator[Sequence[Row[int, str, str]]]:
    """Everybody who has not left, a page at a time."""
    last = 0
    while True:
        query = _PEOPLE.where(Officer.id > last).order_by(Officer.id).limit(PAGE)
        page = (await session.execute(query)).all()
        if not page:
            return
        yield page
        last = page[-1].id


async def _rows(
    session: AsyncSession,
    query: Select[*_Any],
    column: ColumnElement[Any] | InstrumentedAttribute[Any],
    keys: Collection[object],
) -> list[Row[*_Any]]:
    """The rows with these keys, a page of keys at a time."""
    found: list[Row[*_Any]] = []
    left = iter(keys)
    while some := list(islice(left, PAGE // 4)):
        found += await session.execute(query.where(column.in_(some)))
    return found


def _court(row: Row[*_Any]) -> CourtFacts:
    return CourtFacts(
        code=row.code,
        name=row.name,
        level=row.level,
        province=row.province,
        city=row.city,
        county=row.county,
        kind=row.kind,
        aliases=tuple(aliases.read(alias) for alias in row.aliases),
    )


def _person(row: Row[*_Any]) -> PersonFacts:
    return PersonFacts(row.id, row.name, row.court_code)


def _index_of(rows: Iterable[Row[*_Any]]) -> DirectoryIndex:
    """An index of these courts alone, to be asked once."""
    index = DirectoryIndex()
    for row in rows:
        index.courts.put(_court(row))
    index.settle()
    return index


async def resolve(
    session: AsyncSession,
    words: str,
    *,
    province: str | None = None,
    searcher: Searcher | None = None,
) -> Resolution:
    """What court is meant by `words`: by code at once, else by whatever the search finds.

    One court is the answer only when nothing else is as good and it is named, not merely resembled or
    abbreviated; otherwise those that come into question are choices, `province`, the asker's, first.
    Without a `searcher` (on the command line) an index is made for this one question.
    """
    key = normalise(words)
    if not key:
        return Resolution(None)
    exact = await session.get(Court, key)
    if exact is not None:
        return Resolution(exact)
    if searcher is None:
        index = _index_of(await session.execute(_COURTS))
        found = index.find(words, province=province, limit=MOST_CHOICES)
    else:
        found = await searcher.find(words, province=province, limit=MOST_CHOICES, session=session)
    certain = found.certain
    chosen = [certain] if certain is not None else found.best
    by_code = await courts.many(session, (hit.code for hit in chosen))
    meant = tuple(by_code[hit.code] for hit in chosen if hit.code in by_code)
    if certain is not None and meant:
        return Resolution(meant[0])
    return Resolution(None, meant)
