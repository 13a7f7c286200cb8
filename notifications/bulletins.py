"""Bulletins published: numbered, frozen, told to the group and to the leaders; found again. Words are elsewhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.errors import LiaisonError
from directory.models import Court
from directory.worktime import WorkCalendar
from notifications import bulletin_facts, bulletin_rules, figure_filings, outbox
from notifications.bulletin_figures import Layout, Period, Sheet
from notifications.bulletin_models import Bulletin, BulletinContest
from notifications.bulletin_words import Correction
from notifications.desk import DeskRules
from notifications.figure_filings import Figure
from notifications.models import Filing

#: Kinds of outgoing messages: what a leader is told, what a coordinator may publish, the group's picture.
TEXT, DRAFT, PICTURE = "bulletin", "bulletin_draft", "bulletin_picture"
KINDS = frozenset({TEXT, DRAFT, PICTURE})

#: So much later the pictures leave: until then whoever published has drawn them, beside the dispatcher.
DRAWN_WITHIN = timedelta(seconds=2)

#: In the nation's numbers where a province has its own sign.
_NATION = "最高法"


class AlreadyPublished(LiaisonError):
    """该期通报已发布：{number}。数字有误的，请在原通报上更正。"""


class PeriodNotOver(LiaisonError):
    """该期尚未结束，不能发布；可以预览。"""


class NothingToPublish(LiaisonError):
    """该期没有立案，无可通报。"""


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears of a bulletin: of how many courts (of the nation's: provinces) with figures how many people, how many groups."""

    courts: int
    people: int
    groups: int


async def preview(
    session: AsyncSession, province: str | None, period: Period, desk: DeskRules, *, now: datetime
) -> Sheet:
    """What would be published now, by the rules of today."""
    rules = await bulletin_rules.of(session, province)
    return await bulletin_facts.build(session, province, period, rules, desk, now=now)


async def publish(
    session: AsyncSession,
    province: str | None,
    period: Period,
    layout: Layout,
    who: str,
    officer_id: int | None,
    desk: DeskRules,
    *,
    now: datetime,
) -> tuple[Bulletin, Told]:
    """Freeze a bulletin as its figures stand, give it the year's next number, and tell of it.

    Raises:
        PeriodNotOver: its last day is not over.
        AlreadyPublished: this province has one of these very days.
        NothingToPublish: nobody filed anything.
    """
    zone = ZoneInfo(desk.timezone)
    sheet = await _publishable(session, province, period, desk, now)
    rules = await bulletin_rules.of(session, province)
    highest = await _highest(session, province)
    calendar = courts.calendar_of(highest, desk.timezone) if highest is not None else None
    bulletin = Bulletin(
        number=await _number(session, province, highest, now.astimezone(zone).year),
        province=province,
        first_day=period.first,
        last_day=period.last,
        layout=layout,
        figures=sheet.as_json(),
        published_at=now,
        published_by=who,
        published_by_officer_id=officer_id,
        contest_until=contest_until(now, rules.contest_days, calendar, zone),
    )
    session.add(bulletin)
    await session.flush()
    return bulletin, await _tell(session, bulletin, sheet, desk, now)


async def _publishable(
    session: AsyncSession, province: str | None, period: Period, desk: DeskRules, now: datetime
) -> Sheet:
    if period.last >= now.astimezone(ZoneInfo(desk.timezone)).date():
        raise PeriodNotOver
    if (earlier := await published(session, province, period)) is not None:
        raise AlreadyPublished(number=earlier.number)
    sheet = await preview(session, province, period, desk, now=now)
    if not (sheet.total.states.total or sheet.total.sent):
        raise NothingToPublish
    return sheet


async def published(session: AsyncSession, province: str | None, period: Period) -> Bulletin | None:
    """What a province (None: the nation) published of these very days."""
    found: Bulletin | None = await session.scalar(
        select(Bulletin).where(
            _of_province(province),
            Bulletin.first_day == period.first,
            Bulletin.last_day == period.last,
        )
    )
    return found


def contest_until(
    published_at: datetime, days: int, calendar: WorkCalendar | None, zone: ZoneInfo
) -> datetime:
    """The end of the last of so many working days after the day of publication."""
    zone = calendar.timezone if calendar is not None else zone
    day = published_at.astimezone(zone).date()
    left = days
    while left:
        day += timedelta(days=1)
        working = calendar.days.is_working_day(day) if calendar is not None else day.weekday() < 5
        left -= int(working)
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone)


def contested_until(bulletin: Bulletin, zone: ZoneInfo) -> str:
    """When contests end, on the reader's clock: `2019-12-20 24:00`, for at 0:00 of a day one would reckon with that day."""
    at = bulletin.contest_until.astimezone(zone)
    if at.hour or at.minute:
        return f"{at:%Y-%m-%d %H:%M}"
    return f"{at.date() - timedelta(days=1)} 24:00"


async def latest(
    session: AsyncSession, province: str | None, most: int, before: Bulletin | None = None
) -> list[Bulletin]:
    """The bulletins that somebody of a province may read (None: everybody's), the newest first; with `before` older ones."""
    at, number = Bulletin.published_at, Bulletin.id
    mine = [] if province is None else [or_(Bulletin.province == province, _of_province(None))]
    if before is not None:
        same = and_(at == before.published_at, number < before.id)
        mine.append(or_(at < before.published_at, same))
    found = select(Bulletin).where(*mine).order_by(at.desc(), number.desc())
    return list(await session.scalars(found.limit(most)))


async def by_number(session: AsyncSession, number: str) -> Bulletin | None:
    """The bulletin that is cited so."""
    found: Bulletin | None = await session.scalar(select(Bulletin).where(Bulletin.number == number))
    return found


def sheet_of(bulletin: Bulletin) -> Sheet:
    """Its figures as they were published."""
    return Sheet.from_json(bulletin.figures)


async def corrections(
    session: AsyncSession, bulletin: Bulletin, desk: DeskRules
) -> list[Correction]:
    """What was corrected since a bulletin was published, in the order of the decisions.

    A filing is corrected wherever it was counted: in the bulletin that was contested, in the month's that
    has its week in it, in the nation's.
    """
    sheet = sheet_of(bulletin)
    since, until = bulletin_facts.bounds(sheet.period, desk.timezone)
    within = [
        Filing.received_at >= since,
        Filing.received_at < until,
        Filing.drill.is_(False),
        Filing.answer_corrected_at > sheet.as_of,
        # As its index has it.
        or_(Filing.outage_id.is_not(None), Filing.answer_counts_as.is_not(None)),
    ]
    if sheet.province is not None:
        mine = select(Court.code).where(Court.province == sheet.province)
        within.append(Filing.jurisdiction_court.in_(mine))
    found: list[Correction] = []
    kinds: tuple[Figure, ...] = ("late", "overdue")
    for counted_as in kinds:
        wanted = await figure_filings.conditions(session, counted_as, sheet.as_of, within, desk)
        rows = await session.execute(
            select(BulletinContest, Filing, Court.province)
            .join(Filing, Filing.id == BulletinContest.filing_id)
            .join(Court, Court.code == Filing.jurisdiction_court)
            .where(BulletinContest.accepted.is_(True), *within, *wanted)
            .order_by(BulletinContest.decided_at, BulletinContest.id)
        )
        found += [
            Correction(
                province if sheet.province is None else filing.jurisdiction_court,
                filing.reference,
                counted_as,
                filing.answer_counts_as or "",
                contest.reason,
                contest.decision or "",
                contest.decided_by or "",
                contest.decided_at or contest.raised_at,
            )
            for contest, filing, province in rows
        ]
    return sorted({one.reference: one for one in reversed(found)}.values(), key=lambda one: one.at)


def _of_province(province: str | None) -> Any:
    return Bulletin.province.is_(None) if province is None else Bulletin.province == province


async def _highest(session: AsyncSession, province: str | None) -> Court | None:
    """A province's high court; for the nation 最高法."""
    wanted = [Court.level == "supreme"]
    if province is not None:
        wanted = [Court.level == "high", Court.province == province]
    found: Court | None = await session.scalar(
        select(Court).where(*wanted).order_by(Court.code).limit(1)
    )
    return found


async def _number(
    session: AsyncSession, province: str | None, highest: Court | None, year: int
) -> str:
    """`辽跨域通报〔2019〕第3期`: by the sign of the high court, anew each year."""
    sign = _NATION if province is None else highest.code if highest is not None else province
    start = f"{sign}跨域通报〔{year}〕第"
    count = await session.scalar(
        select(func.count()).select_from(Bulletin).where(Bulletin.number.startswith(start))
    )
    return f"{start}{(count or 0) + 1}期"


async def _tell(
    session: AsyncSession, bulletin: Bulletin, sheet: Sheet, desk: DeskRules, now: datetime
) -> Told:
    """The pictures to the high court's group (the nation's: to all of them), a word to each court's leaders."""
    level = ["supreme", "high"] if bulletin.province is None else ["high"]
    of_province = [] if bulletin.province is None else [Court.province == bulletin.province]
    groups = await session.execute(
        select(Court.group_chat_id, func.min(Court.code))
        .where(
            Court.level.in_(level),
            Court.group_chat_id.is_not(None),
            Court.group_unreachable_at.is_(None),
            *of_province,
        )
        .group_by(Court.group_chat_id)
    )
    chats = [(chat_id, code) for chat_id, code in groups if chat_id is not None]
    rows = [
        outbox.row(
            PICTURE,
            chat_id,
            {"bulletin": bulletin.id, "page": page},
            priority=outbox.LATER,
            now=now,
            not_before=now + DRAWN_WITHIN,
            court_code=code,
        )
        for chat_id, code in chats
        for page in range(sheet.pictures)
    ]
    found, to_leaders = await _to_leaders(session, bulletin, sheet, desk, now)
    await outbox.write(session, [*rows, *to_leaders])
    return Told(found, len(to_leaders), len(chats))


async def _to_leaders(
    session: AsyncSession, bulletin: Bulletin, sheet: Sheet, desk: DeskRules, now: datetime
) -> tuple[int, list[outbox.Row]]:
    """Leaders of the courts that have figures, and how many those are; of the nation's the provinces' coordinators."""
    keys = [one.key for one in sheet.lines if one.states.total or one.sent]
    post = "leader" if bulletin.province is not None else "coordinator"
    mine = (
        [Court.code.in_(keys)]
        if bulletin.province is not None
        else [Court.level == "high", Court.province.in_(keys)]
    )
    found = list(await session.scalars(select(Court).where(*mine).order_by(Court.code)))
    duties = await duty.on_duty(session, found, now=now, default_timezone=desk.timezone)
    return len(found), [
        outbox.row(
            TEXT,
            person.telegram_id,
            {
                "bulletin": bulletin.id,
                "key": court.code if bulletin.province is not None else court.province,
            },
            priority=outbox.LATER,
            now=now,
            officer_id=person.officer_id,
        )
        for court in found
        for person in duties[court.code].to_tell(post)
        if person.telegram_id is not None and person.reads_chat
    ]
