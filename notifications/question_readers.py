"""Who answers a province's questions: appointed officers, its coordinators, the nation's; appointing. The order is `question_ladder`'s."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from directory import courts, duty, officers
from directory.court_codes import SUPREME
from directory.duty import HIGH, local_day
from directory.models import Court, DirectoryRecord, Officer, OfficerPost
from directory.roster import COORDINATOR, OnDutyOfficer
from directory.worktime import WorkCalendar
from notifications.question_ladder import Stage
from notifications.question_models import QuestionAnswerer

#: So many officers may be appointed in one province: a question is sent to all of them.
MOST_APPOINTED = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """Who can be asked about a question now, and by which working hours."""

    by_stage: Mapping[Stage, Mapping[int, OnDutyOfficer]]
    calendar: WorkCalendar

    def person(self, officer_id: int | None) -> OnDutyOfficer | None:
        """Whoever of them has this number."""
        found = (people.get(officer_id or 0) for people in self.by_stage.values())
        return next((one for one in found if one is not None), None)


async def desk(
    session: AsyncSession, court: Court, asker_id: int, *, default_timezone: str, now: datetime
) -> Desk:
    """Whom the chat reaches today for a question from `court`; the asker is asked nothing."""
    high = court
    by_stage: dict[Stage, dict[int, OnDutyOfficer]] = {"answerers": {}, "coordinator": {}}
    if court.code != SUPREME:
        own = select(Court).where(Court.level == HIGH, Court.province == court.province)
        high = await session.scalar(own.order_by(Court.code).limit(1)) or court
        found = await duty.on_duty(session, [high], now=now, default_timezone=default_timezone)
        by_stage["coordinator"] = {
            one.officer_id: one for one in found[high.code].reachable(COORDINATOR)
        }
        by_stage["answerers"] = await _reachable(
            session, await appointed(session, court.province), default_timezone, now
        )
    by_stage["nation"] = await of_the_nation(session, default_timezone, now=now)
    for people in by_stage.values():
        people.pop(asker_id, None)
    return Desk(by_stage, courts.calendar_of(high, default_timezone))


async def of_the_nation(
    session: AsyncSession, default_timezone: str, *, now: datetime
) -> dict[int, OnDutyOfficer]:
    """The coordinators of the Supreme People's Court whom the chat reaches, by officer."""
    rows = await session.scalars(
        select(OfficerPost.officer_id)
        .join(Officer, Officer.id == OfficerPost.officer_id)
        .where(Officer.court_code == SUPREME, OfficerPost.post == COORDINATOR)
    )
    wanted = dict.fromkeys(rows, "")
    return await _reachable(session, wanted, default_timezone, now, post=COORDINATOR)


async def _reachable(
    session: AsyncSession,
    wanted: Mapping[int, str],
    default_timezone: str,
    now: datetime,
    *,
    post: str | None = None,
) -> dict[int, OnDutyOfficer]:
    """Those who hold a post today (`post`, or any), are still of the province they stand for, and can be reached."""
    if not wanted:
        return {}
    people = await duty.people(session, wanted, now=now, default_timezone=default_timezone)
    known = await session.scalars(
        select(Officer)
        .options(joinedload(Officer.court), selectinload(Officer.posts))
        .where(Officer.id.in_(wanted), Officer.left_at.is_(None))
        .order_by(Officer.id)
    )
    found: dict[int, OnDutyOfficer] = {}
    for officer in known:
        held = officers.posts_on(officer, local_day(officer.court, now, default_timezone))
        standing = post in held if post is not None else bool(held)
        moved = wanted[officer.id] not in {"", officer.court.province}
        one = people.get(officer.id)
        if standing and not moved and one is not None and one.unreachable is None:
            found[officer.id] = one
    return found


async def appointed(session: AsyncSession, province: str) -> dict[int, str]:
    """The officers whom the province's coordinators appointed, each with the province."""
    rows = await session.scalars(
        select(QuestionAnswerer.officer_id)
        .where(QuestionAnswerer.province == province)
        .order_by(QuestionAnswerer.appointed_at, QuestionAnswerer.officer_id)
    )
    return dict.fromkeys(rows, province)


async def appoint(session: AsyncSession, officer: Officer, *, by: str, now: datetime) -> bool:
    """Have an officer (court loaded) answer the questions of the own province; False when that was so before."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    province = officer.court.province
    statement = dialect.insert(QuestionAnswerer).values(
        province=province, officer_id=officer.id, appointed_by=by[:128], appointed_at=now
    )
    done = await session.execute(statement.on_conflict_do_nothing())
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        return False
    _record(session, province, f"+{officers.subject(officer)}", by, now)
    return True


async def dismiss(
    session: AsyncSession, province: str, officer_id: int, *, by: str, now: datetime
) -> bool:
    """Have an officer answer the province's questions no more; False when that was so before."""
    done = await session.execute(
        delete(QuestionAnswerer).where(
            QuestionAnswerer.province == province, QuestionAnswerer.officer_id == officer_id
        )
    )
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        return False
    officer = await session.get_one(Officer, officer_id)
    _record(session, province, f"-{officers.subject(officer)}", by, now)
    return True


def _record(session: AsyncSession, province: str, detail: str, by: str, now: datetime) -> None:
    session.add(
        DirectoryRecord(
            at=now, who=by, kind="rules", subject=province, detail=f"answerers: {detail}"
        )
    )
