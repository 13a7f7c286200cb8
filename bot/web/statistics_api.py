"""Statistics over HTTP: what may be asked, within which scope, and how it is answered. Counting is in `notifications.statistics`."""

from datetime import datetime, timedelta
from typing import Literal

from aiohttp import web
from pydantic import ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import validation
from bot.web.authentication import Caller
from bot.web.fields import CourtCode, Instant, InstantOfThisCentury, Words
from bot.web.languages import translate_for
from bot.web.parts import parts_of
from bot.web.problems import Fault, Problem
from bot.web.responses import json_response
from bot.web.schemas import Role, Strict
from directory import courts
from directory.models import Court
from notifications import statistics
from notifications.filings import CASE_TYPES
from notifications.performance import Figures
from notifications.statistics import StatisticsQuery

PATH = "/api/v1/statistics"

#: What is told when nobody says since when.
SPAN = timedelta(days=30)

#: A filing of this very moment belongs to what is told until now.
_NOW_INCLUDED = timedelta(seconds=1)

_Count = Field(ge=0)
_Seconds = Field(ge=0)


class StatisticsAsked(Strict):
    """Which filings, and what makes a group. `since` is inclusive, `until` exclusive, both by `received_at`."""

    since: InstantOfThisCentury | None = Field(
        default=None, description="30 days before `until` unless given."
    )
    until: InstantOfThisCentury | None = Field(default=None, description="Now unless given.")
    role: Role = Field(
        default="jurisdiction", description="The side on which a filing belongs to a court."
    )
    by: Literal["province", "court", "case_type", "day"] = Field(
        default="province",
        description="What makes a group. Days are those of the desk's time zone.",
    )
    drills: Literal["exclude", "only", "include"] = "exclude"
    province: Words | None = Field(
        default=None, description="Only filings whose court of this role lies there (辽宁省)."
    )
    court: CourtCode | None = Field(
        default=None, description="Only filings of this court in this role (its 法院代字)."
    )


class FiguresAnswer(Strict):
    """Figures of some filings. Withdrawn filings are in `withdrawn` and in no other figure.

    Seconds of the answer run from `received_at` to `acknowledged_at`; seconds of the result from the acknowledgment,
    or the supplement after a correction, to `result_at`, over the filings that have a result now. `wall` is time
    on the wall, `working` the jurisdiction court's office hours. The median is the mean of the two middle values,
    p90 the smallest value that at least 90 % do not exceed. Null: no filing has a value.
    """

    model_config = ConfigDict(from_attributes=True)

    filings: int = Field(ge=0, description="`acknowledged` + waiting; within + cross province.")
    within_province: int = Field(ge=0, description="Both courts in one province.")
    cross_province: int = _Count
    withdrawn: int = Field(ge=0, description="Taken back by the collaborating court.")
    acknowledged: int = Field(ge=0, description="Acknowledged, the completed ones included.")
    completed: int = Field(ge=0, description="With a result other than a correction.")
    answered_in_time: int = Field(
        ge=0, description="Acknowledged within the filing's own target on its own clock."
    )
    answered_late: int = _Count
    waiting_in_time: int = Field(ge=0, description="Not acknowledged, and not due yet.")
    waiting_overdue: int = Field(ge=0, description="Not acknowledged, and due already.")
    outage_late: int = Field(
        ge=0,
        description="Of `answered_late` and `waiting_overdue`: late because the desk itself stood still.",
    )
    mean_answer_wall_seconds: float | None = _Seconds
    median_answer_wall_seconds: float | None = _Seconds
    p90_answer_wall_seconds: float | None = _Seconds
    mean_answer_working_seconds: float | None = _Seconds
    median_answer_working_seconds: float | None = _Seconds
    p90_answer_working_seconds: float | None = _Seconds
    mean_result_wall_seconds: float | None = _Seconds
    median_result_wall_seconds: float | None = _Seconds
    p90_result_wall_seconds: float | None = _Seconds
    mean_result_working_seconds: float | None = _Seconds
    median_result_working_seconds: float | None = _Seconds
    p90_result_working_seconds: float | None = _Seconds
    quantile_error: float = Field(
        ge=0,
        description=(
            "How far medians and p90 may be off, as a share: 0 (exact) for groups of up to 1,000 filings, "
            "0.01 for some larger ones. Counts and means are always exact."
        ),
    )


class GroupAnswer(FiguresAnswer):
    """The figures of one province, court, case type or day."""

    key: str = Field(description="The province, the court's code, the case type, or `2019-08-18`.")
    name: str


class StatisticsAnswer(Strict):
    """Groups by their keys, those without a filing left out; `total` counts the filings of all of them."""

    since: Instant
    until: Instant
    groups: list[GroupAnswer]
    total: FiguresAnswer


async def show(request: web.Request, caller: Caller) -> web.Response:
    """`GET /statistics`: figures of the filings within the token's scope."""
    asked = validation.read_query(request, StatisticsAsked)
    parts = parts_of(request)
    now = parts.clock.now()
    since, until = _span(request, asked, now)
    async with parts.database.reading() as session:
        province, court = await _scope(request, session, caller, asked)
        query = StatisticsQuery(
            since=since,
            until=until,
            role=asked.role,
            by=asked.by,
            drills=asked.drills,
            province=province,
            court=court,
        )
        found = await statistics.read(session, query, parts.desk, now=now)
    _ = translate_for(request)
    groups = [
        GroupAnswer.model_validate(
            {
                **_fields(group.figures),
                "key": group.key,
                "name": _(CASE_TYPES[group.key]) if asked.by == "case_type" else group.name,
            }
        )
        for group in found.groups
    ]
    total = FiguresAnswer.model_validate(_fields(found.total))
    return json_response(StatisticsAnswer(since=since, until=until, groups=groups, total=total))


def _fields(figures: Figures) -> dict[str, float | None]:
    return {name: getattr(figures, name) for name in FiguresAnswer.model_fields}


def _span(request: web.Request, asked: StatisticsAsked, now: datetime) -> tuple[datetime, datetime]:
    until = asked.until or max(now + _NOW_INCLUDED, asked.since or now)
    since = asked.since if asked.since is not None else until - SPAN
    if since > until:
        _ = translate_for(request)
        raise validation.refused(request, [Fault("until", _("不能早于 since"))])
    return since, until


async def _scope(
    request: web.Request, session: AsyncSession, caller: Caller, asked: StatisticsAsked
) -> tuple[str | None, str | None]:
    """The province and the court that the figures are of: what is asked for, within what the token may read.

    Raises:
        Problem: 422 for a court or province that is not there, 403 outside the scope.
    """
    _ = translate_for(request)
    place = None
    if asked.court is not None:
        place = (await courts.many(session, [asked.court])).get(asked.court)
        if place is None:
            raise validation.refused(request, [Fault("court", _("没有这个法院代字"))])
    if asked.province is not None:
        known = await session.scalar(
            select(Court.code).where(Court.province == asked.province).limit(1)
        )
        if known is None:
            raise validation.refused(
                request,
                [
                    Fault(
                        "province",
                        _("通讯录中没有这个省份的法院，请写全称，例如 辽宁省，或先导入该省的法院"),
                    )
                ],
            )
    lies_outside = (
        (caller.court is not None and asked.court not in (None, caller.court))
        or (caller.province is not None and asked.province not in (None, caller.province))
        or (caller.province is not None and place is not None and place.province != caller.province)
    )
    if lies_outside:
        raise Problem(403, _("这些统计不在此令牌的范围内。"))
    return asked.province or caller.province, asked.court or caller.court
