"""`/notices` and `/notices/{number}`: what was sent and what came of it, by court; one's own, to be confirmed. Writing is `notice_compose_page`'s."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.notice_rights import signer
from bot.web import notice_acts, notice_form, notice_forms
from bot.web.notice_reading import form_of, reads
from bot.web.notice_sight import (
    Sight,
    coordinates,
    missing,
    number_of,
    own_receipt,
    sight_of,
)
from bot.web.page_frame import HEADERS, render, translate_page, words_asked
from bot.web.parts import parts_of
from bot.web.responses import workbook
from directory.court_codes import normalise
from notifications import (
    form_progress,
    form_report,
    notice_facts,
    notice_plans,
    notice_report,
    notice_sheet,
)
from notifications.form_words import FormWords
from notifications.notice_audience import may_sign_for
from notifications.notice_facts import Scope
from notifications.notice_models import Notice
from notifications.notice_report import Sheet
from notifications.notice_sheet import CourtLine, Sums
from notifications.notice_text import first_line

#: So many notices are listed on one page, and so many of one's own.
MOST, MOST_OWN = 50, 20

#: So many courts of a sheet are shown at once: more than any province has.
MOST_COURTS = 400

#: Which courts of a sheet are shown, by the word in the address.
_SHOWN: Mapping[str, Callable[[CourtLine], int]] = {
    "all": lambda _line: 1,
    "missing": lambda line: len(line.missing),
    "unconfirmed": lambda line: line.sums.unconfirmed,
    "unreached": lambda line: line.sums.unreached,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a sheet the address asks for."""

    province: str
    city: str
    show: str
    words: str
    #: Which courts of its form.
    form: str

    def kept(self, lines: Sequence[CourtLine]) -> list[CourtLine]:
        """The courts that are shown; of those in which somebody is missing the worst first."""
        key = normalise(self.words)
        kept = [
            line
            for line in lines
            if _SHOWN[self.show](line)
            and (not self.city or line.city == self.city)
            and (not key or key in normalise(line.name) or key in normalise(line.code))
        ]
        return kept if self.show == "all" else notice_sheet.chase(kept)


async def index(request: web.Request) -> web.Response:
    """`GET /notices?after=`: those that the viewer looks after, and those that were sent to them."""
    sight = await sight_of(request)
    after = words_asked(request, "after")
    before = int(after) if after.isascii() and after.isdecimal() and len(after) <= 18 else None
    async with parts_of(request).database.reading() as session:
        found: Sequence[Notice] = ()
        if sight.writer.reach is not None:
            found = await notice_facts.looked_after(
                session, sight.writer.reach, sight.writer.province, most=MOST, after=before
            )
        numbers = [one.id for one in found]
        sums = await notice_facts.sums(session, numbers, sight.writer.scope)
        filled = await notice_forms.filled(session, sight, numbers)
        own, colleagues, forms = [], [], []
        if sight.officer is not None and before is None:
            own = await notice_facts.addressed(session, sight.officer.id, most=MOST_OWN)
            colleagues = await _colleagues(request, session, sight)
            forms = await notice_forms.own(session, sight)
    return await render(
        request,
        "notices.j2",
        viewer=sight.viewer,
        sight=sight,
        said=sight.words,
        found=found,
        sums=sums,
        filled=filled,
        older=found[-1].id if len(found) == MOST else None,
        own=own,
        colleagues=colleagues,
        forms=forms,
        title=first_line,
        **notice_acts.told(request, sight),
    )


async def _colleagues(
    request: web.Request, session: AsyncSession, sight: Sight
) -> list[tuple[Notice, Sheet]]:
    """For a leader: the notices that somebody of the court has not confirmed, with the court's sheet."""
    officer = sight.officer
    who = signer(officer, sight.viewer.posts)
    if officer is None or who is None or sight.writer.reach is not None:
        return []
    if not may_sign_for(who, officer.court_code, officer.court.province):
        return []
    found = await notice_facts.with_missing(session, officer.court_code, most=MOST_OWN)
    scope = Scope(court=officer.court_code)
    return [(one, await _sheet(request, session, sight, one, scope)) for one in found]


async def show(request: web.Request) -> web.Response:
    """`GET /notices/{number}?province=&city=&show=&q=`: a notice, and for who coordinates its readers the sheet.

    Raises:
        Problem: 404, there is none of this number that the viewer sees.
    """
    sight = await sight_of(request)
    number = number_of(request, sight)
    async with parts_of(request).database.reading() as session:
        notice = await session.get(Notice, number)
        if notice is None:
            raise missing(request, sight)
        sees = await coordinates(session, sight, notice)
        mine = await own_receipt(session, sight, notice)
        if not sees and mine is None:
            raise missing(request, sight)
        data = await _receipts(request, session, sight, notice) if sees else {}
        form = await form_of(session, notice.id)
        # Who only receives it sees it as their chat does: once taken back the text is gone.
        bubble = await reads(session, sight, notice, None if sees else mine)
    return await render(
        request,
        "notice.j2",
        viewer=sight.viewer,
        sight=sight,
        said=sight.words,
        notice=notice,
        bubble=bubble,
        mine=mine,
        to_fill=form is not None and form.closed_at is None,
        sees=sees,
        looks_after=sight.looks_after(notice),
        planned=notice_plans.is_planned(notice, sight.now),
        on_hold=notice_plans.is_held(notice),
        typed=lambda at: notice_form.as_typed(at, sight.words.zone),
        **notice_acts.told(request, sight),
        **data,
    )


async def _receipts(
    request: web.Request, session: AsyncSession, sight: Sight, notice: Notice
) -> dict[str, Any]:
    """What the page shows of the receipts: of the nation's notice first the provinces, then one's courts."""
    show, filled = words_asked(request, "show"), words_asked(request, "form")
    asked = Asked(
        words_asked(request, "province"),
        words_asked(request, "city"),
        show if show in _SHOWN else "all",
        words_asked(request, "q"),
        filled if filled in notice_forms.SHOWN else "all",
    )
    sums = (await notice_facts.sums(session, [notice.id], sight.writer.scope)).get(notice.id)
    provinces = await _provinces(session, sight, notice)
    scope = _scope(sight, provinces, asked)
    data: dict[str, Any] = {
        "asked": asked, "sums": sums or Sums(), "provinces": provinces,
        "sheet": None, "province": None, "cities": (),
        "workbook": f"/notices/{notice.id}/receipts.xlsx",
        # While it is being sent the page asks for itself again.
        "here": str(request.rel_url),
        "form": await _form(request, session, sight, notice, scope, asked),
    }  # fmt: skip
    if scope is None:
        return data
    sheet = await _sheet(request, session, sight, notice, scope)
    lines = asked.kept(sheet.lines)
    who = signer(sight.officer, sight.viewer.posts)
    return {
        **data,
        "sheet": sheet,
        "province": scope.province,
        "lines": lines[:MOST_COURTS],
        "more": len(lines[MOST_COURTS:]),
        "cities": sorted({line.city for line in sheet.lines if line.city}),
        "signs": lambda line: (
            who is not None
            and notice.recalled_at is None
            and may_sign_for(who, line.code, line.province)
        ),
    }


async def _provinces(session: AsyncSession, sight: Sight, notice: Notice) -> dict[str, Sums]:
    """The provinces of its readers with their sums; empty for who sees one province alone."""
    if sight.writer.reach != "nation":
        return {}
    return await notice_facts.by_province(session, notice.id)


def _scope(sight: Sight, provinces: Mapping[str, Sums], asked: Asked) -> Scope | None:
    """Of which people the courts are shown; None while one of several provinces is to be chosen."""
    if sight.writer.reach != "nation":
        return sight.writer.scope
    if asked.province in provinces:
        return Scope(province=asked.province)
    return Scope(province=next(iter(provinces))) if len(provinces) == 1 else None


async def _sheet(
    request: web.Request, session: AsyncSession, sight: Sight, notice: Notice, scope: Scope
) -> Sheet:
    parts = parts_of(request)
    return await notice_report.load(
        session, notice, scope, sight.words.translate, parts.desk, now=sight.now
    )


async def _form(
    request: web.Request,
    session: AsyncSession,
    sight: Sight,
    notice: Notice,
    scope: Scope | None,
    asked: Asked,
) -> dict[str, Any] | None:
    """What is shown of the form it carries: of several provinces' courts the figures alone."""
    form = await form_of(session, notice.id)
    if form is None:
        return None
    report = await form_report.load(
        session, form, (scope or sight.writer.scope).province, sight.words.translate,
        parts_of(request).desk, now=sight.now,
    )  # fmt: skip
    words = FormWords(form, sight.words.zone, sight.words.translate, sight.now)
    return {
        "report": report,
        "due_at": form.due_at,
        "moved": words.moved(),
        "open": form.closed_at is None and notice.recalled_at is None,
        "headings": len(form_progress.headings(report.questions)),
        "met": lambda one: form_progress.met(report.questions, one.answers),
        # Of none that handed in, none can meet anything.
        "results": [
            one
            for one in form_progress.heading_results(report.questions, report.sheets)
            if one.courts
        ],
        "lines": notice_forms.kept(report.sheets, asked.form, asked.city, asked.words)
        if scope is not None
        else None,
        "workbook": f"/notices/{notice.id}/form.xlsx",
    }


async def receipts(request: web.Request) -> web.Response:
    """`GET /notices/{number}/receipts.xlsx`: everybody whose receipts the viewer sees.

    Raises:
        Problem: 404.
    """
    sight, parts = await sight_of(request), parts_of(request)
    async with parts.database.reading() as session:
        notice = await _coordinated(request, session, sight)
        _ = translate_page(request, sight.viewer)
        sheet = await notice_report.load(
            session, notice, sight.writer.scope, _, parts.desk, now=sight.now
        )
    made = await notice_report.document(sheet)
    return workbook(made.name, made.content, HEADERS)


async def answers(request: web.Request) -> web.Response:
    """`GET /notices/{number}/form.xlsx`: the courts whose sheets the viewer sees, with every answer.

    Raises:
        Problem: 404.
    """
    sight, parts = await sight_of(request), parts_of(request)
    async with parts.database.reading() as session:
        notice = await _coordinated(request, session, sight)
        form = await form_of(session, notice.id)
        if form is None:
            raise missing(request, sight)
        province, _ = sight.writer.scope.province, translate_page(request, sight.viewer)
        report = await form_report.load(
            session, form, province, _, parts.desk, now=sight.now, history=True
        )
    made = await form_report.document(report)
    return workbook(made.name, made.content, HEADERS)


async def _coordinated(request: web.Request, session: AsyncSession, sight: Sight) -> Notice:
    """The notice in the address, for who coordinates its readers.

    Raises:
        Problem: 404.
    """
    notice = await session.get(Notice, number_of(request, sight))
    if notice is None or not await coordinates(session, sight, notice):
        raise missing(request, sight)
    return notice
