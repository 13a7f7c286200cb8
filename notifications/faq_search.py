"""The published questions of one process: read into the index, kept fresh, asked. The index itself is `faq_index`.

Fresh as the directory's search is: whatever was committed is found by the next question that brings its session.
"""

import asyncio
from collections.abc import Sequence

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import Database
from directory.outages import is_outage
from notifications.faq_index import SIMILAR, FaqFacts, FaqHit, FaqIndex
from notifications.question_models import FaqEntry

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: A commit that changes the list announces this topic.
TOPIC = "faq"

#: The pause (seconds) after the database could not be reached.
OUTAGE_PAUSE = 5.0
#: So many rows are read at once, and so many put into the index before others may run.
PAGE, SLICE = 500, 25

#: (entries, the sum of their revisions, the newest): differs after every change.
_Trace = tuple[int, int, int]

_LISTED = FaqEntry.withdrawn_at.is_(None)
_TRACE = select(func.count(), func.sum(FaqEntry.revision), func.max(FaqEntry.id)).where(_LISTED)


class FaqSearcher:
    """One a process. `run` keeps it fresh while the product runs; each question makes sure of it besides."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._index = FaqIndex()
        self._revisions: dict[int, int] = {}
        self._trace: _Trace = (0, 0, 0)
        self._renewing = asyncio.Lock()

    async def run(self) -> None:
        """Renew the index after each change, until cancelled."""
        wake = self._database.wakeups.event(TOPIC)
        while True:
            try:
                async with self._database.reading() as session:
                    await self.refresh(session)
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("faq_waits_for_the_database")
                await asyncio.sleep(OUTAGE_PAUSE)
                continue
            await wake.wait()
            wake.clear()

    async def find(
        self,
        session: AsyncSession,
        words: str,
        *,
        province: str | None = None,
        limit: int = 3,
        at_least: float = SIMILAR,
    ) -> list[FaqHit]:
        """The published questions that `words` may be about, best first, as `FaqIndex.find` says."""
        await self.refresh(session)
        return self._index.find(words, province=province, limit=limit, at_least=at_least)

    async def refresh(self, session: AsyncSession) -> None:
        """Bring the index up to what the session sees."""
        async with self._renewing:
            trace = await _trace(session)
            if trace == self._trace:
                return
            rows = await session.execute(select(FaqEntry.id, FaqEntry.revision).where(_LISTED))
            now = {row.id: row.revision for row in rows}
            changed = [n for n, revision in now.items() if self._revisions.get(n) != revision]
            for gone in self._revisions.keys() - now.keys():
                self._index.drop(gone)
            await self._put(session, changed)
            self._index.settle()
            self._revisions, self._trace = now, trace

    async def _put(self, session: AsyncSession, ids: Sequence[int]) -> None:
        for start in range(0, len(ids), PAGE):
            page = ids[start : start + PAGE]
            rows = await session.execute(
                select(
                    FaqEntry.id,
                    FaqEntry.question,
                    FaqEntry.question_en,
                    FaqEntry.answer,
                    FaqEntry.answer_en,
                    FaqEntry.province,
                    FaqEntry.helpful,
                ).where(FaqEntry.id.in_(page))
            )
            for number, row in enumerate(rows):
                questions = tuple(filter(None, (row.question, row.question_en)))
                answers = tuple(filter(None, (row.answer, row.answer_en)))
                facts = FaqFacts(row.id, questions, answers, row.province, row.helpful)
                self._index.put(facts)
                if number % SLICE == 0:
                    await asyncio.sleep(0)


async def _trace(session: AsyncSession) -> _Trace:
    count, revisions, newest = (await session.execute(_TRACE)).one()
    return count, revisions or 0, newest or 0
