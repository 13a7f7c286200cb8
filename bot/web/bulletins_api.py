"""Published bulletins over HTTP: frozen figures with their corrections beside them. Counting is in `notifications`."""

from datetime import date
from typing import Literal

from aiohttp import web
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web.authentication import Caller
from bot.web.fields import Instant
from bot.web.languages import translate_for
from bot.web.parts import parts_of
from bot.web.problems import Problem
from bot.web.responses import json_response
from bot.web.schemas import Strict
from directory import courts
from notifications import bulletins
from notifications.answer_corrections import CountsAs
from notifications.bulletin_figures import Line, Measures, Period, Sheet, States, Took
from notifications.bulletin_links import SENT, api_links
from notifications.bulletin_models import Bulletin
from notifications.bulletin_words import Correction
from notifications.desk import DeskRules
from notifications.figure_filings import FIGURES

PATH = "/api/v1/bulletins/{number}"

#: A bulletin's periods: its own, the one before, what was cumulated until then.
When = Literal["period", "before", "cumulated"]

_Count = Field(ge=0)
_Share = Field(ge=0, le=1)


class StatesAnswer(Strict):
    """Four states of filings. `rate` is `in_time` of all that is settled, what an outage made late left out."""

    in_time: int = Field(ge=0, description="期内审核")
    late: int = Field(ge=0, description="超期审核")
    overdue: int = Field(ge=0, description="超期待审核")
    pending: int = Field(ge=0, description="期内待审核")
    by_outage: int = Field(
        ge=0, description="Of `late` and `overdue`: so because the desk stood still."
    )
    total: int = _Count
    rate: float | None = Field(ge=0, le=1, description="按期率; null without a settled filing.")


class TookAnswer(Strict):
    """How long answers took on one clock, in seconds; an unanswered filing counts with the time that has passed."""

    within_30_minutes: int = _Count
    settled: int = Field(ge=0, description="What `share` is of.")
    share: float | None = _Share
    mean_seconds: float | None = _Count
    median_seconds: float | None = _Count
    p90_seconds: int | None = _Count


class MeasuresAnswer(Strict):
    """Both clocks."""

    wall: TookAnswer
    working: TookAnswer
    waiting: int = Field(ge=0, description="Of them, not answered when the figures were frozen.")


class LineAnswer(Strict):
    """A court, or in the nation's bulletin a province."""

    key: str = Field(description="The court's code, or the province.")
    name: str
    states: StatesAnswer
    states_before: StatesAnswer = Field(description="The period before.")
    states_cumulated: StatesAnswer = Field(
        description="From 1 January to the day before the period; in January the year before."
    )
    corrected: int = Field(
        ge=0, description="Of what is cumulated: corrected after it was contested."
    )
    measures: MeasuresAnswer
    measures_before: MeasuresAnswer
    sent: int = Field(ge=0, description="Filings sent as collaborating court.")
    sent_before: int = _Count
    sent_cumulated: int = _Count
    withdrawn: int = _Count
    rank: int | None = Field(ge=1, description="By `rate`; null with too few filings.")
    rank_by_measures: int | None = Field(
        ge=1, description="By the share within 30 working minutes; null with too few."
    )


class CorrectionAnswer(Strict):
    """A filing that was contested and counts as something else since; the figures above keep what was published."""

    key: str
    reference: str
    counted_as: Literal["late", "overdue"]
    counts_as: CountsAs = Field(
        description="`in_time`, or `apart`: late for no fault of the court, outside the rate."
    )
    reason: str
    decision: str
    by: str
    at: Instant


class BulletinAnswer(Strict):
    """A published bulletin."""

    number: str
    province: str | None = Field(description="Null: the nation's, with a line a province.")
    first_day: date
    last_day: date
    layout: Literal["states", "measures"]
    published_at: Instant
    published_by: str
    as_of: Instant
    contest_until: Instant
    target_percent: int
    least: int = Field(ge=1, description="With fewer settled filings there is no rank.")
    calendars: list[str] = Field(description="The editions of the calendars counted with.")
    quantile_error: float = Field(
        ge=0, description="How far medians and 90th percentiles may be off, as a share; 0 is exact."
    )
    lines: list[LineAnswer]
    total: LineAnswer
    corrections: list[CorrectionAnswer]
    filings: dict[When, dict[str, str]] = Field(
        description="By period and figure, where the filings are listed that the whole counted; those of a line"
        " with `&court=` and its key, in the nation's bulletin with `&province=`."
    )


async def show(request: web.Request, caller: Caller) -> web.Response:
    """`GET /bulletins/{number}`: one of the token's province or of the nation."""
    _ = translate_for(request)
    async with parts_of(request).database.reading() as session:
        bulletin = await bulletins.by_number(session, request.match_info["number"])
        if bulletin is None:
            raise Problem(404, _("没有这个编号的通报。"))
        if not await _may_read(session, caller, bulletin):
            raise Problem(403, _("该通报不在此令牌的范围内。"))
        desk = parts_of(request).desk
        corrections = await bulletins.corrections(session, bulletin, desk)
    return json_response(_answer(bulletin, corrections, desk))


async def _may_read(session: AsyncSession, caller: Caller, bulletin: Bulletin) -> bool:
    """A token narrowed to a court or province reads that province's and the nation's."""
    province = caller.province
    if caller.court is not None:
        province = (await courts.get(session, caller.court)).province
    return province is None or bulletin.province in (None, province)


def _answer(bulletin: Bulletin, corrections: list[Correction], desk: DeskRules) -> BulletinAnswer:
    sheet = bulletins.sheet_of(bulletin)
    return BulletinAnswer(
        number=bulletin.number,
        province=bulletin.province,
        first_day=bulletin.first_day,
        last_day=bulletin.last_day,
        layout="states" if bulletin.layout == "states" else "measures",
        published_at=bulletin.published_at,
        published_by=bulletin.published_by,
        as_of=sheet.as_of,
        contest_until=bulletin.contest_until,
        target_percent=sheet.target_percent,
        least=sheet.least,
        calendars=list(sheet.calendars),
        quantile_error=sheet.quantile_error,
        lines=[_line(line) for line in sheet.ordered("states")],
        total=_line(sheet.total),
        filings=_filings(sheet, desk.timezone),
        corrections=[
            CorrectionAnswer(
                key=one.key,
                reference=one.reference,
                counted_as="late" if one.counted_as == "late" else "overdue",
                counts_as="apart" if one.counts_as == "apart" else "in_time",
                reason=one.reason,
                decision=one.decision,
                by=one.by,
                at=one.at,
            )
            for one in corrections
        ],
    )


def _filings(sheet: Sheet, timezone: str) -> dict[When, dict[str, str]]:
    links, period = api_links(sheet, timezone), sheet.period
    periods: dict[When, Period] = {
        "period": period,
        "before": period.before,
        "cumulated": period.cumulated,
    }
    return {
        name: {figure: links("", figure, when) for figure in (*FIGURES, SENT)}
        for name, when in periods.items()
    }


def _line(line: Line) -> LineAnswer:
    return LineAnswer(
        key=line.key,
        name=line.name,
        states=_states(line.states),
        states_before=_states(line.before),
        states_cumulated=_states(line.cumulated),
        corrected=line.corrected,
        measures=_measures(line.measures),
        measures_before=_measures(line.measures_before),
        sent=line.sent,
        sent_before=line.sent_before,
        sent_cumulated=line.sent_cumulated,
        withdrawn=line.withdrawn,
        rank=line.rank,
        rank_by_measures=line.rank_measures,
    )


def _states(states: States) -> StatesAnswer:
    return StatesAnswer(
        in_time=states.in_time,
        late=states.late,
        overdue=states.overdue,
        pending=states.pending,
        by_outage=states.by_outage,
        total=states.total,
        rate=None if states.rate is None else float(states.rate),
    )


def _measures(measures: Measures) -> MeasuresAnswer:
    return MeasuresAnswer(
        wall=_took(measures.wall), working=_took(measures.working), waiting=measures.waiting
    )


def _took(took: Took) -> TookAnswer:
    return TookAnswer(
        within_30_minutes=took.within,
        settled=took.settled,
        share=None if took.share is None else float(took.share),
        mean_seconds=took.mean,
        median_seconds=took.median,
        p90_seconds=took.p90,
    )
