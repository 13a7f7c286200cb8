"""Filings over HTTP: handing in, looking up, listing. What is done to them is in `bot.web.filing_actions_api`."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import metrics, schemas, validation
from bot.web.authentication import Caller
from bot.web.filing_answers import filing_answer, load_answers
from bot.web.languages import translate_for
from bot.web.parts import parts_of
from bot.web.problems import Fault, Problem
from bot.web.responses import json_response
from bot.web.scopes import actor_of, reads_filing
from directory import courts
from directory.models import Court
from notifications import filing_list, filings, permissions
from notifications.filings import Receipt, Submission
from notifications.models import Filing
from notifications.permissions import Side

PATH = "/api/v1/filings"

#: How far (seconds) the counter's own time may lie ahead of ours.
AHEAD_SECONDS = 300


async def file(request: web.Request, caller: Caller) -> web.Response:
    """`POST /filings`: store a filing and its first pages; answer once they are durable."""
    body = await validation.read_body(request, schemas.FilingRequest)
    parts = parts_of(request)
    _ = translate_for(request)
    now = parts.clock.now()
    if body.filed_at is not None and body.filed_at > now + timedelta(seconds=AHEAD_SECONDS):
        raise validation.refused(
            request, [Fault("filed_at", _("不能晚于当前时间 5 分钟以上，请检查柜台的时钟"))]
        )
    await _check_scope(request, caller, body)
    receipt = await parts.intake.submit(
        Submission(
            reference=body.reference,
            collaborating_court=body.collaborating_court,
            jurisdiction_court=body.jurisdiction_court,
            case_type=body.case_type,
            filed_at=body.filed_at,
            drill=body.drill,
            filed_by=caller.name,
        )
    )
    return await _answer_receipt(request, receipt)


async def _check_scope(request: web.Request, caller: Caller, body: schemas.FilingRequest) -> None:
    """Refuse what the token may not file; only a token of a province costs a look into the directory."""
    province = ""
    if caller.province is not None:
        async with parts_of(request).database.reading() as session:
            found = await courts.many(session, [body.collaborating_court])
        if not found:
            return  # No such court: the intake says so.
        province = found[body.collaborating_court].province
    collaborating = Side(body.collaborating_court, province)
    jurisdiction = Side(body.jurisdiction_court, "")
    if permissions.refusal("file", actor_of(caller), collaborating, jurisdiction) is not None:
        _ = translate_for(request)
        raise Problem(
            403, _("此令牌不能以 {court} 的名义提交立案。", court=body.collaborating_court)
        )


async def _answer_receipt(request: web.Request, receipt: Receipt) -> web.Response:
    _ = translate_for(request)
    filing = receipt.filing
    if filing is None or receipt.courts is None:
        field = receipt.field or "jurisdiction_court"
        message = (
            _("协作法院与管辖法院不能是同一法院")
            if receipt.outcome == "same_court"
            else _("没有这个法院代字")
        )
        raise validation.refused(request, [Fault(field, message)])
    if receipt.outcome == "conflict":
        raise Problem(
            409,
            _("编号 {reference} 已用于另一件内容不同的立案。", reference=filing.reference),
            kind="reference-taken",
        )
    links: tuple[str | None, str | None] = (None, None)
    between = dict(receipt.courts)
    if filing.previous_id is not None or filing.next_id is not None or filing.proposed_court:
        async with parts_of(request).database.reading() as session:
            links = await filings.linked_references(session, filing)
            between |= await courts.many(session, filter(None, [filing.proposed_court]))
    is_new = receipt.outcome == "new"
    if is_new:
        metrics.count_filing(request.app, drill=filing.drill)
    return json_response(
        filing_answer(filing, receipt.events, between, links),
        status=201 if is_new else 200,
        headers={"Location": f"{PATH}/{quote(filing.reference, safe='')}"} if is_new else None,
    )


async def show(request: web.Request, caller: Caller) -> web.Response:
    """`GET /filings/{reference}`: where a filing stands."""
    async with parts_of(request).database.reading() as session:
        filing = await readable(request, session, caller)
        (answer,) = await load_answers(session, [filing])
    return json_response(answer)


async def readable(
    request: web.Request, session: AsyncSession, caller: Caller, *, lock: bool = False
) -> Filing:
    """The filing that the address names, if the token's scope includes it.

    Raises:
        Problem: 404, or 403 outside the scope.
    """
    _ = translate_for(request)
    reference = request.match_info["reference"]
    filing = None
    if filings.is_reference(reference):
        filing = await filings.find(session, reference, lock=lock)
    if filing is None:
        raise Problem(404, _("没有这个编号的立案。"))
    between = await courts.many(session, {filing.jurisdiction_court, filing.collaborating_court})
    if not reads_filing(caller, *map(side_of, between.values())):
        raise Problem(403, _("这件立案不在此令牌的范围内。"))
    return filing


def side_of(court: Court) -> Side:
    """The court as far as permissions go."""
    return Side(court.code, court.province)


async def index(request: web.Request, caller: Caller) -> web.Response:
    """`GET /filings`: a page of filings within the token's scope."""
    asked = validation.read_query(request, schemas.FilingListQuery)
    _ = translate_for(request)
    after = None
    if asked.cursor is not None and (after := position_of(asked.cursor)) is None:
        raise validation.refused(request, [Fault("cursor", _("请原样使用上一页的 next_cursor"))])
    if asked.as_of is not None and asked.figure is None:
        raise validation.refused(request, [Fault("as_of", _("只能与 figure 一起使用"))])
    parts = parts_of(request)
    query = filing_list.FilingQuery(
        limit=asked.limit,
        state=asked.state,
        court=asked.court,
        province=asked.province,
        role=asked.role,
        figure=asked.figure,
        as_of=asked.as_of or parts.clock.now(),
        since=asked.since,
        until=asked.until,
        drill=asked.drill,
        scope_court=caller.court,
        scope_province=caller.province,
        after=after,
    )
    async with parts.database.reading() as session:
        if asked.court is not None and not await courts.many(session, [asked.court]):
            raise validation.refused(request, [Fault("court", _("没有这个法院代字"))])
        found, last = await filing_list.page(session, query, parts.desk)
        items = await load_answers(session, found)
    return json_response(
        schemas.FilingListAnswer(items=items, next_cursor=None if last is None else cursor_of(last))
    )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cursor_of(position: filing_list.Position) -> str:
    """A position in the list as an opaque word."""
    microseconds = (position.received_at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{microseconds}.{position.id}".encode()).decode().rstrip("=")


def position_of(cursor: str) -> filing_list.Position | None:
    """What `cursor_of` hid in a word; None when it is not one of ours."""
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        microseconds, filing_id = (int(part) for part in plain.split("."))
        position = filing_list.Position(_EPOCH + timedelta(microseconds=microseconds), filing_id)
    except (binascii.Error, ValueError, OverflowError):
        return None
    return position if 0 <= position.id < 2**63 else None
