"""`/faq [WORDS]`: the published questions, a page at a time or by words; a coordinator takes one off. Finding is `notifications.faq_search`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast
from zoneinfo import ZoneInfo

from bot.chat import drafts
from bot.chat.after_commit import SendFile
from bot.chat.outcome_words import refusal
from bot.chat.replies import Buttons, Talk, bold, joined, quoted
from bot.models import Draft
from directory import courts
from directory.court_codes import SUPREME
from notifications import faq, faq_file
from notifications.day_texts import day_said
from notifications.faq import Order
from notifications.question_models import FaqEntry
from notifications.wording import Wording

KIND = "faq"

#: How long the buttons work.
LIFETIME = timedelta(hours=12)

#: So many stand on one page, and so many buttons in a row.
SIZE, ROW = 8, 4

#: So much (characters) of each question stands in the list.
SHOWN = 150

#: So many go into a workbook, the newest first.
MOST_EXPORTED = 10_000

#: Words need less likeness than a whole question: whoever types two of them looks around.
LEAST = 0.2


async def command(talk: Talk, words: str) -> None:
    """`/faq` lists, `/faq WORDS` finds; in any chat, for linked officers."""
    _ = talk.html
    if talk.speaker.officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    found: list[int] = []
    if words:
        hits = await talk.parts.faq.find(
            talk.session, words, province=talk.speaker.province, limit=SIZE, at_least=LEAST
        )
        found = [hit.id for hit in hits]
        if not found:
            said = _("常见问题里没有“{words}”。可以用 /ask 提问。", words=quoted(words))
            await talk.reply(said)
            return
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"found": found, "words": quoted(words), "page": 0, "order": "useful"},
        lifetime=LIFETIME,
        now=talk.now,
    )
    text, buttons = await _listed(talk, draft)
    draft.data = {**draft.data, "message": await talk.reply(text, buttons)}


async def _listed(talk: Talk, draft: Draft) -> tuple[str, Buttons]:
    """The list as it is now."""
    _ = talk.html
    data = draft.data
    if data["found"]:
        entries: Sequence[FaqEntry] = await faq.many(talk.session, data["found"])
        lines = [bold(_("常见问题：“{words}”", words=data["words"])), *_lines(talk, entries, 1)]
        return joined(lines), _numbered(draft, entries, 1)
    order = cast("Order", data["order"])
    page = await faq.page(talk.session, data["page"], order=order, size=SIZE)
    if not page.count:
        return _("还没有常见问题。可以用 /ask 提问，答复后由省级协调员决定是否收入。"), []
    first = page.number * SIZE + 1
    lines = [
        bold(_("常见问题（{count} 条）", count=page.count)),
        *_lines(talk, page.entries, first),
    ]
    rows = _numbered(draft, page.entries, first)
    rows.append(_turning(talk, draft, page.number, page.pages))
    plain = talk.plain
    names = {"useful": plain("最有用"), "newest": plain("最新")}
    rows.append(
        [
            {
                "text": f"✓ {name}" if key == order else name,
                "data": drafts.encode(draft, f"by={key}"),
            }
            for key, name in names.items()
        ]
    )
    if talk.private and talk.speaker.is_coordinator:
        rows.append([{"text": plain("导出表格"), "data": drafts.encode(draft, "file")}])
    return joined(lines), [row for row in rows if row]


def _lines(talk: Talk, entries: Sequence[FaqEntry], first: int) -> list[str]:
    return [
        f"{number}. {_cut(faq.said(entry, talk.locale)[0])}"
        for number, entry in enumerate(entries, first)
    ]


def _cut(question: str) -> str:
    return question if len(question) <= SHOWN else question[: SHOWN - 1] + "…"


def _numbered(draft: Draft, entries: Sequence[FaqEntry], first: int) -> list[list[dict[str, str]]]:
    every = [
        {"text": str(number), "data": drafts.encode(draft, f"see={entry.id}")}
        for number, entry in enumerate(entries, first)
    ]
    return [every[start : start + ROW] for start in range(0, len(every), ROW)]


def _turning(talk: Talk, draft: Draft, number: int, pages: int) -> list[dict[str, str]]:
    _ = talk.plain
    row = []
    if number > 0:
        row.append({"text": _("‹ 上一页"), "data": drafts.encode(draft, f"page={number - 1}")})
    if number < pages - 1:
        row.append({"text": _("下一页 ›"), "data": drafts.encode(draft, f"page={number + 1}")})
    return row


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A number, a page, an order, 返回列表, 有帮助, 撤下."""
    _ = talk.plain
    word, _equals, value = choice.partition("=")
    if talk.speaker.officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif word == "page" and value.isdecimal():
        await _turn(talk, draft, page=int(value))
    elif word == "by" and value in {"useful", "newest"}:
        await _turn(talk, draft, order=value, page=0)
    elif word == "list":
        await _turn(talk, draft)
    elif word == "file" and talk.speaker.is_coordinator and talk.private:
        await _export(talk)
    elif word in {"see", "good", "off"} and value.isdecimal():
        await _entry(talk, draft, word, int(value[:18]))
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def _turn(talk: Talk, draft: Draft, **more: object) -> None:
    talk.answer()
    draft.data = {**draft.data, **more}
    text, buttons = await _listed(talk, draft)
    await talk.edit(draft.data["message"], text, buttons)


async def _export(talk: Talk) -> None:
    """The whole list as a workbook."""
    _ = talk.plain
    talk.answer()
    whole = await faq.page(talk.session, 0, order="newest", size=MOST_EXPORTED)
    zone = ZoneInfo(talk.parts.desk.timezone)
    day = talk.now.astimezone(zone).date().isoformat()
    name = _("常见问题 {day}", day=day)
    talk.after.append(
        SendFile(talk.chat_id, f"{name}.xlsx", faq_file.workbook(whole.entries, _, zone))
    )


async def _entry(talk: Talk, draft: Draft, word: str, entry_id: int) -> None:
    """One entry: looked at, said to have helped, taken off."""
    _ = talk.html
    plain = talk.plain
    entry = await faq.get(talk.session, entry_id)
    officer = talk.speaker.officer
    if entry is None or officer is None:
        talk.refuse(plain("此条已撤下。"))
        return
    back = {"text": plain("返回列表"), "data": drafts.encode(draft, "list")}
    if word == "off":
        if not _may_withdraw(talk, entry):
            talk.refuse(plain("只有发布省的协调员可以撤下。"))
            return
        await faq.withdraw(talk.session, entry, now=talk.now)
        talk.answer(plain("已撤下。"))
        await talk.edit(draft.data["message"], _("已撤下：{text}", text=entry.question), [[back]])
        return
    if word == "good":
        new = await faq.helped(talk.session, entry.id, officer.id)
        talk.answer(plain("谢谢，已记下。") if new else plain("您此前已点过。"))
        await talk.session.refresh(entry)
    else:
        talk.answer()
    row = [{"text": plain("有帮助"), "data": drafts.encode(draft, f"good={entry.id}")}, back]
    if _may_withdraw(talk, entry):
        row.append({"text": plain("撤下"), "data": drafts.encode(draft, f"off={entry.id}")})
    asked, said = faq.said(entry, talk.locale)
    lines = [bold(asked), said, _foot(talk, entry)]
    await talk.edit(draft.data["message"], joined(lines), [row])


def _foot(talk: Talk, entry: FaqEntry) -> str:
    """Who published it when, and how many it helped."""
    _ = talk.html
    linked = talk.speaker.linked
    zone = courts.zone_of(linked.court, talk.parts.desk.timezone) if linked is not None else None
    day = day_said(entry.published_at.astimezone(zone).date(), _)
    who = _("示例") if entry.sample else Wording(_).signed(entry.published_by)
    return _("—— {who}　{day}　有帮助 {count}", who=who, day=day, count=entry.helpful)


def _may_withdraw(talk: Talk, entry: FaqEntry) -> bool:
    """The coordinator of the province that published it; the nation's may any."""
    officer = talk.speaker.officer
    if officer is None or not talk.speaker.is_coordinator:
        return False
    return officer.court_code == SUPREME or entry.province == talk.speaker.province
