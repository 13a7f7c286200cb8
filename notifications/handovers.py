"""交接班: what was done, what waits and what is due goes from one officer on duty to the next, who confirms it.

When the duty changes hands by the calendar is in `rounds`; the words are in `handover_words`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.database import wake
from directory.models import Court, Officer
from directory.roster import OnDutyOfficer
from directory.worktime import spans
from notifications import handover_words, outbox, told
from notifications.handover_words import HandoverView
from notifications.models import Filing, Handover
from notifications.timekeeper import Soonest
from notifications.told import Reader, Voice

#: How long the incoming officer may take to confirm before the leader is told.
PATIENCE = timedelta(minutes=30)

#: Of how long at most a handover tells what was done, where there was none before.
LONGEST_LOOK_BACK = timedelta(days=7)

#: So many unconfirmed ones are told of in one transaction; filings that arrive meanwhile wait for no more.
MOST_AT_ONCE = 50

#: So many open filings follow as cards; `/pending` has them all.
MOST_CARDS = 20

_OPEN = ("waiting", "acknowledged", "correcting")


async def hand_over(
    session: AsyncSession,
    court: Court,
    post: str,
    outgoing_id: int | None,
    incoming_id: int,
    voice: Voice,
    *,
    now: datetime,
) -> Handover | None:
    """Write a handover and give it to the incoming officer, the group and, in cards, the open filings.

    None when these two had one today: then nothing is written a second time.
    """
    people = await duty.people(session, [i for i in (outgoing_id, incoming_id) if i], now=now)
    incoming = people.get(incoming_id)
    if incoming is None:
        return None
    filings = await open_filings(session, court)
    row = await _write(
        session, court, post, outgoing_id, incoming_id,
        await facts(session, court, filings, voice, now=now), voice, now,
    )  # fmt: skip
    if row is None:
        return None
    view = await view_of(session, row)
    readers = [*told.person("incoming", incoming, voice.desk), *told.group(court, voice.desk)]
    row.messages = await told.tell(
        session,
        readers,
        lambda role, _: handover_words.say(view, role, _, voice, now),
        voice,
        now=now,
    )
    if incoming.unreachable in {"unlinked", "blocked", "left"}:
        await _tell_leaders(session, view, incoming.unreachable, voice, now)
    else:
        row.confirm_by = now + PATIENCE
        await _give_cards(session, filings, incoming, now)
        wake(session, "timed")
    await session.flush()
    return row


async def _write(
    session: AsyncSession,
    court: Court,
    post: str,
    outgoing_id: int | None,
    incoming_id: int,
    found: dict[str, Any],
    voice: Voice,
    now: datetime,
) -> Handover | None:
    """The row, once for a day, a post and an incoming officer, whichever instance is first."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    values = {
        "court_code": court.code,
        "post": post,
        "day": duty.local_day(court, now, voice.desk.timezone),
        "outgoing_officer_id": outgoing_id,
        "incoming_officer_id": incoming_id,
        "facts": found,
        "written_at": now,
        "messages": [],
    }
    statement = dialect.insert(Handover).values(values).on_conflict_do_nothing()
    done = await session.execute(statement)
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        return None
    row: Handover | None = await session.scalar(
        select(Handover).where(
            Handover.court_code == court.code,
            Handover.post == post,
            Handover.day == values["day"],
            Handover.incoming_officer_id == incoming_id,
        )
    )
    return row


async def facts(
    session: AsyncSession, court: Court, filings: Sequence[Filing], voice: Voice, *, now: datetime
) -> dict[str, Any]:
    """`done` since the last handover, `pending` now, and of these what is `due` by the end of today."""
    since = await _last_handover(session, court, now)
    done = await session.scalars(
        select(Filing)
        .where(
            Filing.jurisdiction_court == court.code,
            Filing.state == "completed",
            Filing.result_at >= since,
        )
        .order_by(Filing.result_at)
    )
    pending = [
        {"reference": filing.reference, "state": filing.state, "due_at": _due_at(filing)}
        for filing in filings
    ]
    calendar = courts.calendar_of(court, voice.desk.timezone)
    today = spans(calendar, now.astimezone(calendar.timezone).date())
    closing = today[-1].end if today else now
    due = [
        {"reference": item["reference"]}
        for item in pending
        if item["due_at"] and datetime.fromisoformat(item["due_at"]) <= closing
    ]
    return {
        "done": [{"reference": f.reference, "result": f.result} for f in done],
        "pending": pending,
        "due": due,
    }


def _due_at(filing: Filing) -> str | None:
    due = filing.answer_due_at if filing.state == "waiting" else filing.result_due_at
    return due.isoformat() if due is not None else None


async def _last_handover(session: AsyncSession, court: Court, now: datetime) -> datetime:
    last: datetime | None = await session.scalar(
        select(func.max(Handover.written_at)).where(Handover.court_code == court.code)
    )
    earliest = now - LONGEST_LOOK_BACK
    return max(last, earliest) if last is not None else earliest


async def open_filings(session: AsyncSession, court: Court) -> list[Filing]:
    """What waits at this court: its own open filings, and those it filed that wait for its supplement."""
    mine = and_(
        Filing.jurisdiction_court == court.code,
        Filing.state.in_(_OPEN),
        # A newcomer's practice is handed over to nobody.
        Filing.trainee_id.is_(None),
    )
    filed = and_(Filing.collaborating_court == court.code, Filing.state == "correcting")
    found = await session.scalars(
        select(Filing).where(or_(mine, filed)).order_by(Filing.answer_due_at, Filing.id)
    )
    return list(found)


async def _give_cards(
    session: AsyncSession, filings: Sequence[Filing], incoming: OnDutyOfficer, now: datetime
) -> None:
    """A live card of every open filing, so that the next officer answers where the last one left off."""
    rows = []
    for filing in filings[:MOST_CARDS]:
        decides = filing.jurisdiction_court == incoming.court_code
        rows.append(
            outbox.card(
                filing, incoming.telegram_id or 0, "officer" if decides else "collaborating",
                "filed", now=now, facts={"asked_for": True}, officer_id=incoming.officer_id,
                priority=outbox.LIVE,
            )
        )  # fmt: skip
    await outbox.write(session, rows)


async def confirm(
    session: AsyncSession, handover_id: int, officer_id: int | None, voice: Voice, *, now: datetime
) -> str:
    """确认接班, by the incoming officer, once.

    Returns:
        `confirmed`, `already`, `not_incoming`, or `unknown` for a handover there never was.
    """
    row: Handover | None = await session.scalar(
        select(Handover)
        .where(Handover.id == handover_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        return "unknown"
    if officer_id is None or officer_id != row.incoming_officer_id:
        return "not_incoming"
    confirmed = await session.execute(
        update(Handover)
        .where(Handover.id == row.id, Handover.acknowledged_at.is_(None))
        .values(acknowledged_at=now, confirm_by=None)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(confirmed, CursorResult) or confirmed.rowcount != 1:
        return "already"
    await session.refresh(row)
    view = await view_of(session, row)
    await told.follow(
        session,
        row.messages,
        lambda role, _: handover_words.say(view, role, _, voice, now),
        voice,
        now=now,
    )
    wake(session, "timed")
    return "confirmed"


#: When the next handover has waited too long for its confirmation.
earliest_unconfirmed = Soonest(select(func.min(Handover.confirm_by)))


async def report_unconfirmed(session: AsyncSession, now: datetime, voice: Voice) -> None:
    """Tell the leader of every handover that nobody confirmed in time; it can still be confirmed.

    At most `MOST_AT_ONCE` at a time, the longest due first: what is left is still due.
    """
    due = await session.scalars(
        select(Handover)
        .where(Handover.confirm_by <= now)
        .order_by(Handover.confirm_by, Handover.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    for row in list(due):
        row.confirm_by = None
        if row.acknowledged_at is None:
            await _tell_leaders(session, await view_of(session, row), None, voice, now)
    await session.flush()


async def _tell_leaders(
    session: AsyncSession, view: HandoverView, reason: str | None, voice: Voice, now: datetime
) -> None:
    readers = await leaders(session, view.court, voice, now)
    await told.tell(
        session,
        readers,
        lambda _role, _: handover_words.unconfirmed(view, reason, _),
        voice,
        now=now,
    )


async def leaders(session: AsyncSession, court: Court, voice: Voice, now: datetime) -> list[Reader]:
    """The court's leaders as far as the chat reaches them, else the province's coordinators."""
    found = await duty.on_duty(session, [court], now=now, default_timezone=voice.desk.timezone)
    for post in ("leader", "coordinator"):
        people = found[court.code].of(post)
        readers = [r for one in people for r in told.person("leader", one, voice.desk)]
        if readers:
            return readers
    return []


async def view_of(session: AsyncSession, row: Handover) -> HandoverView:
    """The handover with the names of its court and people."""
    court = await courts.get(session, row.court_code)
    ids = [i for i in (row.outgoing_officer_id, row.incoming_officer_id) if i is not None]
    found = await session.execute(select(Officer.id, Officer.name).where(Officer.id.in_(ids)))
    names: dict[int, str] = {row_id: str(name) for row_id, name in found}
    return HandoverView(
        row,
        court,
        names.get(row.outgoing_officer_id or 0),
        names.get(row.incoming_officer_id or 0, "—"),
    )
