"""`POST /directory/export`: a coordinator's part of the directory as a workbook; whole numbers for a reason, written down.

The form stands on `/directory`. What is asked for comes in the body: no number and no reason is in an address.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from bot.web.directory_sight import label_of, sight_of
from bot.web.page_frame import HEADERS, page_locale, plain_words, translate_page
from bot.web.parts import parts_of
from bot.web.problems import Problem
from bot.web.sign_in import viewer_of
from bot.web_sessions import Viewer
from directory import access, courts, disclosures, duty, exports, own_exports
from directory.access import Subject
from directory.exports import Numbers
from directory.own_exports import Made, Wanted
from directory.texts import CHINESE, Translate
from notifications.messages import local_time
from notifications.wording import Wording

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: What the form sends where the reason stands in the field beside the list.
TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page offers: the place of the usual file, that of one with whole numbers ("" for none)."""

    where: str
    full: str
    reasons: Mapping[str, str]
    #: Whether the viewer may send it back.
    returns: bool


def offered(viewer: Viewer, translate: Translate) -> Offer | None:
    """What the viewer may take along; None for nothing."""
    _ = translate
    sight = sight_of(viewer)
    officer = viewer.officer
    if officer is None or own_exports.reach(sight, "masked") is None:
        return None
    return Offer(
        where=_where(viewer, "masked", _),
        full=_where(viewer, "full", _) if _may_full(viewer) else "",
        reasons=disclosures.REASONS,
        returns=own_exports.returns(sight, "masked"),
    )


async def download(request: web.Request) -> web.Response:
    """The workbook.

    Raises:
        Problem: 403 for who may not, 422 without a reason, 429 after too many within an hour.
    """
    viewer = await viewer_of(request)
    fields = {name: str(value) for name, value in (await request.post()).items()}
    wanted = _wanted(request, viewer, fields)
    made = await _made(request, viewer, wanted)
    parts, _ = parts_of(request), translate_page(request, viewer)
    content = await asyncio.to_thread(exports.workbook, made.sheets)
    day = duty.local_day(wanted.officer.court, parts.clock.now(), parts.desk.timezone)
    where = _where(viewer, wanted.numbers, _)
    name = quote(own_exports.file_name(wanted.numbers, where, day, _))
    return web.Response(
        body=content,
        headers={
            **HEADERS,
            "Content-Type": _XLSX,
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        },
    )


def _may_full(viewer: Viewer) -> bool:
    sight = sight_of(viewer)
    colleague = Subject(sight.court or "", sight.province or "", 0)
    return (
        own_exports.reach(sight, "full") is not None
        and access.sees(sight, "mobile", colleague) == "full"
    )


def _where(viewer: Viewer, numbers: Numbers, translate: Translate) -> str:
    _ = translate
    court = viewer.officer.court if viewer.officer is not None else None
    return own_exports.place(sight_of(viewer), court, numbers) or _("全国")


def _wanted(request: web.Request, viewer: Viewer, fields: Mapping[str, str]) -> Wanted:
    """The file that is asked for, by who may have it."""
    _ = translate_page(request, viewer)
    officer, full = viewer.officer, fields.get("numbers") == "full"
    may = _may_full(viewer) if full else offered(viewer, _) is not None
    if officer is None or not may:
        raise Problem(403, _("您不能在此下载这样的表格。"))
    reason = disclosures.REASONS.get(fields.get("reason", ""), "")
    if fields.get("reason") == TYPED:
        reason = plain_words(fields.get("words", ""))
    if full and not reason:
        raise Problem(422, _("请选择或写明理由。下载将逐人记录，本人可以看到。"))
    return Wanted(
        officer=officer,
        viewer=sight_of(viewer),
        label=label_of(viewer),
        numbers="full" if full else "masked",
        reason=reason if full else "",
        channel=disclosures.PAGE,
        chinese=page_locale(request, viewer) == CHINESE,
    )


async def _made(request: web.Request, viewer: Viewer, wanted: Wanted) -> Made:
    """What the file holds; it leaves once the record of it is durable."""
    parts, _ = parts_of(request), translate_page(request, viewer)
    now = parts.clock.now()
    async with parts.database.transaction() as session:
        until = await own_exports.begin(session, wanted, now=now)
        if until is None and wanted.numbers == "full":
            return await own_exports.made(session, wanted, now=now)
    if until is not None:
        zone = courts.zone_of(wanted.officer.court, parts.desk.timezone)
        raise Problem(
            429,
            _(
                "一小时内最多下载 {count} 次，{until} 后可再次下载。",
                count=own_exports.PER_HOUR,
                until=Wording(_).when(local_time(until, zone, now)),
            ),
        )
    # Reading the nation must keep no writer waiting.
    async with parts.database.reading() as session:
        return await own_exports.made(session, wanted, now=now)
