"""`/filings` and `/filings/{reference}`: searching what the viewer may see, and the timeline of one filing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web.filings_api import cursor_of, position_of
from bot.web.page_frame import render, translate_page, words_asked
from bot.web.parts import parts_of
from bot.web.problems import Problem
from bot.web.sign_in import viewer_of
from bot.web_sessions import Viewer
from directory import courts, search
from directory.models import Court
from directory.texts import Translate
from notifications import filing_list, filings, timeline
from notifications.figure_filings import FIGURES, Figure
from notifications.filing_list import FilingQuery, Position
from notifications.filings import CASE_TYPES
from notifications.messages import LocalTime, local_time
from notifications.models import Filing

#: So many filings stand on one page.
ON_A_PAGE = 50

STATES = ("waiting", "acknowledged", "correcting", "completed", "withdrawn")

#: What a link to the page may say.
_WORDS = (
    "q", "court", "province", "role", "state", "since", "until", "drill", "figure", "as_of", "cursor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says, as far as it can be understood; the words themselves go back into it."""

    words: Mapping[str, str]
    query: FilingQuery
    #: When a figure was counted; now unless it says so.
    as_of: datetime
    #: Courts that the words could mean, when they mean several.
    choices: tuple[Court, ...]
    #: What could not be understood, in the reader's language.
    faults: tuple[str, ...]


async def index(request: web.Request) -> web.Response:
    """`GET /filings`: the filings of the viewer's scope, newest first, as the form narrows them."""
    viewer = await viewer_of(request)
    parts = parts_of(request)
    now = parts.clock.now()
    async with parts.database.reading() as session:
        asked = await _asked(request, session, viewer)
        found: list[Filing] = []
        last: Position | None = None
        count = None
        if not asked.faults and not asked.choices:
            found, last = await filing_list.page(session, asked.query, parts.desk)
            if asked.query.figure is not None:
                count = await filing_list.count(session, asked.query, parts.desk)
        between = await courts.many(
            session,
            {f.jurisdiction_court for f in found} | {f.collaborating_court for f in found},
        )
    following = None
    if last is not None:
        following = str(request.rel_url.update_query(cursor=cursor_of(last), **_kept(asked)))
    _ = translate_page(request, viewer)
    return await render(
        request,
        "filings.j2",
        viewer=viewer,
        asked=asked,
        found=found,
        count=count,
        as_of=f"{asked.as_of.astimezone(ZoneInfo(parts.desk.timezone)):%Y-%m-%d %H:%M:%S}",
        figures=_figures(_),
        courts=between,
        at=_times(between, parts.desk.timezone, now),
        following=following,
        states={state: timeline.state_words(state, None, _) for state in STATES},
        state_words=lambda filing: timeline.state_words(filing.state, filing.result, _),
        case_types=CASE_TYPES,
        choose=lambda code: str(request.rel_url.update_query(court=code)),
    )


def _times(
    found: Mapping[str, Court], timezone: str, now: datetime
) -> Callable[[datetime, str], LocalTime]:
    """How an instant is told in the time of the court with a code."""

    def at(instant: datetime, code: str) -> LocalTime:
        return local_time(instant, courts.zone_of(found[code], timezone), now)

    return at


async def _asked(request: web.Request, session: AsyncSession, viewer: Viewer) -> Asked:
    _ = translate_page(request, viewer)
    words = {name: words_asked(request, name) for name in _WORDS}
    zone = ZoneInfo(parts_of(request).desk.timezone)
    faults: list[str] = []
    code, choices = await _court(request, session, words["court"], viewer, faults, _)
    after = position_of(words["cursor"]) if words["cursor"] else None
    if words["cursor"] and after is None:
        faults.append(_("页码无法识别，请重新查询。"))
    since, until = (_day(words[name], faults, _) for name in ("since", "until"))
    as_of = _instant(words["as_of"]) or parts_of(request).clock.now()
    figure = next((one for one in FIGURES if one == words["figure"]), None)
    query = FilingQuery(
        limit=ON_A_PAGE,
        reference=words["q"] or None,
        state=words["state"] if words["state"] in STATES else None,
        court=code,
        province=words["province"] or None,
        figure=figure,
        as_of=as_of,
        role=words["role"] if words["role"] in {"jurisdiction", "collaborating"} else None,
        since=_begins(since, zone),
        until=_begins(until + timedelta(days=1) if until else None, zone),
        drill={"only": True, "exclude": False}.get(words["drill"]),
        scope_court=viewer.scope_court,
        scope_province=viewer.scope_province,
        scope_served=viewer.served,
        after=after,
    )
    return Asked(words, query, as_of, choices, tuple(faults))


def _kept(asked: Asked) -> dict[str, str]:
    """What later pages need to list what the first one does."""
    return {"as_of": asked.as_of.isoformat()} if asked.query.figure is not None else {}


async def _court(
    request: web.Request,
    session: AsyncSession,
    words: str,
    viewer: Viewer,
    faults: list[str],
    translate: Translate,
) -> tuple[str | None, tuple[Court, ...]]:
    """The code of the court that the words mean, or the courts they could mean."""
    _ = translate
    if not words:
        return None, ()
    province = viewer.officer.court.province if viewer.officer else viewer.scope_province
    searcher = parts_of(request).searcher
    found = await search.resolve(session, words, province=province, searcher=searcher)
    if found.court is not None:
        return found.court.code, ()
    if not found.choices:
        faults.append(_("没有找到法院“{words}”。", words=words))
    return None, found.choices[:20]


def _day(words: str, faults: list[str], translate: Translate) -> date | None:
    _ = translate
    if not words:
        return None
    try:
        day = date.fromisoformat(words)
    except ValueError:
        faults.append(_("日期“{words}”无法识别，应如 2026-11-24。", words=words))
        return None
    if not date(1970, 1, 1) <= day < date(9999, 1, 1):
        faults.append(_("日期“{words}”无法识别，应如 2026-11-24。", words=words))
        return None
    return day


def _instant(words: str) -> datetime | None:
    """An instant with its offset, as links carry it; None for anything else."""
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        return None
    # A year more on either side: whatever is added to it stays a date.
    return found if found.tzinfo is not None and 1970 < found.year < 9998 else None


def _figures(translate: Translate) -> dict[Figure, str]:
    """What a bulletin counts, as a reader chooses it."""
    _ = translate
    return {
        "total": _("计入总数的"),
        "in_time": _("期内审核"),
        "late": _("超期审核"),
        "overdue": _("超期待审核"),
        "pending": _("期内待审核"),
        "decided": _("计入按期率的"),
        "apart": _("超期单列的"),
        "withdrawn": _("撤回的"),
        "timed": _("计入用时的"),
        "settled_working": _("计入 30 分钟占比的（工作时间）"),
        "within_working": _("30 分钟内应答的（工作时间）"),
        "settled_wall": _("计入 30 分钟占比的（自然时间）"),
        "within_wall": _("30 分钟内应答的（自然时间）"),
    }


def _begins(day: date | None, zone: tzinfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone)


async def show(request: web.Request) -> web.Response:
    """`GET /filings/{reference}`: the facts, who was paged, everything that happened.

    Raises:
        Problem: 404, also for a filing that is not the viewer's to see.
    """
    viewer = await viewer_of(request)
    parts = parts_of(request)
    _ = translate_page(request, viewer)
    reference = request.match_info["reference"]
    async with parts.database.reading() as session:
        filing = None
        if filings.is_reference(reference):
            filing = await filings.find(session, reference)
        seen = await timeline.load(session, filing, parts.desk) if filing is not None else None
    if seen is None or not (
        sees(viewer, seen.jurisdiction, seen.collaborating) or _took(viewer, seen.filing)
    ):
        raise Problem(404, _("没有这个编号的立案，或它不在您的查看范围内。"))
    now = parts.clock.now()

    def at(instant: datetime) -> str:
        return f"{instant.astimezone(seen.zone):%Y-%m-%d %H:%M:%S}"

    def short(instant: datetime) -> str:
        """The time, with the date only where it is not the day of arrival."""
        local = instant.astimezone(seen.zone)
        same = local.date() == seen.filing.received_at.astimezone(seen.zone).date()
        return f"{local:%H:%M:%S}" if same else f"{local:%Y-%m-%d %H:%M:%S}"

    return await render(
        request,
        "filing.j2",
        viewer=viewer,
        seen=seen,
        filing=seen.filing,
        at=at,
        now=now,
        case_type=CASE_TYPES.get(seen.filing.case_type, seen.filing.case_type),
        state_words=lambda one: timeline.state_words(one.state, one.result, _),
        rows=timeline.rows(seen, _),
        short=short,
        may_open=lambda hop: sees(viewer, hop.jurisdiction, hop.collaborating),
    )


def _took(viewer: Viewer, filing: Filing) -> bool:
    """Whether the viewer acknowledged it, perhaps for a court that was closed."""
    by = filing.acknowledged_by or {}
    return viewer.officer is not None and by.get("officer_id") == viewer.officer.id


def sees(viewer: Viewer, jurisdiction: Court, collaborating: Court) -> bool:
    """Whether the viewer's scope includes a filing between these courts: one of them is enough."""
    if jurisdiction.code in viewer.served:
        return True
    return any(
        (viewer.scope_court is None or viewer.scope_court == side.code)
        and (viewer.scope_province is None or viewer.scope_province == side.province)
        for side in (jurisdiction, collaborating)
    )
