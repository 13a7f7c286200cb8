"""`/bulletins` and `/bulletins/{number}`: what was published, in both layouts, with its drawing and its files."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode
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
from notifications.bulletin_figures import LAYOUTS, Line, Period
from notifications.bulletin_links import SENT, page_links
from notifications.bulletin_models import Bulletin
from notifications.bulletin_picture import png, svg
from notifications.bulletin_words import BulletinWords, Cell, file_name, page_name, said
from notifications.bulletin_workbook import workbook
from notifications.figure_filings import FIGURES

#: So many are listed, the newest first.
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class _Shown:
    """A bulletin in the layout asked for and in the other."""

    bulletin: Bulletin
    words: BulletinWords
    other: BulletinWords
    #: Which of its pictures, from 0.
    page: int

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
        until=lambda one: bulletins.contested_until(one, zone),
        address=_address,
    )


async def show(request: web.Request) -> web.Response:
    """`GET /bulletins/{number}?layout=`: the sheet, its corrections, how it was counted; each figure leads to its filings.

    `?opens=late&of=辽0211&when=` is the address of a figure: it leads on to the list.
    """
    viewer = await viewer_of(request)
    shown = await _shown(request, viewer)
    address = _address(shown.bulletin)
    if words_asked(request, "opens"):
        raise web.HTTPSeeOther(_filings(request, shown.words))
    mine = _opened(viewer, shown.bulletin)
    return await render(
        request,
        "bulletin.j2",
        viewer=viewer,
        bulletin=shown.bulletin,
        sheet=shown.words,
        rows=shown.words.rows(),
        total=shown.words.total(),
        opens=lambda line, cell, when="": _opens(line, cell, when) if mine(line.key) else "",
        earlier="cumulated" if shown.words.layout == "states" else "before",
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
    name = file_name(shown.words.sheet, shown.bulletin.number, kind)
    if kind == "png":
        name = page_name(name, shown.page, shown.words.sheet.pictures)
    how = "inline" if kind == "svg" else "attachment"
    return web.Response(
        body=content,
        headers={
            **HEADERS,
            "Content-Type": content_type,
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}",
        },
    )


#: More pictures no bulletin has.
_PAGES = frozenset(str(number) for number in range(1, 200))

_Maker = Callable[[_Shown, str], bytes]

_OFFICE = "application/vnd.openxmlformats-officedocument"


def _document(shown: _Shown) -> bytes:
    from notifications.bulletin_document import document  # noqa: PLC0415 -- 9 MB that few desks need

    return document(shown.words)


#: By the last part of the address: the kind of file, its type, and what makes it.
_FILES: Mapping[str, tuple[str, str, _Maker]] = {
    "picture.svg": (
        "svg",
        "image/svg+xml",
        lambda shown, _address: svg(shown.words).encode(),
    ),
    "picture.png": ("png", "image/png", lambda shown, _address: png(shown.words, shown.page)),
    "table.xlsx": (
        "xlsx",
        f"{_OFFICE}.spreadsheetml.sheet",
        lambda shown, address: workbook(
            shown.by_layout("states"),
            shown.by_layout("measures"),
            page_links(address, shown.words.sheet),
        ),
    ),
    "document.docx": (
        "docx",
        f"{_OFFICE}.wordprocessingml.document",
        lambda shown, _address: _document(shown),
    ),
}


def _opens(line: Line, cell: Cell, when: str) -> str:
    """The short address of a figure, as the sheet's own page leads on from it."""
    if not cell.opens:
        return ""
    asked = {"opens": cell.opens, "of": line.key, "when": when}
    return "?" + urlencode({name: words for name, words in asked.items() if words})


def _filings(request: web.Request, words: BulletinWords) -> str:
    """The list of filings that the address of a figure leads to."""
    period = words.sheet.period
    periods: Mapping[str, Period] = {"before": period.before, "cumulated": period.cumulated}
    opens = words_asked(request, "opens")
    return page_links("", words.sheet)(
        words_asked(request, "of"),
        opens if opens in (SENT, *FIGURES) else "total",
        periods.get(words_asked(request, "when"), period),
    )


def _opened(viewer: Viewer, bulletin: Bulletin) -> Callable[[str], bool]:
    """Of which lines the viewer may see every filing: who sees less must not take a part for the whole."""
    if viewer.scope_court is not None:
        return lambda key: key == viewer.scope_court
    if viewer.scope_province is None or viewer.scope_province == bulletin.province:
        return lambda _key: True
    return lambda key: key == viewer.scope_province


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
    page = words_asked(request, "page")
    last = words.sheet.pictures - 1
    return _Shown(bulletin, words, other, min(int(page) - 1, last) if page in _PAGES else 0)
