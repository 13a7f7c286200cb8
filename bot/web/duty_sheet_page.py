"""`/duty-sheet`: a province's duty sheet and phone tree, to be printed, and the same as a workbook."""

from urllib.parse import quote

from aiohttp import web

from bot.web.page_frame import HEADERS, day_asked, render, translate_page, words_asked
from bot.web.parts import parts_of
from bot.web.problems import Problem
from bot.web.sign_in import viewer_of
from bot.web_sessions import Viewer
from directory import courts, duty_sheet, duty_sheet_file
from directory.court_codes import full_province
from directory.duty_sheet import DutySheet
from directory.errors import ProvinceNotFound

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def show(request: web.Request) -> web.Response:
    """`GET /duty-sheet?province=&day=`: today's of the viewer's own province unless asked otherwise."""
    viewer = await viewer_of(request)
    sheet, choices = await _sheet(request, viewer)
    _ = translate_page(request, viewer)
    return await render(
        request,
        "duty_sheet.j2",
        viewer=viewer,
        sheet=sheet,
        choices=choices,
        said=lambda people: duty_sheet_file.said(people, _),
        instructions=duty_sheet_file.instructions(_),
        workbook=str(request.rel_url.with_path("/duty-sheet.xlsx")),
    )


async def workbook(request: web.Request) -> web.Response:
    """`GET /duty-sheet.xlsx?province=&day=`."""
    viewer = await viewer_of(request)
    sheet, _choices = await _sheet(request, viewer)
    if sheet is None:
        raise Problem(404, translate_page(request, viewer)("请先选择省份。"))
    name = quote(f"{sheet.province}-{sheet.day}.xlsx")
    return web.Response(
        body=duty_sheet_file.workbook(sheet, translate_page(request, viewer)),
        headers={
            **HEADERS,
            "Content-Type": _XLSX,
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        },
    )


async def _sheet(request: web.Request, viewer: Viewer) -> tuple[DutySheet | None, list[str]]:
    """The sheet asked for (None: no province was named and the viewer has none), and the provinces to choose from.

    Raises:
        Problem: 403 outside a token's scope, 404 for a province without courts, 422 for no day.
    """
    parts = parts_of(request)
    _ = translate_page(request, viewer)
    asked, day = words_asked(request, "province"), day_asked(request, _)
    async with parts.database.reading() as session:
        own = viewer.scope_province
        if own is None and viewer.scope_court is not None:
            own = (await courts.get(session, viewer.scope_court)).province
        province = full_province(asked) if asked else own
        # Officers read the directory of the whole nation, tokens what they are narrowed to.
        if viewer.officer is None and own is not None and province != own:
            raise Problem(403, _("此令牌只能查看{province}的值班表。", province=own))
        choices = list(await duty_sheet.provinces(session))
        if viewer.officer is None and own is not None:
            choices = [own]
        if province is None:
            return None, choices
        try:
            sheet = await duty_sheet.load(
                session,
                province,
                day,
                now=parts.clock.now(),
                default_timezone=parts.desk.timezone,
            )
        except ProvinceNotFound as fault:
            raise Problem(404, _(fault.template, **fault.data)) from None
    return sheet, choices
