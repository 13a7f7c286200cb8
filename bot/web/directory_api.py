"""Courts, their people and who is on duty, over HTTP. Reading only; files are read in `directory.imports`."""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import court_entries, schemas, validation
from bot.web.authentication import Caller
from bot.web.filings_api import side_of
from bot.web.parts import parts_of
from bot.web.responses import json_response
from bot.web.scopes import sees_mobiles
from directory import courts, disclosures, duty, worktime
from directory.models import Court
from directory.roster import Duty


async def search(request: web.Request, caller: Caller) -> web.Response:
    """`GET /courts`: the courts that the words mean, best first; without words all, by code."""
    asked = validation.read_query(request, schemas.CourtListQuery)
    ambiguous = False
    async with parts_of(request).database.reading() as session:
        if asked.q:
            hits = await parts_of(request).searcher.find(
                asked.q,
                province=caller.province,
                limit=asked.limit,
                of_province=asked.province,
                of_level=asked.level,
                session=session,
            )
            by_code = await courts.many(session, (hit.code for hit in hits.courts))
            found = [by_code[hit.code] for hit in hits.courts if hit.code in by_code]
            ambiguous = hits.ambiguous
        else:
            found = await _listed(session, asked)
    return json_response(
        schemas.CourtListAnswer(
            items=[
                schemas.CourtAnswer.model_validate(court_entries.court_values(court))
                for court in found
            ],
            ambiguous=ambiguous,
        )
    )


async def _listed(session: AsyncSession, asked: schemas.CourtListQuery) -> list[Court]:
    query = select(Court).order_by(Court.code).limit(asked.limit)
    if asked.province:
        query = query.where(Court.province == asked.province)
    if asked.level:
        query = query.where(Court.level == asked.level)
    return list(await session.scalars(query))


async def show(request: web.Request, caller: Caller) -> web.Response:
    """`GET /courts/{code}`: a court with its people; `ETag` changes with whatever is shown.

    Reading full mobile numbers is a recorded disclosure.
    """
    parts = parts_of(request)
    async with parts.database.reading() as session:
        entry = await court_entries.load(session, await court_entries.named(request, session))
        in_full = sees_mobiles(caller, side_of(entry.court))
        answer = court_entries.body(entry, in_full=in_full)
    headers = {"ETag": f'"{entry.tag}"', "Cache-Control": "private, no-cache"}
    if any(tag.value in {entry.tag, "*"} for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    numbers = [(person.id, person.mobile) for person in entry.people]
    await _record_disclosures(request, caller, numbers, in_full=in_full)
    return json_response(answer, headers=headers)


async def on_duty(request: web.Request, caller: Caller) -> web.Response:
    """`GET /courts/{code}/on-duty`: who answers at an instant, and whether the court is open then."""
    asked = validation.read_query(request, schemas.OnDutyQuery)
    parts = parts_of(request)
    at = asked.at or parts.clock.now()
    zone = parts.desk.timezone
    async with parts.database.reading() as session:
        court = await court_entries.named(request, session)
        found = await duty.on_duty(
            session, [court], now=at, default_timezone=zone, ahead=duty.FORESEEN
        )
    in_full = sees_mobiles(caller, side_of(court))
    roster = found[court.code]
    opens_at, closes_at = courts.openings(court, at, zone)
    shown = [
        holder
        for holders in roster.posts.values()
        for holder in holders
        if holder.unreachable != "left"
    ]
    answer = schemas.OnDutyAnswer(
        court=schemas.CourtName(code=court.code, name=court.name),
        at=at,
        open=closes_at is not None and opens_at is None,
        opens_at=opens_at,
        closes_at=closes_at,
        officers=[
            schemas.OnDutyOfficerAnswer(
                name=holder.name,
                post=holder.post,
                desk_phone=holder.desk_phone,
                mobile=court_entries.mobile(holder.mobile, in_full=in_full),
                linked=holder.telegram_id is not None,
            )
            for holder in shown
        ],
        stand_in=_stand_in(roster),
        estimated=closes_at is not None
        and worktime.is_estimated(courts.calendar_of(court, zone), at, closes_at),
        until=_until(court, roster, zone),
    )
    numbers = [(holder.officer_id, holder.mobile) for holder in shown]
    await _record_disclosures(request, caller, numbers, in_full=in_full)
    return json_response(answer)


def _stand_in(roster: Duty) -> schemas.StandInAnswer | None:
    said = roster.stand_in
    if said is None:
        return None
    return schemas.StandInAnswer(name=said.name, court=said.court_code, reason=said.reason)


def _until(court: Court, roster: Duty, zone: str) -> datetime | None:
    """The beginning of the court's local day on which the next term begins or has ended."""
    if roster.changes_on is None or roster.changes_on.year >= 9999:
        return None
    midnight = datetime.combine(roster.changes_on, time(), courts.zone_of(court, zone))
    return midnight.astimezone(UTC)


async def _record_disclosures(
    request: web.Request,
    caller: Caller,
    mobiles: Iterable[tuple[int, str | None]],
    *,
    in_full: bool,
) -> None:
    """Write down, before they leave, whose full numbers (officer, number) this token reads."""
    shown = [officer_id for officer_id, mobile in mobiles if mobile is not None]
    if not in_full or not shown:
        return
    parts = parts_of(request)
    async with parts.database.transaction() as session:
        await disclosures.show_mobiles(
            session, caller.name, None, shown,
            reason=disclosures.BY_SYSTEM, channel=disclosures.HTTP, now=parts.clock.now(),
        )  # fmt: skip
