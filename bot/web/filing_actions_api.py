"""What is done to a filing over HTTP: 签收, result, supplement, 催办, 撤回. The rules are in `notifications`."""

import math
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web import schemas, validation
from bot.web.authentication import Caller
from bot.web.filing_answers import load_answers, signature
from bot.web.filings_api import readable, side_of
from bot.web.languages import locale_of, translate_for
from bot.web.parts import parts_of
from bot.web.problems import Fault, Problem
from bot.web.responses import json_response
from bot.web.scopes import actor_of
from directory import courts, officers
from directory.duty import local_day
from directory.errors import OfficerAmbiguous, OfficerNotFound
from notifications import acknowledgements, collaboration, permissions, results
from notifications.models import Filing
from notifications.outcomes import Already, Done, NotNow, Outcome
from notifications.permissions import Action, Actor

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

    async def use(session: AsyncSession, key: int, actor: Actor, now: datetime) -> Outcome:
        note = body.note or None
        return await results.give(session, key, actor, body.result, note, desk, now=now)

    return await _act(request, caller, "result", use, officer=body.officer)


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
) -> web.Response:
    """Do `action` in one transaction; a refusal is committed too, for it is part of the history."""
    parts = parts_of(request)
    now = parts.clock.now()
    async with parts.database.transaction() as session:
        filing = await readable(request, session, caller, lock=True)
        actor = await _actor(request, session, caller, action, filing, officer, now=now)
        outcome = await use(session, filing.id, actor, now)
        answers = await load_answers(session, [outcome.filing])
    if isinstance(outcome, Done):
        return json_response(answers[0])
    raise _problem_of(request, outcome, now=now)


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
        officer = await officers.find(session, words)
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


def _problem_of(request: web.Request, outcome: Outcome, *, now: datetime) -> Problem:
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
            return Problem(
                429,
                _("十分钟内只能催办一次，请于 {seconds} 秒后再试。", seconds=seconds),
                headers={"Retry-After": str(seconds)},
            )
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
        "technician": _("此人今日没有可以签收的岗位。"),
    }
    return Problem(403, reasons.get(reason) or _("此令牌的角色不能进行此操作。"), kind="refused")


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
