"""What a court's page tells: hours of today, who is on duty, names it had, courts around it, its people. Loads, decides no right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web.field_words import court_of_who
from directory import aliases, courts, duty, last_word, officers
from directory.aliases import Alias
from directory.calendars import closure_on
from directory.last_word import LastWord
from directory.models import Court, Officer
from directory.roster import Duty, OnDutyOfficer
from directory.texts import Translate
from directory.worktime import spans
from notifications.messages import local_time
from notifications.wording import Wording

#: The posts that a court's duty is told by, in this order.
DUTY_POSTS = ("A", "B", "leader")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """Today at the court, in its own time and the reader's words."""

    #: `08:30–11:30、13:30–17:00`; empty on a day without any.
    today: str
    is_open: bool
    #: When it closes, while open; when it next opens, while closed; empty if it never does.
    until: str
    #: Whether the year's holidays are guessed still.
    estimated: bool


@dataclass(frozen=True, slots=True)
class CourtFacts:
    """Everything that a court's page shows beside the entry itself."""

    court: Court
    zone: ZoneInfo
    today: date
    hours: Hours
    duty: Duty
    on_duty: tuple[OnDutyOfficer, ...]
    #: The last day on which the duty stays as it is; None when no change is known.
    duty_until: date | None
    names: tuple[Alias, ...]
    parent: Court | None
    #: 人民法庭 of the court, and other courts below it.
    tribunals: tuple[Court, ...]
    below: tuple[Court, ...]
    verified: LastWord
    #: The people, by their highest post, with their posts of today.
    people: tuple[tuple[Officer, tuple[str, ...]], ...]
    verified_people: Mapping[int, LastWord]
    #: The courts of those whose word that was.
    makers: Mapping[str, Court]


async def load(
    session: AsyncSession, court: Court, *, now: datetime, timezone: str, translate: Translate
) -> CourtFacts:
    """The court as it is now; `timezone` is that of courts which name none."""
    zone = courts.zone_of(court, timezone)
    today = now.astimezone(zone).date()
    found = (
        await duty.on_duty(
            session, [court], now=now, default_timezone=timezone, ahead=duty.FORESEEN
        )
    )[court.code]
    children = await session.scalars(
        select(Court).where(Court.parent_code == court.code).order_by(Court.code)
    )
    tribunals: list[Court] = []
    below: list[Court] = []
    for child in children:
        (tribunals if child.level == "tribunal" else below).append(child)
    people = await officers.of_court(session, court.code)
    period = await last_word.period_of(session, court.province)
    verified = await last_word.of(session, court, now=now)
    words = (verified.by, *(person.verified_by for person in people))
    makers = {court_of_who(who or "") for who in words}
    changes_on = found.changes_on
    known = changes_on is not None and changes_on.year < date.max.year
    return CourtFacts(
        court=court,
        zone=zone,
        today=today,
        hours=hours_of(court, now, timezone, translate),
        duty=found,
        on_duty=tuple(
            person
            for post in DUTY_POSTS
            for person in found.of(post)
            if person.unreachable != "left"
        ),
        duty_until=changes_on - _DAY if changes_on is not None and known else None,
        names=tuple(aliases.read(alias) for alias in court.aliases),
        parent=await session.get(Court, court.parent_code) if court.parent_code else None,
        tribunals=tuple(tribunals),
        below=tuple(below),
        verified=verified,
        people=_by_post(people, today),
        verified_people={
            one.id: last_word.judged(one.verified_at, one.verified_by, period, now)
            for one in people
        },
        makers=await courts.many(session, (code for code in makers if code)),
    )


def _by_post(people: Sequence[Officer], today: date) -> tuple[tuple[Officer, tuple[str, ...]], ...]:
    rank = {post: place for place, post in enumerate(officers.POSTS_BY_RANK)}
    found = []
    for person in people:
        held = officers.posts_on(person, today)
        found.append((person, tuple(post for post in officers.POSTS_BY_RANK if post in held)))
    found.sort(key=lambda one: (rank[one[1][0]] if one[1] else len(rank), one[0].id))
    return tuple(found)


def hours_of(court: Court, now: datetime, timezone: str, translate: Translate) -> Hours:
    """Open or not, until when or from when; on a day with a substitute the court itself is closed."""
    _ = translate
    words = Wording(_)
    calendar = courts.calendar_of(court, timezone)
    zone = calendar.timezone
    today = now.astimezone(zone).date()
    closure = closure_on(court.province, court.code, today)
    served = closure is not None and closure.served
    at = now
    if served:
        at = datetime.combine(today + _DAY, datetime.min.time(), zone)
    opens, closes = courts.openings(court, at, timezone)
    is_open = closes is not None and opens is None and not served
    # At midnight no court is open, so the day after a closed one has its opening still before it.
    instant = closes if is_open else opens
    parts = () if served else spans(calendar, today)
    return Hours(
        today=_("、").join(
            words.span(local_time(s.start, zone, now), local_time(s.end, zone, now)) for s in parts
        ),
        is_open=is_open,
        until=words.when(local_time(instant, zone, now)) if instant is not None else "",
        estimated=calendar.days.is_estimated(today.year),
    )
