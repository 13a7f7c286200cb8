"""What the tables know of forms: lists, each court's sheet, every answer given; for panels, reports and the API. Changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court
from notifications import forms
from notifications.form_models import Form, FormAnswer, FormSheet
from notifications.form_progress import CourtSheet
from notifications.form_rules import state
from notifications.notice_models import Notice, NoticeRecipient


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer as it was given; `value` None: it was taken back."""

    code: str
    court: str
    key: str
    value: Any
    at: datetime
    by: str
    inspected: bool


@dataclass(frozen=True, slots=True)
class Where:
    """Of which courts somebody sees the sheets: of all, of a province, or of one court."""

    province: str | None = None
    court: str | None = None

    def condition(self) -> ColumnElement[bool]:
        """The same, of courts."""
        own = [Court.code == self.court] if self.court is not None else []
        if self.province is not None:
            own.append(Court.province == self.province)
        return and_(true(), *own)


async def sheets(session: AsyncSession, form: Form, where: Where) -> list[CourtSheet]:
    """The sheets of a scope, by the courts' codes."""
    sheet = FormSheet
    found = await session.execute(
        select(
            sheet.court_code,
            Court.name,
            Court.province,
            Court.city,
            sheet.answers,
            sheet.filled_by,
            sheet.filled_at,
            sheet.inspected,
            sheet.unreachable,
            forms.CORRECTED_AT,
        )
        .join(Court, Court.code == sheet.court_code)
        .where(sheet.form_id == form.id, where.condition())
        .order_by(sheet.court_code)
    )
    rows = found.all()
    # Only of a court without an answer it matters whether anybody there has the notice.
    blank = [row.court_code for row in rows if not row.answers and row.filled_at is None]
    told = (
        await session.scalars(forms.reached(form).where(NoticeRecipient.court_code.in_(blank)))
        if blank
        else ()
    )
    reached = frozenset(told)
    return [
        CourtSheet(
            code, court, province, city,
            state(answers, at, reached=code in reached),
            answers, by, at, inspected, unreachable, corrected_at,
        )
        for code, court, province, city, answers, by, at, inspected, unreachable, corrected_at in rows
    ]  # fmt: skip


async def history(session: AsyncSession, form: Form, where: Where) -> list[GivenAnswer]:
    """Every answer that was given in a scope, the first first, also those that were replaced."""
    answer = FormAnswer
    found = await session.execute(
        select(
            answer.court_code,
            Court.name,
            answer.key,
            answer.value,
            answer.at,
            answer.by,
            answer.inspected,
        )
        .join(Court, Court.code == answer.court_code)
        .where(answer.form_id == form.id, where.condition())
        .order_by(answer.id)
    )
    return [GivenAnswer(*row) for row in found]


async def listed(
    session: AsyncSession, where: Where, *, most: int, before: int | None = None
) -> Sequence[Form]:
    """The latest forms that courts of a scope fill, newest first; with `before` those with a smaller number."""
    conditions: list[ColumnElement[bool]] = []
    if where != Where():
        its_courts = exists().where(
            FormSheet.form_id == Form.id, FormSheet.court_code == Court.code, where.condition()
        )
        conditions.append(its_courts)
    if before is not None:
        conditions.append(Form.id < before)
    found = await session.scalars(
        select(Form).where(*conditions).order_by(Form.id.desc()).limit(most)
    )
    return found.all()


async def looked_after(session: AsyncSession, where: Where, *, most: int) -> list[Form]:
    """As `listed`, with those that have not left yet: of a province its own."""
    waiting = (
        select(Form).join(Notice, Notice.id == Form.notice_id).where(Notice.written_up_to == 0)
    )
    if where.province is not None:
        waiting = waiting.where(Form.province == where.province)
    planned = await session.scalars(waiting.order_by(Form.id.desc()).limit(most))
    found = {form.id: form for form in [*planned, *await listed(session, where, most=most)]}
    return [found[number] for number in sorted(found, reverse=True)[:most]]


async def notices_of(session: AsyncSession, some: Sequence[Form]) -> dict[int, Notice]:
    """The notices that carry these forms, by their numbers."""
    found = await session.scalars(
        select(Notice).where(Notice.id.in_([form.notice_id for form in some]))
    )
    return {notice.id: notice for notice in found}


async def filled(
    session: AsyncSession, form_ids: Collection[int], where: Where
) -> dict[int, tuple[int, int]]:
    """Of several forms at once: how many courts of a scope have handed in, and of how many."""
    found = await session.execute(
        select(
            FormSheet.form_id,
            func.sum(case((FormSheet.filled_at.is_not(None), 1), else_=0)),
            func.count(),
        )
        .join(Court, Court.code == FormSheet.court_code)
        .where(FormSheet.form_id.in_(form_ids), where.condition())
        .group_by(FormSheet.form_id)
    )
    return {number: (int(handed_in), int(courts)) for number, handed_in, courts in found}
