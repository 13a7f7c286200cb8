"""The timeline of one filing for a reader with room: every event, every page, the hops before and after it.

What a chat message has room for is in `notifications.filing_path`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.models import Court
from directory.texts import Translate
from notifications import deliveries, event_words
from notifications.deliveries import Delivery
from notifications.desk import DeskRules
from notifications.messages import Signature
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
class Row:
    """One line of the timeline, in the reader's language."""

    at: datetime
    what: str
    #: Who did it, or who was called.
    who: str
    #: By which way somebody was called; empty for what is no page.
    way: str
    said: str
    #: `delivered`, `failed`, `waiting` or `dropped` for a page; empty otherwise.
    outcome: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A filing with its courts and everything that happened to it, oldest first."""

    filing: Filing
    jurisdiction: Court
    collaborating: Court
    #: The zone of the jurisdiction court, in which times are told.
    zone: tzinfo
    events: Sequence[FilingEvent]
    #: Who was called, as the outbox knows it: better than the events that tell of the same.
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


def rows(seen: Timeline, translate: Translate) -> list[Row]:
    """Everything that happened, oldest first; at one instant the arrival, then the pages, then the rest."""
    lines = [(event.at, 0 if event.kind == "received" else 2, _event(event, translate))
             for event in seen.events if not _told_by_pages(event)]  # fmt: skip
    lines += [(page.at, 1, _page(page, seen, translate)) for page in seen.pages]
    lines.sort(key=lambda line: line[:2])
    return [row for _at, _order, row in lines]


def _told_by_pages(event: FilingEvent) -> bool:
    """Whether the rows of pages say the same; that nobody is left to be called no page says."""
    return event.kind in _OF_PAGES and event.detail != "无人可呼叫"


_OF_PAGES = frozenset(
    {"paged", "reminded", "escalated", "delivered", "delivery_failed", "fallback_sent"}
)


def _page(page: Delivery, seen: Timeline, translate: Translate) -> Row:
    _ = translate
    words = Wording(_)
    headings = {"reminder": _("提醒"), "escalation": _("升级")}
    if page.officer is not None:
        who = words.person(Signature(page.officer, page.post))
    else:
        who = _("法院群") if page.channel == "telegram" else _("备用渠道")
    if page.court_code != seen.jurisdiction.code:
        who = f"{who}　{page.court_name}"
    why = event_words.instead_of(page.standing_in_for, page.why, _)
    said = deliveries.outcome_words(page, _)
    return Row(
        at=page.at,
        what=headings.get(page.heading, _("呼叫")),
        who=who,
        way=_("聊天") if page.channel == "telegram" else _("备用渠道"),
        said=_("{outcome}（因{why}）", outcome=said, why=why) if why else said,
        outcome=page.outcome,
    )


def _event(event: FilingEvent, translate: Translate) -> Row:
    _ = translate
    return Row(
        at=event.at,
        what=event_words.name(event.kind, _),
        who=Wording(_).signed(event.who),
        way="",
        said=event_words.detail(event.kind, event.detail, _, limit=DETAIL),
        outcome="",
    )
