"""`/shift`: a leader (or the province's coordinator) says who stands at a post on which days, in three taps.

What is planned already is said first and goes only when that is confirmed. Swapping between officers
is `/swap`, files of shifts are read by `roster import`.
"""

from datetime import date, timedelta
from typing import Any

from bot.chat import drafts
from bot.chat.day_choice import (
    Row,
    cancel_row,
    day_buttons,
    days_chosen,
    sensible,
    today_at,
)
from bot.chat.duty_commands import courts_meant
from bot.chat.filing_rows import named
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined
from bot.chat.roster_notices import tell_officer
from bot.models import Draft
from directory import courts, day_words, duty, officers, shifts
from directory.duty_models import Shift
from directory.errors import LiaisonError
from directory.models import Court, Officer
from directory.roster import PLANNED_POSTS
from directory.texts import Translate
from notifications.day_texts import days_said
from notifications.wording import Wording

KIND = "shift"

#: How long the taps may take, and how long an entry can be taken back here.
LIFETIME = timedelta(hours=12)

#: So many days of the plan are shown.
_SHOWN = timedelta(days=14)

#: So many people are offered.
_MOST_PEOPLE = 12


async def command(talk: Talk, words: str) -> None:
    """`/shift [COURT]`, in the private chat: a leader for the own court, a coordinator for any of the province."""
    _ = talk.html
    if talk.speaker.officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    if not talk.private:
        await talk.reply(_("请私聊机器人发送 /shift。"))
        return
    meant = await courts_meant(talk, words)
    if not meant:
        return
    (court,) = meant
    if not _may_plan(talk, court):
        await talk.reply(_("只有本院带班领导和省级协调员可以排班。"))
        return
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"court": court.code, "post": "A"},
        lifetime=LIFETIME,
        now=talk.now,
    )
    row = await talk.reply("…")
    draft.data = {**draft.data, "message": row}
    await _ask_who(talk, draft, court)


def _may_plan(talk: Talk, court: Court) -> bool:
    officer = talk.speaker.officer
    if officer is None:
        return False
    leads = "leader" in talk.speaker.posts and officer.court_code == court.code
    return leads or (talk.speaker.is_coordinator and talk.speaker.province == court.province)


async def _ask_who(talk: Talk, draft: Draft, court: Court) -> None:
    """The plan of the next two weeks, and the people to choose from."""
    _ = talk.html
    words = Wording(_)
    post = draft.data["post"]
    today = today_at(talk, court)
    lines = [bold(_("排班：{court}　{post}", court=named(court), post=words.post(post)))]
    lines += await _plan_lines(talk, court, post, today)
    lines.append(_("请选择值班人员"))
    people = await _people(talk, court, today)
    rows: list[Row] = []
    for number, person in enumerate(people[:_MOST_PEOPLE]):
        if number % 2 == 0:
            rows.append([])
        rows[-1].append({"text": person.name, "data": drafts.encode(draft, f"who={person.id}")})
    plain = talk.plain
    rows.append(
        [
            {
                "text": plain("改排{post}", post=Wording(plain).post(other)),
                "data": drafts.encode(draft, f"post={other}"),
            }
            for other in PLANNED_POSTS
            if other != post
        ]
    )
    await talk.edit(draft.data["message"], joined(lines), [*rows, cancel_row(draft, plain)])


async def _plan_lines(talk: Talk, court: Court, post: str, today: date) -> list[str]:
    """Who stands there in the next two weeks, in stretches."""
    _ = talk.html
    last = today + _SHOWN
    known = await duty.rosters(talk.session, [court], today, last, now=talk.now)
    roster = known[court.code]
    lines: list[str] = []
    day = today
    while day <= last:
        change = roster.change_after(day, last, (post,))
        end = change - timedelta(days=1) if change is not None else last
        names = _("、").join(one.name for one in roster.on(day).of(post))
        lines.append(f"{days_said(day, end, _)}　{names or _('无人')}")
        day = end + timedelta(days=1)
    return lines[:8]


async def _people(talk: Talk, court: Court, today: date) -> list[Officer]:
    """Those of the court who answer filings today."""
    people = await officers.of_court(talk.session, court.code)
    return [one for one in people if officers.posts_on(one, today) & set(PLANNED_POSTS)]


def asks(draft: Draft) -> bool:
    """Whether something is still asked for; once a shift is written only 撤销 is left."""
    return "shift" not in draft.data


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """Days typed while the question stands; False when none stands or the text is no day."""
    if talk.speaker.officer is None or not talk.private:
        return False
    if "officer" not in draft.data or not asks(draft):
        return False
    today = today_at(talk, talk.speaker.officer.court)
    span = day_words.days_of(text, today)
    if span is None or not sensible(*span, today):
        return False
    court = await courts.get(talk.session, draft.data["court"])
    if _may_plan(talk, court):
        await _check(talk, draft, court, *span)
    return True


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A tap on a person, a post, days, 仍然指定, 撤销 or 取消."""
    _ = talk.plain
    word, _equals, value = choice.partition("=")
    court = await courts.get(talk.session, draft.data["court"])
    if not _may_plan(talk, court):
        talk.refuse(_("只有本院带班领导和省级协调员可以排班。"))
    elif word == "no":
        await cancel(talk, draft)
        talk.answer()
    elif word == "post" and value in PLANNED_POSTS:
        _go_on(talk, draft, post=value)
        await _ask_who(talk, draft, court)
    elif word == "who" and value.isdecimal():
        await _ask_days(talk, draft, court, int(value))
    elif (span := days_chosen(choice)) is not None and "officer" in draft.data:
        talk.answer()
        await _check(talk, draft, court, *span)
    elif word == "yes" and "first" in draft.data:
        talk.answer()
        await _assign(talk, draft, court)
    elif word == "undo" and "shift" in draft.data:
        await _take_back(talk, draft)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def cancel(talk: Talk, draft: Draft) -> None:
    """End the conversation; nothing was planned."""
    _ = talk.html
    await drafts.close(talk.session, draft, now=talk.now)
    await talk.edit(draft.data["message"], _("已取消，值班安排不变。"))


def _go_on(talk: Talk, draft: Draft, **more: Any) -> None:
    talk.answer()
    drafts.go_on(draft, {**draft.data, **more}, lifetime=LIFETIME, now=talk.now)


async def _ask_days(talk: Talk, draft: Draft, court: Court, officer_id: int) -> None:
    today = today_at(talk, court)
    people = {one.id: one for one in await _people(talk, court, today)}
    if officer_id not in people:
        talk.refuse(talk.plain("此按钮已失效，请看最新的消息。"))
        return
    _go_on(talk, draft, officer=officer_id)
    _ = talk.html
    post = Wording(_).post(draft.data["post"])
    lines = [
        bold(_("{post}　{name}", post=post, name=people[officer_id].name)),
        _("请点选日期，或直接发送日期，例如 11-24..11-28"),
    ]
    await talk.edit(draft.data["message"], joined(lines), day_buttons(draft, today, talk.plain))


async def _check(talk: Talk, draft: Draft, court: Court, first: date, last: date) -> None:
    """Assign, or say first what is planned already and ask whether it shall go."""
    _ = talk.html
    words = Wording(_)
    post, officer_id = draft.data["post"], draft.data["officer"]
    lines: list[str] = []
    for one in await shifts.planned(talk.session, court.code, first, last, posts=[post]):
        if one.officer_id != officer_id:
            holder = await talk.session.get_one(Officer, one.officer_id)
            span = days_said(one.first_day, one.last_day, _)
            lines.append(_("{days}已排 {name}", days=span, name=holder.name))
    for away in await shifts.leaves_of(talk.session, [officer_id], first, last):
        span = days_said(away.first_day, away.last_day, _)
        lines.append(_("{days}此人休假", days=span))
    data = {"first": first.isoformat(), "last": last.isoformat()}
    drafts.go_on(draft, {**draft.data, **data}, lifetime=LIFETIME, now=talk.now)
    if not lines:
        await _assign(talk, draft, court)
        return
    officer = await talk.session.get_one(Officer, officer_id)
    head = _(
        "{days}　{post}　{name}",
        days=days_said(first, last, _),
        post=words.post(post),
        name=officer.name,
    )
    plain = talk.plain
    yes = {"text": plain("仍然指定"), "data": drafts.encode(draft, "yes")}
    text = joined([bold(head), _("与现有安排冲突："), *lines[:6]])
    await talk.edit(draft.data["message"], text, [[yes], cancel_row(draft, plain)])


async def _assign(talk: Talk, draft: Draft, court: Court) -> None:
    """Write the shift, and tell who stands there now and who no longer does."""
    _ = talk.html
    data = draft.data
    post = data["post"]
    first, last = date.fromisoformat(data["first"]), date.fromisoformat(data["last"])
    roster = (await duty.rosters(talk.session, [court], first, last, now=talk.now))[court.code]
    before = {one.officer_id for one in roster.on(first).of(post)} - {data["officer"]}
    try:
        shift = await shifts.assign(
            talk.session, court.code, post, data["officer"], first, last,
            source=shifts.ASSIGNED, by=talk.speaker.actor.who, now=talk.now,
        )  # fmt: skip
    except LiaisonError as fault:
        await talk.edit(data["message"], talk.fault(fault))
        return
    drafts.go_on(draft, {**data, "shift": shift.id}, lifetime=LIFETIME, now=talk.now)
    officer = await talk.session.get_one(Officer, shift.officer_id)
    undo = {"text": talk.plain("撤销"), "data": drafts.encode(draft, "undo")}
    await talk.edit(data["message"], joined(["✅ " + _said(shift, officer, _)]), [[undo]])
    for reader in [officer, *[await talk.session.get_one(Officer, n) for n in sorted(before)]]:
        await tell_officer(
            talk, reader, lambda _: _("值班安排：{shift}", shift=_said(shift, officer, _))
        )


def _said(shift: Shift, officer: Officer, translate: Translate) -> str:
    _ = translate
    return _(
        "{days}　{post}　{name}",
        days=days_said(shift.first_day, shift.last_day, _),
        post=Wording(_).post(shift.post),
        name=officer.name,
    )


async def _take_back(talk: Talk, draft: Draft) -> None:
    _ = talk.html
    shift = await talk.session.get_one(Shift, draft.data["shift"])
    if shift.cancelled_at is not None:
        talk.refuse(talk.plain("该操作此前已处理。"))
        return
    await shifts.cancel(talk.session, shift.id, by=talk.speaker.actor.who, now=talk.now)
    await drafts.close(talk.session, draft, now=talk.now)
    talk.answer()
    officer = await talk.session.get_one(Officer, shift.officer_id)
    await talk.edit(draft.data["message"], _("已撤销：{shift}", shift=_said(shift, officer, _)))
    await tell_officer(
        talk, officer, lambda _: _("值班安排已撤销：{shift}", shift=_said(shift, officer, _))
    )
