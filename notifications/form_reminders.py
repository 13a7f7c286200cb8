"""A form's reminders: a day before it is due, and when a coordinator asks, to courts that have not handed in; at the end the lists.

A form says by `reminder` which is next and by `remind_at` when; batches go by court.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.database import wake
from directory.models import Court, Officer
from directory.texts import Translate
from notifications import chase_lists, form_rules, forms, notices, outbox
from notifications.chase_lists import Writer
from notifications.desk import DeskRules
from notifications.form_models import Form, FormSheet
from notifications.form_report import CHASE, SHEET
from notifications.form_words import FormWords
from notifications.messages import Message
from notifications.models import OutgoingMessage
from notifications.notice_models import Notice, NoticeCopy, NoticeRecipient
from notifications.notice_text import nested
from notifications.notices import TEXT_PART
from notifications.timekeeper import TOPIC, Soonest

#: A reminder, as a kind of outgoing message.
REMINDER = "form_reminder"
KINDS = frozenset({REMINDER})

#: How many courts' reminders share one transaction.
BATCH = 100

#: How long after courts were reminded somebody may have them reminded again.
BRAKE = timedelta(hours=1)

#: For so long after a reminder that somebody asked for a court is spared the one that comes by itself.
SPARED = timedelta(hours=3)

#: What came of asking for a reminder: it is under way, none is due again yet, or the form takes none.
Asked = Literal["reminding", "too_soon", "over"]


#: Somebody to be reminded: number, chat, court, and the message their notice came in.
_Person = tuple[int, int, str, int | None]

#: When the next batch of reminders or lists is due.
earliest = Soonest(select(func.min(Form.remind_at)).where(Form.remind_at.is_not(None)))


async def remind_now(session: AsyncSession, form: Form, *, now: datetime) -> Asked:
    """Have the courts that have not handed in a held form reminded now; at most once an hour."""
    notice = await session.get_one(Notice, form.notice_id, populate_existing=True)
    if form.closed_at is not None or notice.recalled_at is not None or not notice.written_up_to:
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
        elif await _remind(session, form, desk, now) < BATCH:
            if not (form.reminder == "day" and _spared(form, now)):
                form.reminded_at = now
            form.reminded_up_to = ""
            form.reminder, form.remind_at = form_rules.next_reminder(form.due_at, now)
        await session.flush()


def _spared(form: Form, at: datetime) -> bool:
    """Whether courts were reminded so lately that a reminder by itself would be one too many."""
    return form.reminded_at is not None and at < form.reminded_at + SPARED


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
    people = await _people(session, form, list(some))
    by_itself = form.reminder == "day"
    coming = set() if by_itself else await _brought_forward(session, form, people, now)
    rows = []
    for officer_id, chat_id, court_code, message_id in people:
        at = _at_opening(form, some[court_code], desk, now) if by_itself else now
        if chat_id in coming or (by_itself and _spared(form, at)):
            continue
        payload = {"form": form.id, "court": court_code, "reply_to": message_id, "day": by_itself}
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


def _at_opening(form: Form, court: Court, desk: DeskRules, now: datetime) -> datetime:
    """When a court opens next, unless that would be too late to be of use."""
    opens_at, _closes = courts.openings(court, now, desk.timezone)
    return opens_at if opens_at is not None and opens_at < form.due_at else now


async def _brought_forward(
    session: AsyncSession, form: Form, people: Sequence[_Person], now: datetime
) -> set[int]:
    """The chats in which this form's reminder waits for the court to open: it leaves now, and no other is written."""
    row = OutgoingMessage
    waiting = and_(
        row.kind == REMINDER,
        row.chat_id.in_([chat_id for _officer, chat_id, _court, _message in people]),
        row.not_before > now,
        row.shown.is_(None),
        row.payload["form"].as_integer() == form.id,
    )
    found = set(await session.scalars(select(row.chat_id).where(waiting)))
    if found:
        await session.execute(
            update(row)
            .where(waiting)
            .values(not_before=now)
            .execution_options(synchronize_session=False)
        )
        wake(session, "outbox")
    return found


async def _people(session: AsyncSession, form: Form, codes: Sequence[str]) -> list[_Person]:
    """Whom the form's notice has reached in these courts."""
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
    """A reminder as it must read now; None once the court has handed in, the form is over, or another will come."""
    _ = translate
    form = await session.get(Form, outgoing.payload["form"], populate_existing=True)
    code = outgoing.payload["court"]
    sheet = await session.get(FormSheet, (outgoing.payload["form"], code), populate_existing=True)
    if form is None or sheet is None or form.closed_at is not None or sheet.filled_at is not None:
        return None
    notice = await session.get_one(Notice, form.notice_id, populate_existing=True)
    if notice.recalled_at is not None:
        return None
    if outgoing.payload.get("day") and form.due_at - form_rules.BEFORE > now:
        # Put off while it waited for the court to open.
        return None
    court = await session.get_one(Court, code)
    words = FormWords(form, ZoneInfo(court.timezone or desk.timezone), translate, now)
    done = form_rules.answered(forms.questions_of(form), sheet.answers)
    lines = [
        _(
            "⏰ {court}尚未填报“{title}”（{done}/{of} 题）。",
            court=court.name, title=nested(form.title), done=done, of=len(form.questions),
        )
    ]  # fmt: skip
    data = {"time": words.when(form.due_at)}
    over = form.due_at <= now
    lines.append(
        _("截止时间 {time} 已过，请尽快补报。", **data) if over else _("截止：{time}", **data)
    )
    button = words.button(sheet)
    return Message(Markup("\n").join(lines), ((button,),) if button is not None else ())
