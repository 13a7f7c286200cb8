"""Courts: looking them up, making sense of how people name them, their calendar and their group chat.

A name is never guessed: what could mean several courts comes back as choices. Files that bring
courts in are read in `directory.imports`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import access, changes
from directory.access import Subject, Viewer
from directory.calendars import calendar_for, default_hours, settled_for
from directory.court_codes import normalise
from directory.errors import CourtNotFound, GroupNotVouchedFor
from directory.models import Court, DirectoryRecord, Officer
from directory.roster import held_on
from directory.worktime import WorkCalendar

log = structlog.get_logger(__name__)

#: Shorter words would name half the country.
SHORTEST_PART = 2


@dataclass(frozen=True, slots=True)
class Resolution:
    """What somebody's words mean: one `court`, or several `choices`, or (both empty) nothing."""

    court: Court | None
    choices: tuple[Court, ...] = ()


@dataclass(frozen=True, slots=True)
class _Names:
    """One court as it can be called, every name normalised."""

    code: str
    province: str
    #: The name as stored, and with its city and province written before it.
    full: frozenset[str]
    aliases: frozenset[str]
    plain: str

    def holds(self, parts: Collection[str]) -> bool:
        """Whether one of its names contains all of `parts`."""
        return any(all(part in name for part in parts) for name in self.full | self.aliases)


async def get(session: AsyncSession, code: str) -> Court:
    """The court with this 法院代字; full-width characters and spaces are tolerated.

    Raises:
        CourtNotFound: there is none.
    """
    court = await session.get(Court, code) or await session.get(Court, normalise(code))
    if court is None:
        raise CourtNotFound(words=code)
    return court


async def many(session: AsyncSession, codes: Iterable[str]) -> dict[str, Court]:
    """The courts with these codes, by code, in one query; unknown codes are simply not in the answer."""
    wanted = set(codes)
    if not wanted:
        return {}
    courts = await session.scalars(_MANY, {"codes": list(wanted)})
    return {court.code: court for court in courts}


#: Made once, for it is asked for every filing.
_MANY = select(Court).where(Court.code.in_(bindparam("codes", expanding=True)))


async def resolve(session: AsyncSession, words: str, *, province: str | None = None) -> Resolution:
    """What court is meant by `words`: a code, a name with or without its city, an alias, or a part.

    The first of these kinds that fits anything decides: exactly one court is the answer, several
    are choices (those of `province`, the asker's, first). 铁西区人民法院 is not taken for the one
    court stored under just that name while others end with it.
    """
    key = normalise(words)
    if not key:
        return Resolution(None)
    exact = await session.get(Court, key)
    if exact is not None:
        return Resolution(exact)
    found = _matching(await _all_names(session), key, [normalise(part) for part in words.split()])
    if not found:
        return Resolution(None)
    courts = await many(session, (names.code for names in found))
    ordered = sorted(courts.values(), key=lambda court: (court.province != province, court.code))
    if len(ordered) == 1:
        return Resolution(ordered[0])
    return Resolution(None, tuple(ordered))


def _matching(every: list[_Names], key: str, parts: list[str]) -> list[_Names]:
    by_code = [names for names in every if normalise(names.code) == key]
    if by_code:
        return by_code
    if any(key in names.full for names in every):
        return [names for names in every if key in names.full or names.plain.endswith(key)]
    by_alias = [names for names in every if key in names.aliases]
    if by_alias or len(key) < SHORTEST_PART:
        return by_alias
    return [names for names in every if names.holds((key,))] or [
        names for names in every if names.holds(parts)
    ]


async def _all_names(session: AsyncSession) -> list[_Names]:
    """Every court's names: a few thousand short rows, so that no pattern is ever built from words."""
    rows = await session.execute(
        select(Court.code, Court.name, Court.aliases, Court.province, Court.city)
    )
    return [
        _Names(
            code=code,
            province=province,
            full=_full_names(name, city, province),
            aliases=frozenset(normalise(alias) for alias in aliases),
            plain=normalise(name),
        )
        for code, name, aliases, province, city in rows
    ]


def _full_names(name: str, city: str | None, province: str) -> frozenset[str]:
    """How the court's name is written in full or in short by different offices."""
    plain, of_city, of_province = normalise(name), normalise(city or ""), normalise(province)
    bare = plain.removeprefix(of_province)
    in_city = bare if bare.startswith(of_city) else of_city + bare
    return frozenset({plain, bare, of_province + bare, in_city, of_province + in_city} - {""})


def calendar_of(court: Court, default_timezone: str) -> WorkCalendar:
    """When the court works: its own hours and zone, else its province's hours and `default_timezone`.

    What province or court have settled for single days is in it. Hours and zones are checked when they are written; should an unreadable one be stored all the
    same, the usual ones are used and the log says so: pages must not stop for it.
    """
    usual = default_hours(court.province)
    try:
        return calendar_for(
            court.hours or usual,
            court.timezone,
            default_timezone,
            settled_for(court.province, court.code),
        )
    except ValueError as fault:
        log.warning("court_calendar_unreadable", court=court.code, fault=str(fault))
        return calendar_for(usual, None, default_timezone)


def zone_of(court: Court, default_timezone: str) -> ZoneInfo:
    """The court's time zone; its local day counts terms of office."""
    return calendar_of(court, default_timezone).timezone


async def of_group(session: AsyncSession, chat_id: int) -> list[Court]:
    """The courts a group chat serves, by code: one group may serve several."""
    courts = await session.scalars(
        select(Court).where(Court.group_chat_id == chat_id).order_by(Court.code)
    )
    return list(courts)


async def link_group(
    session: AsyncSession,
    court: Court,
    chat_id: int,
    *,
    by: Officer,
    now: datetime,
    today: date | None = None,
) -> None:
    """Make `chat_id` the court's group, instead of any earlier one; recorded.

    `by` needs `court` and `posts` loaded (as `officers.linked` gives them). With `today`, only
    posts held on that day count.

    Raises:
        GroupNotVouchedFor: `by` is neither of the court nor coordinator of its province.
    """
    if not _may_vouch(by, court, today):
        raise GroupNotVouchedFor(court=court.name)
    await changes.lock(session)
    await session.refresh(court, ["group_chat_id"])
    earlier = court.group_chat_id
    who = f"{by.court_code}:{by.name}"
    _take_group(session, court, chat_id, who=who, now=now)
    _record(
        session,
        court.code,
        "group_linked",
        who=who,
        detail=f"{earlier or ''}→{chat_id}",
        now=now,
    )
    await session.flush()


def _take_group(
    session: AsyncSession, court: Court, chat_id: int, *, who: str, now: datetime
) -> None:
    changes.record(
        session,
        who=who,
        court_code=court.code,
        officer_id=None,
        kind="changed",
        before={"group_chat_id": court.group_chat_id},
        after={"group_chat_id": chat_id},
        now=now,
    )
    court.group_chat_id = chat_id
    court.group_unreachable_at = None
    court.updated_at = now


def _may_vouch(by: Officer, court: Court, today: date | None) -> bool:
    if by.left_at is not None:
        return False
    held = {
        post.post
        for post in by.posts
        if today is None or held_on(post.valid_from, post.valid_to, today)
    }
    viewer = Viewer("officer", by.id, by.court_code, by.court.province, frozenset(held))
    return access.may(viewer, "link_group", Subject(court.code, court.province))


async def move_group(
    session: AsyncSession, old_chat_id: int, new_chat_id: int, *, now: datetime
) -> None:
    """Follow a group that became a supergroup and has a new id; recorded for each of its courts."""
    await changes.lock(session)
    for court in await of_group(session, old_chat_id):
        _take_group(session, court, new_chat_id, who="system", now=now)
        _record(
            session,
            court.code,
            "group_moved",
            who="system",
            detail=f"{old_chat_id}→{new_chat_id}",
            now=now,
        )
    await session.flush()


async def mark_group(
    session: AsyncSession, chat_id: int, *, unreachable: bool, now: datetime
) -> None:
    """Note since when the bot cannot write to a group (it was removed, the group is gone), or that it can.

    `updated_at` stays: the directory itself did not change.
    """
    condition = Court.group_unreachable_at.is_(None)
    await session.execute(
        update(Court)
        .where(Court.group_chat_id == chat_id, condition if unreachable else ~condition)
        .values(group_unreachable_at=now if unreachable else None)
    )


def _record(
    session: AsyncSession, code: str, kind: str, *, who: str, detail: str, now: datetime
) -> None:
    session.add(DirectoryRecord(at=now, who=who, kind=kind, subject=code, detail=detail))
