"""`/leave`: an officer enters leave for themself, a leader for anybody of the court; one tap, and one to take it back.

What leave does to pages is `directory.roster`'s business.
"""

from datetime import date, timedelta

from bot.chat import drafts
from bot.chat.day_choice import (
    Row,
    cancel_row,
    day_buttons,
    days_chosen,
    sensible,
    today_at,
)
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined, quoted
from bot.chat.roster_notices import tell_officer
from bot.models import Draft
from directory import day_words, duty, officers, shifts
from directory.duty_models import Leave
from directory.models import Officer
from directory.roster import PLANNED_POSTS
from directory.texts import Translate
from notifications.day_texts import days_said
from notifications.wording import Wording

KIND = "leave"

#: How long the taps may take, and how long an entry can be taken back here.
LIFETIME = timedelta(hours=12)

#: So far ahead entered leave is listed.
_AHEAD = timedelta(days=400)

#: So many colleagues are offered.
_MOST_PEOPLE = 12


async def command(talk: Talk, words: str) -> None:
    """`/leave [DAYS]`, in the private chat."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    if not talk.private:
        await talk.reply(_("请私聊机器人发送 /leave。"))
        return
    today = today_at(talk, officer.court)
    span = day_words.days_of(words, today) if words else None
    if words and (span is None or not sensible(*span, today)):
        await talk.reply(
            _(
                "日期“{words}”无法识别，请写成 11-24..11-28、明天或下周一。",
                words=quoted(words),
            )
        )
        return
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"officer": officer.id},
        lifetime=LIFETIME,
        now=talk.now,
    )
    row = await talk.reply("…")
    draft.data = {**draft.data, "message": row}
    if span is not None:
        await _enter(talk, draft, *span)
    else:
        await _ask_days(talk, draft, officer)


async def _ask_days(talk: Talk, draft: Draft, officer: Officer) -> None:
    """Whose leave it will be, what is entered already, and the days to choose from."""
    _ = talk.html
    today = today_at(talk, officer.court)
    entered = await shifts.leaves_of(talk.session, [officer.id], today, today + _AHEAD)
    lines = [
        bold(_("休假登记：{name}", name=officer.name)),
        *(_("已登记 {days}", days=days_said(one.first_day, one.last_day, _)) for one in entered),
        _("请点选日期，或直接发送日期，例如 11-24..11-28"),
    ]
    plain = talk.plain
    rows = day_buttons(draft, today, plain)
    rows[-1:-1] = [
        [
            {
                "text": plain("撤销 {days}", days=days_said(one.first_day, one.last_day, plain)),
                "data": drafts.encode(draft, f"undo={one.id}"),
            }
        ]
        for one in entered[:5]
    ]
    if "leader" in talk.speaker.posts:
        label = plain("为同事登记")
        rows.insert(-1, [{"text": label, "data": drafts.encode(draft, "others")}])
    await talk.edit(draft.data["message"], joined(lines), rows)


def asks(draft: Draft) -> bool:
    """Whether days are still asked for; once they are entered only 撤销 is left."""
    return "leave" not in draft.data


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """Days typed while the question stands; False when none stands or the text is no day."""
    linked = talk.speaker.officer
    if linked is None or not talk.private or not asks(draft):
        return False
    today = today_at(talk, linked.court)
    span = day_words.days_of(text, today)
    if span is None or not sensible(*span, today):
        return False
    await _enter(talk, draft, *span)
    return True


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A tap on days, on a colleague, on 撤销 or on 取消."""
    _ = talk.plain
    word, _equals, number = choice.partition("=")
    if talk.speaker.officer is None:
        talk.refuse(refusal("stranger", _))
    elif word == "no":
        await cancel(talk, draft)
        talk.answer()
    elif word == "undo" and number.isdecimal():
        await _take_back(talk, draft, int(number))
    elif word == "others":
        await _ask_who(talk, draft)
    elif word == "who" and number.isdecimal():
        await _choose(talk, draft, int(number))
    elif (span := days_chosen(choice)) is not None:
        talk.answer()
        await _enter(talk, draft, *span)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def cancel(talk: Talk, draft: Draft) -> None:
    """End the conversation; nothing was entered."""
    _ = talk.html
    await drafts.close(talk.session, draft, now=talk.now)
    await talk.edit(draft.data["message"], _("已取消，没有登记休假。"))


async def _ask_who(talk: Talk, draft: Draft) -> None:
    _ = talk.plain
    officer = talk.speaker.officer
    if officer is None or "leader" not in talk.speaker.posts:
        talk.refuse(_("只有带班领导可以为同事登记。"))
        return
    talk.answer()
    people = await officers.of_court(talk.session, officer.court_code)
    rows: list[Row] = [
        [{"text": one.name, "data": drafts.encode(draft, f"who={one.id}")}]
        for one in people[:_MOST_PEOPLE]
    ]
    question = bold(talk.html("为谁登记休假？"))
    await talk.edit(draft.data["message"], question, [*rows, cancel_row(draft, _)])


async def _choose(talk: Talk, draft: Draft, officer_id: int) -> None:
    _ = talk.plain
    officer = await _whom(talk, officer_id)
    if officer is None:
        talk.refuse(_("只有带班领导可以为同事登记。"))
        return
    talk.answer()
    drafts.go_on(draft, {**draft.data, "officer": officer.id}, lifetime=LIFETIME, now=talk.now)
    await _ask_days(talk, draft, officer)


async def _whom(talk: Talk, officer_id: int) -> Officer | None:
    """The officer whose leave the speaker may enter; None when they may not."""
    mine = talk.speaker.officer
    found = await talk.session.get(Officer, officer_id)
    if mine is None or found is None or found.left_at is not None:
        return None
    leads = "leader" in talk.speaker.posts and found.court_code == mine.court_code
    return found if leads or found.id == mine.id else None


async def _enter(talk: Talk, draft: Draft, first: date, last: date) -> None:
    """Write the leave, say what follows from it, and tell whoever is concerned."""
    _ = talk.html
    officer = await _whom(talk, draft.data["officer"])
    if officer is None:
        await talk.edit(draft.data["message"], _("只有带班领导可以为同事登记。"))
        return
    entered = await shifts.leaves_of(talk.session, [officer.id], first, last)
    if any(one.first_day <= first and last <= one.last_day for one in entered):
        said = days_said(first, last, _)
        await talk.edit(draft.data["message"], _("{days}的休假已登记过。", days=said))
        await drafts.close(talk.session, draft, now=talk.now)
        return
    one = await shifts.leave(
        talk.session, officer.id, first, last, by=talk.speaker.actor.who, now=talk.now
    )
    data = {**draft.data, "leave": one.id}
    drafts.go_on(draft, data, lifetime=LIFETIME, now=talk.now)
    lines = [bold(_("✅ 已登记休假：{name}　{days}", name=officer.name,
                    days=days_said(first, last, _)))]  # fmt: skip
    lines += await _consequences(talk, officer, first, last)
    undo = {"text": talk.plain("撤销"), "data": drafts.encode(draft, f"undo={one.id}")}
    await talk.edit(draft.data["message"], joined(lines), [[undo]])
    await _tell(talk, officer, one, entered=True)


async def _consequences(talk: Talk, officer: Officer, first: date, last: date) -> list[str]:
    """Which of the officer's posts stand empty in these days, and who is called instead."""
    _ = talk.html
    words = Wording(_)
    court = officer.court
    known = await duty.rosters(talk.session, [court], first, last, now=talk.now)
    roster = known[court.code]
    lines: list[str] = []
    day = first
    while day <= last and len(lines) < 3:
        then = roster.on(day)
        for post in PLANNED_POSTS:
            alone = not then.reachable(post)
            if alone and any(one.officer_id == officer.id for one in then.of(post)):
                lines.append(
                    _(
                        "注意：{day}{post}仍排 {name}，届时呼叫改由下一岗位接替。可用 /shift 或 /swap 改排。",
                        day=words.day(day.isoformat()),
                        post=words.post(post),
                        name=officer.name,
                    )
                )
        day += timedelta(days=1)
    return lines[:3]


async def _take_back(talk: Talk, draft: Draft, leave_id: int) -> None:
    _ = talk.plain
    entered = await talk.session.get(Leave, leave_id)
    officer = await _whom(talk, entered.officer_id) if entered is not None else None
    if entered is None or officer is None or entered.cancelled_at is not None:
        talk.refuse(_("该操作此前已处理。"))
        return
    await shifts.cancel_leave(talk.session, leave_id, by=talk.speaker.actor.who, now=talk.now)
    await drafts.close(talk.session, draft, now=talk.now)
    talk.answer()
    _ = talk.html
    said = days_said(entered.first_day, entered.last_day, _)
    text = _("已撤销休假：{name}　{days}", name=officer.name, days=said)
    await talk.edit(draft.data["message"], text)
    await _tell(talk, officer, entered, entered=False)


async def _tell(talk: Talk, officer: Officer, leave: Leave, *, entered: bool) -> None:
    """Tell the officer whose leave it is, and the court's leaders; not whoever did it."""

    def say(translate: Translate) -> str:
        _ = translate
        days = days_said(leave.first_day, leave.last_day, _)
        if entered:
            return _("已登记休假：{name}　{days}", name=officer.name, days=days)
        return _("已撤销休假：{name}　{days}", name=officer.name, days=days)

    readers = [officer, *await _leaders(talk, officer)]
    for reader in {one.id: one for one in readers}.values():
        await tell_officer(talk, reader, say)


async def _leaders(talk: Talk, officer: Officer) -> list[Officer]:
    today = today_at(talk, officer.court)
    people = await officers.of_court(talk.session, officer.court_code)
    return [one for one in people if "leader" in officers.posts_on(one, today)]
