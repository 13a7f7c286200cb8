"""The times of a form that exists, asked and changed: until when it is filled, and while nobody has it when it leaves."""

from datetime import datetime, timedelta

from bot.chat import day_choice, drafts, notice_words
from bot.chat.notice_panel import redraw
from bot.chat.replies import Talk
from bot.models import Draft
from bot.notice_words import FURTHEST_DAYS
from directory.errors import LiaisonError
from notifications import form_plans, notices
from notifications.form_models import Form

#: What is asked, as the panel remembers it and its buttons say: until when, and when it leaves.
DUE, LEAVING = "due", "leave"
ASKED = frozenset({DUE, LEAVING})

#: Offered as another due time: so many days after the present one.
_LATER = (1, 3, 7)

#: Instead of a time of leaving: not until another is set.
_HELD = "held"


async def ask(talk: Talk, draft: Draft, form: Form, word: str, fault: str = "") -> None:
    """Ask for a time of a form, what was wrong before it."""
    _ = talk.html

    def button(text: str, value: str) -> dict[str, str]:
        return {"text": text, "data": drafts.encode(draft, f"{word}={form.id}.{value}")}

    lines = [fault] if fault else []
    if word == DUE:
        lines += [
            _("现在的截止时间：{time}", time=notice_words.when(talk, form.due_at)),
            _("改到什么时间？请点按钮，或发送时间，如：11-11 17:00"),
            _(
                "各院的通知就地更正，提醒和未填报名单按新的时间。更正不另提示；提前截止的，请再点“催填”。"
            ),
        ]
        rows = [[button(notice_words.when(talk, at), _minutes(at)) for at in _offered(talk, form)]]
    else:
        lines.append(_("什么时间发出？请点按钮，或发送时间，如：明天 9:30"))
        rows = [[button(_("立即"), _minutes(talk.now)), button(_("暂缓发出"), _HELD)]]
    rows.append([{"text": _("返回"), "data": drafts.encode(draft, f"n={form.id}")}])
    await redraw(talk, draft, lines, rows, asking=word, form=form.id)


def _offered(talk: Talk, form: Form) -> list[datetime]:
    """Later ones, at the hour of the present one; of what is over, days from today on."""
    zone = notice_words.zone(talk)
    due, today = form.due_at.astimezone(zone), talk.now.astimezone(zone)
    first = max(due, today.replace(hour=due.hour, minute=due.minute, second=0, microsecond=0))
    return day_choice.on_working_days(talk, (first + timedelta(days=days) for days in _LATER))


def _minutes(at: datetime) -> str:
    """An instant as callback data holds it."""
    return str(int(at.timestamp()) // 60)


async def tapped(talk: Talk, form: Form, word: str, value: str) -> str:
    """A button under the question; why its time cannot be set, else empty."""
    _ = talk.html
    if word == LEAVING and value == _HELD:
        return await _leave(talk, form, None)
    if not (value.isascii() and value.isdecimal() and len(value) <= 9):
        return _("此按钮已失效，请看最新的消息。")
    at = datetime.fromtimestamp(int(value) * 60, talk.now.tzinfo)
    return await _set(talk, form, word, at)


async def typed(talk: Talk, form: Form, word: str, text: str) -> str:
    """A typed time for what was asked; why it cannot be set, else empty."""
    at, fault = notice_words.typed(talk, text, timedelta(days=FURTHEST_DAYS))
    return fault if at is None else await _set(talk, form, word, at)


async def _set(talk: Talk, form: Form, word: str, at: datetime) -> str:
    if word == LEAVING:
        return await _leave(talk, form, at)
    try:
        await form_plans.move(talk.session, form, at, talk.speaker.actor.who, now=talk.now)
    except LiaisonError as fault:
        return talk.fault(fault)
    return ""


async def _leave(talk: Talk, form: Form, at: datetime | None) -> str:
    """At that time; None: not until another is set."""
    _ = talk.html
    notice = await notices.hold(talk.session, form.notice_id)
    limit = notice.confirm_by if notice is not None else None
    try:
        done = notice is not None and await form_plans.replan(
            talk.session, notice, at, limit, now=talk.now
        )
    except LiaisonError as fault:
        return talk.fault(fault)
    return "" if done else _("此通知已开始发送，不能再改时间。")
