"""One court's sheet of a form: opened, answered question by question, handed in, corrected. Says nothing itself.

Several people of a court may answer at the same time: for each question the last word counts, and whoever
replaces somebody's answer is told whose. Every answer stays in `form_answers`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.errors import LiaisonError
from directory.models import Court
from notifications import form_rules, forms, notice_receipts, notices
from notifications.form_models import Form, FormAnswer, FormSheet
from notifications.form_rules import As, Question, Shut, Value
from notifications.notice_check import Finding
from notifications.notice_models import Notice


class NumbersInAnswer(LiaisonError):
    """答案中有个人号码，不能填报：{numbers}"""

    def __init__(self, found: Sequence[Finding]) -> None:
        super().__init__(numbers="、".join(one.masked for one in found))


@dataclass(frozen=True, slots=True)
class Writer:
    """Who answers: a name with post, and as whom."""

    who: str
    officer_id: int
    acts: As


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given: its number, question, value, who gave it, when, and whether while inspecting."""

    number: int
    key: str
    value: Any
    by: str
    officer_id: int | None
    at: datetime
    inspected: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A sheet with its form and court, locked for whoever writes into it."""

    form: Form
    questions: tuple[Question, ...]
    court: Court
    sheet: FormSheet
    recalled_at: datetime | None

    def shut(self, acts: As, now: datetime) -> Shut | None:
        """Why it takes no answer of somebody now; None while it does."""
        return form_rules.shut(
            due_at=self.form.due_at, closed_at=self.form.closed_at, recalled_at=self.recalled_at,
            filled_at=self.sheet.filled_at, inspected=self.sheet.inspected, who=acts, now=now,
        )  # fmt: skip

    @property
    def missing(self) -> list[int]:
        """The places of questions that keep it from being handed in."""
        return form_rules.missing(self.questions, self.sheet.answers)


async def hold(session: AsyncSession, form_id: int, court_code: str) -> Held | None:
    """A court's sheet, locked and as it stands; None for a court that was not asked, and for no form."""
    # Shared: a form is not closed while an answer to it is under way.
    form = await session.scalar(
        select(Form)
        .where(Form.id == form_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    sheet = await session.scalar(
        select(FormSheet)
        .where(FormSheet.form_id == form_id, FormSheet.court_code == court_code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if form is None or sheet is None:
        return None
    notice = await session.get_one(Notice, form.notice_id, populate_existing=True)
    court = await session.get_one(Court, court_code)
    return Held(form, forms.questions_of(form), court, sheet, notice.recalled_at)


async def given(session: AsyncSession, held: Held) -> dict[str, Given]:
    """The last word on each question that was ever answered, by the question's key."""
    return {one.key: one for one in await history(session, held.form.id, held.sheet.court_code)}


async def history(session: AsyncSession, form_id: int, court_code: str) -> list[Given]:
    """Every answer of a court, the first first."""
    row = FormAnswer
    found = await session.execute(
        select(row.id, row.key, row.value, row.by, row.officer_id, row.at, row.inspected)
        .where(row.form_id == form_id, row.court_code == court_code)
        .order_by(row.id)
    )
    return [Given(*one) for one in found]


async def next_court(session: AsyncSession, held: Held) -> str | None:
    """The code of the province's next court that has not handed in, of the same city while there is one."""
    here = held.court
    code: str | None = await session.scalar(
        select(Court.code)
        .join(FormSheet, FormSheet.court_code == Court.code)
        .where(
            FormSheet.form_id == held.form.id,
            FormSheet.filled_at.is_(None),
            Court.province == here.province,
            Court.code != here.code,
        )
        .order_by(
            case((Court.city == here.city, 0), else_=1),
            case((Court.code > here.code, 0), else_=1),
            Court.code,
        )
        .limit(1)
    )
    return code


async def answer(
    session: AsyncSession,
    held: Held,
    question: Question,
    value: Value | None,
    writer: Writer,
    *,
    now: datetime,
) -> Shut | None:
    """Take an answer into a held sheet (None: take it back), at once and for good; or why none is taken.

    Raises:
        NumbersInAnswer: a text holds an identity number, a bank card or a mobile; a desk phone of the
            directory is let through.
        ValueError: no answer to this question, or one taken back that a sheet that was handed in needs.
    """
    shut = held.shut(writer.acts, now)
    if shut is not None:
        return shut
    needed = question.required and held.sheet.filled_at is not None
    if needed if value is None else not form_rules.fits(question, value):
        raise ValueError(question.key)
    if isinstance(value, str) and question.kind == "text":
        # A name cannot be told from other words: the chat asks for none.
        found = await notices.persons_numbers(session, value)
        if found:
            raise NumbersInAnswer(found)
    sheet = held.sheet
    answers = {key: kept for key, kept in sheet.answers.items() if key != question.key}
    sheet.answers = answers if value is None else {**answers, question.key: value}
    sheet.begun_at = sheet.begun_at or now
    sheet.version += 1
    row = FormAnswer(
        form_id=sheet.form_id, court_code=sheet.court_code, key=question.key, value=value, at=now,
        by=writer.who, officer_id=writer.officer_id, inspected=writer.acts == "inspector",
    )  # fmt: skip
    session.add(row)
    await session.flush()
    if sheet.filled_at is not None:
        await forms.follow_court(session, held.form, sheet.court_code, now=now)
    return None


async def submit(
    session: AsyncSession, held: Held, writer: Writer, *, now: datetime
) -> Literal["filled", "already", "missing"] | Shut:
    """Hand a held sheet in; it confirms the notice of whoever does. Of two at once the second hears `already`."""
    sheet = held.sheet
    if sheet.filled_at is not None:
        return "already"
    shut = held.shut(writer.acts, now)
    if shut is not None:
        return shut
    if held.missing:
        return "missing"
    sheet.filled_at = now
    sheet.filled_by = writer.who
    sheet.filled_by_officer_id = writer.officer_id
    sheet.inspected = writer.acts == "inspector"
    sheet.version += 1
    await session.flush()
    await notice_receipts.confirm(
        session, held.form.notice_id, writer.officer_id, writer.who, now=now
    )
    await forms.follow_court(session, held.form, sheet.court_code, now=now)
    return "filled"
