"""Forms (填报): sent with the notice that carries them, and closed. Says nothing itself; filling is `form_filling`'s."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.errors import LiaisonError
from notifications import form_rules, notices, outbox
from notifications.desk import DeskRules
from notifications.form_models import Form, FormAnswer, FormSheet
from notifications.form_rules import LONGEST_TITLE, Question
from notifications.models import OutgoingMessage
from notifications.notice_models import Notice, NoticeCopy, NoticeRecipient
from notifications.notices import TEXT_PART, Wish

#: A court's forms are listed until so long after they were due.
LISTED = timedelta(days=30)


#: When a sheet that was handed in was last changed; null when it was not. For statements with `FormSheet` in them.
CORRECTED_AT = (
    select(func.max(FormAnswer.at))
    .where(
        FormAnswer.form_id == FormSheet.form_id,
        FormAnswer.court_code == FormSheet.court_code,
        FormAnswer.at > FormSheet.filled_at,
    )
    .correlate(FormSheet)
    .scalar_subquery()
)


class NoForm(LiaisonError):
    """填报表没有标题，或题目不完整，不能发出。"""


class DueTooEarly(LiaisonError):
    """填报截止时间早于发出时间，请修改。"""


@dataclass(frozen=True, slots=True)
class Plan:
    """A form as somebody wants it; its text, audience and writer are the notice's."""

    title: str
    questions: Sequence[Question]
    due_at: datetime
    #: The shipped form it was made from.
    template: str | None = None


async def create(
    session: AsyncSession, wish: Wish, plan: Plan, desk: DeskRules, *, now: datetime
) -> Form:
    """Store a form and its notice. When that leaves, `form_sheets` writes the courts' sheets.

    Raises:
        NoForm: see `form_rules.is_form`.
        DueTooEarly: it would be over before it is sent.
        notices.NobodyToTell: the audience has no people.
        notices.NumbersInText: title or questions hold a person's number; and the other refusals of a notice.
    """
    if not 0 < len(plan.title) <= LONGEST_TITLE or not form_rules.is_form(plan.questions):
        raise NoForm
    if plan.due_at <= max(now, wish.send_at):
        raise DueTooEarly
    await notices.check(session, wish.text, [plan.title, *_asked(plan.questions)])
    notice = await notices.send(session, wish, desk, now=now)
    form = Form(
        notice_id=notice.id,
        title=plan.title,
        questions=[one.as_json() for one in plan.questions],
        template=plan.template,
        province=notice.province,
        written_by=notice.written_by,
        written_by_officer_id=notice.written_by_officer_id,
        created_at=now,
        due_at=plan.due_at,
        first_due_at=None,
        moved_at=None,
        moved_by=None,
        remind_at=None,
        reminder=None,
        reminded_up_to="",
        reminded_at=None,
        closed_at=None,
        closed_by=None,
    )
    session.add(form)
    await session.flush()
    return form


def _asked(questions: Sequence[Question]) -> list[str]:
    """Everything that questions say."""
    return [
        "\n".join((one.heading, one.text, one.hint, one.unit, *one.options)) for one in questions
    ]


def questions_of(form: Form) -> tuple[Question, ...]:
    """A form's questions in their order."""
    return tuple(Question.from_json(one) for one in form.questions)


async def hold(session: AsyncSession, form_id: int, *, its_notice: bool = False) -> Form | None:
    """The form, locked and as it stands; None when there is none of this number.

    With `its_notice` that one is locked first, as by whoever sends it: for what changes both.
    """
    if its_notice:
        carries = select(Notice.id).join(Form, Form.notice_id == Notice.id)
        await session.execute(carries.where(Form.id == form_id).with_for_update(of=Notice))
    found: Form | None = await session.scalar(
        select(Form)
        .where(Form.id == form_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def close(session: AsyncSession, form: Form, who: str, *, now: datetime) -> bool:
    """End a held form: no answer is taken any more, and every copy says so. False when it was ended before."""
    if form.closed_at is not None:
        return False
    form.closed_at = now
    form.closed_by = who
    form.remind_at = form.reminder = None
    await session.flush()
    await follow(session, form, now=now)
    return True


async def follow(session: AsyncSession, form: Form, *, now: datetime) -> None:
    """Have every copy of the notice say how the form stands."""
    await notices.follow(session, _texts(form), outbox.LATER, now)


async def follow_court(
    session: AsyncSession, form: Form, court_code: str, *, now: datetime
) -> None:
    """Have the notice's copies of one court say how its sheet stands."""
    people = select(NoticeRecipient.officer_id).where(
        NoticeRecipient.notice_id == form.notice_id, NoticeRecipient.court_code == court_code
    )
    mine = and_(_texts(form), NoticeCopy.officer_id.in_(people))
    await notices.follow(session, mine, outbox.NEWS, now)


def _texts(form: Form) -> ColumnElement[bool]:
    return and_(NoticeCopy.notice_id == form.notice_id, NoticeCopy.part == TEXT_PART)


def reached(form: Form) -> Select[str]:
    """The codes of courts in which somebody has the notice on their phone."""
    person, row = NoticeRecipient, OutgoingMessage
    copy = and_(_texts(form), NoticeCopy.officer_id == person.officer_id)
    return (
        select(person.court_code)
        .join(NoticeCopy, copy)
        .join(row, row.id == NoticeCopy.row_id)
        .where(person.notice_id == form.notice_id, row.shown.is_not(None))
        .distinct()
    )


async def of_court(
    session: AsyncSession, court_code: str, *, now: datetime, most: int
) -> list[tuple[Form, FormSheet, datetime | None]]:
    """The forms that a court may still have to do with, each with its sheet and when that was last corrected, the first due first.

    Not those whose notice has not left yet or was taken back, nor those that were closed or are long over.
    """
    found = await session.execute(
        select(Form, FormSheet, CORRECTED_AT)
        .join(FormSheet, FormSheet.form_id == Form.id)
        .join(Notice, Notice.id == Form.notice_id)
        .where(
            FormSheet.court_code == court_code,
            Form.closed_at.is_(None),
            Form.due_at > now - LISTED,
            Notice.recalled_at.is_(None),
            Notice.written_up_to > 0,
        )
        .order_by(Form.due_at, Form.id)
        .limit(most)
    )
    return [(form, sheet, corrected_at) for form, sheet, corrected_at in found]
