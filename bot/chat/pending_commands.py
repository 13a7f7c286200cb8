"""`/pending`: what still waits, and one tap for several. How the list looks is in `pending_list`.

Cards asked for again are new outbox rows.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from bot import standing_in
from bot.chat import drafts, pending_list
from bot.chat.duty_commands import courts_meant
from bot.chat.outcome_words import refusal, sentence
from bot.chat.replies import Talk, fitting, joined
from bot.models import Draft
from directory import courts
from directory.models import Court, Officer
from notifications import acknowledgements, outbox, supervision
from notifications.changes import deciding_side
from notifications.models import Filing
from notifications.outcomes import Done, Outcome
from notifications.permissions import Action
from notifications.permissions import refusal as refusal_of

#: So many filings are listed.
MOST_FILINGS = 20

#: How long the buttons of a list work.
LIFETIME = timedelta(days=1)

KIND = "pending"

_OPEN = ("waiting", "acknowledged", "correcting")

#: What one tap does to all that are chosen.
_TOGETHER: dict[str, tuple[Action, Callable[..., Awaitable[Outcome]]]] = {
    "ack": ("acknowledge", acknowledgements.accept),
    "sup": ("supervise", supervision.supervise),
}


async def pending(talk: Talk, words: str) -> None:
    """`/pending`: open filings of the speaker's court (in a group: of its courts), or of a coordinator's province.

    A coordinator of 最高法 chases the provinces: theirs are the filings of the nation that are late.
    """
    _ = talk.html
    speaker = talk.speaker
    if speaker.officer is None:
        await talk.reply(refusal("hidden" if speaker.hidden else "stranger", _))
        return
    asked = await _asked_for(talk, words)
    if asked is None:
        return
    codes, conditions, late = asked
    total, found = await _open_filings(talk, or_(*conditions))
    if not found:
        await talk.reply(_("全国没有超时的立案。") if late else _("没有未办结的立案。"))
        return
    await _list(talk, found, total, codes, late=late)


async def _asked_for(
    talk: Talk, words: str
) -> tuple[list[str], list[ColumnElement[bool]], bool] | None:
    """The courts meant (none for a whole province), which filings, and whether only late ones; None once refused."""
    _ = talk.html
    speaker, served = talk.speaker, await _served(talk)
    codes: list[str] = []
    late = False
    if words or not (speaker.is_coordinator and talk.private):
        wanted = await courts_meant(talk, words)
        if wanted is None:
            return None
        # A group may serve a court that is not the speaker's besides one that is.
        codes = [court.code for court in wanted if _may_see(talk, court, served)]
        if not codes:
            await talk.reply(_("只能查看本院的未办结立案（省级协调员：本省）。"))
            return None
        conditions = _between(codes)
    elif speaker.is_national:
        conditions, late = [_late(talk)], True
    else:
        conditions = _between(select(Court.code).where(Court.province == speaker.province))
    if talk.private and not words and speaker.officer is not None:
        # What a closed court's substitute answers for, and what it took on an earlier day.
        codes += sorted(served) if codes else ()
        conditions += [Filing.jurisdiction_court.in_(served), await _taken(talk, speaker.officer)]
    return codes, conditions, late


def _may_see(talk: Talk, court: Court, served: frozenset[str]) -> bool:
    speaker = talk.speaker
    return speaker.linked is not None and (
        court.code == speaker.linked.court_code
        or court.code in served
        or speaker.is_national
        or (speaker.is_coordinator and court.province == speaker.province)
    )


def _late(talk: Talk) -> ColumnElement[bool]:
    """Filings that wait beyond the time for an answer, or for a result."""
    return or_(
        and_(Filing.state == "waiting", Filing.answer_due_at < talk.now),
        and_(Filing.state == "acknowledged", Filing.result_due_at < talk.now),
    )


async def _served(talk: Talk) -> frozenset[str]:
    """The closed courts that the speaker answers for today."""
    officer, zone = talk.speaker.officer, talk.parts.desk.timezone
    if officer is None:
        return frozenset()
    return await standing_in.served_today(talk.session, officer, now=talk.now, timezone=zone)


def _between(codes: Sequence[str] | Select[str]) -> list[ColumnElement[bool]]:
    """Filings to or from one of these courts."""
    return [Filing.jurisdiction_court.in_(codes), Filing.collaborating_court.in_(codes)]


async def _taken(talk: Talk, officer: Officer) -> ColumnElement[bool]:
    """Filings of other courts that the officer acknowledged as their substitute."""
    lately = await standing_in.served_lately(talk.session, officer, now=talk.now)
    by = Filing.acknowledged_by["officer_id"].as_integer()
    return and_(Filing.jurisdiction_court.in_(lately), by == officer.id)


async def _open_filings(talk: Talk, condition: ColumnElement[bool]) -> tuple[int, list[Filing]]:
    """How many are open, and the most pressing: overdue first, then by when they are due."""
    # A newcomer's practice is nobody else's business.
    linked = talk.speaker.linked
    own = Filing.trainee_id == (linked.id if linked is not None else None)
    mine = (Filing.state.in_(_OPEN), condition, or_(Filing.trainee_id.is_(None), own))
    total = await talk.session.scalar(select(func.count()).select_from(Filing).where(*mine))
    due = case(
        (Filing.state == "waiting", Filing.answer_due_at),
        else_=Filing.result_due_at,
    )
    found = await talk.session.scalars(
        select(Filing).where(*mine).order_by(due.is_(None), due, Filing.id).limit(MOST_FILINGS)
    )
    return total or 0, list(found)


async def _list(
    talk: Talk, found: Sequence[Filing], total: int, codes: Sequence[str], *, late: bool
) -> None:
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={
            "filings": [filing.id for filing in found],
            "chosen": [],
            "codes": list(codes),
            "total": total,
            "late": late,
        },
        lifetime=LIFETIME,
        now=talk.now,
    )
    listed = await pending_list.load(talk, found, total, codes, late=late)
    said, buttons = pending_list.text(talk, listed), pending_list.buttons(talk, listed, draft)
    draft.data = {**draft.data, "message": await talk.reply(said, buttons)}


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A press under a list: 查看, a box, 全选, or one tap for all that are chosen."""
    _ = talk.plain
    if talk.speaker.officer is None:
        talk.refuse(refusal("stranger", _))
        return
    word, _equals, number = choice.partition("=")
    listed = number.isdecimal() and int(number) in draft.data["filings"]
    if word == "show" and listed:
        await _look(talk, int(number))
    elif word == "pick" and listed:
        await _pick(talk, draft, [int(number)])
    elif choice == "all":
        await _pick(talk, draft, draft.data["filings"], every=True)
    elif choice in _TOGETHER:
        await _all_chosen(talk, draft, choice)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def _pick(talk: Talk, draft: Draft, ids: Sequence[int], *, every: bool = False) -> None:
    """Tick or clear boxes; only those of filings that the presser may answer."""
    _ = talk.plain
    found = await _in_order(talk, draft)
    between = await courts.many(talk.session, {filing.jurisdiction_court for filing in found})
    mine = {
        filing.id
        for filing in found
        if filing.id in ids
        and pending_list.may_choose(talk, filing, between[filing.jurisdiction_court])
    }
    if not mine:
        talk.refuse(_("此件已被签收或您无权签收。"))
        return
    before = frozenset(draft.data["chosen"])
    # 全选 again clears what it ticked.
    after = before - mine if mine <= before else (before | mine if every else before ^ mine)
    await _show_anew(talk, draft, found, after)
    talk.answer(_("已选 {count} 件", count=len(after)))


async def _all_chosen(talk: Talk, draft: Draft, what: str) -> None:
    """Do it to each, each judged on its own; what was not possible is said line by line."""
    _ = talk.plain
    ids = draft.data["chosen"]
    if not ids:
        talk.refuse(_("请先点选立案。"))
        return
    action, use = _TOGETHER[what]
    outcomes = [
        await use(talk.session, filing_id, talk.speaker.actor, talk.parts.desk, now=talk.now)
        for filing_id in sorted(ids)
    ]
    done = sum(isinstance(outcome, Done) for outcome in outcomes)
    text = (
        _("已签收 {done}/{all} 件", done=done, all=len(outcomes))
        if what == "ack"
        else _("已督办 {done}/{all} 件", done=done, all=len(outcomes))
    )
    talk.answer(text, alert=done < len(outcomes))
    await _show_anew(talk, draft, await _in_order(talk, draft), frozenset())
    lines = [await _said(talk, outcome, action) for outcome in outcomes]
    await talk.reply(joined(fitting([text, *lines], talk.html)))


async def _said(talk: Talk, outcome: Outcome, action: Action) -> str:
    """One line: the reference, and what came of it."""
    court = await courts.get(talk.session, outcome.filing.jurisdiction_court)
    zone = courts.zone_of(court, talk.parts.desk.timezone)
    mark = "✅" if isinstance(outcome, Done) else "⚠️"
    _ = talk.html
    said = sentence(outcome, action, _, zone, talk.now)
    return _("{mark} {reference}：{said}", mark=mark, reference=outcome.filing.reference, said=said)


async def _in_order(talk: Talk, draft: Draft) -> list[Filing]:
    """The filings of a list as they stand now, in the list's order."""
    ids: list[int] = draft.data["filings"]
    found = await talk.session.scalars(select(Filing).where(Filing.id.in_(ids)))
    known = {filing.id: filing for filing in found}
    return [known[key] for key in ids if key in known]


async def _show_anew(
    talk: Talk, draft: Draft, found: Sequence[Filing], after: frozenset[int]
) -> None:
    draft.data = {**draft.data, "chosen": sorted(after)}
    listed = await pending_list.load(
        talk, found, draft.data["total"], draft.data["codes"], frozenset(after),
        late=bool(draft.data.get("late")),
    )  # fmt: skip
    said, buttons = pending_list.text(talk, listed), pending_list.buttons(talk, listed, draft)
    await talk.edit(draft.data["message"], said, buttons)


async def _look(talk: Talk, filing_id: int) -> None:
    """查看 under a list: the filing's card anew, live like the others, in this chat."""
    _ = talk.plain
    filing = await talk.session.get_one(Filing, filing_id)
    between = await courts.many(
        talk.session, {filing.jurisdiction_court, filing.collaborating_court}
    )
    jurisdiction = between[filing.jurisdiction_court]
    zone = courts.zone_of(jurisdiction, talk.parts.desk.timezone)
    side = deciding_side(filing, jurisdiction, zone, talk.now)
    decides = refusal_of("acknowledge", talk.speaker.actor, side, side) is None
    served = await _served(talk)
    if not decides and not any(_may_see(talk, court, served) for court in between.values()):
        talk.refuse(_("只能查看本院的未办结立案（省级协调员：本省）。"))
        return
    if filing.state not in _OPEN:
        text = await talk.parts.renderer.path_text(
            talk.session, filing, now=talk.now, locale=talk.speaker.locale, short=True
        )
        talk.answer(text, alert=True)
        return
    talk.answer()
    await _show(talk, filing, jurisdiction, decides=decides or _may_see(talk, jurisdiction, served))


async def _show(talk: Talk, filing: Filing, jurisdiction: Court, *, decides: bool) -> None:
    view = ("officer" if talk.private else "group") if decides else "collaborating"
    officer = talk.speaker.linked if talk.private else None
    # Nobody is called by it: neither the path nor the reproach of silence counts it.
    facts: dict[str, object] = {"asked_for": True}
    if officer is not None and talk.speaker.is_coordinator:
        facts["post"] = "coordinator"
    row = outbox.card(
        filing,
        talk.chat_id,
        view,
        "filed",
        now=talk.now,
        facts=facts,
        officer_id=officer.id if officer is not None else None,
        court_code=None if officer is not None else jurisdiction.code,
        priority=outbox.REPLY,
    )
    await outbox.write(talk.session, [row])
