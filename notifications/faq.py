"""The published list (常见问题): entries written, withdrawn, read a page at a time, said to have helped. Finding is `faq_search`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import wake
from directory.texts import ENGLISH
from notifications.faq_samples import SAMPLES
from notifications.faq_search import TOPIC
from notifications.question_models import FaqEntry, FaqVote

Order = Literal["useful", "newest"]

#: Who published the samples.
SAMPLE_WRITER = "示例"


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list."""

    entries: Sequence[FaqEntry]
    #: Pages are counted from 0.
    number: int
    pages: int
    #: How many entries there are in all.
    count: int


def said(entry: FaqEntry, locale: str) -> tuple[str, str]:
    """Question and answer as a reader of this language is shown them: English where there is some."""
    if locale == ENGLISH and entry.question_en and entry.answer_en:
        return entry.question_en, entry.answer_en
    return entry.question, entry.answer


async def publish(
    session: AsyncSession,
    question: str,
    answer: str,
    *,
    province: str | None,
    by: str,
    now: datetime,
) -> FaqEntry:
    """Write an entry; every process finds it with its next question."""
    entry = FaqEntry(
        question=question, answer=answer, province=province, published_by=by[:128], published_at=now
    )
    session.add(entry)
    await session.flush()
    wake(session, TOPIC)
    return entry


async def publish_samples(session: AsyncSession, *, now: datetime) -> int:
    """Write what ships with the demo, marked as samples; how many there are."""
    session.add_all(
        FaqEntry(
            question=one.question,
            answer=one.answer,
            question_en=one.question_en,
            answer_en=one.answer_en,
            sample=True,
            published_by=SAMPLE_WRITER,
            published_at=now,
        )
        for one in SAMPLES
    )
    await session.flush()
    wake(session, TOPIC)
    return len(SAMPLES)


async def get(session: AsyncSession, entry_id: int) -> FaqEntry | None:
    """The entry while it is on the list."""
    entry: FaqEntry | None = await session.scalar(
        select(FaqEntry).where(FaqEntry.id == entry_id, FaqEntry.withdrawn_at.is_(None))
    )
    return entry


async def many(session: AsyncSession, ids: Sequence[int]) -> list[FaqEntry]:
    """Those of the entries that are on the list, in the order of `ids`."""
    found = await session.scalars(
        select(FaqEntry).where(FaqEntry.id.in_(ids), FaqEntry.withdrawn_at.is_(None))
    )
    by_id = {entry.id: entry for entry in found}
    return [by_id[entry_id] for entry_id in ids if entry_id in by_id]


async def withdraw(session: AsyncSession, entry: FaqEntry, *, now: datetime) -> bool:
    """Take an entry off the list; False when somebody just did."""
    done = await session.execute(
        update(FaqEntry)
        .where(FaqEntry.id == entry.id, FaqEntry.withdrawn_at.is_(None))
        .values(withdrawn_at=now, revision=FaqEntry.revision + 1)
        .execution_options(synchronize_session=False)
    )
    wake(session, TOPIC)
    return isinstance(done, CursorResult) and done.rowcount == 1


async def helped(session: AsyncSession, entry_id: int, officer_id: int) -> bool:
    """Note that an entry helped somebody; False when that person said so before."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(FaqVote).values(entry_id=entry_id, officer_id=officer_id)
    done = await session.execute(statement.on_conflict_do_nothing())
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        return False
    await session.execute(
        update(FaqEntry).where(FaqEntry.id == entry_id).values(helpful=FaqEntry.helpful + 1)
    )
    return True


async def page(session: AsyncSession, number: int, *, order: Order, size: int) -> Page:
    """A page of the list; a number past the last gives the last."""
    listed = FaqEntry.withdrawn_at.is_(None)
    count = await session.scalar(select(func.count()).select_from(FaqEntry).where(listed)) or 0
    pages = max(1, -(-count // size))
    number = min(max(number, 0), pages - 1)
    first = (FaqEntry.helpful.desc(),) if order == "useful" else ()
    found = await session.scalars(
        select(FaqEntry)
        .where(listed)
        .order_by(*first, FaqEntry.published_at.desc(), FaqEntry.id)
        .offset(number * size)
        .limit(size)
    )
    return Page(found.all(), number, pages, count)
