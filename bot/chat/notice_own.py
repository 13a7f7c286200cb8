"""The notices that were sent to the speaker: the list, each one as it was sent, 已阅. Looking after notices is `notice_list`'s business."""

from markupsafe import Markup

from bot.chat import drafts, notice_presses, notice_signing, notice_words
from bot.chat.notice_panel import MOST, say
from bot.chat.replies import Buttons, Talk, bold, fitting
from bot.models import Draft
from notifications import notice_facts, notice_messages, notice_receipts
from notifications.notice_models import Notice
from notifications.notice_sheet import Receipt

#: The words of these buttons: the whole notice, and 已阅.
WORDS = frozenset({"mine", "read"})


async def listed(talk: Talk, draft: Draft, after: int | None = None) -> None:
    """The latest, those before number `after`; for a leader who of the court is missing as well."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None:
        return
    lines = [bold(_("我的通知"))]
    found = await notice_facts.addressed(talk.session, officer.id, most=MOST + 1, after=after)
    shown = found[:MOST]
    lines += [_standing(talk, notice, receipt) for notice, receipt in shown]
    if not shown:
        lines.append(_("尚无通知。"))
    if not all(receipt.confirmed_at for _notice, receipt in shown):
        lines.append(_("未确认的，请点编号看正文，再点“已阅”。"))
    rows = numbered(talk, draft, [notice for notice, _receipt in shown], "mine")
    rows.append(pages(talk, draft, after, shown[-1][0].id if len(found) > MOST else None))
    signing = await notice_signing.offered(talk, draft, lines, most=MOST)
    await say(talk, draft, fitting(lines, _), [*rows, *signing])


def numbered(
    talk: Talk, draft: Draft, found: list[Notice], word: str
) -> list[list[dict[str, str]]]:
    """A button for each notice of a list, four in a row."""
    _ = talk.html
    every = [
        {
            "text": _("通知 {number}", number=one.id),
            "data": drafts.encode(draft, f"{word}={one.id}"),
        }
        for one in found
    ]
    return [every[:4], every[4:]]


def pages(talk: Talk, draft: Draft, after: int | None, last: int | None) -> list[dict[str, str]]:
    """From those after number `after` back to the latest, and on to those after `last`; None: not."""
    _ = talk.html
    row = []
    if after is not None:
        row.append({"text": _("‹ 最新"), "data": drafts.encode(draft, "list")})
    if last is not None:
        row.append({"text": _("更早 ›"), "data": drafts.encode(draft, f"list={last}")})
    return row


def _standing(talk: Talk, notice: Notice, receipt: Receipt) -> str:
    """A notice in its reader's list: confirmed or not, and by when it is to be."""
    _ = talk.html
    line = notice_words.line(talk, notice, None)
    state = [_("已阅") if receipt.confirmed_at else _("未确认")]
    if notice.confirm_by is not None and not receipt.confirmed_at:
        state.append(_("确认期限：{time}", time=notice_words.when(talk, notice.confirm_by)))
    return _("{notice}　{state}", notice=line, state="　".join(state))


async def chosen(talk: Talk, draft: Draft, notice: Notice, word: str) -> None:
    """One of `WORDS` was pressed; only those to whom the notice went have it here."""
    _ = talk.plain
    officer = talk.speaker.officer
    mine = (
        await notice_facts.receipt(talk.session, notice.id, officer.id)
        if officer is not None
        else None
    )
    if officer is None or mine is None:
        talk.refuse(_("此通知不是发给您的。"))
        return
    if word == "mine":
        talk.answer()
    else:
        came = await notice_receipts.confirm(
            talk.session, notice.id, officer.id, talk.speaker.actor.who, now=talk.now
        )
        notice_presses.told(talk, came)
    await show(talk, draft, notice)


async def show(talk: Talk, draft: Draft, notice: Notice) -> None:
    """The notice as it stands in the speaker's chat, wherever that was; with 已阅 while it waits for that."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None:
        return
    mine = await notice_facts.receipt(talk.session, notice.id, officer.id)
    text = await notice_messages.own(
        talk.session, notice, officer, talk.html, talk.parts.desk, now=talk.now
    )
    rows: Buttons = [[{"text": _("通知列表"), "data": drafts.encode(draft, "list")}]]
    if mine is not None and mine.confirmed_at is None and notice.recalled_at is None:
        read = drafts.encode(draft, f"read={notice.id}")
        rows = [[{"text": _("已阅"), "data": read, "style": "primary"}], *rows]
    await say(talk, draft, [Markup(text)], rows)  # noqa: S704 -- `notice_messages` escapes
