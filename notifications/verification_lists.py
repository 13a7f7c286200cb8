"""Cards that nobody answered for: one list a court and morning to its leader, then one to the province. They follow how it stands.

A list is found again by its court or province and its day; its first message knows the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from directory import access, courts, duty, officers, verification
from directory.access import Subject, Viewer
from directory.change_models import Verification
from directory.court_codes import SUPREME
from directory.database import wake
from directory.models import Court, Officer
from directory.roster import Duty, OnDutyOfficer
from directory.texts import Translate
from directory.worktime import NoWorkingDay, WorkCalendar, is_open
from notifications import outbox, told, verification_words
from notifications.models import OutgoingMessage
from notifications.timekeeper import Soonest
from notifications.told import Reader, Said, Say, Voice
from notifications.verification_words import AskedView

#: So many people stand in one message, and so many are brought to a reader on one day; the rest follow.
MOST_IN_ONE, MOST_A_DAY = 8, 40

#: So many courts and provinces are looked after in one transaction.
MOST_COURTS, MOST_PROVINCES = 5, 2

#: As long as texts of messages are kept, lists follow.
FOLLOWED = timedelta(days=31)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Part:
    """One message of a list, as each of its readers has it."""

    place: str
    #: Which of how many.
    at: tuple[int, int]
    people: Sequence[int]
    messages: Sequence[dict[str, Any]]


#: When silence next goes a step further.
earliest = Soonest(select(func.min(Verification.next_at)))


async def escalate(session: AsyncSession, now: datetime, voice: Voice) -> None:
    """Bring what nobody answered to the court's leader, what a court left unanswered to the province."""
    codes = await session.scalars(
        _due(select(Officer.court_code), "asked", now).distinct().limit(MOST_COURTS)
    )
    for court in (await courts.many(session, codes.all())).values():
        await _to_the_court(session, court, voice, now)
    provinces = await session.scalars(
        _due(select(Court.province), "leader", now)
        .join(Court, Court.code == Officer.court_code)
        .distinct()
        .limit(MOST_PROVINCES)
    )
    for province in provinces.all():
        await _to_the_province(session, province, voice, now)
    wake(session, "timed")


def _due(query: Any, state: str, now: datetime) -> Any:
    joined = query.select_from(Verification).join(Officer, Officer.id == Verification.officer_id)
    return joined.where(Verification.next_at <= now, Verification.state == state)


async def _held(session: AsyncSession, query: Any) -> list[Verification]:
    """Rows to be worked on, held against other instances."""
    found = await session.scalars(
        query.order_by(Officer.court_code, Verification.officer_id)
        .with_for_update(of=Verification, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(found)


async def _to_the_court(session: AsyncSession, court: Court, voice: Voice, now: datetime) -> None:
    calendar = courts.calendar_of(court, voice.desk.timezone)
    query = _due(select(Verification), "asked", now).where(Officer.court_code == court.code)
    rows = await _held(session, query)
    rows = await _put_off(session, rows, court.code, calendar, now)
    if not rows:
        return
    found = await duty.on_duty(session, [court], now=now, default_timezone=voice.desk.timezone)
    readers = _keepers(found[court.code], voice)
    above = await _calendar_above(session, court, voice)
    listed: list[Verification] = []
    for row in rows:
        row.state = "leader"
        # Nobody is asked about themselves alone a second time.
        if any(reader.officer_id != row.officer_id for reader in readers):
            row.next_at = _or_later(verification.silence_at, above, now)
            listed.append(row)
        else:
            row.next_at = _or_later(verification.list_at, above, now)
        if court.code == SUPREME:
            # Under no province: it stays with the court.
            row.next_at = None
    await session.flush()
    key = _key(court.code, calendar, now)
    await _write(session, key, court.name, listed, readers, voice, now)


def _keepers(found: Duty, voice: Voice) -> list[Reader]:
    """Who answers for the court's cards and is reached: its leaders, else post A, else technicians."""
    for post in ("leader", "A", "technician"):
        if readers := _readers(found.of(post), "leader", voice):
            return readers
    return []


def _readers(people: Iterable[OnDutyOfficer], role: str, voice: Voice) -> list[Reader]:
    return [reader for one in people for reader in told.person(role, one, voice.desk)]


async def _to_the_province(
    session: AsyncSession, province: str, voice: Voice, now: datetime
) -> None:
    query = _due(select(Verification), "leader", now)
    query = query.join(Court, Court.code == Officer.court_code).where(Court.province == province)
    rows = await _held(session, query)
    if not rows:
        return
    officer = await session.get_one(Officer, rows[0].officer_id)
    one = await courts.get(session, officer.court_code)
    above = await _calendar_above(session, one, voice)
    rows = await _put_off(session, rows, province, above, now)
    if not rows:
        return
    found = await duty.on_duty(session, [one], now=now, default_timezone=voice.desk.timezone)
    readers = _readers(found[one.code].of("coordinator"), "province", voice)
    if not readers:
        # Nobody coordinates or is reached today: it waits for who will, and is not lost in silence.
        for row in rows:
            row.next_at = _or_later(verification.silence_at, above, now)
        await session.flush()
        return
    for row in rows:
        row.state, row.next_at = "province", None
    await session.flush()
    shown = await views(session, [row.id for row in rows], voice, now=now)
    await renew(session, shown.values(), voice, now=now)
    await _write(session, _key(province, above, now), province, rows, readers, voice, now)


async def _put_off(
    session: AsyncSession,
    rows: Sequence[Verification],
    scope: str,
    calendar: WorkCalendar,
    now: datetime,
) -> list[Verification]:
    """Those whose list is written now: one a day, in the hours, no longer than anybody reads."""
    written = await outbox.asked_once(session, _key(scope, calendar, now)) is not None
    now_is_right = is_open(calendar, now) and not written
    kept = list(rows[:MOST_A_DAY]) if now_is_right else []
    for row in rows[len(kept) :]:
        row.next_at = _or_later(verification.list_at, calendar, now + timedelta(minutes=1))
    await session.flush()
    return kept


def _or_later(rule: Any, calendar: WorkCalendar, now: datetime) -> datetime:
    try:
        at: datetime = rule(calendar, now)
    except NoWorkingDay:
        at = now + verification.LOOK_AGAIN
    return at


async def _calendar_above(session: AsyncSession, court: Court, voice: Voice) -> WorkCalendar:
    """By which the province's coordinators work: their high court's."""
    high = await session.scalar(
        select(Court)
        .where(Court.province == court.province, Court.level == duty.HIGH)
        .order_by(Court.code)
        .limit(1)
    )
    return courts.calendar_of(high or court, voice.desk.timezone)


def _key(scope: str, calendar: WorkCalendar, now: datetime) -> str:
    return f"verify:list:{scope}:{now.astimezone(calendar.timezone).date().isoformat()}"


async def _write(
    session: AsyncSession,
    key: str,
    place: str,
    rows: Sequence[Verification],
    readers: Sequence[Reader],
    voice: Voice,
    now: datetime,
) -> None:
    """The list in as many messages as it takes, to each reader; nothing where nobody reads it."""
    if not rows or not readers:
        return
    shown = await views(session, [row.id for row in rows], voice, now=now)
    every = list(shown.values())
    parts = [every[at : at + MOST_IN_ONE] for at in range(0, len(every), MOST_IN_ONE)]
    kept: list[dict[str, Any]] = []
    for number, part in enumerate(parts, 1):
        say = _saying(part, place, (number, len(parts)))
        messages = await told.tell(session, readers, say, voice, now=now, priority=outbox.LATER)
        kept.append({"people": [view.number for view in part], "messages": messages})
    facts = {"list": {"place": place, "parts": kept}}
    await outbox.remember(session, kept[0]["messages"][0]["row"], key, facts)


def _saying(mine: Sequence[AskedView], place: str, at: tuple[int, int]) -> Say:
    def say(role: str, translate: Translate) -> Said:
        return verification_words.listed(mine, role, place, at, translate)

    return say


async def renew(
    session: AsyncSession,
    asked: Iterable[AskedView],
    voice: Voice,
    *,
    now: datetime,
    also: Sequence[str] = (),
) -> None:
    """Have every list in which one of these stands say how all of it stands now; `also` are courts of before."""
    wanted = {view.number for view in asked}
    for part in await _parts(session, wanted, now, also):
        shown = await views(session, part.people, voice, now=now)
        say = _saying(list(shown.values()), part.place, part.at)
        await told.follow(session, part.messages, say, voice, now=now)


async def beside(session: AsyncSession, row: Verification, now: datetime) -> list[Verification]:
    """Everybody open in the message of the court's list in which this one stands."""
    for part in await _parts(session, {row.id}, now):
        found = await session.scalars(
            select(Verification)
            .where(Verification.id.in_(part.people), Verification.state == "leader")
            .order_by(Verification.id)
        )
        if people := list(found):
            return people
    return []


async def _parts(
    session: AsyncSession, wanted: set[int], now: datetime, also: Sequence[str] = ()
) -> list[_Part]:
    """The messages of lists in which any of these askings stand."""
    rows = await session.execute(
        select(func.min(Verification.asked_at), Officer.court_code, Court.province)
        .join(Officer, Officer.id == Verification.officer_id)
        .join(Court, Court.code == Officer.court_code)
        .where(Verification.id.in_(wanted))
        .group_by(Officer.court_code, Court.province)
    )
    keys: set[str] = set()
    for since, code, province in rows:
        first = max(since, now - FOLLOWED).date() - _DAY
        days = [first + ahead * _DAY for ahead in range((now.date() - first).days + 2)]
        for scope in (code, province, *also):
            keys |= {f"verify:list:{scope}:{day.isoformat()}" for day in days}
    found = await session.scalars(
        select(OutgoingMessage).where(OutgoingMessage.dedupe_key.in_(sorted(keys)))
    )
    parts: list[_Part] = []
    for message in found.all():
        # What is older than texts are kept is empty.
        facts = message.payload.get("list") or {"place": "", "parts": []}
        for number, part in enumerate(facts["parts"], 1):
            if not wanted.isdisjoint(part["people"]):
                at = (number, len(facts["parts"]))
                parts.append(_Part(facts["place"], at, part["people"], part["messages"]))
    return parts


async def views(
    session: AsyncSession, numbers: Sequence[int], voice: Voice, *, now: datetime
) -> dict[int, AskedView]:
    """These askings with their cards, in this order, by number."""
    found = await session.execute(
        select(Verification, Officer)
        .join(Officer, Officer.id == Verification.officer_id)
        .options(joinedload(Officer.court), selectinload(Officer.posts))
        .where(Verification.id.in_(numbers))
    )
    known = {row.id: _view(row, officer, voice, now) for row, officer in found}
    return {number: known[number] for number in numbers if number in known}


def _view(row: Verification, officer: Officer, voice: Voice, now: datetime) -> AskedView:
    court = officer.court
    held = officers.posts_on(officer, duty.local_day(court, now, voice.desk.timezone))
    sight = access.sees_in_chat(
        Viewer("officer", officer.id, court.code, court.province, held),
        "mobile",
        subject_of(officer),
        phones=voice.desk.chat_phones,
        private=True,
    )
    return AskedView(
        number=row.id,
        officer_id=officer.id,
        name=officer.name,
        court_code=court.code,
        court=f"{court.name}（{court.code}）",
        posts=tuple(post for post in officers.POSTS_BY_RANK if post in held),
        title=officer.title,
        department=officer.department,
        desk_phone=officer.desk_phone,
        mobile=None if sight == "no" else officers.mask_mobile(officer.mobile) or "",
        reached=officer.telegram_id is not None and officer.blocked_at is None,
        left=officer.left_at is not None,
        state=row.state,
        ended_by=row.ended_by,
    )


def subject_of(officer: Officer) -> Subject:
    """The person as `directory.access` judges them; court loaded."""
    return Subject(officer.court_code, officer.court.province, officer.id)


async def latest(session: AsyncSession, officer_id: int) -> Verification | None:
    """The last asking about a person."""
    found: Verification | None = await session.scalar(
        select(Verification)
        .where(Verification.officer_id == officer_id)
        .order_by(Verification.asked_at.desc(), Verification.id.desc())
        .limit(1)
    )
    return found
