"""Who gets the lists of what is missing, of notices and forms alike: each province's coordinators, and whoever wrote it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import duty
from directory.models import Court
from directory.roster import OnDutyOfficer
from notifications import outbox
from notifications.desk import DeskRules


@dataclass(frozen=True, slots=True)
class Writer:
    """Who sent something, and the province whose it is (None: the nation's)."""

    officer_id: int | None
    province: str | None


async def write(
    session: AsyncSession,
    kinds: Sequence[str],
    facts: Mapping[str, Any],
    missing: Select[str],
    writer: Writer,
    desk: DeskRules,
    *,
    now: datetime,
) -> None:
    """Write messages of these kinds to coordinators: of their own province each, the whole to the writer.

    `missing` selects the provinces in which something is; `facts` are the payload, and get the reader's `province`.
    """
    rows: list[outbox.Row] = []
    for person, province in (await _readers(session, missing, writer, desk, now)).values():
        if person.telegram_id is None or not person.reads_chat:
            continue
        payload = {**facts, "province": province}
        rows += [
            outbox.row(
                kind, person.telegram_id, payload, priority=outbox.LATER, now=now,
                officer_id=person.officer_id,
            )
            for kind in kinds
        ]  # fmt: skip
    await outbox.write(session, rows)


async def _readers(
    session: AsyncSession,
    missing: Select[str],
    writer: Writer,
    desk: DeskRules,
    now: datetime,
) -> dict[int, tuple[OnDutyOfficer, str | None]]:
    high = list(
        await session.scalars(
            select(Court).where(Court.level == duty.HIGH, Court.province.in_(missing))
        )
    )
    duties = await duty.on_duty(session, high, now=now, default_timezone=desk.timezone)
    readers: dict[int, tuple[OnDutyOfficer, str | None]] = {}
    for court in high:
        for person in duties[court.code].to_tell("coordinator"):
            readers[person.officer_id] = person, court.province
    if writer.officer_id is not None:
        writers = await duty.people(session, [writer.officer_id], now=now)
        readers |= {number: (person, writer.province) for number, person in writers.items()}
    return readers
