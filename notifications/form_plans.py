"""A form given other times: until when it is filled, and, while nobody has it, when its notice leaves. Says nothing itself."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import wake
from directory.errors import LiaisonError
from notifications import form_rules, forms, notice_plans
from notifications.form_models import Form
from notifications.notice_models import Notice
from notifications.timekeeper import TOPIC


class FormOver(LiaisonError):
    """填报已结束或已撤回，不能再改截止时间。"""


class DueBeforeLeaving(LiaisonError):
    """填报截止时间不晚于新的发出时间，没有更改。请先改截止时间，再改发出时间。"""


async def move(
    session: AsyncSession, form: Form, due_at: datetime, who: str, *, now: datetime
) -> None:
    """Give a held form (`forms.hold`) another due time; every copy says so, and who was late before may be in time now.

    Its reminder and lists are planned anew; a reminder that is being written goes on.

    Raises:
        FormOver: it takes no answers any more.
        forms.DueTooEarly: in the past, or before its notice leaves.
    """
    notice = await session.get_one(Notice, form.notice_id, populate_existing=True)
    if form.closed_at is not None or notice.recalled_at is not None:
        raise FormOver
    is_out = notice.written_up_to > 0
    if due_at <= max(now, notice.write_at or now):
        raise forms.DueTooEarly
    if due_at == form.due_at:
        return
    if is_out:
        # What nobody has yet was promised to nobody.
        form.first_due_at = form.first_due_at or form.due_at
        form.moved_at, form.moved_by = now, who
    form.due_at = due_at
    if is_out and not _reminds(form, now):
        form.reminder, form.remind_at = form_rules.next_reminder(due_at, now)
        form.reminded_up_to = ""
    await session.flush()
    await forms.follow(session, form, now=now)
    wake(session, TOPIC)


def _reminds(form: Form, now: datetime) -> bool:
    """Whether a reminder is being written that is still wanted: one that was asked for, or that of the day before."""
    if form.reminder != "day":
        return form.reminder == "now"
    begun = form.reminded_up_to != "" or (form.remind_at is not None and form.remind_at <= now)
    return begun and form.due_at - form_rules.BEFORE <= now


async def replan(
    session: AsyncSession,
    notice: Notice,
    send_at: datetime | None,
    confirm_by: datetime | None,
    *,
    now: datetime,
) -> bool:
    """As `notice_plans.replan`, with an eye on the form that the notice may carry.

    Raises:
        DueBeforeLeaving: that form would be over before anybody has it.
    """
    due_at = await session.scalar(select(Form.due_at).where(Form.notice_id == notice.id))
    if due_at is not None and send_at is not None and due_at <= max(now, send_at):
        raise DueBeforeLeaving
    return await notice_plans.replan(session, notice, send_at, confirm_by, now=now)
