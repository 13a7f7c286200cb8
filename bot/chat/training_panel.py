"""Sessions that exist: one's own list and each session, what one can do there; for coordinators code, changes, results."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.chat import (
    attendance_dialogue,
    drafts,
    notice_rights,
    notice_words,
    onboarding_presses,
    quiz_presses,
    training_presses,
    training_results,
)
from bot.chat.notice_panel import redraw
from bot.chat.notice_refusals import refused
from bot.chat.replies import Buttons, Talk, bold
from bot.models import Draft
from directory.errors import LiaisonError
from notifications import attendance, training
from notifications.notice_audience import Audience, may_look_after
from notifications.training_models import Onboarding, TrainingSession
from notifications.training_rules import code_holds
from notifications.training_words import TrainingWords

KIND = "train_panel"

#: How long its buttons can be pressed.
LIFETIME = timedelta(days=1)

#: So many sessions stand in a list.
MOST = 8


async def listed(talk: Talk) -> None:
    """The speaker's sessions, and for coordinators those they look after."""
    await _list(talk, await _begin(talk))


async def _begin(talk: Talk) -> Draft:
    return await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={},
        lifetime=LIFETIME,
        now=talk.now,
    )


async def opened(talk: Talk, number: int) -> None:
    """One session by its number, if it is the speaker's to see."""
    _ = talk.html
    held = await training.hold(talk.session, number)
    if held is None or not await _sees(talk, held):
        await talk.reply(_("您没有编号为 {number} 的培训。", number=number))
    else:
        await show(talk, await _begin(talk), held)


async def keep(talk: Talk, draft: Draft, made: TrainingSession) -> None:
    """The message in which a session was planned becomes the one by which it is looked after."""
    draft.kind = KIND
    drafts.go_on(draft, {"message": draft.data["message"]}, lifetime=LIFETIME, now=talk.now)
    await show(talk, draft, made)


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A button under the list or a session."""
    _ = talk.plain
    word, _equals, value = choice.partition("=")
    if talk.speaker.officer is None:
        talk.refuse(_("您今日没有岗位，请联系本院管理员。"))
    elif word == "list":
        talk.answer()
        before = await training.hold(talk.session, int(value)) if value.isdecimal() else None
        await _list(talk, draft, before)
    elif word == "basics":
        talk.answer()
        newcomer = onboarding_presses.newcomer_of(talk, talk.speaker.officer)
        await onboarding_presses.begin_again(talk, newcomer)
    elif word == "code":
        talk.answer()
        await attendance_dialogue.ask(talk)
    else:
        await _act(talk, draft, word, value)


async def _act(talk: Talk, draft: Draft, word: str, value: str) -> None:
    _ = talk.plain
    found = await training.hold(talk.session, int(value)) if value.isdecimal() else None
    if found is None or not await _sees(talk, found):
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
    elif word == "n":
        talk.answer()
        await show(talk, draft, found)
    elif word in training_presses.ACTS:
        await training_presses.ACTS[word](talk, found)
        await show(talk, draft, found)
    elif not looks_after(talk, found):
        talk.refuse(_("只有安排培训一级的协调员可以这样做。"))
    elif word in _LED:
        await _LED[word](talk, draft, found)
    elif word in training_results.ACTS:
        await training_results.ACTS[word](talk, found)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


def looks_after(talk: Talk, held: TrainingSession) -> bool:
    """Whether the speaker may change, call off and read the results of it."""
    return may_look_after(held.province, notice_rights.reach(talk.speaker), talk.speaker.province)


async def _sees(talk: Talk, held: TrainingSession) -> bool:
    officer = talk.speaker.officer
    if officer is None:
        return False
    return looks_after(talk, held) or await training.is_for(talk.session, held, officer.id)


# The list


async def _list(talk: Talk, draft: Draft, before: TrainingSession | None = None) -> None:
    """The latest sessions, or those before one that was seen already."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None:
        return
    reach = notice_rights.reach(talk.speaker)
    found = {*await training.of_officer(talk.session, officer.id, most=MOST + 1, before=before)}
    if reach is not None:
        found |= {
            *await training.looked_after(
                talk.session, reach, talk.speaker.province, most=MOST + 1, before=before
            )
        }
    shown = sorted(found, key=lambda one: (one.starts_at, one.id))[-MOST:]
    lines = [bold(_("培训"))]
    lines += [await _line(talk, one, officer.id) for one in shown]
    if not shown:
        lines.append(_("没有您的培训。"))
    lines.append(await _basics(talk, officer.id))
    if reach is not None:
        lines.append(_("安排培训请发送：/training 主题"))
    numbers = [{"text": str(one.id), "data": drafts.encode(draft, f"n={one.id}")} for one in shown]
    more = [_button(draft, _("上手练习"), "basics")]
    if any(code_holds(one.starts_at, one.lasts_minutes, talk.now) for one in shown):
        more.insert(0, _button(draft, _("签到"), "code", style="primary"))
    pages = [_button(draft, _("‹ 最新"), "list")] if before is not None else []
    if len(found) > MOST:
        pages.append(_button(draft, _("更早 ›"), f"list={shown[0].id}"))
    await _say(talk, draft, lines, [numbers[:4], numbers[4:], pages, more])


async def _line(talk: Talk, one: TrainingSession, officer_id: int) -> str:
    _ = talk.html
    words = _words(talk, one)
    state = [_("✗ 培训已取消")] if one.cancelled_at is not None else None
    if state is None:
        place = await training.place_of(talk.session, one.id, officer_id)
        state = words.standing(place) if place is not None else []
    data = {"number": one.id, "time": words.when(), "title": one.title}
    if not state:
        return _("{number}　{time}　{title}", **data)
    return _("{number}　{time}　{title}　{state}", state=state[0], **data)


async def _basics(talk: Talk, officer_id: int) -> str:
    _ = talk.html
    steps = await talk.session.get(Onboarding, officer_id)
    if steps is None or steps.finished_at is None:
        return _("上手练习：尚未完成")
    day = steps.finished_at.astimezone(notice_words.zone(talk))
    return _("上手练习：{day} 完成", day=f"{day:%Y-%m-%d}")


# One session


async def show(talk: Talk, draft: Draft, held: TrainingSession, said: str = "") -> None:
    """Where a session stands, and what can be done."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None:
        return
    words = _words(talk, held)
    place = await training.place_of(talk.session, held.id, officer.id)
    # Who looks after a session is not always one of those it is for.
    invited = await training.is_for(talk.session, held, officer.id)
    lines = [
        *([said, ""] if said else []),
        bold(_("培训 {number}　{title}", number=held.id, title=held.title)),
        *words.facts(),
        *(words.standing(place) if invited else []),
    ]
    if looks_after(talk, held):
        audience = Audience.from_json(held.audience)
        lines.append(_("参加：{audience}", audience=notice_words.audience(talk, audience)))
        lines += await training_results.figures(talk, held)
    answer = place.answer if place is not None else None
    await _say(talk, draft, lines, await _rows(talk, draft, held, answer, invited=invited))


async def _rows(
    talk: Talk, draft: Draft, held: TrainingSession, answer: str | None, *, invited: bool
) -> Buttons:
    _ = talk.html

    def button(text: str, word: str, **more: str) -> dict[str, str]:
        return _button(draft, text, f"{word}={held.id}", **more)

    rows: list[list[dict[str, str]]] = []
    if held.cancelled_at is None:
        mine = []
        if invited and talk.now < held.starts_at:
            mine += [button(_("报名"), "join")] if answer != "coming" else []
            mine += [button(_("不参加"), "no")] if answer != "declined" else []
            mine.append(button(_("加入日历"), "ics"))
        if code_holds(held.starts_at, held.lasts_minutes, talk.now):
            mine.append(_button(draft, _("签到"), "code", style="primary"))
        rows += [mine, await quiz_presses.button(talk, held)]
    if looks_after(talk, held):
        rows += training_results.rows(talk, draft, held)
        if held.cancelled_at is None and talk.now < held.starts_at:
            rows.append(
                [button(_("改时间地点"), "move"), button(_("取消培训"), "off", style="danger")]
            )
    return [*rows, [button(_("刷新"), "n"), _button(draft, _("培训列表"), "list")]]


async def _ask_off(talk: Talk, draft: Draft, held: TrainingSession) -> None:
    _ = talk.html
    talk.answer()
    lines = [
        bold(_("取消培训 {number}？", number=held.id)),
        _("通知会改为“已取消”，已报名的人员会收到一条消息。"),
    ]
    rows = [
        [
            _button(draft, _("确认取消培训"), f"gone={held.id}", style="danger"),
            _button(draft, _("不取消"), f"n={held.id}"),
        ]
    ]
    await _say(talk, draft, lines, rows)


async def _off(talk: Talk, draft: Draft, held: TrainingSession) -> None:
    _ = talk.plain
    if held.cancelled_at is None:
        await training.cancel(talk.session, held, talk.speaker.actor.who, now=talk.now)
        talk.answer(_("已取消培训。"))
    await show(talk, draft, held)


async def _code(talk: Talk, _draft: Draft, held: TrainingSession) -> None:
    """The code, for the presser's eyes: it is said in the session and stands in no message."""
    _ = talk.plain
    if held.cancelled_at is not None:
        talk.refuse(_("培训已取消。"))
        return
    code = await attendance.code_of(talk.session, held, now=talk.now)
    talk.answer(
        _(
            "签到码 {code}\n请在培训中口头公布或投屏。开始前 30 分钟至结束后 1 小时内有效。",
            code=f"{code[:3]} {code[3:]}",
        ),
        alert=True,
    )


# Another time, another place


async def _ask_move(talk: Talk, draft: Draft, held: TrainingSession, fault: str = "") -> None:
    _ = talk.html
    talk.answer()
    draft.data = {**draft.data, "moves": held.id}
    lines = [fault] if fault else []
    lines += [
        bold(_("培训 {number}　{title}", number=held.id, title=held.title)),
        *_words(talk, held).facts(),
        _("请发送新的时间，地点不变；或第一行写时间、第二行写地点。"),
    ]
    await _say(talk, draft, lines, [[_button(draft, _("不改"), f"n={held.id}")]], moves=held.id)


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """The new time and place of a session, typed; False when none are waited for."""
    number = draft.data.get("moves")
    held = await training.hold(talk.session, number) if number else None
    if held is None or not looks_after(talk, held) or held.cancelled_at is not None:
        return False
    _ = talk.html
    first, _line, rest = text.strip().partition("\n")
    place = " ".join(rest.split()) or held.place
    at, fault = notice_words.typed(talk, first, training.FURTHEST)
    if at is None:
        await _ask_move(talk, draft, held, fault)
    elif len(place) > training.LONGEST_PLACE:
        fault = _("地点最多 {most} 字。", most=training.LONGEST_PLACE)
        await _ask_move(talk, draft, held, fault)
    else:
        await _move(talk, draft, held, at, place)
    return True


async def _move(talk: Talk, draft: Draft, held: TrainingSession, at: datetime, place: str) -> None:
    try:
        await training.move(talk.session, held, at, place, now=talk.now)
    except LiaisonError as fault:
        await _ask_move(talk, draft, held, refused(talk, fault))
        return
    await show(talk, draft, held, talk.html("✅ 已更改，已报名的人员会收到消息。"))


# How it is said


def _words(talk: Talk, held: TrainingSession) -> TrainingWords:
    return TrainingWords(held, notice_words.zone(talk), talk.html, talk.now)


def _button(draft: Draft, text: str, choice: str, **more: str) -> dict[str, str]:
    return {"text": text, "data": drafts.encode(draft, choice), **more}


async def _say(
    talk: Talk, draft: Draft, lines: list[str], rows: Buttons, *, moves: int | None = None
) -> None:
    await redraw(talk, draft, lines, rows, moves=moves)


_Led = Callable[[Talk, Draft, TrainingSession], Awaitable[None]]

#: What only who looks after a session may do.
_LED: dict[str, _Led] = {"off": _ask_off, "gone": _off, "key": _code, "move": _ask_move}
