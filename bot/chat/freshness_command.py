"""`/freshness`: how true the directory is: the own court, a province by court, the nation by province; a workbook of it at a tap.

The figures are `directory.freshness`' business, the workbook `directory.freshness_file`'s.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select

from bot.chat.after_commit import SendFile
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, fitting, joined
from directory import duty, freshness_file, province_rules
from directory.access import LEADING
from directory.court_codes import SUPREME
from directory.freshness import FreshnessRow, freshness, period, total
from directory.freshness_file import legend
from directory.models import Officer
from directory.texts import Translate

#: The button's callback data.
FILE = "freshness:file"

#: So many courts are listed, the worst first, and so many names of one court; the workbook has all.
MOST_LISTED, MOST_NAMED = 15, 20


async def command(talk: Talk, _words: str) -> None:
    """`/freshness`, in the private chat: as much as the speaker answers for."""
    _ = talk.html
    linked = talk.speaker.linked
    if talk.speaker.officer is None or linked is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    if not talk.private:
        await talk.reply(_("请私聊机器人发送 /freshness。"))
        return
    if talk.speaker.is_coordinator:
        rows, province = await _rows(talk, linked)
        lines = [*_whole(rows, province, _), "", *_listed(rows, province, _)]
        button = {"text": talk.plain("下载表格"), "data": FILE}
        await talk.reply(joined([*fitting(lines, _), "", legend(_)]), [[button]])
        return
    rows = await freshness(talk.session, province=linked.court.province, now=talk.now)
    mine = next(row for row in rows if row.key == linked.court_code)
    lines = _facts(mine, f"{mine.name}（{mine.key}）", _)
    if talk.speaker.posts & LEADING:
        lines += await _not_checked(talk, linked)
    await talk.reply(joined([*lines, "", legend(_)]))


def decode(data: str) -> str | None:
    """The button 下载表格; None for any other."""
    return data if data == FILE else None


async def pressed(talk: Talk, _press: str) -> None:
    """下载表格: everything as a workbook, for coordinators."""
    _ = talk.plain
    linked = talk.speaker.linked
    if linked is None or not talk.speaker.is_coordinator or not talk.private:
        talk.refuse(_("只有省级协调员可以下载。"))
        return
    rows, province = await _rows(talk, linked)
    day = duty.local_day(linked.court, talk.now, talk.parts.desk.timezone)
    content = freshness_file.write(rows, _, province=province, day=day)
    name = _("通讯录准确度 {where} {day}", where=_where(province, _), day=day.isoformat())
    talk.after.append(SendFile(talk.chat_id, f"{name}.xlsx", content))
    talk.answer(_("表格随后发送。"))


async def _rows(talk: Talk, linked: Officer) -> tuple[list[FreshnessRow], str | None]:
    """A coordinator's: the courts of the province; all provinces (None) for the one of 最高法."""
    province = None if linked.court_code == SUPREME else linked.court.province
    return await freshness(talk.session, province=province, now=talk.now), province


def _where(province: str | None, translate: Translate) -> str:
    _ = translate
    return province if province is not None else _("全国")


def _whole(rows: Sequence[FreshnessRow], province: str | None, translate: Translate) -> list[str]:
    where = _where(province, translate)
    return _facts(total("", where, rows), where, translate)


def _facts(row: FreshnessRow, name: str, translate: Translate) -> list[str]:
    """The score with the counts behind it."""
    _ = translate
    lines = [
        bold(_("通讯录准确度　{name}", name=name)),
        _("得分 {score}（满分 100）", score=row.score),
        _(
            "在册 {officers} 人，期内已核对 {verified} 人（{percent}%），从未核对 {never} 人",
            officers=row.officers,
            verified=row.verified,
            percent=int(row.share * 100),
            never=row.never,
        ),
    ]
    if found := _lacks(row, _):
        lines.append("⚠️ " + _("；").join(found))
    return lines


def _lacks(row: FreshnessRow, translate: Translate) -> list[str]:
    """What costs points besides cards that nobody has checked."""
    _ = translate
    one = row.courts == 1
    without_b = _("无B岗") if one else _("{count} 个法院无B岗", count=row.without_b)
    unlinked = (
        _("无人关联聊天账号") if one else _("{count} 个法院无人关联", count=row.unlinked_courts)
    )
    said = (
        (row.without_b, without_b),
        (row.unlinked_courts, unlinked),
        (row.bounced, _("{count} 人的账号收不到消息", count=row.bounced)),
        (
            row.open_corrections,
            _("{count} 条有误反映未处理", count=row.open_corrections),
        ),
    )
    return [words for count, words in said if count]


def _listed(rows: Sequence[FreshnessRow], province: str | None, translate: Translate) -> list[str]:
    """The worst first, every province or so many courts."""
    _ = translate
    kept = rows[: MOST_LISTED if province is not None else len(rows)]
    lines = [_("由低到高：")]
    for number, row in enumerate(kept, 1):
        name = row.name if province is None else f"{row.name}（{row.key}）"
        checked = _("核对 {verified}/{officers}", verified=row.verified, officers=row.officers)
        parts = [_("{score} 分", score=row.score), checked, *_lacks(row, _)]
        lines += [f"{number}. {name}", "　".join(parts)]
    if len(rows) > len(kept):
        lines.append(_("其余 {count} 个法院见表格。", count=len(rows) - len(kept)))
    return lines


async def _not_checked(talk: Talk, linked: Officer) -> list[str]:
    """For who answers for the court: the people whose cards nobody has checked in the period."""
    _ = talk.html
    rules = await province_rules.of(talk.session, linked.court.province)
    names = await talk.session.scalars(
        select(Officer.name)
        .where(
            Officer.court_code == linked.court_code,
            Officer.left_at.is_(None),
            or_(Officer.verified_at.is_(None), Officer.verified_at < talk.now - period(rules)),
        )
        .order_by(Officer.id)
        .limit(MOST_NAMED)
    )
    found = list(names)
    if not found:
        return []
    return [_("期内未核对：{names}（/edit 姓名 可更改）", names=_("、").join(found))]
