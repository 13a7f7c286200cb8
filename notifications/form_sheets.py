"""A form leaves with its notice: a sheet for every court of the audience as it is then, and its reminders planned."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from notifications import form_rules, notice_people
from notifications.desk import DeskRules
from notifications.form_models import Form, FormSheet
from notifications.notice_audience import Audience
from notifications.notice_models import Notice


async def leave(session: AsyncSession, notice: Notice, desk: DeskRules, *, now: datetime) -> None:
    """Write the sheets of the form that a held notice carries, if any: also of courts where nobody can be told, and why.

    In the transaction of its first copies: whoever has one finds their court's sheet.
    """
    form = await session.scalar(
        select(Form)
        .where(Form.notice_id == notice.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if form is None:
        return
    audience = Audience.from_json(notice.audience)
    courts = await notice_people.courts(session, audience, now=now, default_timezone=desk.timezone)
    blank = {
        "form_id": form.id, "answers": {}, "begun_at": None, "filled_at": None, "filled_by": None,
        "filled_by_officer_id": None, "inspected": False, "version": 0,
    }  # fmt: skip
    sheets = [blank | {"court_code": code, "unreachable": why} for code, why in courts]
    await session.execute(insert(FormSheet), sheets)
    form.reminder, form.remind_at = form_rules.next_reminder(form.due_at, now)
