"""What is sent of a bulletin, made when it is sent: a leader's own line, a draft, the group's picture. Decides nothing."""

import asyncio
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from markupsafe import Markup, escape
from sqlalchemy.ext.asyncio import AsyncSession

from directory.texts import Translate
from notifications import bulletins
from notifications.bulletin_figures import LAYOUTS, Layout, Line, Period
from notifications.bulletin_models import Bulletin
from notifications.bulletin_picture import png
from notifications.bulletin_words import BulletinWords, file_name, page_name, percent, said
from notifications.desk import DeskRules
from notifications.drawing import NoChineseFont, NotDrawn
from notifications.messages import Button, Document, Message
from notifications.models import OutgoingMessage

#: So many courts are named at each end of a draft.
_MOST_OF_DRAFT = 3

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def message(
    session: AsyncSession,
    outgoing: OutgoingMessage,
    translate: Translate,
    desk: DeskRules,
    *,
    now: datetime,
) -> Message | None:
    """A text or a file; `translate` gives plain text. None when the bulletin is gone."""
    both = await words(session, outgoing.payload, translate, desk, now=now)
    if both is None:
        return None
    shown = both[0]
    if outgoing.kind == bulletins.TEXT:
        bulletin = await session.get_one(Bulletin, outgoing.payload["bulletin"])
        line = shown.sheet.line(outgoing.payload["key"])
        return None if line is None else _own(bulletin, shown, line, desk, now)
    if outgoing.kind == bulletins.DRAFT:
        return _draft(shown)
    try:
        return await _picture(shown, outgoing.payload.get("page", 0))
    except (NoChineseFont, NotDrawn) as fault:
        # Better the figures in another form than none.
        log.warning("bulletin_without_picture", fault=type(fault).__name__)
        return Message(_caption(shown)) if not outgoing.payload.get("page") else None


async def words(
    session: AsyncSession,
    what: dict[str, Any],
    translate: Translate,
    desk: DeskRules,
    *,
    now: datetime,
) -> tuple[BulletinWords, BulletinWords] | None:
    """A bulletin (`{"bulletin": id}`), or a preview, in its own layout and in the other; None when it is gone."""
    zone = ZoneInfo(desk.timezone)
    if "bulletin" in what:
        bulletin = await session.get(Bulletin, what["bulletin"])
        if bulletin is None:
            return None
        sheet, number = bulletins.sheet_of(bulletin), bulletin.number
        corrected = await bulletins.corrections(session, bulletin, desk)
        layout, earlier = bulletin.layout, None
    else:
        period = Period(date.fromisoformat(what["first"]), date.fromisoformat(what["last"]))
        sheet = await bulletins.preview(session, what["province"], period, desk, now=now)
        number, corrected, layout = None, [], what["layout"]
        published = await bulletins.published(session, what["province"], period)
        earlier = published.number if published is not None else None
    made: dict[str, BulletinWords] = {
        one: BulletinWords(sheet, one, translate, zone, number, corrected, earlier)
        for one in LAYOUTS
    }
    other: Layout = "measures" if layout == "states" else "states"
    return made[layout], made[other]


async def _picture(shown: BulletinWords, page: int) -> Message:
    content = await asyncio.to_thread(png, shown, page)
    name = page_name(file_name(shown.sheet, shown.number, "png"), page, shown.sheet.pictures)
    # What it is stands with the first.
    caption = _caption(shown) if page == 0 else f"{page + 1}/{shown.sheet.pictures}"
    return Message(caption, document=Document(name, content))


def _caption(shown: BulletinWords) -> str:
    lines = [shown.title(), shown.period(), shown.standing(), *shown.sums()]
    return Markup("<b>{}</b>\n").format(lines[0]) + Markup("\n").join(lines[1:])


def headline(shown: BulletinWords, most: int) -> list[str]:
    """The best and the last ranked lines, and who falls short of the target; plain text."""
    _ = shown.translate
    rows = [row for row in shown.rows() if _rank(shown, row.line) is not None]
    listed = rows if len(rows) <= 2 * most else [*rows[:most], None, *rows[-most:]]
    lines = []
    for row in listed:
        if row is None:
            lines.append("…")
            continue
        share = row.line.states.rate
        if shown.layout == "measures":
            share = row.line.measures.working.share
        mark = "" if row.reached else "▼"
        lines.append(f"{_rank(shown, row.line)}. {row.line.name}　{mark}{percent(share)}")
    return lines or [_("没有达到排名所需件数的法院。")]


def _rank(shown: BulletinWords, line: Line) -> int | None:
    return line.rank if shown.layout == "states" else line.rank_measures


def _own(
    bulletin: Bulletin, shown: BulletinWords, line: Line, desk: DeskRules, now: datetime
) -> Message:
    """The line of the reader's own court, with the files, and 提出异议 while there is something to contest."""
    _ = shown.translate
    zone = ZoneInfo(desk.timezone)
    states, before = line.states, line.before
    lines = [
        Markup("<b>{}</b>").format(_("【通报】{number}", number=bulletin.number)),
        _("{title}　{days}", title=shown.title(), days=said(shown.sheet.period)),
        _(
            "{court}：期内审核 {in_time}，超期审核 {late}，超期待审核 {overdue}，期内待审核 {pending}；按期率 {rate}（上期 {before}），名次 {rank}",
            court=line.name,
            in_time=states.in_time,
            late=states.late,
            overdue=states.overdue,
            pending=states.pending,
            rate=percent(states.rate),
            before=percent(before.rate),
            rank=str(line.rank) if line.rank is not None else _("样本不足"),
        ),
    ]
    rows = [file_buttons(bulletin.id, _)]
    counted_against = states.late or states.overdue
    if counted_against and bulletin.province is not None and now < bulletin.contest_until:
        until = bulletins.contested_until(bulletin, zone)
        lines.append(_("对本院数字有异议的，请在 {time} 前点“提出异议”。", time=until))
        data = f"bulletin:{bulletin.id}:contest"
        rows.append((Button(_("提出异议"), data),))
    return Message(Markup("\n").join(escape(line) for line in lines), tuple(rows))


def _draft(shown: BulletinWords) -> Message:
    """What would be published, with 发布 and the way to the whole preview."""
    _ = shown.translate
    lines = [
        Markup("<b>{}</b>").format(_("【通报草稿】{title}", title=shown.title())),
        shown.period(),
        *shown.sums(),
        "",
        *headline(shown, _MOST_OF_DRAFT),
        "",
        _("点“发布”即按当时数字定稿并发出；先看预览可改版式、下载图片和表格。"),
    ]
    period = shown.sheet.period
    days = f"bulletin_draft:{period.first}:{period.last}"
    row = (
        Button(_("发布"), f"{days}:publish", style="primary"),
        Button(_("看预览"), f"{days}:open"),
    )
    return Message(Markup("\n").join(escape(line) for line in lines), (row,))


def file_buttons(bulletin_id: int, translate: Translate) -> tuple[Button, ...]:
    """One for each kind of file of a published bulletin."""
    _ = translate
    return (
        Button(_("图片"), f"bulletin:{bulletin_id}:picture"),
        Button(_("表格"), f"bulletin:{bulletin_id}:workbook"),
        Button("Word", f"bulletin:{bulletin_id}:document"),
    )
