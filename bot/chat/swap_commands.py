"""`/swap`: two taps, the day and the colleague; then the buttons under what everybody concerned is shown.

What a swap does is `notifications.swapping`'s business, a leader's order `assigning`'s.
"""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from bot.chat import drafts
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined
from bot.models import Draft
from directory import swaps
from directory.duty_models import Swap
from directory.models import Officer
from directory.swaps import Kept
from notifications import assigning, swap_choices, swap_words, swapping
from notifications.day_texts import days_said
from notifications.swap_choices import Colleague, Sight
from notifications.swapping import Period, Wish
from notifications.told import Voice
from notifications.wording import Wording

KIND = "swap"

#: How long the two taps may take.
LIFETIME = timedelta(minutes=30)

_ACTIONS = frozenset({"accept", "refuse", "approve", "reject", "withdraw", "cancel"})


async def swap(talk: Talk, _words: str) -> None:
    """`/swap` in the private chat: for who is on duty, and for leaders, who simply say who stands where."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    if not talk.private:
        await talk.reply(_("请私聊机器人发送 /swap。"))
        return
    leads = "leader" in talk.speaker.posts
    sight = await swap_choices.look(talk.session, officer.court, voice(talk), now=talk.now)
    post, periods = _offered(sight, officer, leads=leads)
    if not periods:
        await talk.reply(_("近两周没有您的值班，无需换班。"))
        return
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"leads": leads, "post": post, "days": [_kept(one) for one in periods]},
        lifetime=LIFETIME,
        now=talk.now,
    )
    question = _("指定值班：请选择日期") if leads else _("换班：请选择需要换的班次")
    row = await talk.reply(bold(question), _day_buttons(talk, draft, periods))
    draft.data = {**draft.data, "message": row}


def _offered(sight: Sight, officer: Officer, *, leads: bool) -> tuple[str, list[Period]]:
    """Which post is swapped, and which days are offered."""
    if leads:
        return "A", swap_choices.every(sight)
    for post in ("A", "B"):
        if found := swap_choices.own(sight, officer.id, post):
            return post, found
    return "A", []


def _day_buttons(talk: Talk, draft: Draft, periods: Sequence[Period]) -> list[list[dict[str, str]]]:
    _ = talk.plain
    rows: list[list[dict[str, str]]] = []
    for number, one in enumerate(periods):
        button = {
            "text": days_said(one.first, one.last, _),
            "data": drafts.encode(draft, f"day={number}"),
        }
        # Single days stand two in a row, weeks alone.
        if one.first == one.last and rows and len(rows[-1]) == 1 and number % 2:
            rows[-1].append(button)
        else:
            rows.append([button])
    return [*rows, [{"text": _("取消"), "data": drafts.encode(draft, "no")}]]


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A tap on the day, on the colleague, or on 取消."""
    word, _equals, number = choice.partition("=")
    _ = talk.plain
    officer = talk.speaker.officer
    if officer is None:
        talk.refuse(refusal("stranger", _))
    elif word == "no":
        await drafts.close(talk.session, draft, now=talk.now)
        talk.answer()
        await talk.edit(draft.data["message"], talk.html("已取消，值班安排不变。"))
    elif word == "day" and (kept := _listed(draft.data, "days", number)) is not None:
        await _ask_who(talk, draft, officer, _period(kept))
    elif word == "who" and (kept := _listed(draft.data, "people", number)) is not None:
        await _settle(talk, draft, officer, kept)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


def _listed(data: dict[str, Any], key: str, number: str) -> Any | None:
    """What a button with this number stands for; None for one that was never shown."""
    items: list[Any] = data.get(key, [])
    return items[int(number)] if number.isdecimal() and int(number) < len(items) else None


async def _ask_who(talk: Talk, draft: Draft, officer: Officer, period: Period) -> None:
    """The second question: the colleague."""
    _ = talk.plain
    sight = await swap_choices.look(talk.session, officer.court, voice(talk), now=talk.now)
    leads, post = draft.data["leads"], draft.data["post"]
    # A leader gives the day to anybody, also to the officer whose day it is: nobody is left out.
    people = await swap_choices.colleagues(
        talk.session, sight, 0 if leads else officer.id, post, period
    )
    people = [one for one in people if one.back is None or not leads]
    if not people:
        talk.refuse(_("本院没有可以替班的A岗或B岗人员。"))
        return
    data = {
        **draft.data,
        "chosen": _kept(period),
        "people": [[one.officer_id, _kept(one.back) if one.back else None] for one in people],
    }
    drafts.go_on(draft, data, lifetime=LIFETIME, now=talk.now)
    talk.answer()
    buttons = [
        [
            {
                "text": _colleague(talk, one, leads=leads),
                "data": drafts.encode(draft, f"who={number}"),
            }
        ]
        for number, one in enumerate(people)
    ]
    buttons.append([{"text": _("取消"), "data": drafts.encode(draft, "no")}])
    _ = talk.html
    span = days_said(period.first, period.last, _)
    ask = _("请选择由谁值班") if leads else _("请选择同事，由其同意后报带班领导批准")
    text = joined([bold(_("{days}　{post}", days=span, post=Wording(_).post(post))), ask])
    await talk.edit(draft.data["message"], text, buttons)


def _colleague(talk: Talk, one: Colleague, *, leads: bool) -> str:
    _ = talk.plain
    if leads:
        return one.name
    if one.back is None:
        return _("{name} 替班", name=one.name)
    return _(
        "与 {name} 互换 {days}", name=one.name, days=days_said(one.back.first, one.back.last, _)
    )


async def _settle(talk: Talk, draft: Draft, officer: Officer, kept: Any) -> None:
    """Both taps are made: ask the colleague or, for a leader, simply change the roster."""
    _ = talk.plain
    officer_id, back = kept
    post = draft.data["post"]
    period = _period(draft.data["chosen"])
    wish = Wish(officer.court, post, period, officer_id, _period(back) if back else None)
    leads = draft.data["leads"]
    if leads and "leader" not in talk.speaker.posts:
        talk.refuse(refusal("", _))
        return
    if leads:
        reason = await assigning.assign(
            talk.session, wish, talk.speaker.actor, voice(talk), now=talk.now
        )
    else:
        reason = await _ask(talk, draft, wish, officer)
    if reason is not None:
        colleague = await talk.session.get_one(Officer, officer_id)
        talk.refuse(swap_words.cannot_ask(reason, _, colleague.name))
        return
    await drafts.close(talk.session, draft, now=talk.now)
    talk.answer(_("值班安排已更新。") if leads else _("已发出，请等待答复。"))
    if leads:
        chosen_one = await talk.session.get_one(Officer, officer_id)
        _ = talk.html
        span = days_said(period.first, period.last, _)
        line = _("✅ {days}　{post}　{name}", days=span, post=Wording(_).post(post),
                 name=chosen_one.name)  # fmt: skip
        await talk.edit(draft.data["message"], line)


async def _ask(talk: Talk, draft: Draft, wish: Wish, officer: Officer) -> str | None:
    """Ask, if the days are still the asker's; the reason if nobody is asked."""
    sight = await swap_choices.look(talk.session, wish.court, voice(talk), now=talk.now)
    working = sight.working(wish.days.first, wish.days.last)
    if not sight.stands(officer.id, wish.post, working):
        return "not_yours" if working else "shift_over"
    asked = await swapping.ask(
        talk.session,
        wish,
        talk.speaker.actor,
        draft.data["message"],
        voice(talk),
        now=talk.now,
    )
    return asked if isinstance(asked, str) else None


async def pressed(talk: Talk, number: int, nonce: str, action: str) -> bool:
    """A button under a swap; False when it is none of ours."""
    _ = talk.plain
    found = await talk.session.get(Swap, number)
    genuine = found is not None and secrets.compare_digest(found.nonce.encode(), nonce.encode())
    if not genuine or action not in _ACTIONS:
        return False
    if talk.speaker.officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return True
    wanted = cast("swaps.Action", action)
    ruling = await swapping.act(
        talk.session, number, wanted, talk.speaker.actor, voice(talk), now=talk.now
    )
    if isinstance(ruling, Kept):
        talk.refuse(swap_words.kept(ruling.reason, _))
    else:
        talk.answer(swap_words.done(wanted, _))
    return True


def voice(talk: Talk) -> Voice:
    """The words and rules of this desk."""
    return Voice(talk.parts.texts, talk.parts.desk)


def _kept(period: Period) -> list[str]:
    return [period.first.isoformat(), period.last.isoformat()]


def _period(kept: list[str]) -> Period:
    return Period(date.fromisoformat(kept[0]), date.fromisoformat(kept[1]))
