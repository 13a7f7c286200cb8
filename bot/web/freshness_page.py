"""`/directory/freshness`: how true the directory is, by court of a province or by province of the nation, and as a workbook."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.web.directory_sight import province_of
from bot.web.page_frame import HEADERS, render, translate_page, words_asked
from bot.web.parts import parts_of
from bot.web.problems import Problem
from bot.web.sign_in import viewer_of
from bot.web_sessions import Viewer
from directory import courts, duty_sheet, freshness, freshness_file
from directory.court_codes import SUPREME, full_province
from directory.freshness import FreshnessRow

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: What the form sends for the nation.
NATION = "all"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The figures asked for; `province` is None for the nation."""

    province: str | None
    rows: tuple[FreshnessRow, ...]
    total: FreshnessRow
    choices: tuple[str, ...]
    day: date
    #: Whether the nation may be looked at.
    nation: bool


async def show(request: web.Request) -> web.Response:
    """`GET /directory/freshness?province=`: the own province's courts unless asked otherwise, the worst first."""
    viewer = await viewer_of(request)
    found = await _load(request, viewer)
    _ = translate_page(request, viewer)
    asked = NATION if found.province is None else found.province
    return await render(
        request,
        "freshness.j2",
        viewer=viewer,
        found=found,
        asked=asked,
        nation=NATION,
        legend=freshness_file.legend(_),
        workbook=str(
            request.rel_url.with_path("/directory/freshness.xlsx").with_query(province=asked)
        ),
    )


async def workbook(request: web.Request) -> web.Response:
    """`GET /directory/freshness.xlsx?province=`."""
    viewer = await viewer_of(request)
    found = await _load(request, viewer)
    _ = translate_page(request, viewer)
    name = quote(f"{_('通讯录准确度')}-{found.province or _('全国')}-{found.day}.xlsx")
    return web.Response(
        body=freshness_file.write(found.rows, _, province=found.province, day=found.day),
        headers={
            **HEADERS,
            "Content-Type": _XLSX,
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        },
    )


async def _load(request: web.Request, viewer: Viewer) -> Freshness:
    """The figures asked for.

    Raises:
        Problem: 403 outside a token's scope, 404 for a province without courts.
    """
    parts = parts_of(request)
    _ = translate_page(request, viewer)
    now, words = parts.clock.now(), words_asked(request, "province")
    async with parts.database.reading() as session:
        own = province_of(viewer)
        narrowed = viewer.officer is None and (own or viewer.scope_court) is not None
        if own is None and viewer.scope_court is not None:
            own = (await courts.get(session, viewer.scope_court)).province
        if viewer.officer is not None and viewer.officer.court_code == SUPREME:
            own = None
        province = full_province(words) if words else own
        province = None if province == NATION else province
        if narrowed and province != own:
            raise Problem(403, _("此令牌只能查看{province}的准确度。", province=own))
        choices = [own] if narrowed and own else list(await duty_sheet.provinces(session))
        rows = await freshness.freshness(session, province=province, now=now)
    if not rows and province is not None:
        raise Problem(404, _("通讯录中没有{province}的法院。", province=province))
    return Freshness(
        province=province,
        rows=tuple(rows),
        total=freshness.total("", _("合计"), rows),
        choices=tuple(choices),
        day=now.astimezone(ZoneInfo(parts.desk.timezone)).date(),
        nation=not narrowed,
    )
