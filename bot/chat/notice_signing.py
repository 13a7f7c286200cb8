"""代签: a leader confirms for people of the court, a coordinator for the province's; by court, then by person."""

from collections.abc import Sequence
from typing import TypeVar

from bot.chat import drafts
from bot.chat.notice_panel import say, scope
from bot.chat.notice_rights import signer
from bot.chat.replies import Buttons, Talk, bold
from bot.models import Draft
from directory.models import Court
from notifications import notice_facts, notice_receipts, notice_report, notice_sheet
from notifications.notice_audience import may_sign_for
from notifications.notice_facts import Scope
from notifications.notice_models import Notice
from notifications.notice_text import first_line, nested

#: The words of these buttons: courts, one court's people, one person.
WORDS = frozenset({"courts", "court", "sign"})

#: So many courts, and so many people, have a button on one page.
MOST_COURTS = 12
MOST_PEOPLE = 16

_One = TypeVar("_One")


async def chosen(talk: Talk, draft: Draft, notice: Notice, word: str, rest: str) -> None:
    """One of `WORDS` was pressed; `rest` is a person's number or a court's code, each with a page, or a page alone."""
    _ = talk.plain
    code, _dot, page = rest.partition(".")
    if notice.recalled_at is not None:
        talk.refuse(_("此通知已撤回。"))
    elif word == "courts" and "coordinator" in talk.speaker.posts:
        talk.answer()
        await _courts(talk, draft, notice, _number(code))
    elif word == "court":
        court = await talk.session.get(Court, code)
        if court is None or not _may(talk, court):
            talk.refuse(_("您不能代签此人的确认。"))
            return
        talk.answer()
        await _people(talk, draft, notice, court, _number(page))
    elif word == "sign" and code.isdecimal():
        await _sign(talk, draft, notice, int(code), _number(page))
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def offered(talk: Talk, draft: Draft, lines: list[str], *, most: int) -> Buttons:
    """For a leader: which notices people of the court have not confirmed, each with a button; says so in `lines`."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None or not _may(talk, officer.court):
        return []
    found = await notice_facts.with_missing(talk.session, officer.court_code, most=most)
    buttons = []
    for notice in found:
        sheet = await notice_report.load(
            talk.session, notice, Scope(court=officer.court_code), _, talk.parts.desk, now=talk.now
        )
        names = sheet.missing(sheet.lines[0].missing)
        lines.append(
            _(
                "本院未确认通知 {number}“{title}”：{names}",
                number=notice.id, title=nested(first_line(notice.text)), names=names,
            )
        )  # fmt: skip
        choice = f"court={notice.id}.{officer.court_code}"
        text = _("代签 {what}", what=notice.id)
        buttons.append({"text": text, "data": drafts.encode(draft, choice)})
    return [buttons[start : start + 4] for start in range(0, len(buttons), 4)]


def _may(talk: Talk, court: Court) -> bool:
    who = signer(talk.speaker)
    return who is not None and may_sign_for(who, court.code, court.province)


def _number(page: str) -> int:
    """A page as a button names it, counted from 0."""
    return int(page) if page.isdecimal() else 0


def _page(every: Sequence[_One], page: int, most: int) -> tuple[Sequence[_One], int, int]:
    """What stands on a page (past the last: on that one), its number from 0, and how many pages there are."""
    pages = max(1, -(-len(every) // most))
    at = min(page, pages - 1)
    return every[at * most : (at + 1) * most], at, pages


def _turning(talk: Talk, draft: Draft, choice: str, at: int, pages: int) -> list[dict[str, str]]:
    """The buttons to the pages beside page `at`; `choice` is what comes before a page's number."""
    _ = talk.html
    beside = ((_("‹ 上一页"), at - 1), (_("下一页 ›"), at + 1))
    return [
        {"text": text, "data": drafts.encode(draft, f"{choice}.{page}")}
        for text, page in beside
        if 0 <= page < pages
    ]


async def _courts(talk: Talk, draft: Draft, notice: Notice, page: int) -> None:
    """The courts in which somebody is missing, a page of them."""
    _ = talk.html
    missing = await notice_facts.receipts(talk.session, notice.id, scope(talk), missing=True)
    courts = notice_sheet.chase(notice_sheet.by_court(missing))
    shown, at, pages = _page(courts, page, MOST_COURTS)
    buttons = [
        {
            "text": _("{court}　{count} 人", court=line.name, count=len(line.missing)),
            "data": drafts.encode(draft, f"court={notice.id}.{line.code}"),
        }
        for line in shown
    ]
    lines = [bold(_("通知 {number}：代签", number=notice.id))]
    if courts:
        lines.append(_("本人不便操作、但已口头或书面确认的，可以代签；记录代签人。请选择法院："))
    else:
        lines.append(_("全部人员已确认。"))
    turning = _turning(talk, draft, f"courts={notice.id}", at, pages)
    rows = [*([one] for one in buttons), turning, [_back(talk, draft, notice)]]
    await say(talk, draft, lines, rows)


async def _people(talk: Talk, draft: Draft, notice: Notice, court: Court, page: int) -> None:
    """One court's people who have not confirmed, a page of them."""
    _ = talk.html
    sheet = await notice_report.load(
        talk.session, notice, Scope(court=court.code), _, talk.parts.desk, now=talk.now
    )
    missing = [one for line in sheet.lines for one in line.missing]
    shown, at, pages = _page(missing, page, MOST_PEOPLE)
    lines = [
        bold(_("通知 {number}：{court}", number=notice.id, court=court.name)),
        *sheet.figures(),
        *(sheet.who(one) for one in shown),
    ]
    if not missing:
        lines.append(_("全部人员已确认。"))
    buttons = [
        {
            "text": _("代签 {what}", what=one.name),
            "data": drafts.encode(draft, f"sign={notice.id}.{one.officer_id}.{at}"),
        }
        for one in shown
    ]
    rows = [buttons[start : start + 2] for start in range(0, len(buttons), 2)]
    turning = _turning(talk, draft, f"court={notice.id}.{court.code}", at, pages)
    await say(talk, draft, lines, [*rows, turning, [_back(talk, draft, notice)]])


def _back(talk: Talk, draft: Draft, notice: Notice) -> dict[str, str]:
    _ = talk.html
    coordinates = "coordinator" in talk.speaker.posts
    choice = f"n={notice.id}" if coordinates else "list"
    return {"text": _("返回"), "data": drafts.encode(draft, choice)}


async def _sign(talk: Talk, draft: Draft, notice: Notice, officer_id: int, page: int) -> None:
    _ = talk.plain
    who = signer(talk.speaker)
    if who is None:
        talk.refuse(_("您不能代签此人的确认。"))
        return
    came = await notice_receipts.sign_for(
        talk.session, notice.id, officer_id, talk.speaker.actor.who, who, now=talk.now
    )
    if came == "confirmed":
        talk.answer(_("已代签，并记录代签人。"))
    elif came == "already":
        talk.answer(_("此人此前已确认。"))
    else:
        talk.refuse(_("您不能代签此人的确认。"))
        return
    receipt = await notice_facts.receipt(talk.session, notice.id, officer_id)
    court = await talk.session.get(Court, receipt.court_code) if receipt is not None else None
    if court is not None:
        await _people(talk, draft, notice, court, page)
