"""`/bulletins` and `/bulletins/{number}`: what was published, in both layouts, with its drawing and its files."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web.directory_sight import province_of
from bot.web.page_frame import HEADERS, render, translate_page, words_asked
from bot.web.parts import parts_of
from bot.web.problems import Problem
from bot.web.sign_in import viewer_of
from bot.web_sessions import Viewer
from directory import courts
from directory.court_codes import SUPREME
from notifications import bulletin_messages, bulletins
from notifications.bulletin_document import document
from notifications.bulletin_figures import LAYOUTS
from notifications.bulletin_models import Bulletin
from notifications.bulletin_picture import png, svg
from notifications.bulletin_words import BulletinWords, file_name, said
from notifications.bulletin_workbook import filings_address, workbook

#: So many are listed, the newest first.
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class _Shown:
    """A bulletin in the layout asked for and in the other."""

    bulletin: Bulletin
    words: BulletinWords
    other: BulletinWords

    def by_layout(self, layout: str) -> BulletinWords:
        """One of the two."""
        return self.words if self.words.layout == layout else self.other


async def index(request: web.Request) -> web.Response:
    """`GET /bulletins`: those of the viewer's province and of the nation."""
    viewer = await viewer_of(request)
    parts = parts_of(request)
    async with parts.database.reading() as session:
        province = await _province(session, viewer)
        found = await bulletins.latest(session, province, MOST_LISTED)
    zone = ZoneInfo(parts.desk.timezone)
    return await render(
        request,
        "bulletins.j2",
        viewer=viewer,
        found=found,
        days=lambda one: said(bulletins.sheet_of(one).period),
        when=lambda at: f"{at.astimezone(zone):%Y-%m-%d %H:%M}",
        address=_address,
    )


async def show(request: web.Request) -> web.Response:
    """`GET /bulletins/{number}?layout=`: the sheet, its corrections, how it was counted; each court leads to its filings."""
    viewer = await viewer_of(request)
    shown = await _shown(request, viewer)
    address = _address(shown.bulletin)
    return await render(
        request,
        "bulletin.j2",
        viewer=viewer,
        bulletin=shown.bulletin,
        sheet=shown.words,
        rows=shown.words.rows(),
        total=shown.words.total(),
        filings=filings_address("", shown.words.sheet),
        address=address,
        files={name: f"{address}/{name}?layout={shown.words.layout}" for name in _FILES},
        other=f"{address}?layout={shown.other.layout}",
    )


async def download(request: web.Request) -> web.Response:
    """`GET /bulletins/{number}/{file}?layout=`: the drawing, the picture, the workbook, the Word document."""
    viewer = await viewer_of(request)
    made = _FILES.get(request.match_info["file"])
    if made is None:
        _ = translate_page(request, viewer)
        raise Problem(404, _("没有这个编号的通报。"))
    shown = await _shown(request, viewer)
    kind, content_type, make = made
    # Without an address of its own the workbook leads to wherever it was asked for.
    address = parts_of(request).settings.public_url or str(request.url.origin())
    content = await asyncio.to_thread(make, shown, str(address))
    name = quote(file_name(shown.words.sheet, shown.bulletin.number, kind))
    how = "inline" if kind == "svg" else "attachment"
    return web.Response(
        body=content,
        headers={
            **HEADERS,
            "Content-Type": content_type,
            "Content-Disposition": f"{how}; filename*=UTF-8''{name}",
        },
    )


_Maker = Callable[[_Shown, str], bytes]

_OFFICE = "application/vnd.openxmlformats-officedocument"

#: By the last part of the address: the kind of file, its type, and what makes it.
_FILES: Mapping[str, tuple[str, str, _Maker]] = {
    "picture.svg": (
        "svg",
        "image/svg+xml",
        lambda shown, _address: svg(shown.words).encode(),
    ),
    "picture.png": ("png", "image/png", lambda shown, _address: png(shown.words)),
    "table.xlsx": (
        "xlsx",
        f"{_OFFICE}.spreadsheetml.sheet",
        lambda shown, address: workbook(
            shown.by_layout("states"),
            shown.by_layout("measures"),
            filings_address(address, shown.words.sheet),
        ),
    ),
    "document.docx": (
        "docx",
        f"{_OFFICE}.wordprocessingml.document",
        lambda shown, _address: document(shown.words),
    ),
}


def _address(bulletin: Bulletin) -> str:
    return f"/bulletins/{quote(bulletin.number, safe='')}"


async def _province(session: AsyncSession, viewer: Viewer) -> str | None:
    """Whose bulletins the viewer reads besides the nation's; None for everybody's."""
    if viewer.officer is not None and viewer.officer.court_code == SUPREME:
        return None
    province = province_of(viewer)
    if province is None and viewer.scope_court is not None:
        province = (await courts.get(session, viewer.scope_court)).province
    return province


async def _shown(request: web.Request, viewer: Viewer) -> _Shown:
    """The bulletin in the address.

    Raises:
        Problem: 404 when there is none of this number that the viewer may read.
    """
    parts = parts_of(request)
    _ = translate_page(request, viewer)
    async with parts.database.reading() as session:
        province = await _province(session, viewer)
        bulletin = await bulletins.by_number(session, request.match_info["number"])
        if bulletin is None or (province and bulletin.province not in (None, province)):
            raise Problem(404, _("没有这个编号的通报。"))
        both = await bulletin_messages.words(
            session, {"bulletin": bulletin.id}, _, parts.desk, now=parts.clock.now()
        )
    if both is None:
        raise Problem(404, _("没有这个编号的通报。"))
    asked = words_asked(request, "layout")
    layout = asked if asked in LAYOUTS else both[0].layout
    words, other = both if both[0].layout == layout else (both[1], both[0])
    return _Shown(bulletin, words, other)
