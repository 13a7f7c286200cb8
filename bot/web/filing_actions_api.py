"""What is done to a filing over HTTP: 签收, result, supplement, 催办, 督办, 撤回, sending on. The rules are in `notifications`."""

import math
from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import quote

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import metrics, schemas, validation
from bot.web.authentication import Caller
from bot.web.filing_answers import load_answers, signature
from bot.web.filings_api import PATH, readable, side_of
from bot.web.languages import locale_of, translate_for
from bot.web.parts import parts_of
from bot.web.problems import Fault, Problem
from bot.web.responses import json_response
from bot.web.scopes import actor_of
from directory import courts, officers
from directory.duty import local_day
from directory.errors import OfficerAmbiguous, OfficerNotFound
from notifications import (
    acknowledgements,
    collaboration,
    permissions,
    results,
    returning,
    sending_on,
    supervision,
)
from notifications.models import Filing
from notifications.outcomes import Already, Done, NotNow, Outcome
from notifications.permissions import Action, Actor
from notifications.returning import Because

#: The width (characters) of `FilingEvent.who`.
_WHO = 128

#: What a use case is given here: the session, the filing's id, the actor and the present.
_UseCase = Callable[[AsyncSession, int, Actor, datetime], Awaitable[Outcome]]


async def acknowledge(request: web.Request, caller: Caller) -> web.Response:
    """`POST …/acknowledge`: take the filing for its jurisdiction court, once."""
    body = await validation.read_body(request, schemas.AcknowledgeRequest)
    desk = parts_of(request).desk

    async def use(session: AsyncSession, key: int, actor: Actor, now: datetime) -> Outcome:
        return await acknowledgements.accept(session, key, actor, desk, now=now)

    return await _act(request, caller, "acknowledge", use, officer=body.officer)


async def result(request: web.Request, caller: Caller) -> web.Response:
    """`POST …/result`: the jurisdiction court's answer; acknowledges first if need be."""
    body = await validation.read_body(request, schemas.ResultRequest)
    desk = parts_of(request).desk
    because = _because(request, body)

    async def use(session: AsyncSession, key: int, actor: Actor, now: datetime) -> Outcome:
        note = body.note or None
        if because is not None and because.proposed_court is not None:
            await _check_court(request, session, key, because.proposed_court, "proposed_court")
        return await results.give(
            session, key, actor, body.result, note, desk, now=now, because=because
        )

    return await _act(request, caller, "result", use, officer=body.officer)


def _because(request: web.Request, body: schemas.ResultRequest) -> Because | None:
    """Why it is returned; a court that is proposed says `not_ours` by itself."""
    _ = translate_for(request)
    field = "return_reason" if body.return_reason is not None else "proposed_court"
    if body.return_reason is None and body.proposed_court is None:
        return None
    if body.result != "returned":
        raise validation.refused(request, [Fault(field, _("只有“退回”可以写明退回原因"))])
    if body.return_reason == "other" and body.proposed_court is not None:
        message = _("退回原因为“其他”时不能写明管辖法院")
        raise validation.refused(request, [Fault("proposed_court", message)])
    return Because(body.return_reason or "not_ours", body.proposed_court)


async def _check_court(
    request: web.Request, session: AsyncSession, filing_id: int, code: str, field: str
) -> None:
    """Refuse a court to which this filing cannot go on."""
    _ = translate_for(request)
    fault = await returning.court_fault(session, await session.get_one(Filing, filing_id), code)
    if fault is not None:
        messages = {
            "own_court": _("该院刚退回此件，请写明其他法院"),
            "same_court": _("协作法院与管辖法院不能是同一法院"),
        }
        message = messages.get(fault) or _("没有这个法院代字")
        raise validation.refused(request, [Fault(field, message)])


async def send_on(request: web.Request, caller: Caller) -> web.Response:
    """`POST …/send-on`: file a returned filing anew with the court that decides; answers the new one."""
    body = await validation.read_body(request, schemas.SendOnRequest)
    desk = parts_of(request).desk
    code = body.jurisdiction_court

    async def use(session: AsyncSession, key: int, actor: Actor, now: datetime) -> Outcome:
        outcome = await sending_on.send_on(session, key, actor, code, desk, now=now)
        if isinstance(outcome, NotNow) and outcome.reason in returning.COURT_FAULTS:
            await _check_court(request, session, key, code, "jurisdiction_court")
        return outcome

    return await _act(request, caller, "send_on", use, created=True)


async def supervise(request: web.Request, caller: Caller) -> web.Response:
    """`POST …/supervise`: the coordinator orders an answer, at once."""
    await validation.read_body(request, schemas.EmptyRequest)
    desk = parts_of(request).desk

    async def use(session: AsyncSession, key: int, actor: Actor, now: datetime) -> Outcome:
        return await supervision.supervise(session, key, actor, desk, now=now)

    return await _act(request, caller, "supervise", use)


async def supplement(request: web.Request, caller: Caller) -> web.Response:
    """`POST …/supplement`: what was missing has been handed in."""
    await validation.read_body(request, schemas.EmptyRequest)
    desk = parts_of(request).desk

    async def use(session: AsyncSession, key: int, actor: Actor, now: datetime) -> Outcome:
        return await results.supplement(session, key, actor, desk, now=now)

    return await _act(request, caller, "supplement", use)


async def nudge(request: web.Request, caller: Caller) -> web.Response:
    """`POST …/nudge`: ask the jurisdiction court again."""
    await validation.read_body(request, schemas.EmptyRequest)
    desk = parts_of(request).desk

    async def use(session: AsyncSession, key: int, actor: Actor, now: datetime) -> Outcome:
        return await collaboration.nudge(session, key, actor, desk, now=now)

    return await _act(request, caller, "nudge", use)


async def withdraw(request: web.Request, caller: Caller) -> web.Response:
    """`POST …/withdraw`: take the filing back before it is completed."""
    body = await validation.read_body(request, schemas.WithdrawRequest)
    desk = parts_of(request).desk

    async def use(session: AsyncSession, key: int, actor: Actor, now: datetime) -> Outcome:
        return await collaboration.withdraw(session, key, actor, body.reason, desk, now=now)

    return await _act(request, caller, "withdraw", use)


async def _act(
    request: web.Request,
    caller: Caller,
    action: Action,
    use: _UseCase,
    *,
    officer: str | None = None,
    created: bool = False,
) -> web.Response:
    """Do `action` in one transaction; a refusal is committed too, for it is part of the history."""
    parts = parts_of(request)
    now = parts.clock.now()
    async with parts.database.transaction() as session:
        filing = await readable(request, session, caller, lock=True)
        actor = await _actor(request, session, caller, action, filing, officer, now=now)
        outcome = await use(session, filing.id, actor, now)
        answers = await load_answers(session, [outcome.filing])
    if isinstance(outcome, Done) and created:
        metrics.count_filing(request.app, drill=outcome.filing.drill)
        where = f"{PATH}/{quote(answers[0].reference, safe='')}"
        return json_response(answers[0], status=201, headers={"Location": where})
    if isinstance(outcome, Done):
        return json_response(answers[0])
    raise _problem_of(request, outcome, action, now=now)


async def _actor(
    request: web.Request,
    session: AsyncSession,
    caller: Caller,
    action: Action,
    filing: Filing,
    words: str | None,
    *,
    now: datetime,
) -> Actor:
    """The officer named, if the token itself may do this; else the token, to be judged as such."""
    itself = actor_of(caller)
    if words is None:
        if action in permissions.JURISDICTION_ACTIONS and caller.court is None:
            _ = translate_for(request)
            message = _("此令牌不属于某一法院，须写明签收人，例如 辽0211:张伟")
            raise validation.refused(request, [Fault("officer", message)])
        return itself
    found = await courts.many(session, {filing.collaborating_court, filing.jurisdiction_court})
    collaborating = side_of(found[filing.collaborating_court])
    jurisdiction = side_of(found[filing.jurisdiction_court])
    if permissions.refusal(action, itself, collaborating, jurisdiction) is not None:
        return itself
    parts = parts_of(request)
    try:
        officer = await officers.find(session, words, searcher=parts.searcher)
    except (OfficerNotFound, OfficerAmbiguous) as error:
        message = parts.texts.get(locale_of(request), error.template, **error.data)
        raise validation.refused(request, [Fault("officer", message)]) from None
    posts = officers.posts_on(officer, local_day(officer.court, now, parts.desk.timezone))
    post = officers.main_post(posts)
    return Actor(
        who=f"{officers.display(officer, post)} · {caller.name}"[:_WHO],
        name=officer.name,
        role="officer",
        officer_id=officer.id,
        court=officer.court_code,
        province=officer.court.province,
        post=post,
        posts=posts,
        token=caller.name,
    )


def _problem_of(
    request: web.Request, outcome: Outcome, action: Action, *, now: datetime
) -> Problem:
    """Why it was not done: somebody was first, the state does not allow it, the actor may not."""
    _ = translate_for(request)
    if isinstance(outcome, Already):
        return Problem(
            409,
            _("{name} 已先行签收。", name=outcome.by.get("name", "")),
            kind="already-acknowledged",
            members={
                "acknowledged_by": signature(outcome.by),
                "acknowledged_at": outcome.at.isoformat().replace("+00:00", "Z"),
            },
        )
    if isinstance(outcome, NotNow):
        if outcome.retry_at is not None:
            seconds = max(1, math.ceil((outcome.retry_at - now).total_seconds()))
            nudged = _("10 分钟内只能催办一次，请于 {seconds} 秒后再试。", seconds=seconds)
            ordered = _("10 分钟内只能督办一次，请于 {seconds} 秒后再试。", seconds=seconds)
            return Problem(
                429,
                ordered if action == "supervise" else nudged,
                headers={"Retry-After": str(seconds)},
            )
        if outcome.reason in {"sent_on", "not_returned", "no_reference"}:
            return Problem(409, _sending_sentence(outcome.reason, request), kind="wrong-state",
                           members={"state": outcome.filing.state})  # fmt: skip
        return Problem(
            409,
            _state_sentence(outcome.filing.state, request),
            kind="wrong-state",
            members={"state": outcome.filing.state},
        )
    reason = "" if isinstance(outcome, Done) else outcome.reason
    reasons = {
        "not_jurisdiction": _("只有管辖法院的人员或其省级协调员可以进行此操作。"),
        "not_collaborating": _("只有协作法院可以进行此操作。"),
        "not_coordinator": _("只有管辖法院所在省的协调员可以督办。"),
        "practice": _("这是一位新同事的上手演练，只由本人操作。"),
        "technician": _("此人今日没有可以签收的岗位。"),
    }
    return Problem(403, reasons.get(reason) or _("此令牌的角色不能进行此操作。"), kind="refused")


def _sending_sentence(reason: str, request: web.Request) -> str:
    _ = translate_for(request)
    sentences = {
        "sent_on": _("此件退回后已转送其他法院，不能再更改。"),
        "not_returned": _("此件未被退回，不能进行此操作。"),
        "no_reference": _("此编号转送次数过多，请另用新编号立案。"),
    }
    return sentences[reason]


def _state_sentence(state: str, request: web.Request) -> str:
    _ = translate_for(request)
    sentences = {
        "waiting": _("此件尚未签收，还不能进行此操作。"),
        "acknowledged": _("此件已签收、尚无结果，当前不能进行此操作。"),
        "correcting": _("此件正在补正，当前不能进行此操作。"),
        "completed": _("此件已有结果，不能再进行此操作。"),
        "withdrawn": _("此件已撤回，不能再进行此操作。"),
    }
    return sentences[state]
