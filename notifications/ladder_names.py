"""Holds a ladder file against the directory: provinces and courts that it names and nobody knows."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.models import Court
from notifications.ladder import LadderBook
from notifications.ladder_faults import LadderFault


async def unknown(session: AsyncSession, book: LadderBook) -> tuple[LadderFault, ...]:
    """A fault for each table that would never hold; nothing is asked for a file without such tables."""
    if not (book.provinces or book.courts or book.pairs):
        return ()
    provinces = await session.scalars(select(Court.province).distinct())
    known = await courts.many(session, book.named())
    return book.unknown(set(provinces), set(known))
