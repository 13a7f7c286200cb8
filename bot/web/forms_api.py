"""Forms over HTTP: which there are, and how far each court is with what it answered. Filling is the chat's business."""

from typing import Any

from aiohttp import web
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import validation
from bot.web.authentication import Caller
from bot.web.fields import Cursor, Instant, Limit
from bot.web.languages import translate_for
from bot.web.parts import parts_of
from bot.web.problems import Fault, Problem
from bot.web.responses import json_response
from bot.web.schemas import Strict
from notifications import form_facts, forms
from notifications.form_facts import Where
from notifications.form_models import Form
from notifications.form_progress import CourtSheet
from notifications.form_rules import Kind, Question, State

PATH = "/api/v1/forms"
ONE = f"{PATH}/{{number}}"

_Count = Field(ge=0)


class FormListQuery(Strict):
    """From where on, and how many."""

    cursor: Cursor | None = Field(default=None, description="The next_cursor of the page before.")
    limit: Limit = 50


class FormItem(Strict):
    """A form and how many of the courts in the token's scope have handed in."""

    id: int
    title: str
    template: str | None = Field(description="The shipped form it was made from.")
    province: str | None = Field(
        description="Whose coordinators look after it; null: the nation's."
    )
    written_by: str
    created_at: Instant
    due_at: Instant
    closed_at: Instant | None
    courts: int = _Count
    filled: int = _Count


class FormListAnswer(Strict):
    """Forms that courts in the token's scope fill, newest first."""

    items: list[FormItem]
    next_cursor: str | None


class FormQuestion(Strict):
    """One question; `options` belong to a choice, `unit` and range to a number."""

    key: str
    heading: str
    text: str
    kind: Kind
    options: list[str]
    unit: str
    least: int | None
    most: int | None
    required: bool


class FormSheetAnswer(Strict):
    """A court's sheet. `answers` holds what was handed in, by question: a picture by its name alone."""

    code: str
    name: str
    state: State = Field(
        description="partly: being filled; unreached: nobody there has the notice."
    )
    filled_at: Instant | None
    filled_by: str | None
    late: bool
    inspected: bool = Field(description="Filled by an inspector (督查代填).")
    answers: dict[str, bool | int | float | str]


class FormAnswer(FormItem):
    """A form with its questions and the sheets of the courts in the token's scope."""

    questions: list[FormQuestion]
    sheets: list[FormSheetAnswer]


async def index(request: web.Request, caller: Caller) -> web.Response:
    """`GET /forms`: those of the token's scope."""
    asked = validation.read_query(request, FormListQuery)
    where = _where(caller)
    before = _before(request, asked.cursor)
    async with parts_of(request).database.reading() as session:
        found = await form_facts.listed(session, where, most=asked.limit + 1, before=before)
        shown = found[: asked.limit]
        sums = await form_facts.filled(session, [form.id for form in shown], where)
    items = [FormItem(**_item(form, *sums.get(form.id, (0, 0)))) for form in shown]
    more = len(found) > asked.limit
    return json_response(
        FormListAnswer(items=items, next_cursor=str(shown[-1].id) if more else None)
    )


async def show(request: web.Request, caller: Caller) -> web.Response:
    """`GET /forms/{number}`: one that courts in the token's scope fill."""
    _ = translate_for(request)
    async with parts_of(request).database.reading() as session:
        form = await _found(session, request.match_info["number"])
        if form is None:
            raise Problem(404, _("没有这个编号的填报。"))
        sheets = await form_facts.sheets(session, form, _where(caller))
    if not sheets and _where(caller) != Where():
        raise Problem(403, _("此填报不在此令牌的范围内。"))
    questions = forms.questions_of(form)
    filled = sum(one.handed_in for one in sheets)
    answer = FormAnswer(
        **_item(form, filled, len(sheets)),
        questions=[_question(one) for one in questions],
        sheets=[_sheet(form, one) for one in sheets],
    )
    return json_response(answer)


async def _found(session: AsyncSession, number: str) -> Form | None:
    known = number.isascii() and number.isdecimal() and len(number) <= 18
    return await session.get(Form, int(number)) if known else None


def _where(caller: Caller) -> Where:
    return Where(caller.province, caller.court)


def _before(request: web.Request, cursor: str | None) -> int | None:
    """The number of the last form that was read.

    Raises:
        Problem: 422 for a cursor that was not given.
    """
    if cursor is None:
        return None
    _ = translate_for(request)
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= 18):
        raise validation.refused(request, [Fault("cursor", _("请原样使用上一页的 next_cursor"))])
    return int(cursor)


def _item(form: Form, filled: int, courts: int) -> dict[str, Any]:
    return {
        "id": form.id,
        "title": form.title,
        "template": form.template,
        "province": form.province,
        "written_by": form.written_by,
        "created_at": form.created_at,
        "due_at": form.due_at,
        "closed_at": form.closed_at,
        "courts": courts,
        "filled": filled,
    }


def _question(one: Question) -> FormQuestion:
    return FormQuestion(
        key=one.key,
        heading=one.heading,
        text=one.text,
        kind=one.kind,
        options=list(one.options),
        unit=one.unit,
        least=one.least,
        most=one.most,
        required=one.required,
    )


def _sheet(form: Form, one: CourtSheet) -> FormSheetAnswer:
    answers = one.answers if one.handed_in else {}
    return FormSheetAnswer(
        code=one.code,
        name=one.court,
        state=one.state,
        filled_at=one.filled_at,
        filled_by=one.filled_by,
        late=one.filled_at is not None and one.filled_at > form.due_at,
        inspected=one.inspected,
        answers={key: _shown(value) for key, value in answers.items()},
    )


def _shown(value: bool | float | str | dict[str, str]) -> bool | float | str:
    """A picture's number in the chat opens nothing here: its name says that there is one."""
    return value["name"] if isinstance(value, dict) else value
