"""What is sent of a contested figure: to the coordinator with its buttons, to the court, to the group. Decides nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.texts import Translate
from notifications import bulletin_contests, bulletin_messages
from notifications.bulletin_models import Bulletin, BulletinContest
from notifications.desk import DeskRules
from notifications.messages import Button, Message
from notifications.models import Filing, OutgoingMessage
from notifications.wording import Wording


async def message(
    session: AsyncSession,
    outgoing: OutgoingMessage,
    translate: Translate,
    desk: DeskRules,
    *,
    now: datetime,
) -> Message | None:
    """As it stands now; `translate` gives plain text. None when the contest is gone."""
    contest = await session.get(
        BulletinContest, outgoing.payload["contest"], populate_existing=True
    )
    if contest is None:
        return None
    bulletin = await session.get_one(Bulletin, contest.bulletin_id)
    both = await bulletin_messages.words(
        session, {"bulletin": bulletin.id}, translate, desk, now=now
    )
    if both is None:
        return None
    shown = both[0]
    _ = translate
    said = Wording(_)
    filing = await session.get_one(Filing, contest.filing_id)
    court = await courts.get(session, contest.court_code)
    at = contest.raised_at.astimezone(ZoneInfo(desk.timezone))
    lines = [
        _("{court}　编号 {reference}（计为{state}）", court=court.name, reference=filing.reference,
          state=shown.state(contest.counted_as)),
        _("理由：{reason}", reason=contest.reason),
        _("提出：{who}　{time}", who=said.signed(contest.raised_by), time=f"{at:%Y-%m-%d %H:%M}"),
        *_decision(contest, _),
    ]  # fmt: skip
    if contest.accepted and (change := shown.correction(filing.reference)) is not None:
        lines.append(change)
    head = _("【通报异议】{number}", number=bulletin.number)
    if outgoing.kind == bulletin_contests.CORRECTED:
        head = _("【通报更正】{number}", number=bulletin.number)
    text = Markup("<b>{}</b>\n").format(head) + Markup("\n").join(escape(line) for line in lines)
    return Message(text, _buttons(outgoing, contest, _))


def _decision(contest: BulletinContest, translate: Translate) -> list[str]:
    _ = translate
    if contest.accepted is None:
        return []
    who = Wording(_).signed(contest.decided_by or "")
    if contest.accepted:
        return [_("采纳：{decision}（{who}）", decision=contest.decision, who=who)]
    return [_("不予采纳：{decision}（{who}）", decision=contest.decision, who=who)]


def _buttons(
    outgoing: OutgoingMessage, contest: BulletinContest, translate: Translate
) -> tuple[tuple[Button, ...], ...]:
    _ = translate
    if outgoing.kind != bulletin_contests.ASKED or contest.accepted is not None:
        return ()
    return (
        (
            Button(_("采纳，计为期内"), f"contest:{contest.id}:yes", style="primary"),
            Button(_("采纳，单列"), f"contest:{contest.id}:apart"),
        ),
        (Button(_("不予采纳"), f"contest:{contest.id}:no"),),
    )
