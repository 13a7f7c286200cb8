"""The path of a filing: who was paged when and whether it arrived, and why these people. What 查看 answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court, Officer
from directory.texts import Translate
from notifications import card_facts, event_words, fallback
from notifications.desk import DeskRules
from notifications.messages import LONGEST, CardView, Signature, card_view, local_time
from notifications.models import Filing, FilingEvent, OutgoingMessage
from notifications.wording import Wording

#: So many characters of the latest lines leave room for what stands around them.
MOST_CHARACTERS = LONGEST - 800

#: The longest text (characters) of a callback answer.
SHORT = 200

#: The reason is told in a callback answer if it leaves room for two or three pages.
_SHORT_WHY = 130

#: So much of an event's free text is shown in its line.
_DETAIL = 60

#: Of so many other hops of a filing's papers something is told, and which of their events.
_MOST_HOPS = 8
_OF_A_HOP = frozenset(
    {"received", "acknowledged", "returned", "noted", "sent_on", "result", "withdrawn", "undone"}
)

#: Events that the outgoing messages tell better, or that are not part of the path.
_TOLD_BY_MESSAGES = frozenset(
    {"paged", "reminded", "escalated", "delivered", "delivery_failed", "fallback_sent"}
)
_WITH_DETAIL = frozenset(
    {"correction", "result", "returned", "withdrawn", "handed_over", "noted", "undone", "refused"}
    | {"sent_on"}
)


@dataclass(frozen=True, slots=True)
class Path:
    """A filing's path in words, oldest first; `pages` are the lines of those who were paged."""

    card: CardView
    lines: tuple[str, ...]
    pages: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class _Line:
    at: datetime
    text: str
    page: bool = False


async def load(
    session: AsyncSession, filing: Filing, desk: DeskRules, translate: Translate, *, now: datetime
) -> Path:
    """Read the path of `filing` and put it into words."""
    scene = await card_facts.load(session, filing, None, desk, now=now)
    card = card_view(
        scene.facts, scene.occasion, scene.on_duty, scene.reading, zone=scene.zone, now=now
    )
    words = Wording(translate)
    lines = [
        *await _events(session, filing, words, translate),
        *await _other_hops(session, filing, words, translate),
        *await _pages(session, filing, card, words, translate),
    ]
    lines.sort(key=lambda line: line.at)
    said = [(f"{_time(line.at, scene.zone, now, words)}　{line.text}", line.page) for line in lines]
    return Path(
        card=card,
        lines=_latest([text for text, _page in said]),
        pages=tuple(text for text, page in said if page),
        why=_why(card, words, translate),
    )


def _latest(lines: list[str]) -> tuple[str, ...]:
    """The last lines that fit a message together."""
    kept: list[str] = []
    room = MOST_CHARACTERS
    for line in reversed(lines):
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return tuple(reversed(kept))


def in_short(path: Path, translate: Translate) -> str:
    """The state and the latest pages, as many as fit a callback answer; plain text."""
    words = Wording(translate)
    head = f"{words.headline(path.card.headline)}　{path.card.reference}"
    if path.card.acknowledged:
        head += f"　{words.person(path.card.acknowledged.by)}"
    tail = [path.why] if len(head) + len(path.why) <= _SHORT_WHY else []
    shown: list[str] = []
    for line in reversed(path.pages):
        if len("\n".join([head, line, *shown, *tail])) > SHORT:
            break
        shown.insert(0, line)
    return "\n".join([head, *shown, *tail])[:SHORT]


def _time(at: datetime, zone: tzinfo, now: datetime, words: Wording) -> str:
    return words.when(local_time(at, zone, now))


async def _pages(
    session: AsyncSession, filing: Filing, card: CardView, words: Wording, translate: Translate
) -> list[_Line]:
    """One line for each page, reminder and escalation to the jurisdiction court's side."""
    rows = await session.execute(
        select(OutgoingMessage, Officer.name, Court.name)
        .join(Officer, Officer.id == OutgoingMessage.officer_id, isouter=True)
        .join(Court, Court.code == OutgoingMessage.court_code, isouter=True)
        .where(
            OutgoingMessage.filing_id == filing.id,
            OutgoingMessage.kind.in_(("card", fallback.KIND)),
        )
        .order_by(OutgoingMessage.id)
    )
    lines: list[_Line] = []
    for row, officer, court in rows:
        if row.kind == fallback.KIND:
            lines.append(_letter(row, officer, words, translate))
            continue
        if row.payload["view"] == "collaborating" or row.payload.get("asked_for"):
            continue
        if row.officer_id is not None:
            whom = words.person(Signature(officer, row.payload.get("post")))
        else:
            whom = words.person(Signature(court or card.jurisdiction_court, "group"))
        kind = _heading(row.payload["heading"], translate)
        why = event_words.instead_of(
            row.payload.get("standing_in_for"), row.payload.get("reason"), translate
        )
        text = "　".join(filter(None, (f"{kind} {whom}", why, _delivery(row, translate))))
        lines.append(_Line(row.sent_at or row.created_at, text, page=True))
    return lines


def _letter(
    row: OutgoingMessage, officer: str | None, words: Wording, translate: Translate
) -> _Line:
    """`备用渠道 邮件 李敏　已送达`."""
    _ = translate
    whom = " ".join(filter(None, (_("备用渠道"), words.way(row.payload["way"]), officer)))
    text = f"{whom}　{_delivery(row, translate)}"
    return _Line(row.sent_at or row.created_at, text, page=True)


def _heading(heading: str, translate: Translate) -> str:
    _ = translate
    names = {"reminder": _("提醒"), "escalation": _("升级")}
    return names.get(heading, _("呼叫"))


def _delivery(row: OutgoingMessage, translate: Translate) -> str:
    """Whether a message arrived in its chat."""
    _ = translate
    if row.sent_at is not None:
        return _("已送达")
    if row.outcome == "failed":
        reason = (row.outcome_detail or "").partition(":")[0]
        if reason:
            return _("未送达：{fault}", fault=event_words.undelivered(reason, translate))
    names = {"failed": _("未送达"), "dropped": _("已无需发送")}
    return names.get(row.outcome or "", _("等待发送"))


async def _events(
    session: AsyncSession, filing: Filing, words: Wording, translate: Translate
) -> Iterable[_Line]:
    events = await session.scalars(
        select(FilingEvent)
        .where(FilingEvent.filing_id == filing.id, FilingEvent.kind.not_in(_TOLD_BY_MESSAGES))
        .order_by(FilingEvent.at, FilingEvent.id)
    )
    return [_Line(event.at, _event(event, words, translate)) for event in events]


async def _other_hops(
    session: AsyncSession, filing: Filing, words: Wording, translate: Translate
) -> Iterable[_Line]:
    """What became of the same papers at the other courts they were sent to, in short."""
    hops: dict[int, Filing] = {filing.id: filing}
    ahead = [filing.previous_id, filing.next_id]
    while ahead and len(hops) <= _MOST_HOPS:
        if (key := ahead.pop()) is None or key in hops:
            continue
        hops[key] = await session.get_one(Filing, key)
        ahead += [hops[key].previous_id, hops[key].next_id]
    references = {key: hop.reference for key, hop in hops.items() if hop is not filing}
    if not references:
        return []
    events = await session.scalars(
        select(FilingEvent)
        .where(FilingEvent.filing_id.in_(references), FilingEvent.kind.in_(_OF_A_HOP))
        .order_by(FilingEvent.at, FilingEvent.id)
    )
    return [
        _Line(event.at, f"〔{references[event.filing_id]}〕{_event(event, words, translate)}")
        for event in events
    ]


def _event(event: FilingEvent, words: Wording, translate: Translate) -> str:
    _ = translate
    text = f"{event_words.name(event.kind, _)}　{words.signed(event.who)}"
    detail = ""
    if event.kind in _WITH_DETAIL:
        detail = event_words.detail(event.kind, event.detail, translate, limit=_DETAIL)
    return f"{text}　{detail}" if detail else text


def _why(card: CardView, words: Wording, translate: Translate) -> str:
    """Why this court and these people."""
    _ = translate
    courts = {"collaborating": card.collaborating_court, "jurisdiction": card.jurisdiction_court}
    text = _("{collaborating}提交时指定由{jurisdiction}管辖。", **courts)
    if not card.on_duty:
        return text
    people = words.duty(card.on_duty)
    return text + _("按通讯录，该院今日值班：{people}。", people=people)
