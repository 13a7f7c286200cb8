"""The timeline of one filing for a reader with room: every event, every page, the hops before and after it.

What a chat message has room for is in `notifications.filing_path`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.models import Court
from directory.texts import Translate
from notifications import deliveries, event_words
from notifications.deliveries import Delivery
from notifications.desk import DeskRules
from notifications.models import Filing, FilingEvent
from notifications.wording import Wording

#: Papers are sent on a few times at most; a longer chain is shown from its near end.
MOST_HOPS = 8

#: So much (characters) of a free text is shown.
DETAIL = 200


@dataclass(frozen=True, slots=True)
class Hop:
    """The same papers at another court."""

    reference: str
    state: str
    result: str | None
    jurisdiction: Court
    collaborating: Court


@dataclass(frozen=True, slots=True)
class Timeline:
    """A filing with its courts and everything that happened to it, oldest first."""

    filing: Filing
    jurisdiction: Court
    collaborating: Court
    #: The zone of the jurisdiction court, in which times are told.
    zone: tzinfo
    events: Sequence[FilingEvent]
    pages: Sequence[Delivery]
    #: Hops before this one, oldest first, and after it.
    earlier: tuple[Hop, ...]
    later: tuple[Hop, ...]


async def load(session: AsyncSession, filing: Filing, desk: DeskRules) -> Timeline:
    """Read the timeline of `filing`."""
    found = await courts.many(session, {filing.jurisdiction_court, filing.collaborating_court})
    jurisdiction = found[filing.jurisdiction_court]
    events = await session.scalars(
        select(FilingEvent)
        .where(FilingEvent.filing_id == filing.id)
        .order_by(FilingEvent.at, FilingEvent.id)
    )
    earlier = await _hops(session, filing, "previous_id")
    return Timeline(
        filing=filing,
        jurisdiction=jurisdiction,
        collaborating=found[filing.collaborating_court],
        zone=courts.zone_of(jurisdiction, desk.timezone),
        events=events.all(),
        pages=await deliveries.of_filing(session, filing.id),
        earlier=tuple(reversed(earlier)),
        later=tuple(await _hops(session, filing, "next_id")),
    )


async def _hops(session: AsyncSession, filing: Filing, link: str) -> list[Hop]:
    """The hops one after the other in one direction."""
    hops: list[Hop] = []
    key = getattr(filing, link)
    while key is not None and len(hops) < MOST_HOPS:
        hop = await session.get_one(Filing, key)
        found = await courts.many(session, {hop.jurisdiction_court, hop.collaborating_court})
        hops.append(
            Hop(
                hop.reference,
                hop.state,
                hop.result,
                found[hop.jurisdiction_court],
                found[hop.collaborating_court],
            )
        )
        key = getattr(hop, link)
    return hops


def state_words(state: str, result: str | None, translate: Translate) -> str:
    """Where a filing stands; a result stands for itself."""
    _ = translate
    names = {
        "waiting": _("待签收"),
        "acknowledged": _("已签收，待反馈"),
        "correcting": _("等待补正"),
        "completed": _("已办结"),
        "withdrawn": _("已撤回"),
    }
    if state == "completed" and result is not None:
        return Wording(translate).result(result)
    return names.get(state, state)


def event_name(kind: str, translate: Translate) -> str:
    """What an event is called."""
    _ = translate
    names = {
        "received": _("收到立案"),
        "paged": _("呼叫"),
        "delivered": _("已送达"),
        "delivery_failed": _("未送达"),
        "reminded": _("提醒"),
        "escalated": _("升级"),
        "acknowledged": _("已签收"),
        "handed_over": _("已转B岗"),
        "snoozed": _("选择“稍后”"),
        "nudged": _("已催办"),
        "supervised": _("已督办"),
        "correction": _("要求一次性补正"),
        "supplemented": _("已补正"),
        "result": _("反馈结果"),
        "returned": _("已退回"),
        "withdrawn": _("已撤回"),
        "refused": _("操作被拒绝"),
        "fallback_sent": _("已用备用渠道通知"),
        "undone": _("已撤销上一步"),
        "noted": _("补充说明"),
        "sent_on": _("已转送"),
    }
    return names.get(kind, kind)


def who_words(event: FilingEvent, translate: Translate) -> str:
    """Who did it."""
    _ = translate
    return _("系统") if event.who == "system" else Wording(translate).signed(event.who)


def detail_words(event: FilingEvent, translate: Translate) -> str:
    """The event's detail in the reader's language; empty for none."""
    return event_words.detail(event.kind, event.detail, translate, limit=DETAIL)
