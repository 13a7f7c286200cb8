"""The weekly and monthly bulletin of each province, offered to its coordinators when the period is over. Publishes nothing."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import duty
from directory.models import Court
from notifications import bulletin_facts, bulletins, outbox
from notifications.bulletin_figures import Period
from notifications.bulletin_models import Bulletin
from notifications.desk import DeskRules
from notifications.models import Filing


async def weekly(session: AsyncSession, now: datetime, desk: DeskRules) -> None:
    """Offer last week's, Monday to Sunday."""
    today = now.astimezone(ZoneInfo(desk.timezone)).date()
    monday = today - timedelta(days=today.weekday())
    await offer(session, Period(monday - timedelta(days=7), monday - timedelta(days=1)), desk, now)


async def monthly(session: AsyncSession, now: datetime, desk: DeskRules) -> None:
    """Offer last month's."""
    today = now.astimezone(ZoneInfo(desk.timezone)).date()
    last = today.replace(day=1) - timedelta(days=1)
    await offer(session, Period(last.replace(day=1), last), desk, now)


async def offer(session: AsyncSession, period: Period, desk: DeskRules, now: datetime) -> None:
    """A draft to every coordinator whose province had a filing and has not published these days; the nation's too."""
    provinces = await _with_filings(session, period, desk)
    if not provinces:
        return
    published = set(
        await session.scalars(
            select(Bulletin.province).where(
                Bulletin.first_day == period.first, Bulletin.last_day == period.last
            )
        )
    )
    high = list(
        await session.scalars(
            select(Court).where(Court.level.in_(["high", "supreme"])).order_by(Court.code)
        )
    )
    wanted = {
        court.code: None if court.level == "supreme" else court.province
        for court in high
        if court.level == "supreme" or court.province in provinces
    }
    chosen = [c for c in high if c.code in wanted and wanted[c.code] not in published]
    duties = await duty.on_duty(session, chosen, now=now, default_timezone=desk.timezone)
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    await outbox.write(
        session,
        [
            outbox.row(
                bulletins.DRAFT,
                person.telegram_id,
                {"province": wanted[court.code], "layout": "states", **days},
                priority=outbox.LATER,
                now=now,
                officer_id=person.officer_id,
                dedupe_key=f"{bulletins.DRAFT}:{days['first']}:{days['last']}:{person.officer_id}",
            )
            for court in chosen
            for person in duties[court.code].to_tell("coordinator")
            if person.telegram_id is not None and person.reads_chat
        ],
    )


async def _with_filings(session: AsyncSession, period: Period, desk: DeskRules) -> set[str]:
    """The provinces on either side of the period's filings."""
    since, until = bulletin_facts.bounds(period, desk.timezone)
    found: set[str] = set()
    for side in (Filing.jurisdiction_court, Filing.collaborating_court):
        found |= set(
            await session.scalars(
                select(Court.province)
                .where(
                    Court.code.in_(
                        select(side).where(
                            Filing.received_at >= since,
                            Filing.received_at < until,
                            Filing.drill.is_(False),
                        )
                    )
                )
                .distinct()
            )
        )
    return found
