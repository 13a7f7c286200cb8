"""到岗: asked of the officer on duty at the opening, confirmed with one tap; who is missing is stood in for by B.

On which days and when it is asked is in `rounds`; that B is paged instead follows in `directory.duty`
from `CheckIn.missed_at`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.database import wake
from directory.duty_models import CheckIn
from directory.models import Court, Officer
from directory.roster import Duty, OnDutyOfficer
from directory.texts import Translate
from notifications import handovers, told
from notifications.timekeeper import Soonest
from notifications.told import Reader, Said, Voice, bold, joined, moment

#: How long the officer on duty may take to confirm before B stands in.
PATIENCE = timedelta(minutes=15)

#: So many of those who are missing are told of in one transaction; filings that arrive meanwhile wait for no more.
MOST_AT_ONCE = 50

#: The word before a check-in's number in callback data.
WORD = "checkin"


@dataclass(frozen=True, slots=True)
class _View:
    """A check-in with the names that messages need."""

    row: CheckIn
    court: Court
    name: str


async def ask(
    session: AsyncSession, asked: Sequence[Court], voice: Voice, *, now: datetime
) -> None:
    """Ask whoever is on duty at each court; nobody is asked twice on one day."""
    found = await duty.on_duty(session, asked, now=now, default_timezone=voice.desk.timezone)
    for court in asked:
        for officer in found[court.code].reachable("A"):
            await _ask(session, court, officer, found[court.code], voice, now)


async def _ask(
    session: AsyncSession,
    court: Court,
    officer: OnDutyOfficer,
    today: Duty,
    voice: Voice,
    now: datetime,
) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    mine = (
        CheckIn.court_code == court.code,
        CheckIn.day == today.day,
        CheckIn.officer_id == officer.officer_id,
    )
    written = await session.execute(
        dialect.insert(CheckIn)
        .values(
            court_code=court.code, day=today.day, officer_id=officer.officer_id,
            asked_at=now, due_at=now + PATIENCE,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    if not isinstance(written, CursorResult) or written.rowcount != 1:
        return
    row = (await session.scalars(select(CheckIn).where(*mine))).one()
    view = _View(row, court, officer.name)
    kept = await told.tell(
        session,
        told.person("officer", officer, voice.desk),
        lambda _role, _: _question(view, _, voice, now),
        voice,
        now=now,
    )
    row.message = kept[0]["row"] if kept else None
    await session.flush()
    wake(session, "timed")


async def confirm(
    session: AsyncSession, check_in_id: int, officer_id: int | None, voice: Voice, *, now: datetime
) -> str:
    """到岗, by the officer asked, on the same day; a late one puts the officer back on duty.

    Returns:
        `confirmed`, `late`, `already`, `over`, `not_you`, or `unknown`.
    """
    row: CheckIn | None = await session.scalar(
        select(CheckIn)
        .where(CheckIn.id == check_in_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        return "unknown"
    if officer_id is None or officer_id != row.officer_id:
        return "not_you"
    court = await courts.get(session, row.court_code)
    if row.confirmed_at is not None:
        return "already"
    if duty.local_day(court, now, voice.desk.timezone) != row.day:
        return "over"
    late = row.missed_at is not None
    confirmed = await session.execute(
        update(CheckIn)
        .where(CheckIn.id == row.id, CheckIn.confirmed_at.is_(None))
        .values(confirmed_at=now, missed_at=None, due_at=None)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(confirmed, CursorResult) or confirmed.rowcount != 1:
        return "already"
    await session.refresh(row)
    view = await _view(session, row)
    await _follow(session, view, voice, now)
    if late:
        readers = await _concerned(session, court, voice, now, stand_in=True)
        await told.tell(session, readers, lambda _role, _: _back(view, _), voice, now=now)
    wake(session, "timed")
    return "late" if late else "confirmed"


#: When the next officer counts as absent.
earliest_missed = Soonest(select(func.min(CheckIn.due_at)))


async def report_missed(session: AsyncSession, now: datetime, voice: Voice) -> None:
    """Count everybody who did not confirm in time as absent today; leader and B are told.

    At most `MOST_AT_ONCE` at a time, the longest due first: what is left is still due.
    """
    due = await session.scalars(
        select(CheckIn)
        .where(CheckIn.due_at <= now)
        .order_by(CheckIn.due_at, CheckIn.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    missed: list[CheckIn] = []
    for row in list(due):
        row.due_at = None
        if row.confirmed_at is None:
            row.missed_at = now
            missed.append(row)
    await session.flush()
    for row in missed:
        view = await _view(session, row)
        await _follow(session, view, voice, now)
        duties = await duty.on_duty(
            session, [view.court], now=now, default_timezone=voice.desk.timezone
        )
        # Where another holder of the post is at the desk, nobody has to stand in.
        alone = not duties[view.court.code].reachable("A")
        readers = await _concerned(session, view.court, voice, now, stand_in=alone)
        await told.tell(
            session,
            readers,
            lambda role, _, view=view, alone=alone: _missing(view, role, _, alone=alone),  # type: ignore[misc]
            voice,
            now=now,
        )


async def _concerned(
    session: AsyncSession, court: Court, voice: Voice, now: datetime, *, stand_in: bool
) -> list[Reader]:
    """The leaders and, where somebody has to stand in, post B."""
    readers = await handovers.leaders(session, court, voice, now)
    if stand_in:
        found = await duty.on_duty(session, [court], now=now, default_timezone=voice.desk.timezone)
        known = {reader.officer_id for reader in readers}
        readers += [
            reader
            for one in found[court.code].of("B")
            for reader in told.person("B", one, voice.desk)
            if reader.officer_id not in known
        ]
    return readers


async def _view(session: AsyncSession, row: CheckIn) -> _View:
    court = await courts.get(session, row.court_code)
    officer = await session.get_one(Officer, row.officer_id)
    return _View(row, court, officer.name)


async def _follow(session: AsyncSession, view: _View, voice: Voice, now: datetime) -> None:
    """The officer's own message says how it stands."""
    if view.row.message is None:
        return
    officer = await session.get_one(Officer, view.row.officer_id)
    message: dict[str, Any] = {
        "role": "officer",
        "row": view.row.message,
        "locale": officer.language or voice.desk.locale,
    }
    await told.follow(
        session, [message], lambda _role, _: _question(view, _, voice, now), voice, now=now
    )


def _question(view: _View, translate: Translate, voice: Voice, now: datetime) -> Said:
    """What the officer on duty sees: the question, and later how it was answered."""
    _ = translate
    row, court = view.row, view.court
    lines = [bold(_("【到岗】{court}", court=court.name))]
    button = [[{"text": str(_("到岗")), "data": f"{WORD}:{row.id}:-:ok"}]]
    if row.confirmed_at is not None:
        time = moment(_, row.confirmed_at, court, voice, now)
        return Said(joined([*lines, _("✅ {time} 已到岗", time=time)]))
    if row.missed_at is not None:
        lines.append(_("未按时到岗，今日由B岗替班。到岗后请按“到岗”，恢复由您值班。"))
        return Said(joined(lines), button)
    until = moment(_, row.asked_at + PATIENCE, court, voice, now)
    lines.append(_("今日由您值班，请于 {time} 前按“到岗”；逾期未按，由B岗替班。", time=until))
    return Said(joined(lines), button)


def _missing(view: _View, role: str, translate: Translate, *, alone: bool) -> Said:
    """What leader and B are told of who is not there."""
    _ = translate
    data = {"court": view.court.name, "name": view.name}
    lines = [_("⚠️ {court}：{name}（A岗）未按时到岗。", **data)]
    if alone and role == "B":
        lines.append(_("今日由您替班：新的立案将先呼叫您。"))
    elif alone:
        lines.append(_("今日由B岗替班：新的立案将先呼叫B岗。"))
    else:
        lines.append(_("其他A岗人员照常值班。"))
    return Said(joined(lines))


def _back(view: _View, translate: Translate) -> Said:
    """That who was missing is there now."""
    _ = translate
    return Said(
        _("✅ {court}：{name}（A岗）已到岗，恢复值班。", court=view.court.name, name=view.name)
    )
