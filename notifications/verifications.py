"""Cards asked about: planned in batches, asked of the person in the court's hours, answered once. Lists for the silent are beside it.

When somebody is asked is `directory.verification`'s rule; what happens to silence is in `verification_lists`,
what follows from 已调离 in `verification_departures`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from directory import access, courts, officers, province_rules, shifts, verification
from directory.change_models import DirectoryChange, Verification
from directory.database import wake
from directory.edits import Editor
from directory.models import Court, Officer
from directory.province_rules import Rules
from directory.worktime import NoWorkingDay, WorkCalendar, is_open
from notifications import outbox, verification_lists, verification_words
from notifications.timekeeper import Soonest
from notifications.told import Voice, html
from notifications.verification_lists import latest, subject_of, views

#: So many people are planned, and so many asked, in one transaction: nothing else waits long for it.
MOST_PLANNED, MOST_ASKED = 50, 25

# Nobody is left without an instant, not even who has left: among thousands of those, finding whom nothing is
# planned for would take longer than all else that a waking asks.
_UNPLANNED = Officer.verify_next_at.is_(None)


def own_key(number: int) -> str:
    """By this the person's own message is found again in the outbox."""
    return f"verify:ask:{number}"


async def earliest_unplanned(session: AsyncSession, now: datetime) -> datetime | None:
    """At once while anybody's asking is not planned."""
    found = await session.scalar(select(Officer.id).where(_UNPLANNED).limit(1))
    return None if found is None else now


async def plan(session: AsyncSession, now: datetime, voice: Voice) -> None:
    """Plan when some of those are asked for whom nothing is planned yet; the others follow in the next transaction."""
    found = await session.execute(
        select(
            Officer.id, Officer.created_at, Officer.verified_at, Officer.court_code, Officer.left_at
        )
        .where(_UNPLANNED)
        .limit(MOST_PLANNED)
        .with_for_update(skip_locked=True, key_share=True)
    )
    rows = found.all()
    places = await courts.many(session, {row.court_code for row in rows})
    rules = await province_rules.every(session)
    calendars = {c: courts.calendar_of(p, voice.desk.timezone) for c, p in places.items()}
    planned = [
        {
            "id": row.id,
            "verify_next_at": _planned(
                row.id, row.created_at, row.verified_at, calendars[row.court_code],
                _days(rules, places[row.court_code], row.left_at), now,
            ),
        }
        for row in rows
    ]  # fmt: skip
    if planned:
        await session.execute(update(Officer), planned)
        wake(session, "timed")


def _days(rules: Mapping[str, Rules], court: Court, left_at: datetime | None) -> int:
    """The period of the person's province; 0 for who has left."""
    return rules.get(court.province, Rules()).verify_days if left_at is None else 0


def _planned(
    officer_id: int,
    added_at: datetime,
    verified_at: datetime | None,
    calendar: WorkCalendar,
    days: int,
    now: datetime,
) -> datetime:
    """When the person is asked; of whom nobody asks, when to look again."""
    if not days:
        return now + verification.LOOK_AGAIN
    try:
        return verification.next_asking(
            officer_id, added_at=added_at, verified_at=verified_at, days=days,
            calendar=calendar, now=now,
        )  # fmt: skip
    except NoWorkingDay:
        return now + verification.LOOK_AGAIN


#: When the next person is asked.
earliest_asking = Soonest(select(func.min(Officer.verify_next_at)))


async def ask(session: AsyncSession, now: datetime, voice: Voice) -> None:
    """Ask those who are due; of whom the chat does not reach, those responsible are asked with the next list.

    Who cannot be asked now (the court is closed, the person on leave) is asked on another day. An
    asking that nobody answered in a whole period ends with the next.
    """
    found = await session.scalars(
        select(Officer)
        .options(joinedload(Officer.court), selectinload(Officer.posts))
        .where(Officer.verify_next_at <= now)
        .order_by(Officer.verify_next_at, Officer.id)
        .limit(MOST_ASKED)
        .with_for_update(of=Officer, skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    due = found.all()
    rules = await province_rules.every(session)
    away = await shifts.on_leave(session, [one.id for one in due], now, voice.desk.timezone)
    waiting = await _waiting(session, [one.id for one in due])
    asked: list[tuple[Officer, Verification]] = []
    for officer in due:
        days = _days(rules, officer.court, officer.left_at)
        calendar = courts.calendar_of(officer.court, voice.desk.timezone)
        later = _not_now(officer, calendar, days, now, away=officer.id in away)
        period = days * timedelta(days=1)
        earlier = waiting.get(officer.id)
        if earlier is not None and earlier.asked_at + period > now:
            # Planned anew meanwhile, by another rule: what waits for an answer is not asked again.
            later = earlier.asked_at + period
        officer.verify_next_at = later or now + period
        if later is None:
            asked.append((officer, _asking(officer, calendar, now)))
    earlier_ones = [waiting[one.id] for one, _ in asked if one.id in waiting]
    await _close(session, earlier_ones, voice, now)
    session.add_all(row for _, row in asked)
    await session.flush()
    await _write(session, asked, voice, now)
    wake(session, "timed")


def _not_now(
    officer: Officer, calendar: WorkCalendar, days: int, now: datetime, *, away: bool
) -> datetime | None:
    """When else; None when it can be now."""
    if not days:
        return now + verification.LOOK_AGAIN
    if is_open(calendar, now) and not away:
        return None
    try:
        return verification.next_day(officer.id, calendar, now)
    except NoWorkingDay:
        return now + verification.LOOK_AGAIN


def _reached(officer: Officer) -> bool:
    return officer.telegram_id is not None and officer.blocked_at is None


def _asking(officer: Officer, calendar: WorkCalendar, now: datetime) -> Verification:
    try:
        patience = verification.silence_at if _reached(officer) else verification.list_at
        next_at = patience(calendar, now)
    except NoWorkingDay:
        next_at = now + verification.LOOK_AGAIN
    return Verification(officer_id=officer.id, asked_at=now, next_at=next_at, state="asked")


async def _waiting(session: AsyncSession, officer_ids: Sequence[int]) -> dict[int, Verification]:
    """What these people were asked before and is not answered, held against whoever answers."""
    found = await session.scalars(
        select(Verification)
        .where(Verification.officer_id.in_(officer_ids), Verification.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.officer_id: row for row in found}


async def _close(
    session: AsyncSession, earlier: Sequence[Verification], voice: Voice, now: datetime
) -> None:
    for row in earlier:
        row.state, row.next_at, row.ended_at = "closed", None, now
    await session.flush()
    await renew(session, earlier, voice, now=now)


async def _write(
    session: AsyncSession,
    asked: Sequence[tuple[Officer, Verification]],
    voice: Voice,
    now: datetime,
) -> None:
    """One question for each whom the chat reaches; low in priority, so that no page waits for any."""
    shown = await views(session, [row.id for _, row in asked], voice, now=now)
    rows = []
    for officer, row in asked:
        if _reached(officer):
            locale = officer.language or voice.desk.locale
            said = verification_words.question(shown[row.id], None, "", html(voice.texts, locale))
            payload = {"text": said.text, "buttons": said.buttons, "reply_to": None}
            rows.append(
                outbox.row(
                    "reply", officer.telegram_id or 0, payload, priority=outbox.LATER, now=now,
                    officer_id=officer.id, dedupe_key=own_key(row.id),
                )
            )  # fmt: skip
    await outbox.write(session, rows)


async def renew(
    session: AsyncSession,
    asked: Sequence[Verification],
    voice: Voice,
    *,
    now: datetime,
    courts_before: Sequence[str] = (),
) -> None:
    """Have the persons' own messages and every list with them say how it stands now."""
    if not asked:
        return
    shown = await views(session, [row.id for row in asked], voice, now=now)
    for view in shown.values():
        message = await outbox.asked_once(session, own_key(view.number))
        if message is None:
            continue
        officer = await session.get_one(Officer, view.officer_id)
        again = await _again_on(session, officer, voice, now) if not view.left else None
        own = officers.subject(officer)
        said = verification_words.question(
            view, again, own, html(voice.texts, officer.language or voice.desk.locale)
        )
        await outbox.edit_reply(session, message.id, said.text, said.buttons, now=now)
    await verification_lists.renew(session, shown.values(), voice, now=now, also=courts_before)


async def _again_on(
    session: AsyncSession, officer: Officer, voice: Voice, now: datetime
) -> date | None:
    """The court's local day on which the person is asked again; None where nobody is."""
    court = await courts.get(session, officer.court_code)
    days = (await province_rules.of(session, court.province)).verify_days
    if not days:
        return None
    calendar = courts.calendar_of(court, voice.desk.timezone)
    at = _planned(officer.id, officer.created_at, officer.verified_at, calendar, days, now)
    return at.astimezone(calendar.timezone).date()


async def confirm(
    session: AsyncSession,
    asked: Sequence[Verification],
    *,
    by: Editor,
    voice: Voice,
    now: datetime,
) -> int:
    """都对, of all these that this editor may verify; how many it was said of."""
    done: list[Verification] = []
    for row in asked:
        officer = await session.get_one(
            Officer, row.officer_id, options=[joinedload(Officer.court)]
        )
        may = access.may(by.viewer, "verify", subject_of(officer))
        if may and await verification.confirm(session, officer, by=by.who, now=now):
            await session.refresh(row)
            done.append(row)
    await renew(session, done, voice, now=now)
    return len(done)


async def settle(
    session: AsyncSession,
    officer: Officer,
    change: DirectoryChange,
    *,
    by: Editor,
    voice: Voice,
    now: datetime,
) -> None:
    """An edit of a card was saved: who may verify it and was asked about it, or was asked of, has looked at it.

    Call it in the edit's transaction; the officer's court is loaded.
    """
    row = await latest(session, officer.id)
    if row is None:
        return
    may = access.may(by.viewer, "verify", subject_of(officer))
    if change.kind in {"changed", "moved"} and row.ended_at is None and may:
        await verification.confirm(session, officer, by=by.who, now=now, state="changed")
    await session.refresh(row)
    if row.ended_at == now:
        before = [change.before["court_code"]] if change.kind == "moved" else []
        await renew(session, [row], voice, now=now, courts_before=before)
