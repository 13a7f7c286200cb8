"""What the tables know of forms: lists, each court's sheet, every answer given; for panels, reports and the API. Changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court
from notifications import forms
from notifications.form_models import Form, FormAnswer, FormSheet
from notifications.form_progress import CourtSheet
from notifications.form_rules import state
from notifications.notice_audience import Reach


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


def within(province: str | None) -> ColumnElement[bool]:
    """Whether a court is of the province; of any without one."""
    return Court.province == province if province is not None else true()


async def sheets(
    session: AsyncSession, form: Form, province: str | None = None
) -> list[CourtSheet]:
    """Every court's sheet by code, of one province or of all."""
    reached = frozenset(await session.scalars(forms.reached(form)))
    found = await session.execute(
        select(FormSheet, Court.name, Court.province, Court.city)
        .join(Court, Court.code == FormSheet.court_code)
        .where(FormSheet.form_id == form.id, within(province))
        .order_by(FormSheet.court_code)
        .execution_options(populate_existing=True)
    )
    return [
        CourtSheet(
            one.court_code,
            name,
            its_province,
            city,
            state(one.answers, one.filled_at, reached=one.court_code in reached),
            one.answers,
            one.filled_by,
            one.filled_at,
            one.inspected,
            one.unreachable,
        )
        for one, name, its_province, city in found
    ]


async def history(
    session: AsyncSession, form: Form, province: str | None = None
) -> list[GivenAnswer]:
    """Every answer that was given, the first first, also those that were replaced."""
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
        .where(answer.form_id == form.id, within(province))
        .order_by(answer.id)
    )
    return [GivenAnswer(*row) for row in found]


async def looked_after(
    session: AsyncSession,
    reach: Reach,
    province: str | None,
    *,
    most: int,
    before: int | None = None,
) -> Sequence[Form]:
    """The latest forms that somebody of this reach sees, newest first: a province's own, and those its courts fill.

    `before`: only those with a smaller number.
    """
    conditions: list[ColumnElement[bool]] = []
    if reach == "province":
        its_courts = exists().where(
            FormSheet.form_id == Form.id,
            FormSheet.court_code == Court.code,
            Court.province == province,
        )
        # Only the nation's forms go to courts of other provinces: no other is looked into.
        conditions.append(or_(Form.province == province, Form.province.is_(None) & its_courts))
    if before is not None:
        conditions.append(Form.id < before)
    found = await session.scalars(
        select(Form).where(*conditions).order_by(Form.id.desc()).limit(most)
    )
    return found.all()


async def filled(
    session: AsyncSession, form_ids: Collection[int], province: str | None
) -> dict[int, tuple[int, int]]:
    """Of several forms at once: how many courts have handed in, and of how many."""
    found = await session.execute(
        select(
            FormSheet.form_id,
            func.sum(case((FormSheet.filled_at.is_not(None), 1), else_=0)),
            func.count(),
        )
        .join(Court, Court.code == FormSheet.court_code)
        .where(FormSheet.form_id.in_(form_ids), within(province))
        .group_by(FormSheet.form_id)
    )
    return {number: (int(handed_in), int(courts)) for number, handed_in, courts in found}
