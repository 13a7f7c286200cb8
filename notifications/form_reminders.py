"""A form's reminders: a day before it is due, and when a coordinator asks, to courts that have not handed in; at the end the lists.

A form says by `reminder` which is next and by `remind_at` when; batches go by court.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.database import wake
from directory.models import Court, Officer
from directory.texts import Translate
from notifications import chase_lists, form_rules, forms, notice_plans, notices, outbox
from notifications.chase_lists import Writer
from notifications.desk import DeskRules
from notifications.form_models import Form, FormSheet
from notifications.form_report import CHASE, SHEET
from notifications.form_words import FormWords
from notifications.messages import Message
from notifications.models import OutgoingMessage
from notifications.notice_models import Notice, NoticeCopy, NoticeRecipient
from notifications.notices import TEXT_PART
from notifications.timekeeper import TOPIC, Soonest

#: A reminder, as a kind of outgoing message.
REMINDER = "form_reminder"
KINDS = frozenset({REMINDER})

#: How many courts' reminders share one transaction.
BATCH = 100

#: How long after courts were reminded somebody may have them reminded again.
BRAKE = timedelta(hours=1)

#: What came of asking for a reminder: it is under way, none is due again yet, or the form takes none.
Asked = Literal["reminding", "too_soon", "over"]


#: When the next batch of reminders or lists is due.
earliest = Soonest(select(func.min(Form.remind_at)).where(Form.remind_at.is_not(None)))


async def remind_now(session: AsyncSession, form: Form, *, now: datetime) -> Asked:
    """Have the courts that have not handed in a held form reminded now; at most once an hour."""
    notice = await session.get_one(Notice, form.notice_id, populate_existing=True)
    if form.closed_at is not None or not _is_out(notice, now):
        return "over"
    due_now = form.remind_at is not None and form.remind_at <= now
    braked = form.reminded_at is not None and now < form.reminded_at + BRAKE
    # A batch may have been put off for a moment: then its next instant is ahead, but some were reminded.
    if due_now or braked or form.reminded_up_to:
        return "too_soon"
    form.reminder = "now"
    form.remind_at = form.reminded_at = now
    form.reminded_up_to = ""
    await session.flush()
    wake(session, TOPIC)
    return "reminding"


def _is_out(notice: Notice, now: datetime) -> bool:
    return notice.recalled_at is None and not notice_plans.is_planned(notice, now)


async def remind_due(session: AsyncSession, now: datetime, desk: DeskRules) -> None:
    """Write one batch of reminders of each form that is due; at its end the coordinators get their lists."""
    due = await session.scalars(
        select(Form)
        .where(Form.remind_at <= now)
        .order_by(Form.remind_at, Form.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    for form in due.all():
        notice = await session.get_one(Notice, form.notice_id, populate_existing=True)
        if form.closed_at is not None or notice.recalled_at is not None:
            form.remind_at = form.reminder = None
        elif form.reminder == "due":
            form.remind_at = form.reminder = None
            await _tell(session, form, desk, now)
        elif await notices.crowded(session, KINDS, by=now):
            form.remind_at = now + notices.PAUSE
        elif not _is_out(notice, now) or await _remind(session, form, desk, now) < BATCH:
            _next(form, now)
        await session.flush()


def _next(form: Form, now: datetime) -> None:
    """What follows a reminder: the one a day before, if that is to come, else the lists at the end."""
    form.reminded_at = now
    form.reminded_up_to = ""
    day = form.due_at - forms.BEFORE
    if form.reminder == "now" and day > now:
        form.reminder, form.remind_at = "day", day
    elif form.due_at > now:
        form.reminder, form.remind_at = "due", form.due_at
    else:
        form.remind_at = form.reminder = None


async def _remind(session: AsyncSession, form: Form, desk: DeskRules, now: datetime) -> int:
    """Write to the people of the next courts that have not handed in; returns to how many courts."""
    late = await session.scalars(
        select(Court)
        .join(FormSheet, FormSheet.court_code == Court.code)
        .where(
            FormSheet.form_id == form.id,
            FormSheet.filled_at.is_(None),
            Court.code > form.reminded_up_to,
        )
        .order_by(Court.code)
        .limit(BATCH)
    )
    some = {court.code: court for court in late}
    rows = []
    for officer_id, chat_id, court_code, message_id in await _people(session, form, list(some)):
        at = now
        if form.reminder == "day":
            # At a court's opening, unless that would be too late to be of use.
            opens_at, _closes = courts.openings(some[court_code], now, desk.timezone)
            at = opens_at if opens_at is not None and opens_at < form.due_at else now
        payload = {"form": form.id, "court": court_code, "reply_to": message_id}
        rows.append(
            outbox.row(
                REMINDER, chat_id, payload, priority=outbox.LATER, now=now,
                officer_id=officer_id, not_before=at,
            )
        )  # fmt: skip
    await outbox.write(session, rows)
    if some:
        form.reminded_up_to = list(some)[-1]
    return len(some)


async def _people(
    session: AsyncSession, form: Form, codes: Sequence[str]
) -> list[tuple[int, int, str, int | None]]:
    """Whom the form's notice has reached in these courts: number, chat, court, and the message it came in."""
    person, row = NoticeRecipient, OutgoingMessage
    copy = and_(
        NoticeCopy.notice_id == person.notice_id,
        NoticeCopy.officer_id == person.officer_id,
        NoticeCopy.part == TEXT_PART,
    )
    found = await session.execute(
        select(person.officer_id, row.chat_id, person.court_code, row.message_id)
        .join(Officer, Officer.id == person.officer_id)
        .join(NoticeCopy, copy)
        .join(row, row.id == NoticeCopy.row_id)
        .where(
            person.notice_id == form.notice_id,
            person.court_code.in_(codes),
            row.shown.is_not(None),
            row.chat_id == Officer.telegram_id,
            Officer.blocked_at.is_(None),
            Officer.left_at.is_(None),
        )
        .order_by(person.court_code, person.officer_id)
    )
    return [(number, chat, court, message) for number, chat, court, message in found]


async def _tell(session: AsyncSession, form: Form, desk: DeskRules, now: datetime) -> None:
    missing = (
        select(Court.province)
        .join(FormSheet, FormSheet.court_code == Court.code)
        .where(FormSheet.form_id == form.id, FormSheet.filled_at.is_(None))
        .distinct()
    )
    writer = Writer(form.written_by_officer_id, form.province)
    await chase_lists.write(
        session, (CHASE, SHEET), {"form": form.id}, missing, writer, desk, now=now
    )


# What a reminder says


async def message(
    session: AsyncSession,
    outgoing: OutgoingMessage,
    translate: Translate,
    desk: DeskRules,
    *,
    now: datetime,
) -> Message | None:
    """A reminder as it must read now; None once the court has handed in or the form is over."""
    _ = translate
    form = await session.get(Form, outgoing.payload["form"], populate_existing=True)
    code = outgoing.payload["court"]
    sheet = await session.get(FormSheet, (outgoing.payload["form"], code), populate_existing=True)
    if form is None or sheet is None or form.closed_at is not None or sheet.filled_at is not None:
        return None
    notice = await session.get_one(Notice, form.notice_id, populate_existing=True)
    if notice.recalled_at is not None:
        return None
    court = await session.get_one(Court, code)
    words = FormWords(form, ZoneInfo(court.timezone or desk.timezone), translate, now)
    done = form_rules.answered(forms.questions_of(form), sheet.answers)
    lines = [
        _(
            "⏰ {court}尚未填报“{title}”（{done}/{of} 题）。",
            court=court.name, title=form.title, done=done, of=len(form.questions),
        )
    ]  # fmt: skip
    data = {"time": words.when(form.due_at)}
    over = form.due_at <= now
    lines.append(
        _("截止时间 {time} 已过，请尽快补报。", **data) if over else _("截止：{time}", **data)
    )
    button = words.button(sheet)
    return Message(Markup("\n").join(lines), ((button,),) if button is not None else ())
