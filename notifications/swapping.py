"""换班 from the wish to the changed roster: asked, answered, approved, taken back, lapsed. Rules: `directory.swaps`."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty, shifts, swaps
from directory.database import wake
from directory.duty_models import Leave, Swap
from directory.models import Court, Officer
from directory.roster import OnDutyOfficer
from directory.swaps import Kept, Moved
from directory.worktime import spans
from notifications import handovers, swap_words, told
from notifications.permissions import Actor
from notifications.swap_words import SwapView
from notifications.timekeeper import Soonest
from notifications.told import Reader, Voice


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of a court, both ends inclusive."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Wish:
    """What the officer on duty asks for. With `back`, the two change places; without, the colleague stands in."""

    court: Court
    post: str
    days: Period
    colleague_id: int
    back: Period | None = None


async def ask(
    session: AsyncSession, wish: Wish, asker: Actor, row: int, voice: Voice, *, now: datetime
) -> Swap | str:
    """Ask the colleague; the asker's own message is outgoing message `row`.

    Returns:
        The swap, or why nobody is asked: `unlinked`, `blocked`, `left`, `on_leave`, `asked_already`,
        `nobody_approves`, `shift_over`.
    """
    # Of two who ask for the same days at once one is first.
    await session.execute(select(Court.code).where(Court.code == wish.court.code).with_for_update())
    people = await duty.people(session, [wish.colleague_id, asker.officer_id or 0], now=now)
    colleague, mine = people.get(wish.colleague_id), people.get(asker.officer_id or 0)
    if colleague is None or mine is None:
        return "left"
    if (reason := await _cannot_ask(session, wish, colleague, voice, now)) is not None:
        return reason
    swap = Swap(
        court_code=wish.court.code,
        post=wish.post,
        first_day=wish.days.first,
        last_day=wish.days.last,
        from_officer_id=mine.officer_id,
        to_officer_id=colleague.officer_id,
        back_first_day=wish.back.first if wish.back else None,
        back_last_day=wish.back.last if wish.back else None,
        state="asked",
        asked_at=now,
        expires_at=_lapses(wish.court, wish.days, voice, now),
        nonce=secrets.token_urlsafe(6),
        messages=[],
    )
    session.add(swap)
    await session.flush()
    locale = mine.language or voice.desk.locale
    swap.messages = [
        {"role": "asker", "row": row, "locale": locale, "officer": mine.officer_id},
        *await _tell(session, swap, told.person("colleague", colleague, voice.desk), voice, now),
    ]
    await _follow(session, swap, voice, now)
    wake(session, "timed")
    return swap


async def _cannot_ask(
    session: AsyncSession, wish: Wish, colleague: OnDutyOfficer, voice: Voice, now: datetime
) -> str | None:
    if colleague.unreachable is not None and colleague.unreachable != "absent":
        return colleague.unreachable
    if ends(wish.court, wish.days.last, voice) <= now:
        return "shift_over"
    if await _is_away(session, colleague.officer_id, wish.days):
        return "on_leave"
    open_ones = await session.scalar(
        select(func.count())
        .select_from(Swap)
        .where(
            Swap.court_code == wish.court.code,
            Swap.post == wish.post,
            Swap.state.in_(swaps.OPEN),
            Swap.first_day <= wish.days.last,
            Swap.last_day >= wish.days.first,
        )
    )
    if open_ones:
        return "asked_already"
    return None if await handovers.leaders(session, wish.court, voice, now) else "nobody_approves"


async def _is_away(session: AsyncSession, officer_id: int, days: Period) -> bool:
    away = await session.scalar(
        select(Leave.id)
        .where(
            Leave.officer_id == officer_id,
            Leave.first_day <= days.last,
            Leave.last_day >= days.first,
            Leave.cancelled_at.is_(None),
        )
        .limit(1)
    )
    return away is not None


async def act(
    session: AsyncSession,
    swap_id: int,
    action: swaps.Action,
    actor: Actor,
    voice: Voice,
    *,
    now: datetime,
) -> Moved | Kept:
    """Do what somebody's button says, if they may and it is not too late; everybody sees it.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such swap.
    """
    swap = await _hold(session, swap_id)
    court = await courts.get(session, swap.court_code)
    ruling = swaps.rule(cast("swaps.State", swap.state), action, _roles(swap, court, actor))
    if isinstance(ruling, Kept):
        return ruling
    if swap.expires_at is not None and swap.expires_at <= now:
        return Kept("over")
    if action == "approve" and not await _can_stand(session, swap, now):
        return Kept("colleague_gone")
    if action == "cancel" and ends(court, swap.last_day, voice) <= now:
        return Kept("over")
    if not await _move(session, swap, ruling.state, actor.who, voice, now):
        return Kept("over")
    if ruling.state == "approved":
        await _change_roster(session, swap, actor, voice, now)
    elif ruling.state == "cancelled":
        await _restore_roster(session, swap, court, actor, voice, now)
    await _announce(session, swap, court, voice, now)
    return ruling


def _roles(swap: Swap, court: Court, actor: Actor) -> set[swaps.Role]:
    roles: set[swaps.Role] = set()
    if actor.officer_id is None or not actor.posts:
        return roles
    if actor.officer_id == swap.from_officer_id:
        roles.add("asker")
    if actor.officer_id == swap.to_officer_id:
        roles.add("colleague")
    of_court = actor.court == court.code and "leader" in actor.posts
    if of_court or ("coordinator" in actor.posts and actor.province == court.province):
        roles.add("leader")
    return roles


async def _hold(session: AsyncSession, swap_id: int) -> Swap:
    statement = select(Swap).where(Swap.id == swap_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one()


async def _move(
    session: AsyncSession,
    swap: Swap,
    state: swaps.State,
    who: str,
    voice: Voice,
    now: datetime,
) -> bool:
    """Move on, if nobody moved it meanwhile: of two who press at once one is first."""
    court = await courts.get(session, swap.court_code)
    values: dict[str, object] = {"state": state, "expires_at": None}
    if state == "accepted":
        days = Period(swap.first_day, swap.last_day)
        values |= {"accepted_at": now, "expires_at": _lapses(court, days, voice, now)}
    else:
        values |= {"decided_at": now, "decided_by": who}
    moved = await session.execute(
        update(Swap)
        .where(Swap.id == swap.id, Swap.state == swap.state)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(moved, CursorResult) or moved.rowcount != 1:
        return False
    await session.refresh(swap)
    wake(session, "timed")
    return True


async def _can_stand(session: AsyncSession, swap: Swap, now: datetime) -> bool:
    """Whether those who would stand there are still of this court."""
    wanted = [swap.to_officer_id]
    if swap.back_first_day is not None:
        wanted.append(swap.from_officer_id)
    people = await duty.people(session, wanted, now=now)
    return all(
        officer_id in people
        and people[officer_id].unreachable != "left"
        and people[officer_id].court_code == swap.court_code
        for officer_id in wanted
    )


async def _change_roster(
    session: AsyncSession, swap: Swap, actor: Actor, voice: Voice, now: datetime
) -> None:
    court = await courts.get(session, swap.court_code)
    made = [
        await shifts.assign(
            session, swap.court_code, swap.post, swap.to_officer_id, swap.first_day, swap.last_day,
            source="swap", by=actor.who, now=now,
        )
    ]  # fmt: skip
    if swap.back_first_day is not None and swap.back_last_day is not None:
        made.append(
            await shifts.assign(
                session, swap.court_code, swap.post, swap.from_officer_id,
                swap.back_first_day, swap.back_last_day, source="swap", by=actor.who, now=now,
            )
        )  # fmt: skip
    swap.shift_ids = [shift.id for shift in made]
    if _runs(swap, court, voice, now):
        await handovers.hand_over(
            session, court, swap.post, swap.from_officer_id, swap.to_officer_id, voice, now=now
        )


async def _restore_roster(
    session: AsyncSession, swap: Swap, court: Court, actor: Actor, voice: Voice, now: datetime
) -> None:
    for shift_id in swap.shift_ids:
        await shifts.cancel(session, shift_id, by=actor.who, now=now)
    if _runs(swap, court, voice, now):
        await handovers.hand_over(
            session, court, swap.post, swap.to_officer_id, swap.from_officer_id, voice, now=now
        )


def _runs(swap: Swap, court: Court, voice: Voice, now: datetime) -> bool:
    """Whether the duty changes hands now, not at the next handover."""
    today = duty.local_day(court, now, voice.desk.timezone)
    opened = spans(courts.calendar_of(court, voice.desk.timezone), today)
    return swap.first_day <= today <= swap.last_day and bool(opened) and opened[0].start <= now


async def _announce(
    session: AsyncSession, swap: Swap, court: Court, voice: Voice, now: datetime
) -> None:
    """Every message about it follows; who waited for this step is told by a message of their own."""
    if swap.state == "accepted":
        readers = [*await handovers.leaders(session, court, voice, now)]
        swap.messages = [*swap.messages, *await _tell(session, swap, readers, voice, now)]
    elif swap.state == "approved":
        readers = told.group(court, voice.desk)
        swap.messages = [*swap.messages, *await _tell(session, swap, readers, voice, now)]
    await _follow(session, swap, voice, now)
    told_anew = {
        "accepted": (swap.from_officer_id,),
        "refused": (swap.from_officer_id,),
        "withdrawn": (swap.to_officer_id,),
    }.get(swap.state, (swap.from_officer_id, swap.to_officer_id))
    people = await duty.people(session, told_anew, now=now)
    readers = [r for someone in people.values() for r in told.person("news", someone, voice.desk)]
    await _tell(session, swap, readers, voice, now)
    await session.flush()


#: When the next step lapses.
earliest_lapse = Soonest(select(func.min(Swap.expires_at)))


async def lapse(session: AsyncSession, now: datetime, voice: Voice) -> None:
    """End every swap whose step waited too long; both sides are told."""
    due = await session.scalars(
        select(Swap)
        .where(Swap.expires_at <= now)
        .order_by(Swap.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    for swap in list(due):
        ruling = swaps.rule(cast("swaps.State", swap.state), "expire", {"time"})
        if not isinstance(ruling, Moved):
            swap.expires_at = None
        elif await _move(session, swap, ruling.state, "system", voice, now):
            court = await courts.get(session, swap.court_code)
            await _announce(session, swap, court, voice, now)
    await session.flush()


def ends(court: Court, last: date, voice: Voice) -> datetime:
    """When a shift ends: the last closing of its last day, or that day's end where none opens."""
    return _bounds(court, last, voice)[1]


def _lapses(court: Court, days: Period, voice: Voice, now: datetime) -> datetime:
    begins = _bounds(court, days.first, voice)[0]
    return swaps.lapses_at(now, begins, ends(court, days.last, voice))


def _bounds(court: Court, when: date, voice: Voice) -> tuple[datetime, datetime]:
    """The first opening and the last closing of a local day; of a day off, its midnights."""
    calendar = courts.calendar_of(court, voice.desk.timezone)
    opened = spans(calendar, when)
    if opened:
        return opened[0].start, opened[-1].end
    start = datetime.combine(when, datetime.min.time(), calendar.timezone)
    return start, datetime.combine(when, datetime.max.time(), calendar.timezone)


async def _view(session: AsyncSession, swap: Swap, voice: Voice) -> SwapView:
    court = await courts.get(session, swap.court_code)
    asker = await session.get_one(Officer, swap.from_officer_id)
    colleague = await session.get_one(Officer, swap.to_officer_id)
    return SwapView(swap, court, asker.name, colleague.name, ends(court, swap.last_day, voice))


async def _tell(
    session: AsyncSession, swap: Swap, readers: Sequence[Reader], voice: Voice, now: datetime
) -> list[dict[str, object]]:
    view = await _view(session, swap, voice)
    return await told.tell(
        session, readers, lambda role, _: swap_words.say(view, role, _, voice, now), voice, now=now
    )


async def _follow(session: AsyncSession, swap: Swap, voice: Voice, now: datetime) -> None:
    view = await _view(session, swap, voice)
    await told.follow(
        session,
        swap.messages,
        lambda role, _: swap_words.say(view, role, _, voice, now),
        voice,
        now=now,
    )
    await session.flush()
