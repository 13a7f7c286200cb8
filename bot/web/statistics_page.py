"""`/statistics`: how the viewer's courts stand, by days, times, places and case types; the table as a file.

What the address asks for is `statistics_choice`'s business, whose figures are seen `statistics_sight`'s; counting
is done in `notifications.statistics`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import responses, statistics_choice, statistics_sight
from bot.web.page_frame import HEADERS, render, translate_page, words_asked
from bot.web.parts import parts_of
from bot.web.problems import Problem
from bot.web.sign_in import viewer_of
from bot.web.statistics_choice import NAMES, PRESETS, By, Choice
from bot.web.statistics_sight import NATION, Whose
from bot.web.statistics_words import StatisticsWords
from bot.web_sessions import Viewer
from directory import duty_sheet
from directory.court_codes import full_province
from directory.models import Court
from notifications import bulletin_rules, statistics, statistics_table, statistics_workbook
from notifications.bulletin_facts import bounds
from notifications.bulletin_figures import Period, States
from notifications.bulletin_rules import Rules
from notifications.statistics import Statistics, StatisticsQuery
from notifications.statistics_series import day_of
from notifications.statistics_table import Row
from notifications.trend_chart import Chart, Frame, chart

PATH = "/statistics"

#: So many rows stand on the page; the file has all of them.
MOST_ROWS = 200

#: Where the chart stands in its drawing, in pixels; its labels stand below and to the right.
_FRAME = Frame(8, 24, 940, 170)
_BELOW, _RIGHT = 48, 60

#: The form's own id: what it changes leaves it open.
_FORM = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that is shown of one question."""

    choice: Choice
    whose: Whose
    by: By
    found: Statistics
    whole: Row
    #: As many days before, or the month before.
    before: Row
    rows: tuple[Row, ...]
    #: The column, and whether its largest value comes first.
    sort: tuple[str, bool]
    parts: tuple[tuple[Period, States], ...]
    rules: Rules
    as_of: datetime
    #: How many courts the province or nation has; None where that says nothing.
    courts: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The question, whether or not it can be answered."""

    choice: Choice
    sheet: Sheet | None
    #: Courts that the words could mean.
    choices: tuple[Court, ...] = ()
    #: A court that is not there.
    unknown: str = ""
    #: The provinces to choose from; nothing for whoever sees one.
    provinces: tuple[str, ...] = ()


async def show(request: web.Request) -> web.Response:
    """`GET /statistics`: key figures, how they came about, who stands where.

    Raises:
        Problem: 403 outside what the viewer sees, 404 for a province without courts.
    """
    viewer = await viewer_of(request)
    asked = await _load(request, viewer)
    words = _words(request, viewer, asked.choice)
    sheet = asked.sheet
    return await render(
        request,
        "statistics.j2",
        viewer=viewer,
        asked=asked,
        choice=asked.choice,
        sheet=sheet,
        said=words,
        presets=PRESETS,
        nation=NATION,
        sums=statistics_sight.sums_of(viewer),
        changed="HX-Request" in request.headers,
        opened_form=request.headers.get("HX-Trigger") == _FORM,
        ranks=sheet is not None and _has_ranks(sheet.by, asked.choice),
        bands=statistics_table.bands(sheet.found.answered_up_to[asked.choice.clock])
        if sheet
        else (),
        trail=words.trail(sheet.whose, nation=bool(asked.provinces))
        if sheet and viewer.scope_court is None
        else (),
        chosen=full_province(asked.choice.words["province"]),
        counted=str,
        chart=_drawn(sheet) if sheet else None,
        chart_size=(_FRAME.width + _RIGHT, _FRAME.top + _FRAME.height + _BELOW),
        rows=sheet.rows[:MOST_ROWS] if sheet else (),
        address=lambda **changes: _address(PATH, asked.choice, **changes),
        file=lambda kind: _address(f"{PATH}.{kind}", asked.choice),
        filings=lambda **narrowed: _filings(sheet, **narrowed) if sheet else None,
    )


async def workbook(request: web.Request) -> web.Response:
    """`GET /statistics.xlsx`: the table as it is shown, with every figure."""
    return await _file(request, "xlsx")


async def csv(request: web.Request) -> web.Response:
    """`GET /statistics.csv`: the same as text."""
    return await _file(request, "csv")


async def _file(request: web.Request, kind: str) -> web.Response:
    viewer = await viewer_of(request)
    asked = await _load(request, viewer)
    _ = translate_page(request, viewer)
    sheet = asked.sheet
    if sheet is None:
        raise Problem(422, _("请先在网页上选定法院和日期，再下载。"))
    words = _words(request, viewer, sheet.choice)
    table = words.table(sheet.rows, sheet.whole, sheet.by)
    period = sheet.choice.period
    name = f"{_('统计')}-{words.place(sheet.whose)}-{period.first}-{period.last}.{kind}"
    if kind == "xlsx":
        above = (
            words.heading(sheet.whose),
            words.days(period, sheet.as_of),
            words.exactness(sheet.whole.figures),
        )
        return responses.workbook(name, statistics_workbook.workbook(table, above), HEADERS)
    return web.Response(
        body=statistics_workbook.csv_text(table),
        headers={
            **HEADERS,
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        },
    )


def _words(request: web.Request, viewer: Viewer, choice: Choice) -> StatisticsWords:
    zone = ZoneInfo(parts_of(request).desk.timezone)
    return StatisticsWords(translate_page(request, viewer), choice, zone)


async def _load(request: web.Request, viewer: Viewer) -> _Asked:
    parts = parts_of(request)
    now = parts.clock.now()
    today = day_of(now, ZoneInfo(parts.desk.timezone))
    choice = statistics_choice.read({name: words_asked(request, name) for name in NAMES}, today)
    async with parts.database.reading() as session:
        found = await statistics_sight.find(request, session, viewer, choice)
        sheet = None
        if not (choice.faults or found.choices or found.unknown):
            sheet = await _sheet(request, session, choice, found.whose, now)
        several = viewer.scope_court is None and viewer.scope_province is None
        provinces = await duty_sheet.provinces(session) if several else ()
    return _Asked(
        choice=choice,
        sheet=sheet,
        choices=found.choices[:20],
        unknown=found.unknown,
        provinces=tuple(provinces),
    )


async def _sheet(
    request: web.Request, session: AsyncSession, choice: Choice, whose: Whose, now: datetime
) -> Sheet:
    desk = parts_of(request).desk
    by = choice.by if choice.by in whose.groups else whose.groups[0]

    async def read(by: By, period: Period = choice.period) -> Statistics:
        since, until = bounds(period, desk.timezone)
        query = StatisticsQuery(
            since=since, until=until, role=choice.role, by=by, drills=choice.drills,
            province=whose.province if whose.court is None else None,
            court=whose.court.code if whose.court is not None else None,
        )  # fmt: skip
        return await statistics.read(session, query, desk, now=now)

    days = await read("day")
    groups = days if by == "day" else await read(by)
    before = await read("province", choice.period.before)
    rules = await bulletin_rules.of(session, whose.province)
    ranks = _has_ranks(by, choice)
    usual = {"day": ("name", False), "case_type": ("filings", True)}
    sort = choice.sort if choice.sort and choice.sort[0] in statistics_table.COLUMNS else None
    sort = sort or usual.get(by, ("rate" if ranks else "filings", True))
    rows = statistics_table.rows(groups.groups, rules.least, ranks=ranks)
    whole, earlier = statistics_table.rows(
        [statistics.Group("", "", one.total) for one in (days, before)], rules.least, ranks=False
    )
    return Sheet(
        choice=choice,
        whose=whose,
        by=by,
        found=days,
        whole=whole,
        before=earlier,
        rows=tuple(statistics_table.ordered(rows, sort[0], choice.clock, falling=sort[1])),
        sort=sort,
        parts=tuple(statistics_table.sums(statistics_table.periods(choice.period), days.groups)),
        rules=rules,
        as_of=now,
        courts=await _courts(session, whose) if by == "court" else None,
    )


def _has_ranks(by: By, choice: Choice) -> bool:
    """Whoever sends a filing does not answer for how soon it is answered."""
    return by in {"province", "court"} and choice.role == "jurisdiction"


async def _courts(session: AsyncSession, whose: Whose) -> int:
    lying = [] if whose.province is None else [Court.province == whose.province]
    return await session.scalar(select(func.count()).select_from(Court).where(*lying)) or 0


def _drawn(sheet: Sheet) -> Chart:
    return chart(statistics_table.steps(sheet.parts), _FRAME, sheet.rules.target_percent)


def _address(path: str, choice: Choice, **changes: str) -> str:
    asked = urlencode(choice.asking(**changes))
    return f"{path}?{asked}" if asked else path


def _filings(
    sheet: Sheet,
    *,
    figure: str = "total",
    key: str | None = None,
    days: Period | None = None,
) -> str | None:
    """Where the filings behind a figure are listed: of all, or of the group with this key; None where they are not.

    Lists of figures know no drills and no case types.
    """
    asked, by = sheet.choice, sheet.by
    if not sheet.whose.opens or asked.drills != "exclude" or (key and by == "case_type"):
        return None
    place = {}
    if sheet.whose.court is not None:
        place = {"court": sheet.whose.court.code}
    elif sheet.whose.province is not None:
        place = {"province": sheet.whose.province}
    if key and by == "day":
        days = Period(date.fromisoformat(key), date.fromisoformat(key))
    elif key:
        place = {by: key}
    period = days or asked.period
    words = {
        **place,
        "role": asked.role,
        "since": f"{period.first}",
        "until": f"{period.last}",
        "figure": figure,
        "as_of": sheet.as_of.isoformat(),
    }
    return f"/filings?{urlencode(words)}"
